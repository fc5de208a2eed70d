//! What stands in an attribute: `key = value`, `word(...)`, and values of a few kinds.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Ident, LitBool, LitInt, LitStr, Path, Token};

use super::errors::Errors;
use super::suggestion;

/// One argument: `key = value` or `key(inner, ...)`.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    tokens: TokenStream,
}

/// The value of an argument.
#[derive(Debug)]
pub(crate) enum Value {
    Text(LitStr),
    Texts(Vec<LitStr>, TokenStream),
    Switch(LitBool),
    Number(LitInt),
    Path(Path),
    /// `word("text")`
    Call(Path, LitStr),
    /// `word(key = value)`, without an `=` before it.
    Inner(TokenStream),
}

impl ToTokens for Argument {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Text(text) => text.to_tokens(tokens),
            Self::Texts(_, all) | Self::Inner(all) => all.to_tokens(tokens),
            Self::Switch(switch) => switch.to_tokens(tokens),
            Self::Number(number) => number.to_tokens(tokens),
            Self::Path(path) => path.to_tokens(tokens),
            Self::Call(path, text) => {
                path.to_tokens(tokens);
                syn::token::Paren::default().surround(tokens, |tokens| text.to_tokens(tokens));
            }
        }
    }
}

/// Reads `key = value, word(...), ...`. What cannot be read is noted, and the rest is read all the same.
pub(crate) fn read(attribute: TokenStream, errors: &mut Errors) -> Vec<Argument> {
    pieces(attribute).into_iter().filter_map(|piece| errors.take(syn::parse2(piece))).collect()
}

/// The tokens between the commas.
pub(crate) fn pieces(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => pieces.push(TokenStream::new()),
            _ => pieces.last_mut().expect("there is one from the start").extend([token]),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let tokens = input.fork().parse::<TokenStream>()?;
        let key: Ident = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected an argument such as `route = \"/path\"`")
        })?;
        let value = if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            Value::Inner(inner.parse()?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if input.is_empty() {
                return Err(syn::Error::new_spanned(&key, format_args!("`{key}` has no value")));
            }
            input.parse()?
        } else {
            return Err(syn::Error::new_spanned(
                &key,
                format_args!("`{key}` has no value\nhelp: `{key} = ...`"),
            ));
        };
        if let Some(extra) = input.cursor().token_tree() {
            let message = format!("expected a comma after the value of `{key}`");
            return Err(syn::Error::new_spanned(extra.0, message));
        }
        Ok(Self { key, value, tokens })
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::Text);
        }
        if input.peek(LitBool) {
            return input.parse().map(Self::Switch);
        }
        if input.peek(LitInt) || (input.peek(Token![-]) && input.peek2(LitInt)) {
            return input.parse().map(Self::Number);
        }
        if input.peek(syn::token::Paren) || input.peek(syn::token::Bracket) {
            let all: TokenTree = input.parse()?;
            let TokenTree::Group(group) = &all else { unreachable!("it was seen to be a group") };
            let texts = syn::punctuated::Punctuated::<LitStr, Token![,]>::parse_terminated
                .parse2(group.stream())
                .map_err(|error| {
                    syn::Error::new(error.span(), "expected a list of texts such as `(\"GET\", \"POST\")`")
                })?;
            return Ok(Self::Texts(texts.into_iter().collect(), all.into_token_stream()));
        }
        let path: Path = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected a text, a number, `true`, `false`, a list or a path")
        })?;
        if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            return Ok(Self::Call(path, inner.parse()?));
        }
        Ok(Self::Path(path))
    }
}

impl Value {
    /// The single word that a path is.
    pub(crate) fn word(&self) -> Option<String> {
        match self {
            Self::Path(path) => path.get_ident().map(ToString::to_string),
            _ => None,
        }
    }
}

/// Notes every argument whose key is none of `known`, and every key that stands twice; gives back the others.
pub(crate) fn known(arguments: Vec<Argument>, known: &[&str], errors: &mut Errors) -> Vec<Argument> {
    let mut kept: Vec<Argument> = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let key = argument.key.to_string();
        if !known.contains(&key.as_str()) {
            let help = match suggestion::nearest(&key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the arguments are {}", suggestion::list(known.iter().copied())),
            };
            errors.push_with_help(&argument.key, format_args!("unknown argument `{key}`"), help);
        } else if key != "not" && kept.iter().any(|earlier| earlier.key == argument.key) {
            errors.push_with_help(
                &argument.key,
                format_args!("`{key}` is given twice"),
                "remove one of them",
            );
        } else {
            kept.push(argument);
        }
    }
    kept
}
