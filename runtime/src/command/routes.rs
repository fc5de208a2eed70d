//! `routes`: what was registered, as Pyramid's `proutes` prints it.

use std::fmt::Write;

use crate::app::application::Application;

/// The routes in matching order, a row a view: name, pattern, view, methods.
pub(super) fn table(application: &Application) -> String {
    let mut rows = vec![
        ["Name", "Pattern", "View", "Method"].map(str::to_owned),
        ["----", "-------", "----", "------"].map(str::to_owned),
    ];
    for route in application.routes() {
        let (name, pattern) = (route.name.as_str(), route.pattern.as_str());
        let mut views = route.views.iter().peekable();
        if views.peek().is_none() {
            rows.push([name, pattern, "<unknown>", "*"].map(str::to_owned));
        }
        for view in views {
            let method = view.predicates.method().map_or_else(|| "*".to_owned(), ToString::to_string);
            rows.push([name.to_owned(), pattern.to_owned(), view.name.clone(), method]);
        }
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0) + 3;
    let widths = [width(0), width(1), width(2)];
    let mut table = String::new();
    for [name, pattern, view, method] in &rows {
        let [first, second, third] = widths;
        // Writing into a string cannot fail.
        let _ = writeln!(table, "{name:first$} {pattern:second$} {view:third$} {method}");
    }
    table
}
