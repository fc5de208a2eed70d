use aiopyramid::prelude::*;

struct Trouble;

#[derive(Default)]
struct Pages;

#[view_defaults(renderer = "string")]
impl Pages {
    #[exception_view_config]
    async fn failed(&self, _: &Trouble) -> &'static str {
        "failed"
    }

    #[notfound_view_config(append_slash = 1)]
    async fn missing(&self) -> &'static str {
        "missing"
    }
}

fn main() {}
