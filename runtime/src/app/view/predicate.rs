//! What a request must be for a view to answer it.
//!
//! Weights and order are Pyramid's (narrative chapter "View Configuration", `pyramid.config.predicates`): the view with more
//! predicates is tried first, then the one with the weightier ones, then the one that was registered first.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use regex::Regex;

use crate::app::request::Request;

/// A predicate as it is written down: its name, whether it is negated, and its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PredicateDeclaration {
    /// `request_method`, `xhr`, `header` or `match_param`.
    pub name: &'static str,
    /// Whether it stands in a `not(...)`.
    pub negated: bool,
    /// Its values; a flag has `true` or `false`.
    pub values: &'static [&'static str],
}

/// A predicate of the application's own: `predicate = path`.
#[derive(Clone, Copy)]
pub struct CustomPredicate {
    /// What it is called: the path as it was written.
    pub name: &'static str,
    /// Whether it stands in a `not(...)`.
    pub negated: bool,
    /// Whether it holds.
    pub holds: fn(&Request) -> bool,
}

impl fmt::Debug for CustomPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.negated { "!" } else { "" }, self.name)
    }
}

/// The predicates of one view, ready to be asked.
#[derive(Debug, Default)]
pub struct Predicates {
    method: Option<MethodPredicate>,
    others: Vec<Other>,
    text: String,
    order: u32,
}

#[derive(Debug)]
struct Other {
    negated: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Xhr(bool),
    Headers(Vec<HeaderPredicate>),
    MatchParams(Vec<(String, String)>),
}

/// Why predicates said no, as far as that matters for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They said yes.
    Holds,
    /// Only the method was wrong.
    WrongMethod,
    /// Something else was.
    Fails,
}

/// The places of the predicates in Pyramid's list, from which their weights follow.
const PLACES: &[(&str, u32)] = &[("xhr", 0), ("request_method", 1), ("header", 4), ("match_param", 8)];

impl Predicates {
    /// Reads declared predicates.
    ///
    /// # Errors
    /// A sentence for each value that is none.
    pub(crate) fn new<'a>(declared: impl IntoIterator<Item = Written<'a>>) -> Result<Self, Vec<String>> {
        let mut written: Vec<Written<'a>> = declared.into_iter().collect();
        written.sort_by_key(|predicate| place(predicate.name));
        let mut made = Self::default();
        let mut faults = Vec::new();
        let mut weights = 0;
        let mut texts = Vec::new();
        for predicate in &written {
            if let Err(fault) = made.add(predicate) {
                faults.push(fault);
            }
            weights |= 1 << (place(predicate.name).unwrap_or(0) + 1);
            texts.push(predicate.text());
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let count = u32::try_from(written.len()).unwrap_or(u32::MAX);
        made.order = ((1 << 30) - weights) / (count + 1);
        made.text = texts.join(", ");
        Ok(made)
    }

    fn add(&mut self, predicate: &Written<'_>) -> Result<(), String> {
        let values = &predicate.values;
        let kind = match predicate.name {
            "request_method" => {
                self.method = Some(MethodPredicate::new(values, predicate.negated)?);
                return Ok(());
            }
            "xhr" => Kind::Xhr(match values.as_slice() {
                ["true"] => true,
                ["false"] => false,
                _ => return Err("`xhr` is `true` or `false`".into()),
            }),
            "header" => Kind::Headers(
                values.iter().map(|value| HeaderPredicate::new(value)).collect::<Result<_, _>>()?,
            ),
            "match_param" => Kind::MatchParams(
                values
                    .iter()
                    .map(|value| {
                        let pair = value.split_once('=');
                        let (name, wanted) =
                            pair.ok_or_else(|| format!("`match_param` is `name=value`, not `{value}`"))?;
                        Ok((name.trim().to_owned(), wanted.trim().to_owned()))
                    })
                    .collect::<Result<_, String>>()?,
            ),
            other => return Err(format!("there is no predicate `{other}`")),
        };
        self.others.push(Other { negated: predicate.negated, kind });
        Ok(())
    }

    /// Whether they hold as can be told from the method alone; if not, they may hold still.
    #[inline]
    pub(crate) fn hold_at_a_glance(&self, method: &Method) -> bool {
        self.others.is_empty() && self.admits(method)
    }

    /// Asks them all.
    pub(crate) fn verdict(&self, request: &Request) -> Verdict {
        let fails = self.others.iter().any(|other| other.kind.holds(request) == other.negated);
        if fails {
            Verdict::Fails
        } else if self.admits(request.method()) {
            Verdict::Holds
        } else {
            Verdict::WrongMethod
        }
    }

    /// Whether they hold for some request with this method.
    #[inline]
    pub(crate) fn admits(&self, method: &Method) -> bool {
        self.method.as_ref().is_none_or(|admitted| admitted.admits(method))
    }

    /// The methods that they ask for; `None` where any will do.
    pub fn method(&self) -> Option<&MethodPredicate> {
        self.method.as_ref()
    }

    /// Two views with the same text here, on one route, are in each other's way. Pyramid's `phash`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The view with the lower number is tried first.
    pub fn order(&self) -> u32 {
        self.order
    }
}

