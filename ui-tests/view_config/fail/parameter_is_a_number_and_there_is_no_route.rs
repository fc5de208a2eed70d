use aiopyramid::prelude::*;

#[view_config(name = "user")]
async fn user(id: u64, r#type: char, text: String) -> String {
    format!("{id} {} {text}", r#type)
}

fn main() {}
