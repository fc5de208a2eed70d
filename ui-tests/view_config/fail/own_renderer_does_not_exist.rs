use aiopyramid::prelude::*;

#[view_config(route = "/stock", renderer = CSV)]
async fn stock() -> Vec<String> {
    Vec::new()
}

fn main() {}
