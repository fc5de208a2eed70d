//! What stands in `#[view_config(...)]`.

use proc_macro2::{TokenStream, TokenTree};

use crate::syntax::arguments::{self, Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::suggestion;

/// Every argument of a view.
const KNOWN: &[&str] = &[
    "route",
    "mapper",
    "renderer",
    "request_method",
    "header",
    "xhr",
    "match_param",
    "on_disconnect",
    "not",
];

/// The predicates, which may stand in a `not(...)`.
const PREDICATES: &[&str] = &["request_method", "header", "xhr", "match_param"];

/// The arguments as they were written, keys known and each there once.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) route: Option<Argument>,
    pub(crate) mapper: Option<Argument>,
    pub(crate) renderer: Option<Argument>,
    pub(crate) on_disconnect: Option<Argument>,
    pub(crate) predicates: Vec<Predicate>,
    /// Whether a route was meant to be there, however it is written.
    pub(crate) route_meant: bool,
}

/// A predicate, negated where it stood in a `not(...)`.
#[derive(Debug)]
pub(crate) struct Predicate {
    pub(crate) argument: Argument,
    pub(crate) negated: bool,
}

impl Arguments {
    pub(crate) fn read(attribute: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self { route_meant: mentions_route(attribute.clone()), ..Self::default() };
        let written = arguments::read(attribute, errors);
        for argument in arguments::known(written, KNOWN, errors) {
            match argument.key.to_string().as_str() {
                "route" => read.route = Some(argument),
                "mapper" => read.mapper = Some(argument),
                "renderer" => read.renderer = Some(argument),
                "on_disconnect" => read.on_disconnect = Some(argument),
                "not" => read.negated(argument, errors),
                _ => read.predicate(argument, false, errors),
            }
        }
        read
    }

    fn negated(&mut self, argument: Argument, errors: &mut Errors) {
        let Value::Inner(inner) = &argument.value else {
            errors.push_with_help(
                &argument.value,
                "`not` is put around a predicate",
                "`not(request_method = \"GET\")`",
            );
            return;
        };
        let written = arguments::read(inner.clone(), errors);
        if inner.is_empty() {
            errors.push_with_help(
                &argument,
                "there is no predicate in `not()`",
                "`not(request_method = \"GET\")`",
            );
        }
        for argument in written {
            let key = argument.key.to_string();
            if PREDICATES.contains(&key.as_str()) {
                self.predicate(argument, true, errors);
            } else {
                let help = match suggestion::nearest(&key, PREDICATES.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the predicates are {}", suggestion::list(PREDICATES.iter().copied())),
                };
                errors.push_with_help(&argument.key, format_args!("`{key}` is no predicate"), help);
            }
        }
    }

    fn predicate(&mut self, argument: Argument, negated: bool, errors: &mut Errors) {
        if self.predicates.iter().any(|earlier| earlier.argument.key == argument.key) {
            errors.push_with_help(
                &argument.key,
                format_args!("`{}` is given twice", argument.key),
                "remove one of them",
            );
        } else {
            self.predicates.push(Predicate { argument, negated });
        }
    }

    /// Takes from `defaults` what is not said here, argument by argument.
    pub(crate) fn with_defaults(mut self, defaults: Self) -> Self {
        self.route = self.route.or(defaults.route);
        self.mapper = self.mapper.or(defaults.mapper);
        self.renderer = self.renderer.or(defaults.renderer);
        self.on_disconnect = self.on_disconnect.or(defaults.on_disconnect);
        self.route_meant |= defaults.route_meant;
        for predicate in defaults.predicates {
            if !self.predicates.iter().any(|own| own.argument.key == predicate.argument.key) {
                self.predicates.push(predicate);
            }
        }
        self
    }
}

/// Whether `route` stands somewhere, or nearly, or a text that looks like a pattern without a name.
fn mentions_route(attribute: TokenStream) -> bool {
    attribute.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "route" || suggestion::is_near(&word.to_string(), "route"),
        TokenTree::Literal(text) => text.to_string().starts_with("\"/"),
        TokenTree::Group(group) => mentions_route(group.stream()),
        TokenTree::Punct(_) => false,
    })
}
