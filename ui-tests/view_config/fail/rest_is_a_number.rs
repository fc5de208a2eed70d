use aiopyramid::prelude::*;

#[view_config(route = "/files/*path")]
async fn post(path: u64) -> String {
    let _ = path;
    String::new()
}

fn main() {}
