//! Requests about whose end two servers in a row could disagree: none is served, and nothing that follows one is.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use support::{App, Client, EVENTUALLY};

mod support;

/// The statuses, names and bytes.
fn refused() -> Vec<(u16, &'static str, Vec<u8>)> {
    let text = include_str!("../requests/refused.txt");
    let mut all = Vec::new();
    for entry in text.split("\n== ").skip(1) {
        let (title, lines) = entry.split_once('\n').expect("a title and a request");
        let (status, name) = title.split_once(' ').expect("a status and a name");
        let lines: String = lines.lines().collect();
        all.push((status.parse().expect("a status"), name, bytes(&repeated(&lines))));
    }
    all
}

/// `{TEXT*NUMBER}` is the text so many times.
fn repeated(text: &str) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}').expect("the other brace");
        let (text, times) = inside.rsplit_once('*').expect("a text and a number");
        whole.push_str(before);
        whole.push_str(&text.repeat(times.parse().expect("a number")));
        rest = after;
    }
    whole + rest
}

fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        let (byte, length) = match after.as_bytes()[0] {
            b'r' => (b'\r', 1),
            b'n' => (b'\n', 1),
            b't' => (b'\t', 1),
            b'0' => (0, 1),
            b'x' => (u8::from_str_radix(&after[1..3], 16).expect("two digits"), 3),
            other => panic!("no escape: {other}"),
        };
        bytes.push(byte);
        rest = &after[length..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

/// Everything that comes back for these pieces. What the server does not take any more is lost, and a reset is an end.
fn heard<'a>(address: SocketAddr, pieces: impl Iterator<Item = &'a [u8]>) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(EVENTUALLY)).expect("a time-out");
    stream.set_nodelay(true).expect("no delay");
    for piece in pieces {
        if stream.write_all(piece).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut heard = Vec::new();
    match stream.read_to_end(&mut heard) {
        Err(error) if error.kind() != ErrorKind::ConnectionReset => panic!("no end: {error}"),
        _ => String::from_utf8_lossy(&heard).into_owned(),
    }
}

