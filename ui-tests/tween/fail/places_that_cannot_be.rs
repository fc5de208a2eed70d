use aiopyramid::prelude::*;

#[tween(under = MAIN, over = (INGRESS, EXCVEIW))]
async fn nowhere(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

#[tween(under = itself, over = ())]
async fn itself(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

#[tween(under = "EXCVIEW", over = 7)]
async fn quoted(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

#[tween(under)]
async fn without_a_value(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

fn main() {}
