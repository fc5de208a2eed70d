use aiopyramid::prelude::*;

#[exception_view_config(accept = "*/*", http_cache = "a b", decorator = 1, request_method = "get")]
async fn failed(error: &mut std::fmt::Error, count: u8) -> String {
    format!("{error} {count}")
}

fn main() {}
