use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = executor(reports))]
fn home() -> &'static str {
    "home"
}

fn main() {}
