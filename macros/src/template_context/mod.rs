//! `#[derive(TemplateContext)]`: what templates find in a type.
//!
//! ```text
//! struct Shelf { number: u32, books: Vec<Book> }
//!   =>
//! struct __Shape<N>(..);
//! impl TemplateContext for Shelf { type At<N> = N::Within<__Shape<N>>; }
//! impl<N> HasShape for __Shape<N> { const SHAPE = Record { "Shelf", [
//!     Field { "number", ShapeProbe::<u32, N::Lower>::SHAPE }, Field { "books", ShapeProbe::<Vec<Book>, N::Lower>::SHAPE } ] } }
//! ```

mod attributes;
mod system_values;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DataEnum, DeriveInput, Fields, GenericParam, Type, parse_quote};

use self::attributes::{Container, FieldAttributes};
use crate::syntax::errors::Errors;
use crate::syntax::names::{plain_name, private};

/// The whole macro.
pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let container = Container::read(&input.attrs);
    let shape = match &input.data {
        _ if container.opaque => opaque(),
        Data::Struct(data) => of_struct(&input, &data.fields, &container),
        Data::Enum(data) => of_enum(data, &container),
        Data::Union(_) => opaque(),
    };
    let mut errors = Errors::new();
    let system_values = system_values::read(&input, &mut errors);
    let system_values = system_values.as_ref().map(system_values::constant).unwrap_or_default();
    let implementation = implementation(&input, &shape, &system_values);
    match errors.finish(()) {
        Ok(()) => implementation,
        Err(errors) => quote!(#implementation #errors),
    }
}

fn opaque() -> TokenStream {
    let private = private();
    quote!(&#private::shape::Shape::Opaque)
}

/// The shape of what is in a field.
fn of_type(ty: &Type) -> TokenStream {
    let private = private();
    quote!(<#private::ShapeProbe<#ty, __N::Lower>>::SHAPE)
}

fn of_struct(input: &DeriveInput, fields: &Fields, container: &Container) -> TokenStream {
    let private = private();
    match fields {
        Fields::Unit => quote!(&#private::shape::Shape::Scalar),
        Fields::Unnamed(fields) => match fields.unnamed.first() {
            // A type around another one is written as that one.
            Some(only) if fields.unnamed.len() == 1 => of_type(&only.ty),
            _ => opaque(),
        },
        Fields::Named(fields) => {
            let mut records = Vec::new();
            for field in &fields.named {
                let attributes = FieldAttributes::read(&field.attrs);
                if attributes.skipped {
                    continue;
                }
                let shape = if attributes.opaque { opaque() } else { of_type(&field.ty) };
                if container.transparent {
                    return shape;
                }
                let name = if attributes.flattened {
                    String::new()
                } else {
                    let own = field.ident.as_ref().map(plain_name).unwrap_or_default();
                    attributes.renamed.unwrap_or_else(|| container.rule.apply(&own))
                };
                records.push(quote!(#private::shape::Field { name: #name, shape: #shape }));
            }
            if let Some(tag) = &container.tag {
                records.push(
                    quote!(#private::shape::Field { name: #tag, shape: &#private::shape::Shape::Scalar }),
                );
            }
            let name = plain_name(&input.ident);
            quote!(&#private::shape::Shape::Record { name: #name, fields: &[#(#records),*] })
        }
    }
}

/// Variants without fields are written as texts; others in one of several ways, which is not looked into.
fn of_enum(data: &DataEnum, container: &Container) -> TokenStream {
    let private = private();
    let plain = data.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit));
    if plain && container.tag.is_none() { quote!(&#private::shape::Shape::Scalar) } else { opaque() }
}

fn implementation(input: &DeriveInput, shape: &TokenStream, system_values: &TokenStream) -> TokenStream {
    let private = private();
    let ident = &input.ident;
    let mut generics = input.generics.clone();
    let lifetimes: Vec<_> = generics.lifetimes().map(|parameter| parameter.lifetime.clone()).collect();
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter {
            parameter.bounds.push(parse_quote!(#private::shape::TemplateContext));
            for lifetime in &lifetimes {
                parameter.bounds.push(parse_quote!(#lifetime));
            }
            parameter.default = None;
        }
    }
    let mut deeper = generics.clone();
    deeper.params.push(parse_quote!(__N: #private::shape::Depth));
    let (of_type, arguments, bounds) = generics.split_for_impl();
    let (of_shape, shape_arguments, _) = deeper.split_for_impl();
    let marker = format_ident!("__Shape");
    let parameters = deeper.params.iter().map(|parameter| match parameter {
        GenericParam::Lifetime(parameter) => {
            let lifetime = &parameter.lifetime;
            quote!(#lifetime)
        }
        GenericParam::Type(parameter) => {
            let (name, sized) = (&parameter.ident, parameter.bounds.iter().any(is_unsized));
            if sized { quote!(#name: ?::core::marker::Sized) } else { quote!(#name) }
        }
        GenericParam::Const(parameter) => {
            let (name, ty) = (&parameter.ident, &parameter.ty);
            quote!(const #name: #ty)
        }
    });
    let uses = deeper.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Lifetime(parameter) => {
            let lifetime = &parameter.lifetime;
            Some(quote!(::core::marker::PhantomData<&#lifetime ()>))
        }
        GenericParam::Type(parameter) => {
            let name = &parameter.ident;
            Some(quote!(::core::marker::PhantomData<#name>))
        }
        GenericParam::Const(_) => None,
    });
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #private::NoShape as _;

            #[allow(dead_code)]
            pub struct #marker<#(#parameters),*>(#(#uses),*);

            #[automatically_derived]
            impl #of_type #private::shape::TemplateContext for #ident #arguments #bounds {
                type At<__N: #private::shape::Depth> = __N::Within<#marker #shape_arguments>;
                #system_values
            }

            #[automatically_derived]
            impl #of_shape #private::shape::HasShape for #marker #shape_arguments #bounds {
                const SHAPE: &'static #private::shape::Shape = #shape;
            }
        };
    }
}

/// `?Sized`
fn is_unsized(bound: &syn::TypeParamBound) -> bool {
    let text = quote!(#bound).to_string();
    text.starts_with('?')
}
