//! Cases that Pyramid's factory has answered.
//!
//! Those with a hash that we do not offer are asked again with one that we do: what was signed is the same, and only the signature
//! differs.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use http::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use super::*;
use crate::app::request::{Request, Surroundings};
use crate::app::session::clock::FROZEN;
use crate::app::view::exception::Raised;
use crate::protocol::body::Body;

/// Tags and cases that we answer otherwise, and why.
const DEPARTURES: &[(&str, &str)] = &[
    (
        "quirk:lenient-base64",
        "a cookie that was altered is refused, though Python's decoder skips what it does not know",
    ),
    ("quirk:half-read", "of a cookie that is refused nothing is taken, not even the time"),
    ("quirk:crash", "what is rightly signed and no session is refused, and no error"),
    ("cookies-132f4f10bd9c", "a time is a number, and no text that Python would read one from"),
    ("cookies-feeb9df02321", "the values are an object, and no list of pairs that Python would make one of"),
    ("cookies-4e32b80a51b3", "`true` is no time"),
];

fn factory(case: &Value) -> Option<SignedCookieSessionFactory> {
    let mut factory = SignedCookieSessionFactory::new(case["secret"].as_str()?);
    // Pyramid's defaults, where ours are safer.
    factory = factory.http_only(false).secure(false);
    let seconds = |value: &Value| value.as_f64().map(Duration::from_secs_f64);
    for (name, value) in case["params"].as_object()? {
        factory = match name.as_str() {
            "cookie_name" => factory.cookie_name(value.as_str()?),
            "salt" => factory.salt(value.as_str()?),
            "hashalg" if value == "sha256" => factory.hash_algorithm(HashAlgorithm::Sha256),
            "hashalg" => factory,
            "timeout" => factory.timeout(seconds(value)),
            "reissue_time" => factory.reissue_time(seconds(value)),
            "max_age" => factory.max_age(seconds(value)),
            "path" => factory.path(value.as_str()?),
            "domain" => factory.domain(value.as_str()?),
            "secure" => factory.secure(value.as_bool()?),
            "httponly" => factory.http_only(value.as_bool()?),
            "samesite" => factory.same_site(match value.as_str() {
                Some("Strict") => Some(SameSite::Strict),
                Some("None") => Some(SameSite::None),
                Some(_) => Some(SameSite::Lax),
                None => None,
            }),
            "set_on_exception" => factory.set_on_exception(value.as_bool()?),
            other => panic!("{other}"),
        };
    }
    let secret = case["secret"].as_str()?;
    factory.sign_with([secret]);
    Some(factory)
}

fn request(cookie: Option<&str>) -> Request {
    let mut builder = http::Request::new(());
    if let Some(cookie) = cookie {
        builder.headers_mut().insert(COOKIE, cookie.parse().unwrap());
    }
    Request::new(builder.into_parts().0, Body::empty(), Surroundings::none())
}

/// The length of a signature that we do not make.
fn foreign_length(case: &Value) -> Option<usize> {
    match case["params"]["hashalg"].as_str() {
        Some("md5") => Some(16),
        Some("sha1") => Some(20),
        _ => None,
    }
}

/// A cookie that another hash has signed, signed by us.
fn signed_again(factory: &SignedCookieSessionFactory, cookie: &str, length: usize) -> String {
    let (name, value) = cookie.split_once('=').unwrap();
    let signed = URL_SAFE_NO_PAD.decode(value).unwrap();
    format!("{name}={}", URL_SAFE_NO_PAD.encode(factory.signer.sign(&signed[length..])))
}

fn act(session: &Session, action: &[Value], random: &mut impl Iterator<Item = String>) -> Value {
    let text = |place: usize| action[place].as_str().unwrap();
    match text(0) {
        "set" => session.insert(text(1), &action[2]).map(|()| Value::Null).unwrap(),
        "get" => session.get(text(1)).unwrap().unwrap_or_default(),
        "contains" => session.contains(text(1)).into(),
        "del" => session.remove(text(1)).into(),
        "pop" => session.take(text(1)).unwrap().unwrap_or_default(),
        "setdefault" => {
            if session.contains(text(1)) {
                session.changed();
            } else {
                session.insert(text(1), &action[2]).unwrap();
            }
            session.get(text(1)).unwrap().unwrap_or_default()
        }
        "update" => {
            session.changed();
            for (name, value) in action[1].as_object().unwrap() {
                session.insert(name, value).unwrap();
            }
            Value::Null
        }
        "clear" => {
            session.clear();
            Value::Null
        }
        "invalidate" => {
            session.invalidate();
            Value::Null
        }
        "changed" => {
            session.changed();
            Value::Null
        }
        "keys" => session.keys().into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
        "flash" if action[3] == true => {
            session.flash_in(text(2), text(1));
            Value::Null
        }
        "flash" => {
            session.flash_once(text(2), text(1));
            Value::Null
        }
        "pop_flash" => session.pop_flash_from(text(1)).into(),
        "peek_flash" => session.peek_flash_from(text(1)).into(),
        "new_csrf" => session.set_csrf_token(random.next().unwrap()).into(),
        "get_csrf" => {
            session.csrf_token().unwrap_or_else(|| session.set_csrf_token(random.next().unwrap())).into()
        }
        other => panic!("{other}"),
    }
}

