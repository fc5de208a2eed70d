use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users")]
impl Users {
    #[view_config(request_mehtod = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
