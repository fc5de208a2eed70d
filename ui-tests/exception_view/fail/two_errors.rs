use aiopyramid::prelude::*;

#[exception_view_config]
async fn failed(error: &Error, other: &std::fmt::Error) -> String {
    format!("{error} {other}")
}

fn main() {}
