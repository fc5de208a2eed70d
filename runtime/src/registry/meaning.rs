//! What was said in a place where it has no meaning. Macros refuse such things themselves; this is for what was said by calls.

use aiopyramid_pattern::Pattern;

use super::collect::Route;
use super::declaration::ViewKind;
use super::directive::AddedView;
use super::fault::Fault;
use crate::app::origin::Origin;

/// What was said of a view that no view of its kind has.
pub(super) fn of_view(view: &AddedView, origin: Origin) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut refuse = |message: String, help: &str| faults.push(Fault::new(message, [origin]).with_help(help));
    let name = view.name;
    let kind = match view.kind {
        ViewKind::View => None,
        ViewKind::NotFound { .. } => Some("a view of what is not found"),
        ViewKind::Forbidden => Some("a view of what is forbidden"),
        ViewKind::Exception(_) => Some("an exception view"),
    };
    if let Some(kind) = kind {
        if view.permission.is_some() {
            refuse(
                format!("`{name}` is {kind}, and such a view has no permission"),
                "remove `.permission(..)`: whoever got an error may see it",
            );
        }
        if !view.view_name.is_empty() {
            refuse(
                format!("`{name}` is {kind}, and such a view has no name"),
                "remove `.name(..)`: no path leads to such a view",
            );
        }
        if view.context.is_some() {
            refuse(
                format!("`{name}` is {kind}, and such a view is not chosen by a context"),
                "remove `.context(..)`; `add_exception_view::<E, _, _>(..)` is for errors of type `E`",
            );
        }
    }
    if view.append_slash && !matches!(view.kind, ViewKind::NotFound { .. }) {
        refuse(
            format!("`{name}` has `append_slash`, but is no view of what is not found"),
            "say it of one that is added with `add_notfound_view`",
        );
    }
    match &*view.view_name {
        name if name.starts_with("@@") => refuse(
            format!("`{name}` is no name of a view: `@@` stands in paths only"),
            &format!("`.name(\"{}\")`", name.trim_start_matches('@')),
        ),
        name if name.contains('/') => refuse(
            format!("`{name}` is no name of a view: it is one segment of a path"),
            "a pattern is that of a route: `config.add_route(..)`",
        ),
        _ => {}
    }
    faults
}

/// What is said of a route, or of a path to be traversed, that cannot be so.
pub(super) fn of_route(route: &Route, pattern: Option<&Pattern>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut refuse =
        |message: String, help: String| faults.push(Fault::new(message, [route.origin]).with_help(help));
    let Some(pattern) = pattern else {
        // It leads to another server.
        let said = [
            (!route.predicates.is_empty(), "predicates"),
            (route.factory.is_some(), "a root factory"),
            (route.traverse.is_some(), "a path to be traversed"),
            (route.use_global_views, "`use_global_views`"),
        ];
        for (_, what) in said.into_iter().filter(|(said, _)| *said) {
            refuse(
                format!("the route `{}` leads to another server, so {what} can have no effect", route.name),
                "it is there for URLs only: leave that away".to_owned(),
            );
        }
        return faults;
    };
    let Some(path) = route.traverse.as_deref().and_then(|path| Pattern::parse(path).ok()) else {
        return faults;
    };
    if pattern.rest() == Some("traverse") {
        refuse(
            format!("`{}` says already what is traversed, with `*traverse`", route.pattern),
            "remove `.traverse(..)`, or give `*traverse` another name".to_owned(),
        );
        return faults;
    }
    let known: Vec<String> = pattern.placeholders().map(|name| format!("`{name}`")).collect();
    for name in path.placeholders().filter(|name| !pattern.placeholders().any(|known| known == *name)) {
        let help = match &known[..] {
            [] => format!("add `{{{name}}}` to the pattern"),
            known => format!("it has {}", known.join(", ")),
        };
        refuse(
            format!(
                "the route `{}` is to traverse `{}`, but `{name}` is no placeholder of `{}`",
                route.name,
                path.as_str(),
                route.pattern
            ),
            help,
        );
    }
    faults
}
