//! What operators are promised of a server, from a file to its last answer: lines at the start, workers and sockets by
//! configuration, an end to what is slow, and nothing of the inside in any answer.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::Empty;
use hyper_util::rt::{TokioExecutor, TokioIo};
use support::{App, Client, EVENTUALLY, Folder, program};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// As a file of Pyramid's says it.
fn from_file(folder: &Folder, server: &str) -> App {
    let file = folder.file("production.ini");
    fs::write(&file, format!("[app:main]\nuse = egg:app\n\n[server:main]\n{server}")).expect("a file");
    let mut command = program(PROGRAM);
    command.arg("serve").arg(file);
    App::started_by(command)
}

#[test]
fn a_start_names_the_framework_the_address_the_workers_and_their_processes() {
    let version = format!("aiopyramid {} starts", env!("CARGO_PKG_VERSION"));
    for (settings, kind) in
        [(&["workers=2", "loops=1"][..], "using 2 worker processes"), (&["loops=1"], "using 1 event loop")]
    {
        let app = App::of(PROGRAM, settings);
        assert_eq!(app.log_lines(&version).len(), 1);
        app.logged(&format!("listening at http://{}", app.address()));
        app.logged(kind);
        let reply = app.get("/process");
        let process = reply.text().split(' ').next().expect("a number");
        if settings.len() > 1 {
            app.logged(&format!("starting worker {process}"));
        } else {
            app.logged(&format!(", process {process}"));
        }
    }
}

#[test]
fn workers_a_unix_socket_and_the_time_between_requests_are_what_the_file_says() {
    let folder = Folder::new("serving");
    let socket = folder.file("app.sock");
    let app = from_file(
        &folder,
        &format!("bind = 127.0.0.1:0 unix:{}\nworkers = 2\nthreads = 1\nkeepalive = 1\n", socket.display()),
    );
    let deadline = Instant::now() + EVENTUALLY;
    let mut seen = BTreeSet::new();
    while seen.len() < 2 {
        let mut client = Client::connect_unix(&socket);
        seen.insert(client.get("/process").text().to_owned());
        assert!(Instant::now() < deadline, "{seen:?}");
    }
    let mut client = app.connect();
    for _ in 0..3 {
        assert_eq!(client.get("/process").status, 200);
    }
    // Closed by the server, and not by us; without an answer to nothing.
    assert_eq!(client.rest(), "");
}

#[test]
fn a_head_and_a_body_that_come_too_slowly_come_to_an_end() {
    let app = App::start(&["head_timeout=0.3", "body_patience=0.3", "body_rate=1000"]);
    let mut half = app.connect();
    half.say("GET /about HTTP/1.1\r\nhost: a\r\nx: ");
    assert_eq!(half.reply().status, 408);
    assert_eq!(half.rest(), "");
    // Nothing at all is closed without a word.
    assert_eq!(app.connect().rest(), "");
    let mut slow = app.connect();
    slow.say("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\nonly this");
    assert_eq!(slow.rest(), "");
    assert_eq!(app.get("/about").status, 200);
}

/// What an answer must not say of itself (RFC 9110 section 10.2.4 leaves it to us).
fn says_nothing_of_the_inside(what: &str, head: &str) {
    let head = head.to_ascii_lowercase();
    for word in ["server:", "x-powered-by", "via:", "aiopyramid", "hyper", "rust", env!("CARGO_PKG_VERSION")]
    {
        assert!(!head.contains(word), "{what}: `{word}` in {head}");
    }
}

#[test]
fn no_answer_names_the_server_or_its_version() {
    let app =
        App::start(&["development=false", "head_timeout=0.5", "uwsgi_socket=127.0.0.1:0", "max_body=10"]);
    for (request, status) in [
        ("GET /files/index HTTP/1.1\r\nhost: a\r\n\r\n", 200),
        ("GET /no/such/page HTTP/1.1\r\nhost: a\r\n\r\n", 404),
        ("DELETE /shelves/1 HTTP/1.1\r\nhost: a\r\n\r\n", 405),
        ("GET /panic/plain HTTP/1.1\r\nhost: a\r\n\r\n", 500),
        ("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 11\r\n\r\n", 413),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("garbage\r\n\r\n", 400),
        ("CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n", 501),
        ("GET / HTTP/1.1\r\nhost: a\r\nx: ", 408),
        (
            "GET /echo HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
          sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            101,
        ),
    ] {
        let reply = app.connect().say(request).head();
        assert_eq!(reply.status, status, "{request}");
        says_nothing_of_the_inside(request, &reply.lines.join("\n"));
    }
    let line = app.logged("listening at uwsgi://");
    let uwsgi = line.rsplit_once("uwsgi://").expect("it was found").1.parse().expect("an address");
    let answer = Client::connect(uwsgi).say("GET / HTTP/1.1\r\n\r\n").rest();
    says_nothing_of_the_inside("uwsgi", &answer);
}

#[tokio::test]
async fn no_answer_over_http_2_names_it_either() {
    let app = App::start(&[]);
    let socket = tokio::net::TcpStream::connect(app.address()).await.expect("a connection");
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
            .await
            .expect("HTTP/2");
    tokio::spawn(connection);
    for target in ["/files/index", "/no/such/page"] {
        let request = http::Request::get(format!("http://a{target}")).body(Empty::<Bytes>::new());
        let answer = sender.send_request(request.expect("a request")).await.expect("an answer");
        says_nothing_of_the_inside(target, &format!("{:?}", answer.headers()).replace('"', ""));
    }
}
