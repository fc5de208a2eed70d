#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

#[derive(Default)]
struct Home;

#[view_defaults(route = "/")]
impl Home {
    #[view_config()]
    async fn home(&self) -> &'static str {
        "home"
    }

    #[view_config(route = "/plain", mapper = inline)]
    fn plain(self) -> &'static str {
        "plain"
    }
}

fn main() {}
