//! Tweens that are plain functions.

use std::fmt;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::chain::Tween;
use super::next::Next;
use crate::app::executor::{Entrance, Pool, synchronize};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::ViewFuture;
use crate::error::Result;

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
            let given_up = CancellationToken::new();
            // Whoever drops this future drops what is inside, though a thread waits for it.
            let guard = given_up.clone().drop_guard();
            let within = Arc::clone(&way);
            let job = way.entrance.hop(move || (within.call)(request, BlockingNext { next, given_up }))?;
            let answer = job.await?;
            guard.disarm();
            answer
        })
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
