//! What only a websocket has: its socket, and what is settled for it.

mod names;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Lit, LitStr, Token};

use self::names::{origin_fault, subprotocol_fault};
use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::function::{Borrowed, Function, Nature, Parameter, is_named};
use crate::syntax::names::private;
use crate::syntax::suggestion;
use crate::view_config::attr::{Arguments, Purpose};

/// The arguments that other views do not have.
pub(in crate::view_config) const OPTIONS: &[&str] = &[
    "message_size",
    "frame_size",
    "heartbeat",
    "heartbeat_timeout",
    "subprotocols",
    "compression",
    "origin",
    "outbox",
    "slow_reader",
];

/// One of them: a method of `WebSocketOptions` and what it is called with.
#[derive(Debug)]
pub(crate) struct SocketOption {
    pub(crate) name: Ident,
    pub(crate) value: TokenStream,
}

/// Whether the value of `mapper` is that of websockets.
pub(in crate::view_config) fn is_mapper(value: &Value) -> bool {
    value.word().as_deref() == Some("websocket")
}

/// Why a websocket has no such argument, and what to do.
pub(in crate::view_config) fn refused(key: &str) -> Option<&'static str> {
    match key {
        "renderer" => Some("remove it: what the client should get is sent, `ws.send(Json(value)).await?`"),
        "require_csrf" => Some("remove it: a handshake brings no form; `origin` says from where it may come"),
        "http_cache" => Some("remove it: there is no answer that could be kept"),
        "request_method" => Some("remove it: a handshake is a `GET`, or over HTTP/2 a `CONNECT`"),
        _ => None,
    }
}

/// What is settled for the sockets of a view that is a websocket; what such a view cannot have is noted.
pub(super) fn options(
    purpose: Purpose,
    arguments: &Arguments,
    function: &Function,
    errors: &mut Errors,
) -> Vec<SocketOption> {
    if !cfg!(feature = "websocket") {
        errors.push_with_help(
            function.name(),
            "websockets are a feature of `aiopyramid` that is switched off",
            "`aiopyramid = { features = [\"websocket\"] }` in `Cargo.toml`",
        );
    }
    if purpose == Purpose::Requests {
        for argument in
            [&arguments.renderer, &arguments.require_csrf, &arguments.http_cache].into_iter().flatten()
        {
            refuse(argument, errors);
        }
    }
    if let Some(argument) = arguments.predicates.of("request_method") {
        refuse(argument, errors);
    }
    arguments.socket.iter().filter_map(|argument| option(argument, errors)).collect()
}

fn refuse(argument: &Argument, errors: &mut Errors) {
    let key = argument.key.to_string();
    if let Some(help) = refused(&key) {
        errors.push_with_help(&argument.key, format_args!("a websocket has no `{key}`"), help);
    }
}

/// Notes what is settled for sockets where there are none.
pub(super) fn refuse_options(arguments: &Arguments, errors: &mut Errors) {
    for argument in &arguments.socket {
        errors.push_with_help(
            &argument.key,
            format_args!("`{}` is for websockets", argument.key),
            "write `#[websocket(...)]` instead of `#[view_config(...)]`, or add `mapper = websocket`",
        );
    }
}

fn is_socket(parameter: &Parameter) -> bool {
    parameter.borrowed == Borrowed::WebSocket || is_named(&parameter.ty, "WebSocket")
}

/// Notes a function that cannot be given a socket.
pub(super) fn check_function(function: &Function, parameters: &[Parameter], errors: &mut Errors) {
    let name = function.name();
    if function.nature() == Nature::Plain {
        errors.push_with_help(
            function.signature.fn_token,
            format_args!("`{name}` is a plain function, and what comes over a socket is awaited"),
            format_args!(
                "make it `async fn {name}`; or write a struct with `impl WebSocketView`, whose methods may block"
            ),
        );
    }
    let mut sockets = parameters.iter().filter(|parameter| is_socket(parameter));
    let Some(first) = sockets.next() else {
        errors.push_with_help(
            name,
            "the function of a websocket is given the socket",
            "take it as a parameter: `mut ws: WebSocket`",
        );
        return;
    };
    if first.borrowed == Borrowed::WebSocket {
        let written = first.name.as_ref().map_or_else(|| "ws".to_owned(), ToString::to_string);
        errors.push_with_help(
            &first.ty,
            "the socket is the function's own, and not borrowed",
            format_args!("take it as `mut {written}: WebSocket`"),
        );
    }
    for another in sockets {
        errors.push_with_help(
            &another.ty,
            "there is one socket, and it is given to the function already",
            "remove this parameter",
        );
    }
}

