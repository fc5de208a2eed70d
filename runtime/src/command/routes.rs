//! `routes`: what was registered, as Pyramid's `proutes` prints it.

use std::fmt::Write;
use std::process::ExitCode;

use http::Method;
use regex::Regex;
use serde_json::{Value, json};

use super::arguments::{Arguments, Choice};
use crate::app::application::{Application, RegisteredRoute, RegisteredView};
use crate::app::view::predicate::MethodPredicate;
use crate::error::Result;
use crate::suggestion::nearest;

/// What can be printed of a view of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Pattern,
    View,
    Method,
    Mapper,
    Permission,
    Where,
}

const COLUMNS: [(&str, &str, Column); 7] = [
    ("name", "Name", Column::Name),
    ("pattern", "Pattern", Column::Pattern),
    ("view", "View", Column::View),
    ("method", "Method", Column::Method),
    ("mapper", "Mapper", Column::Mapper),
    ("permission", "Permission", Column::Permission),
    ("where", "Where", Column::Where),
];

/// Pyramid's.
const DEFAULT: &str = "name,pattern,view,method";

/// Prints the routes in matching order.
///
/// # Errors
/// Where they cannot be printed.
pub(super) fn printed(arguments: &Arguments, application: &Application) -> Result<ExitCode> {
    let columns = match columns(arguments.value(Choice::Format).unwrap_or(DEFAULT)) {
        Ok(columns) => columns,
        Err(complaint) => return Ok(super::misunderstood(&complaint)),
    };
    let glob = arguments.value(Choice::Glob).map(glob);
    let wanted = |route: &&RegisteredRoute| {
        glob.as_ref().is_none_or(|glob| glob.is_match(&route.name) || glob.is_match(&route.pattern))
    };
    let routes: Vec<_> = application.routes().iter().filter(wanted).collect();
    super::print(
        arguments,
        || table(&routes, &columns),
        || routes.iter().map(|route| document(route)).collect(),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn columns(text: &str) -> Result<Vec<Column>, String> {
    let read = |name: &str| {
        let known = COLUMNS.iter().find(|(known, ..)| *known == name);
        known.map(|(.., column)| *column).ok_or_else(|| {
            let near = nearest(name, COLUMNS.iter().map(|(known, ..)| *known));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let all = COLUMNS.map(|(known, ..)| known).join(", ");
            format!("there is no column `{name}`{near} There are {all}")
        })
    };
    text.split(',').map(|name| read(name.trim())).collect()
}

/// `*` is any text, `?` one character.
fn glob(text: &str) -> Regex {
    let mut pattern = String::from("(?s)^");
    for character in text.chars() {
        match character {
            '*' => pattern.push_str(".*"),
            '?' => pattern.push('.'),
            other => pattern.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    pattern.push('$');
    Regex::new(&pattern).expect("what is escaped is a pattern")
}

/// A row a view.
fn table(routes: &[&RegisteredRoute], columns: &[Column]) -> String {
    let titles = columns.iter().map(|column| COLUMNS[*column as usize].1.to_owned());
    let titles: Vec<_> = titles.collect();
    let lines = titles.iter().map(|title| "-".repeat(title.len())).collect();
    let mut rows = vec![titles, lines];
    for route in routes {
        let mut views = route.views.iter().peekable();
        if views.peek().is_none() {
            rows.push(columns.iter().map(|column| cell(*column, route, None)).collect());
        }
        rows.extend(
            views.map(|view| columns.iter().map(|column| cell(*column, route, Some(view))).collect()),
        );
    }
    let width = |column: usize| rows.iter().map(|row: &Vec<String>| row[column].chars().count()).max();
    let widths: Vec<_> = (0..columns.len()).map(|column| width(column).unwrap_or(0) + 3).collect();
    let mut table = String::new();
    for row in &rows {
        let (last, others) = row.split_last().expect("a column at least");
        for (text, width) in others.iter().zip(&widths) {
            // Writing into a string cannot fail.
            let _ = write!(table, "{text:width$} ");
        }
        let _ = writeln!(table, "{last}");
    }
    table
}

fn cell(column: Column, route: &RegisteredRoute, view: Option<&RegisteredView>) -> String {
    match (column, view) {
        (Column::Name, _) => route.name.clone(),
        (Column::Pattern, _) => route.pattern.clone(),
        (Column::Method, _) => {
            methods(route.predicates.method(), view.and_then(|view| view.predicates.method()))
        }
        (Column::View, None) => "<unknown>".to_owned(),
        (Column::View, Some(view)) => view.name.clone(),
        (Column::Mapper, view) => view.map_or_else(String::new, |view| view.mapper.to_owned()),
        (Column::Permission, view) => view.and_then(|view| view.permission.clone()).unwrap_or_default(),
        (Column::Where, view) => view.map_or(route.origin, |view| view.origin).to_string(),
    }
}

/// The methods that a route and a view of it both admit, as Pyramid writes them.
fn methods(route: Option<&MethodPredicate>, view: Option<&MethodPredicate>) -> String {
    match (route, view) {
        (None, None) => "*".to_owned(),
        // `!GET,*` is everything but GET.
        (Some(one), None) | (None, Some(one)) if one.is_negated() => format!("{one},*"),
        (Some(one), None) | (None, Some(one)) => one.to_string(),
        (Some(route), Some(view)) => {
            let mut both: Vec<_> = route.admitted().filter(|method| view.admits(method)).collect();
            if both.contains(&Method::GET) {
                both.retain(|method| method != Method::HEAD);
            }
            let mut both: Vec<_> = both.iter().map(ToString::to_string).collect();
            both.sort();
            if both.is_empty() { "<route mismatch>".to_owned() } else { both.join(",") }
        }
    }
}

/// A route for programs.
fn document(route: &RegisteredRoute) -> Value {
    let views = route.views.iter().map(|view| {
        json!({
            "view": view.name,
            "view_name": view.view_name,
            "context": view.context.as_ref().map(ToString::to_string),
            "method": methods(route.predicates.method(), view.predicates.method()),
            "predicates": view.predicates.text(),
            "permission": view.permission,
            "mapper": view.mapper,
            "where": view.origin.to_string(),
        })
    });
    json!({
        "name": route.name,
        "pattern": route.pattern,
        "predicates": route.predicates.text(),
        "where": route.origin.to_string(),
        "views": views.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_place() {
        for (place, (name, _, column)) in COLUMNS.iter().enumerate() {
            assert_eq!(*column as usize, place, "{name}");
        }
    }

    #[test]
    fn a_glob_is_about_the_whole_text_and_takes_everything_else_as_it_is() {
        assert!(glob("api.*").is_match("api.users") && !glob("api.*").is_match("apixusers"));
        assert!(glob("*{id}").is_match("/user/{id}") && !glob("{id}").is_match("/user/{id}"));
        assert!(glob("?").is_match("é") && !glob("?").is_match(""));
    }
}
