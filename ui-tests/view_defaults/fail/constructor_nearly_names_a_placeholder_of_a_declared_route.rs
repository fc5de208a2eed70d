use aiopyramid::prelude::*;

#[route("/users/{name}")]
struct User {
    name: String,
}

struct Users {
    name: String,
}

#[view_defaults(route = User)]
impl Users {
    fn new(nmae: String) -> Self {
        Self { name: nmae }
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
