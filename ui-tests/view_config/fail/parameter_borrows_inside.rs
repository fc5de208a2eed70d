use aiopyramid::prelude::*;

use std::borrow::Cow;

#[view_config(route = "/posts/{slug}")]
async fn post(path: Cow<'_, str>) -> String {
    let _ = path;
    String::new()
}

fn main() {}
