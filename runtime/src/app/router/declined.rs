//! Why no view answered a request: told in development, and by nobody else.

use std::fmt::Write;
use std::sync::Arc;

use crate::app::application::{Application, RequestExt, ViewSet};
use crate::app::request::Request;

/// What was tried, and why each view declined. Kept on the request, in development.
#[derive(Debug, Clone)]
pub(super) struct Declined(pub(super) Arc<str>);

/// Notes why none of these views answers, if anybody is to be told.
pub(super) fn note(request: &Request, application: &Application, sets: &[&ViewSet]) {
    if application.development {
        request.set_extension(Declined(told(request, sets).into()));
    }
}

fn told(request: &Request, sets: &[&ViewSet]) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = match request.matched_route() {
        Some(route) => writeln!(text, "The route `{}` ({}) matched.", route.name, route.pattern),
        None => writeln!(text, "No route matched the path {}.", request.path()),
    };
    if let Some(traversed) = request.traversed() {
        let _ = writeln!(
            text,
            "The path leads to the context at {}, and on to the view {}.",
            traversed.context().resource_path(&[]),
            match traversed.view_name() {
                "" => "without a name".to_owned(),
                name => format!("`{name}`"),
            }
        );
    }
    let mut views = sets.iter().flat_map(|set| set.iter()).peekable();
    if views.peek().is_none() {
        text.push_str("There is no view for that.\n");
    }
    for view in views {
        let reason = view
            .declines(request)
            .unwrap_or_else(|| "a parameter that is taken from the request turned out not to fit".to_owned());
        let _ = writeln!(text, "`{}` ({}) declined: {reason}.", view.name, view.origin);
    }
    text
}
