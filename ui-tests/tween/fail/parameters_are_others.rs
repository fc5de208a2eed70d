use aiopyramid::prelude::*;

struct Db;

#[tween]
async fn borrowed(request: &Request, next: Next) -> Result<Response> {
    next.run(request.clone()).await
}

#[tween]
async fn turned_round(next: Next, request: Request) -> Result<Response> {
    next.run(request).await
}

#[tween]
async fn too_few(request: Request) -> Result<Response> {
    unimplemented!()
}

#[tween]
async fn too_many(request: Request, next: Next, db: State<Db>) -> Result<Response> {
    next.run(request).await
}

fn main() {}
