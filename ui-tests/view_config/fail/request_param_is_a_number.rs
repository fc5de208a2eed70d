use aiopyramid::prelude::*;

#[view_config(request_param = 1)]
async fn home() -> &'static str {
    "home"
}

fn main() {}
