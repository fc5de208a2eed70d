//! What can be a tween: a type that is one, an `async fn`, a plain function.

use std::fmt;
use std::sync::Arc;

use super::blocking::{BlockingNext, BlockingTween};
use super::chain::Tween;
use super::next::Next;
use crate::app::executor::Pool;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::{IntoResponse, ViewFuture};
use crate::error::Result;

/// Something that can be [added](crate::Configurator::add_tween) as a tween: a type with [`Tween`], an
/// `async fn(Request, Next)`, or a plain `fn(Request, BlockingNext)`, which runs in the executor.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no tween",
    label = "not a tween",
    note = "a tween is an `async fn(request: Request, next: Next)` or a plain `fn(request: Request, next: BlockingNext)` that returns a response, or a type with `Tween`"
)]
pub trait IntoTween<M> {
    /// What it is.
    fn into_tween(self) -> TweenKind;
}

/// Marks a type that is a tween.
#[derive(Debug)]
pub struct AsTween;

/// Marks an `async fn`.
#[derive(Debug)]
pub struct AsCoroutine;

/// Marks a plain function.
#[derive(Debug)]
pub struct AsPlain;

/// A tween before it has a pool: what it is by nature.
#[derive(Clone)]
pub enum TweenKind {
    /// It is polled on the event loop.
    Coroutine(Arc<dyn Tween>),
    /// It may block.
    Plain(Plain),
}

/// A plain function as a tween.
type Plain = Arc<dyn Fn(Request, BlockingNext) -> Result<Response> + Send + Sync>;

impl TweenKind {
    /// The tween; one that may block runs in `pool`.
    pub fn tween(self, pool: &Pool) -> Arc<dyn Tween> {
        match self {
            Self::Coroutine(tween) => tween,
            Self::Plain(call) => {
                Arc::new(BlockingTween::new(move |request, next| call(request, next), pool.clone()))
            }
        }
    }

    /// Whether it runs on the event loop.
    pub fn is_coroutine(&self) -> bool {
        matches!(self, Self::Coroutine(_))
    }
}

impl fmt::Debug for TweenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Coroutine(_) => "TweenKind::Coroutine",
            Self::Plain(_) => "TweenKind::Plain",
        })
    }
}

impl<T: Tween> IntoTween<AsTween> for T {
    fn into_tween(self) -> TweenKind {
        TweenKind::Coroutine(Arc::new(self))
    }
}

impl<F, T> IntoTween<(AsCoroutine, T)> for F
where
    F: Fn(Request, Next) -> T + Send + Sync + 'static,
    T: Future + Send + 'static,
    T::Output: IntoResponse,
{
    fn into_tween(self) -> TweenKind {
        TweenKind::Coroutine(Arc::new(Awaited(move |request, next| {
            let answer = self(request, next);
            Box::pin(async move { answer.await.into_response() }) as ViewFuture
        })))
    }
}

impl<F, R> IntoTween<(AsPlain, R)> for F
where
    F: Fn(Request, BlockingNext) -> R + Send + Sync + 'static,
    R: IntoResponse,
{
    fn into_tween(self) -> TweenKind {
        TweenKind::Plain(Arc::new(move |request, next| self(request, next).into_response()))
    }
}

/// An `async fn` as a tween.
struct Awaited<F>(F);

impl<F> Tween for Awaited<F>
where
    F: Fn(Request, Next) -> ViewFuture + Send + Sync + 'static,
{
    fn call(&self, request: Request, next: Next) -> ViewFuture {
        (self.0)(request, next)
    }
}

/// How an annotated tween is called.
#[derive(Clone, Copy)]
pub enum TweenCallable {
    /// An `async fn`.
    Coroutine(fn(Request, Next) -> ViewFuture),
    /// A plain `fn`.
    Plain(fn(Request, BlockingNext) -> Result<Response>),
}

impl TweenCallable {
    /// The tween before it has a pool.
    pub fn kind(self) -> TweenKind {
        match self {
            Self::Coroutine(call) => TweenKind::Coroutine(Arc::new(Awaited(call))),
            Self::Plain(call) => TweenKind::Plain(Arc::new(call)),
        }
    }
}

impl fmt::Debug for TweenCallable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Coroutine(_) => "TweenCallable::Coroutine",
            Self::Plain(_) => "TweenCallable::Plain",
        })
    }
}
