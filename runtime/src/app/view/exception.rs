//! What exception views are chosen by, and what they are given.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::type_key::TypeKey;
use crate::error::{Error, Result};

/// The type of an error that an exception view is for.
#[derive(Clone, Copy)]
pub struct ErrorType {
    /// The type; that of [`Error`] is any.
    pub key: TypeKey,
    /// Whether an error is one.
    pub is: fn(&Error) -> bool,
}

impl PartialEq for ErrorType {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for ErrorType {}

impl fmt::Debug for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}

/// An error that an exception view can be for: any that implements [`std::error::Error`], or
/// [`aiopyramid::Error`](crate::Error), which is all of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error that an exception view can answer",
    label = "not an error",
    note = "implement `std::error::Error` for it, or take `&aiopyramid::Error`, which is any error"
)]
pub trait FromException: Send + Sync + 'static {
    /// What the view is found by.
    const KEY: ErrorType =
        ErrorType { key: TypeKey::of::<Self>(), is: |error| Self::from_exception(error).is_some() };

    /// The error, where it is one of these.
    fn from_exception(error: &Error) -> Option<&Self>;
}

#[diagnostic::do_not_recommend]
impl<E: StdError + Send + Sync + 'static> FromException for E {
    fn from_exception(error: &Error) -> Option<&Self> {
        // What an answer was raised for counts as what was raised.
        error.downcast_ref().or_else(|| error.downcast_ref::<HttpException>()?.cause())
    }
}

impl FromException for Error {
    fn from_exception(error: &Error) -> Option<&Self> {
        Some(error)
    }
}

/// The error that is being answered. Kept on the request while exception views are asked.
#[derive(Debug, Clone)]
pub(crate) struct Raised(pub(crate) Arc<Error>);

/// What an exception view expands to asks for first.
///
/// # Errors
/// Where nothing has gone wrong: such a view was called by hand.
pub fn exception(request: &Request) -> Result<Arc<Error>> {
    request.exception().ok_or_else(|| Error::msg("an exception view was called without an exception"))
}

/// And then: the error as the type of its parameter.
///
/// # Errors
/// Where it is another one.
pub fn exception_as<E: FromException + ?Sized>(error: &Error) -> Result<&E> {
    E::from_exception(error)
        .ok_or_else(|| Error::msg(format!("the exception is no `{}`", std::any::type_name::<E>())))
}

impl Request {
    /// The error that is being answered, in an exception view and whatever it calls; else `None`. Pyramid's `request.exception`.
    pub fn exception(&self) -> Option<Arc<Error>> {
        self.extension::<Raised>().map(|raised| raised.0)
    }
}
