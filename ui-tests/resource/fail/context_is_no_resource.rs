use aiopyramid::prelude::*;

struct Book;

#[view_config(route = "/books/*traverse")]
async fn book(_book: Context<Book>) -> String {
    String::new()
}

fn main() {}
