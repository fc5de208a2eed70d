//! `#[tween]`: a function that stands around everything that answers requests.

mod attr;
mod expand;
mod validate;

use proc_macro2::TokenStream;
use quote::quote;

use crate::syntax::errors::Errors;
use crate::syntax::function::Function;

use attr::Arguments;

/// The whole macro. The function stays what it was; what is declared stands beside it.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let arguments = Arguments::read(attribute, &mut errors);
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        errors.push_with_help(
            &item,
            "`#[tween]` is put on a function",
            "write it above an `async fn(request: Request, next: Next)` or a `fn(request: Request, next: BlockingNext)`",
        );
        let errors = errors.finish(()).unwrap_err();
        return quote!(#item #errors);
    };
    let tween = validate::validate(arguments, &function, &mut errors);
    let expansion = match errors.finish(tween) {
        Ok(tween) => tween.map(|tween| expand::declaration(&tween)).unwrap_or_default(),
        Err(errors) => errors,
    };
    quote!(#item #expansion)
}
