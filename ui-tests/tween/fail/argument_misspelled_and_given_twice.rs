use aiopyramid::prelude::*;

#[tween(undr = EXCVIEW, over = MAIN, over = MAIN)]
async fn stamped(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

fn main() {}
