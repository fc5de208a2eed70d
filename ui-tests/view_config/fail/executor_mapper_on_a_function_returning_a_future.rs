use aiopyramid::prelude::*;

#[view_config(route = "/", mapper = executor)]
fn home() -> impl Future<Output = &'static str> {
    async { "home" }
}

fn main() {}
