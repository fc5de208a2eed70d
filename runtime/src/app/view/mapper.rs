//! How a view is called: on the event loop, in the executor, or as a mapper of the user's own says.

use std::fmt;
use std::sync::Arc;

use super::callable::{Blocking, Callable, View};
use crate::app::executor::{Entrance, Executor};
use crate::error::Result;

/// Decides how a view is called. Pyramid's view mapper.
///
/// A mapper is asked once for each view, at start-up; what it makes is called for each request.
///
/// ```
/// use aiopyramid::view::{Callable, View, ViewInfo, ViewMapper};
/// use aiopyramid::prelude::*;
///
/// /// Counts nothing and changes nothing, but says which view is called.
/// #[derive(Default)]
/// struct Announced;
///
/// impl ViewMapper for Announced {
///     fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
///         let name = info.name.to_owned();
///         let view = aiopyramid::view::CoroutineOrExecutor.map(view, info)?;
///         Ok(View::new(move |request| {
///             println!("{name} answers {}", request.path());
///             view.call(request)
///         }))
///     }
/// }
///
/// #[view_config(route = "/", mapper = Announced)]
/// async fn home() -> &'static str {
///     "home"
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no mapper",
    label = "not a type with `ViewMapper`",
    note = "the mappers are `coroutine_or_executor`, `coroutine`, `executor`, `executor(\"pool\")`, `inline`, `websocket`, and every type that implements `aiopyramid::view::ViewMapper` and `Default`"
)]
pub trait ViewMapper: Send + Sync + 'static {
    /// Makes of a view what the router calls.
    ///
    /// # Errors
    /// Where this mapper cannot call such a view; the application then does not start.
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View>;
}

/// What a mapper may know of the view and of where it will run.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ViewInfo<'a> {
    /// The path of the function.
    pub name: &'a str,
    /// The application's pools of threads.
    pub executor: &'a Executor,
}

impl<'a> ViewInfo<'a> {
    /// Of the view `name` in an application with this executor.
    pub fn new(name: &'a str, executor: &'a Executor) -> Self {
        Self { name, executor }
    }
}

/// `coroutine_or_executor`, the default: a coroutine on the event loop, everything else in the executor.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoroutineOrExecutor;

impl ViewMapper for CoroutineOrExecutor {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        match view {
            Callable::Coroutine(_) => Coroutine.map(view, info),
            Callable::Blocking(_) => OnExecutor::default().map(view, info),
        }
    }
}

/// `coroutine`: on the event loop; refuses a view that may block.
#[derive(Debug, Clone, Copy, Default)]
pub struct Coroutine;

impl ViewMapper for Coroutine {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        match view {
            Callable::Coroutine(view) => Ok(view),
            Callable::Blocking(_) => Err(Unfit { mapper: "coroutine", view: info.name.to_owned() }.into()),
        }
    }
}

/// `executor` and `executor("name")`: in a pool of threads; refuses a coroutine.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnExecutor {
    /// The pool; the application's default one where it has no name.
    pub pool: Option<&'static str>,
}

impl ViewMapper for OnExecutor {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        let Callable::Blocking(view) = view else {
            return Err(Unfit { mapper: "executor", view: info.name.to_owned() }.into());
        };
        let pool = match self.pool {
            None => info.executor.default_pool().clone(),
            Some(name) => info
                .executor
                .pool(name)
                .cloned()
                .ok_or_else(|| NoSuchPool { pool: name, view: info.name.to_owned() })?,
        };
        // Together, so that a request counts one reference and not one for each.
        let way = Arc::new(Way { view, entrance: Entrance::new(pool) });
        Ok(View::new(move |request| {
            let way = Arc::clone(&way);
            Box::pin(async move {
                // A thread of the pool must never wait for the network.
                if !request.body_is_at_hand() {
                    request.read_body().await?;
                }
                let job = way.view.prepare(request).await?;
                way.entrance.hop(job)?.await?
            })
        }))
    }
}

/// The way of a view's requests into its pool.
struct Way {
    view: Blocking,
    entrance: Entrance,
}

/// `inline`: a plain function on the event loop itself, for what never blocks; refuses a coroutine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inline;

impl ViewMapper for Inline {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        let Callable::Blocking(view) = view else {
            return Err(Unfit { mapper: "inline", view: info.name.to_owned() }.into());
        };
        Ok(View::new(move |request| {
            let job = view.prepare(request);
            Box::pin(async move { job.await?() })
        }))
    }
}

/// A mapper was given a view of the other kind.
#[derive(Debug)]
struct Unfit {
    mapper: &'static str,
    view: String,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mapper, view } = self;
        match *mapper {
            "coroutine" => {
                write!(f, "mapper `coroutine` on `{view}`, which is no coroutine: make it an `async fn`")
            }
            _ => write!(f, "mapper `{mapper}` on `{view}`, which is a coroutine: make it a plain `fn`"),
        }
    }
}

impl std::error::Error for Unfit {}

/// A view wants to run in a pool that is not configured.
#[derive(Debug)]
struct NoSuchPool {
    pool: &'static str,
    view: String,
}

impl fmt::Display for NoSuchPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pool, view } = self;
        write!(
            f,
            "`{view}` runs in the pool `{pool}`, which is not configured\nhelp: add `config.executor(PoolConfig::new(\"{pool}\"))`"
        )
    }
}

impl std::error::Error for NoSuchPool {}
