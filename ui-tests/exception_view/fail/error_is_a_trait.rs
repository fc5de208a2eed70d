use aiopyramid::prelude::*;

#[exception_view_config]
async fn failed(error: &dyn std::error::Error) -> String {
    error.to_string()
}

fn main() {}
