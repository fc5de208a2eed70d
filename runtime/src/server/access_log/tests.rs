use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version};

use super::AccessLogFormat;
use super::line::{Exchanged, Head, RequestLine};
use crate::protocol::answered_by::Names;
use crate::protocol::connection_info::ConnectionInfo;

/// What a format makes of one request and its answer.
fn rendered(format: &str) -> String {
    let connection = ConnectionInfo::new(Some("192.0.2.1:4000".parse().unwrap()), None);
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("a.example"));
    headers.insert("user-agent", HeaderValue::from_bytes(b"\"q\" \\ \t\xc3\xa9").unwrap());
    let format: AccessLogFormat = format.parse().unwrap();
    let mut captured = format.capture(&Head {
        line: Some(RequestLine {
            method: &Method::GET,
            uri: &Uri::from_static("http://a.example/a%20b?x=1"),
            version: Version::HTTP_2,
        }),
        headers: &headers,
        connection: &connection,
    });
    let mut answer = HeaderMap::new();
    answer.insert("content-type", HeaderValue::from_static("text/html"));
    format.capture_answer(&mut captured, &answer);
    let exchanged = Exchanged {
        status: StatusCode::OK,
        bytes: 12,
        duration: Duration::from_micros(1_234_567),
        complete: true,
        names: Names { route: Some("/a".into()), view: None },
    };
    let mut line = Vec::new();
    format.render(&captured, &exchanged, &mut line);
    String::from_utf8(line).unwrap()
}

#[test]
fn every_atom_says_what_its_name_means() {
    for (format, expected) in [
        ("%(h)s %(l)s %(u)s", "192.0.2.1 - -"),
        ("%(r)s|%(m)s|%(U)s|%(q)s|%(H)s", "GET /a%20b?x=1 HTTP/2.0|GET|/a%20b|x=1|HTTP/2.0"),
        ("%(s)s %(b)s %(B)s", "200 12 12"),
        ("%(T)s %(M)s %(D)s %(L)s", "1 1234 1234567 1.234567"),
        ("%(f)s \"%(a)s\"", r#"- "\"q\" \\ \t\xc3\xa9""#),
        ("%(route)s %(view)s %(complete)s", "/a - true"),
        ("%({host}i)s %({x-none}i)s %({Content-Type}o)s %({etag}o)s", "a.example - text/html -"),
        ("%({REMOTE_ADDR}e)s %({HTTP_HOST}e)s", "192.0.2.1 a.example"),
        ("100%% of %(s)s", "100% of 200"),
    ] {
        assert_eq!(rendered(format), format!("{expected}\n"), "{format}");
    }
    assert_eq!(rendered("%(p)s"), format!("<{}>\n", std::process::id()));
    assert!(rendered("%(timestamp)s").contains('T'));
}

#[test]
fn the_formats_with_names_are_well_formed() {
    assert!(rendered("common").ends_with("] \"GET /a%20b?x=1 HTTP/2.0\" 200 12\n"));
    assert!(rendered("combined").starts_with("192.0.2.1 - - ["));
    let object: serde_json::Value = serde_json::from_str(&rendered("json")).unwrap();
    assert_eq!(object["duration"], 1.234_567);
    assert_eq!(object["user_agent"], "\"q\" \\ \té");
    assert_eq!(object["view"], serde_json::Value::Null);
    assert_eq!(object["query"], "x=1");
}

#[test]
fn what_is_no_format_is_refused() {
    for (text, wanted) in [
        ("", "a format is `common`"),
        ("%(h)s %(tiem)s", "it has h, l"),
        ("%(h)s %(timestmp)s", "did you mean `%(timestamp)s`?"),
        ("%(h)s %x", "`%x` is no `%(name)s`"),
        ("%(h)s %({a b}i)s", "no name of a field"),
        ("%({a}z)s", "should end in `i`"),
        ("%({PATH}e)s", "without WSGI"),
        ("%(h)s\n%(s)s", "one line"),
    ] {
        let error = text.parse::<AccessLogFormat>().unwrap_err().to_string();
        assert!(error.contains(wanted), "{text}: {error}");
    }
}