fn place(name: &str) -> Option<u32> {
    PLACES.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
}

/// A predicate as it was written, borrowed from a declaration or from a call.
#[derive(Debug, Clone)]
pub(crate) struct Written<'a> {
    /// The predicate.
    pub name: &'a str,
    /// Whether it stands in a `not(...)`.
    pub negated: bool,
    /// Its values.
    pub values: Vec<&'a str>,
}

impl<'a> From<&'a PredicateDeclaration> for Written<'a> {
    fn from(declared: &'a PredicateDeclaration) -> Self {
        Self { name: declared.name, negated: declared.negated, values: declared.values.to_vec() }
    }
}

impl Written<'_> {
    /// `request_method = GET,HEAD`: independent of the order in which values were written.
    fn text(&self) -> String {
        let mut values = self.values.clone();
        if self.name == "request_method" && values.contains(&"GET") {
            values.push("HEAD");
        }
        values.sort_unstable();
        values.dedup();
        format!("{}{} = {}", if self.negated { "!" } else { "" }, self.name, values.join(","))
    }
}

impl Kind {
    fn holds(&self, request: &Request) -> bool {
        match self {
            Self::Xhr(wanted) => {
                let is =
                    request.headers().get("x-requested-with").is_some_and(|value| value == "XMLHttpRequest");
                is == *wanted
            }
            Self::Headers(headers) => headers.iter().all(|header| header.holds(request.headers())),
            Self::MatchParams(pairs) => {
                pairs.iter().all(|(name, wanted)| request.match_value(name) == Some(wanted.as_str()))
            }
        }
    }
}

/// Which methods a view answers. `GET` includes `HEAD`, as in Pyramid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodPredicate {
    negated: bool,
    /// Bits of [`STANDARD`].
    standard: u16,
    others: Vec<Method>,
}

const STANDARD: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::OPTIONS,
    Method::PATCH,
    Method::TRACE,
    Method::CONNECT,
];

impl MethodPredicate {
    fn new(names: &[&str], negated: bool) -> Result<Self, String> {
        let mut made = Self { negated, ..Self::default() };
        for name in names {
            let method = Method::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no method"))?;
            match bit(&method) {
                Some(bit) => made.standard |= bit,
                None => made.others.push(method.clone()),
            }
            if method == Method::GET {
                made.standard |= bit(&Method::HEAD).unwrap_or(0);
            }
        }
        Ok(made)
    }

    /// Whether a request with this method will do.
    pub fn admits(&self, method: &Method) -> bool {
        let listed = match bit(method) {
            Some(bit) => self.standard & bit != 0,
            None => self.others.contains(method),
        };
        listed != self.negated
    }

    /// The methods that it admits, among those that exist.
    pub fn admitted(&self) -> impl Iterator<Item = Method> {
        let others = if self.negated { &[][..] } else { &self.others };
        STANDARD
            .into_iter()
            .filter(|method| *method != Method::CONNECT && *method != Method::TRACE && self.admits(method))
            .chain(others.iter().cloned())
    }
}

