use aiopyramid::prelude::*;

struct Page;

#[view_config(route = "/posts")]
async fn post(page: Query<Page>) -> String {
    let _ = page;
    String::new()
}

fn main() {}
