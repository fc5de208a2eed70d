use aiopyramid::prelude::*;

#[view_config(request_param = ("page", " "))]
async fn home() -> &'static str {
    "home"
}

fn main() {}
