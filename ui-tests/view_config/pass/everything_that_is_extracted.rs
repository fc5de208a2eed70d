#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

use aiopyramid::Body;
use bytes::Bytes;
use std::collections::HashMap;

struct Agent(String);

impl FromRequest for Agent {
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(Self(request.header("user-agent").unwrap_or("").to_owned()))
    }
}

#[route("/all/{id}/*rest")]
struct All {
    id: u64,
    rest: Vec<String>,
}

#[view_config(route = All)]
async fn all(
    id: u64,
    request: &Request,
    rest: Vec<String>,
    agent: Agent,
    query: Query<HashMap<String, String>>,
    numbers: State<Vec<u32>>,
    names: Matchdict,
    maybe: Option<Json<u32>>,
    perhaps: Result<Multipart>,
) -> String {
    let _ = (request, rest, query, numbers, names, maybe, perhaps);
    format!("{id} {}", agent.0)
}

#[view_config(route = All)]
fn body(text: String, id: u64) -> String {
    format!("{text} {id}")
}

#[view_config(route = "/bytes")]
fn bytes(bytes: Bytes, owned: Request) -> Bytes {
    drop(owned);
    bytes
}

#[view_config(route = "/stream")]
async fn stream(body: Body) -> Body {
    body
}

fn main() {}
