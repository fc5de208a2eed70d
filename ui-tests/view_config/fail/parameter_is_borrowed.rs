use aiopyramid::prelude::*;

#[view_config(route = "/posts/{slug}")]
async fn post(page: &Query<u32>) -> String {
    let _ = page;
    String::new()
}

fn main() {}
