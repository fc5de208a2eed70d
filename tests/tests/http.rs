//! The protocol, from the outside of an application: what is refused, what is kept open, and how it stops.

use std::io::Write;
use std::net::TcpListener;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use support::{App, Client, run};

mod support;

const TESTED: &str = env!("CARGO_BIN_EXE_tested-app");

#[test]
fn a_request_needs_one_host() {
    let app = App::start(&[]);
    for head in [
        "GET /about HTTP/1.1\r\n\r\n",
        "GET /about HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        "GET /about HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
        "GET /about HTTP/1.1\r\nhost: a b\r\n\r\n",
        "GET /about HTTP/1.1\r\nhost: a/b\r\n\r\n",
        "GET /about HTTP/1.1\r\nhost: user@a\r\n\r\n",
    ] {
        let mut client = app.connect();
        let reply = client.say(head).reply();
        assert_eq!((reply.status, reply.field("connection")), (400, Some("close")), "{head:?}");
        assert_eq!(client.rest(), "", "{head:?}");
    }
    assert_eq!(app.events(), [""; 0]);
}

#[test]
fn the_host_is_that_of_the_target_where_it_has_one() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let about = client.say("GET /about?a=%20 HTTP/1.1\r\nhost: a.example:81\r\n\r\n").reply().json();
    assert_eq!((&about["host"], &about["query"]), (&"a.example:81".into(), &"a=%20".into()));
    let about = client.say("GET http://b.example/%61bout HTTP/1.1\r\nhost: b.example\r\n\r\n").reply().json();
    assert_eq!((&about["host"], &about["path"]), (&"b.example".into(), &"/about".into()));
    let url = client.say("GET /shelves/7 HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n").reply();
    assert_eq!(url.text(), "7 at http://[::1]:8080/shelves/7\n");
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let mut requests = Vec::new();
    for number in 0..30 {
        // Every other one is a blocking view.
        let method = if number % 2 == 0 { "GET" } else { "PUT" };
        let _ = write!(requests, "{method} /shelves/{number} HTTP/1.1\r\nhost: a\r\n\r\n");
    }
    client.say(requests);
    for number in 0..30 {
        let answer = if number % 2 == 0 {
            format!("{number} at http://a/shelves/{number}\n")
        } else {
            format!("put on {number}\n")
        };
        assert_eq!(client.reply().text(), answer);
    }
}

#[test]
fn a_client_of_http_1_0_is_answered_and_the_connection_closed() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let reply = client.say("GET /about HTTP/1.0\r\n\r\n").reply();
    assert_eq!((reply.status, &reply.json()["version"]), (200, &"HTTP/1.0".into()));
    assert_eq!(client.rest(), "");
}

#[test]
fn a_stream_to_a_client_of_http_1_0_ends_with_the_connection() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let head = client.say("GET /stream/gate HTTP/1.0\r\n\r\n").head();
    assert_eq!((head.status, head.field("transfer-encoding")), (200, None));
    app.open("gate");
    assert_eq!(client.rest(), "first\nsecond\n");
}

#[test]
fn garbage_is_a_400_and_the_end_of_its_connection_only() {
    let app = App::start(&[]);
    for garbage in
        ["garbage\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "\0\0\0\0\r\n\r\n"]
    {
        let mut client = app.connect();
        assert_eq!(client.say(garbage).head().status, 400, "{garbage:?}");
        client.rest();
    }
    assert_eq!(app.get("/about").status, 200);
}

#[test]
fn there_is_no_tunnel_and_nothing_at_an_asterisk() {
    let app = App::start(&[]);
    for (head, status) in [
        ("CONNECT a.example:443 HTTP/1.1\r\nhost: a.example:443\r\n\r\n", 501),
        ("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n", 404),
    ] {
        assert_eq!(app.connect().say(head).reply().status, status, "{head:?}");
    }
}

#[test]
fn head_is_get_without_the_body() {
    let app = App::start(&["development=false"]);
    let mut client = app.connect();
    for target in ["/shelves/1", "/thread/plain", "/no/such/page"] {
        let got = client.get(target);
        let head = client.ask("HEAD", target, &[], b"").head();
        assert_eq!((head.status, head.field("content-length")), (got.status, got.field("content-length")));
        assert_eq!(head.field("content-type"), got.field("content-type"), "{target}");
    }
    // Nothing of a body has come in between.
    assert_eq!(client.get("/files/index").text(), "index\n");
}

#[test]
fn a_client_is_asked_for_its_body_only_when_somebody_wants_it() {
    let app = App::start(&["max_body=10"]);
    let mut client = app.connect();
    let expect = ["expect: 100-continue", "content-length: 4"];
    assert_eq!(client.ask("POST", "/body/coroutine", &expect, b"").head().status, 100);
    assert_eq!(client.say("body").reply().text(), "4 430");
    let too_large = ["expect: 100-continue", "content-length: 11"];
    assert_eq!(client.ask("POST", "/body/coroutine", &too_large, b"").reply().status, 413);
}

#[test]
fn an_answer_given_before_the_body_was_read_reaches_the_client() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let reply = client.post("/body/ignored", "text/plain", &vec![b'x'; 300_000]);
    assert_eq!((reply.text(), reply.field("connection")), ("not read\n", Some("close")));
}

