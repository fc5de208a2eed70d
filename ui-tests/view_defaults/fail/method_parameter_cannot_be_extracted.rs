use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users")]
impl Users {
    #[view_config(request_method = "GET")]
    async fn list(&self, page: u32) -> &'static str {
        let _ = page;
        "Ann"
    }
}

fn main() {}
