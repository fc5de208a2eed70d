//! The toolbar's own pages. They are answered by its tween, so that no tween, policy or view of the application's has to know of
//! them.

mod exception;
mod files;
mod global;
mod layout;
mod redirect;
mod request;
mod requests;

use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};

use subtle::ConstantTimeEq;

use super::Toolbar;
use super::exchange::Exchange;
use crate::{HeaderValue, Method, Request, RequestExt, Response, Result, StatusCode};

pub(super) use exception::page as exception;
pub(super) use redirect::page as redirect;

/// What the toolbar's addresses begin with, below which the token stands.
pub(super) const PATH: &str = "/_debug_toolbar/";

/// What may be done on a page: nothing that is not in a file of the toolbar's own.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What is asked of the toolbar: the path behind the token. `None` where it is not the toolbar's.
pub(super) fn asked<'r>(toolbar: &Toolbar, request: &'r Request) -> Option<&'r str> {
    let (token, rest) = request.path().strip_prefix(PATH)?.split_once('/')?;
    // How long that takes says nothing of what is wrong.
    bool::from(token.as_bytes().ct_eq(toolbar.token.as_bytes())).then_some(rest)
}

/// The address of something of the toolbar's, as this client can ask for it.
pub(super) fn address(toolbar: &Toolbar, request: &Request, rest: &str) -> String {
    format!("{}{PATH}{}/{rest}", crate::url::encode_path(request.script_name()), toolbar.token)
}

/// The page for an exchange.
pub(super) fn address_of(toolbar: &Toolbar, request: &Request, exchange: &Exchange) -> String {
    address(toolbar, request, &format!("request/{}", exchange.number))
}

/// Answers a request for the toolbar. Runs in a pool: it may read sources.
pub(super) fn answer(toolbar: &Toolbar, request: &Request, rest: &str) -> Result<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let refused =
            Response::text("The toolbar is only looked at.\n").with_status(StatusCode::METHOD_NOT_ALLOWED);
        return refused.with_header(ALLOW.as_str(), "GET, HEAD");
    }
    let mut segments = rest.splitn(3, '/');
    let (first, second, third) = (segments.next().unwrap_or_default(), segments.next(), segments.next());
    let number = second.and_then(|number| number.parse().ok());
    let found = match (first, second, third) {
        ("", None, None) => Some(request::newest(toolbar, request)),
        ("requests.json", None, None) => Some(requests::document(toolbar, request)),
        ("request", Some(_), None) => number.and_then(|number| request::of(toolbar, request, number, None)),
        ("request", Some(_), Some("traceback.txt")) => {
            number.and_then(|number| request::traceback(toolbar, number))
        }
        ("request", Some(_), Some(panel)) => {
            number.and_then(|number| request::of(toolbar, request, number, Some(panel)))
        }
        ("global", page, None) => global::page(toolbar, request, page.unwrap_or_default()),
        ("settings", None, None) => Some(global::settings(toolbar, request)),
        ("files", Some(name), None) => files::file(name),
        _ => None,
    };
    let mut response = found.unwrap_or_else(|| {
        Response::text("There is no such page, or what was on it is forgotten.\n")
            .with_status(StatusCode::NOT_FOUND)
    });
    protect(&mut response);
    Ok(response)
}

/// Keeps a page of the toolbar's from being kept, framed, or made to do what it should not.
pub(super) fn protect(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// How many processes answer requests, where several do: each knows of its own ones only.
pub(super) fn workers(request: &Request) -> Option<usize> {
    request.settings().parse("workers").ok().flatten().filter(|workers| *workers > 1)
}
