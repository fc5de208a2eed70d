//! Tweens that are plain functions.

use std::fmt;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::chain::Tween;
use super::next::Next;
use crate::app::executor::{Entrance, ExecutorError, Pool, synchronize};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::ViewFuture;
use crate::error::{Error, Result};

/// All that is inside of a tween, for one that is a plain function.
#[derive(Debug, Clone)]
pub struct BlockingNext {
    next: Next,
    given_up: CancellationToken,
}

impl BlockingNext {
    /// Lets them answer the request, and waits for that.
    ///
    /// What is inside is polled on this thread, which lends its place in the pool while it waits: blocking tweens around
    /// blocking views never wait for each other's threads.
    ///
    /// # Errors
    /// As [`Next::run`], and an error where nobody waits for the answer any more: the tween should then come to its end.
    pub fn run(self, request: Request) -> Result<Response> {
        let Self { next, given_up } = self;
        synchronize(given_up.run_until_cancelled(next.run(request)))?.ok_or(GivenUp)?
    }
}

/// A plain function as a tween.
pub(super) struct BlockingTween<F> {
    way: Arc<Way<F>>,
}

struct Way<F> {
    call: F,
    entrance: Entrance,
}

impl<F> BlockingTween<F>
where
    F: Fn(Request, BlockingNext) -> Result<Response> + Send + Sync + 'static,
{
    pub(super) fn new(call: F, pool: Pool) -> Self {
        Self { way: Arc::new(Way { call, entrance: Entrance::new(pool) }) }
    }
}

impl<F> Tween for BlockingTween<F>
where
    F: Fn(Request, BlockingNext) -> Result<Response> + Send + Sync + 'static,
{
    fn call(&self, request: Request, next: Next) -> ViewFuture {
        let way = Arc::clone(&self.way);
        Box::pin(async move {
            let passage = Passage::begin(&request);
            let within = Arc::clone(&way);
            let next = BlockingNext { next, given_up: passage.given_up.clone() };
            let answer = way.entrance.hop(move || (within.call)(request, next))?.await;
            passage.end();
            // One type for a panic, wherever it was.
            answer.map_err(|error| match error {
                ExecutorError::Panicked(panic) => panic.into(),
                other => Error::from(other),
            })?
        })
    }
}

/// The innermost plain tween that a request is in. Plain tweens that follow each other share a thread, and one inside of
/// another's poll can only hear from itself that the other one was given up.
#[derive(Debug, Clone)]
struct Innermost(Option<CancellationToken>);

/// A request's way through a plain tween: whoever drops it before its end gives up what is inside, though a thread waits for it.
struct Passage {
    request: Request,
    given_up: CancellationToken,
    outer: Option<CancellationToken>,
}

impl Passage {
    fn begin(request: &Request) -> Self {
        let outer = request.extension::<Innermost>().and_then(|Innermost(outer)| outer);
        let given_up = outer.as_ref().map_or_else(CancellationToken::new, CancellationToken::child_token);
        request.set_extension(Innermost(Some(given_up.clone())));
        Self { request: request.clone(), given_up, outer }
    }

    /// It was answered, so there is nothing to give up.
    fn end(mut self) {
        self.given_up = CancellationToken::new();
    }
}

impl Drop for Passage {
    fn drop(&mut self) {
        self.given_up.cancel();
        self.request.set_extension(Innermost(self.outer.take()));
    }
}

/// Nobody waits for the answer.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the client left before it was answered")
    }
}

impl std::error::Error for GivenUp {}
