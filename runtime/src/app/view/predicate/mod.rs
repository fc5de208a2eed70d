//! What a request must be for a view, or a route, to answer it.
//!
//! Weights and order are Pyramid's (narrative chapter "View Configuration", `pyramid.config.predicates`): the view with more
//! predicates is tried first, then the one with the weightier ones, then the one that was registered first.

mod kind;
mod method;
mod parameters;

use std::fmt;

use http::Method;

use crate::app::request::Request;
use crate::app::type_key::TypeKey;
use crate::protocol::accept::MediaType;
use kind::Kind;

pub use method::MethodPredicate;
pub(crate) use parameters::Parameters;

/// A predicate as it is written down: its name, whether it is negated, and its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PredicateDeclaration {
    /// `request_method`, `xhr`, `header`, ...
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

/// The predicates of one view or route, ready to be asked.
#[derive(Debug, Default)]
pub struct Predicates {
    method: Option<MethodPredicate>,
    /// In the order in which they are asked: the cheap ones first.
    others: Vec<Other>,
    text: String,
    order: u32,
    needs: Needs,
}

#[derive(Debug)]
struct Other {
    negated: bool,
    text: String,
    kind: Kind,
}

/// What has to be found out before predicates can be asked, because it may have to be waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Needs {
    /// The parameters of the request.
    pub(crate) parameters: bool,
    /// Who the client is.
    pub(crate) principals: bool,
    /// The context.
    pub(crate) context: bool,
}

impl Needs {
    /// What either needs.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            parameters: self.parameters || other.parameters,
            principals: self.principals || other.principals,
            context: self.context || other.context,
        }
    }
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

/// The predicates in Pyramid's order, from which their weights follow.
const PLACES: [&str; 13] = [
    "xhr",
    "request_method",
    "path_info",
    "request_param",
    "header",
    "accept",
    "containment",
    "request_type",
    "match_param",
    "physical_path",
    "is_authenticated",
    "effective_principals",
    "custom",
];

/// The predicates of a view as they were written down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) written: Vec<Written<'a>>,
    /// The types that the context must be inside of, and for each whether it must not.
    pub(crate) containment: &'a [(TypeKey, bool)],
    pub(crate) custom: &'a [CustomPredicate],
}

