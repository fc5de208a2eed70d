use aiopyramid::prelude::*;

#[exception_view_config(context = "Trouble")]
async fn failed() -> &'static str {
    "failed"
}

fn main() {}
