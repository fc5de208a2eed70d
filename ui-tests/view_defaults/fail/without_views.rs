use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users")]
impl Users {
    fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
