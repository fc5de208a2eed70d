use aiopyramid::prelude::*;

#[exception_view_config]
async fn failed() -> &'static str {
    "failed"
}

fn main() {}
