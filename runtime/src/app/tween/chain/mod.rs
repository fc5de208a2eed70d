//! Tweens around a handler, as one.

use std::fmt;
use std::sync::Arc;

use super::next::Next;
use crate::app::request::Request;
use crate::app::view::{View, ViewFuture};

/// Something that stands around everything that answers requests. Pyramid's tween.
///
/// Most tweens are functions, which [`macro@tween`](macro@crate::tween) and
/// [`Configurator::add_tween`](crate::Configurator::add_tween) take as they are; a type of its own is for one that has
/// something to keep.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use aiopyramid::prelude::*;
/// use aiopyramid::tween::{Next, Tween};
/// use aiopyramid::view::ViewFuture;
///
/// #[derive(Default)]
/// struct Counted(AtomicUsize);
///
/// impl Tween for Counted {
///     fn call(&self, request: Request, next: Next) -> ViewFuture {
///         let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
///         Box::pin(async move { next.run(request).await?.with_header("x-request", &number.to_string()) })
///     }
/// }
///
/// let mut config = Configurator::new();
/// config.add_tween(Counted::default());
/// # config.make_app()?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
pub trait Tween: Send + Sync + 'static {
    /// Answers a request, with the help of what is inside.
    fn call(&self, request: Request, next: Next) -> ViewFuture;

    /// Puts the tween around what is inside of it, once, when the application is made.
    ///
    /// A tween that makes something of what is inside (a service, a limit that all requests share) does that here, and not for
    /// each request.
    fn around(self: Arc<Self>, next: Next) -> View {
        View::new(move |request| self.call(request, next.clone()))
    }
}

/// A list of tweens, to be put around a handler.
///
/// ```
/// use std::sync::Arc;
/// use aiopyramid::prelude::*;
/// use aiopyramid::tween::{Chain, IntoTween, Next, TweenKind};
/// use aiopyramid::view::View;
///
/// async fn stamped(request: Request, next: Next) -> Result<Response> {
///     next.run(request).await?.with_header("x-stamp", "seen")
/// }
///
/// let innermost = View::new(|_| Box::pin(async { Ok(Response::text("hello")) }));
/// let stamped = stamped.into_tween().tween(aiopyramid::executor::Executor::process_wide().default_pool());
/// let whole = Chain::new([stamped]).around(innermost);
/// ```
#[derive(Clone, Default)]
pub struct Chain(Vec<Arc<dyn Tween>>);

impl Chain {
    /// Of tweens, the outermost first.
    pub fn new(tweens: impl IntoIterator<Item = Arc<dyn Tween>>) -> Self {
        Self(tweens.into_iter().collect())
    }

    /// The handler with all tweens around it. Where there are none it is the handler itself.
    pub fn around(self, innermost: View) -> View {
        self.0.into_iter().rev().fold(innermost, |inside, tween| tween.around(Next::new(inside)))
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain of {}", self.0.len())
    }
}

#[cfg(test)]
mod tests;
