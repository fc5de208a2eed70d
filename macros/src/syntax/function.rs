//! The head of a function. Its body stays tokens: a body that is half typed must not stop our own checks.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::visit::{self, Visit};
use syn::{
    Attribute, FnArg, GenericArgument, Ident, Pat, PathArguments, ReturnType, Signature, Token, Type,
    Visibility,
};

use super::errors::Errors;
use super::names::ends;

/// A function whose body was not looked at.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

/// What stands inside of the braces of an `impl` block: its functions, and constants and types as tokens.
///
/// # Errors
/// What is none of these.
pub(crate) fn members(inside: ParseStream<'_>) -> syn::Result<(Vec<Function>, Vec<TokenStream>)> {
    let (mut functions, mut others) = (Vec::new(), Vec::new());
    while !inside.is_empty() {
        let ahead = inside.fork();
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        if ahead.peek(Token![type]) || (ahead.peek(Token![const]) && ahead.peek2(Ident)) {
            others.push(inside.parse::<syn::ImplItem>()?.into_token_stream());
            continue;
        }
        functions.push(Function {
            attributes: inside.call(Attribute::parse_outer)?,
            visibility: inside.parse()?,
            signature: inside.parse()?,
            body: inside.parse::<Group>()?.into_token_stream(),
        });
    }
    Ok((functions, others))
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attributes {
            attribute.to_tokens(tokens);
        }
        self.visibility.to_tokens(tokens);
        self.signature.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

/// One parameter of a view.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Its name, where it has one: a pattern such as `Json(point)` has none.
    pub(crate) name: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) borrowed: Borrowed,
}

/// Whether a parameter is borrowed, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Borrowed {
    /// It is owned.
    Not,
    /// `&Request`
    Request,
    /// `&T`, of the error that is answered.
    Error,
    /// `&WebSocket` or `&mut WebSocket`, which no view can have, and whoever knows what it is for says so.
    WebSocket,
}

/// What a function is, as far as its head tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// An `async fn`, or one whose return type is written as a future.
    Coroutine,
    /// It returns what is no future.
    Plain,
    /// Only the compiler knows: its return type is a name of the user's own.
    ByType,
}

impl Function {
    pub(crate) fn name(&self) -> &Ident {
        &self.signature.ident
    }

    /// `async fn` or `fn`: the token to point at when something is wrong with it.
    pub(crate) fn keyword(&self) -> Span {
        self.signature.asyncness.map_or(self.signature.fn_token.span, |token| token.span)
    }

    /// Where the return type begins and ends, or the name where there is none.
    pub(crate) fn output_ends(&self) -> (Span, Span) {
        match &self.signature.output {
            ReturnType::Default => ends(&self.signature.ident),
            ReturnType::Type(_, ty) => ends(ty),
        }
    }

    /// Whether the return type is written as a `Result`.
    pub(crate) fn returns_result(&self) -> bool {
        matches!(&self.signature.output, ReturnType::Type(_, ty) if is_result(ty))
    }

    /// What it returns, where that can be named beside it; `own` is what `Self` means.
    pub(crate) fn returned(&self, own: Option<&Type>) -> Option<TokenStream> {
        let ReturnType::Type(_, ty) = &self.signature.output else { return None };
        named_beside(ty.to_token_stream(), own)
    }

    pub(crate) fn nature(&self) -> Nature {
        if self.signature.asyncness.is_some() {
            return Nature::Coroutine;
        }
        match &self.signature.output {
            ReturnType::Default => Nature::Plain,
            ReturnType::Type(_, ty) => nature_of(ty),
        }
    }

    /// Notes what no view can have.
    pub(crate) fn refuse_unfit(&self, errors: &mut Errors) {
        self.refuse_unfit_as("view", "view_config", errors);
    }

