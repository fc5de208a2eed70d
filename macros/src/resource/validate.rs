//! Checks what the attribute stands on: what comes out can be expanded without a further look.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Generics, Ident, ReceiverKind, ReturnType, Token, Type};

use super::attr::Arguments;
use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, Nature, is_named, members, written};
use crate::syntax::suggestion;

/// A resource that can be expanded.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) generics: Generics,
    /// The type, as it stands behind `impl`.
    pub(crate) ty: TokenStream,
    pub(crate) provides: Vec<Type>,
    /// `None` for one without children.
    pub(crate) getitem: Option<Method>,
    /// `None` for one that does not say who may do what with it.
    pub(crate) acl: Option<Method>,
}

/// A method of its block that requests have called.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: Ident,
    pub(crate) nature: Nature,
    /// Where its return type begins and ends.
    pub(crate) output: (Span, Span),
}

const SIGNATURE: &str = "`fn getitem(&self, name: &str) -> Option<Book>`";

const ACL_SIGNATURE: &str = "`fn acl(&self) -> Acl`";

/// Checks everything. What comes out is to be expanded only if no mistake was noted.
pub(crate) fn validate(arguments: Arguments, item: &TokenStream, errors: &mut Errors) -> Option<Resource> {
    let Arguments { provides } = arguments;
    if let Ok(named) = syn::parse2::<Named>(item.clone()) {
        let (_, generics, _) = named.generics.split_for_impl();
        let ident = &named.ident;
        let ty = quote::quote!(#ident #generics);
        return Some(Resource { ty, generics: named.generics, provides, getitem: None, acl: None });
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
    let named = |name: &str| block.functions.iter().find(|function| function.name() == name);
    let (getitem, acl) = (named("getitem"), named("acl"));
    match getitem {
        Some(function) => check(function, errors),
        None => missing(&block, acl.is_some(), errors),
    }
    match acl {
        Some(function) => check_acl(function, errors),
        None => refuse_pyramids_acl(&block, errors),
    }
    let (getitem, acl) = (getitem.map(Method::of), acl.map(Method::of));
    Some(Resource { generics: block.generics, ty: block.ty.into_token_stream(), provides, getitem, acl })
}

impl Method {
    fn of(function: &Function) -> Self {
        Self { name: function.name().clone(), nature: function.nature(), output: function.output_ends() }
    }
}

/// Notes that there is no `getitem`; a block that says who may do what may do without, unless one was meant.
fn missing(block: &Block, has_acl: bool, errors: &mut Errors) {
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
        None if has_acl => {}
        None => errors.push_with_help(
            &block.ty,
            format_args!("a resource is asked for its children by `getitem`, and `{ty}` has none"),
            format_args!("add {SIGNATURE}; a resource without children has `#[resource]` above its struct"),
        ),
    }
}

/// Notes what a method cannot have that is called for requests.
fn check_head(function: &Function, help: &str, errors: &mut Errors) {
    let (name, signature) = (function.name(), &function.signature);
    if let syn::Safety::Unsafe(unsafety) = &signature.safety {
        errors.push_with_help(
            unsafety,
            format_args!("`{name}` cannot be unsafe: it is called for strangers"),
            "put the `unsafe` block into the body, with the reason why it is sound",
        );
    }
    let types = signature.generics.type_params().map(ToTokens::to_token_stream);
    let consts = signature.generics.const_params().map(ToTokens::to_token_stream);
    if let Some(parameter) = types.chain(consts).next() {
        errors.push_with_help(
            parameter,
            format_args!("`{name}` cannot be generic: nobody could say for what it is called"),
            help,
        );
    }
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first()
        && !matches!(&receiver.kind, ReceiverKind::Reference(_, _, None))
    {
        errors.push_with_help(
            receiver,
            format_args!("`{name}` takes `&self`: all requests share the resource"),
            help,
        );
    }
}

/// Notes where `acl` cannot be called as a policy calls it.
fn check_acl(function: &Function, errors: &mut Errors) {
    check_head(function, ACL_SIGNATURE, errors);
    let signature = &function.signature;
    if signature.receiver().is_none() {
        match signature.inputs.first() {
            Some(first) => {
                errors.push_with_help(first, "`acl` takes `&self` and nothing else", ACL_SIGNATURE);
            }
            None => errors.push_with_help(function.name(), "`acl` takes `&self`", ACL_SIGNATURE),
        }
    } else if let Some(more) = signature.inputs.iter().nth(1) {
        errors.push_with_help(
            more,
            "`acl` takes nothing but `&self`: a list is the same for every client",
            "who the client is, the policy knows; the list says what each principal may do",
        );
    }
    if matches!(signature.output, ReturnType::Default) {
        errors.push_with_help(
            function.name(),
            "`acl` returns a list, and here it returns nothing",
            ACL_SIGNATURE,
        );
    }
}

/// Nobody would ever ask a method that has Pyramid's name, and what it was to refuse would depend on the parent.
fn refuse_pyramids_acl(block: &Block, errors: &mut Errors) {
    if let Some(function) = block.functions.iter().find(|function| function.name() == "__acl__") {
        errors.push_with_help(
            function.name(),
            "a resource is asked for its list by `acl`, and nobody calls `__acl__`",
            ACL_SIGNATURE,
        );
    }
}

/// Notes where `getitem` cannot be called as the walk calls it.
fn check(function: &Function, errors: &mut Errors) {
    check_head(function, SIGNATURE, errors);
    let signature = &function.signature;
    let mut inputs = signature.inputs.iter();
    match inputs.next() {
        Some(FnArg::Receiver(_)) => {}
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
        let (functions, _) = members(&inner)?;
        Ok(Self { generics, ty, functions })
    }
}
