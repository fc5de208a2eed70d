//! `#[use_executor]` and `#[synchronize]`: from one kind of function to the other.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{FnArg, Ident, ReceiverKind, ReturnType};

use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, borrow_within, is_result};
use crate::syntax::names::{private, private_path};

/// A plain function becomes an `async fn` whose body runs in the executor.
pub(crate) fn use_executor(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let Some(function) = function(attribute, &item, "use_executor", &mut errors) else {
        return unchanged(errors, &item);
    };
    if let Some(asynchronous) = &function.signature.asyncness {
        errors.push_with_help(
            asynchronous,
            "`#[use_executor]` makes a plain function an `async fn`, and this is one already",
            "remove the `async`",
        );
    }
    for input in &function.signature.inputs {
        match input {
            FnArg::Typed(typed) => {
                if let Some(borrow) = borrow_within(&typed.ty) {
                    errors.push_with_help(
                        borrow,
                        "the body runs on another thread, so what it is given must be owned",
                        "take an owned value, or an `Arc`",
                    );
                }
            }
            FnArg::Receiver(receiver) => {
                if matches!(receiver.kind, ReceiverKind::Reference(..)) {
                    errors.push_with_help(
                        receiver,
                        "the body runs on another thread, so what it is given must be owned",
                        "take `self`, or an `Arc<Self>`",
                    );
                }
            }
        }
    }
    let Function { attributes, visibility, signature, body } = &function;
    let mut signature = signature.clone();
    signature.asyncness = Some(syn::Token![async](signature.fn_token.span));
    let output = &function.signature.output;
    // What the body takes along is blamed at the function's name, what it gives back at the return type.
    let work = Ident::new("__work", function.name().span());
    let closure = quote_spanned!(function.name().span()=> move || #output #body);
    let (output_begins, _) = function.output_ends();
    let use_executor = private_path((output_begins, output_begins), "use_executor");
    let call = quote_spanned!(output_begins=> #use_executor(#work).await);
    let expansion = quote! {
        #(#attributes)*
        #visibility #signature {
            let #work = #closure;
            #call
        }
    };
    errors.finish(expansion).unwrap_or_else(|errors| quote!(#item #errors))
}

/// An `async fn` becomes a plain function that blocking code may call.
pub(crate) fn synchronize(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    let Some(function) = function(attribute, &item, "synchronize", &mut errors) else {
        return unchanged(errors, &item);
    };
    if function.signature.asyncness.is_none() {
        errors.push_with_help(
            function.signature.fn_token,
            "`#[synchronize]` makes an `async fn` a plain function, and this is one already",
            "write `async fn`, or remove the attribute",
        );
    }
    let Function { attributes, visibility, signature, body } = &function;
    let mut signature = signature.clone();
    signature.asyncness = None;
    let returned = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let synchronize = private_path(function.output_ends(), "synchronize");
    let coroutine = quote!(#synchronize(async move { let __returned: #returned = #body; __returned }));
    let body = match &function.signature.output {
        // A function that can fail already fails with one more thing, and keeps its signature.
        ReturnType::Type(_, ty) if is_result(ty) => {
            let from_scope = private_path(function.output_ends(), "FromScope::from_scope");
            let failure = quote_spanned!(function.output_ends().1=> #from_scope(__scope));
            quote! {
                match #coroutine {
                    ::core::result::Result::Ok(__returned) => __returned,
                    ::core::result::Result::Err(__scope) => ::core::result::Result::Err(#failure),
                }
            }
        }
        _ => {
            let private = private();
            signature.output = syn::parse_quote!(-> ::core::result::Result<#returned, #private::ScopeError>);
            coroutine
        }
    };
    let expansion = quote!(#(#attributes)* #visibility #signature { #body });
    errors.finish(expansion).unwrap_or_else(|errors| quote!(#item #errors))
}

fn function(attribute: TokenStream, item: &TokenStream, name: &str, errors: &mut Errors) -> Option<Function> {
    if !attribute.is_empty() {
        errors.push_with_help(
            attribute,
            format_args!("`#[{name}]` has no arguments"),
            format_args!("`#[{name}]`"),
        );
    }
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) if !function.body.is_empty() => Some(function),
        _ => {
            let written = if name == "synchronize" { "an `async fn`" } else { "a `fn`" };
            errors.push_with_help(
                item,
                format_args!("`#[{name}]` is put on a function"),
                format_args!("write it above {written}"),
            );
            None
        }
    }
}

fn unchanged(errors: Errors, item: &TokenStream) -> TokenStream {
    let errors = errors.finish(()).err();
    quote!(#item #errors)
}
