use aiopyramid::prelude::*;

struct Users;

impl Users {
    #[view_config(route = "/users")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
