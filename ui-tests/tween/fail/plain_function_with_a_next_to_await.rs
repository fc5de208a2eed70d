use aiopyramid::prelude::*;

#[tween]
fn stamped(request: Request, next: Next) -> Result<Response> {
    unimplemented!()
}

fn main() {}
