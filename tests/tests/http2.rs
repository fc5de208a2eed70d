//! HTTP/2 from a client that writes its frames by hand: what RFC 9113 asks of a server, and clients that mean it ill.
//!
//! The rules that h2spec goes through are gone through here too, in the order of the RFC. That program itself is written in Go
//! and comes with no package.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use support::http2::{
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, Ended, FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR, GOAWAY, HEADERS, Http2, PADDED, PING, PREFACE, PRIORITY, PROTOCOL_ERROR, PUSH_PROMISE,
    REFUSED_STREAM, RST_STREAM, SETTINGS, STREAM_CLOSED, WINDOW_UPDATE, block, field, frame, request,
    status_of,
};
use support::{App, EVENTUALLY};

mod support;

const WHOLE: u8 = END_STREAM | END_HEADERS;

fn get() -> Vec<u8> {
    request("GET", "/files/index", &[])
}

fn post() -> Vec<u8> {
    request("POST", "/body/coroutine", &[])
}

/// The application, looked at once it has been treated badly: it must answer others as if nothing had been.
struct Target(App);

impl Target {
    fn new() -> Self {
        Self(App::start(&["loops=1"]))
    }

    fn open(&self) -> Http2 {
        Http2::open(self.0.address())
    }

    fn is_well(&self) {
        assert_eq!(self.0.get("/files/index").text(), "index\n");
    }

    /// The memory of the process, in bytes, where the system tells.
    fn memory(&self) -> Option<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.process())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_ascii_whitespace().nth(1)?.parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
    }

    /// Sends what the number of the round says, until the server ends the connection; how many rounds that took.
    fn flood(&self, most: u32, round: impl Fn(u32) -> Vec<u8>) -> (u32, Ended) {
        let mut client = self.open();
        for number in 0..most {
            client.say(&round(number));
            if let Err(ended) = client.settle(number) {
                self.is_well();
                return (number + 1, ended);
            }
        }
        panic!("the server puts up with {most} rounds");
    }
}

/// The streams of a client, from the first one on.
fn stream(number: u32) -> u32 {
    2 * number + 1
}

// ---- the connection and its frames (sections 3 to 6)

