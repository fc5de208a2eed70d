#![forbid(unsafe_code)]
#![deny(warnings)]

use aiopyramid::prelude::*;

/// Documented, private, and called by nobody but the framework.
#[view_config(route = "/a")]
#[allow(clippy::unused_async)]
async fn private() -> &'static str {
    "private"
}

#[view_config(route = "/b")]
pub(crate) fn plain(names: State<Vec<String>>) -> String {
    names.join(", ")
}

mod inner {
    use super::{Json, view_config};

    #[view_config(route = "/c")]
    pub(super) async fn double(Json(number): Json<u32>) -> Json<u32> {
        Json(number * 2)
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    assert_eq!(runtime.block_on(private()), "private");
    assert_eq!(runtime.block_on(inner::double(Json(2))), Json(4));
    assert_eq!(plain(State::from(vec!["Ann".to_owned()])), "Ann");
}
