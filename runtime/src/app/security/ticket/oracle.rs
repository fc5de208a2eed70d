//! Cases that Pyramid's helper has answered. Those with a hash that is not offered are asked with it all the same.

use std::collections::BTreeSet;

use http::header::{COOKIE, HOST};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use sha1::Sha1;

use super::*;
use crate::app::callback::run_response_callbacks;
use crate::app::limits::Limits;
use crate::app::request::Surroundings;
use crate::app::response::Response;
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::hexadecimal::hexadecimal;

/// Where we knowingly answer otherwise.
struct Departure {
    /// A tag, or the id of one case.
    cases: &'static str,
    reason: &'static str,
    /// Whether this is what we answer then.
    ours: fn(&Value) -> bool,
}

const DEPARTURES: &[Departure] = &[
    Departure {
        cases: "quirk:malleable",
        reason: "a ticket that is written otherwise than it was made is refused",
        ours: is_refused,
    },
    Departure {
        cases: "quirk:crash",
        reason: "what is rightly signed and cannot be read is refused, and no error",
        ours: is_refused,
    },
    Departure {
        cases: "quirk:newline",
        reason: "a token does not end in a line end",
        ours: |ours| ours["error"] == "bad_token",
    },
    Departure {
        cases: "quirk:raw-comma",
        reason: "a comma without quotes is a comma",
        ours: |ours| ours["identity"]["tokens"] == json!(["a", "b"]),
    },
    Departure {
        cases: "cookies-f5e5b51847e8",
        reason: "an address is the same however it is written",
        ours: |ours| ours["identity"].is_object(),
    },
    Departure {
        cases: "cookies-c3c11b438b77",
        reason: "base64 with something else in it is none",
        ours: is_refused,
    },
];

fn is_refused(ours: &Value) -> bool {
    *ours == json!({"identity": null, "reissued": []})
}

fn helper(case: &Value) -> AuthTktCookieHelper {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let seconds = |value: &Value| value.as_u64().map(Duration::from_secs);
    let now = Duration::from_secs_f64(case["now"].as_f64().unwrap());
    // Pyramid's defaults, where ours are safer.
    let mut helper = AuthTktCookieHelper::new(text(&case["secret"])).http_only(false).secure(false);
    helper = helper.timeout(None).reissue_time(None).clock(move || UNIX_EPOCH + now);
    for (name, value) in case["params"].as_object().unwrap() {
        helper = match name.as_str() {
            "cookie_name" => helper.cookie_name(text(value)),
            "secure" => helper.secure(value.as_bool().unwrap()),
            "include_ip" => helper.include_ip(value.as_bool().unwrap()),
            // Python's nothing.
            "timeout" => helper.timeout(seconds(value).filter(|timeout| !timeout.is_zero())),
            "reissue_time" => helper.reissue_time(seconds(value)),
            "max_age" => helper.max_age(seconds(value)),
            "http_only" => helper.http_only(value.as_bool().unwrap()),
            "path" => helper.path(text(value)),
            "domain" => helper.domain(text(value)),
            "samesite" => helper.same_site(match value.as_str() {
                Some("Strict") => Some(SameSite::Strict),
                Some("None") => Some(SameSite::None),
                Some(_) => Some(SameSite::Lax),
                None => None,
            }),
            "hashalg" if value == "sha256" => helper.hash_algorithm(HashAlgorithm::Sha256),
            "hashalg" => {
                helper.hash = match value.as_str().unwrap() {
                    "md5" => TicketHash::new(16, |bytes| Md5::digest(bytes).to_vec()),
                    "sha1" => TicketHash::new(20, |bytes| Sha1::digest(bytes).to_vec()),
                    _ => HashAlgorithm::Sha512.into(),
                };
                helper
            }
            // Hosts below are never meant unless they are named; see `attributes`.
            "wild_domain" | "parent_domain" => helper,
            other => panic!("{other}"),
        };
    }
    helper
}

fn request(case: &Value) -> Request {
    let mut head = http::Request::new(()).into_parts().0;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let host = text(&case["request"]["host"]).unwrap();
    head.headers.insert(HOST, host.parse().unwrap());
    if let Some(cookie) = text(&case["cookie"]) {
        head.headers.insert(COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
    }
    let address: IpAddr = text(&case["request"]["remote_addr"]).unwrap().parse().unwrap();
    let surroundings = Surroundings {
        decoded_path: None,
        matched: None,
        connection: Arc::new(ConnectionInfo::new(Some(SocketAddr::new(address, 1)), None)),
        limits: Limits::default(),
        application: Arc::new(()),
    };
    Request::new(head, Body::empty(), surroundings)
}

fn userid(case: &Value) -> TicketUserid {
    let text = || case["value"].as_str().unwrap().to_owned();
    match case["type"].as_str().unwrap() {
        "int" => case["value"].as_i64().unwrap().into(),
        "str" => text().into(),
        _ => {
            let hex = text();
            let digits = (0..hex.len()).step_by(2).map(|place| &hex[place..place + 2]);
            TicketUserid::Bytes(digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect())
        }
    }
}

/// A `Set-Cookie` without order, without what has no meaning beside `Max-Age` or in front of a domain (RFC 6265 section 5.2.3), and,
/// where no domain was asked for, without that.
fn attributes(case: &Value, cookie: &str) -> BTreeSet<String> {
    let without: &[&str] =
        if case["params"]["domain"].is_string() { &["expires="] } else { &["expires=", "domain="] };
    let (pair, attributes) = cookie.split_once(';').unwrap();
    let attributes =
        attributes.split(';').map(|part| part.trim().to_lowercase().replace("domain=.", "domain="));
    let attributes = attributes.filter(|part| !without.iter().any(|without| part.starts_with(without)));
    attributes.chain([pair.to_owned()]).collect()
}

/// Cookies that are to be compared.
fn cookies<'a>(case: &Value, cookies: impl IntoIterator<Item = &'a str>) -> Value {
    cookies.into_iter().map(|cookie| json!(attributes(case, cookie))).collect()
}

