use aiopyramid::prelude::*;

#[view_config(route = "/posts/{slug}")]
async fn post(request: &mut Request) -> String {
    let _ = request;
    String::new()
}

fn main() {}