    /// Notes what no function can have that is called for requests: it is a `kind`, and bears `#[attribute]`.
    pub(crate) fn refuse_unfit_as(&self, kind: &str, attribute: &str, errors: &mut Errors) {
        let signature = &self.signature;
        if let Some(parameter) = signature.generics.type_params().next() {
            errors.push_with_help(
                parameter,
                format_args!("a {kind} cannot be generic: nobody could say for which type it is called"),
                format_args!("name the type, and call the generic function from the {kind}"),
            );
        }
        if let Some(parameter) = signature.generics.const_params().next() {
            errors.push_with_help(
                parameter,
                format_args!("a {kind} cannot be generic: nobody could say for which value it is called"),
                format_args!("name the value, and call the generic function from the {kind}"),
            );
        }
        if let syn::Safety::Unsafe(unsafety) = &signature.safety {
            errors.push_with_help(
                unsafety,
                format_args!("a {kind} cannot be unsafe: requests come from strangers"),
                "put the `unsafe` block into the body, with the reason why it is sound",
            );
        }
        let body = self.body.clone().into_iter().next();
        if !matches!(body, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace) {
            errors.push_with_help(
                self.name(),
                format_args!("a {kind} has a body, and this is only its head"),
                format_args!("write `#[{attribute}]` above a function, outside a trait"),
            );
        }
    }

    /// The parameters; a receiver is left out. In a view `of_errors`, one of them may borrow the error.
    pub(crate) fn parameters(&self, of_errors: bool, errors: &mut Errors) -> Vec<Parameter> {
        let mut error_wanted = of_errors;
        let typed = self.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        });
        typed
            .map(|typed| {
                let name = match &*typed.pat {
                    Pat::Ident(name) => Some(name.ident.clone()),
                    _ => None,
                };
                let (ty, borrowed) = match &*typed.ty {
                    Type::Reference(reference)
                        if reference.mutability.is_none() && is_named(&reference.elem, "Request") =>
                    {
                        ((*reference.elem).clone(), Borrowed::Request)
                    }
                    Type::Reference(reference) if is_named(&reference.elem, "WebSocket") => {
                        ((*typed.ty).clone(), Borrowed::WebSocket)
                    }
                    Type::Reference(reference) if error_wanted && !is_named(&reference.elem, "Request") => {
                        error_wanted = false;
                        if let Some(mutability) = &reference.mutability {
                            errors.push_with_help(
                                mutability,
                                "the error is borrowed, and cannot be changed",
                                format_args!("take a `&{}`", written(&reference.elem)),
                            );
                        }
                        ((*reference.elem).clone(), Borrowed::Error)
                    }
                    Type::Reference(reference) => {
                        let help = if is_named(&reference.elem, "str") {
                            "take a `String`".to_owned()
                        } else if is_named(&reference.elem, "Request") {
                            "take a `&Request`".to_owned()
                        } else {
                            format!("take a `{}`", written(&reference.elem))
                        };
                        let which = if of_errors { "`&Request` and one error" } else { "`&Request`" };
                        errors.push_with_help(
                            reference,
                            format_args!("a parameter of a view is owned: only {which} can be borrowed"),
                            help,
                        );
                        (Type::Verbatim(TokenStream::new()), Borrowed::Not)
                    }
                    Type::ImplTrait(implemented) => {
                        errors.push_with_help(
                            implemented,
                            "a view cannot be generic: nobody could say for which type it is called",
                            "name a type, such as `String`",
                        );
                        (Type::Verbatim(TokenStream::new()), Borrowed::Not)
                    }
                    owned => {
                        if let Some(borrow) = borrow_within(owned) {
                            errors.push_with_help(
                                borrow,
                                "a parameter of a view is owned: nothing in it can be borrowed",
                                "take a type without a lifetime, such as a `String`",
                            );
                        }
                        (owned.clone(), Borrowed::Not)
                    }
                };
                Parameter { name, ty, borrowed }
            })
            .collect()
    }
}

