use aiopyramid::prelude::*;

#[forbidden_view_config(name = "refused", permission = "view")]
async fn refused() -> &'static str {
    "refused"
}

fn main() {}
