//! Routes answered as Python's Pyramid answers them.
//!
//! The cases were made by running Pyramid 2.1. Another set of the same kind is tried by naming its directory in
//! `AIOPYRAMID_ORACLE`. Every case passes, or its departure from Pyramid is one of those listed in [`DEPARTURES`].

#[path = "support/oracle.rs"]
mod oracle;

use std::collections::BTreeMap;
use std::sync::Arc;

use aiopyramid::pattern::{Generator, Matcher, PathValue, Pattern, PatternError, PatternErrorKind, Values};
use aiopyramid::route::{Reverse, RouteTable, UrlBase, UrlError};
use aiopyramid::url::{decode_path, path_segments};
use aiopyramid_pattern::prefixed;
use oracle::{Departure, compare, list, plain, text, url_options};
use serde_json::{Map, Value, json};

/// Every one must still be needed: a tag by one of its cases, an id by its case.
const DEPARTURES: &[Departure] = &[
    Departure {
        cases: "newline",
        reason: "the end of a pattern is the end of the path; Python's `$` also stands before a final line break",
        // Another route may match instead.
        ours: |_, _, answer| answer.get("match") == Some(&Value::Null) || answer.get("route").is_some(),
    },
    Departure {
        cases: "re:lookaround",
        reason: "an expression that looks around cannot be matched in linear time",
        ours: is_refused,
    },
    Departure { cases: "re:backref", reason: "neither can one that refers back", ours: is_refused },
    Departure {
        cases: "re:possessive",
        reason: "neither can one that forbids the search to come back",
        ours: is_refused,
    },
    Departure {
        cases: "re:python-syntax",
        reason: "`[[:alpha:]]` is a class of letters here, and odd punctuation in Python",
        ours: is_an_answer,
    },
    Departure {
        cases: "re:unicode-class",
        reason: "`\\w` and `\\s` are what Unicode says; Python has its own idea of marks, of `²` and of control characters",
        ours: is_an_answer,
    },
    Departure {
        cases: "quirk:unbalanced",
        reason: "a parenthesis is closed by the placeholder that opened it",
        ours: is_refused,
    },
];

fn is_refused(_: &Value, _: &Value, answer: &Value) -> bool {
    *answer == json!({"error": "bad_pattern", "reason": "bad_regex"})
}

fn is_an_answer(_: &Value, _: &Value, answer: &Value) -> bool {
    answer.get("error").is_none()
}

#[test]
fn one_pattern_matches_as_in_pyramid() {
    compare("route_match", DEPARTURES, |question| {
        let matcher = match Matcher::parse(text(&question["pattern"])) {
            Ok(matcher) => matcher,
            Err(error) => return refusal(&error),
        };
        let Ok(path) = decode_path(without_query(question)) else {
            return json!({"error": "bad_path_encoding"});
        };
        assert_eq!(question["path"], json!(path));
        let found = matcher.find(&path);
        // The same again through a table, which looks the path up in another way.
        let table = RouteTable::new([Arc::new(Matcher::parse(text(&question["pattern"])).unwrap())]);
        assert_eq!(
            table.find(&path, |_, _| true),
            found.clone().map(|values| (0, values)),
            "a table of one route differs from the route: {question}"
        );
        json!({"match": found.map(|values| matched(&matcher, &values, &path))})
    });
}

/// A pattern that is refused.
fn refusal(error: &PatternError) -> Value {
    let reason = match error.kind() {
        PatternErrorKind::BadName => "bad_name",
        PatternErrorKind::DuplicateName => "duplicate_name",
        PatternErrorKind::BadRegex => "bad_regex",
        other => panic!("{other:?} is only a suspicion"),
    };
    json!({"error": "bad_pattern", "reason": reason})
}

#[test]
fn urls_are_made_as_in_pyramid() {
    compare("route_generate", DEPARTURES, |question| {
        let route = match Reverse::new("r", text(&question["pattern"])) {
            Ok(route) => route,
            Err(error) => return refusal(&error),
        };
        let values: BTreeMap<&str, PathValue<'_>> = question["kwargs"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::Array(list) => PathValue::list(list.iter().map(plain)),
                    one => plain(one).into(),
                };
                (name.as_str(), value)
            })
            .collect();
        let base = &question["base"];
        let base = UrlBase {
            scheme: text(&base["scheme"]),
            host: text(&base["host"]),
            script_name: text(&base["script_name"]),
        };
        let options = url_options(question);
        match (route.path(&values, &base, &options), route.url(&values, &base, &options)) {
            (Ok(path), Ok(url)) => json!({"path": path, "url": url}),
            (Err(error), Err(other)) if error == other => match error {
                UrlError::Values {
                    source: aiopyramid::pattern::GenerateError::MissingValue { name },
                    ..
                } => {
                    json!({"error": "missing_value", "name": name})
                }
                other => panic!("{other}"),
            },
            (path, url) => panic!("{path:?} but {url:?}"),
        }
    });
}

