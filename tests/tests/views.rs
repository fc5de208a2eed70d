//! Views over a real socket: where they run, what they are given, what becomes of what they return or fail with.

use support::{App, Client, Reply};

mod support;

const FORM: &str = "application/x-www-form-urlencoded";

/// Three megabytes that are not all the same, and what the application says of them.
fn large_body() -> (Vec<u8>, String) {
    let body: Vec<u8> = (0..3_000_000_u32).map(|number| number.to_le_bytes()[0] ^ 0x5a).collect();
    let sum: u64 = body.iter().map(|byte| u64::from(*byte)).sum();
    let digest = format!("{} {sum}", body.len());
    (body, digest)
}

/// The body in pieces of which no two are of one size.
fn chunked(body: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(body.len() + 4_096);
    let (mut rest, mut length) = (body, 1);
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(length.min(rest.len()));
        message.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        message.extend_from_slice(piece);
        message.extend_from_slice(b"\r\n");
        (rest, length) = (later, length * 3 + 1);
    }
    message.extend_from_slice(b"0\r\n\r\n");
    message
}

fn asking_for(client: &mut Client, media_type: &str, target: &str) -> Reply {
    client.ask("GET", target, &[&format!("accept: {media_type}")], b"").reply()
}

#[test]
fn what_a_function_is_decides_where_it_runs() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for (view, thread) in [
        ("coroutine", "aiopyramid-loop-"),
        ("coroutine-mapper", "aiopyramid-loop-"),
        ("future", "aiopyramid-loop-"),
        ("inline", "aiopyramid-loop-"),
        ("method/coroutine", "aiopyramid-loop-"),
        ("plain", "aio-default-"),
        ("executor-mapper", "aio-default-"),
        ("method/plain", "aio-default-"),
        ("method/executor-mapper", "aio-default-"),
        ("named-pool", "aio-reports-"),
    ] {
        let reply = client.get(&format!("/thread/{view}"));
        assert_eq!(reply.status, 200, "{view}");
        assert!(reply.text().starts_with(thread), "{view} ran in {}", reply.text());
    }
}

#[test]
fn a_value_is_rendered_and_a_response_is_passed_through() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let rendered = client.get("/pools");
    assert_eq!(rendered.field("content-type"), Some("application/json"));
    assert_eq!(rendered.text(), r#"["default","reports"]"#);
    let text = client.get("/files/index");
    assert_eq!(text.field("content-type"), Some("text/plain; charset=UTF-8"));
    let nothing = client.get("/nothing");
    assert_eq!((nothing.status, nothing.field("content-length")), (204, None));
    assert_eq!(client.get("/files/index").text(), "index\n", "the connection goes on after an empty answer");
}

#[test]
fn a_streamed_answer_arrives_piece_by_piece() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let head = client.ask("GET", "/stream/second-piece", &[], b"").head();
    assert_eq!((head.status, head.field("transfer-encoding")), (200, Some("chunked")));
    assert_eq!(client.chunk().as_deref(), Some(&b"first\n"[..]));
    // The second piece is not made before the first one was read here.
    app.open("second-piece");
    assert_eq!(client.chunk().as_deref(), Some(&b"second\n"[..]));
    assert_eq!(client.chunk(), None);
}

#[test]
fn forms_arrive_whole_in_views_of_both_kinds() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for target in ["/form", "/form/coroutine"] {
        let reply = client.post(target, FORM, b"name=na%C3%AFve+art&count=2&tag=a&tag=b");
        assert_eq!((reply.status, reply.text()), (200, "2 x naïve art [\"a\", \"b\"]"), "{target}");
    }
    let reply = client.post("/form", "Application/X-WWW-Form-Urlencoded; charset=utf-8", b"name=x&count=1");
    assert_eq!(reply.text(), "1 x x []");
    let reply = client.post("/json", "application/json", br#"{"name": "x", "count": 3, "tag": ["t"]}"#);
    assert_eq!(reply.text(), "3 x x [\"t\"]");
    assert_eq!(client.get("/query?name=x&count=4&tag=%26").text(), "4 x x [\"&\"]");
}

#[test]
fn a_multipart_body_arrives_in_parts_and_as_a_form() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let parts = "--edge\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nbook\r\n\
                 --edge\r\ncontent-disposition: form-data; name=\"count\"\r\n\r\n5\r\n\
                 --edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
                 content-type: application/octet-stream\r\n\r\n\0\r\n\x7f\r\n--edge--\r\n";
    let reply = client.post("/multipart", "multipart/form-data; boundary=edge", parts.as_bytes());
    assert_eq!(reply.text(), r#"[["name",null,4],["count",null,1],["file","a.bin",4]]"#);
    let reply = client.post("/form", "multipart/form-data; boundary=edge", parts.as_bytes());
    assert_eq!(reply.text(), "5 x book []");
    let reply = client.post("/multipart", "multipart/form-data; boundary=edge", b"--edge\r\nbroken");
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("malformed multipart body"), "{}", reply.text());
}

