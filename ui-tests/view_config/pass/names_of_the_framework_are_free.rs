#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::view_config;

// The expansion must not depend on what the user's own names mean.
#[allow(non_camel_case_types)]
struct String;

impl std::str::FromStr for String {
    type Err = std::fmt::Error;

    fn from_str(_: &str) -> std::result::Result<Self, Self::Err> {
        std::result::Result::Ok(Self)
    }
}

#[allow(dead_code)]
enum Option {
    Some,
    None,
}

mod core {}

mod std_free {}

#[view_config(route = "/{name}")]
async fn home(name: String) -> &'static str {
    let _ = (name, Option::Some, Option::None);
    "home"
}

fn main() {}