impl Predicates {
    /// Reads what was written down.
    ///
    /// # Errors
    /// A sentence for each value that is none.
    pub(crate) fn new(wanted: &Wanted<'_>) -> Result<Self, Vec<String>> {
        let mut made = Self::default();
        let mut faults = Vec::new();
        let mut placed: Vec<(usize, Other)> = Vec::new();
        let mut texts: Vec<(usize, String)> = Vec::new();
        for predicate in &wanted.written {
            let text = predicate.text();
            let Written { name, negated, values } = predicate;
            let place = place(name);
            texts.push((place, text.clone()));
            if is_one(name) && texts.iter().filter(|(known, _)| *known == place).count() > 1 {
                faults.push(format!("the predicate `{name}` is given twice, and there can be one"));
                continue;
            }
            if *name == "request_method" {
                match MethodPredicate::new(values, *negated) {
                    Ok(method) => made.method = Some(method),
                    Err(fault) => faults.push(fault),
                }
                continue;
            }
            match Kind::read(name, values) {
                Ok(kind) => placed.push((place, Other { negated: *negated, text, kind })),
                Err(fault) => faults.push(fault),
            }
        }
        let typed = wanted
            .containment
            .iter()
            .map(|(key, negated)| ("containment", *negated, key.name(), Kind::Containment(*key)));
        let custom = wanted
            .custom
            .iter()
            .map(|custom| ("custom", custom.negated, custom.name, Kind::Custom(custom.holds)));
        for (name, negated, value, kind) in typed.chain(custom) {
            let text = format!("{}{name} = {value}", if negated { "!" } else { "" });
            texts.push((place(name), text.clone()));
            placed.push((place(name), Other { negated, text, kind }));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        placed.sort_by_key(|(place, _)| *place);
        texts.sort();
        let weights = texts.iter().fold(0, |weights, (place, _)| weights | 1 << (place + 1));
        made.order = ((1 << 30) - weights) / (u32::try_from(texts.len()).unwrap_or(u32::MAX) + 1);
        made.text = texts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(", ");
        made.others = placed.into_iter().map(|(_, other)| other).collect();
        made.needs = made.others.iter().fold(Needs::default(), |needs, other| needs.and(other.kind.needs()));
        Ok(made)
    }

    /// What has to be there before they are asked.
    pub(crate) fn needs(&self) -> Needs {
        self.needs
    }

    /// Whether they hold as can be told from the method alone; if not, they may hold still.
    #[inline]
    pub(crate) fn hold_at_a_glance(&self, method: &Method) -> bool {
        self.others.is_empty() && self.admits(method)
    }

    /// Asks them all.
    pub(crate) fn verdict(&self, request: &Request) -> Verdict {
        let fails = self.others.iter().any(|other| !other.holds(request));
        if fails {
            Verdict::Fails
        } else if self.admits(request.method()) {
            Verdict::Holds
        } else {
            Verdict::WrongMethod
        }
    }

    /// The predicates that say no, as they were written.
    pub(crate) fn failing(&self, request: &Request) -> Vec<String> {
        let method = self.method.as_ref().filter(|method| !method.admits(request.method()));
        let method = method.map(|method| format!("request_method = {method}"));
        let others = self.others.iter().filter(|other| !other.holds(request));
        method.into_iter().chain(others.map(|other| other.text.clone())).collect()
    }

    /// Whether they hold for some request with this method.
    #[inline]
    pub(crate) fn admits(&self, method: &Method) -> bool {
        self.method.as_ref().is_none_or(|admitted| admitted.admits(method))
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.method.is_none() && self.others.is_empty()
    }

    /// The methods that they ask for; `None` where any will do.
    pub fn method(&self) -> Option<&MethodPredicate> {
        self.method.as_ref()
    }

    /// The media type that the view offers, by which it is chosen among others.
    pub(crate) fn offer(&self) -> Option<&MediaType> {
        self.others.iter().find_map(|other| match &other.kind {
            Kind::Accept(types) if !other.negated => types.first(),
            _ => None,
        })
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

impl Other {
    fn holds(&self, request: &Request) -> bool {
        self.kind.holds(request) != self.negated
    }
}

impl Kind {
    fn needs(&self) -> Needs {
        let none = Needs::default();
        match self {
            Self::RequestParams(_) => Needs { parameters: true, ..none },
            Self::IsAuthenticated(_) | Self::EffectivePrincipals(_) => Needs { principals: true, ..none },
            // What a function of the application's own asks for nobody knows, and it must find it.
            Self::Containment(_) | Self::PhysicalPath(_) | Self::Custom(_) => Needs { context: true, ..none },
            Self::Xhr(_) | Self::PathInfo(_) | Self::Headers(_) | Self::Accept(_) | Self::MatchParams(_) => {
                none
            }
        }
    }
}

/// Whether a second predicate of this name would contradict the first one or say the same: what it asks of a request, there is
/// one of.
fn is_one(name: &str) -> bool {
    matches!(name, "request_method" | "accept" | "xhr" | "is_authenticated")
}

/// One that is not in the list is refused when it is read.
fn place(name: &str) -> usize {
    PLACES.iter().position(|known| *known == name).unwrap_or(PLACES.len() - 1)
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
    /// `request_method = GET,HEAD`: independent of the order in which values were written, and of blanks around them.
    fn text(&self) -> String {
        let mut values: Vec<String> = self
            .values
            .iter()
            .map(|value| match self.name {
                "request_param" => match kind::parameter(value) {
                    (name, Some(wanted)) => format!("{name}={wanted}"),
                    (name, None) => name,
                },
                "accept" => {
                    MediaType::parse(value).map_or_else(|| (*value).to_owned(), |kind| kind.to_string())
                }
                "match_param" => value.split('=').map(str::trim).collect::<Vec<_>>().join("="),
                _ => (*value).to_owned(),
            })
            .collect();
        if self.name == "request_method" && self.values.contains(&"GET") {
            values.push("HEAD".to_owned());
        }
        values.sort_unstable();
        values.dedup();
        format!("{}{} = {}", if self.negated { "!" } else { "" }, self.name, values.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicates(written: &[(&'static str, bool, &[&'static str])]) -> Predicates {
        let written = written
            .iter()
            .map(|(name, negated, values)| Written { name, negated: *negated, values: values.to_vec() })
            .collect();
        Predicates::new(&Wanted { written, ..Wanted::default() }).unwrap()
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
        for (name, value) in [
            ("request_method", "G T"),
            ("header", "X:("),
            ("match_param", "x"),
            ("xhr", "1"),
            ("accept", "text/*"),
            ("path_info", "("),
            ("nothing", ""),
        ] {
            let written = vec![Written { name, negated: false, values: vec![value] }];
            let refused = Predicates::new(&Wanted { written, ..Wanted::default() });
            assert_eq!(refused.unwrap_err().len(), 1, "{name}");
        }
    }
}
