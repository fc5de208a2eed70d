use aiopyramid::prelude::*;

#[route("/users/{id}")]
struct User<T> {
    id: T,
}

fn main() {}
