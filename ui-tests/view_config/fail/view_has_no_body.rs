use aiopyramid::prelude::*;

trait Views {
    #[view_config(route = "/users")]
    fn list() -> &'static str;
}

fn main() {}
