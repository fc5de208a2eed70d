//! What an expansion asks of the types that views for errors and for traversal name.

use crate::app::traversal::Resource;
use crate::app::type_key::TypeKey;
use crate::app::view::exception::exception_as;
use crate::app::view::{ErrorType, FromException};
use crate::error::{Error, Result};

/// The parameter of a view that is for errors of the type `E`: such an error, or any.
#[diagnostic::on_unimplemented(
    message = "this view is for `{E}`, and so cannot take a `&{Self}`",
    label = "not the error that is answered here",
    note = "take a `&{E}`, or a `&aiopyramid::Error`, which is any error",
    note = "`#[exception_view_config]` without a `context` is for the error that is its parameter"
)]
pub trait Answers<E> {
    /// What the view is found by.
    const KEY: ErrorType;

    /// The error as this type.
    ///
    /// # Errors
    /// Where it is another one.
    fn take(error: &Error) -> Result<&Self>;
}

#[diagnostic::do_not_recommend]
impl<E: FromException> Answers<E> for E {
    const KEY: ErrorType = <E as FromException>::KEY;

    fn take(error: &Error) -> Result<&Self> {
        exception_as(error)
    }
}

impl<E: std::error::Error + Send + Sync + 'static> Answers<E> for Error {
    const KEY: ErrorType = <E as FromException>::KEY;

    fn take(error: &Error) -> Result<&Self> {
        Ok(error)
    }
}

/// The context of a view, or what contains it: the type of a resource.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no resource, so no path can lead to one",
    label = "not a resource",
    note = "implement `aiopyramid::traversal::Resource` for it; a trait that resources provide is written `dyn Trait`"
)]
pub trait ResourceType {
    /// What it is found by.
    const KEY: TypeKey;
}

#[diagnostic::do_not_recommend]
impl<R: Resource + ?Sized> ResourceType for R {
    const KEY: TypeKey = TypeKey::of::<R>();
}
