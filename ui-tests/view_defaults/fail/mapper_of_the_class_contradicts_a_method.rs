use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users", mapper = executor)]
impl Users {
    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }

    #[view_config(request_method = "PUT")]
    fn put(&self) -> &'static str {
        "put"
    }
}

fn main() {}
