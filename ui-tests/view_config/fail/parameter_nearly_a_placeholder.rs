use aiopyramid::prelude::*;

#[view_config(route = "/posts/{slug}")]
async fn post(slgu: String) -> String {
    let _ = slgu;
    String::new()
}

fn main() {}
