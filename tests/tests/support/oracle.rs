//! Cases that Python's Pyramid has answered, and where we knowingly answer otherwise.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::{Path, PathBuf};

use aiopyramid::route::UrlOptions;
use aiopyramid::url::{Query, QueryValue};
use serde::Deserialize;
use serde_json::Value;

/// Where we knowingly answer otherwise.
pub(crate) struct Departure {
    /// A tag, or the id of one case.
    pub(crate) cases: &'static str,
    pub(crate) reason: &'static str,
    /// Whether this is what we answer then, given the question and Pyramid's answer. Such a case may also be answered as Pyramid
    /// does.
    pub(crate) ours: fn(&Value, &Value, &Value) -> bool,
}

#[derive(Deserialize)]
struct Family {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    tags: Vec<String>,
    #[serde(rename = "in")]
    question: Value,
    #[serde(rename = "out")]
    answer: Value,
}

impl Case {
    fn is_among(&self, departure: &Departure) -> bool {
        // The cases of `route_order` bear no such tag.
        let line_break = || {
            departure.cases == "newline"
                && self.question["path"].as_str().is_some_and(|path| path.ends_with('\n'))
        };
        self.id == departure.cases || self.tags.iter().any(|tag| tag == departure.cases) || line_break()
    }
}

/// The cases of a family; `None` where those that were asked for have none of it.
fn cases(family: &str) -> Option<Vec<Case>> {
    let chosen = std::env::var_os("AIOPYRAMID_ORACLE").map(PathBuf::from);
    let directory =
        chosen.as_deref().unwrap_or_else(|| Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/oracle")));
    assert!(directory.is_dir(), "{} is no directory", directory.display());
    let file = directory.join(family).with_extension("json");
    if chosen.is_some() && !file.exists() {
        println!("{family}: not among the cases that were asked for");
        return None;
    }
    let text = std::fs::read_to_string(&file).unwrap();
    let Family { cases } = serde_json::from_str(&text).unwrap();
    assert!(!cases.is_empty(), "{} has no cases", file.display());
    Some(cases)
}

/// Compares all cases of a family with what `answer` says. Every departure must still be needed by one of the cases.
pub(crate) fn compare(family: &str, departures: &[Departure], answer: impl Fn(&Value) -> Value) {
    let Some(cases) = cases(family) else { return };
    let mut passed = 0;
    let mut departed = vec![0; departures.len()];
    let mut failures = Vec::new();
    for case in &cases {
        let ours = answer(&case.question);
        if ours == case.answer {
            passed += 1;
            continue;
        }
        let mut has_reason = false;
        for (departure, departed) in departures.iter().zip(&mut departed) {
            if case.is_among(departure) && (departure.ours)(&case.question, &case.answer, &ours) {
                *departed += 1;
                has_reason = true;
            }
        }
        if !has_reason {
            failures.push(format!(
                "{} {:?}\n  asked    {}\n  expected {}\n  got      {ours}",
                case.id, case.tags, case.question, case.answer
            ));
        }
    }
    println!("{family}: {passed} of {} as Pyramid", cases.len());
    for (departure, departed) in departures.iter().zip(departed) {
        let Departure { cases: which, reason, .. } = departure;
        println!("  {departed} otherwise, `{which}`: {reason}");
        let some = cases.iter().any(|case| case.is_among(departure));
        // Another set of cases may have none that departs.
        if some && departed == 0 && std::env::var_os("AIOPYRAMID_ORACLE").is_none() {
            failures.push(format!("`{which}` is listed as a departure, but all such cases of {family} pass"));
        }
    }
    assert!(failures.is_empty(), "{} of {} differ:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// A text, or a number as text.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The options of a URL that a question has.
pub(crate) fn url_options(question: &Value) -> UrlOptions {
    let mut options = UrlOptions::default();
    for element in list(&question["elements"]) {
        options = options.element(plain(element));
    }
    match &question["query"] {
        Value::Null => {}
        Value::String(raw) => options = options.query(raw.as_str()),
        pairs => {
            let pairs = list(pairs).iter().map(|pair| (plain(&pair[0]), query_value(&pair[1])));
            options = options.query(pairs.collect::<Query>());
        }
    }
    if let Some(anchor) = question["anchor"].as_str() {
        options = options.anchor(anchor);
    }
    for (key, value) in question["override"].as_object().unwrap() {
        let value = plain(value);
        options = match key.as_str() {
            "scheme" => options.scheme(value),
            "host" => options.host(value),
            "port" => options.port(value.parse().unwrap()),
            "app_url" => options.app_url(value),
            other => panic!("an override of {other}"),
        };
    }
    options
}

fn query_value(value: &Value) -> QueryValue {
    match value {
        Value::Null => QueryValue::Empty,
        // In a list, Python's word for nothing is a text like others.
        Value::Array(values) => values
            .iter()
            .map(|value| if value.is_null() { "None".to_owned() } else { plain(value) })
            .collect::<Vec<_>>()
            .into(),
        one => plain(one).into(),
    }
}
