//! `request` in a template.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use http::HeaderName;
use http::header::CONTENT_TYPE;
use minijinja::value::{Enumerator, Object};
use minijinja::{Error, ErrorKind, State, Value};

use super::context::ContextValue;
use super::csrf_token;
use super::urls::UrlFunction;
use crate::app::application::RequestExt;
use crate::app::request::{Request, SECRET_HEADERS};
use crate::protocol::url;

/// What of a request is harmless and of use on a page.
pub(super) struct RequestValue(pub(super) Request);

/// The keys, as `system::REQUEST` has them for the check.
pub(super) const KEYS: &[&str] = &[
    "method",
    "scheme",
    "host",
    "path",
    "query_string",
    "url",
    "path_url",
    "host_url",
    "application_url",
    "remote_addr",
    "is_xhr",
    "matchdict",
    "matched_route",
    "query",
    "params",
    "headers",
    "context",
    "view_name",
    "subpath",
];

impl fmt::Debug for RequestValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Object for RequestValue {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let Self(request) = &**self;
        Some(match key {
            "method" => request.method().as_str().into(),
            "scheme" => request.scheme().into(),
            "host" => request.host().into(),
            "path" => request.path().into(),
            "query_string" => request.query_string().into(),
            "url" => request.url().into(),
            "path_url" => request.path_url().into(),
            "host_url" => request.host_url().into(),
            "application_url" => request.application_url().into(),
            "remote_addr" => request.remote_addr().map(|address| address.ip().to_string()).into(),
            "is_xhr" => (request.header("x-requested-with") == Some("XMLHttpRequest")).into(),
            "matchdict" => matchdict(request),
            "matched_route" => request.matched_route().map_or_else(
                || ().into(),
                |route| Value::from_pairs([("name", &*route.name), ("pattern", &*route.pattern)]),
            ),
            "query" => Value::from_pairs(query(request)),
            "params" => {
                let mut params = form(request);
                params.extend(query(request));
                Value::from_pairs(params)
            }
            "headers" => Value::from_object(Headers(request.clone())),
            "context" => context(request),
            "view_name" => request.view_name().into(),
            "subpath" => request.subpath().into(),
            _ => return None,
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(KEYS)
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        if method == csrf_token::NAME {
            return csrf_token::of(&self.0, arguments);
        }
        match UrlFunction::named(method) {
            Some(function) => function.make(&self.0, arguments),
            None => Err(ErrorKind::UnknownMethod.into()),
        }
    }
}

/// The resource that the path led to; `none` where none was walked.
pub(super) fn context(request: &Request) -> Value {
    request.context().map_or_else(|| ().into(), ContextValue::value)
}

/// The values of the matched route's placeholders; a final `*name` as a list.
fn matchdict(request: &Request) -> Value {
    let Some(matched) = request.matched() else { return Value::from_pairs::<_, &str, Value>([]) };
    let rest = matched.matcher().pattern().rest();
    let values = matched.iter(request.path()).map(|(name, text)| {
        let value: Value =
            if rest == Some(name) { matched.rest(request.path()).collect() } else { text.into() };
        (name, value)
    });
    Value::from_pairs(values)
}

type Pairs = BTreeMap<String, String>;

/// Of a name that stands several times the last counts, as in Pyramid.
fn query(request: &Request) -> Pairs {
    url::form_pairs(request.query_string()).into_iter().collect()
}

/// The form that was posted, where the view has read it.
fn form(request: &Request) -> Pairs {
    let is_form = request.headers().contains_key(CONTENT_TYPE)
        && request.content_type() == "application/x-www-form-urlencoded";
    let body = is_form.then(|| request.body_bytes().ok()).flatten();
    let text = body.as_deref().and_then(|body| std::str::from_utf8(body).ok());
    text.map(url::form_pairs).unwrap_or_default().into_iter().collect()
}

/// The headers, but for those that are secrets.
#[derive(Debug)]
struct Headers(Request);

impl Object for Headers {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let name = HeaderName::try_from(key).ok().filter(|name| !SECRET_HEADERS.contains(name))?;
        self.0.header(name).map(Value::from)
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let shown = self.0.headers().keys().filter(|name| !SECRET_HEADERS.contains(name));
        Enumerator::Values(shown.map(|name| name.as_str().into()).collect())
    }
}
