//! The `impl` block of a struct's methods: those that are plain functions are called in the executor.
//!
//! ```text
//! impl WebSocketView for Room {                    impl WebSocketView for Room {
//!     async fn on_open(..) { .. }                      const PLAIN: PlainCallbacks<Self, Message> = ..;
//!     fn on_message(..) -> Result<()> { .. }   =>      async fn on_open(..) { .. }
//! }                                                }
//!                                                  impl Room {
//!                                                      fn __plain_on_message(..) -> Result<()> { .. }
//!                                                  }
//! ```

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, GenericArgument, Generics, Ident, Path, PathArguments, Token, Type};

use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, Nature, is_named, members, written};
use crate::syntax::names::{ends, private, private_at, private_path};

/// The methods of the trait: their names, and their parameters after `&mut self`.
const METHODS: &[(&str, &[&str])] = &[
    ("on_open", &["ws: &mut WebSocket"]),
    ("on_message", &["ws: &mut WebSocket", "message: Message"]),
    ("on_close", &["close: Option<CloseFrame>"]),
];

pub(super) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::new();
    // What is no such block is best explained by the compiler, which will do so.
    let Ok(block) = syn::parse2::<Block>(item.clone()) else { return item };
    let Some(implemented) = block.implemented.as_ref().filter(|path| is_view(path)) else {
        let ty = &block.ty;
        let name = written(ty);
        errors.push_with_help(
            block.implemented.as_ref().map_or_else(|| ty.to_token_stream(), ToTokens::to_token_stream),
            "of `impl` blocks, `#[websocket]` is put on that of `WebSocketView`",
            format_args!("write it above `impl WebSocketView for {name}`, or above an `async fn`"),
        );
        let errors = errors.finish(()).unwrap_err();
        return quote!(#item #errors);
    };
    if !attribute.is_empty() {
        errors.push_with_help(
            attribute,
            "the methods of a websocket have no arguments: those stand above the struct",
            "`#[websocket]`",
        );
    }
    let message = message(implemented);
    let (plain, others): (Vec<_>, Vec<_>) = block.methods.iter().partition(|method| is_plain(method));
    for method in &plain {
        check(method, &mut errors);
        if message.is_none() {
            check_message(method, &block.ty, &mut errors);
        }
    }
    let sound = errors.is_empty();
    let errors = errors.finish(()).err();
    let Block { attributes, generics, ty, others: items, .. } = &block;
    let before = &block.before;
    let (parameters, _, condition) = generics.split_for_impl();
    let callbacks = plain.iter().map(|method| callback(method, message.as_ref()));
    let stand_in = plain
        .iter()
        .find(|method| method.name() == "on_message")
        .map(|method| stand_in(method, message.as_ref()));
    let constant = (sound && !plain.is_empty()).then(|| {
        let private = private();
        let message = message_or_default(message.as_ref());
        quote! {
            const PLAIN: #private::websocket::PlainCallbacks<Self, #message> = #private::websocket::PlainCallbacks {
                #(#callbacks,)*
                ..#private::websocket::PlainCallbacks::NONE
            };
        }
    });
    let moved = plain.iter().map(|method| {
        let Function { attributes, signature, body, .. } = method;
        let mut signature = signature.clone();
        signature.ident = hidden(&signature.ident);
        quote!(#(#attributes)* #signature #body)
    });
    let moved =
        (!plain.is_empty()).then(|| quote!(#[doc(hidden)] impl #parameters #ty #condition { #(#moved)* }));
    quote! {
        #(#attributes)*
        #before impl #parameters #implemented for #ty #condition {
            #constant
            #(#items)*
            #(#others)*
            #stand_in
        }
        #moved
        #errors
    }
}

/// An `impl` block whose methods' bodies were not looked at.
struct Block {
    attributes: Vec<Attribute>,
    before: Option<Token![unsafe]>,
    generics: Generics,
    implemented: Option<Path>,
    ty: Type,
    methods: Vec<Function>,
    /// Constants and the like.
    others: Vec<TokenStream>,
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let before = input.parse()?;
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = input.parse()?;
        let first: Type = input.parse()?;
        let (implemented, ty) = if input.peek(Token![for]) {
            input.parse::<Token![for]>()?;
            (Some(syn::parse2(first.into_token_stream())?), input.parse()?)
        } else {
            (None, first)
        };
        generics.where_clause = input.parse()?;
        let inner;
        syn::braced!(inner in input);
        let (methods, others) = members(&inner)?;
        Ok(Self { attributes, before, generics, implemented, ty, methods, others })
    }
}

