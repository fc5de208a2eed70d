use aiopyramid::prelude::*;

#[tween]
async fn generic<T>(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

#[tween]
async unsafe fn hazardous(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

fn main() {}