#[test]
fn a_short_body_that_nobody_reads_does_not_cost_the_connection() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for (target, status) in [("/body/ignored", 200), ("/no/such/page", 404), ("/about/nothing", 404)] {
        // The body comes later than the head, and so in time for the answer to have been made without it.
        client.say(format!("POST {target} HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n"));
        app.get("/events");
        let reply = client.say("hello").reply();
        assert_eq!((reply.status, reply.field("connection")), (status, None), "{target}");
    }
    assert_eq!(client.get("/files/index").text(), "index\n");
}

#[test]
fn a_client_that_has_closed_its_sending_side_is_answered() {
    let app = App::start(&[]);
    let mut client = app.connect();
    client.ask("GET", "/hold/gate", &[], b"").half_close();
    app.wait("entered", 1);
    app.open("gate");
    assert!(client.reply().text().starts_with("aio-default-"));
    assert_eq!(client.rest(), "");
}

/// Asks over HTTP/2 with prior knowledge.
struct Http2(hyper::client::conn::http2::SendRequest<Full<Bytes>>);

impl Http2 {
    async fn connect(app: &App) -> Self {
        let socket = tokio::net::TcpStream::connect(app.address()).await.expect("a connection");
        let (sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
                .await
                .expect("a handshake");
        tokio::spawn(connection);
        Self(sender)
    }

    fn send(
        &mut self,
        method: &str,
        target: &str,
        body: Bytes,
    ) -> impl Future<Output = hyper::Result<http::Response<hyper::body::Incoming>>> + use<> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("http://example.com{target}"))
            .body(Full::new(body))
            .expect("a request");
        self.0.send_request(request)
    }

    async fn ask(&mut self, method: &str, target: &str, body: impl Into<Bytes>) -> (u16, String) {
        let response = self.send(method, target, body.into()).await.expect("a response");
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8(body.into()).expect("text"))
    }
}

#[tokio::test]
async fn http_2_is_spoken_to_who_begins_with_it() {
    let app = App::start(&[]);
    let mut client = Http2::connect(&app).await;
    let (status, about) = client.ask("GET", "/about", "").await;
    let about: serde_json::Value = serde_json::from_str(&about).expect("JSON");
    assert_eq!((status, &about["version"], &about["host"]), (200, &"HTTP/2.0".into(), &"example.com".into()));
    assert_eq!(client.ask("POST", "/body", "body").await, (200, "4 430".to_owned()));
    assert_eq!(client.ask("POST", "/body/coroutine", "body").await, (200, "4 430".to_owned()));
    assert_eq!(client.ask("GET", "/no/such/page", "").await.0, 404);
    assert_eq!(client.ask("GET", "/panic/plain", "").await.0, 500);
    assert_eq!(client.ask("GET", "/panic/coroutine", "").await.0, 500);
    assert_eq!(client.ask("POST", "/body", vec![b'x'; 2_000_000]).await.0, 413);
    assert_eq!(client.ask("GET", "/files/index", "").await, (200, "index\n".to_owned()));
}

#[tokio::test]
async fn head_over_http_2_has_no_body_either() {
    let app = App::start(&[]);
    let mut client = Http2::connect(&app).await;
    let response = client.send("HEAD", "/files/index", Bytes::new()).await.expect("a response");
    assert_eq!(response.headers()["content-length"], "6");
    assert_eq!(response.into_body().collect().await.expect("a body").to_bytes(), "");
}

#[tokio::test]
async fn requests_on_one_http_2_connection_do_not_wait_for_each_other() {
    let app = App::start(&[]);
    let mut client = Http2::connect(&app).await;
    let blocked = tokio::spawn(client.send("GET", "/hold/gate", Bytes::new()));
    let lingering = tokio::spawn(client.send("GET", "/linger/gate", Bytes::new()));
    assert_eq!(client.ask("GET", "/wait/entered", "").await.0, 204);
    assert_eq!(client.ask("GET", "/wait/gate%20lingers", "").await.0, 204);
    assert_eq!(client.ask("GET", "/open/gate", "").await.0, 204);
    for waiting in [blocked, lingering] {
        assert_eq!(waiting.await.expect("no panic").expect("a response").status(), 200);
    }
}

#[tokio::test]
async fn a_client_that_resets_a_stream_cancels_its_coroutine_and_no_other() {
    let app = App::start(&[]);
    let mut client = Http2::connect(&app).await;
    let given_up = tokio::spawn(client.send("GET", "/linger/one", Bytes::new()));
    let kept = tokio::spawn(client.send("GET", "/linger/other", Bytes::new()));
    assert_eq!(client.ask("GET", "/wait/one%20lingers", "").await.0, 204);
    assert_eq!(client.ask("GET", "/wait/other%20lingers", "").await.0, 204);
    given_up.abort();
    assert_eq!(client.ask("GET", "/wait/one%20dropped", "").await.0, 204);
    assert_eq!(client.ask("GET", "/open/other", "").await.0, 204);
    assert_eq!(kept.await.expect("no panic").expect("a response").status(), 200);
}