#[test]
fn what_is_no_http_2_is_the_end_of_its_connection() {
    let target = Target::new();
    let settings = frame(SETTINGS, 0, 0, &[]);
    for (name, bytes) in [
        ("a preface with a fault", [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r", &settings[..]].concat()),
        ("another frame before the settings", [PREFACE, &frame(PING, 0, 0, &[0; 8])].concat()),
    ] {
        let mut client = Http2::silent(target.0.address());
        client.say(&bytes).half_close();
        assert_ne!(client.end(), Ended::Told(0), "{name}");
    }
    target.is_well();
}

/// What is sent on a connection that is well, and the number that it must end with. Where the RFC lets a server choose between
/// numbers, ours is written here.
#[test]
fn faults_of_the_connection_end_it_with_their_number() {
    let target = Target::new();
    let headers = |flags, stream, payload: &[u8]| frame(HEADERS, flags, stream, payload);
    let settings = |entry: &[u8]| frame(SETTINGS, 0, 0, entry);
    let cases: Vec<(&str, u32, Vec<u8>)> = vec![
        ("a frame over the limit", FRAME_SIZE_ERROR, frame(DATA, 0, 1, &[0; 16_385])),
        ("settings over the limit", FRAME_SIZE_ERROR, frame(SETTINGS, 0, 0, &[0; 16_386])),
        ("data on no stream", PROTOCOL_ERROR, frame(DATA, 0, 0, b"x")),
        ("data on a stream that was never opened", PROTOCOL_ERROR, frame(DATA, 0, 1, b"x")),
        ("a head on no stream", PROTOCOL_ERROR, headers(WHOLE, 0, &get())),
        ("a head on a stream of the server's", PROTOCOL_ERROR, headers(WHOLE, 2, &get())),
        (
            "a stream with a smaller number",
            PROTOCOL_ERROR,
            [headers(WHOLE, 5, &get()), headers(WHOLE, 3, &get())].concat(),
        ),
        ("more padding than frame", PROTOCOL_ERROR, headers(WHOLE | PADDED, 1, &[200, 0x82])),
        (
            "data with more padding than frame",
            PROTOCOL_ERROR,
            [headers(END_HEADERS, 1, &post()), frame(DATA, PADDED, 1, &[9, 0])].concat(),
        ),
        ("a reset of no stream", PROTOCOL_ERROR, frame(RST_STREAM, 0, 0, &[0; 4])),
        ("a reset of a stream that was never opened", PROTOCOL_ERROR, frame(RST_STREAM, 0, 1, &[0; 4])),
        ("a reset with three bytes", FRAME_SIZE_ERROR, frame(RST_STREAM, 0, 1, &[0; 3])),
        ("settings on a stream", PROTOCOL_ERROR, frame(SETTINGS, 0, 1, &[])),
        ("settings of five bytes", FRAME_SIZE_ERROR, settings(&[0; 5])),
        ("an acknowledgement with settings", FRAME_SIZE_ERROR, frame(SETTINGS, ACK, 0, &[0; 6])),
        ("a push that is neither on nor off", PROTOCOL_ERROR, settings(&[0, 2, 0, 0, 0, 2])),
        ("a window over the largest", FLOW_CONTROL_ERROR, settings(&[0, 4, 0x80, 0, 0, 0])),
        ("frames below the least", PROTOCOL_ERROR, settings(&[0, 5, 0, 0, 0x3f, 0xff])),
        ("frames above the most", PROTOCOL_ERROR, settings(&[0, 5, 1, 0, 0, 0])),
        ("a promise by a client", PROTOCOL_ERROR, frame(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2, 0x82])),
        ("a ping on a stream", PROTOCOL_ERROR, frame(PING, 0, 1, &[0; 8])),
        ("a ping of seven bytes", FRAME_SIZE_ERROR, frame(PING, 0, 0, &[0; 7])),
        ("a farewell on a stream", PROTOCOL_ERROR, frame(GOAWAY, 0, 1, &[0; 8])),
        ("no more room on the connection", PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 0, &[0; 4])),
        ("room in three bytes", FRAME_SIZE_ERROR, frame(WINDOW_UPDATE, 0, 0, &[0; 3])),
        ("too much room", FLOW_CONTROL_ERROR, frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff])),
        ("room on a stream that was never opened", PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1])),
        ("more of a head that never began", PROTOCOL_ERROR, frame(CONTINUATION, END_HEADERS, 1, &get())),
        (
            "more of a head that is whole",
            PROTOCOL_ERROR,
            [headers(WHOLE, 1, &get()), frame(CONTINUATION, END_HEADERS, 1, &get())].concat(),
        ),
        (
            "a ping inside of a head",
            PROTOCOL_ERROR,
            [headers(END_STREAM, 1, &get()), frame(PING, 0, 0, &[0; 8])].concat(),
        ),
        (
            "more of the head of another stream",
            PROTOCOL_ERROR,
            [headers(END_STREAM, 1, &get()), frame(CONTINUATION, END_HEADERS, 3, &[])].concat(),
        ),
        (
            "an unknown frame inside of a head",
            PROTOCOL_ERROR,
            [headers(END_STREAM, 1, &get()), frame(0xfa, 0, 1, &[])].concat(),
        ),
        ("a field that no table has", PROTOCOL_ERROR, headers(WHOLE, 1, &[0xff, 0xff, 0x7f])),
        ("a field with the number 0", PROTOCOL_ERROR, headers(WHOLE, 1, &[0x80])),
        ("a table over the limit", PROTOCOL_ERROR, headers(WHOLE, 1, &[0x3f, 0xff, 0xff, 0x7f])),
        // 0xff is padding of eight bits, which is one too many.
        (
            "padding that is too long",
            PROTOCOL_ERROR,
            headers(WHOLE, 1, &[&get()[..], &[0, 1, b'x', 0x81, 0xff]].concat()),
        ),
        ("a field that is cut off", PROTOCOL_ERROR, headers(WHOLE, 1, &[0x00, 0x05, b'x'])),
    ];
    let mut wrong = Vec::new();
    for (name, code, bytes) in cases {
        let mut client = target.open();
        client.say(&bytes);
        let ended = client.end();
        // A fault of the compression has a number of its own, which h2 does not use, nor those of a frame that it cannot read.
        let known = [code, PROTOCOL_ERROR];
        if !matches!(ended, Ended::Told(told) if known.contains(&told)) {
            wrong.push(format!("{name}: {ended:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    target.is_well();
}

#[test]
fn what_means_nothing_is_passed_over() {
    let target = Target::new();
    let mut client = target.open();
    client.send(0xfa, 0xff, 0, b"an unknown frame");
    client.send(0xfb, 0xff, 99, b"and one on a stream");
    client.send(SETTINGS, 0, 0, &[0xff, 0xff, 0, 0, 0, 1]);
    client.send(PING, 0xf0, 0, b"flags 12");
    let answer = client.until(|frame| frame.kind == PING).expect("a ping is answered");
    assert_eq!((answer.flags, &answer.payload[..]), (ACK, &b"flags 12"[..]));
    // An answer that was never asked for is not answered.
    client.send(PING, ACK, 0, b"an answ.");
    client.send(PRIORITY, 0, 77, &[0, 0, 0, 0, 255]);
    // Unknown flags of a request, padding, and a priority.
    let padded = [&[4, 0, 0, 0, 0, 16][..], &get(), &[0; 4]].concat();
    client.send(HEADERS, WHOLE | PADDED | 0x20 | 0xc0, 1, &padded);
    assert_eq!(client.status(1), 200);
    assert_eq!(client.body(1), b"index\n");
}

#[test]
fn a_head_in_pieces_is_put_together() {
    let target = Target::new();
    let mut client = target.open();
    let head = get();
    client.send(HEADERS, END_STREAM, 1, &head[..3]);
    for byte in &head[3..] {
        client.send(CONTINUATION, 0, 1, &[*byte]);
    }
    // There is an end to this, see below.
    client.send(CONTINUATION, END_HEADERS, 1, &[]);
    assert!(matches!(client.settle(1), Ok(()) | Err(Ended::Told(ENHANCE_YOUR_CALM))));
    let mut client = target.open();
    client.send(HEADERS, END_STREAM, 1, &head[..3]).send(CONTINUATION, 0, 1, &head[3..9]);
    client.send(CONTINUATION, END_HEADERS, 1, &head[9..]);
    assert_eq!(client.status(1), 200);
}

// ---- streams (sections 5 and 8)

/// What comes back on the stream 1: the number of a reset, or the status.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Reset(u32),
    Status(u16),
}

#[test]
fn requests_that_are_none_are_reset_or_refused() {
    use Answer::{Reset, Status};
    let target = Target::new();
    let plain: [(&str, &str); 4] =
        [(":method", "GET"), (":scheme", "http"), (":path", "/files/index"), (":authority", "example.com")];
    let with = |fields: &[(&str, &str)]| block(&[&plain, fields].concat());
    let without =
        |name: &str| block(&plain.iter().copied().filter(|(key, _)| *key != name).collect::<Vec<_>>());
    let cases = [
        ("a name in capitals", Reset(PROTOCOL_ERROR), with(&[("X-Test", "y")])),
        ("an unknown name with a colon", Reset(PROTOCOL_ERROR), with(&[(":test", "y")])),
        ("a name of answers", Reset(PROTOCOL_ERROR), with(&[(":status", "200")])),
        (
            "such a name behind a plain one",
            Reset(PROTOCOL_ERROR),
            block(&[plain[0], plain[1], plain[3], ("x", "y"), plain[2]]),
        ),
        ("no method", Reset(PROTOCOL_ERROR), without(":method")),
        ("no scheme", Reset(PROTOCOL_ERROR), without(":scheme")),
        ("no path", Reset(PROTOCOL_ERROR), without(":path")),
        ("an empty path", Reset(PROTOCOL_ERROR), block(&[plain[0], plain[1], (":path", ""), plain[3]])),
        ("two methods", Reset(PROTOCOL_ERROR), with(&[(":method", "GET")])),
        ("two schemes", Reset(PROTOCOL_ERROR), with(&[(":scheme", "http")])),
        ("two paths", Reset(PROTOCOL_ERROR), with(&[(":path", "/")])),
        ("two authorities", Reset(PROTOCOL_ERROR), with(&[(":authority", "example.com")])),
        ("a field of the connection", Reset(PROTOCOL_ERROR), with(&[("connection", "close")])),
        ("a keep-alive", Reset(PROTOCOL_ERROR), with(&[("keep-alive", "1")])),
        ("an upgrade", Reset(PROTOCOL_ERROR), with(&[("upgrade", "websocket")])),
        ("a transfer coding", Reset(PROTOCOL_ERROR), with(&[("transfer-encoding", "chunked")])),
        ("te with more than trailers", Reset(PROTOCOL_ERROR), with(&[("te", "trailers, deflate")])),
        ("a line break in a value", Reset(PROTOCOL_ERROR), with(&[("x", "a\r\nb: c")])),
        ("a null in a value", Reset(PROTOCOL_ERROR), with(&[("x", "a\0b")])),
        ("a blank in a name", Reset(PROTOCOL_ERROR), with(&[("x y", "a")])),
        ("te with trailers", Status(200), with(&[("te", "trailers")])),
        ("no host at all", Status(400), without(":authority")),
        (
            "a host and no authority",
            Status(200),
            block(&[plain[0], plain[1], plain[2], ("host", "example.com")]),
        ),
        ("the same host twice", Status(200), with(&[("host", "example.com")])),
        ("another host", Status(400), with(&[("host", "example.org")])),
        ("two hosts", Status(400), with(&[("host", "example.com"), ("host", "example.com")])),
        (
            "an authority with a user",
            Status(400),
            block(&[plain[0], plain[1], plain[2], (":authority", "user@example.com")]),
        ),
        (
            "an authority that is none",
            Reset(PROTOCOL_ERROR),
            block(&[plain[0], plain[1], plain[2], (":authority", "a b")]),
        ),
        ("a tunnel", Status(501), block(&[(":method", "CONNECT"), (":authority", "example.com:443")])),
        (
            "a tunnel with a path",
            Reset(PROTOCOL_ERROR),
            block(&[(":method", "CONNECT"), plain[1], plain[2], plain[3]]),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, wanted, head) in cases {
        let mut client = target.open();
        client.send(HEADERS, WHOLE, 1, &head);
        let answer = match client.until(|frame| matches!(frame.kind, HEADERS | RST_STREAM)) {
            Ok(answer) if answer.kind == HEADERS => Status(status_of(&answer.payload)),
            Ok(answer) => Reset(answer.code()),
            // A server may take a fault of a stream for one of the connection (RFC 9113 section 5.4.2).
            Err(Ended::Told(code)) => {
                if wanted != Reset(code) {
                    wrong.push(format!("{name}: the connection ended with {code}"));
                }
                continue;
            }
            Err(Ended::Silently) => panic!("{name}: the connection ended"),
        };
        if answer != wanted {
            wrong.push(format!("{name}: {answer:?}"));
        }
        client.ask(3, "/files/index", &[]);
        assert_eq!(client.status(3), 200, "after {name}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn faults_of_a_stream_that_is_open_reset_it() {
    let target = Target::new();
    let head = |fields: &[(&str, &str)]| request("POST", "/body/coroutine", fields);
    let trailers = |flags, fields: &[(&str, &str)]| {
        [frame(HEADERS, END_HEADERS, 1, &head(&[])), frame(HEADERS, flags, 1, &block(fields))].concat()
    };
    let cases = [
        (
            "less than was announced",
            PROTOCOL_ERROR,
            [
                frame(HEADERS, END_HEADERS, 1, &head(&[("content-length", "5")])),
                frame(DATA, END_STREAM, 1, b"four"),
            ]
            .concat(),
        ),
        (
            "more than was announced",
            PROTOCOL_ERROR,
            [frame(HEADERS, END_HEADERS, 1, &head(&[("content-length", "1")])), frame(DATA, 0, 1, b"two")]
                .concat(),
        ),
        (
            "nothing where something was announced",
            PROTOCOL_ERROR,
            frame(HEADERS, WHOLE, 1, &head(&[("content-length", "5")])),
        ),
        (
            "a length that is none",
            PROTOCOL_ERROR,
            [
                frame(HEADERS, END_HEADERS, 1, &head(&[("content-length", "+4")])),
                frame(DATA, END_STREAM, 1, b"four"),
            ]
            .concat(),
        ),
        ("trailers that are not the end", PROTOCOL_ERROR, trailers(END_HEADERS, &[("x", "y")])),
        (
            "no more room",
            PROTOCOL_ERROR,
            [frame(HEADERS, END_HEADERS, 1, &head(&[])), frame(WINDOW_UPDATE, 0, 1, &[0; 4])].concat(),
        ),
        (
            "too much room",
            FLOW_CONTROL_ERROR,
            [
                frame(HEADERS, END_HEADERS, 1, &head(&[])),
                frame(WINDOW_UPDATE, 0, 1, &[0x7f, 0xff, 0xff, 0xff]),
            ]
            .concat(),
        ),
        (
            "a stream that depends on itself",
            PROTOCOL_ERROR,
            [frame(HEADERS, END_HEADERS, 1, &head(&[])), frame(PRIORITY, 0, 1, &[0, 0, 0, 1, 0])].concat(),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, code, bytes) in cases {
        let mut client = target.open();
        client.say(&bytes);
        // A server may take a fault of a stream for one of the connection (RFC 9113 section 5.4.2).
        match client.until(|frame| frame.kind == RST_STREAM) {
            Ok(reset) => {
                if (reset.stream, reset.code()) != (1, code) {
                    wrong.push(format!("{name}: {reset:?}"));
                }
                client.ask(3, "/files/index", &[]);
                assert_eq!(client.status(3), 200, "after {name}");
            }
            Err(ended) if ended != Ended::Told(code) => wrong.push(format!("{name}: {ended:?}")),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    target.is_well();
}

#[test]
fn what_comes_after_the_end_of_a_stream_is_no_part_of_anything() {
    let target = Target::new();
    for kind in [DATA, HEADERS] {
        let mut client = target.open();
        client.ask(1, "/linger/never", &[]);
        client.send(kind, WHOLE, 1, if kind == DATA { b"x" } else { &[0x82] });
        match client.until(|frame| frame.kind == RST_STREAM) {
            Ok(reset) => assert_eq!((reset.stream, reset.code()), (1, STREAM_CLOSED)),
            Err(ended) => assert!(matches!(ended, Ended::Told(STREAM_CLOSED | PROTOCOL_ERROR)), "{ended:?}"),
        }
    }
    target.is_well();
}

#[test]
fn names_with_a_colon_in_trailers_reach_nobody() {
    let target = Target::new();
    let mut client = target.open();
    client.send(HEADERS, END_HEADERS, 1, &post()).send(DATA, 0, 1, b"body");
    client.send(HEADERS, WHOLE, 1, &block(&[(":path", "/panic/plain"), (":method", "DELETE")]));
    assert_eq!(client.status(1), 200);
    assert_eq!(client.body(1), b"4 430");
}

#[test]
fn cookies_that_were_sent_in_crumbs_are_one() {
    let target = Target::new();
    let mut client = target.open();
    client.ask(1, "/headers", &[("cookie", "a=1"), ("cookie", "b=2; c=3"), ("cookie", "d=4")]);
    assert_eq!(client.status(1), 200);
    let headers: serde_json::Value = serde_json::from_slice(&client.body(1)).expect("JSON");
    assert_eq!(headers["cookie"], "a=1; b=2; c=3; d=4");
}

#[test]
fn nothing_is_sent_for_which_there_is_no_room() {
    let target = Target::new();
    // Three bytes, then the rest.
    let mut client = Http2::open_with(target.0.address(), &[(4, 3)]);
    client.ask(1, "/files/index", &[]);
    let piece = client.until(|frame| frame.kind == DATA).expect("the first bytes");
    assert_eq!(piece.payload, b"ind");
    client.send(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 1]);
    let piece = client.until(|frame| frame.kind == DATA).expect("one more");
    assert_eq!(piece.payload, b"e");
    // Room for all streams together; and less than none, when the window is made smaller.
    client.send(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]).send(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 4]);
    let piece = client.until(|frame| frame.kind == DATA).expect("what there is room for");
    assert_eq!(piece.payload, b"x");
    client.send(WINDOW_UPDATE, 0, 1, &[0, 0, 0, 9]);
    assert_eq!(client.body(1), b"\n");
}

#[test]
fn streams_beyond_the_limit_are_refused() {
    let app = App::start(&["loops=1", "max_streams=3"]);
    let mut client = Http2::open(app.address());
    for number in 0..3 {
        client.ask(stream(number), "/linger/gate", &[]);
    }
    client.ask(stream(3), "/files/index", &[]);
    let refused = client.until(|frame| frame.kind == RST_STREAM).expect("a reset");
    assert_eq!((refused.stream, refused.code()), (7, REFUSED_STREAM));
    app.open("gate");
    let mut answered = BTreeSet::new();
    while answered.len() < 3 {
        answered.insert(client.until(|frame| frame.kind == HEADERS).expect("an answer").stream);
    }
    assert_eq!(answered, [1, 3, 5].into());
}

// ---- clients that mean it ill (section 10.5)

#[test]
fn requests_that_are_taken_back_at_once_come_to_an_end() {
    let target = Target::new();
    let (rounds, ended) = target.flood(300, |round| {
        let pair = |number| {
            let stream = stream(round * 100 + number);
            let head = request("GET", "/linger/never", &[]);
            [frame(HEADERS, WHOLE, stream, &head), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
        };
        (0..100).flat_map(pair).collect()
    });
    assert_eq!(ended, Ended::Told(ENHANCE_YOUR_CALM));
    // 2,000 at once, and those that came back while they were sent.
    assert!(rounds < 100, "{rounds} times a hundred");
}

#[test]
fn faults_that_make_the_server_reset_streams_come_to_an_end() {
    let target = Target::new();
    let room: fn(u32) -> Vec<u8> = |stream| frame(WINDOW_UPDATE, 0, stream, &[0; 4]);
    let priority: fn(u32) -> Vec<u8> =
        |stream| frame(PRIORITY, 0, stream, &[&stream.to_be_bytes()[..], &[0]].concat());
    let trailers: fn(u32) -> Vec<u8> = |stream| frame(HEADERS, END_HEADERS, stream, &field("x", "y"));
    let overflow: fn(u32) -> Vec<u8> = |stream| frame(WINDOW_UPDATE, 0, stream, &[0x7f, 0xff, 0xff, 0xff]);
    let late: fn(u32) -> Vec<u8> =
        |stream| [frame(DATA, END_STREAM, stream, b"x"), frame(DATA, 0, stream, b"x")].concat();
    for (name, fault) in [
        ("room", room),
        ("priority", priority),
        ("trailers", trailers),
        ("overflow", overflow),
        ("late", late),
    ] {
        let (rounds, ended) = target.flood(2000, |round| {
            let head = request("POST", "/body/coroutine", &[]);
            [frame(HEADERS, END_HEADERS, stream(round), &head), fault(stream(round))].concat()
        });
        assert!(matches!(ended, Ended::Told(_)), "{name}: {ended:?}");
        assert!(rounds <= 500, "{name}: {rounds}");
    }
}

#[test]
fn a_head_without_end_comes_to_an_end_and_costs_no_memory() {
    let target = Target::new();
    let before = target.memory();
    // Each field is over the limit of all by itself, or there are many, or none at all.
    let large = field("x", &"y".repeat(16_000));
    let small = field("x", "y").repeat(1000);
    for piece in [&large[..], &small, &[]] {
        let mut client = target.open();
        client.send(HEADERS, END_STREAM, 1, &get());
        let piece = frame(CONTINUATION, 0, 1, piece).repeat(if piece.is_empty() { 1000 } else { 1 });
        // The kernel takes some megabytes that nobody will read.
        let taken = (0..4096).take_while(|_| client.try_say(&piece)).count();
        assert!(taken < 4096, "the server reads {} MB of one head", taken * piece.len() / 1_000_000);
        assert!(!matches!(client.end(), Ended::Told(0)));
    }
    target.is_well();
    if let (Some(before), Some(after)) = (before, target.memory()) {
        assert!(after < before + 16 * 1024 * 1024, "{before} bytes became {after}");
    }
}

#[test]
fn frames_that_ask_for_nothing_come_to_an_end() {
    let target = Target::new();
    let settings = [0, 4, 0, 0, 0xff, 0xff].repeat(100);
    for (name, most, each) in [
        ("pings", 100, frame(PING, 0, 0, &[0; 8])),
        ("answers to no ping", 100, frame(PING, ACK, 0, &[0; 8])),
        ("settings", 100, frame(SETTINGS, 0, 0, &[])),
        ("long settings", 20, frame(SETTINGS, 0, 0, &settings)),
        ("priorities", 100, frame(PRIORITY, 0, 1, &[0, 0, 0, 0, 1])),
        ("unknown frames", 100, frame(0xfa, 0, 0, b"nothing")),
    ] {
        let (rounds, ended) = target.flood(1000, |_| each.repeat(100));
        assert_eq!(ended, Ended::Told(ENHANCE_YOUR_CALM), "{name}");
        assert!(rounds < most, "{name}: {rounds} times a hundred");
    }
    // Cheaper ones: room for what nobody has asked for.
    let (rounds, ended) = target.flood(1000, |_| frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]).repeat(1000));
    assert_eq!(ended, Ended::Told(ENHANCE_YOUR_CALM));
    assert!(rounds < 500, "{rounds} thousand");
}

#[test]
fn data_that_is_none_comes_to_an_end() {
    let target = Target::new();
    for (name, empty) in [
        ("empty", frame(DATA, 0, 1, &[])),
        ("only padding", frame(DATA, PADDED, 1, &[&[100], &[0; 100][..]].concat())),
    ] {
        let (rounds, ended) = target.flood(1000, |round| {
            let head = request("POST", "/body/coroutine", &[]);
            let head = if round == 0 { frame(HEADERS, END_HEADERS, 1, &head) } else { Vec::new() };
            [head, empty.repeat(100)].concat()
        });
        assert_eq!(ended, Ended::Told(ENHANCE_YOUR_CALM), "{name}");
        assert!(rounds < 100, "{name}: {rounds} times a hundred");
    }
}

#[test]
fn a_few_bytes_that_stand_for_many_fields_are_refused() {
    let target = Target::new();
    let before = target.memory();
    let mut client = target.open();
    // A field of 4,000 bytes into the table (RFC 7541 section 6.2.1), and then a byte for each time that it is meant.
    let mut large = field("x-large", &"y".repeat(4000));
    large[0] = 0x40;
    client.send(HEADERS, WHOLE, 1, &[&get()[..], &large].concat());
    assert_eq!(client.status(1), 200);
    for round in 1..50 {
        client.send(HEADERS, WHOLE, stream(round), &[&get()[..], &[0xbe; 12_000]].concat());
        match client.settle(round) {
            Ok(()) => {}
            Err(Ended::Told(ENHANCE_YOUR_CALM)) => break,
            Err(ended) => panic!("{ended:?}"),
        }
    }
    // Within the limit of bytes, but over that of fields, and crumbs of cookies are fields.
    for fields in [vec![("x", "y"); 101], vec![("cookie", "a=1"); 101]] {
        let mut client = target.open();
        client.ask(1, "/files/index", &fields);
        assert_eq!(client.status(1), 431);
        client.ask(3, "/files/index", &[]);
        assert_eq!(client.status(3), 200);
    }
    // Over the limit of bytes.
    let long = "y".repeat(16_000);
    let mut client = target.open();
    client.ask(1, "/files/index", &[("x", &long), ("y", "z")]);
    client.ask(1, "/files/index", &[("x", &long[..15_000]), ("y", &long[..2000])]);
    target.is_well();
    if let (Some(before), Some(after)) = (before, target.memory()) {
        assert!(after < before + 16 * 1024 * 1024, "{before} bytes became {after}");
    }
}

#[test]
fn an_answer_that_is_not_taken_is_given_up_and_the_others_are_not() {
    let app = App::start(&["loops=1", "response_timeout=0.5"]);
    let mut client = Http2::open_with(app.address(), &[(4, 0)]);
    for number in 0..100 {
        client.ask(stream(number), "/files/index", &[]);
    }
    let mut reset = BTreeSet::new();
    while reset.len() < 100 {
        reset.insert(client.until(|frame| frame.kind == RST_STREAM).expect("a reset").stream);
    }
    client.send(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff]).ask(stream(100), "/files/index", &[]);
    assert_eq!(client.body(stream(100)), b"index\n");
}

#[test]
fn a_body_that_does_not_arrive_is_given_up_and_the_others_are_not() {
    let app = App::start(&["loops=1", "body_patience=0.5", "body_rate=1000"]);
    let mut client = Http2::open(app.address());
    for stream in [1, 3] {
        client.send(HEADERS, END_HEADERS, stream, &post());
        client.send(DATA, 0, stream, b"only this");
    }
    // A plain view's body is read before it is called, and the third is quicker than the two.
    client.send(HEADERS, END_HEADERS, 5, &request("POST", "/body", &[]));
    client.send(DATA, 0, 5, &[b'x'; 2000]);
    let mut reset = BTreeSet::new();
    while reset.len() < 2 {
        reset.insert(client.until(|frame| frame.kind == RST_STREAM).expect("a reset").stream);
        client.send(DATA, 0, 5, &[b'x'; 2000]);
    }
    assert_eq!(reset, [1, 3].into());
    client.send(DATA, END_STREAM, 5, &[]);
    assert_eq!(client.status(5), 200);
}

#[test]
fn a_client_that_reads_nothing_at_all_is_cut() {
    let app = App::start(&["loops=1", "response_timeout=0.5"]);
    // Room for everything, but no byte of it is taken from the socket.
    let mut client = Http2::open_with(app.address(), &[(4, 0x7fff_ffff)]);
    client.send(WINDOW_UPDATE, 0, 0, &[0x7f, 0, 0, 0]);
    for number in 0..60 {
        client.ask(stream(number), "/zeros/1000000", &[]);
    }
    let deadline = Instant::now() + EVENTUALLY;
    while client.try_say(&frame(PING, 0, 0, &[0; 8])) {
        assert!(Instant::now() < deadline, "the server waits for ever");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(app.get("/files/index").text(), "index\n");
}

#[test]
fn a_client_that_makes_room_for_every_piece_is_let_be() {
    const LENGTH: usize = 1_000_000;
    let target = Target::new();
    let mut client = Http2::open_with(target.0.address(), &[(4, 256)]);
    client.ask(1, "/zeros/1000000", &[]);
    let mut got = 0;
    while got < LENGTH {
        let piece = client.until(|frame| frame.kind == DATA).expect("more of the answer");
        let length = u32::try_from(piece.payload.len()).expect("a short piece");
        got += piece.payload.len();
        for stream in [0, 1] {
            client.send(WINDOW_UPDATE, 0, stream, &length.to_be_bytes());
        }
    }
    assert_eq!(got, LENGTH);
}
