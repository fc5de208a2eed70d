#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use std::fmt;
use std::str::FromStr;

struct Slug(String);

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = fmt::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Err(fmt::Error) } else { Ok(Self(text.to_owned())) }
    }
}

#[route(r"/posts/{year:\d{4}}/{slug}/{draft}", name = "post", order = -1)]
struct Post {
    year: u16,
    slug: Slug,
    draft: bool,
}

#[route("/")]
struct Home;

#[route("/about")]
struct About {}

#[route("/files/*path", order = 2)]
struct File {
    path: Vec<String>,
}

#[route("/raw/*path")]
pub(crate) struct Raw {
    pub(crate) path: String,
}

#[view_config(route = Post)]
async fn post(draft: bool, slug: Slug, request: &Request, year: u16) -> Result<String> {
    let urls = [
        request.route_path(&Home)?,
        request.route_path(&About {})?,
        request.route_path(&File { path: vec![slug.to_string()] })?,
        request.route_path(&Raw { path: year.to_string() })?,
    ];
    Ok(format!("{urls:?} {}", request.route_url(&Post { year, slug, draft })?))
}

fn main() {}
