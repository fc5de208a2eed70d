//! `views`: which views a request would choose among, as Pyramid's `pviews` prints it.

use std::future::poll_fn;
use std::pin::pin;

use crate::app::executor;
use crate::app::router::App;
use crate::error::{Error, Result};
use crate::protocol::body::Body;

/// What the request would find, and whether a view would answer it.
///
/// # Errors
/// Where it is no request, and where the way to the views fails.
pub(super) fn inspected(app: &App, method: &str, target: &str) -> Result<(String, bool)> {
    let request = http::Request::builder()
        .method(method)
        .uri(target)
        .header(http::header::HOST, "localhost")
        .body(Body::empty())
        .map_err(|error| Error::msg(format!("`{method} {target}` is no request: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let executor = app.application().executor().clone();
    let inspection = runtime.block_on(async {
        let mut looking = pin!(app.inspect(request));
        poll_fn(|context| executor::enter(&executor, || looking.as_mut().poll(context))).await
    })?;
    Ok((inspection.to_string(), inspection.is_found()))
}
