use aiopyramid::prelude::*;

#[route("/users/{id}", request_method = "get", accept = ("text/html", "text/*"))]
struct User {
    id: u64,
}

fn main() {}
