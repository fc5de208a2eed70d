//! Writes what stands beside a tween. Cannot fail.
//!
//! ```text
//! #[tween(under = outer)]                    inventory::submit! { Declaration::Tween(&TweenDeclaration {
//! async fn inner(request: Request,     =>        name: "inner", under: &[Function(|| type_name_of_val(&outer))],
//!     next: Next) -> Result<Response>            callable: Coroutine(|request, next| answering(async move {
//! { .. }                                             into_response(inner(request, next).await) })), .. }) }
//! ```

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::attr::Neighbour;
use super::validate::Tween;
use crate::syntax::names::{ends, private, private_at, private_path};

pub(super) fn declaration(tween: &Tween) -> TokenStream {
    let private = private();
    let name = tween.ident.to_string();
    let callable = callable(tween);
    let pool = match &tween.pool {
        None => quote!(::core::option::Option::None),
        Some(pool) => quote!(::core::option::Option::Some(#pool)),
    };
    let under = tween.under.iter().map(reference);
    let over = tween.over.iter().map(reference);
    quote! {
        const _: () = {
            static __TWEEN: #private::TweenDeclaration = #private::TweenDeclaration {
                name: #name,
                callable: #callable,
                pool: #pool,
                under: &[#(#under),*],
                over: &[#(#over),*],
                origin: #private::origin!(),
            };
            #private::inventory::submit! { #private::Declaration::Tween(&__TWEEN) }
        };
    }
}

fn callable(tween: &Tween) -> TokenStream {
    let place = tween.ident.span();
    let private = private_at(place);
    let call = &tween.ident;
    // A parameter of another type is blamed where its type is written.
    let (request, next) = &tween.parameters;
    let (request, next) = (ends(request).0, ends(next).0);
    let request = Ident::new("__request", request);
    let next = Ident::new("__next", next);
    let (first, last) = tween.output;
    let answer = Ident::new("__answer", first);
    let into_response = private_path(tween.output, "IntoResponse::into_response");
    let whole = quote_spanned!(last=> #answer.0);
    let respond = quote_spanned!(place=> #into_response(#whole));
    if tween.coroutine {
        let returned = quote_spanned!(place=> #call(#request, #next).await);
        quote_spanned! {place=>
            #private::TweenCallable::Coroutine(|#request, #next| #private::answering(async move {
                let #answer = (#returned,);
                #respond
            }))
        }
    } else {
        quote_spanned! {place=>
            #private::TweenCallable::Plain(|#request, #next| {
                let #answer = (#call(#request, #next),);
                #respond
            })
        }
    }
}

fn reference(neighbour: &Neighbour) -> TokenStream {
    let private = private();
    match neighbour {
        Neighbour::Word(word) => {
            let word = word.to_string();
            quote!(#private::TweenReference::Name(#word))
        }
        Neighbour::Name(name) => quote!(#private::TweenReference::Name(#name)),
        Neighbour::Function(path) => {
            let name_of = private_path((path.span(), path.span()), "tween_name");
            quote_spanned!(path.span()=> #private::TweenReference::Function(|| #name_of(&#path)))
        }
    }
}
