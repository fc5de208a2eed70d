use aiopyramid::prelude::*;

#[forbidden_view_config]
fn refused(error: &std::fmt::Error) -> String {
    error.to_string()
}

fn main() {}