#[test]
fn the_first_route_that_matches_is_that_of_pyramid() {
    compare("route_order", DEPARTURES, |question| {
        let mut routes: Vec<(usize, &Value, String)> = Vec::new();
        for (index, route) in list(&question["routes"]).iter().enumerate() {
            // A route of a name seen before takes that one's name, but not its place.
            routes.retain(|(_, earlier, _)| earlier["name"] != route["name"]);
            routes.push((index, route, full_pattern(route)));
        }
        routes.retain(|(_, route, pattern)| {
            let external = Reverse::new("r", pattern).is_ok_and(|reverse| reverse.is_external());
            !external && route["static"] != json!(true)
        });
        let Ok(path) = decode_path(without_query(question)) else {
            return json!({"error": "bad_path_encoding"});
        };
        let matchers: Result<Vec<_>, _> =
            routes.iter().map(|(_, _, pattern)| Matcher::parse(pattern).map(Arc::new)).collect();
        let table = match matchers {
            Ok(matchers) => RouteTable::new(matchers),
            Err(error) => return refusal(&error),
        };
        let found =
            table.find(&path, |route, _| Predicates { question, path: &path }.accept(routes[route].1));
        let Some((place, values)) = found else { return json!({"route": null}) };
        let (index, route, _) = &routes[place];
        let mut match_dict = matched(table.matcher(place).unwrap(), &values, &path);
        if let Some(traverse) = route["traverse"].as_str() {
            match_dict.insert("traverse".to_owned(), json!(traversed(traverse, &match_dict)));
        }
        json!({"route": route["name"], "index": index, "match": match_dict})
    });
}

/// The pattern of a route inside its prefix.
fn full_pattern(route: &Value) -> String {
    let pattern = text(&route["pattern"]);
    match route["prefix"].as_str() {
        Some(prefix) if pattern.is_empty() && route["inherit_slash"] == json!(true) => {
            prefix.trim_matches('/').to_owned()
        }
        Some(prefix) => prefixed(prefix, pattern),
        None => pattern.to_owned(),
    }
}

/// The path that a `traverse` pattern makes of a match.
fn traversed(pattern: &str, match_dict: &Map<String, Value>) -> Vec<String> {
    let values: BTreeMap<&str, PathValue<'_>> = match_dict
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Array(list) => PathValue::list(list.iter().map(plain)),
                one => plain(one).into(),
            };
            (name.as_str(), value)
        })
        .collect();
    let path = Generator::new(&Pattern::parse(pattern).unwrap()).path(&values).unwrap();
    path_segments(&decode_path(&path).unwrap()).into_iter().map(str::to_owned).collect()
}

/// The predicates of Pyramid's routes, as far as the cases need them.
struct Predicates<'a> {
    question: &'a Value,
    path: &'a str,
}

impl Predicates<'_> {
    fn accept(&self, route: &Value) -> bool {
        let holds = |name: &str, holds: &dyn Fn(&Value) -> bool| route.get(name).is_none_or(holds);
        holds("request_method", &|methods| {
            let method = text(&self.question["method"]);
            one_or_more(methods).any(|wanted| wanted == method || wanted == "GET" && method == "HEAD")
        }) && holds("request_param", &|params| one_or_more(params).all(|param| self.has_param(param)))
            && holds("header", &|headers| one_or_more(headers).all(|header| self.has_header(header)))
            && holds("xhr", &|wanted| {
                *wanted == json!(self.header("X-Requested-With").as_deref() == Some("XMLHttpRequest"))
            })
            && holds("accept", &|offers| one_or_more(offers).any(|offer| self.accepts(offer)))
            && holds("path_info", &|regex| starts_with_match(text(regex), self.path))
    }

    fn has_param(&self, param: &str) -> bool {
        let decode = |text: &str| decode_path(&text.replace('+', " ")).unwrap().into_owned();
        let query = text(&self.question["target"]).split_once('?').map_or("", |(_, query)| query);
        let (wanted, value) = param.split_once('=').map_or((param, None), |(key, value)| (key, Some(value)));
        let last = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .rfind(|(key, _)| decode(key) == wanted);
        last.is_some_and(|(_, found)| value.is_none_or(|value| decode(found) == value))
    }

    fn header(&self, name: &str) -> Option<String> {
        let named = list(&self.question["headers"])
            .iter()
            .filter(|header| text(&header[0]).eq_ignore_ascii_case(name));
        let values: Vec<&str> = named.map(|header| text(&header[1])).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn has_header(&self, header: &str) -> bool {
        match header.split_once(':') {
            Some((name, regex)) => self.header(name).is_some_and(|value| starts_with_match(regex, &value)),
            None => self.header(header).is_some(),
        }
    }

    /// Whether the quality of `offer` is more than nothing: that of the most specific range that has it.
    fn accepts(&self, offer: &str) -> bool {
        let Some(header) = self.header("Accept") else { return true };
        let kind = offer.split('/').next().unwrap();
        let quality = header.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let rank = match parts.next()? {
                "*/*" => 0,
                range if range == format!("{kind}/*") => 1,
                range if range == offer => 2,
                _ => return None,
            };
            let quality = parts.find_map(|parameter| parameter.strip_prefix("q=")?.parse().ok());
            Some((rank, quality.unwrap_or(1.0)))
        });
        quality.max_by_key(|(rank, _)| *rank).is_some_and(|(_, quality): (i32, f32)| quality > 0.0)
    }
}

/// Whether `regex` matches at the start of `text`: what a pattern with this and anything behind it matches.
fn starts_with_match(regex: &str, text: &str) -> bool {
    let regex = regex.trim_start_matches('^');
    Matcher::parse(&format!("/{{x:(?:{regex})(?s:.*)}}")).unwrap().find(&format!("/{text}")).is_some()
}

/// A match as Pyramid's `matchdict`.
fn matched(matcher: &Matcher, values: &Values, path: &str) -> Map<String, Value> {
    let value = |(index, name): (usize, &str)| {
        let value = values.get(index, path);
        let value = match matcher.pattern().rest() {
            Some(rest) if rest == name => json!(path_segments(value.unwrap()).as_slice()),
            _ => json!(value),
        };
        (name.to_owned(), value)
    };
    matcher.names().enumerate().map(value).collect()
}

fn without_query(question: &Value) -> &str {
    text(&question["target"]).split('?').next().unwrap()
}

fn one_or_more(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice).iter().map(text)
}
