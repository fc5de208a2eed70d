use aiopyramid::prelude::*;

#[notfound_view_config]
async fn missing(error: &std::fmt::Error) -> String {
    error.to_string()
}

fn main() {}
