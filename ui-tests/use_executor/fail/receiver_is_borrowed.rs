use aiopyramid::prelude::*;

struct Counter;

impl Counter {
    #[use_executor]
    fn count(&self) -> usize {
        7
    }
}

fn main() {}
