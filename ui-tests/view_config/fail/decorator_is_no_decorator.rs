use aiopyramid::prelude::*;

#[view_config(decorator = stamped)]
async fn home() -> &'static str {
    "home"
}

fn stamped(request: Request) -> Request {
    request
}

fn main() {}
