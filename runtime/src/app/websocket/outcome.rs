//! What a function that was given a socket may return.

use crate::error::{Error, Result};

/// What a function that was given a socket may return: nothing, or a `Result` of nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what a websocket's function returns",
    label = "nobody would take this value",
    note = "return nothing, or `Result<()>`; what the client should get is sent: `ws.send(..).await?`"
)]
pub trait IntoOutcome {
    /// Whether it went well.
    ///
    /// # Errors
    /// What the function failed with.
    fn into_outcome(self) -> Result<()>;
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Error>> IntoOutcome for Result<(), E> {
    fn into_outcome(self) -> Result<()> {
        self.map_err(Into::into)
    }
}