/// What is borrowed somewhere inside a type, if anything is.
pub(crate) fn borrow_within(ty: &Type) -> Option<TokenStream> {
    #[derive(Default)]
    struct Search(Option<TokenStream>);
    impl<'ast> Visit<'ast> for Search {
        fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
            match &reference.lifetime {
                Some(lifetime) if lifetime.ident == "static" => visit::visit_type_reference(self, reference),
                _ => self.0 = Some(reference.to_token_stream()),
            }
        }

        fn visit_lifetime(&mut self, lifetime: &'ast syn::Lifetime) {
            if lifetime.ident != "static" {
                self.0 = Some(lifetime.to_token_stream());
            }
        }

        // The lifetimes in `fn(&str)` and in `dyn Fn(&str)` borrow nothing.
        fn visit_type_fn_ptr(&mut self, _: &'ast syn::TypeFnPtr) {}

        fn visit_type_trait_object(&mut self, _: &'ast syn::TypeTraitObject) {}
    }
    let mut search = Search::default();
    search.visit_type(ty);
    search.0
}

/// A type as it is called outside of its function: without the names of lifetimes, and with that of `Self`.
fn named_beside(tokens: TokenStream, own: Option<&Type>) -> Option<TokenStream> {
    let mut named = TokenStream::new();
    let mut in_lifetime = false;
    for token in tokens {
        let lifetime = std::mem::replace(
            &mut in_lifetime,
            matches!(&token, TokenTree::Punct(quote) if quote.as_char() == '\''),
        );
        match token {
            TokenTree::Ident(word) if lifetime && word != "static" => {
                named.extend([TokenTree::Ident(Ident::new("_", word.span()))]);
            }
            TokenTree::Ident(word) if word == "impl" => return None,
            TokenTree::Ident(word) if word == "Self" => own?.to_tokens(&mut named),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), named_beside(group.stream(), own)?);
                inner.set_span(group.span());
                named.extend([TokenTree::Group(inner)]);
            }
            other => named.extend([other]),
        }
    }
    Some(named)
}

/// Tokens as a person would write them: `Query<Page>`, not `Query < Page >`.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    let mut written = tokens.to_token_stream().to_string();
    for (loose, tight) in [
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (":: ", "::"),
        (" ,", ","),
        ("& ", "&"),
        ("( ", "("),
        (" )", ")"),
    ] {
        written = written.replace(loose, tight);
    }
    written
}

/// Whether the last word of a type's path is `name`.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// What stands in the `Result<...>` that a type is written as.
pub(crate) fn is_result(ty: &Type) -> bool {
    is_named(ty, "Result")
}

fn nature_of(ty: &Type) -> Nature {
    match ty {
        Type::ImplTrait(implemented) => {
            let future = implemented.bounds.iter().any(|bound| match bound {
                syn::TypeParamBound::Trait(bound) => {
                    bound.path.segments.last().is_some_and(|last| last.ident == "Future")
                }
                _ => false,
            });
            if future { Nature::Coroutine } else { Nature::Plain }
        }
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Nature::ByType };
            let name = last.ident.to_string();
            match name.as_str() {
                "BoxFuture" | "LocalBoxFuture" => Nature::Coroutine,
                "Pin" | "Box" if mentions_future(&last.arguments) => Nature::Coroutine,
                "Result" | "Option" | "String" | "Response" | "Json" | "Vec" | "StatusCode" | "Bytes" => {
                    Nature::Plain
                }
                "bool" | "char" | "f32" | "f64" => Nature::Plain,
                _ if name.trim_start_matches(['i', 'u']).parse::<u8>().is_ok() => Nature::Plain,
                _ => Nature::ByType,
            }
        }
        Type::Macro(_) | Type::Verbatim(_) | Type::Paren(_) | Type::Group(_) => Nature::ByType,
        _ => Nature::Plain,
    }
}

fn mentions_future(arguments: &PathArguments) -> bool {
    let PathArguments::AngleBracketed(arguments) = arguments else { return false };
    arguments.args.iter().any(|argument| match argument {
        GenericArgument::Type(Type::TraitObject(object)) => {
            object.to_token_stream().to_string().contains("Future")
        }
        GenericArgument::Type(Type::Path(path)) => {
            path.path.segments.last().is_some_and(|last| mentions_future(&last.arguments))
        }
        _ => false,
    })
}
