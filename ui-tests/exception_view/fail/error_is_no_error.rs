use aiopyramid::prelude::*;

struct Trouble;

#[exception_view_config]
async fn failed(_: &Trouble) -> &'static str {
    "failed"
}

fn main() {}