fn is_view(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "WebSocketView")
}

/// The type of the messages, where the trait's path names it.
fn message(implemented: &Path) -> Option<Type> {
    let PathArguments::AngleBracketed(arguments) = &implemented.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    })
}

fn message_or_default(message: Option<&Type>) -> TokenStream {
    let private = private();
    message.map_or_else(|| quote!(#private::websocket::Message), ToTokens::to_token_stream)
}

/// Whether it is one of the trait's methods, and no coroutine. What returns a future that it makes itself is one.
fn is_plain(method: &Function) -> bool {
    METHODS.iter().any(|(name, _)| method.name() == name) && method.nature() != Nature::Coroutine
}

/// Notes a head that the trait's method does not have.
fn check(method: &Function, errors: &mut Errors) {
    let name = method.name();
    let Some((_, expected)) = METHODS.iter().find(|(known, _)| name == known) else { return };
    let receiver = method.signature.receiver();
    let sound =
        matches!(receiver.map(|receiver| &receiver.kind), Some(syn::ReceiverKind::Reference(_, _, Some(_))));
    let parameters = method.signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).count();
    if !sound || parameters != expected.len() {
        let returns = if name == "on_close" { "" } else { " -> Result<()>" };
        errors.push_with_help(
            name,
            format_args!("this is not the head of a websocket's `{name}`"),
            format_args!("`fn {name}(&mut self, {}){returns}`", expected.join(", ")),
        );
    }
    if let Some(parameter) = method.signature.generics.params.first() {
        errors.push_with_help(
            parameter,
            format_args!("a websocket's `{name}` cannot be generic"),
            "remove the parameter",
        );
    }
}

/// Notes a message of a type that the trait's path does not say, where that is `Message`.
fn check_message(method: &Function, view: &Type, errors: &mut Errors) {
    let taken = method.signature.inputs.iter().nth(2);
    let Some(FnArg::Typed(taken)) = taken.filter(|_| method.name() == "on_message") else { return };
    if !is_named(&taken.ty, "Message") {
        errors.push_with_help(
            &taken.ty,
            "messages of another type than `Message` are named by the trait too",
            format_args!("`impl WebSocketView<{}> for {}`", written(&taken.ty), written(view)),
        );
    }
}

/// The name under which a plain method is kept.
fn hidden(name: &Ident) -> Ident {
    Ident::new(&format!("__plain_{name}"), name.span())
}

/// A field of the constant: a function that calls the method.
fn callback(method: &Function, message: Option<&Type>) -> TokenStream {
    let name = method.name();
    let hidden = hidden(name);
    let place = name.span();
    let private = private_at(place);
    let some = quote_spanned!(place=> ::core::option::Option::Some);
    let (first, last) = method.output_ends();
    let returned = Ident::new("__returned", first);
    let whole = quote_spanned!(last=> #returned.0);
    let given: Vec<_> = method
        .signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => Some(ends(&typed.ty).0),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let at = |place: usize| given.get(place).copied().unwrap_or_else(Span::call_site);
    if name == "on_close" {
        let close = Ident::new("__close", at(0));
        // The compiler says at the return type that nobody takes a value.
        let call = quote_spanned!(last=> __view.#hidden(#close));
        return quote_spanned! {place=>
            on_close: #some(|__view: &mut Self, #close: ::core::option::Option<#private::websocket::CloseFrame>| { #call })
        };
    }
    let outcome = private_path((first, last), "websocket::IntoOutcome::into_outcome");
    let socket = Ident::new("__socket", at(0));
    let (parameter, argument) = if name == "on_message" {
        let ty = message_or_default(message);
        let message = Ident::new("__message", at(1));
        (quote!(, #message: #ty), quote!(, #message))
    } else {
        (TokenStream::new(), TokenStream::new())
    };
    quote_spanned! {place=>
        #name: #some(|__view: &mut Self, #socket: &mut #private::websocket::WebSocket #parameter| {
            let #returned = (__view.#hidden(#socket #argument),);
            #outcome(#whole)
        })
    }
}

/// The method that the trait wants to be there, which nobody calls.
fn stand_in(method: &Function, message: Option<&Type>) -> TokenStream {
    let private = private();
    let name = method.name();
    let message = message_or_default(message);
    quote! {
        fn #name(
            &mut self,
            _: &mut #private::websocket::WebSocket,
            _: #message,
        ) -> impl #private::websocket::Callback {
            ::core::future::ready(::core::result::Result::Ok(()))
        }
    }
}
