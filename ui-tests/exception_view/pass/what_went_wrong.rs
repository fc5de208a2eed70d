#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;
use aiopyramid::view::View;
use std::fmt;
use std::pin::Pin;

#[derive(Debug)]
struct NoSuchUser(String);

#[derive(Debug)]
struct Closed;

impl fmt::Display for NoSuchUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed")
    }
}

impl std::error::Error for NoSuchUser {}

impl std::error::Error for Closed {}

#[exception_view_config]
async fn held_over_an_await(error: &NoSuchUser, request: &Request) -> String {
    tokio::task::yield_now().await;
    format!("{error} {}", request.method())
}

#[exception_view_config(route = "/users/{id}", renderer = "json")]
fn plainly(id: u64, error: &NoSuchUser) -> (u64, String) {
    (id, error.to_string())
}

#[exception_view_config(route = "/files/{id}")]
fn with_segments(id: u64, error: &NoSuchUser, request: Request) -> Result<String> {
    Ok(format!("{id} {error} {}", request.method()))
}

#[exception_view_config(context = NoSuchUser)]
#[exception_view_config(context = Closed, request_method = "POST", http_cache = 0)]
async fn unseen(request: Request) -> String {
    request.exception().map(|error| error.to_string()).unwrap_or_default()
}

#[exception_view_config(context = NoSuchUser)]
#[exception_view_config(context = Closed)]
#[exception_view_config]
fn any(error: &Error) -> String {
    error.to_string()
}

#[exception_view_config(context = Closed, mapper = inline, on_disconnect = finish)]
fn said_twice(error: &Closed) -> String {
    error.to_string()
}

type Answer = Pin<Box<dyn Future<Output = String> + Send>>;

#[exception_view_config]
#[exception_view_config(context = Closed, renderer = "string")]
fn future(_: &Error) -> impl Future<Output = String> + use<> {
    async { String::new() }
}

#[exception_view_config]
fn by_type(_: &Closed, request: &Request) -> Answer {
    let method = request.method().to_string();
    Box::pin(async { method })
}

fn stamped(view: View) -> View {
    view
}

#[notfound_view_config]
#[notfound_view_config(append_slash = true, decorator = stamped)]
#[notfound_view_config(append_slash = false, not(xhr = true))]
async fn not_found() -> (aiopyramid::StatusCode, &'static str) {
    (aiopyramid::StatusCode::NOT_FOUND, "nothing here")
}

#[notfound_view_config(route = "/shop/*rest")]
fn not_in_the_shop(error: &HttpException, rest: Vec<String>) -> String {
    format!("{rest:?} {}", error.detail())
}

#[forbidden_view_config]
#[notfound_view_config(accept = "application/json")]
async fn refused(error: &Error) -> String {
    error.to_string()
}

#[derive(Default)]
struct Failures {
    count: u32,
}

#[view_defaults(renderer = "string", name = "unused", permission = "view")]
impl Failures {
    #[exception_view_config]
    async fn user(&self, error: &NoSuchUser) -> String {
        format!("{error} {}", self.count)
    }

    #[forbidden_view_config(route = "/secret")]
    fn secret(self) -> u32 {
        self.count
    }

    #[notfound_view_config]
    fn nothing(self, error: &HttpException) -> String {
        error.detail().to_owned()
    }

    #[view_config]
    async fn requests(&self) -> u32 {
        self.count
    }
}

fn main() {}
