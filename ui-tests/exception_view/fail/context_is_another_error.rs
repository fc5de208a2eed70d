use aiopyramid::prelude::*;

#[exception_view_config(context = std::fmt::Error)]
async fn failed(error: &std::io::Error) -> String {
    error.to_string()
}

fn main() {}
