//! A service of tower's as a view.

use std::future::poll_fn;

use bytes::Bytes;
use http::Uri;
use http::uri::PathAndQuery;
use http_body::Body as HttpBody;
use percent_encoding::percent_decode;
use tower_service::Service;

use super::callable::View;
use crate::app::request::Request;
use crate::error::{Error, Result};
use crate::protocol::body::{Body, BodyError};

/// A view that hands a request to `service`, with what the placeholder `subpath` took as its path.
pub(crate) fn service_view<S, B>(service: S) -> View
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BodyError>,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    View::new(move |request| {
        // What says that it is ready must be what is called, so each request has one of its own.
        let mut service = service.clone();
        Box::pin(async move {
            // Inside too a body has no more bytes than the application allows.
            let body = request.take_body()?;
            let mut inner = request.to_http();
            *inner.body_mut() = body;
            *inner.uri_mut() = below(&request)?;
            drop(request);
            poll_fn(|context| service.poll_ready(context)).await.map_err(boxed)?;
            let response = service.call(inner).await.map_err(boxed)?;
            Ok(response.map(|body| if body.is_end_stream() { Body::empty() } else { Body::new(body) }).into())
        })
    })
}

fn boxed(error: impl Into<BodyError>) -> Error {
    Error::boxed(error.into())
}

/// The target without what stands before the subpath.
fn below(request: &Request) -> Result<Uri> {
    let subpath = request.match_value("subpath").unwrap_or("");
    let rest = without_start(request.uri().path(), request.path().len() - subpath.len());
    let path = match request.uri().query() {
        Some(query) => format!("/{rest}?{query}"),
        None => format!("/{rest}"),
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path)?);
    Ok(Uri::from_parts(parts)?)
}

/// What of an escaped `path` is left without its first `count` bytes, counted as they are when it is decoded.
fn without_start(path: &str, count: usize) -> &str {
    let bytes = path.as_bytes();
    let mut at = 0;
    for _ in 0..count {
        let is_escape = bytes.get(at..at + 3).is_some_and(|three| percent_decode(three).count() == 1);
        at += if is_escape { 3 } else { 1 };
    }
    path.get(at..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_left_away_however_it_is_escaped() {
        for (path, start, rest) in [
            ("/axum/a/b", "/axum/", "a/b"),
            ("/%61xum/a%2Fb", "/axum/", "a%2Fb"),
            ("/axum%2Fa", "/axum/", "a"),
            ("/b%C3%BCcher/%C3%BC", "/bücher/", "%C3%BC"),
            ("/100%/a%25", "/100%/", "a%25"),
            ("/%zz/a", "/%zz/", "a"),
            ("/axum", "/axum", ""),
            ("/axum", "/axum/", ""),
        ] {
            assert_eq!(without_start(path, start.len()), rest, "{path}");
        }
    }
}
