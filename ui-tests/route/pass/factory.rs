#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;
use aiopyramid::traversal::Resource;
use std::sync::Arc;

struct Root;

impl Resource for Root {}

fn root(_: Request) -> Root {
    Root
}

mod roots {
    use super::*;

    pub(crate) async fn later(request: Request) -> Result<Arc<Root>> {
        drop(request);
        Ok(Arc::new(Root))
    }
}

#[route("/a/*traverse", factory = root)]
struct A {
    traverse: Vec<String>,
}

#[route("/b", factory = roots::later)]
struct B;

fn main() {
    let _ = (A { traverse: Vec::new() }, B);
}