/// `GET,POST` as the commands print it: without the `HEAD` that follows from `GET`; `!GET` where negated.
impl fmt::Display for MethodPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let implied = self.standard & 1 != 0;
        let names = STANDARD.iter().filter(|method| {
            bit(method).is_some_and(|bit| self.standard & bit != 0) && !(implied && **method == Method::HEAD)
        });
        let sign = if self.negated { "!" } else { "" };
        let mut names: Vec<_> = names.chain(&self.others).map(|method| format!("{sign}{method}")).collect();
        names.sort();
        f.write_str(&names.join(","))
    }
}

/// Known methods compare by what they are, so this costs no look at their letters.
fn bit(method: &Method) -> Option<u16> {
    STANDARD.iter().position(|known| known == method).map(|place| 1 << place)
}

/// `Name`, which must be there, or `Name:regex`, which must match from the start of the value.
#[derive(Debug)]
struct HeaderPredicate {
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
        let value = value
            .map(|regex| {
                Regex::new(&format!(r"\A(?:{})", regex.trim())).map_err(|error| format!("`{regex}`: {error}"))
            })
            .transpose()?;
        Ok(Self { name, value })
    }

    fn holds(&self, headers: &HeaderMap<HeaderValue>) -> bool {
        match (headers.get(&self.name), &self.value) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(value), Some(regex)) => value.to_str().is_ok_and(|value| regex.is_match(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicates(written: &[(&'static str, bool, &[&'static str])]) -> Predicates {
        let written = written.iter().map(|(name, negated, values)| Written {
            name,
            negated: *negated,
            values: values.to_vec(),
        });
        Predicates::new(written).unwrap()
    }

    #[test]
    fn get_includes_head_and_so_does_its_negation() {
        let get = MethodPredicate::new(&["GET"], false).unwrap();
        assert!(get.admits(&Method::GET) && get.admits(&Method::HEAD) && !get.admits(&Method::POST));
        let not_get = MethodPredicate::new(&["GET"], true).unwrap();
        assert!(!not_get.admits(&Method::HEAD) && not_get.admits(&Method::POST));
        assert_eq!((get.to_string(), not_get.to_string()), ("GET".into(), "!GET".into()));
    }

    #[test]
    fn a_method_of_ones_own_is_as_good_as_a_known_one() {
        let purge = MethodPredicate::new(&["PURGE", "GET"], false).unwrap();
        assert!(purge.admits(&Method::from_bytes(b"PURGE").unwrap()));
        assert_eq!(purge.to_string(), "GET,PURGE");
    }

    #[test]
    fn the_order_in_which_values_are_written_does_not_make_another_predicate() {
        let one = predicates(&[("request_method", false, &["GET", "POST"])]);
        let other = predicates(&[("request_method", false, &["POST", "GET", "HEAD"])]);
        assert_eq!(one.text(), other.text());
        assert_ne!(one.text(), predicates(&[("request_method", true, &["GET", "POST"])]).text());
    }

    #[test]
    fn more_predicates_go_first_and_then_the_weightier_ones() {
        let none = predicates(&[]);
        let method = predicates(&[("request_method", false, &["GET"])]);
        let header = predicates(&[("header", false, &["Host"])]);
        let two = predicates(&[("xhr", false, &["true"]), ("request_method", false, &["GET"])]);
        assert_eq!(none.order(), 1 << 30);
        assert!(
            two.order() < header.order() && header.order() < method.order() && method.order() < none.order()
        );
    }

    #[test]
    fn a_value_that_is_none_is_refused_with_a_sentence() {
        for (name, value) in
            [("request_method", "G T"), ("header", "X:("), ("match_param", "x"), ("xhr", "1")]
        {
            let written = [Written { name, negated: false, values: vec![value] }];
            assert_eq!(Predicates::new(written).unwrap_err().len(), 1, "{name}");
        }
    }
}
