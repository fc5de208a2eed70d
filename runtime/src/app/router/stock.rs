//! The answer to an error that nobody else answers.

use http::header::ACCEPT;

use super::{debug_page, report};
use crate::app::application::RequestExt;
use crate::app::http_exception::answer_to;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Error;

/// The stock page; in development that of an error which tells what happened. What went wrong is logged here, once.
#[cold]
pub(super) fn page(request: &Request, error: &Error) -> Response {
    report::failure(request, error);
    if request.application().development {
        debug_page::render(request, error)
    } else {
        answer_to(error).render(request.headers().get(ACCEPT))
    }
}
