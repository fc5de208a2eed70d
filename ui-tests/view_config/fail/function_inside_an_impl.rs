use aiopyramid::prelude::*;

struct Pages;

impl Pages {
    #[view_config(route = "/")]
    async fn home() -> &'static str {
        "home"
    }
}

fn main() {
    let _ = Pages::home();
}
