//! Tweens in the order in which Python's Pyramid puts them.
//!
//! The cases were made by running Pyramid 2.1. Another set of the same kind is tried by naming its directory in
//! `AIOPYRAMID_ORACLE`. Every case passes, or its departure from Pyramid is one of those listed in [`DEPARTURES`].

use std::path::PathBuf;

use aiopyramid::tween::{INGRESS, MAIN, Next};
use aiopyramid::{Configurator, Fault, Request, Response, Result, Settings};
use serde::Deserialize;

/// Where we knowingly answer otherwise.
struct Departure {
    /// A tag, or the id of one case.
    cases: &'static str,
    reason: &'static str,
    /// What we find wrong then: one of these.
    ours: &'static [&'static str],
}

const DEPARTURES: &[Departure] = &[
    Departure {
        cases: "added-twice",
        reason: "nothing takes effect before the application is made, so a second tween of one name is a conflict and never \
                 a replacement",
        ours: &["conflict"],
    },
    Departure {
        cases: "reserved",
        reason: "`EXCVIEW` is built in and cannot be replaced; exception views and a list in the settings do what that is for",
        ours: &["reserved_name"],
    },
    Departure {
        cases: "missing-name",
        reason: "that none of its neighbours is there is a fault of a tween; in Pyramid not if another tween happens to name it",
        ours: &["unsatisfied_over", "unsatisfied_under"],
    },
];

#[derive(Deserialize)]
struct Family {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    tags: Vec<String>,
    #[serde(rename = "in")]
    question: Question,
    #[serde(rename = "out")]
    answer: Answer,
}

#[derive(Deserialize)]
struct Question {
    adds: Vec<Add>,
    explicit: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Add {
    name: String,
    under: Option<Names>,
    over: Option<Names>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl From<Names> for Vec<String> {
    fn from(names: Names) -> Self {
        match names {
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        }
    }
}

#[derive(Deserialize, Debug, Default)]
#[serde(default)]
struct Answer {
    order: Option<Vec<String>>,
    error: Option<String>,
    names: Vec<String>,
}

async fn tween(request: Request, next: Next) -> Result<Response> {
    next.run(request).await
}

/// The order, or all that is wrong.
fn ask(question: &Question) -> Result<Vec<String>, Vec<Fault>> {
    let mut settings = Settings::new();
    if let Some(explicit) = &question.explicit {
        settings.set("tweens", explicit.join("\n"), "the test");
    }
    let mut config = Configurator::with_settings(settings);
    for Add { name, under, over } in &question.adds {
        let mut added = config.add_tween(tween);
        added.name(name);
        if let Some(under) = under {
            added.under(Vec::from(under.clone()));
        }
        if let Some(over) = over {
            added.over(Vec::from(over.clone()));
        }
    }
    // Pyramid imports what the setting names, whether somebody added it or not; here it must have been added.
    let mut extra: Vec<_> = question.explicit.iter().flatten().collect();
    extra.sort();
    extra.dedup();
    for name in extra {
        let known = question.adds.iter().any(|add| add.name == *name);
        if !known && ![INGRESS, MAIN, "EXCVIEW"].contains(&&**name) {
            config.add_tween(tween).name(name);
        }
    }
    match config.make_app() {
        Ok(app) => Ok(app.application().tweens().iter().map(|tween| tween.name.clone()).collect()),
        Err(error) => Err(error.faults().to_vec()),
    }
}

/// The oracle's word for a fault.
fn word(fault: &Fault) -> &'static str {
    let message = fault.message();
    for (part, word) in [
        ("is no name for a tween", "reserved_name"),
        ("which is outside of everything", "over_ingress"),
        ("which is inside of everything", "under_main"),
        ("two tweens", "conflict"),
        ("in a circle", "cycle"),
        ("over itself", "cycle"),
    ] {
        if message.contains(part) {
            return word;
        }
    }
    match (message.contains("is to stand over"), message.contains("is to stand under")) {
        (true, false) => "unsatisfied_over",
        (false, true) => "unsatisfied_under",
        _ => panic!("there is no word for {message}"),
    }
}

/// The tweens that a fault names.
fn names(fault: &Fault) -> Vec<&str> {
    fault.message().split('`').skip(1).step_by(2).collect()
}

fn agrees(expected: &Answer, answer: &Result<Vec<String>, Vec<Fault>>) -> bool {
    match (answer, &expected.order, &expected.error) {
        (Ok(answer), Some(order), None) => answer == order,
        (Err(faults), None, Some(error)) => {
            let such: Vec<_> = faults.iter().filter(|fault| word(fault) == *error).collect();
            // We name the circle alone, Pyramid also what stands behind it.
            let named = |name: &&str| *name == "EXCVIEW" || expected.names.iter().any(|known| known == name);
            match error.as_str() {
                "cycle" => such.iter().any(|fault| names(fault).iter().all(named)),
                _ => {
                    !such.is_empty()
                        && expected
                            .names
                            .iter()
                            .all(|name| such.iter().any(|fault| names(fault).contains(&&**name)))
                }
            }
        }
        _ => false,
    }
}

#[test]
fn tweens_stand_where_pyramid_puts_them() {
    let chosen = std::env::var_os("AIOPYRAMID_ORACLE").map(PathBuf::from);
    let another = chosen.is_some();
    let directory = chosen.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/oracle").into());
    let file = directory.join("tween_order.json");
    if another && directory.is_dir() && !file.exists() {
        println!("tween_order: not among the cases that were asked for");
        return;
    }
    let Family { cases } = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert!(!cases.is_empty(), "{} has no cases", file.display());
    let mut used = vec![false; DEPARTURES.len()];
    let mut wrong = Vec::new();
    for Case { id, tags, question, answer: expected } in &cases {
        let answer = ask(question);
        if agrees(expected, &answer) {
            continue;
        }
        let departure = DEPARTURES.iter().position(|Departure { cases, ours, .. }| {
            (tags.iter().any(|tag| tag == cases) || id == cases)
                && answer.as_ref().is_err_and(|faults| faults.iter().any(|fault| ours.contains(&word(fault))))
        });
        match departure {
            Some(place) => used[place] = true,
            None => wrong.push(format!("{id} {tags:?}\n  expected {expected:?}\n  answered {answer:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    for (Departure { cases, reason, .. }, used) in DEPARTURES.iter().zip(used) {
        assert!(used || another, "nothing departs for `{cases}` ({reason}) any more");
    }
}
