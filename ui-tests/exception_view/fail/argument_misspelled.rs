use aiopyramid::prelude::*;

#[notfound_view_config(append_slahs = true)]
async fn missing() -> &'static str {
    "missing"
}

fn main() {}
