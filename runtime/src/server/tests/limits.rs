//! Clients that are slow, silent, or too many.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body::Frame;
use http_body_util::BodyExt;

use super::super::ServerConfig;
use super::{EVENTUALLY, Running, Told, text};

const SHORT: Duration = Duration::from_millis(200);

fn config() -> ServerConfig {
    ServerConfig::default().loops(1)
}

#[test]
fn a_silent_connection_is_closed() {
    let server = Running::echo(config().head(SHORT));
    assert_eq!(server.connect().rest(), "");
}

#[test]
fn half_a_preface_is_closed_and_not_answered_in_http_1() {
    let server = Running::echo(config().head(SHORT));
    assert_eq!(server.connect().say("PRI * HTTP/2.0\r\n\r\nS").rest(), "");
}

/// Sends byte after byte, until the other side wants no more.
fn drip(client: &mut super::Client, byte: u8) {
    client.0.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    loop {
        let sent = client.0.write_all(&[byte]);
        let mut room = [0; 1];
        match client.0.peek(&mut room) {
            Err(_) if sent.is_ok() => {}
            _ => break,
        }
    }
    client.0.set_read_timeout(Some(EVENTUALLY)).unwrap();
}

#[test]
fn a_slow_head_is_answered_408() {
    let server = Running::echo(config().head(SHORT));
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nx: ");
    drip(&mut client, b'x');
    assert_eq!(client.reply().status, 408);
}

#[test]
fn the_head_of_a_later_request_has_the_same_limit() {
    let server = Running::echo(config().head(SHORT));
    let mut client = server.connect();
    assert_eq!(client.get("/").status, 200);
    client.say("GET / HTTP/1.1\r\nx: ");
    drip(&mut client, b'x');
    assert_eq!(client.reply().status, 408);
}

#[test]
fn an_idle_connection_is_closed() {
    let server = Running::echo(config().keep_alive(SHORT));
    let mut client = server.connect();
    assert_eq!(client.get("/").status, 200);
    assert_eq!(client.rest(), "");
}

#[test]
fn a_slow_body_is_cut_and_its_work_dropped() {
    let (tell, told) = mpsc::channel();
    let server = Running::start(config().body_patience(SHORT).body_rate(1000), move |request| {
        let work = Told(tell.clone());
        async move {
            let _ = request.into_body().collect().await;
            drop(work);
            text("")
        }
    });
    let mut client = server.connect();
    client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n");
    drip(&mut client, b'x');
    assert_eq!(client.rest(), "");
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("dropped"));
}

#[test]
fn a_body_that_began_quickly_may_not_stop() {
    let server = Running::start(config().body_patience(SHORT).body_rate(1000), async |request| {
        let _ = request.into_body().collect().await;
        text("")
    });
    let mut client = server.connect();
    client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n").say(vec![b'x'; 999_999]);
    assert_eq!(client.rest(), "");
}

#[test]
fn a_steady_body_is_taken_however_long_it_lasts() {
    let server = Running::start(config().body_patience(SHORT).body_rate(10), async |request| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        text(body.len().to_string())
    });
    let mut client = server.connect();
    client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2000\r\n\r\n");
    for _ in 0..20 {
        std::thread::sleep(SHORT / 5);
        client.say([b'x'; 100]);
    }
    assert_eq!(client.reply().text(), "2000");
}

#[test]
fn work_that_takes_long_is_not_taken_for_a_slow_client() {
    let config = config().head(SHORT).keep_alive(SHORT).body_patience(SHORT).response(SHORT);
    let server = Running::start(config, async |request| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        tokio::time::sleep(5 * SHORT).await;
        text(body)
    });
    let mut client = server.connect();
    let reply = client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi").reply();
    assert_eq!(reply.text(), "hi");
}

#[test]
fn a_loop_that_was_held_up_does_not_blame_its_clients() {
    let server = Running::start(config().head(SHORT).keep_alive(SHORT), async |request| {
        if request.uri() == "/block" {
            std::thread::sleep(5 * SHORT);
        }
        text("")
    });
    let (mut idle, mut blocking) = (server.connect(), server.connect());
    assert_eq!(idle.get("/").status, 200);
    blocking.say("GET /block HTTP/1.1\r\nhost: a\r\n\r\n");
    std::thread::sleep(3 * SHORT);
    assert_eq!(idle.get("/").status, 200);
}

/// A body without end.
struct Endless {
    _work: Told,
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 10_000])))))
    }
}

#[test]
fn a_response_that_nobody_reads_is_cut() {
    let (tell, told) = mpsc::channel();
    let server = Running::start(config().response(SHORT), move |_| {
        let work = Told(tell.clone());
        async move { Response::new(Endless { _work: work }.boxed_unsync()) }
    });
    // With a second request behind the first: the client pipelines.
    let request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut client = server.connect();
    client.say(request.repeat(2));
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("dropped"));
}

#[test]
fn a_response_that_is_read_slowly_is_not_cut() {
    const LENGTH: usize = 3_000_000;
    let server =
        Running::start(config().response(SHORT).keep_alive(SHORT), async |_| text(vec![b'x'; LENGTH]));
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    let mut read = 0;
    let mut room = vec![0; 200_000];
    while read < LENGTH {
        std::thread::sleep(SHORT / 4);
        let some = client.0.read(&mut room).unwrap();
        assert_ne!(some, 0, "cut after {read} bytes");
        read += some;
    }
}

#[test]
fn the_next_connection_waits_for_a_place() {
    let server = Running::echo(config().connections(1));
    let mut first = server.connect();
    assert_eq!(first.get("/1").status, 200);
    let mut second = server.connect();
    second.say("GET /2 HTTP/1.1\r\nhost: a\r\n\r\n");
    second.0.set_read_timeout(Some(SHORT)).unwrap();
    assert!(second.0.peek(&mut [0]).is_err(), "there was no place for it");
    second.0.set_read_timeout(Some(EVENTUALLY)).unwrap();
    drop(first);
    assert_eq!(second.reply().text(), "/2");
}

#[test]
fn connections_are_shared_out_among_the_loops() {
    let config = ServerConfig::default().loops(2);
    let server = Running::start(config, async |_| text(format!("{:?}", std::thread::current().name())));
    let mut clients: Vec<_> = (0..64).map(|_| server.connect()).collect();
    let names: Vec<String> = clients.iter_mut().map(|client| client.get("/").text().to_owned()).collect();
    let first = names.iter().filter(|name| name.contains("aiopyramid-loop-0")).count();
    let second = names.iter().filter(|name| name.contains("aiopyramid-loop-1")).count();
    assert_eq!(first + second, 64);
    assert!(first.min(second) >= 8, "{first} and {second}");
}
