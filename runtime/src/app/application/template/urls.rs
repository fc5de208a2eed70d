//! The functions that make URLs: `{{ route_url("book", id=7, _query={"page": 2}) }}`.

use std::sync::Arc;

use minijinja::value::{Kwargs, Object, ObjectRepr, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::context::ContextValue;
use super::system::request_of;
use crate::app::application::RequestExt;
use crate::app::request::Request;
use crate::app::route::{UrlError, UrlOptions};
use crate::protocol::pattern::PathValue;
use crate::protocol::url::{Query, QueryValue};

/// One of the functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UrlFunction {
    RouteUrl,
    RoutePath,
    CurrentRouteUrl,
    CurrentRoutePath,
    ResourceUrl,
    ResourcePath,
    StaticUrl,
    StaticPath,
}

const NAMES: [(&str, UrlFunction); 8] = [
    ("route_url", UrlFunction::RouteUrl),
    ("route_path", UrlFunction::RoutePath),
    ("current_route_url", UrlFunction::CurrentRouteUrl),
    ("current_route_path", UrlFunction::CurrentRoutePath),
    ("resource_url", UrlFunction::ResourceUrl),
    ("resource_path", UrlFunction::ResourcePath),
    ("static_url", UrlFunction::StaticUrl),
    ("static_path", UrlFunction::StaticPath),
];

/// Makes the functions known to every template.
pub(super) fn add_to(environment: &mut Environment<'static>) {
    for (name, function) in NAMES {
        environment.add_global(name, Value::from_object(function));
    }
}

impl Object for UrlFunction {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, arguments: &[Value]) -> Result<Value, Error> {
        self.make(&request_of(state)?, arguments)
    }
}

fn wrong(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn refused(error: UrlError) -> Error {
    wrong(error.to_string()).with_source(error)
}

impl UrlFunction {
    /// The function of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    fn name(self) -> &'static str {
        NAMES.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| *name)
    }

    /// The URL for `request`.
    pub(super) fn make(self, request: &Request, arguments: &[Value]) -> Result<Value, Error> {
        let (positional, keywords) = split(arguments)?;
        let mut read = Keywords { function: self, options: UrlOptions::default(), others: Vec::new() };
        for name in keywords.args() {
            let value: Value = keywords.get(name)?;
            read.take(name, value)?;
        }
        let url = match self {
            Self::RouteUrl | Self::RoutePath => self.of_route(request, positional, read)?,
            Self::CurrentRouteUrl | Self::CurrentRoutePath => {
                self.of_current_route(request, positional, read)?
            }
            Self::ResourceUrl | Self::ResourcePath => self.of_resource(request, positional, read)?,
            Self::StaticUrl | Self::StaticPath => self.of_file(request, positional, read)?,
        };
        Ok(url.into())
    }

    /// The first argument, and more segments of the path.
    fn first<'a>(
        self,
        positional: &'a [Value],
        what: &str,
        options: &mut UrlOptions,
    ) -> Result<&'a Value, Error> {
        let (first, elements) = positional
            .split_first()
            .filter(|(first, _)| !first.is_undefined())
            .ok_or_else(|| wrong(format!("`{}` needs {what}", self.name())))?;
        options.elements = texts(elements, "a segment of the path")?;
        Ok(first)
    }

    fn of_route(self, request: &Request, positional: &[Value], read: Keywords) -> Result<String, Error> {
        let mut options = read.options;
        let name = text(self.first(positional, "the name of a route", &mut options)?, "the name of a route")?;
        let values = path_values(&read.others)?;
        match self {
            Self::RouteUrl => request.route_url_by_name(&name, &values, &options),
            _ => request.route_path_by_name(&name, &values, &options),
        }
        .map_err(refused)
    }

    fn of_current_route(
        self,
        request: &Request,
        positional: &[Value],
        read: Keywords,
    ) -> Result<String, Error> {
        let Keywords { mut options, mut others, .. } = read;
        options.elements = texts(positional, "a segment of the path")?;
        let named = take(&mut others, "_route_name").map(|name| text(&name, "`_route_name`")).transpose()?;
        let current = request.matched_route().ok_or_else(|| refused(UrlError::NoCurrentRoute))?;
        let name = named.as_deref().unwrap_or(&current.name);
        let values = path_values(&others)?;
        match self {
            Self::CurrentRouteUrl => request.current_route_url_by_name(name, &values, &options),
            _ => request.current_route_path_by_name(name, &values, &options),
        }
        .map_err(refused)
    }

    fn of_resource(self, request: &Request, positional: &[Value], read: Keywords) -> Result<String, Error> {
        let Keywords { mut options, mut others, .. } = read;
        let resource = self.first(positional, "a resource", &mut options)?;
        let ContextValue(located) = resource.downcast_object_ref().ok_or_else(|| {
            wrong(format!(
                "`{}` takes `context`, or what is above it, and no {}",
                self.name(),
                resource.kind()
            ))
        })?;
        let route = take(&mut others, "route_name");
        let given = take(&mut others, "route_kw");
        if let Some((unknown, _)) = others.first() {
            return Err(wrong(format!("`{}` takes no `{unknown}`", self.name())));
        }
        let Some(route) = route else {
            return Ok(match self {
                Self::ResourceUrl => request.resource_url_with(located, &options),
                _ => request.resource_path_with(located, &options),
            });
        };
        let route = text(&route, "`route_name`")?;
        let given = given.as_ref().map(pairs).transpose()?.unwrap_or_default();
        let values = path_values(&given)?;
        match self {
            Self::ResourceUrl => request.resource_url_by_route(located, &route, &values, &options),
            _ => request.resource_path_by_route(located, &route, &values, &options),
        }
        .map_err(refused)
    }

    #[cfg(feature = "static")]
    fn of_file(self, request: &Request, positional: &[Value], read: Keywords) -> Result<String, Error> {
        let mut options = read.options;
        let path = text(self.first(positional, "the path of a file", &mut options)?, "the path of a file")?;
        match self {
            Self::StaticUrl => request.static_url_with(&path, &options),
            _ => request.static_path_with(&path, &options),
        }
        .map_err(refused)
    }

    #[cfg(not(feature = "static"))]
    fn of_file(self, _: &Request, _: &[Value], _: Keywords) -> Result<String, Error> {
        Err(wrong(format!("`{}` needs the feature `static` of aiopyramid", self.name())))
    }
}

