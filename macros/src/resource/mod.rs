//! `#[resource]`: a node of the tree that paths lead through.

mod attr;
mod expand;
#[cfg(test)]
mod tests;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;

use crate::syntax::errors::Errors;

use attr::Arguments;
use validate::validate;

/// The whole macro. The type, or its block, stays what it was; what is implemented stands beside it.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let arguments = Arguments::read(attribute, &mut errors);
    let resource = validate(arguments, &item, &mut errors);
    match errors.finish(()) {
        Ok(()) => {
            let expansion = resource.map(|resource| expand::resource(&resource));
            quote!(#item #expansion)
        }
        Err(errors) => {
            // Whatever has to do with the type would complain that it is no resource: it is one, with a mistake in it.
            let stub = resource.map(|resource| expand::stub(&resource));
            quote!(#item #errors #stub)
        }
    }
}
