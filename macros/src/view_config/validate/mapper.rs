//! How a view is called.

use quote::ToTokens;
use syn::Path;

use super::Mapper;
use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, Nature, written};
use crate::syntax::suggestion;
use crate::view_config::attr::Purpose;

const MAPPERS: &[&str] = &["coroutine_or_executor", "coroutine", "executor", "inline", "websocket"];

pub(super) fn mapper(
    purpose: Purpose,
    argument: &Argument,
    function: &Function,
    errors: &mut Errors,
) -> Mapper {
    let nature = function.nature();
    let must_be_plain = |mapper: &str, errors: &mut Errors| {
        if nature == Nature::Coroutine {
            let name = function.name();
            errors.add(two_places(
                argument,
                function,
                format_args!("mapper `{mapper}` cannot call `{name}`, which is a coroutine"),
                "leave the mapper away, and it runs on the event loop; or make it a plain `fn`",
            ));
        }
    };
    match &argument.value {
        Value::Path(path) => {
            match argument.value.word().as_deref() {
                Some("coroutine_or_executor") => Mapper::Default,
                Some("coroutine") => {
                    if nature == Nature::Plain {
                        let name = function.name();
                        errors.add(two_places(
                        argument,
                        function,
                        format_args!("mapper `coroutine` cannot call `{name}`, which is a plain function"),
                        format_args!("make it `async fn {name}`; or leave the mapper away, and it runs in the executor"),
                    ));
                    }
                    Mapper::Coroutine
                }
                Some("executor") => {
                    must_be_plain("executor", errors);
                    Mapper::Executor(None)
                }
                Some("websocket") => websocket(purpose, path, errors),
                Some("inline") => {
                    must_be_plain("inline", errors);
                    Mapper::Inline
                }
                Some(word) if word.chars().next().is_some_and(char::is_lowercase) => {
                    let help = match suggestion::nearest(word, MAPPERS.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!(
                            "the mappers are {}, or a type of your own",
                            suggestion::list(MAPPERS.iter().copied())
                        ),
                    };
                    errors.push_with_help(path, format_args!("there is no mapper `{word}`"), help);
                    Mapper::Default
                }
                _ => Mapper::Own(path.clone()),
            }
        }
        Value::Call(path, inner, pool) if path.is_ident("executor") => {
            must_be_plain("executor", errors);
            match pool {
                Some(pool) if pool.value().is_empty() => errors.push_with_help(
                    pool,
                    "a pool has a name",
                    "`mapper = executor` runs in the default pool",
                ),
                Some(_) => {}
                None => {
                    let place =
                        if inner.stream().is_empty() { inner.to_token_stream() } else { inner.stream() };
                    errors.push_with_help(
                        place,
                        "the name of a pool is a text",
                        "`mapper = executor(\"reports\")`, or `mapper = executor` for the default pool",
                    );
                }
            }
            Mapper::Executor(pool.clone())
        }
        Value::Call(path, ..) => {
            errors.push_with_help(
                &argument.value,
                "only `executor` has a pool",
                format_args!("`mapper = {}`, or `mapper = executor(\"reports\")`", written(path)),
            );
            Mapper::Default
        }
        Value::Text(text) if MAPPERS.contains(&text.value().as_str()) => {
            errors.push_with_help(
                text,
                "`mapper` is a word, not a text",
                format_args!("`mapper = {}`", text.value()),
            );
            Mapper::Default
        }
        other => {
            errors.push_with_help(
                other,
                "`mapper` is a word or the path to a type",
                format_args!(
                    "the mappers are {}, `executor(\"pool\")`, and types of your own",
                    suggestion::list(MAPPERS.iter().copied())
                ),
            );
            Mapper::Default
        }
    }
}

/// The word `websocket`, which no view of errors can have.
fn websocket(purpose: Purpose, word: &Path, errors: &mut Errors) -> Mapper {
    if purpose.is_of_errors() {
        errors.push_with_help(
            word,
            "what went wrong is answered, and no socket is opened for it",
            "leave the mapper away",
        );
    }
    Mapper::WebSocket
}

/// One mistake that two places make together: the argument and the function.
fn two_places(
    argument: &Argument,
    function: &Function,
    message: impl std::fmt::Display,
    help: impl std::fmt::Display,
) -> syn::Error {
    let keyword = if function.signature.asyncness.is_some() { "`async fn`" } else { "`fn`" };
    // In a unit test there is no compiler that could tell.
    let place = if proc_macro::is_available() {
        format!("the {keyword} in line {}", function.keyword().unwrap().line())
    } else {
        format!("its {keyword}")
    };
    syn::Error::new_spanned(&argument.value, format_args!("{message} ({place})\nhelp: {help}"))
}

/// Whether a view goes on to its end when its client has left.
pub(super) fn finishes(argument: &Argument, errors: &mut Errors) -> bool {
    match argument.value.word().as_deref() {
        Some("cancel") => false,
        Some("finish") => true,
        _ => {
            let written = match &argument.value {
                Value::Text(text) => text.value(),
                other => other.word().unwrap_or_default(),
            };
            let help = match ["cancel", "finish"]
                .into_iter()
                .find(|word| *word == written || suggestion::is_near(&written, word))
            {
                Some(meant) => format!("`on_disconnect = {meant}`"),
                None => "`on_disconnect = cancel` or `on_disconnect = finish`".to_owned(),
            };
            errors.push_with_help(&argument.value, "`on_disconnect` is the word `cancel` or `finish`", help);
            false
        }
    }
}
