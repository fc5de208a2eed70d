//! The predicates but for `request_method`, each with how it is read and asked.

use http::{HeaderMap, HeaderName, HeaderValue};
use regex::Regex;

use super::parameters::Parameters;
use crate::app::request::Request;
use crate::app::security::Principals;
use crate::app::type_key::TypeKey;
use crate::protocol::accept::{Accept, MediaType};

#[derive(Debug)]
pub(super) enum Kind {
    Xhr(bool),
    PathInfo(Regex),
    RequestParams(Vec<(String, Option<String>)>),
    Headers(Vec<HeaderPredicate>),
    /// On a view one type, on a route any of them.
    Accept(Vec<MediaType>),
    Containment(TypeKey),
    MatchParams(Vec<(String, String)>),
    PhysicalPath(Vec<String>),
    IsAuthenticated(bool),
    EffectivePrincipals(Vec<String>),
    Custom(fn(&Request) -> bool),
}

impl Kind {
    /// Reads the values of the predicate `name`.
    ///
    /// # Errors
    /// A sentence on what is wrong with them.
    pub(super) fn read(name: &str, values: &[&str]) -> Result<Self, String> {
        Ok(match name {
            "xhr" => Self::Xhr(switch(name, values)?),
            "path_info" => Self::PathInfo(anchored(one(name, values)?)?),
            "request_param" => Self::RequestParams(values.iter().map(|value| parameter(value)).collect()),
            "header" => Self::Headers(
                values.iter().map(|value| HeaderPredicate::new(value)).collect::<Result<_, _>>()?,
            ),
            "accept" => Self::Accept(
                values
                    .iter()
                    .map(|value| {
                        MediaType::parse(value)
                            .ok_or_else(|| format!("`accept` is a media type, not `{value}`"))
                    })
                    .collect::<Result<_, _>>()?,
            ),
            "match_param" => {
                Self::MatchParams(values.iter().map(|value| pair(value)).collect::<Result<_, _>>()?)
            }
            "physical_path" => {
                let path = one(name, values)?;
                let names = path.split('/').filter(|name| !name.is_empty());
                Self::PhysicalPath(names.map(str::to_owned).collect())
            }
            "is_authenticated" => Self::IsAuthenticated(switch(name, values)?),
            "effective_principals" => {
                Self::EffectivePrincipals(values.iter().map(|value| (*value).to_owned()).collect())
            }
            other => return Err(format!("there is no predicate `{other}`")),
        })
    }

    pub(super) fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Xhr(wanted) => {
                let is =
                    request.headers().get("x-requested-with").is_some_and(|value| value == "XMLHttpRequest");
                is == *wanted
            }
            Self::PathInfo(regex) => regex.is_match(request.path()),
            Self::RequestParams(wanted) => request.extension::<Parameters>().is_some_and(|parameters| {
                wanted.iter().all(|(name, wanted)| {
                    let value = parameters.get(name);
                    wanted.as_ref().map_or(value.is_some(), |wanted| value == Some(wanted))
                })
            }),
            Self::Headers(headers) => headers.iter().all(|header| header.holds(request.headers())),
            Self::Accept(offers) => Accept::of(request.headers())
                .is_none_or(|accept| offers.iter().any(|offer| accept.quality(offer) > 0)),
            Self::Containment(key) => request.context().is_some_and(|context| {
                context.lineage().any(|resource| resource.contexts().any(|id| id == key.id()))
            }),
            Self::MatchParams(pairs) => {
                pairs.iter().all(|(name, wanted)| request.match_value(name) == Some(wanted.as_str()))
            }
            Self::PhysicalPath(path) => {
                request.context().is_some_and(|context| context.resource_path_tuple(&[])[1..] == path[..])
            }
            Self::IsAuthenticated(wanted) => {
                request.extension::<Principals>().is_some_and(|client| client.is_authenticated()) == *wanted
            }
            Self::EffectivePrincipals(wanted) => request
                .extension::<Principals>()
                .is_some_and(|client| wanted.iter().all(|principal| client.contains(principal))),
            Self::Custom(holds) => holds(request),
        }
    }
}

fn switch(name: &str, values: &[&str]) -> Result<bool, String> {
    match values {
        ["true"] => Ok(true),
        ["false"] => Ok(false),
        _ => Err(format!("`{name}` is `true` or `false`")),
    }
}

fn one<'v>(name: &str, values: &[&'v str]) -> Result<&'v str, String> {
    match values {
        [value] => Ok(value),
        _ => Err(format!("`{name}` has one value")),
    }
}

/// An expression that must match from the start.
fn anchored(regex: &str) -> Result<Regex, String> {
    Regex::new(&format!(r"\A(?:{})", regex.trim())).map_err(|error| format!("`{regex}`: {error}"))
}

/// `name`, or `name=value`; a leading `=` belongs to the name, and blanks around either do not.
pub(super) fn parameter(text: &str) -> (String, Option<String>) {
    let from = usize::from(text.starts_with('='));
    match text[from..].find('=').map(|at| at + from) {
        Some(at) => (text[..at].trim().to_owned(), Some(text[at + 1..].trim().to_owned())),
        None => (text.trim().to_owned(), None),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, wanted) =
        text.split_once('=').ok_or_else(|| format!("`match_param` is `name=value`, not `{text}`"))?;
    Ok((name.trim().to_owned(), wanted.trim().to_owned()))
}

/// `Name`, which must be there, or `Name:regex`, which must match from the start of the value.
#[derive(Debug)]
pub(super) struct HeaderPredicate {
    name: HeaderName,
    value: Option<Regex>,
}

impl HeaderPredicate {
    fn new(text: &str) -> Result<Self, String> {
        let (name, value) = match text.split_once(':') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let name =
            HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| format!("`{name}` is no header"))?;
        let value = value.map(anchored).transpose()?;
        Ok(Self { name, value })
    }

    fn holds(&self, headers: &HeaderMap<HeaderValue>) -> bool {
        match (headers.get(&self.name), &self.value) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(value), Some(regex)) => {
                std::str::from_utf8(value.as_bytes()).is_ok_and(|value| regex.is_match(value))
            }
        }
    }
}
