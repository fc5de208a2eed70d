use aiopyramid::prelude::*;

#[tween]
async fn stamped(request: Request, next: String) -> Result<Response> {
    unimplemented!()
}

fn main() {}
