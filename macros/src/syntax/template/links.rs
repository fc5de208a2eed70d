//! What a template calls: functions that there are not, and URLs of routes and files that are named by a text.
//!
//! Which routes an application has is known when it starts, so the URLs are noted, a line for each:
//!
//! ```text
//! {{ route_url("book", id=7, _query=query) }}  =>  shop:templates/shelf.jinja2 <tab> 3 <tab> route_url <tab> book <tab> id,_query
//! ```
//!
//! Where keywords come from a map as well, the last of them is `**`.

use std::fmt::Write;

use minijinja::machinery::ast;

use super::accesses::scope::Scopes;
use super::accesses::{Asked, shown};
use crate::syntax::suggestion::{list, nearest};

/// The functions of the engine that make no URLs.
const OTHERS: &[&str] = &["range", "dict", "debug", "namespace", "super", "caller", "loop"];

/// What gives the token that a form brings back. It is noted like a URL, because not every application has such tokens.
const TOKEN: &str = "get_csrf_token";

/// What makes a URL.
struct Function {
    names: [&'static str; 2],
    /// What its first argument is, and an example of that.
    first: Option<(&'static str, &'static str)>,
    /// The keyword that names a route, where the first argument does not.
    route: Option<&'static str>,
    /// The keywords that it takes. What is none of them can be a placeholder.
    options: &'static [&'static str],
    takes_placeholders: bool,
}

const FUNCTIONS: [Function; 4] = [
    Function {
        names: ["route_url", "route_path"],
        first: Some(("the name of a route", "'home'")),
        route: None,
        options: &["_query", "_anchor", "_scheme", "_host", "_port", "_app_url"],
        takes_placeholders: true,
    },
    Function {
        names: ["current_route_url", "current_route_path"],
        first: None,
        route: Some("_route_name"),
        options: &["_query", "_anchor", "_scheme", "_host", "_port", "_app_url", "_route_name"],
        takes_placeholders: true,
    },
    Function {
        names: ["static_url", "static_path"],
        first: Some(("the path of a file", "'static/site.css'")),
        route: None,
        options: &["_query", "_anchor", "_scheme", "_host", "_port", "_app_url"],
        takes_placeholders: false,
    },
    Function {
        names: ["resource_url", "resource_path"],
        first: Some(("a resource", "context")),
        route: Some("route_name"),
        // Without `_`, as in Pyramid.
        options: &["query", "anchor", "scheme", "host", "port", "app_url", "route_name", "route_kw"],
        takes_placeholders: false,
    },
];

impl Function {
    fn named(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.names.contains(&name))
    }

    /// What is wrong with a keyword: the message behind the function's name, and what to write instead. What is no option can be
    /// a placeholder, and those are known when the application starts.
    fn refuse(&self, keyword: &str) -> Option<(String, String)> {
        if self.options.contains(&keyword) {
            return None;
        }
        let near = nearest(keyword, self.options.iter().copied());
        if self.takes_placeholders && (near.is_none() || !keyword.starts_with('_')) {
            return None;
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it takes {}", list(self.options.iter().copied())),
        };
        Some((format!("takes no `{keyword}`"), help))
    }
}

/// What was called so far.
#[derive(Default)]
pub(super) struct Links<'a> {
    /// A function that is none of the engine's: the name of the template, the line, its own name. A macro may be made later.
    unknown: Vec<(&'a str, u16, &'a str)>,
    /// Whether there is a template that is only known when it is rendered, with whatever that makes.
    open: bool,
    noted: String,
    faults: Vec<(String, String)>,
}

/// The arguments of a call.
struct Arguments<'a> {
    first: Option<&'a ast::Expr<'a>>,
    keywords: Vec<(&'a str, &'a ast::Expr<'a>)>,
    /// Whether there are more, which are only known when it is called.
    open: bool,
}

