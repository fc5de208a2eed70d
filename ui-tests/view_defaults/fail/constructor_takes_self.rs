use aiopyramid::prelude::*;

struct Users;

#[view_defaults(route = "/users")]
impl Users {
    fn new(self) -> Self {
        self
    }

    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
