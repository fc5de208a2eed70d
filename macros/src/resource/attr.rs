//! What stands in `#[resource(...)]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Token, Type};

use crate::syntax::errors::Errors;
use crate::syntax::suggestion;

/// What a type declares besides its children.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// The interfaces, each as `dyn Trait`, the most specific first.
    pub(crate) provides: Vec<Type>,
}

const EXAMPLE: &str = "`#[resource(provides = dyn Titled)]`";

impl Arguments {
    pub(crate) fn read(attribute: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        let written = (|input: ParseStream<'_>| read.parse(input, errors)).parse2(attribute);
        errors.take(written);
        read
    }

    fn parse(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let mut given = false;
        while !input.is_empty() {
            if given && input.peek(Token![dyn]) {
                return Err(input.error(
                    "an argument has a name\nhelp: several traits are a list, `provides = [dyn Titled, dyn Versioned]`",
                ));
            }
            let key: Ident = input.parse().map_err(|error| {
                syn::Error::new(
                    error.span(),
                    format_args!("`provides` is the only argument of a resource\nhelp: {EXAMPLE}"),
                )
            })?;
            if key != "provides" {
                let word = key.to_string();
                let help = match suggestion::nearest(&word, ["provides"]) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the only argument is `provides`, as in {EXAMPLE}"),
                };
                errors.push_with_help(&key, format_args!("unknown argument `{word}`"), help);
                // What its value looks like, nobody knows.
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<proc_macro2::TokenTree>()?;
                }
            } else if given {
                return Err(syn::Error::new_spanned(
                    &key,
                    "`provides` is given twice\nhelp: write one list, `provides = [dyn Titled, dyn Versioned]`",
                ));
            } else {
                given = true;
                if input.parse::<Option<Token![=]>>()?.is_none() || input.is_empty() {
                    return Err(syn::Error::new_spanned(
                        &key,
                        "`provides` has no value\nhelp: `provides = dyn Titled`",
                    ));
                }
                self.interfaces(input, errors)?;
            }
            if !input.is_empty() {
                input.parse::<Token![,]>().map_err(|error| {
                    syn::Error::new(
                        error.span(),
                        "this cannot follow an argument\nhelp: several traits are a list, `provides = [dyn Titled, dyn Versioned]`",
                    )
                })?;
            }
        }
        Ok(())
    }

    fn interfaces(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        if !input.peek(syn::token::Bracket) {
            self.interface(interface(input)?, errors);
            return Ok(());
        }
        let ahead = input.fork();
        let inner;
        syn::bracketed!(inner in input);
        let listed = Punctuated::<Type, Token![,]>::parse_terminated_with(&inner, interface)?;
        if listed.is_empty() {
            let list: TokenStream = std::iter::once(ahead.parse::<proc_macro2::TokenTree>()?).collect();
            errors.push_with_help(
                list,
                "there is no trait in the list",
                format_args!("name one, as in {EXAMPLE}, or remove the argument"),
            );
        }
        for ty in listed {
            self.interface(ty, errors);
        }
        Ok(())
    }

    fn interface(&mut self, ty: Type, errors: &mut Errors) {
        match &ty {
            Type::TraitObject(object) if object.bounds.len() > 1 => errors.push_with_help(
                object,
                "an interface is one trait",
                "several are a list, `provides = [dyn Titled, dyn Versioned]`",
            ),
            Type::TraitObject(_) if self.provides.contains(&ty) => errors.push_with_help(
                &ty,
                format_args!("`{}` is given twice", ty.to_token_stream()),
                "remove one of them",
            ),
            Type::TraitObject(_) => self.provides.push(ty),
            other => errors.push_with_help(
                other,
                "an interface is a trait, and is written with `dyn`",
                format_args!("`dyn {}`", other.to_token_stream()),
            ),
        }
    }
}

fn interface(input: ParseStream<'_>) -> syn::Result<Type> {
    input.parse().map_err(|error| {
        syn::Error::new(
            error.span(),
            format_args!("this is no trait\nhelp: write one with `dyn`, as in {EXAMPLE}"),
        )
    })
}
