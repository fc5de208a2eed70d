use aiopyramid::prelude::*;

struct Users;

#[view_defaults(route = "/users")]
impl Default for Users {
    fn default() -> Self {
        Self
    }
}

fn main() {}
