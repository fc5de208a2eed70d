use aiopyramid::prelude::*;

#[tween(executor)]
fn first(request: Request, next: BlockingNext) -> Result<Response> {
    next.run(request)
}

#[tween(executor = "slow")]
fn second(request: Request, next: BlockingNext) -> Result<Response> {
    next.run(request)
}

fn main() {}
