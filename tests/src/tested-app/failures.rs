//! Views that fail.

use std::fmt;

use aiopyramid::prelude::*;

#[view_config(route = "/panic/coroutine")]
async fn panicking_coroutine() -> &'static str {
    tokio::task::yield_now().await;
    panic!("a coroutine fell over")
}

#[view_config(route = "/panic/plain")]
fn panicking_function() -> &'static str {
    panic!("a plain function fell over")
}

#[view_config(route = "/panic/inline", mapper = inline)]
fn panicking_inline() -> &'static str {
    panic!("an inline function fell over")
}

#[view_config(route = "/panic/finish", on_disconnect = finish)]
async fn panicking_task() -> &'static str {
    panic!("a task fell over")
}

/// An error with a cause, and with something that no client should read.
#[derive(Debug)]
struct NoConnection(std::io::Error);

impl fmt::Display for NoConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot reach the database as user `secret`")
    }
}

impl std::error::Error for NoConnection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn connect() -> Result<String, NoConnection> {
    Err(NoConnection(std::io::Error::other("the cable is cut")))
}

#[view_config(route = "/error/coroutine")]
async fn failing_coroutine() -> Result<String> {
    Ok(connect()?)
}

#[view_config(route = "/error/plain")]
fn failing_function() -> Result<String> {
    Ok(connect()?)
}

/// An answer that is raised from inside.
#[view_config(route = "/raised/{status}")]
fn raised(status: u16) -> Result<()> {
    let status = aiopyramid::StatusCode::from_u16(status)?;
    Err(HttpException::new(status).with_detail("for <this> reason").into())
}
