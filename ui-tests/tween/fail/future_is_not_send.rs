use aiopyramid::prelude::*;

use std::rc::Rc;

#[tween]
async fn stamped(request: Request, next: Next) -> Result<Response> {
    let kept = Rc::new(1);
    let response = next.run(request).await;
    drop(kept);
    response
}

fn main() {}
