#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

struct Guarded;

#[view_defaults(route = "/guarded/{key}")]
impl Guarded {
    fn new(key: String) -> Result<Self, HttpException> {
        if key == "open" { Ok(Self) } else { Err(HttpException::forbidden()) }
    }

    #[view_config]
    async fn show(&self) -> &'static str {
        "open"
    }
}

fn main() {}
