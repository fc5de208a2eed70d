use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = inline("reports"))]
fn home() -> &'static str {
    "home"
}

fn main() {}