#[test]
fn three_megabytes_arrive_whole_with_a_length_and_in_chunks() {
    let app = App::start(&["max_body=3000000"]);
    let (body, digest) = large_body();
    let message = chunked(&body);
    let mut client = app.connect();
    for target in ["/body", "/body/coroutine"] {
        let reply = client.post(target, "application/octet-stream", &body);
        assert_eq!((reply.status, reply.text()), (200, &*digest), "{target} with a length");
        let reply = client.ask("POST", target, &["transfer-encoding: chunked"], b"").say(&message).reply();
        assert_eq!((reply.status, reply.text()), (200, &*digest), "{target} in chunks");
    }
}

#[test]
fn a_body_that_is_announced_to_be_too_large_is_refused_unread() {
    let app = App::start(&["max_body=1000"]);
    for target in ["/body", "/body/coroutine"] {
        let mut client = app.connect();
        let length = "content-length: 1001";
        let reply = client.ask("POST", target, &["accept: application/json", length], b"").reply();
        assert_eq!(reply.status, 413, "{target}");
        assert_eq!(reply.json()["message"], "the body may have 1000 bytes at most");
        assert_eq!(app.connect().post(target, "text/plain", &[b'x'; 1_000]).status, 200);
    }
}

#[test]
fn a_body_that_turns_out_too_large_is_refused_and_its_sender_can_read_so() {
    let app = App::start(&[]);
    let (body, _) = large_body();
    let message = chunked(&body);
    for target in ["/body", "/body/coroutine"] {
        let mut client = app.connect();
        let reply = client.ask("POST", target, &["transfer-encoding: chunked"], b"").say(&message).reply();
        assert_eq!(reply.status, 413, "{target}");
    }
    assert_eq!(app.get("/thread/plain").status, 200);
}

#[test]
fn a_body_of_another_type_is_refused_with_the_type_that_is_wanted() {
    let app = App::start(&[]);
    // A connection each: one whose body nobody has read may end with the answer.
    for (target, wanted) in
        [("/form", FORM), ("/json", "application/json"), ("/multipart", "multipart/form-data")]
    {
        let reply = app.connect().post(target, "text/plain", b"name=x&count=1");
        assert_eq!(reply.status, 415, "{target}");
        assert!(reply.text().contains(wanted), "{target}: {}", reply.text());
        let reply = app.connect().ask("POST", target, &[], b"name=x&count=1").reply();
        assert_eq!(reply.status, 415, "{target} without a type");
    }
}

