use aiopyramid::prelude::*;

use std::rc::Rc;

struct Basket(Rc<str>);

impl FromRequest for Basket {
    async fn from_request(_request: &Request) -> Result<Self> {
        Ok(Self("apples".into()))
    }
}

#[view_config(route = "/")]
fn home(_basket: Basket) -> String {
    String::new()
}

fn main() {}
