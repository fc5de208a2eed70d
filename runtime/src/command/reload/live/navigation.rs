//! Who asks: a browser for a page, for a part of one, or somebody else.

use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use http::{HeaderMap, Method, Request, Response};

use crate::protocol::body::Body;

/// What a browser is going to do with the answer, see <https://www.w3.org/TR/fetch-metadata/>. Not sent to addresses that are
/// neither local nor encrypted.
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Whether the answer is going to be a page of its own, or one in a frame.
pub(super) fn is_of_page<B>(request: &Request<B>) -> bool {
    if *request.method() != Method::GET {
        return false;
    }
    match destination(request.headers()) {
        Some(destination) => is_document_name(destination),
        None => request.headers().get_all(ACCEPT).iter().any(|value| {
            let value = value.to_str().unwrap_or_default();
            value.split(',').any(|kind| kind.trim_start().starts_with("text/html"))
        }),
    }
}

/// Whether it certainly is, and no piece of HTML that a script has asked for.
pub(super) fn is_document<B>(request: &Request<B>) -> bool {
    destination(request.headers()).is_some_and(is_document_name)
}

/// Whether the answer is a style sheet, a picture or the like.
pub(super) fn is_part_of_page<B>(request: &Request<B>) -> bool {
    let parts = ["style", "script", "image", "font", "audio", "video", "manifest"];
    destination(request.headers()).is_some_and(|destination| parts.contains(&destination))
}

/// Has the application answer with the whole page as it is, so that a script can be put into it.
pub(super) fn ask_whole<B>(request: &mut Request<B>) {
    for name in [ACCEPT_ENCODING, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_RANGE, RANGE] {
        request.headers_mut().remove(name);
    }
}

/// Has the browser ask whether what it keeps is still the newest, which a page that refreshes itself wants to know. Of what
/// says nothing, a browser guesses how long it is good (RFC 9111 section 4.2.2).
pub(super) fn ask_again(response: &mut Response<Body>) {
    let known =
        response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !known.contains("no-store") {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
}

fn destination(headers: &HeaderMap) -> Option<&str> {
    headers.get(DESTINATION)?.to_str().ok()
}

fn is_document_name(destination: &str) -> bool {
    ["document", "iframe", "frame"].contains(&destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, fields: &[(&str, &str)]) -> Request<()> {
        let request = Request::builder().method(method);
        fields.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap()
    }

    #[test]
    fn only_a_browser_that_shows_a_page_asks_for_one() {
        let accept = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        for (expected, method, fields) in [
            (true, "GET", &[accept][..]),
            (true, "GET", &[accept, ("sec-fetch-dest", "document")]),
            (true, "GET", &[("sec-fetch-dest", "iframe")]),
            (false, "GET", &[accept, ("sec-fetch-dest", "empty")]),
            (false, "POST", &[accept]),
            (false, "HEAD", &[accept]),
            (false, "GET", &[("accept", "*/*")]),
            (false, "GET", &[("accept", "application/json")]),
            (false, "GET", &[]),
        ] {
            assert_eq!(is_of_page(&request(method, fields)), expected, "{method} {fields:?}");
        }
    }
}
