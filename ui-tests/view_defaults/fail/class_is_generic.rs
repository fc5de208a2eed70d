use aiopyramid::prelude::*;

struct Users<T>(T);

#[view_defaults(route = "/users")]
impl<T> Users<T> {
    #[view_config(request_method = "GET")]
    async fn list(&self) -> &'static str {
        "Ann"
    }
}

fn main() {}
