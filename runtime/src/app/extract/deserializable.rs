//! What can be read from a text that a client sent.

use serde::de::DeserializeOwned;

/// A type that [`Json`](super::Json), [`Form`](super::Form) and [`Query`](super::Query) can read: every one with
/// `serde::Deserialize` that borrows nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "`{Self}` has no `serde::Deserialize`",
    note = "write `#[derive(serde::Deserialize)]` above `{Self}`",
    note = "it must borrow nothing: a `String`, and no `&str`"
)]
pub trait Deserializable: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Deserializable for T {}
