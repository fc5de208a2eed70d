use aiopyramid::prelude::*;

#[tween(executor("slow"))]
async fn stamped(request: Request, next: BlockingNext) -> Result<Response> {
    next.run(request)
}

fn main() {}
