//! `views`: which views a request would choose among, as Pyramid's `pviews` prints it.

use std::future::poll_fn;
use std::pin::pin;
use std::process::ExitCode;

use serde_json::json;

use super::arguments::Arguments;
use super::request;
use crate::app::executor;
use crate::app::router::{App, Inspection};
use crate::error::{Error, Result};
use crate::protocol::body::Body;

/// Prints what the request would find.
///
/// # Errors
/// Where it is no request, where the way to the views fails, and where no view would answer.
pub(super) fn printed(arguments: &Arguments, app: &App) -> Result<ExitCode> {
    let request = request::plain(arguments).map_err(Error::msg)?;
    let inspection = inspected(app, request.map(|()| Body::empty()))?;
    super::print(arguments, || inspection.to_string(), || json!(inspection))?;
    if inspection.is_found() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Error::msg(format!("no view answers {}", arguments.target)))
}

fn inspected(app: &App, request: http::Request<Body>) -> Result<Inspection> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let executor = app.application().executor().clone();
    runtime.block_on(async {
        let mut looking = pin!(app.inspect(request));
        poll_fn(|context| executor::enter(&executor, || looking.as_mut().poll(context))).await
    })
}
