use aiopyramid::prelude::*;

struct Users {
    name: String,
}

#[view_defaults(route = "/users/{name}")]
impl Users {
    fn new(nmae: String) -> Self {
        Self { name: nmae }
    }

    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