fn set(case: &Value, headers: &Headers) -> Value {
    cookies(case, headers.iter().map(|(_, value)| value.to_str().unwrap()))
}

fn remembered(case: &Value, helper: &AuthTktCookieHelper) -> Value {
    let tokens: Vec<&str> =
        case["tokens"].as_array().unwrap().iter().map(|token| token.as_str().unwrap()).collect();
    let age = case["max_age"].as_u64().map(Duration::from_secs);
    match helper.remember_with(&request(case), userid(&case["userid"]), &tokens, age) {
        Ok(headers) => json!({"set_cookie": set(case, &headers)}),
        Err(_) => json!({"error": "bad_token"}),
    }
}

fn identified(case: &Value, helper: &AuthTktCookieHelper) -> Value {
    let request = request(case);
    let identity = helper.identify(&request).map(|ticket| {
        let tokens = if ticket.tokens.is_empty() { vec![String::new()] } else { ticket.tokens.clone() };
        let userid = match &ticket.userid {
            TicketUserid::Text(text) => json!({"type": "str", "value": text}),
            TicketUserid::Number(number) => json!({"type": "int", "value": number}),
            TicketUserid::Bytes(bytes) => {
                json!({"type": "bytes", "value": hexadecimal(bytes)})
            }
        };
        json!({"timestamp": ticket.made.as_secs(), "userid": userid, "tokens": tokens})
    });
    if case["then_forget"] == true {
        helper.forget(&request).unwrap();
    }
    let mut response = Response::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(run_response_callbacks(&request, &mut response)).unwrap();
    let reissued = response.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    json!({"identity": identity, "reissued": cookies(case, reissued)})
}

fn answer(case: &Value) -> Value {
    let helper = helper(case);
    if helper.cookie.check().is_err() {
        return json!({"error": "samesite_none_needs_secure"});
    }
    match case["op"].as_str().unwrap() {
        "authtkt_remember" => remembered(case, &helper),
        "authtkt_identify" => identified(case, &helper),
        _ => json!({"set_cookie": set(case, &helper.forget(&request(case)).unwrap())}),
    }
}

/// What Pyramid says, in the form in which we do.
fn expected(case: &Value) -> Value {
    let mut answer = case["out"].clone();
    let Some(fields) = answer.as_object_mut() else { return answer };
    // It stands in the `Set-Cookie`, too.
    fields.remove("cookie");
    for name in ["set_cookie", "reissued"] {
        if let Some(sent) = fields.get_mut(name) {
            let texts: Vec<_> = sent.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
            let normal = cookies(&case["in"], texts);
            *sent = normal;
        }
    }
    // What else is in a ticket is not shown.
    if let Some(identity) = fields.get_mut("identity").and_then(Value::as_object_mut) {
        identity.remove("userdata");
    }
    answer
}

#[test]
fn tickets_are_those_of_pyramid() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/oracle/cookies.json");
    let oracle: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = oracle["cases"].as_array().unwrap().iter();
    let cases: Vec<_> =
        cases.filter(|case| case["in"]["op"].as_str().unwrap().starts_with("authtkt")).collect();
    let mut departed = vec![0; DEPARTURES.len()];
    let mut failures = Vec::new();
    for case in &cases {
        let (ours, expected) = (answer(&case["in"]), expected(case));
        if ours == expected {
            continue;
        }
        let is_among = |wanted: &str| {
            case["id"] == wanted || case["tags"].as_array().unwrap().iter().any(|tag| tag == wanted)
        };
        let mut departures = DEPARTURES.iter();
        match departures.position(|departure| is_among(departure.cases) && (departure.ours)(&ours)) {
            Some(place) => departed[place] += 1,
            None => failures.push(format!("{}\nexpected {expected}\ngot      {ours}", case["in"])),
        }
    }
    println!("{} cases", cases.len());
    for (Departure { cases, reason, .. }, departed) in DEPARTURES.iter().zip(departed) {
        println!("{departed} otherwise, `{cases}`: {reason}");
        assert!(departed > 0, "`{cases}` is listed as a departure, but no case departs");
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n\n"));
    assert!(cases.len() > 100);
}
