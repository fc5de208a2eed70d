use aiopyramid::prelude::*;

use std::rc::Rc;

#[view_config(route = "/")]
async fn home() -> String {
    let name = Rc::new(String::from("home"));
    tokio::task::yield_now().await;
    name.to_string()
}

fn main() {}
