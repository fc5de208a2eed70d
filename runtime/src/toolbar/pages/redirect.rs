//! What is shown in place of a redirect.

use http::header::{CONTENT_LENGTH, LOCATION};

use super::{address, address_of, protect};
use crate::toolbar::Toolbar;
use crate::toolbar::exchange::Exchange;
use crate::{Request, Response, StatusCode, escaped};

/// A page with the way on, where `response` leads to somewhere else. What it sets, cookies for instance, is set.
pub(in crate::toolbar) fn page(
    toolbar: &Toolbar,
    request: &Request,
    exchange: &Exchange,
    response: &mut Response,
) {
    let leads = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let Some(location) = location.filter(|_| leads).map(escaped) else { return };
    let status = response.status();
    let shown = Response::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{status}</title>\n\
         <link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n<main class=\"whole\">\n<h1>{status}</h1>\n\
         <p>The answer to {} {} leads to <a href=\"{location}\">{location}</a>.</p>\n\
         <p class=\"note\">The debug toolbar has stopped it: <code>debugtoolbar.intercept_redirects</code>. \
         <a href=\"{}\">What is known of this request</a></p>\n</main>\n</body>\n</html>\n",
        escaped(&address(toolbar, request, "files/toolbar.css")),
        escaped(request.method().as_str()),
        escaped(request.path()),
        escaped(&address_of(toolbar, request, exchange)),
    ));
    for name in [LOCATION, CONTENT_LENGTH] {
        response.headers_mut().remove(name);
    }
    for (name, value) in shown.headers() {
        response.headers_mut().insert(name, value.clone());
    }
    response.set_body(shown.body().as_bytes().unwrap_or_default().to_vec());
    response.set_status(StatusCode::OK);
    protect(response);
}
