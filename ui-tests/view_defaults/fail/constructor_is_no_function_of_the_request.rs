use aiopyramid::prelude::*;

struct Users {
    limit: u32,
}

#[view_defaults(route = "/users")]
impl Users {
    fn new(limit: u32) -> Self {
        Self { limit }
    }

    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
