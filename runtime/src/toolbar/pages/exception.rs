//! What is shown in place of an answer where an error came out.

use http::header::ACCEPT;

use super::{address, address_of, protect};
use crate::toolbar::Toolbar;
use crate::toolbar::exchange::{Exchange, Failure};
use crate::toolbar::panels::{traceback_content, traceback_text};
use crate::{Request, Response, StatusCode, escaped};

/// The error: as a page for a browser, as text for everybody else. Reads sources, and so may block.
pub(in crate::toolbar) fn page(
    toolbar: &Toolbar,
    request: &Request,
    exchange: &Exchange,
    failure: &Failure,
) -> Response {
    let record = address_of(toolbar, request, exchange);
    let is_browser = request.header(ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    let mut response = if is_browser {
        html(toolbar, request, &record, failure)
    } else {
        Response::text(text(request, &record, failure))
    };
    protect(&mut response);
    response.with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

fn text(request: &Request, record: &str, failure: &Failure) -> String {
    let (scheme, host) = (request.scheme(), request.host());
    format!(
        "500 Internal Server Error\n\n{}\n{} {}\nMore of it: {scheme}://{host}{record}\n",
        traceback_text(failure),
        request.method(),
        request.path(),
    )
}

fn html(toolbar: &Toolbar, request: &Request, record: &str, failure: &Failure) -> Response {
    let (record, text) = (escaped(record), escaped(&format!("{record}/traceback.txt")));
    Response::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>500 Internal Server Error</title>\n\
         <link rel=\"stylesheet\" href=\"{}\">\n</head>\n<body>\n<main class=\"whole\">\n\
         <h1><span class=\"status bad\">500</span> {} {}</h1>\n<section>\n{}</section>\n\
         <p><a href=\"{record}\">Everything that is known of this request</a>, <a href=\"{text}\">this as text</a></p>\n\
         </main>\n</body>\n</html>\n",
        escaped(&address(toolbar, request, "files/toolbar.css")),
        escaped(request.method().as_str()),
        escaped(request.path()),
        traceback_content(failure).html(),
    ))
}