#[test]
fn a_client_may_upgrade_to_nothing_that_the_application_does_not_offer() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let fields = ["connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__"];
    let reply = client.ask("GET", "/files/index", &fields, b"").reply();
    assert_eq!((reply.status, reply.text()), (200, "index\n"));
}

/// A request that has begun and waits for its body, which opens a gate: what can open one while the server stops.
fn latch(app: &App, gate: &str) -> Client {
    let mut client = app.connect();
    let fields = ["expect: 100-continue", "content-length: 1"];
    assert_eq!(client.ask("POST", &format!("/open/{gate}"), &fields, b"").head().status, 100);
    client
}

/// What is running when the signal comes is answered; then the process ends with status 0.
fn stops_gracefully(signal: &str) {
    let app = App::start(&["executor.threads=1"]);
    let mut blocking = app.connect();
    blocking.ask("GET", "/hold/gate", &[], b"");
    app.wait("entered", 1);
    let mut coroutine = app.connect();
    coroutine.ask("GET", "/linger/gate", &[], b"");
    app.wait("gate lingers", 1);
    let mut latch = latch(&app, "gate");
    let mut idle = app.connect();
    assert_eq!(idle.get("/about").status, 200);

    app.signal(signal);
    app.logged(&format!("received {signal}, stopping gracefully"));
    assert_eq!(idle.rest(), "", "an idle connection is closed");
    assert_eq!(latch.say("x").reply().field("connection"), Some("close"));
    let reply = blocking.reply();
    assert_eq!((reply.status, reply.field("connection")), (200, Some("close")));
    assert_eq!(coroutine.reply().text(), "stayed\n");
    let ended = app.end();
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.complaint.contains("stopped: 3 finished, 0 cut"), "{}", ended.complaint);
}

#[test]
#[cfg(unix)]
fn term_lets_running_requests_finish() {
    stops_gracefully("TERM");
}

#[test]
#[cfg(unix)]
fn interrupt_lets_running_requests_finish() {
    stops_gracefully("INT");
}

#[test]
#[cfg(unix)]
fn what_runs_on_beyond_the_deadline_is_cut() {
    let app = App::start(&["shutdown_timeout=0.1"]);
    let mut blocking = app.connect();
    blocking.ask("GET", "/hold/gate", &[], b"");
    let mut coroutine = app.connect();
    coroutine.ask("GET", "/linger/gate", &[], b"");
    app.wait("entered", 1);
    app.wait("gate lingers", 1);
    app.signal("TERM");
    assert_eq!((blocking.rest(), coroutine.rest()), (String::new(), String::new()));
    let ended = app.end();
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.complaint.contains("0 finished, 2 cut"), "{}", ended.complaint);
    assert!(ended.complaint.contains("still running, and left behind: 1"), "{}", ended.complaint);
}

#[test]
#[cfg(unix)]
fn quit_waits_for_nothing() {
    let app = App::start(&["shutdown_timeout=3600"]);
    let mut coroutine = app.connect();
    coroutine.ask("GET", "/linger/gate", &[], b"");
    app.wait("gate lingers", 1);
    app.signal("QUIT");
    assert_eq!(coroutine.rest(), "");
    assert!(app.end().status.success());
}

#[test]
fn it_says_where_it_listens_and_which_process_it_is() {
    let app = App::start(&["loops=2"]);
    let address = app.address();
    assert!(app.logged("listening at").contains(&format!("http://{address}")));
    assert!(app.logged("event loops").contains("using 2 event loops, process "));
}

#[test]
fn an_address_in_use_is_one_line_and_status_1() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = format!("listen={}", taken.local_addr().expect("an address"));
    let ended = run(TESTED, &[&listen], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.complaint.starts_with("error: cannot listen at 127.0.0.1:"), "{}", ended.complaint);
    assert_eq!(ended.complaint.lines().count(), 1, "{}", ended.complaint);
}

#[test]
fn an_address_that_is_none_is_one_line_and_status_1() {
    let ended = run(TESTED, &["listen=127.0.0.1"], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.complaint.starts_with("error: `127.0.0.1` is no address to listen at"),
        "{}",
        ended.complaint
    );
    assert_eq!(ended.complaint.lines().count(), 1, "{}", ended.complaint);
}

#[test]
fn two_addresses_can_be_listened_at() {
    let app = App::start(&["listen=127.0.0.1:0,127.0.0.1:0"]);
    let addresses: Vec<_> = app
        .log_lines("listening at")
        .iter()
        .filter_map(|line| line.rsplit_once("http://")?.1.parse().ok())
        .collect();
    for address in addresses {
        assert_eq!(Client::connect(address).get("/about").status, 200);
    }
    app.signal("TERM");
    assert_eq!(app.end().complaint.matches("listening at").count(), 2);
}

#[tokio::test]
async fn an_empty_body_over_http_2_is_one() {
    let app = App::start(&[]);
    let mut client = Http2::connect(&app).await;
    assert_eq!(client.ask("POST", "/body", "").await, (200, "0 0".to_owned()));
}
