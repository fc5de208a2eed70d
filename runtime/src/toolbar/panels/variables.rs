//! What was asked for, and what the application made of it.

use crate::pattern::Pattern;
use crate::toolbar::{Answered, Content, Panel};
use crate::view::Predicates;
use crate::{RegisteredView, Request, RequestExt, Settings};

/// The longest body that is shown, in bytes.
const LONGEST: usize = 64 * 1024;

/// The most rows of one table.
const MOST: usize = 200;

/// The request's variables, its route and its view.
#[derive(Debug)]
pub(super) struct VariablesPanel;

/// What a request was made of.
#[derive(Debug, Default)]
pub(super) struct Variables {
    answered_by: Rows,
    declined: Rows,
    matched: Rows,
    query: Rows,
    form: Rows,
    json: Option<String>,
    cookies: Vec<String>,
    connection: Rows,
}

type Rows = Vec<(String, String)>;

impl Panel for VariablesPanel {
    type Kept = Variables;

    fn name(&self) -> &'static str {
        "variables"
    }

    fn title(&self) -> &'static str {
        "Request"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Variables> {
        let request = answered.request;
        let mut variables = Variables {
            query: masked(crate::url::form_pairs(request.query_string())),
            cookies: cookies(request),
            connection: connection(request),
            ..Variables::default()
        };
        variables.take_body(request);
        variables.take_route(answered);
        Some(variables)
    }

    fn render(&self, variables: &Variables) -> Content {
        let mut content = Content::new().pairs(pairs(&variables.answered_by));
        for (title, rows) in [
            ("Views that declined", &variables.declined),
            ("Placeholders of the route", &variables.matched),
            ("Query", &variables.query),
            ("Form", &variables.form),
        ] {
            if !rows.is_empty() {
                content = content.heading(title).pairs(pairs(rows));
            }
        }
        if let Some(json) = &variables.json {
            content = content.heading("Body").text(json);
        }
        if !variables.cookies.is_empty() {
            let names = variables.cookies.iter().map(|name| (name, Settings::masked("secret", "")));
            content = content.heading("Cookies").pairs(names);
        }
        content.heading("Connection").pairs(pairs(&variables.connection))
    }
}

impl Variables {
    /// What the body says, where it was read and is of a kind that can be shown.
    fn take_body(&mut self, request: &Request) {
        let Ok(body) = request.body_bytes() else { return };
        if body.is_empty() || body.len() > LONGEST {
            return;
        }
        match &*request.content_type() {
            "application/x-www-form-urlencoded" => {
                self.form = masked(crate::url::form_pairs(&String::from_utf8_lossy(&body)));
            }
            "application/json" => {
                self.json = serde_json::from_slice(&body).ok().map(|mut document| {
                    hide_secrets(&mut document);
                    format!("{document:#}")
                });
            }
            _ => {}
        }
    }

    fn take_route(&mut self, answered: &Answered<'_>) {
        let request = answered.request;
        let mut by = Vec::new();
        let route = request.matched_route();
        if let Some(route) = route {
            // One that stands in a view has no other name.
            let named = route.name != route.pattern;
            let name = if named { format!("{} ({})", route.name, route.pattern) } else { route.name.clone() };
            by.push(("Route".to_owned(), name));
            by.push(("Declared at".to_owned(), route.origin.to_string()));
            if let Ok(pattern) = Pattern::parse(&route.pattern) {
                let value =
                    |name: &str| request.match_value(name).map(|value| (name.to_owned(), value.to_owned()));
                self.matched = masked(pattern.placeholders().filter_map(value).collect());
            }
        } else {
            by.push(("Route".to_owned(), "none matched".to_owned()));
        }
        if let Some(traversed) = request.traversed() {
            by.push(("Context".to_owned(), traversed.context().resource_path(&[])));
            by.push(("View name".to_owned(), traversed.view_name().to_owned()));
        }
        let views: Vec<&RegisteredView> = match route {
            Some(route) => route.views.iter().chain(global(request, route.use_global_views)).collect(),
            None => global(request, true).collect(),
        };
        // A copy: a predicate of the application's may log something, which goes there too.
        let seen = answered.trail.seen().views.clone();
        for called in &seen {
            let origin =
                views.iter().find(|view| view.name == called.name).map(|view| view.origin.to_string());
            let origin = origin.map(|origin| format!(", {origin}")).unwrap_or_default();
            by.push(("View".to_owned(), format!("{}{origin} ({})", called.name, called.mapper)));
        }
        // Without a route there may be a great many views that have nothing to do with the request.
        if route.is_some() {
            let declined = views.iter().filter(|view| !seen.iter().any(|called| called.name == view.name));
            let told = declined.filter_map(|view| {
                let reason = view.declines(request)?;
                Some((format!("{} ({})", view.name, view.origin), predicates(&view.predicates, &reason)))
            });
            self.declined = told.take(MOST).collect();
        }
        self.answered_by = by;
    }
}

/// The views without a route, where those count.
fn global(request: &Request, count: bool) -> impl Iterator<Item = &RegisteredView> {
    request.application().views().iter().filter(move |_| count)
}

fn predicates(predicates: &Predicates, reason: &str) -> String {
    format!("{reason} (it asks for {})", predicates.text())
}

fn connection(request: &Request) -> Rows {
    let address = request.remote_addr().map(|address| address.to_string());
    let rows = [
        ("Client", address.unwrap_or_else(|| "not over TCP".to_owned())),
        ("HTTP", format!("{:?}", request.version())),
        ("Scheme", request.scheme().to_owned()),
        ("Host", request.host().to_owned()),
        ("Below", request.script_name().to_owned()),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    rows.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The names of the cookies.
fn cookies(request: &Request) -> Vec<String> {
    let values = request.headers().get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    let cookies = values.flat_map(|value| value.split(';'));
    let names = cookies.map(|cookie| cookie.split('=').next().unwrap_or_default().trim().to_owned());
    names.filter(|name| !name.is_empty()).take(MOST).collect()
}

fn masked(rows: Rows) -> Rows {
    let rows = rows.into_iter().take(MOST);
    rows.map(|(name, value)| (Settings::masked("", &name), Settings::masked(&name, &value))).collect()
}

fn hide_secrets(document: &mut serde_json::Value) {
    match document {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    serde_json::Value::String(text) => *text = Settings::masked(name, text),
                    other => hide_secrets(other),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(hide_secrets),
        _ => {}
    }
}

fn pairs(rows: &Rows) -> impl Iterator<Item = (&str, &str)> {
    rows.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
