use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users")]
impl Users {
    #[view_config(request_method = "GET")]
    async fn list(&mut self) -> &'static str {
        "Ann"
    }
}

fn main() {}
