//! Sockets, opened by real clients over real connections.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use support::{App, Client, EVENTUALLY};

mod support;

const SOCKETS: &str = env!("CARGO_BIN_EXE_socket-app");

/// What a client says when it opens a socket; the key is that of RFC 6455 section 1.3.
const OPENING: [&str; 4] = [
    "upgrade: websocket",
    "connection: Upgrade",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
];

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn start(settings: &[&str]) -> App {
    App::of(SOCKETS, settings)
}

/// Runs a conversation.
fn converse<T>(conversation: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event loop");
    runtime.block_on(async {
        tokio::time::timeout(EVENTUALLY, conversation).await.expect("the conversation ends in time")
    })
}

async fn try_open(app: &App, target: &str, fields: &[(&'static str, &str)]) -> tungstenite::Result<Socket> {
    let mut request = format!("ws://{}{target}", app.address()).into_client_request().expect("a target");
    for (name, value) in fields {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    let config = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
    tokio_tungstenite::connect_async_with_config(request, Some(config), true).await.map(|(socket, _)| socket)
}

async fn open(app: &App, target: &str) -> Socket {
    try_open(app, target, &[]).await.expect("an open socket")
}

/// The status with which a handshake is refused.
async fn refused(app: &App, target: &str, fields: &[(&'static str, &str)]) -> u16 {
    match try_open(app, target, fields).await {
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        other => panic!("not refused: {other:?}"),
    }
}

async fn said(socket: &mut Socket) -> String {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
        other => panic!("no text, but {other:?}"),
    }
}

/// Reads until the server closes, and gives code and reason; 1006 for an end without a close frame.
async fn closed(socket: &mut Socket) -> (u16, String) {
    let mut told = (1006, String::new());
    while let Some(next) = socket.next().await {
        match next {
            Ok(Message::Close(Some(frame))) => told = (frame.code.into(), frame.reason.as_str().to_owned()),
            Ok(Message::Close(None)) => told.0 = 1005,
            Ok(_) => {}
            Err(_) => break,
        }
    }
    told
}

#[test]
fn a_function_sees_the_segments_and_the_request_of_its_handshake() {
    let app = start(&[]);
    converse(async {
        let mut socket = try_open(&app, "/seen/7/word", &[("user-agent", "test")]).await.expect("open");
        assert_eq!(said(&mut socket).await, "7 word /seen/7/word test");
        assert_eq!(closed(&mut socket).await, (1000, String::new()));
        let mut mapped = open(&app, "/mapped/x").await;
        assert_eq!(said(&mut mapped).await, "x");
        let mut by_hand = open(&app, "/by-hand").await;
        assert_eq!(said(&mut by_hand).await, "by hand");
    });
}

#[test]
fn a_struct_has_its_fields_from_the_handshake_and_its_methods_are_called() {
    let app = start(&[]);
    converse(async {
        let mut socket = open(&app, "/talk/Ann?before=back").await;
        assert_eq!(said(&mut socket).await, "welcome Ann back");
        socket.send(Message::text("hello")).await.unwrap();
        assert_eq!(said(&mut socket).await, "hello");
        socket.close(None).await.unwrap();
        closed(&mut socket).await;
    });
    app.logged("Ann closed with 0");
}

#[test]
fn a_plain_method_runs_in_a_thread_of_the_pool_and_a_coroutine_on_the_event_loop() {
    let app = start(&[]);
    converse(async {
        let mut socket = open(&app, "/blocking/Bob").await;
        let opened = said(&mut socket).await;
        assert!(opened.starts_with("Bob in aio-"), "{opened}");
        socket.send(Message::text("x")).await.unwrap();
        let answered = said(&mut socket).await;
        assert!(answered.starts_with("x in aiopyramid-loop"), "{answered}");
        let frame = tungstenite::protocol::CloseFrame { code: 4002.into(), reason: "".into() };
        socket.close(Some(frame)).await.unwrap();
        assert_eq!(closed(&mut socket).await.0, 4002);
    });
    assert!(app.logged("Bob closed with 4002").contains("in aio-"));
}

#[test]
fn a_socket_is_found_by_its_context() {
    let app = start(&[]);
    converse(async {
        let mut socket = open(&app, "/tables/chat/a/b").await;
        assert_eq!(said(&mut socket).await, "4 seats, a/b");
        assert_eq!(refused(&app, "/chairs/chat", &[]).await, 404);
    });
}

#[test]
fn messages_come_back_as_they_were_sent() {
    let app = start(&[]);
    converse(async {
        let mut socket = open(&app, "/echo").await;
        let messages = [
            Message::text("hällo"),
            Message::text(""),
            Message::binary(vec![]),
            Message::binary(vec![0, 255, 1]),
            Message::text("x".repeat(70_000)),
            Message::binary(vec![7; 1 << 20]),
        ];
        for message in messages {
            socket.send(message.clone()).await.unwrap();
            assert!(socket.next().await.unwrap().unwrap() == message);
        }
        socket.send(Message::Ping("are you there".into())).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::Pong("are you there".into()));
    });
}

#[test]
fn a_thousand_messages_at_once_come_back_in_order() {
    let app = start(&[]);
    converse(async {
        let socket = open(&app, "/echo").await;
        let (mut sender, mut receiver) = socket.split();
        let sending = async {
            for number in 0..1000 {
                sender.feed(Message::text(number.to_string())).await.unwrap();
            }
            sender.flush().await.unwrap();
        };
        let receiving = async {
            for number in 0..1000 {
                let message = receiver.next().await.unwrap().unwrap();
                assert_eq!(message, Message::text(number.to_string()));
            }
        };
        tokio::join!(sending, receiving);
    });
}

#[test]
fn typed_messages_are_read_and_what_is_none_closes_the_socket_with_1007() {
    let app = start(&[]);
    converse(async {
        let mut socket = open(&app, "/sums?40").await;
        socket.send(Message::text("[1, 1]")).await.unwrap();
        assert_eq!(said(&mut socket).await, "42");
        socket.send(Message::text("[1, ")).await.unwrap();
        let (code, reason) = closed(&mut socket).await;
        assert_eq!(code, 1007);
        assert!(reason.starts_with("the JSON cannot be read"), "{reason}");
    });
}

#[test]
fn the_way_a_view_ends_is_the_code_that_the_client_gets() {
    let app = start(&[]);
    converse(async {
        for (word, code, reason) in [
            ("return", 1000, ""),
            ("close", 4001, "enough"),
            ("fail", 1011, ""),
            ("panic", 1011, ""),
            ("private", 1011, ""),
        ] {
            let mut socket = open(&app, "/ending").await;
            socket.send(Message::text(word)).await.unwrap();
            assert_eq!(closed(&mut socket).await, (code, reason.to_owned()), "{word}");
        }
        let mut talk = open(&app, "/talk/Eve").await;
        said(&mut talk).await;
        talk.send(Message::text("fail")).await.unwrap();
        assert_eq!(closed(&mut talk).await.0, 1011);
    });
    app.logged("Eve closed with");
    app.logged("a websocket view panicked");
    let failed = app.logged("src/socket-app/main.rs");
    assert!(failed.contains("as it was told to"), "{failed}");
}

#[test]
fn a_conversation_leaves_no_alarm_in_the_log() {
    let app = start(&["log=info"]);
    converse(async {
        let mut socket = open(&app, "/echo").await;
        socket.send(Message::text("x")).await.unwrap();
        said(&mut socket).await;
        socket.close(None).await.unwrap();
        closed(&mut socket).await;
        // Without a word.
        drop(open(&app, "/echo").await);
        // With a message of the wrong kind.
        let mut sums = open(&app, "/sums").await;
        sums.send(Message::binary(vec![1])).await.unwrap();
        assert_eq!(closed(&mut sums).await.0, 1007);
    });
    app.signal("TERM");
    let said = app.end().complaint;
    assert!(!said.contains("ERROR") && !said.contains("WARN"), "{said}");
}

#[test]
fn a_close_is_answered_with_the_same_code() {
    let app = start(&[]);
    converse(async {
        let mut socket = open(&app, "/echo").await;
        let frame = tungstenite::protocol::CloseFrame { code: 4321.into(), reason: "bye".into() };
        socket.close(Some(frame)).await.unwrap();
        assert_eq!(closed(&mut socket).await.0, 4321);
    });
}

#[test]
fn a_handshake_that_is_none_is_an_ordinary_answer() {
    let app = start(&[]);
    let plain = app.get("/echo");
    assert_eq!((plain.status, plain.field("upgrade")), (426, Some("websocket")));
    assert_eq!(plain.field("sec-websocket-version"), Some("13"));
    let ask = |fields: &[&str]| Client::connect(app.address()).ask("GET", "/echo", fields, b"").reply();
    let old = ask(&[OPENING[0], OPENING[1], "sec-websocket-version: 8", OPENING[3]]);
    assert_eq!((old.status, old.field("sec-websocket-version")), (426, Some("13")));
    let keyless = ask(&[OPENING[0], OPENING[1], OPENING[2], "sec-websocket-key: short"]);
    assert_eq!(keyless.status, 400);
    let unconnected = ask(&[OPENING[0], OPENING[2], OPENING[3]]);
    assert_eq!(unconnected.status, 400);
    let posted = app.connect().ask("POST", "/echo", &OPENING, b"").reply();
    assert_eq!(posted.status, 405);
    assert_eq!(app.get("/").text(), "home");
}

#[test]
fn an_answer_to_a_handshake_has_what_it_must_and_no_more() {
    let app = start(&[]);
    let mut client = app.connect();
    let head = client.ask("GET", "/echo", &OPENING, b"").head();
    assert_eq!(head.status, 101);
    assert_eq!(head.field("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    for name in ["content-type", "content-length", "sec-websocket-extensions", "sec-websocket-protocol"] {
        assert_eq!(head.field(name), None, "{name}");
    }
    // Tweens of both kinds stood around it.
    assert_eq!((head.field("x-awaited"), head.field("x-plain")), (Some("1"), Some("1")));
}

#[test]
fn a_permission_is_asked_for_before_the_socket_is_open() {
    let app = start(&[]);
    converse(async {
        assert_eq!(refused(&app, "/private", &[]).await, 403);
        let mut socket = try_open(&app, "/private", &[("x-ticket", "1")]).await.expect("open");
        assert_eq!(said(&mut socket).await, "in");
    });
}

#[test]
fn a_page_of_another_site_opens_no_socket_unless_it_may() {
    let app = start(&[]);
    let here = format!("http://{}", app.address());
    converse(async {
        assert_eq!(refused(&app, "/echo", &[("origin", "https://evil.example")]).await, 403);
        assert_eq!(refused(&app, "/echo", &[("origin", "null")]).await, 403);
        assert!(try_open(&app, "/echo", &[("origin", &here)]).await.is_ok());
        assert!(try_open(&app, "/open", &[("origin", "https://friend.example")]).await.is_ok());
        assert_eq!(refused(&app, "/open", &[("origin", "https://evil.example")]).await, 403);
    });
    let app = start(&["websocket_origin=any"]);
    converse(async {
        assert!(try_open(&app, "/echo", &[("origin", "https://evil.example")]).await.is_ok());
    });
}

#[test]
fn a_message_over_the_limit_closes_the_socket_with_1009() {
    let app = start(&["websocket_message_size=1000"]);
    converse(async {
        let mut socket = open(&app, "/echo").await;
        socket.send(Message::text("x".repeat(1000))).await.unwrap();
        assert_eq!(said(&mut socket).await.len(), 1000);
        socket.send(Message::text("x".repeat(1001))).await.unwrap();
        assert_eq!(closed(&mut socket).await.0, 1009);
        let mut small = open(&app, "/small").await;
        assert_eq!(said(&mut small).await, "none");
        small.send(Message::text("x".repeat(51))).await.unwrap();
        assert_eq!(closed(&mut small).await.0, 1009);
    });
}

#[test]
fn what_breaks_the_protocol_is_told_so() {
    let app = start(&[]);
    for (frame, code) in [
        // Without a mask; a reserved bit; a reserved opcode; text that is none; a continuation of nothing.
        (&b"\x81\x01x"[..], 1002),
        (b"\xc1\x81\0\0\0\0x", 1002),
        (b"\x83\x80\0\0\0\0", 1002),
        (b"\x81\x81\0\0\0\0\xff", 1007),
        (b"\x80\x81\0\0\0\0x", 1002),
    ] {
        let mut client = app.connect();
        assert_eq!(client.ask("GET", "/echo", &OPENING, b"").head().status, 101);
        let answer = client.say(frame).bytes(4);
        assert_eq!(answer[0], 0x88, "{frame:?}");
        assert_eq!(u16::from_be_bytes([answer[2], answer[3]]), code, "{frame:?}");
    }
}

#[test]
fn the_best_subprotocol_that_both_speak_is_agreed_on() {
    let app = start(&[]);
    converse(async {
        let request = |names: &'static str| {
            let app = &app;
            async move { try_open(app, "/small", &[("sec-websocket-protocol", names)]).await }
        };
        assert_eq!(said(&mut request("v1, v2").await.expect("open")).await, "v2");
        assert_eq!(said(&mut request("v1").await.expect("open")).await, "v1");
    });
}

#[test]
fn a_client_that_answers_no_ping_is_given_up_and_one_that_does_is_not() {
    let app = start(&[]);
    converse(async {
        let mut alive = open(&app, "/heart").await;
        let mut silent = app.connect();
        assert_eq!(silent.ask("GET", "/heart", &OPENING, b"").head().status, 101);
        let silent = tokio::task::spawn_blocking(move || {
            assert_eq!(silent.bytes(2), [0x89, 0], "a ping comes");
            silent.rest();
        });
        let mut pings = 0;
        while pings < 3 {
            if let Message::Ping(_) = alive.next().await.unwrap().unwrap() {
                alive.flush().await.unwrap();
                pings += 1;
            }
        }
        silent.await.expect("the other one has been closed meanwhile");
    });
}

#[test]
fn when_the_server_is_stopped_every_socket_is_told_1001() {
    let app = start(&[]);
    converse(async {
        let mut idle = open(&app, "/echo").await;
        let mut busy = open(&app, "/ending").await;
        busy.send(Message::text("linger")).await.unwrap();
        app.signal("TERM");
        assert_eq!(closed(&mut idle).await.0, 1001);
        assert_eq!(closed(&mut busy).await.0, 1001);
    });
    app.logged("0 cut");
}

#[test]
fn a_client_that_does_not_close_is_cut_and_counted() {
    let app = start(&["shutdown_timeout=1", "websocket_close_timeout=30"]);
    let mut client = app.connect();
    assert_eq!(client.ask("GET", "/echo", &OPENING, b"").head().status, 101);
    app.signal("TERM");
    app.logged("1 cut");
    assert_eq!(client.bytes(4), [0x88, 29, 0x03, 0xe9]);
}

#[test]
fn a_view_whose_client_has_gone_is_given_up_unless_it_is_to_finish() {
    let app = start(&["websocket_close_timeout=0.01"]);
    converse(async {
        drop(open(&app, "/given-up").await);
        drop(open(&app, "/finishing").await);
    });
    app.logged("given up noticed");
    app.logged("finishing is done");
    assert!(app.log_lines("given up is done").is_empty());
}

#[test]
fn what_is_said_in_a_room_reaches_all_who_are_there_and_nobody_else() {
    let app = start(&[]);
    converse(async {
        let mut people = Vec::new();
        for (room, name) in [("red", "ann"), ("red", "bob"), ("blue", "eve")] {
            let mut socket = open(&app, &format!("/rooms/{room}/{name}")).await;
            assert_eq!(said(&mut socket).await, "joined");
            people.push(socket);
        }
        let [ann, bob, eve] = &mut people[..] else { unreachable!() };
        ann.send(Message::text("hello")).await.unwrap();
        assert_eq!(said(ann).await, "hello");
        assert_eq!(said(bob).await, "hello");
        bob.send(Message::text("ann: only you")).await.unwrap();
        bob.send(Message::text("all")).await.unwrap();
        assert_eq!(said(ann).await, "only you");
        assert_eq!(said(ann).await, "all");
        assert_eq!(said(bob).await, "all");
        eve.send(Message::text("blue")).await.unwrap();
        assert_eq!(said(eve).await, "blue");
    });
    // They have gone without a word, which the server notices in its own time.
    converse(async {
        while app.get("/rooms/red").text() != "[0,[]]" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}

#[test]
fn who_is_in_a_room_is_known() {
    let app = start(&[]);
    converse(async {
        let mut ann = open(&app, "/rooms/red/ann").await;
        let mut again = open(&app, "/rooms/red/ann").await;
        said(&mut ann).await;
        said(&mut again).await;
        assert_eq!(app.get("/rooms/red").text(), r#"[2,["ann"]]"#);
    });
}

#[test]
fn who_reads_too_slowly_in_a_room_is_closed_with_1013_and_the_others_go_on() {
    let app = start(&[]);
    converse(async {
        let mut slow = open(&app, "/rooms/red/slow").await;
        let mut fast = open(&app, "/rooms/red/fast").await;
        said(&mut slow).await;
        said(&mut fast).await;
        let long = "x".repeat(500_000);
        for _ in 0..30 {
            fast.send(Message::text(long.clone())).await.unwrap();
            assert_eq!(said(&mut fast).await.len(), long.len());
        }
        assert_eq!(closed(&mut slow).await.0, 1013);
    });
}

#[test]
fn all_in_a_room_hear_the_same_in_the_same_order_however_much_is_said_at_once() {
    let app = start(&["loops=2"]);
    converse(async {
        let mut people = Vec::new();
        for number in 0..9 {
            let mut socket = open(&app, &format!("/rooms/red/{number}")).await;
            assert_eq!(said(&mut socket).await, "joined");
            people.push(socket);
        }
        // Three speak at once, which is what the outboxes hold; now and then at such length that it is sent in parts.
        for round in 0..30 {
            for (number, speaker) in people[..3].iter_mut().enumerate() {
                let long = "x".repeat(if round % 10 == 9 { 300_000 } else { number });
                speaker.send(Message::text(format!("{round}.{number} {long}"))).await.unwrap();
            }
            let heard =
                futures_util::future::join_all(people.iter_mut().map(|member| async move {
                    [said(member).await, said(member).await, said(member).await]
                }))
                .await;
            assert!(heard.iter().all(|those| *those == heard[0]), "not the same for all in round {round}");
            let mut words: Vec<_> = heard[0].iter().filter_map(|text| text.split(' ').next()).collect();
            words.sort_unstable();
            assert_eq!(words, [0, 1, 2].map(|number| format!("{round}.{number}")));
        }
    });
}

#[test]
fn there_are_no_more_sockets_than_there_may_be() {
    let app = start(&["websocket_connections=1"]);
    converse(async {
        let first = open(&app, "/echo").await;
        assert_eq!(refused(&app, "/echo", &[]).await, 503);
        drop(first);
        while try_open(&app, "/echo", &[]).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}

#[test]
fn a_hundred_sockets_open_and_answer_at_once() {
    let app = start(&[]);
    converse(async {
        let conversations = (0..100).map(|number| {
            let app = &app;
            async move {
                let mut socket = open(app, "/echo").await;
                socket.send(Message::text(number.to_string())).await.unwrap();
                assert_eq!(said(&mut socket).await, number.to_string());
            }
        });
        futures_util::future::join_all(conversations).await;
    });
}

/// Opens a socket as a stream of HTTP/2 (RFC 8441).
async fn open_over_http2(
    app: &App,
    target: &str,
) -> (u16, Option<WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>>) {
    let stream = TcpStream::connect(app.address()).await.expect("a connection");
    let (mut client, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .expect("HTTP/2");
    tokio::spawn(connection);
    let request = http::Request::builder()
        .method("CONNECT")
        .uri(format!("http://{}{target}", app.address()))
        .extension(hyper::ext::Protocol::from_static("websocket"))
        .header("sec-websocket-version", "13")
        .body(http_body_util::Empty::<bytes::Bytes>::new())
        .expect("a request");
    let mut response = client.send_request(request).await.expect("an answer");
    if response.status() != 200 {
        return (response.status().as_u16(), None);
    }
    let upgraded = hyper::upgrade::on(&mut response).await.expect("an upgrade");
    // The stream lives as long as the connection does, which the client keeps.
    std::mem::forget(client);
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, None).await;
    (200, Some(socket))
}

#[test]
fn a_stream_of_http_2_can_be_a_socket() {
    let app = start(&[]);
    converse(async {
        let (status, socket) = open_over_http2(&app, "/seen/7/word").await;
        assert_eq!(status, 200);
        let mut socket = socket.expect("open");
        let first = socket.next().await.unwrap().unwrap();
        assert_eq!(first, Message::text("7 word /seen/7/word nobody"));
        let (status, socket) = open_over_http2(&app, "/echo").await;
        assert_eq!(status, 200);
        let mut socket = socket.expect("open");
        for message in [Message::text("hällo"), Message::binary(vec![7; 300_000])] {
            socket.send(message.clone()).await.unwrap();
            assert!(socket.next().await.unwrap().unwrap() == message);
        }
        assert_eq!(open_over_http2(&app, "/private").await.0, 403);
        assert_eq!(open_over_http2(&app, "/nothing").await.0, 404);
        assert_eq!(open_over_http2(&app, "/").await.0, 501);
        app.signal("TERM");
        let told = socket.next().await.unwrap().unwrap();
        assert!(matches!(told, Message::Close(Some(frame)) if u16::from(frame.code) == 1001));
    });
    app.logged("0 cut");
}
