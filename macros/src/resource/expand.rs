//! Writes the expansion of a resource, which can no longer fail:
//!
//! ```text
//! impl Shelf {                                            impl Resource for Shelf {
//!     async fn getitem(&self, name: &str)                     fn getitem<'a>(&'a self, name: &'a str) -> Getitem<'a> {
//!         -> Result<Option<Book>> { .. }           =>             awaited(async move { into_found(Shelf::getitem(self, name).await) })
//! }                                                           }
//!                                                             fn provides(&self) -> &'static [Interface] { .. }
//!                                                         }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Type};

use super::validate::{Method, Resource};
use crate::syntax::function::Nature;
use crate::syntax::names::{ends, private, private_at, private_path};

/// What stands beside the type or its block.
pub(crate) fn resource(resource: &Resource) -> TokenStream {
    let getitem = resource.getitem.as_ref().map(|found| getitem(found, &resource.ty));
    let acl = resource.acl.as_ref().map(|method| acl(method, &resource.ty));
    let provides = provides(resource);
    implementation(resource, &quote!(#getitem #acl #provides))
}

/// One without children, so that whatever refers to it still compiles.
pub(crate) fn stub(resource: &Resource) -> TokenStream {
    implementation(resource, &TokenStream::new())
}

fn implementation(resource: &Resource, methods: &TokenStream) -> TokenStream {
    let Resource { generics, ty, .. } = resource;
    let (generics, _, condition) = generics.split_for_impl();
    // Blamed at the type where threads cannot share it.
    let (first, _) = ends(ty);
    let private = private_at(first);
    quote_spanned! {first=>
        impl #generics #private::Resource for #ty #condition { #methods }
    }
}

fn getitem(method: &Method, ty: &TokenStream) -> TokenStream {
    let private = private();
    let place = method.name.span();
    let name = Ident::new("__name", place);
    let words = Words {
        argument: quote_spanned!(place=> , #name),
        into: "IntoFound::into_found",
        ready: "found",
        waiting: "awaited",
    };
    let body = called(method, ty, &words);
    quote! {
        fn getitem<'__a>(&'__a self, #name: &'__a str) -> #private::Getitem<'__a> { #body }
    }
}

fn acl(method: &Method, ty: &TokenStream) -> TokenStream {
    let private = private();
    let words = Words {
        argument: TokenStream::new(),
        into: "IntoAcl::into_acl",
        ready: "acl_found",
        waiting: "acl_awaited",
    };
    let body = called(method, ty, &words);
    quote! {
        fn acl(&self) -> #private::ResourceAcl<'_> { #body }
    }
}

/// What is called with a method's answer, and what the method is given.
struct Words {
    argument: TokenStream,
    into: &'static str,
    ready: &'static str,
    waiting: &'static str,
}

/// The call of a method, and what becomes of its answer.
fn called(method: &Method, ty: &TokenStream, words: &Words) -> TokenStream {
    let Method { name, nature, output } = method;
    let place = name.span();
    let argument = &words.argument;
    let into = private_path(*output, words.into);
    let (ready, waiting) =
        (private_path((place, place), words.ready), private_path((place, place), words.waiting));
    // What a function is called with is blamed before the function, so it is something that can stand at the return type: two
    // tokens, at its beginning and at its end.
    let answer = Ident::new("__answer", output.0);
    let whole = quote_spanned!(output.1=> #answer.0);
    let call = quote_spanned!(place=> <#ty>::#name(self #argument));
    match nature {
        Nature::Coroutine => quote_spanned! {place=>
            #waiting(async move { let #answer = (#call.await,); #into(#whole) })
        },
        Nature::Plain | Nature::ByType => quote_spanned! {place=>
            let #answer = (#call,);
            #ready(#into(#whole))
        },
    }
}

fn provides(resource: &Resource) -> Option<TokenStream> {
    if resource.provides.is_empty() {
        return None;
    }
    let private = private();
    let interfaces = resource.provides.iter().map(|interface| provided(interface, &resource.ty));
    Some(quote! {
        fn provides(&self) -> &'static [#private::Interface] {
            const { &[#(#interfaces),*] }
        }
    })
}

/// One interface, blamed where it is named.
fn provided(interface: &Type, ty: &TokenStream) -> TokenStream {
    let private = private();
    let (first, last) = ends(interface.to_token_stream());
    let own = Ident::new("__own", last);
    let cast_to = private_path((first, last), "cast_to");
    quote_spanned! {first=>
        #private::Interface {
            key: #private::TypeKey::of::<#interface>(),
            cast: |__resource, __slot| #cast_to::<#ty, #interface>(__resource, __slot, |#own| #own),
        }
    }
}
