use aiopyramid::prelude::*;

#[tween]
async fn counted(request: Request, next: Next) -> u64 {
    7
}

#[tween]
fn counted_in_the_pool(request: Request, next: BlockingNext) -> u64 {
    7
}

fn main() {}
