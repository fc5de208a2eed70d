#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

fn is_beta(request: &Request) -> bool {
    request.header("x-beta").is_some()
}

#[route(
    "/users/{id}/*rest",
    name = "user",
    order = -1,
    traverse = "/{id}/pages/*rest",
    use_global_views = true,
    request_method = ["GET", "POST"],
    request_param = "page",
    header = "X-Api-Version:2",
    accept = ("text/html", "application/json"),
    xhr = false,
    path_info = "/users/[0-9]",
    is_authenticated = true,
    effective_principals = "group:editors",
    predicate = is_beta,
)]
struct User {
    id: u64,
    rest: Vec<String>,
}

#[route("/old/{id}", not(request_method = "GET", accept = "text/html", predicate = [is_beta]), use_global_views = false)]
struct Old {
    id: u64,
}

#[view_config(route = User, name = "edit")]
#[view_config(route = Old)]
async fn user(id: u64) -> String {
    id.to_string()
}

fn main() {
    let _ = (User { id: 1, rest: Vec::new() }, Old { id: 1 });
}
