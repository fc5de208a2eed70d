use aiopyramid::prelude::*;

#[view_config(route = "/users/{user-id}", renderer = "jsno", request_method = "get", permision = "edit", xhr)]
fn user(name: &str, page: &Query<u32>) -> String {
    format!("{name} {page:?}")
}

#[view_config(route = "/users", mapper = coroutine, header = "X Api", not(route = "/"), on_disconnect = wait)]
fn users() -> String {
    String::new()
}

fn main() {}
