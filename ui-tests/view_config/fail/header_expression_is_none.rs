use aiopyramid::prelude::*;

#[view_config(route = "/", header = "X-Api-Version:(2")]
async fn home() -> &'static str {
    "home"
}

fn main() {}
