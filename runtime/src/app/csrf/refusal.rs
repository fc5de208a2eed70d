//! What a request was refused for.

use std::fmt;

/// A request brought no token, or another than its session has. The cause of the 400 that the request ends in: an exception view
/// for this type answers it. Pyramid's `BadCSRFToken`.
///
/// ```
/// use aiopyramid::StatusCode;
/// use aiopyramid::csrf::BadCsrfToken;
/// use aiopyramid::prelude::*;
///
/// #[exception_view_config]
/// async fn expired(_error: &BadCsrfToken) -> Response {
///     Response::text("This form is too old. Please load the page again.").with_status(StatusCode::BAD_REQUEST)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadCsrfToken;

impl fmt::Display for BadCsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the CSRF token is missing or wrong")
    }
}

impl std::error::Error for BadCsrfToken {}

/// A request came over https from a page of another site, or from one that it does not name. The cause of the 400 that the
/// request ends in, as [`BadCsrfToken`] is. Pyramid's `BadCSRFOrigin`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCsrfOrigin {
    pub(super) reason: String,
}

impl BadCsrfOrigin {
    /// Why, for the log.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for BadCsrfOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the origin of the request was not checked to be this site: {}", self.reason)
    }
}

impl std::error::Error for BadCsrfOrigin {}
