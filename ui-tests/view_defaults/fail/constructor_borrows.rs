use aiopyramid::prelude::*;

struct Users {
    name: String,
}

#[view_defaults(route = "/users/{name}")]
impl Users {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned() }
    }

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
