use aiopyramid::prelude::*;

use std::rc::Rc;

#[derive(Default)]
struct Users {
    _names: Rc<str>,
}

#[view_defaults(route = "/users")]
impl Users {
    #[view_config(request_method = "GET")]
    fn list(&self) -> &'static str {
        "Ann"
    }

    #[view_config(request_method = "POST")]
    async fn add(self) -> &'static str {
        tokio::task::yield_now().await;
        "Ben"
    }
}

fn main() {}
