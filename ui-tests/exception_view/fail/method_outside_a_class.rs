use aiopyramid::prelude::*;

struct Pages;

impl Pages {
    #[notfound_view_config]
    async fn missing(&self) -> &'static str {
        "missing"
    }
}

fn main() {}
