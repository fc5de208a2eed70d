//! From a file that was found to the response for one request.

use std::io;

use http::header::{ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, VARY};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::HttpCache;
use crate::error::Result;
use crate::protocol::body::Body;
use crate::protocol::conditional::{Condition, Extent, Validators};
use crate::protocol::content_encoding::ContentEncoding;
use crate::protocol::url;

/// What is known of a file before it is read.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) media_type: HeaderValue,
    pub(super) encoding: Option<ContentEncoding>,
    /// Whether another client could get it in another coding.
    pub(super) varies: bool,
    /// In bytes.
    pub(super) length: u64,
    pub(super) validators: Validators,
}

impl Facts {
    /// The response where the conditions of the request leave nothing to be read.
    pub(super) fn without_reading(
        &self,
        request: &Request,
        cache: Option<HttpCache>,
    ) -> Option<Result<Response>> {
        match self.validators.condition(request.headers()) {
            Condition::Holds => None,
            Condition::NotModified => {
                let mut response = Response::default().with_status(StatusCode::NOT_MODIFIED);
                self.put_on(&mut response, cache);
                Some(Ok(response))
            }
            Condition::Failed => Some(Err(HttpException::precondition_failed().into())),
        }
    }

    /// The response with the bytes that `read` gives, of which it is told the first and the number.
    pub(super) fn with_reading(
        &self,
        request: &Request,
        cache: Option<HttpCache>,
        read: impl FnOnce(u64, u64) -> io::Result<Body>,
    ) -> Result<Response> {
        // A range of HEAD has no meaning (RFC 9110 section 14.2).
        let is_get = request.method() == Method::GET;
        let extent =
            if is_get { self.validators.extent(request.headers(), self.length) } else { Extent::Whole };
        let (first, length) = match extent {
            Extent::Whole => (0, self.length),
            Extent::Part(first, last) => (first, last - first + 1),
            Extent::Beyond => return Err(HttpException::range_not_satisfiable(self.length).into()),
        };
        let body = if is_get { read(first, length)? } else { Body::empty() };
        let mut response = Response::of_type(self.media_type.clone(), body);
        self.put_on(&mut response, cache);
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, length.into());
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if let Some(encoding) = self.encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name));
        }
        if extent != Extent::Whole {
            let range = format!("bytes {first}-{}/{}", first + length - 1, self.length);
            headers.insert(CONTENT_RANGE, HeaderValue::try_from(range)?);
            response.set_status(StatusCode::PARTIAL_CONTENT);
        }
        Ok(response)
    }

    /// What 200 and 304 have in common (RFC 9110 section 15.4.5).
    fn put_on(&self, response: &mut Response, cache: Option<HttpCache>) {
        if let Some(cache) = cache {
            cache.apply(response);
        }
        let headers = response.headers_mut();
        headers.insert(ETAG, self.validators.etag.clone());
        if let Some((name, value)) = self.validators.last_modified() {
            headers.insert(name, value);
        }
        if self.varies {
            headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        }
    }
}

/// Of a file and what lies beside it in other codings, the one that takes the fewest bytes and that the client takes.
pub(super) fn smallest<F>(
    plain: F,
    encoded: Vec<(ContentEncoding, F)>,
    headers: &HeaderMap,
    length: impl Fn(&F) -> u64,
) -> (Option<ContentEncoding>, F) {
    let accepted = encoded.into_iter().filter(|(encoding, _)| encoding.is_accepted(headers));
    let best = accepted.min_by_key(|(_, file)| length(file));
    match best {
        Some((encoding, file)) if length(&file) < length(&plain) => (Some(encoding), file),
        _ => (None, plain),
    }
}

/// Sends the client from a folder's address without a final `/` to the one with it, or the links in its page would lead astray.
pub(super) fn redirect_to_folder(request: &Request) -> Result<Response> {
    let mut location = String::new();
    url::push_path(&mut location, request.script_name());
    location.extend([request.uri().path(), "/"]);
    if let Some(query) = request.uri().query() {
        location.extend(["?", query]);
    }
    let exception = HttpException::moved_permanently(&location)?;
    Ok(exception.render(request.headers().get(http::header::ACCEPT)))
}
