//! What answers a request: views, how they are called, what they may return.

pub(crate) mod callable;
pub(crate) mod mapper;
pub(crate) mod output;
pub(crate) mod predicate;
pub(crate) mod rendering;

pub use callable::{Callable, IntoCallable, Job, View, ViewFuture};
pub use mapper::{Coroutine, CoroutineOrExecutor, Inline, OnExecutor, ViewInfo, ViewMapper};
pub use output::IntoResponse;
pub use predicate::{HeaderPredicate, MethodPredicate, Predicates};
pub use rendering::IntoRendered;
