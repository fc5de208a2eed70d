use aiopyramid::prelude::*;

struct Stamped;

impl Stamped {
    #[tween]
    async fn stamp(&self, request: Request, next: Next) -> Result<Response> {
        next.run(request).await
    }
}

fn main() {}
