use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(renderer = "json")]
impl Users {
    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
