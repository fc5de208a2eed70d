//! What an expansion of `#[synchronize]` asks of an error type.

use crate::app::executor::ScopeError;

/// The error of a function that waits for a coroutine: it must be able to say that there was nothing to wait with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a function with `#[synchronize]`",
    label = "the function may also fail with a `ScopeError`, of which no `{Self}` can be made",
    note = "implement `From<aiopyramid::executor::ScopeError>` for `{Self}`",
    note = "or return `aiopyramid::Result`, which takes any error"
)]
pub trait FromScope {
    /// Makes the error.
    fn from_scope(error: ScopeError) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<ScopeError>> FromScope for E {
    fn from_scope(error: ScopeError) -> Self {
        error.into()
    }
}
