//! Checks the arguments against the function: what comes out can be expanded without a further look.

use aiopyramid_pattern::Pattern;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Ident, LitStr, Path, ReceiverKind, Type};

use super::attr::{Arguments, Predicate};
use super::renderer::Renderer;
use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, Nature, Parameter, written};
use crate::syntax::{pattern, suggestion};

/// A view that can be expanded.
#[derive(Debug)]
pub(crate) struct View {
    /// How the function is called, without its arguments: `home`, `Users::list`.
    pub(crate) call: TokenStream,
    pub(crate) name: String,
    /// The name of the function, whose place errors about the view as a whole point at.
    pub(crate) ident: Ident,
    pub(crate) route: Route,
    pub(crate) predicates: Vec<(String, bool, Vec<LitStr>)>,
    pub(crate) mapper: Mapper,
    pub(crate) renderer: Option<Renderer>,
    /// Whether it returns what is written as a `Result`.
    pub(crate) fallible: bool,
    pub(crate) finish_on_disconnect: bool,
    pub(crate) nature: Nature,
    pub(crate) parameters: Vec<Bound>,
    /// Where its return type begins and ends.
    pub(crate) output: (Span, Span),
    /// What it returns, where that type can be named outside of it.
    pub(crate) returned: Option<TokenStream>,
}

#[derive(Debug, Clone)]
pub(crate) enum Route {
    Inline(LitStr),
    Declared(Path),
}

#[derive(Debug)]
pub(crate) enum Mapper {
    Default,
    Coroutine,
    Executor(Option<LitStr>),
    Inline,
    Own(Path),
}

/// A parameter with where its value comes from.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) ty: Type,
    pub(crate) source: Source,
}

#[derive(Debug)]
pub(crate) enum Source {
    /// `&Request`
    BorrowedRequest,
    /// The placeholder at this place in the pattern.
    Segment(usize),
    /// The final `*name`.
    Rest,
    /// By its type.
    Extractor,
    /// A placeholder if the declared route has one of this name, else by its type.
    Named(Ident),
    /// The receiver of a method.
    Receiver(Receiver),
}

/// What makes the value that a method is called on.
#[derive(Debug)]
pub(crate) struct Receiver {
    /// `fn new(...)`, where the type has one; else its `Default`.
    pub(crate) new: Option<Constructor>,
    /// Whether the method takes `self` and not `&self`.
    pub(crate) owned: bool,
}

#[derive(Debug)]
pub(crate) struct Constructor {
    pub(crate) parameters: Vec<Bound>,
    pub(crate) asynchronous: bool,
    pub(crate) fallible: bool,
    /// Where its return type begins and ends.
    pub(crate) output: (Span, Span),
}

/// The `impl` block that a method stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) new: Option<&'a Function>,
}

