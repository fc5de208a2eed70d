use aiopyramid::prelude::*;

#[view_config(decorator = [stamped, timed])]
async fn home() -> &'static str {
    "home"
}

fn stamped(view: aiopyramid::view::View) -> aiopyramid::view::View {
    view
}

fn main() {}
