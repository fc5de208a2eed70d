//! `#[template_context(system_values = Site)]`: what a template finds besides what it is rendered with.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Fields, Meta, Type};

use crate::syntax::arguments::{self, Argument};
use crate::syntax::errors::Errors;
use crate::syntax::names::{ends, private_at};

/// The attribute.
const ATTRIBUTE: &str = "template_context";

/// The one argument that there is.
const SYSTEM_VALUES: &str = "system_values";

/// The type that the attribute names.
pub(super) fn read(input: &DeriveInput, errors: &mut Errors) -> Option<Type> {
    let mut given: Vec<Argument> = Vec::new();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident(ATTRIBUTE)) {
        match arguments_of(attribute) {
            Some(tokens) => given.extend(arguments::read(tokens, errors)),
            None => errors.push_with_help(
                attribute.path(),
                format_args!("`{ATTRIBUTE}` has no arguments"),
                format_args!("`#[{ATTRIBUTE}({SYSTEM_VALUES} = Site)]`"),
            ),
        }
    }
    let argument = arguments::known(given, &[SYSTEM_VALUES], errors).into_iter().next()?;
    if !matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Named(_))) {
        errors.push_with_help(
            &argument.key,
            "only for a struct with named fields it is known what templates find in it",
            "put the attribute on the struct that the template is rendered with",
        );
        return None;
    }
    let ty = argument.value.ty();
    if ty.is_none() {
        errors.push_with_help(
            &argument.value,
            format_args!("`{SYSTEM_VALUES}` is the type whose fields are the values"),
            format_args!("`{SYSTEM_VALUES} = Site`"),
        );
    }
    ty
}

fn arguments_of(attribute: &Attribute) -> Option<TokenStream> {
    match &attribute.meta {
        Meta::List(list) if !list.tokens.is_empty() => Some(list.tokens.clone()),
        _ => None,
    }
}

/// The constant of the trait that says it; blamed at the type.
pub(super) fn constant(ty: &Type) -> TokenStream {
    let (first, _) = ends(ty);
    let private = private_at(first);
    let shape = quote_spanned! {first=>
        <<#ty as #private::shape::TemplateContext>::At<#private::shape::Start> as #private::shape::HasShape>::SHAPE
    };
    quote!(const SYSTEM_VALUES: &'static #private::shape::Shape = #shape;)
}
