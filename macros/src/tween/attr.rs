//! What stands in `#[tween(...)]`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Path, Token};

use crate::syntax::arguments::pieces;
use crate::syntax::errors::Errors;
use crate::syntax::suggestion;

const KNOWN: &[&str] = &["under", "over", "executor"];

/// The words that are no tweens.
pub(super) const WORDS: &[&str] = &["INGRESS", "MAIN", "EXCVIEW"];

/// The arguments as they were written, each there once.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) under: Vec<Neighbour>,
    pub(super) over: Vec<Neighbour>,
    pub(super) executor: Option<Pool>,
}

/// What a tween stands under or over.
#[derive(Debug)]
pub(super) enum Neighbour {
    Word(Ident),
    Name(LitStr),
    Function(Path),
}

impl ToTokens for Neighbour {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Word(word) => word.to_tokens(tokens),
            Self::Name(name) => name.to_tokens(tokens),
            Self::Function(path) => path.to_tokens(tokens),
        }
    }
}

/// `executor("pool")`
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) key: Ident,
    pub(super) name: LitStr,
}

impl Arguments {
    pub(super) fn read(attribute: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for piece in pieces(attribute) {
            let Some(Argument { key, equals, value }) = errors.take(syn::parse2(piece)) else { continue };
            let name = key.to_string();
            if !KNOWN.contains(&name.as_str()) {
                let help = match suggestion::nearest(&name, KNOWN.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the arguments are {}", suggestion::list(KNOWN.iter().copied())),
                };
                errors.push_with_help(&key, format_args!("unknown argument `{name}`"), help);
                continue;
            }
            if seen.contains(&name) {
                errors.push_with_help(&key, format_args!("`{name}` is given twice"), twice(&name));
                continue;
            }
            match name.as_str() {
                "executor" => read.executor = pool(key, equals, value, errors),
                _ if !equals || value.is_empty() => {
                    errors.push_with_help(
                        &key,
                        format_args!("`{name}` has no value"),
                        format_args!("`{name} = EXCVIEW`, or the path of another tween"),
                    );
                }
                "under" => read.under = neighbours(&key, value, errors),
                _ => read.over = neighbours(&key, value, errors),
            }
            seen.push(name);
        }
        read
    }
}

fn twice(name: &str) -> String {
    match name {
        "executor" => "remove one of them".to_owned(),
        _ => format!("write a list: `{name} = (first, second)`, of which one at least must be there"),
    }
}

/// `key`, `key = value` or `key(value)`.
struct Argument {
    key: Ident,
    equals: bool,
    value: TokenStream,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "an argument has a name\nhelp: `under = EXCVIEW`, for instance")
        })?;
        let equals = input.parse::<Option<Token![=]>>()?.is_some();
        Ok(Self { key, equals, value: input.parse()? })
    }
}

fn pool(key: Ident, equals: bool, value: TokenStream, errors: &mut Errors) -> Option<Pool> {
    let inner = match value.clone().into_iter().next() {
        Some(TokenTree::Group(group)) if !equals && group.delimiter() == Delimiter::Parenthesis => {
            group.stream()
        }
        _ => value.clone(),
    };
    match syn::parse2::<LitStr>(inner) {
        Ok(name) if !equals => Some(Pool { key, name }),
        Ok(name) => {
            let help = format!("`executor({})`", name.to_token_stream());
            errors.push_with_help(value, "the pool stands in parentheses", help);
            None
        }
        Err(_) => {
            let help = "`executor(\"pool\")`; without it, a plain function runs in the default pool";
            errors.push_with_help(&key, "`executor` names a pool of threads", help);
            None
        }
    }
}

fn neighbours(key: &Ident, value: TokenStream, errors: &mut Errors) -> Vec<Neighbour> {
    let mut tokens = value.clone().into_iter();
    let (first, further) = (tokens.next(), tokens.next());
    let listed = match (&first, &further) {
        (Some(TokenTree::Group(group)), None) => Some(group.stream()),
        _ => None,
    };
    let Some(list) = listed else { return neighbour(value, errors).into_iter().collect() };
    let pieces = pieces(list);
    if pieces.is_empty() {
        errors.push_with_help(
            value,
            format_args!("there is nothing in this list, so nothing to stand {key}"),
            format_args!("remove `{key}`, or name a tween"),
        );
    }
    pieces.into_iter().filter_map(|piece| neighbour(piece, errors)).collect()
}

fn neighbour(value: TokenStream, errors: &mut Errors) -> Option<Neighbour> {
    if let Ok(name) = syn::parse2::<LitStr>(value.clone()) {
        // The words are words, so that a slip in one is found while the program is compiled.
        if WORDS.contains(&name.value().as_str()) {
            errors.push_with_help(
                &name,
                "this is no name of a tween, but a word",
                format_args!("write it without the quotes: `{}`", name.value()),
            );
            return None;
        }
        if name.value().is_empty() || name.value().contains(|c: char| c.is_whitespace() || c == ',') {
            errors.push_with_help(
                &name,
                "no tween has such a name",
                "the name of a tween has neither blanks nor commas in it",
            );
            return None;
        }
        return Some(Neighbour::Name(name));
    }
    let Ok(path) = syn::parse2::<Path>(value.clone()) else {
        errors.push_with_help(
            value,
            "this is no tween",
            "write the path of a function, a name as a text, `INGRESS`, `MAIN`, `EXCVIEW`, or a list of these",
        );
        return None;
    };
    let Some(word) = path.get_ident() else { return Some(Neighbour::Function(path)) };
    let written = word.to_string();
    if WORDS.contains(&written.as_str()) {
        return Some(Neighbour::Word(word.clone()));
    }
    // Functions are not named in capitals, so this is one of the words, or nothing.
    let capitals = written.to_uppercase();
    let is_slip = written.starts_with(char::is_uppercase) || WORDS.contains(&capitals.as_str());
    match suggestion::nearest(&written, WORDS.iter().copied())
        .or_else(|| WORDS.iter().copied().find(|word| **word == *capitals))
        .filter(|_| is_slip)
    {
        Some(near) => {
            errors.push_with_help(
                word,
                format_args!("there is no such place as `{written}`"),
                format_args!("did you mean `{near}`?"),
            );
            None
        }
        None => Some(Neighbour::Function(path)),
    }
}