/// Checks everything; gives a view unless a mistake was noted.
pub(crate) fn validate(
    arguments: &Arguments,
    function: &Function,
    block: Option<Block<'_>>,
    errors: &mut Errors,
) -> Option<View> {
    let before = errors.count();
    function.refuse_unfit(errors);
    let parameters = function.parameters(errors);
    let (route, placeholders) = route(arguments, function, errors);
    let mut parameters: Vec<_> =
        parameters.into_iter().map(|parameter| bind(parameter, &placeholders, errors)).collect();
    if let Some(receiver) = block.and_then(|block| receiver(block, function, &placeholders, errors)) {
        parameters.insert(0, receiver);
    }
    let mapper =
        arguments.mapper.as_ref().map_or(Mapper::Default, |argument| mapper(argument, function, errors));
    let renderer = arguments.renderer.as_ref().and_then(|argument| Renderer::read(argument, errors));
    let predicates = arguments
        .predicates
        .iter()
        .filter_map(|predicate| values(predicate, &placeholders, errors))
        .collect();
    let finish_on_disconnect =
        arguments.on_disconnect.as_ref().is_some_and(|argument| finishes(argument, errors));
    let name = function.name();
    (errors.count() == before).then_some(View {
        call: block.map_or_else(|| name.to_token_stream(), |Block { ty, .. }| quote!(<#ty>::#name)),
        name: block.map_or_else(|| name.to_string(), |Block { ty, .. }| format!("{}::{name}", written(ty))),
        ident: name.clone(),
        route: route?,
        predicates,
        mapper,
        renderer,
        fallible: function.returns_result(),
        finish_on_disconnect,
        nature: function.nature(),
        parameters,
        output: function.output_ends(),
        returned: function.returned(block.map(|block| block.ty)),
    })
}

/// The value that a method is called on, as its first parameter.
fn receiver(
    block: Block<'_>,
    method: &Function,
    placeholders: &Placeholders,
    errors: &mut Errors,
) -> Option<Bound> {
    let receiver = method.signature.receiver()?;
    let owned = match &receiver.kind {
        ReceiverKind::Value => true,
        ReceiverKind::Reference(_, _, None) => false,
        ReceiverKind::Reference(_, _, Some(mutability)) => {
            errors.push_with_help(
                mutability,
                "a view takes `&self` or `self`",
                "take `mut self`: the value is made for this request alone",
            );
            return None;
        }
        _ => {
            errors.push_with_help(receiver, "a view takes `&self` or `self`", "take `&self`");
            return None;
        }
    };
    if let Some(receiver) = block.new.and_then(|new| new.signature.receiver()) {
        errors.push_with_help(
            receiver,
            "`new` makes the value that the views are called on, so it cannot be given one",
            "`fn new() -> Self`",
        );
    }
    let new = block.new.map(|new| Constructor {
        parameters: new
            .parameters(errors)
            .into_iter()
            .map(|parameter| bind(parameter, placeholders, errors))
            .collect(),
        asynchronous: new.signature.asyncness.is_some(),
        fallible: new.returns_result(),
        output: new.output_ends(),
    });
    Some(Bound { ty: block.ty.clone(), source: Source::Receiver(Receiver { new, owned }) })
}

/// What is known of a route's placeholders.
enum Placeholders {
    Known(Pattern),
    /// The route is declared elsewhere: only the compiler knows.
    Elsewhere,
    /// The pattern is wrong, which has been said.
    Unknown,
}

fn route(arguments: &Arguments, function: &Function, errors: &mut Errors) -> (Option<Route>, Placeholders) {
    let Some(argument) = &arguments.route else {
        // One that is there, but wrong, was complained about.
        if errors.is_empty() || !arguments.route_meant {
            errors.push_with_help(
                function.name(),
                "the view has no route",
                format_args!("`#[view_config(route = \"/{}\")]`", function.name()),
            );
        }
        return (None, Placeholders::Unknown);
    };
    match &argument.value {
        Value::Text(text) => {
            let placeholders = pattern::read(text, errors).map_or(Placeholders::Unknown, Placeholders::Known);
            (Some(Route::Inline(text.clone())), placeholders)
        }
        Value::Path(path) => (Some(Route::Declared(path.clone())), Placeholders::Elsewhere),
        other => {
            errors.push_with_help(
                other,
                "`route` is a pattern or a type with `#[route]`",
                "`route = \"/users/{id}\"` or `route = User`",
            );
            (None, Placeholders::Unknown)
        }
    }
}

fn bind(parameter: Parameter, placeholders: &Placeholders, errors: &mut Errors) -> Bound {
    let Parameter { name, ty, borrowed } = parameter;
    if borrowed {
        return Bound { ty, source: Source::BorrowedRequest };
    }
    let source = match (name, placeholders) {
        (None, _) | (_, Placeholders::Unknown) => Source::Extractor,
        (Some(name), Placeholders::Elsewhere) => Source::Named(name),
        (Some(name), Placeholders::Known(pattern)) => {
            let written = name.to_string();
            let written = written.strip_prefix("r#").unwrap_or(&written);
            if pattern.rest() == Some(written) {
                Source::Rest
            } else if let Some(place) = pattern.placeholders().position(|known| known == written) {
                Source::Segment(place)
            } else {
                refuse_near_miss(&name, written, &ty, pattern, errors);
                Source::Extractor
            }
        }
    };
    Bound { ty, source }
}

/// A parameter that takes a plain value and is nearly named as a placeholder was meant to take it.
fn refuse_near_miss(name: &Ident, written: &str, ty: &Type, pattern: &Pattern, errors: &mut Errors) {
    if !is_plain_value(ty) {
        return;
    }
    if let Some(near) = suggestion::nearest(written, pattern.placeholders()) {
        errors.push_with_help(
            name,
            format_args!("`{written}` is no placeholder of `{}`", pattern.as_str()),
            format_args!("did you mean `{near}`?"),
        );
    }
}

/// Whether a type is one that segments are parsed into and nothing else gives.
pub(super) fn is_plain_value(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.get_ident().is_some_and(|name| {
        let name = name.to_string();
        matches!(name.as_str(), "String" | "bool" | "char" | "f32" | "f64")
            || matches!(name.as_str(), "u8" | "u16" | "u32" | "u64" | "u128" | "usize")
            || matches!(name.as_str(), "i8" | "i16" | "i32" | "i64" | "i128" | "isize")
    })
}

const MAPPERS: &[&str] = &["coroutine_or_executor", "coroutine", "executor", "inline"];

fn mapper(argument: &Argument, function: &Function, errors: &mut Errors) -> Mapper {
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

fn finishes(argument: &Argument, errors: &mut Errors) -> bool {
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

/// The values of a predicate, each checked as far as it can be.
fn values(
    predicate: &Predicate,
    placeholders: &Placeholders,
    errors: &mut Errors,
) -> Option<(String, bool, Vec<LitStr>)> {
    let Predicate { argument, negated } = predicate;
    let key = argument.key.to_string();
    let values = match (&argument.value, key.as_str()) {
        (Value::Switch(switch), "xhr") => {
            vec![LitStr::new(if switch.value { "true" } else { "false" }, switch.span)]
        }
        (other, "xhr") => {
            errors.push_with_help(other, "`xhr` is `true` or `false`, without quotes", "`xhr = true`");
            return None;
        }
        (Value::Text(text), _) => vec![text.clone()],
        (Value::Texts(texts, _), _) if !texts.is_empty() => texts.clone(),
        (other, key) => {
            let example = example(key);
            errors.push_with_help(
                other,
                format_args!("`{key}` is a text, or a list of texts"),
                format_args!("`{key} = \"{example}\"`"),
            );
            return None;
        }
    };
    let mut sound = true;
    for value in &values {
        let fault = fault(&key, &value.value()).or_else(|| match placeholders {
            Placeholders::Known(pattern) if key == "match_param" => misnamed(&value.value(), pattern),
            _ => None,
        });
        if let Some((message, help)) = fault {
            errors.push_with_help(value, message, help);
            sound = false;
        }
    }
    sound.then_some((key, *negated, values))
}

/// What is wrong with a `match_param` that nearly names a placeholder. One that names nothing near may mean a placeholder of
/// the prefix under which the module is included.
fn misnamed(value: &str, pattern: &Pattern) -> Option<(String, String)> {
    let (name, wanted) = value.split_once('=')?;
    let name = name.trim();
    let known: Vec<&str> = pattern.placeholders().chain(pattern.groups()).collect();
    let near = suggestion::nearest(name, known.iter().copied()).filter(|_| !known.contains(&name))?;
    Some((
        format!("`{name}` is no placeholder of `{}`", pattern.as_str()),
        format!("did you mean `{near}={}`?", wanted.trim()),
    ))
}

fn example(key: &str) -> &'static str {
    match key {
        "request_method" => "POST",
        "header" => "X-Api-Version:2",
        _ => "kind=book",
    }
}

/// What is wrong with one value, and what to write instead.
fn fault(key: &str, value: &str) -> Option<(String, String)> {
    const METHODS: &[&str] =
        &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    match key {
        "request_method" => {
            let upper = value.trim().to_ascii_uppercase();
            if value != upper && METHODS.contains(&upper.as_str()) {
                return Some((
                    format!("`{value}` is no method: methods are in capitals"),
                    format!("write `\"{upper}\"`"),
                ));
            }
            if !is_token(value) {
                return Some((format!("`{value}` is no method"), "write, for instance, `\"GET\"`".into()));
            }
            if let Some(near) =
                suggestion::nearest(value, METHODS.iter().copied()).filter(|_| !METHODS.contains(&value))
            {
                return Some((
                    format!("`{value}` is no method that is known"),
                    format!("did you mean `{near}`?"),
                ));
            }
            None
        }
        "header" => {
            let (name, regex) =
                value.split_once(':').map_or((value, None), |(name, regex)| (name, Some(regex)));
            if !is_token(name.trim()) {
                return Some((
                    format!("`{name}` is no name of a header"),
                    "`header = \"X-Api-Version\"`".into(),
                ));
            }
            let regex = regex?;
            let error = Pattern::parse(&format!("/{{value:{regex}}}")).err()?.to_string();
            let reason = error.rsplit_once(" is refused: ").map_or(error.as_str(), |(_, reason)| reason);
            Some((
                format!("`{regex}` after the name of the header is no regular expression: {reason}"),
                format!("`header = \"{}:2\"`", name.trim()),
            ))
        }
        "match_param" => {
            let named = value.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty());
            (!named)
                .then(|| (format!("`{value}` is not `name=value`"), "`match_param = \"kind=book\"`".into()))
        }
        _ => None,
    }
}
