use aiopyramid::prelude::*;

#[route("/users")]
async fn users() -> &'static str {
    "Ann"
}

fn main() {}
