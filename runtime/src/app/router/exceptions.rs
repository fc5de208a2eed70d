//! Exception views: what answers errors, wherever they come from.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::StatusCode;

use super::call::{call, is_mismatch};
use super::lookup::prepare;
use super::stock;
use crate::app::application::{Application, RegisteredView, RequestExt};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::tween::{Next, Tween};
use crate::app::view::ViewFuture;
use crate::app::view::exception::Raised;
use crate::app::view::predicate::{Needs, Verdict};
use crate::error::{Error, Result};
use crate::protocol::pattern::Match;
use crate::protocol::url;

/// The tween that has errors answered by exception views, and HTTP exceptions by their stock pages. An error that nobody answers
/// passes through it, and through the tweens over it, as an error.
#[derive(Debug)]
pub(super) struct ExceptionTween;

impl Tween for ExceptionTween {
    fn call(&self, request: Request, next: Next) -> ViewFuture {
        Box::pin(Excepting::new(request.clone(), next.run(request)))
    }
}

/// What is inside of [`ExceptionTween`], and then, where that fails, what answers the error.
pub(super) struct Excepting<F> {
    request: Request,
    inside: F,
    instead: Option<ViewFuture>,
}

impl<F> Excepting<F> {
    pub(super) fn new(request: Request, inside: F) -> Self {
        Self { request, inside, instead: None }
    }
}

impl<F: Future<Output = Result<Response>> + Unpin> Future for Excepting<F> {
    type Output = Result<Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Response>> {
        let this = &mut *self;
        if this.instead.is_none() {
            match ready!(Pin::new(&mut this.inside).poll(cx)) {
                Ok(response) => return Poll::Ready(Ok(response)),
                Err(error) => {
                    let request = this.request.clone();
                    this.instead = Some(Box::pin(async move { answered(&request, error).await }));
                }
            }
        }
        match &mut this.instead {
            Some(answer) => answer.as_mut().poll(cx),
            None => unreachable!("it was just put there"),
        }
    }
}

/// Whether there is a view for any error at all.
pub(super) fn are_there(request: &Request) -> bool {
    let application = request.application();
    let of_route = request.matched_route().is_some_and(|route| !route.exceptions.is_empty());
    of_route || !application.exceptions.is_empty()
}

/// The answer of the first exception view that is for this error; those of the route that matched go first. Where there is none,
/// or it finds nothing itself, the error stays what it was; where it fails, that is the error.
///
/// An [`HttpException`] that is left is an answer by itself: its stock page. That is made here and not outside, so that whatever
/// stands over [`ExceptionTween`] sees a response, as over Pyramid's default exception view.
pub(super) async fn answered(request: &Request, error: Error) -> Result<Response> {
    let error = Arc::new(error);
    request.set_extension(Raised(Arc::clone(&error)));
    let outcome = if are_there(request) { ask(request, request.application(), &error).await } else { None };
    let left = match outcome {
        Some(Ok(response)) => return Ok(response),
        Some(Err(other)) if !is_status(&other, StatusCode::NOT_FOUND) => Arc::new(other),
        _ => error,
    };
    if left.downcast_ref::<HttpException>().is_some() {
        let response = stock::page(request, &left);
        request.set_extension(Raised(left));
        return Ok(response);
    }
    request.remove_extension::<Raised>();
    Err(Arc::try_unwrap(left).unwrap_or_else(Error::shared))
}

async fn ask(request: &Request, application: &Application, error: &Error) -> Option<Result<Response>> {
    let of_route = request.matched_route().map(|route| &route.exceptions);
    let sets = of_route.into_iter().chain([&application.exceptions]).flat_map(|views| views.fitting(error));
    let sets: Vec<_> = sets.collect();
    let needs = sets.iter().fold(Needs::default(), |needs, set| needs.and(set.needs()));
    if let Err(error) = prepare(request, needs).await {
        return Some(Err(error));
    }
    for set in sets {
        for place in set.order(request) {
            let view = set.at(place);
            if view.predicates.verdict(request) != Verdict::Holds {
                continue;
            }
            if let Some(redirect) = with_slash(request, application, view) {
                return Some(redirect);
            }
            match call(view, request).await {
                Err(error) if is_mismatch(&error) => {}
                outcome => return Some(outcome),
            }
        }
    }
    None
}

fn is_status(error: &Error, status: StatusCode) -> bool {
    error.downcast_ref::<HttpException>().is_some_and(|answer| answer.status() == status)
}

/// Where a path without a final `/` leads nowhere and one with it would: a redirect there that keeps method and body.
///
/// Routes of static files are none of those meant, because they match whatever stands behind their name, nor is the one that
/// matched without it; and predicates count, which they do not in Pyramid.
fn with_slash(
    request: &Request,
    application: &Application,
    view: &RegisteredView,
) -> Option<Result<Response>> {
    if !view.append_slash || request.path().ends_with('/') {
        return None;
    }
    let path = format!("{}/", request.path());
    let matched = request.matched().map(Match::route);
    application.table.find(&path, |place, _| {
        let route = &application.routes[place];
        matched != Some(place)
            && !route.name.starts_with("__")
            && route.predicates.verdict(request) == Verdict::Holds
    })?;
    // Two slashes at the start, or a slash and a backslash, would lead to another server.
    let written = request.uri().path();
    let rest = written.trim_start_matches(['/', '\\']);
    let escaped: String = written[1.min(written.len())..written.len() - rest.len()]
        .chars()
        .map(|slash| if slash == '/' { "%2F" } else { "%5C" })
        .collect();
    let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
    let mut location = String::new();
    url::push_path(&mut location, request.script_name());
    location.extend(["/", &escaped, rest, "/", &query]);
    let redirect = HttpException::redirect(StatusCode::TEMPORARY_REDIRECT, &location);
    Some(redirect.map(|redirect| redirect.render(request.headers().get(http::header::ACCEPT))))
}
