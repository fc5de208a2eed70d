use aiopyramid::prelude::*;

#[exception_view_config]
async fn failed(error: &mut std::fmt::Error) -> String {
    error.to_string()
}

fn main() {}
