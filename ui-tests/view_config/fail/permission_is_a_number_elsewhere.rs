use aiopyramid::prelude::*;

#[view_config(permission = EDIT)]
async fn home() -> &'static str {
    "home"
}

const EDIT: u8 = 1;

fn main() {}
