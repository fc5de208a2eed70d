//! What a view is found by where a path leads through a tree.

use syn::{LitStr, Type};

use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::predicate::refuse_type;

/// The name of a view: what stands in the path after its context.
pub(super) fn view_name(argument: &Argument, errors: &mut Errors) -> Option<LitStr> {
    let Value::Text(text) = &argument.value else {
        errors.push_with_help(&argument.value, "`name` is a text", "`name = \"edit\"`");
        return None;
    };
    let name = text.value();
    let (message, help) = if name.is_empty() {
        (
            "a view without a name is the default view of its context".to_owned(),
            "leave `name` away".to_owned(),
        )
    } else if name.contains('/') {
        let last = name.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or("edit");
        (
            format!("`{name}` is no name of a view: it is one segment of a path"),
            format!("`name = \"{last}\"`"),
        )
    } else if let Some(rest) = name.strip_prefix("@@") {
        (format!("`{name}` is no name of a view: `@@` stands in paths only"), format!("`name = \"{rest}\"`"))
    } else {
        return Some(text.clone());
    };
    errors.push_with_help(text, message, help);
    None
}

/// The type of what the path leads to.
pub(super) fn context(argument: &Argument, errors: &mut Errors) -> Option<Type> {
    let ty = argument.value.ty();
    if ty.is_none() {
        refuse_type(argument, errors);
    }
    ty
}
