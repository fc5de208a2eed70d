//! What a view is for: requests, or what went wrong with them.

use syn::Type;

use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::predicate::meant_type;
use crate::view_config::attr::{Arguments, Purpose};

/// What a view is for.
#[derive(Debug)]
pub(crate) enum Kind {
    Requests,
    NotFound {
        append_slash: bool,
    },
    Forbidden,
    /// Errors of this type, where the parameter does not say which.
    Exception(Option<Box<Type>>),
}

/// `error` is the type of the parameter that borrows the error.
pub(super) fn kind(
    purpose: Purpose,
    arguments: &Arguments,
    error: Option<&Type>,
    function: &Function,
    errors: &mut Errors,
) -> Option<Kind> {
    Some(match purpose {
        Purpose::Requests | Purpose::WebSocket => Kind::Requests,
        Purpose::NotFound => Kind::NotFound {
            append_slash: arguments
                .append_slash
                .as_ref()
                .is_some_and(|argument| is_switched_on(argument, errors)),
        },
        Purpose::Forbidden => Kind::Forbidden,
        Purpose::Exception => match &arguments.context {
            None if error.is_none() => {
                errors.push_with_help(
                    function.name(),
                    "the view does not say which error it is for",
                    "take the error as a parameter, `error: &MyError`, or name its type, `context = MyError`",
                );
                return None;
            }
            None => Kind::Exception(None),
            Some(argument) => {
                let context = argument.value.ty();
                if context.is_none() {
                    errors.push_with_help(
                        &argument.value,
                        "`context` is the type of an error",
                        format_args!("`context = {}`", meant_type(argument, "MyError")),
                    );
                }
                // The same twice is no contradiction.
                Kind::Exception(context.filter(|context| Some(context) != error).map(Box::new))
            }
        },
    })
}

fn is_switched_on(argument: &Argument, errors: &mut Errors) -> bool {
    if let Value::Switch(switch) = &argument.value {
        return switch.value;
    }
    errors.push_with_help(
        &argument.value,
        "`append_slash` is `true` or `false`, without quotes",
        "`append_slash = true`",
    );
    false
}
