//! Checks the arguments against the function: what comes out can be expanded without a further look.

use proc_macro2::Span;
use syn::{FnArg, Ident, LitStr, Pat, PatType, Type};

use super::attr::{Arguments, Neighbour};
use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, is_named, written};

/// A tween that can be expanded.
#[derive(Debug)]
pub(super) struct Tween {
    pub(super) ident: Ident,
    pub(super) coroutine: bool,
    pub(super) pool: Option<LitStr>,
    pub(super) under: Vec<Neighbour>,
    pub(super) over: Vec<Neighbour>,
    /// The types of its two parameters.
    pub(super) parameters: (Type, Type),
    /// Where its return type begins and ends.
    pub(super) output: (Span, Span),
}

/// Checks everything; gives a tween unless a mistake was noted.
pub(super) fn validate(arguments: Arguments, function: &Function, errors: &mut Errors) -> Option<Tween> {
    let before = errors.count();
    function.refuse_unfit_as("tween", "tween", errors);
    let coroutine = function.signature.asyncness.is_some();
    let parameters = parameters(function, coroutine, errors);
    if let (Some(pool), true) = (&arguments.executor, coroutine) {
        errors.push_with_help(
            &pool.key,
            "an `async fn` runs on the event loop, and only a plain function in a pool of threads",
            "remove `executor`, or write `fn` and take `next: BlockingNext`",
        );
    }
    for (neighbours, key, edge, near) in
        [(&arguments.under, "under", "MAIN", "over"), (&arguments.over, "over", "INGRESS", "under")]
    {
        for neighbour in neighbours {
            match neighbour {
                Neighbour::Word(word) if word == edge => {
                    let side = if key == "under" { "inside" } else { "outside" };
                    errors.push_with_help(
                        word,
                        format_args!("nothing can stand {key} `{edge}`, which is {side} of all tweens"),
                        format_args!("to stand next to it, write `{near} = {edge}`"),
                    );
                }
                Neighbour::Function(path) if path.is_ident(function.name()) => {
                    errors.push_with_help(
                        path,
                        format_args!("a tween cannot stand {key} itself"),
                        "name another tween",
                    );
                }
                _ => {}
            }
        }
    }
    let Arguments { under, over, executor } = arguments;
    (errors.count() == before).then_some(Tween {
        ident: function.name().clone(),
        coroutine,
        pool: executor.map(|pool| pool.name),
        under,
        over,
        parameters: parameters?,
        output: function.output_ends(),
    })
}

/// The types of the request and of what comes next.
fn parameters(function: &Function, coroutine: bool, errors: &mut Errors) -> Option<(Type, Type)> {
    let (next, example) = if coroutine {
        ("Next", "async fn {name}(request: Request, next: Next) -> Result<Response>")
    } else {
        ("BlockingNext", "fn {name}(request: Request, next: BlockingNext) -> Result<Response>")
    };
    let example = format!("`{}`", example.replace("{name}", &function.name().to_string()));
    let mut typed: Vec<&PatType> = Vec::new();
    for input in &function.signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                errors.push_with_help(
                    receiver,
                    "a tween is a function, and no method",
                    "implement `aiopyramid::tween::Tween` for the type, and add a value of it: `config.add_tween(...)`",
                );
                return None;
            }
            FnArg::Typed(parameter) => typed.push(parameter),
        }
    }
    let [request, inner] = typed[..] else {
        match typed.get(2) {
            Some(extra) => {
                let name = parameter_name(extra);
                errors.push_with_help(
                    extra,
                    "a tween is given the request and what comes next, and nothing else",
                    format_args!(
                        "take `{name}` from the request: `{}::from_request(&request)`, or `request.state()`",
                        path_of(&extra.ty)
                    ),
                );
            }
            None => errors.push_with_help(
                function.name(),
                "a tween is given the request and what comes next",
                example,
            ),
        }
        return None;
    };
    let before = errors.count();
    match &*request.ty {
        Type::Reference(reference) if is_named(&reference.elem, "Request") => {
            errors.push_with_help(
                reference,
                "a tween is given the request as its own, to hand it on",
                "take a `Request`; a clone of it is the same request",
            );
        }
        ty if is_named(ty, "Next") || is_named(ty, "BlockingNext") => {
            errors.push_with_help(ty, "the request comes first, then what comes next", &example);
        }
        _ => {}
    }
    let wrong = if coroutine { "BlockingNext" } else { "Next" };
    match &*inner.ty {
        ty if errors.count() == before && is_named(ty, wrong) => {
            let (message, help) = if coroutine {
                (
                    "an `async fn` must not wait on the event loop",
                    "take `next: Next`, and `next.run(request).await`; or make it a plain `fn`",
                )
            } else {
                (
                    "a plain `fn` cannot await what comes next",
                    "take `next: BlockingNext`, and `next.run(request)`; or make it an `async fn`",
                )
            };
            errors.push_with_help(ty, message, help);
        }
        Type::Reference(reference) if is_named(&reference.elem, next) => {
            errors.push_with_help(
                reference,
                "a tween is given what comes next as its own",
                format_args!("take a `{next}`; it can be cloned"),
            );
        }
        _ => {}
    }
    (errors.count() == before).then(|| ((*request.ty).clone(), (*inner.ty).clone()))
}

fn parameter_name(parameter: &PatType) -> String {
    match &*parameter.pat {
        Pat::Ident(name) => name.ident.to_string(),
        _ => "it".to_owned(),
    }
}

/// `State<Db>` as it stands before `::`.
fn path_of(ty: &Type) -> String {
    written(ty).replacen('<', "::<", 1)
}
