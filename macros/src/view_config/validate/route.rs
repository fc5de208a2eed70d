//! The route of a view, and which parameter is which placeholder of it.

use aiopyramid_pattern::Pattern;
use syn::{Ident, Type};

use super::{Bound, Route, Source};
use crate::syntax::arguments::Value;
use crate::syntax::errors::Errors;
use crate::syntax::function::{Borrowed, Parameter, is_named};
use crate::syntax::names::plain_name;
use crate::syntax::{pattern, suggestion};
use crate::view_config::attr::Arguments;

/// What is known of a route's placeholders.
pub(super) enum Placeholders {
    Known(Pattern),
    /// The route is declared elsewhere: only the compiler knows.
    Elsewhere,
    /// There is no route.
    None,
    /// The pattern is wrong, which has been said.
    Unknown,
}

pub(super) fn route(arguments: &Arguments, errors: &mut Errors) -> (Option<Route>, Placeholders) {
    let Some(argument) = &arguments.route else {
        // One that is there, but wrong, was complained about.
        return if errors.is_empty() || !arguments.route_meant {
            (Some(Route::Traversal), Placeholders::None)
        } else {
            (None, Placeholders::Unknown)
        };
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

pub(super) fn bind(parameter: Parameter, placeholders: &Placeholders, errors: &mut Errors) -> Bound {
    let Parameter { name, ty, borrowed } = parameter;
    match borrowed {
        Borrowed::Not => {}
        Borrowed::Request => return Bound { ty, source: Source::BorrowedRequest },
        Borrowed::Error => return Bound { ty, source: Source::Error },
        Borrowed::WebSocket => return Bound { ty, source: Source::WebSocket },
    }
    if is_named(&ty, "WebSocket") {
        return Bound { ty, source: Source::WebSocket };
    }
    let source = match (name, placeholders) {
        (None, _) | (_, Placeholders::Unknown) => Source::Extractor,
        (Some(name), Placeholders::None) => {
            refuse_placeholder(&name, &ty, errors);
            Source::Extractor
        }
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

/// A parameter of a view without a route that only a placeholder could fill. A `String` may be the body.
fn refuse_placeholder(name: &Ident, ty: &Type, errors: &mut Errors) {
    if is_plain_value(ty) && !is_named(ty, "String") {
        let written = plain_name(name);
        errors.push_with_help(
            name,
            format_args!("the view has no route, so there is no placeholder `{written}`"),
            format_args!("`route = \"/path/{{{written}}}\"`"),
        );
    }
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
pub(in crate::view_config) fn is_plain_value(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.get_ident().is_some_and(|name| {
        let name = name.to_string();
        matches!(name.as_str(), "String" | "bool" | "char" | "f32" | "f64")
            || matches!(name.as_str(), "u8" | "u16" | "u32" | "u64" | "u128" | "usize")
            || matches!(name.as_str(), "i8" | "i16" | "i32" | "i64" | "i128" | "isize")
    })
}
