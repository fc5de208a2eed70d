use aiopyramid::prelude::*;

#[forbidden_view_config(append_slash = true)]
async fn refused() -> &'static str {
    "refused"
}

fn main() {}
