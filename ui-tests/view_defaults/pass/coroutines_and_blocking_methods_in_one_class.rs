#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

struct Notes {
    id: u64,
    names: State<Vec<String>>,
}

#[route("/notes/{id}")]
struct NotePath {
    id: u64,
}

#[view_defaults(route = NotePath, renderer = "json")]
impl Notes {
    /// It waits, and it can fail.
    async fn new(id: u64, names: State<Vec<String>>) -> Result<Self> {
        if id == 0 {
            return Err(HttpException::not_found().into());
        }
        Ok(Self { id, names })
    }

    #[view_config(request_method = "GET")]
    async fn show(&self) -> u64 {
        self.id
    }

    #[view_config(request_method = "PUT", renderer = "string")]
    #[view_config(request_method = "PATCH")]
    fn change(&self, request: &Request) -> Result<String> {
        Ok(request.route_path(&NotePath { id: self.id })?)
    }

    #[view_config(request_method = "DELETE")]
    fn delete(self) -> usize {
        self.names.len()
    }

    #[view_config(request_method = "POST")]
    async fn add(mut self, Json(id): Json<u64>) -> Result<u64> {
        self.id += id;
        Ok(self.helper())
    }

    #[view_config(route = "/notes")]
    async fn all() -> Response {
        Response::text("all")
    }

    fn helper(&self) -> u64 {
        self.id + Self::FIRST
    }

    const FIRST: u64 = 1;
}

fn main() {}
