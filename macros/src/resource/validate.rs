//! Checks what the attribute stands on: what comes out can be expanded without a further look.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Generics, Ident, ReceiverKind, ReturnType, Token, Type, Visibility};

use super::attr::Arguments;
use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, Nature, is_named, written};
use crate::syntax::suggestion;

/// A resource that can be expanded.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) generics: Generics,
    /// The type, as it stands behind `impl`.
    pub(crate) ty: TokenStream,
    pub(crate) provides: Vec<Type>,
    /// `None` for one without children.
    pub(crate) getitem: Option<Getitem>,
}

/// Its `getitem`.
#[derive(Debug)]
pub(crate) struct Getitem {
    pub(crate) name: Ident,
    pub(crate) nature: Nature,
    /// Where its return type begins and ends.
    pub(crate) output: (Span, Span),
}

const SIGNATURE: &str = "`fn getitem(&self, name: &str) -> Option<Book>`";

/// Checks everything. What comes out is to be expanded only if no mistake was noted.
pub(crate) fn validate(arguments: Arguments, item: &TokenStream, errors: &mut Errors) -> Option<Resource> {
    let Arguments { provides } = arguments;
    if let Ok(named) = syn::parse2::<Named>(item.clone()) {
        let (_, generics, _) = named.generics.split_for_impl();
        let ident = &named.ident;
        let ty = quote::quote!(#ident #generics);
        return Some(Resource { ty, generics: named.generics, provides, getitem: None });
    }
    let block = match syn::parse2::<Block>(item.clone()) {
        Ok(block) => block,
        Err(error) => {
            // What is no `impl` at all needs no further reason.
            let error = match error.to_string() {
                reason if reason == "expected `impl`" => String::new(),
                reason => format!(": {reason}"),
            };
            errors.push_with_help(
                item,
                format_args!("`#[resource]` is put on a type, or on the `impl` block of one{error}"),
                format_args!("write it above `impl Shelf {{ ... }}` with a {SIGNATURE}, or above a struct without children"),
            );
            return None;
        }
    };
    let function = block.functions.iter().find(|function| function.name() == "getitem");
    let Some(function) = function else {
        missing(&block, errors);
        let Block { generics, ty, .. } = block;
        return Some(Resource { generics, ty: ty.into_token_stream(), provides, getitem: None });
    };
    check(function, errors);
    let getitem = Some(Getitem {
        name: function.name().clone(),
        nature: function.nature(),
        output: function.output_ends(),
    });
    Some(Resource { generics: block.generics, ty: block.ty.into_token_stream(), provides, getitem })
}

fn missing(block: &Block, errors: &mut Errors) {
    let ty = written(&block.ty);
    let near = |function: &&Function| {
        let name = function.name().to_string();
        suggestion::is_near(&name, "getitem") || name == "get"
    };
    match block.functions.iter().find(near) {
        Some(function) => errors.push_with_help(
            function.name(),
            format_args!("a resource is asked for its children by `getitem`, and `{ty}` has none"),
            "did you mean `getitem`?",
        ),
        None => errors.push_with_help(
            &block.ty,
            format_args!("a resource is asked for its children by `getitem`, and `{ty}` has none"),
            format_args!("add {SIGNATURE}; a resource without children has `#[resource]` above its struct"),
        ),
    }
}

/// Notes where `getitem` cannot be called as the walk calls it.
fn check(function: &Function, errors: &mut Errors) {
    let signature = &function.signature;
    if let syn::Safety::Unsafe(unsafety) = &signature.safety {
        errors.push_with_help(
            unsafety,
            "`getitem` cannot be unsafe: names come from strangers",
            "put the `unsafe` block into the body, with the reason why it is sound",
        );
    }
    let types = signature.generics.type_params().map(ToTokens::to_token_stream);
    let consts = signature.generics.const_params().map(ToTokens::to_token_stream);
    if let Some(parameter) = types.chain(consts).next() {
        errors.push_with_help(
            parameter,
            "`getitem` cannot be generic: nobody could say for what it is called",
            SIGNATURE,
        );
    }
    let mut inputs = signature.inputs.iter();
    match inputs.next() {
        Some(FnArg::Receiver(receiver)) => {
            if !matches!(&receiver.kind, ReceiverKind::Reference(_, _, None)) {
                errors.push_with_help(
                    receiver,
                    "`getitem` takes `&self`: all requests share the resource",
                    SIGNATURE,
                );
            }
        }
        Some(first) => errors.push_with_help(first, "`getitem` takes `&self` first", SIGNATURE),
        None => {
            errors.push_with_help(
                function.name(),
                "`getitem` takes `&self` and the name of a child",
                SIGNATURE,
            );
            return;
        }
    }
    let has_receiver = signature.receiver().is_some();
    match inputs.next() {
        Some(FnArg::Typed(typed)) if !is_text(&typed.ty) => {
            errors.push_with_help(&typed.ty, "the name of a child is a `&str`", SIGNATURE);
        }
        None if has_receiver => errors.push_with_help(
            function.name(),
            "`getitem` takes the name of a child, and here it takes none",
            SIGNATURE,
        ),
        _ => {}
    }
    if let Some(more) = inputs.next() {
        errors.push_with_help(
            more,
            "`getitem` takes nothing but the name of a child",
            "what else it needs, the resource has in its fields",
        );
    }
    if matches!(signature.output, ReturnType::Default) {
        errors.push_with_help(
            function.name(),
            "`getitem` returns a child, and here it returns nothing",
            SIGNATURE,
        );
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_none() && is_named(&reference.elem, "str"))
}

/// A struct or an enum, of which only the head is looked at.
struct Named {
    ident: Ident,
    generics: Generics,
}

impl Parse for Named {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        match input.parse::<syn::Item>()? {
            syn::Item::Struct(item) => Ok(Self { ident: item.ident, generics: item.generics }),
            syn::Item::Enum(item) => Ok(Self { ident: item.ident, generics: item.generics }),
            other => Err(syn::Error::new_spanned(other, "no type")),
        }
    }
}

/// An `impl` block whose methods' bodies were not looked at.
struct Block {
    generics: Generics,
    ty: Type,
    functions: Vec<Function>,
}

impl Parse for Block {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = input.parse()?;
        let ty: Type = input.parse()?;
        if input.peek(Token![for]) {
            return Err(input.error("this one is of a trait"));
        }
        generics.where_clause = input.parse()?;
        let inner;
        syn::braced!(inner in input);
        let mut functions = Vec::new();
        while !inner.is_empty() {
            let ahead = inner.fork();
            ahead.call(Attribute::parse_outer)?;
            ahead.parse::<Visibility>()?;
            if ahead.peek(Token![type]) || (ahead.peek(Token![const]) && ahead.peek2(Ident)) {
                inner.parse::<syn::ImplItem>()?;
                continue;
            }
            functions.push(Function {
                attributes: inner.call(Attribute::parse_outer)?,
                visibility: inner.parse()?,
                signature: inner.parse()?,
                body: inner.parse::<proc_macro2::Group>()?.into_token_stream(),
            });
        }
        Ok(Self { generics, ty, functions })
    }
}
