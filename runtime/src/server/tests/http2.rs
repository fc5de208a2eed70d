//! HTTP/2 without encryption, frame by frame.

use std::io::Read;
use std::sync::mpsc;
use std::time::Duration;

use http::header::{COOKIE, HOST};

use super::super::ServerConfig;
use super::{Client, EVENTUALLY, Running, Told, text};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A literal field without indexing (RFC 7541 section 6.2.2).
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0];
    for text in [name, value] {
        field.push(u8::try_from(text.len()).unwrap());
        field.extend(text.as_bytes());
    }
    field
}

fn get(stream: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    // `:method: GET`, `:scheme: http`, `:path: /`.
    let mut block = vec![0x82, 0x86, 0x84];
    for (name, value) in fields {
        block.extend(field(name, value));
    }
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &block)
}

/// The next frame: kind, flags, stream, payload.
fn next(client: &mut Client) -> Option<(u8, u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    client.0.read_exact(&mut head).ok()?;
    let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
    client.0.read_exact(&mut payload).ok()?;
    Some((head[3], head[4], u32::from_be_bytes([head[5], head[6], head[7], head[8]]), payload))
}

/// The next frame of a kind.
fn wait_for(client: &mut Client, kind: u8) -> (u32, Vec<u8>) {
    loop {
        let (found, _, stream, payload) = next(client).expect("the connection ended");
        if found == kind {
            return (stream, payload);
        }
    }
}

fn open(server: &Running) -> Client {
    let mut client = server.connect();
    client.say(PREFACE).say(frame(SETTINGS, 0, 0, &[])).say(frame(SETTINGS, 1, 0, &[]));
    client
}

#[test]
fn a_request_is_answered_with_prior_knowledge() {
    let server = Running::start(ServerConfig::default().loops(1), async |request| {
        let fields = request.headers();
        text(format!("{:?} {:?}", fields.get(HOST), fields.get_all(COOKIE).iter().collect::<Vec<_>>()))
    });
    let mut client = open(&server);
    client.say(get(1, &[(":authority", "a"), ("cookie", "b=1"), ("cookie", "c=2")]));
    let (stream, body) = wait_for(&mut client, DATA);
    assert_eq!(stream, 1);
    assert_eq!(String::from_utf8(body).unwrap(), r#"Some("a") ["b=1; c=2"]"#);
}

#[test]
fn the_preface_may_come_in_pieces() {
    let server = Running::echo(ServerConfig::default().loops(1));
    let mut client = server.connect();
    for byte in PREFACE {
        client.say([*byte]);
    }
    client.say(frame(SETTINGS, 0, 0, &[])).say(get(1, &[(":authority", "a")]));
    assert_eq!(wait_for(&mut client, DATA).1, b"http://a/");
}

#[test]
fn a_request_without_a_host_is_refused_and_the_connection_goes_on() {
    let server = Running::echo(ServerConfig::default().loops(1));
    let mut client = open(&server);
    client.say(get(1, &[]));
    assert_eq!(wait_for(&mut client, DATA).1, b"The request names no host.\n");
    client.say(get(3, &[(":authority", "a"), ("host", "b")]));
    assert_eq!(wait_for(&mut client, DATA).0, 3);
    client.say(get(5, &[(":authority", "a")]));
    assert_eq!(wait_for(&mut client, DATA), (5, b"http://a/".to_vec()));
}

#[test]
fn a_request_for_the_head_alone_is_answered_with_nothing_else() {
    let server = Running::echo(ServerConfig::default().loops(1));
    let mut client = open(&server);
    // `:method: HEAD` with the name by its index.
    let block = [&[2, 4], &b"HEAD"[..], &[0x86, 0x84], &field(":authority", "a")].concat();
    client.say(frame(HEADERS, END_STREAM | END_HEADERS, 1, &block));
    loop {
        let (kind, flags, ..) = next(&mut client).expect("the connection ended");
        assert_ne!(kind, DATA);
        if kind == HEADERS {
            assert_eq!(flags & END_STREAM, END_STREAM);
            break;
        }
    }
    client.say(get(3, &[(":authority", "a")]));
    assert_eq!(wait_for(&mut client, DATA), (3, b"http://a/".to_vec()));
}

#[test]
fn an_idle_connection_is_told_and_closed() {
    let server = Running::echo(ServerConfig::default().loops(1).keep_alive(Duration::from_millis(200)));
    let mut client = open(&server);
    client.say(get(1, &[(":authority", "a")]));
    wait_for(&mut client, DATA);
    wait_for(&mut client, GOAWAY);
    client.rest();
}

#[test]
fn a_connection_without_a_request_is_closed() {
    let server = Running::echo(ServerConfig::default().loops(1).head(Duration::from_millis(200)));
    open(&server).rest();
}

#[test]
fn a_stream_that_nobody_reads_is_reset_and_the_connection_goes_on() {
    let limit = Duration::from_millis(200);
    let server = Running::start(ServerConfig::default().loops(1).response(limit), async |request| {
        text(if request.headers().contains_key("long") { vec![b'x'; 1_000_000] } else { b"short".to_vec() })
    });
    let mut client = server.connect();
    // SETTINGS_INITIAL_WINDOW_SIZE = 0: the client reads frames and takes no data.
    client.say(PREFACE).say(frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]));
    client.say(get(1, &[(":authority", "a"), ("long", "1")]));
    assert_eq!(wait_for(&mut client, RST_STREAM).0, 1);
    client.say(frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 255, 255])).say(get(3, &[(":authority", "a")]));
    assert_eq!(wait_for(&mut client, DATA), (3, b"short".to_vec()));
}

#[test]
fn work_is_dropped_when_its_client_leaves() {
    let (tell, told) = mpsc::channel();
    let (called, was_called) = mpsc::channel();
    let server = Running::start(ServerConfig::default().loops(1), move |_| {
        let guard = Told(tell.clone());
        let _ = called.send(());
        async move {
            std::future::pending::<()>().await;
            drop(guard);
            text("")
        }
    });
    let mut client = open(&server);
    client.say(get(1, &[(":authority", "a")]));
    was_called.recv_timeout(EVENTUALLY).unwrap();
    drop(client);
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("dropped"));
}

#[test]
fn a_stop_lets_streams_finish() {
    let (release, released) = tokio::sync::watch::channel(false);
    let (tell, told) = mpsc::channel();
    let server = Running::start(ServerConfig::default().loops(1), move |_| {
        let _ = tell.send(());
        let mut released = released.clone();
        async move {
            released.wait_for(|released| *released).await.unwrap();
            text("done")
        }
    });
    let mut client = open(&server);
    client.say(get(1, &[(":authority", "a")]));
    told.recv_timeout(EVENTUALLY).unwrap();
    server.handle.shutdown();
    wait_for(&mut client, GOAWAY);
    release.send(true).unwrap();
    assert_eq!(wait_for(&mut client, DATA), (1, b"done".to_vec()));
    let report = server.join();
    assert_eq!((report.finished, report.cut), (1, 0));
}