#[test]
fn what_is_ambiguous_is_refused_and_the_connection_closed() {
    const NEXT: &[u8] = b"GET /open/smuggled HTTP/1.1\r\nhost: a\r\n\r\n";
    let app = App::start(&["development=false"]);
    let mut wrong = Vec::new();
    for (status, name, request) in refused() {
        // Whole, byte by byte, and in pieces that are cut elsewhere.
        for size in [usize::MAX, 1, 7] {
            if size < 7 && request.len() > 5000 {
                continue;
            }
            let whole = [&request[..], NEXT].concat();
            let heard = heard(app.address(), whole.chunks(size.min(whole.len())));
            let answers: Vec<&str> = heard.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
            if answers != [status.to_string()] {
                wrong.push(format!("{name}, in pieces of {size}: {status} is wanted, and got {answers:?}"));
            }
        }
        if app.events().iter().any(|event| event.contains("smuggled")) {
            wrong.push(format!("{name}: what followed it was served"));
            break;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_unusual_and_clear_is_served() {
    let app = App::start(&[]);
    for (name, request, served) in [
        (
            "empty lines in front",
            "\r\n\r\nPOST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi",
            "2 209",
        ),
        (
            "blanks around values",
            "POST /body HTTP/1.1\r\nhost:a\r\ncontent-length: \t 2 \t\r\n\r\nhi",
            "2 209",
        ),
        (
            "extensions and trailers",
            "POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: Chunked\r\n\r\n\
             00001;a=\"b\t;\"\r\nh\r\n1 ;x\r\ni\r\n0;y\r\nz: 1\r\n\r\n",
            "2 209",
        ),
        ("a mark in a field", "GET /files/a HTTP/1.1\r\nhost: a\r\nreferer: /#b\r\n\r\n", "a\n"),
        ("a mark that is escaped", "GET /files/%23 HTTP/1.1\r\nhost: a\r\n\r\n", "#\n"),
        ("bytes beyond ASCII in a value", "GET /files/a HTTP/1.1\r\nhost: a\r\nx: \u{e9}\r\n\r\n", "a\n"),
    ] {
        for size in [usize::MAX, 1] {
            let mut client = app.connect();
            for _ in 0..2 {
                for piece in request.as_bytes().chunks(size.min(request.len())) {
                    client.say(piece);
                }
                let reply = client.reply();
                assert_eq!((reply.status, reply.text()), (200, served), "{name}");
            }
        }
    }
}

#[test]
fn a_client_that_offers_an_upgrade_goes_on_where_there_is_none() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for _ in 0..3 {
        let fields = ["connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABk"];
        assert_eq!(client.ask("GET", "/files/index", &fields, b"").reply().text(), "index\n");
        assert_eq!(client.ask("POST", "/body", &fields, b"hi").reply().text(), "2 209");
        assert_eq!(client.get("/files/index").text(), "index\n");
    }
}

/// A packet of uwsgi with these variables.
fn packet(variables: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for text in variables.iter().flat_map(|(name, value)| [name, value]) {
        block.extend(u16::try_from(text.len()).expect("a short text").to_le_bytes());
        block.extend(text.as_bytes());
    }
    let [low, high] = u16::try_from(block.len()).expect("a short block").to_le_bytes();
    [&[0, low, high, 0], &block[..]].concat()
}

#[test]
fn the_like_over_uwsgi_is_refused_too_and_a_connection_has_one_request() {
    let app = App::start(&["uwsgi_socket=127.0.0.1:0"]);
    let line = app.logged("listening at uwsgi://");
    let address: SocketAddr =
        line.rsplit_once("uwsgi://").expect("it was found").1.parse().expect("an address");
    let plain = [
        ("REQUEST_METHOD", "POST"),
        ("REQUEST_URI", "/body"),
        ("PATH_INFO", "/body"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("HTTP_HOST", "a"),
    ];
    let next = packet(&[("REQUEST_METHOD", "GET"), ("PATH_INFO", "/open/smuggled"), ("HTTP_HOST", "a")]);
    let smuggled = "GET /open/smuggled HTTP/1.1\r\nhost: a\r\n\r\n";
    for (status, name, variables, body) in [
        (200, "two packets", &[("CONTENT_LENGTH", "2")][..], "hi"),
        (400, "two lengths", &[("CONTENT_LENGTH", "0"), ("CONTENT_LENGTH", "44")], smuggled),
        (400, "a list of lengths", &[("CONTENT_LENGTH", "3, 5")], smuggled),
        (400, "a length with a sign", &[("CONTENT_LENGTH", "+5")], "hello"),
        (400, "a negative length", &[("CONTENT_LENGTH", "-5")], "hello"),
        (400, "a length over the largest number", &[("CONTENT_LENGTH", "18446744073709551617")], "x"),
        (400, "a length of the client's alone", &[("HTTP_CONTENT_LENGTH", "5")], "hello"),
        (501, "a coding applied twice", &[("HTTP_TRANSFER_ENCODING", "chunked, chunked")], "0\r\n\r\n"),
        (400, "another coding", &[("HTTP_TRANSFER_ENCODING", "gzip")], "x"),
        (400, "a chunk that is none", &[("HTTP_TRANSFER_ENCODING", "chunked")], "x\r\n\r\n"),
        (400, "a line break in a value", &[("HTTP_X", "a\r\nContent-Length: 5")], "hello"),
        (400, "a null in a value", &[("HTTP_X", "a\0b")], ""),
        (400, "a name with a line break", &[("HTTP_X\r\nY", "a")], ""),
        (400, "a name with a blank", &[("HTTP_X ", "a")], ""),
        (400, "two hosts", &[("HTTP_HOST", "b")], ""),
        (400, "a blank in the path", &[("REQUEST_URI", "/body HTTP/1.1\r\nx: y")], ""),
        (400, "a method that is none", &[("REQUEST_METHOD", "GET /open/smuggled HTTP/1.1\r\n")], ""),
    ] {
        let request = packet(&[&plain, variables].concat());
        let whole = [&request, body.as_bytes(), &next].concat();
        for size in [usize::MAX, 1] {
            let heard = heard(address, whole.chunks(size.min(whole.len())));
            assert!(heard.starts_with(&format!("HTTP/1.1 {status} ")), "{name}: {heard}");
            assert_eq!(heard.matches("HTTP/1.1 ").count(), 1, "{name}: {heard}");
        }
        assert_eq!(app.events(), [""; 0], "{name}");
    }
    drop(Client::connect(address));
}
