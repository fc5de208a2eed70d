//! What answers a request: views, how they are called, what they may return.
//!
//! An application meets [`IntoResponse`], for answers of its own types, and perhaps [`ViewMapper`], for views that are to be called
//! in a way of its own: a mapper is given a [`Callable`] and makes a [`View`] of it. The other names are what the attributes
//! and [`add_view`](crate::Configurator::add_view) are built on.

pub(crate) mod accepted;
pub(crate) mod callable;
pub(crate) mod decorator;
pub(crate) mod direct;
pub(crate) mod exception;
pub(crate) mod http_cache;
pub(crate) mod jsonp;
pub(crate) mod mapper;
pub(crate) mod output;
pub(crate) mod predicate;
pub(crate) mod rendering;
#[cfg(feature = "tower")]
pub(crate) mod service;
pub(crate) mod template;

pub use callable::{AsFuture, AsValue, Blocking, Callable, IntoCallable, Job, Returned, View, ViewFuture};
pub use decorator::ViewDecorator;
pub use exception::{ErrorType, FromException};
pub use http_cache::HttpCache;
pub use jsonp::JsonpRenderer;
pub use mapper::{Coroutine, CoroutineOrExecutor, Inline, OnExecutor, ViewInfo, ViewMapper};
pub use output::{IntoError, IntoResponse};
pub use predicate::{MethodPredicate, Predicates};
pub use rendering::{
    AsItIs, ByRenderer, Fallible, IntoRendered, IntoRenderedByOwn, JsonRenderer, Renderer, StringRenderer,
};
#[cfg(feature = "templates")]
pub use template::{Template, TemplateContext};
