//! The tween that sees all requests.

use std::sync::Arc;

use tracing::{Instrument as _, Span};

use super::exchange::{Exchange, Failure, State};
use super::panel::{Answered, Around};
use super::panels::PERFORMANCE;
use super::trail::Trail;
use super::{Toolbar, access, pages};
use crate::tween::{Chain, Next, Tween};
use crate::view::{View, ViewFuture};
use crate::{Error, Request, RequestExt, Response, Result, escaped};

/// The toolbar's tween: a coroutine, because what it does by itself never blocks, and a plain function would cost every request two
/// ways between threads and show them all as work of a pool.
pub(super) struct ToolbarTween(pub(super) Arc<Toolbar>);

impl Tween for ToolbarTween {
    fn call(&self, request: Request, next: Next) -> ViewFuture {
        let toolbar = Arc::clone(&self.0);
        // For everybody else there is no toolbar, and no trace of one.
        if !access::is_admitted(&toolbar.options, &request) {
            return Box::pin(next.run(request));
        }
        if pages::asked(&toolbar, &request).is_some() {
            return Box::pin(page(toolbar, request));
        }
        if toolbar.options.exclude_prefixes.iter().any(|prefix| request.path().starts_with(prefix)) {
            return Box::pin(next.run(request));
        }
        Box::pin(observed(toolbar, request, next))
    }
}

/// A page of the toolbar's, made in a pool: it may read sources.
async fn page(toolbar: Arc<Toolbar>, request: Request) -> Result<Response> {
    let executor = request.application().executor().clone();
    let make = move || {
        let rest = pages::asked(&toolbar, &request).unwrap_or_default();
        pages::answer(&toolbar, &request, rest)
    };
    executor.run(make).await?
}

/// Lets a request be answered, and remembers all about it.
async fn observed(toolbar: Arc<Toolbar>, request: Request, next: Next) -> Result<Response> {
    let panels = toolbar.panels();
    let measures = panels.iter().any(|shown| shown.active && shown.panel.name() == PERFORMANCE);
    let trail = Trail::begin(measures);
    let span = trail.span();
    let exchange = toolbar.history.begin(|number| Exchange::new(number, &request, trail));
    let mut watched =
        Watched { toolbar: Arc::clone(&toolbar), exchange: Arc::clone(&exchange), answered: false };
    for shown in panels.iter().filter(|shown| shown.active) {
        shown.panel.before(&request);
    }
    let outcome = inside(&toolbar, request.clone(), next).instrument(span.clone()).await.map_err(Arc::new);
    let elapsed = exchange.trail.elapsed();
    // An error that an exception view has answered.
    let squashed = if outcome.is_ok() { request.exception() } else { None };
    let (response, error) = (outcome.as_ref().ok(), outcome.as_ref().err().or(squashed.as_ref()));
    gather(
        &toolbar,
        &exchange,
        &Answered { request: &request, response, error, elapsed, trail: &exchange.trail },
    );
    let status = response.map_or(crate::StatusCode::INTERNAL_SERVER_ERROR, Response::status);
    exchange.add_weight(body_weight(&request));
    exchange.set_state(State::Answered { status, elapsed });
    watched.answered = true;
    drop(watched);
    match outcome {
        Ok(mut response) => {
            dress(&toolbar, &request, &exchange, &mut response);
            Ok(response)
        }
        Err(error) => failed(&toolbar, request, exchange, error, span).await,
    }
}

/// What answers, with the application's own panels around it.
fn inside(toolbar: &Toolbar, request: Request, next: Next) -> ViewFuture {
    let own = toolbar.panels().iter().filter(|shown| shown.own && shown.active);
    let around: Vec<_> =
        own.map(|shown| Arc::new(Around(Arc::clone(&shown.panel))) as Arc<dyn Tween>).collect();
    if around.is_empty() {
        return Box::pin(next.run(request));
    }
    let innermost = View::new(move |request| Box::pin(next.clone().run(request)));
    Chain::new(around).around(innermost).call(request)
}

/// Has the panels keep what they want to.
fn gather(toolbar: &Toolbar, exchange: &Exchange, answered: &Answered<'_>) {
    for (place, shown) in toolbar.panels().iter().enumerate().filter(|(_, shown)| shown.active) {
        if let Some(kept) = shown.panel.after(answered) {
            exchange.keep(place, kept);
        }
    }
}

/// About how many bytes the panels keep of the body.
fn body_weight(request: &Request) -> usize {
    request.body_bytes().map_or(0, |body| 2 * body.len().min(64 * 1024))
}

/// Puts the button on a page, or a page in place of a redirect.
fn dress(toolbar: &Toolbar, request: &Request, exchange: &Exchange, response: &mut Response) {
    if toolbar.options.intercept_redirects {
        pages::redirect(toolbar, request, exchange, response);
    }
    if toolbar.options.show_on_exc_only {
        return;
    }
    let address = |rest: &str| escaped(&pages::address(toolbar, request, rest));
    response.insert_before_body_end(format!(
        "<link rel=\"stylesheet\" href=\"{}\">\
         <a class=\"aiopyramid-toolbar\" href=\"{}\" target=\"aiopyramid-toolbar\" title=\"Debug toolbar\">debug</a>\n",
        address("files/button.css"),
        escaped(&pages::address_of(toolbar, request, exchange)),
    ));
}

/// Goes on where an error came out that nobody has answered.
async fn failed(
    toolbar: &Arc<Toolbar>,
    request: Request,
    exchange: Arc<Exchange>,
    error: Arc<Error>,
    span: Span,
) -> Result<Response> {
    if !toolbar.options.intercept_exc {
        return Err(Error::shared(error));
    }
    // Nobody else says it: for the rest of the application the request is answered.
    let (scheme, host) = (request.scheme(), request.host());
    let url = format!("{scheme}://{host}{}", pages::address_of(toolbar, &request, &exchange));
    let route = request.matched_route().map_or("", |route| &*route.name);
    let view = exchange.trail.seen().views.last().map(|view| view.name.clone()).unwrap_or_default();
    span.in_scope(|| {
        tracing::error!(view, route, method = %request.method(), path = request.path(), url, "{error:?}");
    });
    let executor = request.application().executor().clone();
    let failure = Failure { error: Arc::clone(&error), squashed: false };
    let toolbar = Arc::clone(toolbar);
    let page = executor.run(move || pages::exception(&toolbar, &request, &exchange, &failure)).await;
    page.map_err(|_| Error::shared(error))
}

/// A request that is being answered. Where nobody waits any more, that is noted.
struct Watched {
    toolbar: Arc<Toolbar>,
    exchange: Arc<Exchange>,
    answered: bool,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.answered {
            self.exchange.set_state(State::Left { elapsed: self.exchange.trail.elapsed() });
        }
        self.toolbar.history.settle();
    }
}
