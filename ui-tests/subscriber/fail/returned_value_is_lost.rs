use aiopyramid::event::NewRequest;
use aiopyramid::prelude::*;

#[subscriber]
async fn count(_: &NewRequest) -> u64 {
    7
}

#[subscriber]
fn count_in_the_pool(_: &NewRequest) -> u64 {
    7
}

fn main() {}
