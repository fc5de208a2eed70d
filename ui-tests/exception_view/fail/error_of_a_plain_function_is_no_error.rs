use aiopyramid::prelude::*;

struct Trouble;

#[exception_view_config]
fn failed(_: &Trouble) -> &'static str {
    "failed"
}

fn main() {}
