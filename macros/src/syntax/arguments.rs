//! What stands in an attribute: `key = value`, `word(...)`, and values of a few kinds.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, Ident, Lit, LitBool, LitInt, LitStr, Path, Token, Type};

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
    /// A list in which not all are texts.
    List(Vec<Value>, TokenStream),
    Switch(LitBool),
    Number(LitInt),
    Path(Path),
    /// `dyn Trait`
    Dyn(Type),
    /// `word(...)`, with what stands in the parentheses where that is one text.
    Call(Path, Group, Option<LitStr>),
    /// `word(key = value)`, without an `=` before it.
    Inner(TokenStream),
    /// What the compiler computes, for an argument that is a number: `16 * 1024`.
    Expression(Expr),
}

/// The arguments that are numbers which may be computed.
const COMPUTED: &[&str] = &["message_size", "frame_size", "heartbeat", "heartbeat_timeout", "outbox"];

impl ToTokens for Argument {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Text(text) => text.to_tokens(tokens),
            Self::Texts(_, all) | Self::List(_, all) | Self::Inner(all) => all.to_tokens(tokens),
            Self::Switch(switch) => switch.to_tokens(tokens),
            Self::Number(number) => number.to_tokens(tokens),
            Self::Path(path) => path.to_tokens(tokens),
            Self::Expression(expression) => expression.to_tokens(tokens),
            Self::Dyn(ty) => ty.to_tokens(tokens),
            Self::Call(path, inner, _) => {
                path.to_tokens(tokens);
                inner.to_tokens(tokens);
            }
        }
    }
}

/// Reads `key = value, word(...), ...`. What cannot be read is noted, and the rest is read all the same.
pub(crate) fn read(attribute: TokenStream, errors: &mut Errors) -> Vec<Argument> {
    pieces(attribute).into_iter().filter_map(|piece| errors.take(syn::parse2(piece))).collect()
}

/// The tokens between the commas, except those in the `<...>` of a type.
pub(crate) fn pieces(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![TokenStream::new()];
    let (mut depth, mut arrow) = (0_usize, false);
    // Nothing opens after a number: there it is the `<<` of `1 << 20`.
    let mut number = false;
    for token in tokens {
        let mark = if let TokenTree::Punct(mark) = &token { mark.as_char() } else { ' ' };
        number = matches!(token, TokenTree::Literal(_)) || (number && mark == '<');
        match mark {
            '<' if number => {}
            '<' => depth += 1,
            '>' if !arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        arrow = mark == '-';
        match mark {
            ',' if depth == 0 => pieces.push(TokenStream::new()),
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
            syn::Error::new(
                error.span(),
                "an argument has a name\nhelp: `name = value`, as in `route = \"/path\"`",
            )
        })?;
        let value = if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            Value::Inner(inner.parse()?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if input.is_empty() {
                return Err(no_value(&key));
            }
            if COMPUTED.contains(&key.to_string().as_str()) { computed(input)? } else { input.parse()? }
        } else {
            return Err(no_value(&key));
        };
        if let Some(extra) = input.cursor().token_tree() {
            // Two arguments without a comma between them, or an expression: the next word tells.
            let extra = extra.0;
            let help = if matches!(extra, TokenTree::Ident(_)) {
                format!("write a comma before `{extra}`")
            } else {
                "write a value as it is: a text, a number, `true`, `false`, a list or a path".to_owned()
            };
            let message = format!("`{extra}` cannot follow the value of `{key}`\nhelp: {help}");
            return Err(syn::Error::new_spanned(extra, message));
        }
        Ok(Self { key, value, tokens })
    }
}

