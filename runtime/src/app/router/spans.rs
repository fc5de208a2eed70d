//! Spans of `tracing`: one for each request, and inside of it one for each view that is called.
//!
//! They are made only where a subscriber wants them, which is known at each of these places without asking it again. They have a
//! target of their own, so that a log can ask for them by a name, at the level `debug`: most logs want less.

use http::request::Parts;
use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::app::application::RegisteredView;
use crate::app::request::Request;
use crate::app::view::{View, ViewFuture};

/// What the spans are called by.
const TARGET: &str = "aiopyramid::request";

/// The span of a request, kept on it.
#[derive(Debug, Clone)]
pub(super) struct RequestSpan(pub(super) Span);

/// The span for a request with this head, which is told of it; `None` where nobody wants it. Of the target it has the path alone: a
/// query may hold what is no log's business.
#[inline]
pub(super) fn begin(head: &mut Parts) -> Option<Span> {
    let span = tracing::debug_span!(
        target: TARGET,
        "request",
        method = %head.method,
        path = head.uri.path(),
        route = Empty,
        view = Empty,
        status = Empty,
    );
    if span.is_disabled() {
        return None;
    }
    head.extensions.insert(RequestSpan(span.clone()));
    Some(span)
}

/// Whether anybody wants spans.
#[inline]
fn wanted() -> bool {
    tracing::span_enabled!(target: TARGET, tracing::Level::DEBUG)
}

/// Says in the span of a request which route matched.
#[inline]
pub(super) fn route(request: &Request, pattern: &str) {
    if wanted() {
        record(request, "route", pattern);
    }
}

#[cold]
fn record(request: &Request, field: &str, value: &str) {
    if let Some(RequestSpan(span)) = request.extension() {
        span.record(field, value);
    }
}

/// Calls a view, in a span where one is wanted.
#[inline]
pub(super) fn call(view: &RegisteredView, request: &Request) -> ViewFuture {
    if wanted() { call_inside(&view.view, view, request) } else { view.view.call(request.clone()) }
}

#[cold]
fn call_inside(called: &View, view: &RegisteredView, request: &Request) -> ViewFuture {
    record(request, "view", &view.name);
    let span = tracing::debug_span!(target: TARGET, "view", name = &*view.name, mapper = view.mapper);
    let answer = span.in_scope(|| called.call(request.clone()));
    Box::pin(answer.instrument(span))
}
