use aiopyramid::prelude::*;

#[derive(Default)]
struct Users;

#[view_defaults(route = "/users/{id", rendrer = "json")]
impl Users {
    #[view_config(request_method = "get")]
    async fn list(&mut self) -> &'static str {
        "Ann"
    }

    #[view_config(mapper = coroutine)]
    fn put(&self, name: &str) -> String {
        name.to_owned()
    }
}

fn main() {}
