use aiopyramid::prelude::*;

struct Trouble;

struct Users;

#[view_defaults(route = "/users")]
impl Users {
    fn new() -> Result<Self, Trouble> {
        Err(Trouble)
    }

    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
