//! What filters do to paths.

use minijinja::machinery::ast;

/// Filters that give what they got, or some of it, perhaps in another order.
const KEEPING: &[&str] = &[
    "sort",
    "reverse",
    "unique",
    "select",
    "reject",
    "selectattr",
    "rejectattr",
    "list",
    "items",
    "dictsort",
];

/// Filters that give one element.
const PICKING: &[&str] = &["first", "last", "min", "max", "random"];

/// Filters that take the name of an attribute first, or as `attribute`.
const BY_ATTRIBUTE: &[&str] = &["selectattr", "rejectattr", "groupby"];

/// Filters that take one as `attribute` only.
const WITH_ATTRIBUTE: &[&str] = &["map", "sort", "unique", "min", "max", "sum"];

/// The path of what a filter makes of the value at `path`.
pub(super) fn filtered(filter: &str, path: String) -> Option<String> {
    if KEEPING.contains(&filter) {
        Some(path)
    } else if PICKING.contains(&filter) {
        Some(format!("{path}.*"))
    } else {
        None
    }
}

/// The attribute of elements that a filter is told by a text.
pub(super) fn named<'a>(filter: &str, arguments: &'a [ast::CallArg<'a>]) -> Option<&'a str> {
    let value = arguments.iter().enumerate().find_map(|(place, argument)| match argument {
        ast::CallArg::Pos(value) if place == 0 && BY_ATTRIBUTE.contains(&filter) => Some(value),
        ast::CallArg::Kwarg("attribute", value)
            if BY_ATTRIBUTE.contains(&filter) || WITH_ATTRIBUTE.contains(&filter) =>
        {
            Some(value)
        }
        _ => None,
    })?;
    let ast::Expr::Const(text) = value else { return None };
    // The engine takes several with commas between them for some filters; those are left to it.
    text.value.as_str().filter(|text| text.split('.').all(is_name))
}

/// Whether a text can be a step of a path.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}