#[test]
fn a_bad_value_is_a_400_that_names_it() {
    let app = App::start(&["max_form_fields=3"]);
    let mut client = app.connect();
    let cases: [(&str, &str, &[u8], &str); 6] = [
        ("/form", FORM, b"name=x&count=many", "field `count`: invalid digit"),
        ("/form", FORM, b"name=x", "missing field `count`"),
        ("/form", FORM, b"name=x&count=1&tag=a&tag=b", "4 fields, of which there may be 3"),
        ("/json", "application/json", br#"{"name": "x", "count": -1}"#, "`count`: invalid value"),
        ("/json", "application/json", br#"{"name": "x""#, "the JSON cannot be read"),
        ("/json", "application/json", br#"{"name": "x", "count": 1} x"#, "something follows"),
    ];
    for (target, content_type, body, reason) in cases {
        let reply = client.post(target, content_type, body);
        assert_eq!(reply.status, 400, "{reason}");
        assert!(reply.text().contains(reason), "{reason}: {}", reply.text());
    }
    let reply = client.get("/query?name=x&count=");
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("parameter `count`"), "{}", reply.text());
    assert_eq!(client.get("/files/%ff").status, 400);
}

#[test]
fn an_answer_to_a_fault_is_of_the_type_that_the_client_prefers() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for (target, code, title) in [
        ("/raised/400", 400, "Bad Request"),
        ("/raised/409", 409, "Conflict"),
        ("/no/such/page", 404, "Not Found"),
        ("/error/plain", 500, "Internal Server Error"),
    ] {
        let html = asking_for(&mut client, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", target);
        assert_eq!((html.status, html.field("content-type")), (code, Some("text/html; charset=UTF-8")));
        assert!(html.text().contains(&format!("<h1>{code} {title}</h1>")), "{}", html.text());
        let json = asking_for(&mut client, "application/json", target);
        assert_eq!((json.status, json.field("content-type")), (code, Some("application/json")));
        let json = json.json();
        assert_eq!((&json["code"], &json["title"]), (&format!("{code} {title}").into(), &title.into()));
        assert!(json["message"].as_str().is_some_and(|message| !message.is_empty()), "{json}");
        let text = client.get(target);
        assert_eq!((text.status, text.field("content-type")), (code, Some("text/plain; charset=UTF-8")));
        assert!(text.text().starts_with(&format!("{code} {title}\n")), "{}", text.text());
    }
    let html = asking_for(&mut client, "text/html", "/raised/400");
    assert!(html.text().contains("for &lt;this&gt; reason"), "{}", html.text());
    let json = asking_for(&mut client, "application/json", "/raised/400").json();
    assert_eq!(json["message"], "for <this> reason");
}

#[test]
fn an_error_is_a_500_that_says_nothing_and_is_logged_once_with_its_cause() {
    let app = App::start(&["development=false"]);
    let mut client = app.connect();
    for target in ["/error/coroutine", "/error/plain"] {
        let reply = client.get(target);
        assert_eq!(reply.status, 500);
        assert!(!reply.text().contains("secret") && !reply.text().contains("cable"), "{}", reply.text());
    }
    drop(client);
    app.signal("TERM");
    let log = app.end().complaint;
    assert_eq!(log.matches("cannot reach the database").count(), 2, "{log}");
    assert_eq!(log.matches("caused by: the cable is cut").count(), 2, "{log}");
    assert!(log.contains("failures::failing_coroutine") && log.contains("/error/plain"), "{log}");
}

#[test]
fn an_error_of_the_client_is_no_error_of_the_log() {
    let app = App::start(&[]);
    assert_eq!(app.get("/raised/400").status, 400);
    assert_eq!(app.get("/no/such/page").status, 404);
    app.signal("TERM");
    let log = app.end().complaint;
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

#[test]
fn a_client_that_leaves_cancels_a_coroutine() {
    let app = App::start(&["half_close_grace=0"]);
    let mut client = app.connect();
    client.ask("GET", "/linger/here", &[], b"");
    app.wait("here lingers", 1);
    drop(client);
    app.wait("here dropped", 1);
    app.open("here");
    assert!(!app.events().contains(&"here finished".to_owned()), "{:?}", app.events());
}

#[test]
fn a_coroutine_whose_client_stays_is_not_cancelled() {
    let app = App::start(&["half_close_grace=0"]);
    let mut client = app.connect();
    client.ask("GET", "/linger/here", &[], b"");
    app.wait("here lingers", 1);
    app.open("here");
    assert_eq!(client.reply().text(), "stayed\n");
    assert_eq!(app.events(), ["here lingers", "here opens", "here finished", "here dropped"]);
}

#[test]
fn a_view_that_is_to_finish_goes_on_when_its_client_has_left() {
    let app = App::start(&["half_close_grace=0"]);
    let mut client = app.connect();
    client.ask("GET", "/outlive/here", &[], b"");
    app.wait("here lingers", 1);
    drop(client);
    app.wait("here is alone", 1);
    app.open("here");
    app.wait("here finished", 1);
}

#[test]
fn a_stop_waits_for_a_view_that_is_to_finish() {
    let app = App::start(&["half_close_grace=0"]);
    let mut client = app.connect();
    client.ask("GET", "/outlive-a-stop", &[], b"");
    app.wait("working", 1);
    drop(client);
    app.wait("working alone", 1);
    app.signal("TERM");
    let ended = app.end();
    assert!(ended.status.success(), "{}", ended.complaint);
    assert_eq!(ended.output, "the work is done\n");
}

#[test]
fn a_view_that_is_to_finish_answers_a_client_that_stays() {
    let app = App::start(&[]);
    let mut client = app.connect();
    client.ask("GET", "/finish/here", &[], b"");
    app.wait("here lingers", 1);
    app.open("here");
    assert_eq!(client.reply().text(), "finished\n");
}

#[test]
fn a_blocking_view_learns_that_its_client_has_left() {
    let app = App::start(&["half_close_grace=0"]);
    let mut client = app.connect();
    client.ask("GET", "/toil/long", &[], b"");
    app.wait("long toils", 1);
    drop(client);
    app.wait("long gave up", 1);
}
