//! `#[notfound_view_config]`, `#[forbidden_view_config]` and `#[exception_view_config]`: functions that answer what went wrong.
//!
//! They are views with another purpose, and so all they have of their own is their names and their documentation.

use proc_macro2::TokenStream;

use crate::view_config::{Purpose, expand};

pub(crate) fn notfound(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand(Purpose::NotFound, attribute, item)
}

pub(crate) fn forbidden(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand(Purpose::Forbidden, attribute, item)
}

pub(crate) fn exception(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand(Purpose::Exception, attribute, item)
}