/// Notes sockets that no function can be given: those of views that are none, and of structs.
pub(super) fn refuse_sockets(
    purpose: Purpose,
    is_struct: bool,
    parameters: &[Parameter],
    errors: &mut Errors,
) {
    for parameter in parameters.iter().filter(|parameter| is_socket(parameter)) {
        let (message, help) = if is_struct {
            (
                "the socket is no field: the methods are given it",
                "remove the field, and take `ws: &mut WebSocket` in `on_open` and `on_message`",
            )
        } else if purpose.is_of_errors() {
            ("a view of what went wrong is given no socket", "remove this parameter")
        } else {
            (
                "only the function of a websocket is given a socket",
                "write `#[websocket(...)]` instead of `#[view_config(...)]`, or add `mapper = websocket`",
            )
        };
        errors.push_with_help(&parameter.ty, message, help);
    }
}

fn option(argument: &Argument, errors: &mut Errors) -> Option<SocketOption> {
    let private = private();
    let key = argument.key.to_string();
    let value = match key.as_str() {
        "message_size" | "frame_size" => number(argument, "a number of bytes", 65_536, false, errors)?,
        "outbox" => number(argument, "a number of messages", 64, false, errors)?,
        "heartbeat" => {
            let seconds = number(argument, "a number of seconds, and 0 for none", 30, true, errors)?;
            quote!(::core::time::Duration::from_secs(#seconds))
        }
        "heartbeat_timeout" => {
            let seconds = number(argument, "a number of seconds", 10, false, errors)?;
            quote!(::core::time::Duration::from_secs(#seconds))
        }
        "compression" => {
            if let Value::Switch(switch) = &argument.value {
                quote!(#switch)
            } else {
                errors.push_with_help(
                    &argument.value,
                    "`compression` is `true` or `false`, without quotes",
                    "`compression = false`",
                );
                return None;
            }
        }
        "slow_reader" => {
            let policy = word(argument, &["wait", "drop_oldest", "close"], errors)?;
            let policy = Ident::new(
                match policy {
                    "wait" => "Wait",
                    "drop_oldest" => "DropOldest",
                    _ => "Close",
                },
                argument.key.span(),
            );
            quote!(#private::websocket::SlowReader::#policy)
        }
        "subprotocols" => {
            let protocols = texts(argument, "the names of subprotocols", "\"chat.v2\", \"chat.v1\"", errors)?;
            check_each(&protocols, subprotocol_fault, errors)?;
            quote!(&[#(#protocols),*])
        }
        _ => {
            if let Value::Path(_) = argument.value {
                let allowed = word(argument, &["any", "same_host"], errors)?;
                let allowed =
                    Ident::new(if allowed == "any" { "Any" } else { "SameHost" }, argument.key.span());
                quote!(#private::websocket::AllowedOrigin::#allowed)
            } else {
                let what = "`any`, `same_host`, or the origins of pages";
                let origins = texts(argument, what, "\"https://example.com\"", errors)?;
                check_each(&origins, origin_fault, errors)?;
                quote!(#private::websocket::AllowedOrigin::Listed(&[#(#origins),*]))
            }
        }
    };
    Some(SocketOption { name: argument.key.clone(), value })
}

/// A number, or what the compiler computes one of.
fn number(
    argument: &Argument,
    what: &str,
    example: u32,
    zero: bool,
    errors: &mut Errors,
) -> Option<TokenStream> {
    let key = &argument.key;
    let (place, meant) = match &argument.value {
        Value::Path(path) => return Some(quote!(#path)),
        Value::Expression(expression) => match expression {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Float(float) => {
                    (quote!(#float), float.base10_parse::<f64>().ok().map(|float| float.ceil().to_string()))
                }
                other => (quote!(#other), None),
            },
            computed => return Some(quote!(#computed)),
        },
        Value::Number(number) => match number.base10_parse::<u32>() {
            Ok(0) if !zero => {
                errors.push_with_help(
                    number,
                    format_args!("`{key}` is {what}, and at least 1"),
                    format_args!("`{key} = {example}`"),
                );
                return None;
            }
            Ok(_) if number.suffix().is_empty() => return Some(quote!(#number)),
            _ => (
                quote!(#number),
                number
                    .base10_parse::<u64>()
                    .ok()
                    .filter(|&value| value <= u32::MAX.into())
                    .map(|value| value.to_string()),
            ),
        },
        Value::Switch(switch) if zero && !switch.value => (quote!(#switch), Some("0".to_owned())),
        Value::Text(text) => {
            let digits: String = text.value().chars().take_while(char::is_ascii_digit).collect();
            (quote!(#text), Some(digits).filter(|digits| digits.parse::<u32>().is_ok()))
        }
        other => (quote!(#other), None),
    };
    let meant = meant.unwrap_or_else(|| example.to_string());
    errors.push_with_help(
        place,
        format_args!("`{key}` is {what}: a whole number that fits a `u32`, or a constant"),
        format_args!("`{key} = {meant}`"),
    );
    None
}

/// One of these words.
fn word<'w>(argument: &Argument, words: &[&'w str], errors: &mut Errors) -> Option<&'w str> {
    let key = &argument.key;
    let written = match &argument.value {
        Value::Text(text) => text.value(),
        other => other.word().unwrap_or_default(),
    };
    let is_word = argument.value.word().is_some();
    let known = words.iter().copied().find(|known| *known == written);
    if is_word && known.is_some() {
        return known;
    }
    let help = match known.or_else(|| suggestion::nearest(&written, words.iter().copied())) {
        Some(meant) => format!("`{key} = {meant}`"),
        None if key == "origin" => "`origin = same_host` or `origin = \"https://example.com\"`".to_owned(),
        None => format!("the words are {}", suggestion::list(words.iter().copied())),
    };
    errors.push_with_help(
        &argument.value,
        format_args!("`{key}` is one of the words {}", suggestion::list(words.iter().copied())),
        help,
    );
    None
}

/// Texts: one, a list, or what stands in parentheses.
fn texts(argument: &Argument, what: &str, example: &str, errors: &mut Errors) -> Option<Vec<LitStr>> {
    let read = match &argument.value {
        Value::Text(text) => Some(vec![text.clone()]),
        Value::Texts(texts, _) => Some(texts.clone()),
        Value::Inner(inner) => {
            Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(inner.clone()).ok().map(Vec::from_iter)
        }
        _ => None,
    };
    let read = read.filter(|texts| !texts.is_empty());
    if read.is_none() {
        let key = &argument.key;
        let empty = matches!(&argument.value, Value::Inner(inner) if inner.is_empty());
        let place = if empty {
            quote!(#key)
        } else {
            let value = &argument.value;
            quote!(#value)
        };
        errors.push_with_help(place, format_args!("`{key}` is {what}"), format_args!("`{key}({example})`"));
    }
    read
}

/// Notes what is wrong with each text, and those that stand twice.
fn check_each(
    texts: &[LitStr],
    fault: fn(&str) -> Option<(String, String)>,
    errors: &mut Errors,
) -> Option<()> {
    let before = errors.count();
    for (place, text) in texts.iter().enumerate() {
        let value = text.value();
        if let Some((message, help)) = fault(&value) {
            errors.push_with_help(text, message, help);
        } else if texts[..place].iter().any(|earlier| earlier.value() == value) {
            errors.push_with_help(text, format_args!("`{value}` stands there twice"), "remove one of them");
        }
    }
    (errors.count() == before).then_some(())
}
