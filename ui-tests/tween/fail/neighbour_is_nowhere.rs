use aiopyramid::prelude::*;

#[tween(under = missing::tween)]
async fn stamped(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

fn main() {}
