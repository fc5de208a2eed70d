//! What answers a request: views, how they are called, what they may return.

pub(crate) mod callable;
pub(crate) mod mapper;
pub(crate) mod output;
pub(crate) mod predicate;
pub(crate) mod rendering;

pub use callable::{AsFuture, AsValue, Blocking, Callable, IntoCallable, Job, Returned, View, ViewFuture};
pub use mapper::{Coroutine, CoroutineOrExecutor, Inline, OnExecutor, ViewInfo, ViewMapper};
pub use output::IntoResponse;
pub use predicate::{MethodPredicate, Predicates};
pub use rendering::{AsItIs, ByRenderer, Fallible, IntoRendered, JsonRenderer, StringRenderer};
