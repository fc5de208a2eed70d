//! A struct: its fields are filled from the handshake.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Fields, Ident, ItemStruct, Meta, Type};

use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, borrow_within, written};
use crate::view_config::{Arguments, Field, Purpose, declaration, validate_struct};

/// The struct without what says how its fields are filled, and beside it what it declares.
pub(super) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    // What is no struct is best explained by the compiler, which will do so.
    let Ok(mut structure) = syn::parse2::<ItemStruct>(item.clone()) else { return item };
    let mut errors = Errors::new();
    let arguments = Arguments::read(Purpose::WebSocket, attribute, &mut errors);
    refuse_generic(&structure, &mut errors);
    let (parameters, fields) = read_fields(&structure, &mut errors);
    let head = head(&structure.ident, &parameters);
    let view = validate_struct(&arguments, &head, fields, &mut errors);
    // Another such attribute further down reads the same fields.
    if !structure.attrs.iter().any(is_websocket) {
        for field in &mut structure.fields {
            field.attrs.retain(|attribute| !is_default(attribute));
        }
    }
    let expansion = match errors.finish(view) {
        Ok(view) => view.map(|view| declaration(&view)).unwrap_or_default(),
        Err(errors) => errors,
    };
    quote!(#structure #expansion)
}

fn is_websocket(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "websocket")
}

fn is_default(attribute: &Attribute) -> bool {
    attribute.path().is_ident("default")
}

fn refuse_generic(structure: &ItemStruct, errors: &mut Errors) {
    let name = &structure.ident;
    let Some(parameter) = structure.generics.params.first() else { return };
    let (message, help) = match parameter {
        syn::GenericParam::Lifetime(_) => (
            "a websocket outlives its handshake, so it cannot borrow".to_owned(),
            "own what is in the fields: a `String` instead of a `&str`".to_owned(),
        ),
        _ => (
            "a websocket cannot be generic: nobody could say for which type it is made".to_owned(),
            format!("name the type in the field, or write a struct that has a `{name}<...>` in it"),
        ),
    };
    errors.push_with_help(parameter, message, help);
}

/// The fields that are filled as parameters are, and all of them.
fn read_fields<'s>(
    structure: &'s ItemStruct,
    errors: &mut Errors,
) -> (Vec<(&'s Ident, &'s Type)>, Vec<Field>) {
    let (mut parameters, mut fields) = (Vec::new(), Vec::new());
    let named = match &structure.fields {
        Fields::Named(fields) => &fields.named,
        Fields::Unit => return (parameters, fields),
        Fields::Unnamed(unnamed) => {
            let named = unnamed.unnamed.iter().enumerate().map(|(place, field)| {
                let name = if place == 0 { "room".to_owned() } else { format!("field_{place}") };
                format!("{name}: {}", written(&field.ty))
            });
            let named = named.collect::<Vec<_>>().join(", ");
            errors.push_with_help(
                unnamed,
                "the fields of a websocket have names: a placeholder of the route is found by its name",
                format_args!("`struct {} {{ {named} }}`", structure.ident),
            );
            return (parameters, fields);
        }
    };
    for field in named {
        let Some(name) = &field.ident else { continue };
        let value = if let Some(attribute) = field.attrs.iter().find(|attribute| is_default(attribute)) {
            Some(default(attribute, &field.ty, errors))
        } else {
            // Of what is borrowed the compiler asks for a lifetime, and with one the struct was refused.
            if let Type::Reference(reference) = &field.ty
                && borrow_within(&field.ty).is_none()
            {
                errors.push_with_help(
                    reference,
                    "no handshake gives what lives as long as the program",
                    "own it, as a `String`; or say what it is: `#[default(\"...\")]`",
                );
            } else if borrow_within(&field.ty).is_none() {
                parameters.push((name, &field.ty));
            }
            None
        };
        fields.push(Field { name: name.clone(), value });
    }
    (parameters, fields)
}

/// What fills a field that is not taken from the handshake.
fn default(attribute: &Attribute, ty: &Type, errors: &mut Errors) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => quote!(<#ty as ::core::default::Default>::default()),
        Meta::List(list) if syn::parse2::<syn::Expr>(list.tokens.clone()).is_ok() => list.tokens.clone(),
        Meta::List(_) | Meta::NameValue(_) => {
            errors.push_with_help(
                &attribute.meta,
                "`default` stands alone, or with an expression in parentheses",
                "`#[default]` or `#[default(Vec::with_capacity(8))]`",
            );
            TokenStream::new()
        }
    }
}

/// The head of the function whose parameters the fields would be.
fn head(name: &Ident, parameters: &[(&Ident, &Type)]) -> Function {
    let inputs = parameters.iter().map(|(name, ty)| quote!(#name: #ty));
    Function {
        attributes: Vec::new(),
        visibility: syn::Visibility::Inherited,
        signature: syn::parse_quote!(async fn #name(#(#inputs),*)),
        body: quote!({}),
    }
}
