use aiopyramid::prelude::*;

#[view_config(route = "/stock", renderer = ("json", "string", "json"))]
async fn stock() -> String {
    String::new()
}

fn main() {}
