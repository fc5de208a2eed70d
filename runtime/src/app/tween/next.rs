//! What a tween stands around.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::app::executor::Panicked;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::{View, ViewFuture};
use crate::error::Result;

/// All that is inside of a tween: the tweens under it and the application itself. A clone costs next to nothing.
#[derive(Clone)]
pub struct Next(View);

impl Next {
    pub(super) fn new(inside: View) -> Self {
        Self(inside)
    }

    /// Lets them answer the request.
    ///
    /// Nothing has begun before the future is polled, and dropping it gives up what is inside.
    ///
    /// # Errors
    /// What went wrong inside and was answered by nobody there, with its type intact; a panic is an error as well. Over
    /// `EXCVIEW` that is only what no exception view answers and what is no [`HttpException`](crate::HttpException).
    pub fn run(self, request: Request) -> impl Future<Output = Result<Response>> + Send + Unpin + 'static {
        Inside::Before(Some((self.0, request)))
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Next")
    }
}

/// Calls what is inside at the first poll, so that calling and polling are guarded by the same hand.
enum Inside {
    Before(Option<(View, Request)>),
    Running(ViewFuture),
}

impl Future for Inside {
    type Output = Result<Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let guarded = catch_unwind(AssertUnwindSafe(|| {
            if let Self::Before(waiting) = &mut *self {
                let (view, request) = waiting.take().expect("polled after it was done");
                *self = Self::Running(view.call(request));
            }
            let Self::Running(answer) = &mut *self else { unreachable!("it was just called") };
            answer.as_mut().poll(cx)
        }));
        guarded.unwrap_or_else(|payload| Poll::Ready(Err(Panicked::new(payload).into())))
    }
}
