use aiopyramid::prelude::*;

struct Trouble;

#[exception_view_config(context = Trouble)]
async fn failed() -> &'static str {
    "failed"
}

fn main() {}
