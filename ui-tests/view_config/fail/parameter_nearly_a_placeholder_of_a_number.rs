use aiopyramid::prelude::*;

#[view_config(route = "/posts/{id}")]
async fn post(idd: u64) -> String {
    let _ = idd;
    String::new()
}

fn main() {}
