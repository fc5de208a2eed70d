use aiopyramid::prelude::*;

#[exception_view_config(status = 500)]
async fn failed(error: &Error) -> String {
    error.to_string()
}

fn main() {}
