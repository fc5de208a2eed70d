//! What the log says of a view that failed.

use http::StatusCode;

use crate::app::application::{Failed, RequestExt};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::error::Error;

/// Logs an error once, with the view and what caused it. An [`HttpException`] is an answer and no failure, unless it is one of
/// the server's own (5xx), which is worth a line but no alarm; 503 comes in floods, and whoever answers with it says why.
pub(super) fn failure(request: &Request, error: &Error) {
    let failed = request.extension::<Failed>();
    let view = failed.as_ref().map_or("", |failed| &failed.name);
    let at = failed.as_ref().map_or("", |failed| &failed.at);
    let route = request.matched_route().map_or("", |route| route.name.as_str());
    let (method, path) = (request.method(), request.path());
    match error.downcast_ref::<HttpException>() {
        Some(exception)
            if exception.status().is_server_error()
                && exception.status() != StatusCode::SERVICE_UNAVAILABLE =>
        {
            tracing::warn!(view, route, %method, path, "{exception}");
        }
        Some(exception) => tracing::debug!(view, route, %method, path, "{exception}"),
        None => {
            tracing::error!(view, at, route, %method, path, "{error:?}");
        }
    }
}
