use aiopyramid::prelude::*;

struct User;

#[view_config(route = User)]
async fn user(id: u64, name: String) -> String {
    format!("{id} {name}")
}

fn main() {}
