use aiopyramid::prelude::*;

#[view_config(route = "/posts/{slug}")]
async fn post(name: impl ToString) -> String {
    let _ = name;
    String::new()
}

fn main() {}
