use aiopyramid::prelude::*;

trait Titled {}

#[view_config(route = "/books/*traverse")]
async fn book(_book: Context<dyn Titled>) -> String {
    String::new()
}

fn main() {}