impl<'a> Arguments<'a> {
    fn of(arguments: &'a [ast::CallArg<'a>]) -> Self {
        let mut read = Self { first: None, keywords: Vec::new(), open: false };
        for argument in arguments {
            match argument {
                ast::CallArg::Pos(value) => {
                    read.first.get_or_insert(value);
                }
                ast::CallArg::Kwarg(name, value) => read.keywords.push((name, value)),
                ast::CallArg::PosSplat(_) | ast::CallArg::KwargSplat(_) => read.open = true,
            }
        }
        read
    }

    fn keyword(&self, wanted: &str) -> Option<&'a ast::Expr<'a>> {
        self.keywords.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value)
    }
}

fn text(expression: &ast::Expr<'_>) -> Option<String> {
    let ast::Expr::Const(text) = expression else { return None };
    // What separates the columns of a line cannot stand in them. Nobody names a route so.
    text.value.as_str().filter(|text| !text.contains(['\t', '\n'])).map(str::to_owned)
}

impl<'a> Links<'a> {
    /// Takes note of a template that nobody has read.
    pub(super) fn meet_unknown_template(&mut self) {
        self.open = true;
    }

    /// Takes note of a call of a function that the template has not made so far.
    pub(super) fn call(
        &mut self,
        template: &'a str,
        line: u16,
        function: &'a str,
        arguments: &'a [ast::CallArg<'a>],
    ) {
        if !OTHERS.contains(&function) && !self.call_method(template, line, function, arguments) {
            self.unknown.push((template, line, function));
        }
    }

    /// Takes note of a call of a method of the request: those that make URLs, and the one for tokens, are the same as the functions. Gives whether it is one
    /// of these.
    pub(super) fn call_method(
        &mut self,
        template: &'a str,
        line: u16,
        function: &'a str,
        arguments: &'a [ast::CallArg<'a>],
    ) -> bool {
        if function == TOKEN {
            if arguments.is_empty() {
                let _ = writeln!(self.noted, "{template}\t{line}\t{TOKEN}\t\t");
            } else {
                let message = format!("`{}`, line {line}: `{TOKEN}` takes nothing", shown(template));
                self.faults.push((message, format!("`{TOKEN}()`")));
            }
            return true;
        }
        let Some(known) = Function::named(function) else { return false };
        let arguments = Arguments::of(arguments);
        let mut refuse = |(message, help): (String, String)| {
            self.faults.push((format!("`{}`, line {line}: `{function}` {message}", shown(template)), help));
        };
        if let Some((what, example)) = known.first
            && arguments.first.is_none()
            && !arguments.open
        {
            refuse((format!("needs {what}"), format!("`{function}({example})`")));
        }
        for (keyword, _) in &arguments.keywords {
            known.refuse(keyword).into_iter().for_each(&mut refuse);
        }
        let named = match known.route {
            Some(keyword) => arguments.keyword(keyword),
            None => arguments.first,
        };
        if let Some(named) = named.and_then(text) {
            let placeholders = arguments.keywords.iter().filter(|_| known.takes_placeholders);
            let mut keywords: Vec<_> = placeholders.map(|(name, _)| *name).collect();
            // Other values come from elsewhere: from the request, or from a map.
            if arguments.open || known.route.is_some() {
                keywords.push("**");
            }
            let _ = writeln!(self.noted, "{template}\t{line}\t{function}\t{named}\t{}", keywords.join(","));
        }
        true
    }

    /// What there is to be said of it, once all names are known that templates have made.
    pub(super) fn finish(self, scopes: &Scopes<'a>, asked: &mut Asked) {
        let Self { unknown, open, noted, mut faults } = self;
        asked.links = noted;
        let unknown = unknown.into_iter().filter(|(_, _, name)| !open && !scopes.is_made(name));
        for (template, line, name) in unknown {
            let known = || {
                FUNCTIONS.iter().flat_map(|function| &function.names).chain([&TOKEN]).chain(OTHERS).copied()
            };
            let help = match nearest(name, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the functions are {}; one of your own is a `{{% macro {name}(...) %}}`",
                    list(known().filter(|known| !matches!(*known, "super" | "caller" | "loop")))
                ),
            };
            faults.push((format!("`{}`, line {line}: there is no function `{name}`", shown(template)), help));
        }
        asked.faults = faults;
    }
}