/// A value that may be computed.
fn computed(input: ParseStream<'_>) -> syn::Result<Value> {
    // What is a plain value stays one; and what is no expression is explained as a value is.
    let Ok(expression) = input.fork().parse::<Expr>() else { return input.parse() };
    match &expression {
        Expr::Lit(literal) if !matches!(literal.lit, Lit::Float(_)) => input.parse(),
        Expr::Path(_) | Expr::Tuple(_) | Expr::Array(_) => input.parse(),
        Expr::Unary(negative) if matches!(&*negative.expr, Expr::Lit(_)) => input.parse(),
        _ => input.parse().map(Value::Expression),
    }
}

fn no_value(key: &Ident) -> syn::Error {
    let example = match key.to_string().as_str() {
        "route" => "\"/path\"",
        "mapper" => "executor",
        "renderer" => "\"json\"",
        "request_method" => "\"GET\"",
        "header" => "\"X-Api-Version\"",
        "match_param" => "\"kind=book\"",
        "on_disconnect" => "finish",
        "order" => "1",
        "name" | "permission" => "\"edit\"",
        "context" | "containment" => "Folder",
        "request_param" => "\"page\"",
        "accept" => "\"text/html\"",
        "path_info" => "\"/admin\"",
        "physical_path" => "\"/a/b\"",
        "xhr" | "is_authenticated" | "append_slash" | "use_global_views" | "compression" | "require_csrf" => {
            "true"
        }
        "effective_principals" => "\"group:editors\"",
        "predicate" => "is_weekend",
        "http_cache" => "3600",
        "decorator" => "stamped",
        "factory" => "root",
        "traverse" => "\"/{id}\"",
        "configure" => "includeme",
        "message_size" | "frame_size" => "65536",
        "heartbeat" => "30",
        "heartbeat_timeout" => "10",
        "outbox" => "64",
        "origin" => "same_host",
        "slow_reader" => "wait",
        _ => "\"...\"",
    };
    syn::Error::new_spanned(key, format_args!("`{key}` has no value\nhelp: `{key} = {example}`"))
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
            let values = syn::punctuated::Punctuated::<Self, Token![,]>::parse_terminated
                .parse2(group.stream())
                .map_err(|error| {
                    syn::Error::new(
                        error.span(),
                        "a list has values in it, with commas between them\nhelp: `(\"GET\", \"POST\")`",
                    )
                })?;
            let (all, values) = (all.into_token_stream(), Vec::from_iter(values));
            let texts: Option<Vec<_>> = values.iter().map(Self::text).collect();
            return Ok(match texts {
                Some(texts) => Self::Texts(texts.into_iter().cloned().collect(), all),
                None => Self::List(values, all),
            });
        }
        if input.peek(Token![dyn]) {
            return input.parse::<syn::TypeTraitObject>().map(|object| Self::Dyn(Type::TraitObject(object)));
        }
        let path: Path = input.parse().map_err(|error| {
            syn::Error::new(
                error.span(),
                "this is no value\nhelp: write a text, a number, `true`, `false`, a list or a path",
            )
        })?;
        if input.peek(syn::token::Paren) {
            let inner: Group = input.parse()?;
            let text = syn::parse2(inner.stream()).ok();
            return Ok(Self::Call(path, inner, text));
        }
        Ok(Self::Path(path))
    }
}

impl Value {
    /// The text that it is.
    pub(crate) fn text(&self) -> Option<&LitStr> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The type that it is: a path or a `dyn Trait`.
    pub(crate) fn ty(&self) -> Option<Type> {
        match self {
            Self::Path(path) => {
                Some(Type::Path(syn::TypePath { attrs: Vec::new(), qself: None, path: path.clone() }))
            }
            Self::Dyn(ty) => Some(ty.clone()),
            _ => None,
        }
    }

    /// The paths that it is: one, or a list of them. Else what in it is none.
    pub(crate) fn paths(&self) -> Result<Vec<Path>, &Self> {
        match self {
            Self::Path(path) => Ok(vec![path.clone()]),
            Self::List(values, _) => values
                .iter()
                .map(|value| match value {
                    Self::Path(path) => Ok(path.clone()),
                    other => Err(other),
                })
                .collect(),
            other => Err(other),
        }
    }

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