/// A `Set-Cookie` without what has no meaning beside `Max-Age`, and without order.
fn attributes(cookie: &str) -> BTreeSet<String> {
    cookie.split("; ").map(str::to_lowercase).filter(|part| !part.starts_with("expires=")).collect()
}

fn seconds(time: std::time::SystemTime) -> f64 {
    time.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64()
}

fn answer(case: &Value) -> Value {
    FROZEN.set(case["now"].as_f64());
    let factory = factory(case).unwrap();
    if factory.cookie.check().is_err() {
        return json!({"error": "samesite_none_needs_secure"});
    }
    let cookie = case["cookie"].as_str().map(|cookie| match foreign_length(case) {
        Some(length) => signed_again(&factory, cookie, length),
        None => cookie.to_owned(),
    });
    let request = request(cookie.as_deref());
    if case["exception"] == true {
        request.set_extension(Raised(Arc::new(Error::msg("no"))));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let session = runtime.block_on(factory.load(&request)).unwrap();
    let state: Value = serde_json::to_value(&session.record().values).unwrap();
    let mut random =
        case["random"].as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned());
    let actions = case["actions"].as_array().unwrap();
    let results: Vec<Value> =
        actions.iter().map(|action| act(&session, action.as_array().unwrap(), &mut random)).collect();
    let mut response = Response::default();
    if session.end() && runtime.block_on(factory.save(&request, &session, &mut response)).is_err() {
        return json!({"error": "too_long"});
    }
    let cookies: Vec<&str> =
        response.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
    let mut answer = json!({
        "new": session.is_new(),
        "created": seconds(session.created()),
        "renewed": seconds(session.renewed()),
        "state": state,
        "results": results,
        "set_cookie": cookies,
    });
    if !cookies.is_empty() {
        answer["payload"] = session.record().to_json().unwrap().into();
    }
    answer
}

/// Whether two answers are one, however the cookies' attributes are written.
fn agree(case: &Value, ours: &Value, expected: &Value) -> bool {
    let mut expected = expected.clone();
    let mut ours = ours.clone();
    let cookies = |answer: &mut Value| {
        let cookies = answer.as_object_mut().and_then(|answer| answer.remove("set_cookie"));
        cookies
            .into_iter()
            .flat_map(|cookies| cookies.as_array().cloned().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let (theirs, our) = (cookies(&mut expected), cookies(&mut ours));
    let same = |(theirs, our): (&Value, &Value)| {
        let theirs = match foreign_length(case) {
            Some(length) => {
                let (cookie, rest) = theirs.as_str().unwrap().split_once("; ").unwrap();
                format!("{}; {rest}", signed_again(&factory(case).unwrap(), cookie, length))
            }
            None => theirs.as_str().unwrap().to_owned(),
        };
        attributes(&theirs) == attributes(our.as_str().unwrap())
    };
    theirs.len() == our.len() && theirs.iter().zip(&our).all(same) && expected == ours
}

#[test]
fn sessions_are_those_of_pyramid() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/oracle/cookies.json");
    let oracle: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut departed = vec![0; DEPARTURES.len()];
    let mut failures = Vec::new();
    let cases = oracle["cases"].as_array().unwrap().iter().filter(|case| case["in"]["op"] == "session");
    let (mut count, mut foreign) = (0, 0);
    for case in cases {
        count += 1;
        let has_tag = |wanted: &str| {
            case["id"] == wanted || case["tags"].as_array().unwrap().iter().any(|tag| tag == wanted)
        };
        // What another hash refuses says nothing of ours.
        if foreign_length(&case["in"]).is_some() && has_tag("refused") {
            foreign += 1;
            continue;
        }
        let ours = answer(&case["in"]);
        if agree(&case["in"], &ours, &case["out"]) {
            continue;
        }
        let departure = DEPARTURES.iter().position(|(tag, _)| has_tag(tag));
        // Whatever we answer otherwise, we answer as a session that begins anew.
        match departure.filter(|_| ours["new"] == true && ours["state"] == json!({})) {
            Some(place) => departed[place] += 1,
            None => failures.push(format!("{}\nexpected {}\ngot      {ours}", case["in"], case["out"])),
        }
    }
    println!("{count} cases, {foreign} of them with a hash that is not offered");
    for ((tag, reason), departed) in DEPARTURES.iter().zip(departed) {
        println!("{departed} otherwise, `{tag}`: {reason}");
        assert!(departed > 0, "`{tag}` is listed as a departure, but no case departs");
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n\n"));
    assert!(count > 100);
}