/// The arguments by their places, and those with names.
fn split(arguments: &[Value]) -> Result<(&[Value], Kwargs), Error> {
    match arguments.split_last() {
        Some((last, positional)) if last.is_kwargs() => Ok((positional, Kwargs::try_from(last.clone())?)),
        _ => Ok((arguments, std::iter::empty::<(&str, Value)>().collect())),
    }
}

/// The arguments with names.
struct Keywords {
    function: UrlFunction,
    options: UrlOptions,
    others: Vec<(String, Value)>,
}

impl Keywords {
    /// Takes an argument. An option that is `none` is as good as not given.
    fn take(&mut self, name: &str, value: Value) -> Result<(), Error> {
        use UrlFunction::{ResourcePath, ResourceUrl, StaticPath, StaticUrl};
        let option = match self.function {
            // As in Pyramid: there is no placeholder that they could be taken for.
            ResourceUrl | ResourcePath => Some(name),
            _ => name.strip_prefix('_'),
        };
        let given = || (!value.is_none()).then(|| text(&value, &format!("`{name}`"))).transpose();
        let options = &mut self.options;
        match option {
            Some("query") if value.is_none() => {}
            Some("query") => options.query = Some(query(&value)?),
            Some("anchor") => options.anchor = given()?.unwrap_or_default(),
            Some("scheme") => options.scheme = given()?,
            Some("host") => options.host = given()?,
            Some("port") => {
                let port = given()?.map(|port| port.parse());
                options.port =
                    port.transpose().map_err(|_| wrong(format!("`{name}` is the number of a port")))?;
            }
            Some("app_url") => options.app_url = given()?,
            _ if matches!(self.function, StaticUrl | StaticPath) => {
                return Err(wrong(format!("`{}` takes no `{name}`", self.function.name())));
            }
            _ => self.others.push((name.to_owned(), value)),
        }
        Ok(())
    }
}

fn take(values: &mut Vec<(String, Value)>, wanted: &str) -> Option<Value> {
    let place = values.iter().position(|(name, _)| name == wanted)?;
    Some(values.remove(place).1)
}

/// A single value as text. What is not there has none: `None` in a URL helps nobody.
fn text(value: &Value, what: &str) -> Result<String, Error> {
    match value.kind() {
        // Not `True`, as templates show it: so that what reads the URL reads it back.
        ValueKind::Bool => Ok(value.is_true().to_string()),
        ValueKind::String | ValueKind::Number => Ok(value.to_string()),
        ValueKind::Undefined => Err(Error::new(ErrorKind::UndefinedError, format!("{what} is undefined"))),
        kind => Err(wrong(format!("{what} is a text or a number, and no {kind}"))),
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

fn texts<'a>(values: impl IntoIterator<Item = &'a Value>, what: &str) -> Result<Vec<String>, Error> {
    values.into_iter().map(|value| text(value, what)).collect()
}

fn elements(list: &Value, what: &str) -> Result<Vec<String>, Error> {
    let values: Vec<Value> = list.try_iter()?.collect();
    texts(&values, what)
}

fn path_values(values: &[(String, Value)]) -> Result<Vec<(&str, PathValue<'static>)>, Error> {
    values.iter().map(|(name, value)| Ok((&**name, path_value(name, value)?))).collect()
}

fn path_value(name: &str, value: &Value) -> Result<PathValue<'static>, Error> {
    let what = format!("the value of `{name}`");
    if is_list(value) {
        elements(value, &what).map(PathValue::list)
    } else {
        text(value, &what).map(PathValue::from)
    }
}

/// The pairs of a map, or of a list of pairs.
fn pairs(value: &Value) -> Result<Vec<(String, Value)>, Error> {
    let mut pairs = Vec::new();
    for item in value.try_iter()? {
        let (key, value) = if value.kind() == ValueKind::Map {
            let inner = value.get_item(&item)?;
            (item, inner)
        } else {
            (item.get_item_by_index(0)?, item.get_item_by_index(1)?)
        };
        pairs.push((text(&key, "a key")?, value));
    }
    Ok(pairs)
}

fn query(value: &Value) -> Result<Query, Error> {
    if value.kind() == ValueKind::String {
        return Ok(value.to_string().into());
    }
    if value.kind() != ValueKind::Map && !is_list(value) {
        return Err(wrong(format!("a query is a text, a map or a list of pairs, and no {}", value.kind())));
    }
    let mut query = Vec::new();
    for (name, value) in pairs(value)? {
        let value = query_value(&name, &value)?;
        query.push((name, value));
    }
    Ok(query.into())
}

fn query_value(name: &str, value: &Value) -> Result<QueryValue, Error> {
    let what = format!("`{name}` in the query");
    if value.is_none() {
        Ok(QueryValue::Empty)
    } else if is_list(value) {
        elements(value, &what).map(QueryValue::Many)
    } else {
        text(value, &what).map(QueryValue::One)
    }
}
