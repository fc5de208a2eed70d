use aiopyramid::prelude::*;

#[view_config(route = "/")]
async fn home<T: Default + ToString>() -> String {
    T::default().to_string()
}

fn main() {}
