//! `#[subscriber]`: a function that is told when something happens.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{FnArg, Ident, Type};

use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, written};
use crate::syntax::names::{of_trait, private, private_at, private_path};

/// The whole macro. The function stays what it was; what is declared stands beside it.
pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    if !attribute.is_empty() {
        errors.push_with_help(
            attribute,
            "`#[subscriber]` has no arguments: the type of the parameter says what it is told of",
            "`#[subscriber]`",
        );
    }
    let Ok(function) = syn::parse2::<Function>(item.clone()) else {
        errors.push_with_help(
            &item,
            "`#[subscriber]` is put on a function",
            "write it above an `async fn` or a `fn` with one parameter: `event: &NewRequest`",
        );
        let errors = errors.finish(()).unwrap_err();
        return quote!(#item #errors);
    };
    function.refuse_unfit_as("subscriber", "subscriber", &mut errors);
    let event = event(&function, &mut errors);
    let expansion = match errors.finish(event) {
        Ok(event) => event.map(|event| declaration(&function, &event)).unwrap_or_default(),
        Err(errors) => errors,
    };
    quote!(#item #expansion)
}

/// The type of the event.
fn event(function: &Function, errors: &mut Errors) -> Option<Type> {
    const HELP: &str = "take it borrowed, and nothing else: `event: &NewRequest`";
    let mut inputs = function.signature.inputs.iter();
    let (first, second) = (inputs.next(), inputs.next());
    match (first, second) {
        (None, _) => {
            errors.push_with_help(function.name(), "a subscriber is told of an event", HELP);
            None
        }
        (Some(FnArg::Receiver(receiver)), _) => {
            errors.push_with_help(
                receiver,
                "a subscriber is a function, and no method",
                "write a function that calls the method",
            );
            None
        }
        (Some(_), Some(extra)) => {
            errors.push_with_help(extra, "a subscriber is told of one event", HELP);
            None
        }
        (Some(FnArg::Typed(parameter)), None) => match &*parameter.ty {
            Type::Reference(reference) if reference.mutability.is_none() => Some((*reference.elem).clone()),
            Type::Reference(reference) => {
                errors.push_with_help(
                    reference,
                    "an event is shared by all its subscribers, so none can borrow it to change it",
                    format_args!("take a `&{}`", written(&reference.elem)),
                );
                None
            }
            owned => {
                errors.push_with_help(
                    owned,
                    "an event is shared by all its subscribers, so each borrows it",
                    format_args!("take a `&{}`", written(owned)),
                );
                None
            }
        },
    }
}

fn declaration(function: &Function, event: &Type) -> TokenStream {
    let private = private();
    let call = function.name();
    let name = call.to_string();
    // A type that is no event is blamed here, and only here.
    let key = of_trait(event, &quote!(Event), "KEY");
    let told = told(function, event, call.span());
    quote! {
        const _: () = {
            static __SUBSCRIBER: #private::SubscriberDeclaration = #private::SubscriberDeclaration {
                name: #name,
                event: #key,
                call: |__event| #told,
                origin: #private::origin!(),
            };
            #private::inventory::submit! { #private::Declaration::Subscriber(&__SUBSCRIBER) }
        };
    }
}

fn told(function: &Function, event: &Type, place: Span) -> TokenStream {
    let private = private_at(place);
    let call = function.name();
    let (first, last) = function.output_ends();
    let outcome = private_path((first, last), "IntoOutcome::into_outcome");
    let returned = Ident::new("__returned", first);
    let whole = quote_spanned!(last=> #returned.0);
    if function.signature.asyncness.is_some() {
        quote_spanned! {place=>
            #private::waiting::<#event, _>(__event, |__event| async move {
                let #returned = (#call(&__event).await,);
                #outcome(#whole)
            })
        }
    } else {
        quote_spanned! {place=>
            #private::working::<#event>(__event, |__event| {
                let #returned = (#call(__event),);
                #outcome(#whole)
            })
        }
    }
}
