//! `#[view_config]`: a function that answers requests.

mod attr;
mod expand;
mod renderer;
mod rendering;
mod validate;
mod websocket;

use proc_macro2::TokenStream;
use quote::quote;

use crate::syntax::enclosure::is_in_impl;
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;

pub(crate) use attr::{Arguments, Purpose};
pub(crate) use expand::declaration;
pub(crate) use validate::{Block, validate};
#[cfg(feature = "websocket")]
pub(crate) use validate::{Field, validate_struct};

/// The whole macro. The function stays what it was; what is declared stands beside it.
pub(crate) fn expand(purpose: Purpose, attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let arguments = Arguments::read(purpose, attribute, &mut errors);
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        errors.push_with_help(
            &item,
            format_args!("`#[{}]` is put on a function", purpose.attribute()),
            "write it above an `async fn` or a `fn`",
        );
        let errors = errors.finish(()).unwrap_err();
        return quote!(#item #errors);
    };
    if let Some(receiver) = function.signature.receiver() {
        errors.push_with_help(
            receiver,
            "a method is a view only inside an `impl` block that bears `#[view_defaults]`",
            "write `#[view_defaults]` above the `impl`",
        );
    } else if is_in_impl(&function) {
        errors.push_with_help(
            function.name(),
            "a function of a type is a view only inside an `impl` block that bears `#[view_defaults]`",
            "write `#[view_defaults]` above the `impl`",
        );
    }
    let view = validate(purpose, &arguments, &function, None, &mut errors);
    let expansion = match errors.finish(view) {
        Ok(view) => view.map(|view| declaration(&view)).unwrap_or_default(),
        Err(errors) => errors,
    };
    quote!(#item #expansion)
}
