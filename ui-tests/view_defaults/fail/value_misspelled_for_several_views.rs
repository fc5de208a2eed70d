use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users", renderer = "jsno")]
impl Users {
    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }

    #[view_config(request_method = "PUT")]
    async fn put(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
