#![allow(dead_code)]

struct Resource;
struct Getitem;
struct Interface;
struct Arc;
struct Box;
struct Option;

#[aiopyramid::resource]
struct Leaf;

#[aiopyramid::resource]
impl Resource {
    async fn getitem(&self, name: &str) -> std::option::Option<Leaf> {
        (name == "leaf").then_some(Leaf)
    }
}

fn main() {}
