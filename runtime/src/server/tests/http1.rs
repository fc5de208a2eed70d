//! What is answered on HTTP/1.1, and what is refused.

use std::net::Shutdown;
use std::sync::mpsc;
use std::time::Duration;

use http::StatusCode;
use http::header::{CONNECTION, HeaderValue, UPGRADE};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;

use super::super::ServerConfig;
use super::{EVENTUALLY, Running, Told, status, text};

fn echo() -> Running {
    Running::echo(ServerConfig::default().loops(1))
}

#[test]
fn requests_share_a_connection() {
    let server = echo();
    let mut client = server.connect();
    for target in ["/one", "/two?x=1", "/three"] {
        let reply = client.get(target);
        assert_eq!((reply.status, reply.text()), (200, target));
        assert!(reply.field("date").is_some());
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = echo();
    let mut client = server.connect();
    for round in 0..3 {
        let requests: Vec<_> =
            (0..100).map(|number| format!("GET /{round}/{number} HTTP/1.1\r\nhost: a\r\n\r\n")).collect();
        client.say(requests.concat());
        for number in 0..100 {
            assert_eq!(client.reply().text(), format!("/{round}/{number}"));
        }
    }
}

#[test]
fn an_answer_does_not_wait_for_the_rest_of_the_next_request() {
    let server = echo();
    let mut client = server.connect();
    // Twice, because a client that has pipelined is treated as one that does.
    for _ in 0..3 {
        client.say("GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\nGET /3 HT");
        assert_eq!(client.reply().text(), "/1");
        assert_eq!(client.reply().text(), "/2");
        client.say("TP/1.1\r\nhost: a\r\n\r\n");
        assert_eq!(client.reply().text(), "/3");
    }
}

#[test]
fn an_answer_does_not_wait_for_a_slow_one_behind_it() {
    let (release, released) = tokio::sync::watch::channel(false);
    let server = Running::start(ServerConfig::default().loops(1), move |request| {
        let mut released = released.clone();
        async move {
            if request.uri() == "/slow" {
                released.wait_for(|released| *released).await.unwrap();
            }
            text(request.uri().to_string())
        }
    });
    let mut client = server.connect();
    client.say("GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(client.reply().text(), "/1");
    assert_eq!(client.reply().text(), "/2");
    client.say("GET /3 HTTP/1.1\r\nhost: a\r\n\r\nGET /slow HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(client.reply().text(), "/3");
    release.send(true).unwrap();
    assert_eq!(client.reply().text(), "/slow");
}

#[test]
fn a_long_body_arrives_whole() {
    let long: Vec<u8> = (0..5_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    let sent = bytes::Bytes::from(long.clone());
    let server = Running::start(ServerConfig::default().loops(1), move |_| {
        let sent = sent.clone();
        async move { text(sent) }
    });
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(3));
    for _ in 0..3 {
        assert!(client.reply().body == long);
    }
}

#[test]
fn a_body_is_read_whole() {
    let server = Running::start(ServerConfig::default().loops(1), async |request| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        text(body)
    });
    let mut client = server.connect();
    let body = "x".repeat(300_000);
    client.say(format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
    assert_eq!(client.reply().text(), body);
    client.say("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
    assert_eq!(client.reply().text(), "abcde");
}

#[test]
fn http_1_0_is_answered_and_closed() {
    let server = echo();
    let mut client = server.connect();
    let reply = client.say("GET /old HTTP/1.0\r\n\r\n").reply();
    assert_eq!((reply.status, reply.text()), (200, "/old"));
    assert_eq!(client.rest(), "");
}

#[test]
fn a_client_that_closes_its_side_is_answered() {
    let server = Running::start(ServerConfig::default().loops(1), async |_| {
        tokio::time::sleep(Duration::from_millis(700)).await;
        text("late")
    });
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    client.0.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.reply().text(), "late");
    assert_eq!(client.rest(), "");
}

fn forgotten() -> (Running, mpsc::Receiver<&'static str>) {
    let (tell, told) = mpsc::channel();
    let config = ServerConfig::default().loops(1).half_close_grace(Duration::from_millis(50));
    let server = Running::start(config, move |_| {
        let _ = tell.send("called");
        let guard = Told(tell.clone());
        async move {
            std::future::pending::<()>().await;
            drop(guard);
            text("never")
        }
    });
    (server, told)
}

#[test]
fn a_client_that_closes_its_side_while_its_body_waits_is_answered() {
    let config = ServerConfig::default().loops(1).half_close_grace(Duration::from_millis(50));
    let server = Running::start(config, async |mut request| {
        let first = request.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
        // Slow to take the rest, of which the kernel holds some: its end is behind that.
        tokio::time::sleep(Duration::from_millis(700)).await;
        let rest = request.into_body().collect().await.unwrap().to_bytes();
        tokio::time::sleep(Duration::from_millis(10)).await;
        text((first.len() + rest.len()).to_string())
    });
    let mut client = server.connect();
    let length = 60_000;
    client.say(format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n"));
    client.say(vec![b'x'; length]);
    client.0.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.reply().text(), length.to_string());
}

#[test]
fn work_is_dropped_when_its_client_leaves() {
    let (server, told) = forgotten();
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("called"));
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty), "a client that waits must not lose its work");
    drop(client);
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("dropped"));
}

#[test]
fn work_is_dropped_when_its_client_resets_the_connection() {
    let (server, told) = forgotten();
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("called"));
    // Half-closed first, which alone would be waited for.
    client.0.shutdown(Shutdown::Write).unwrap();
    socket2::SockRef::from(&client.0).set_linger(Some(Duration::ZERO)).unwrap();
    drop(client);
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("dropped"));
}

#[test]
fn work_is_dropped_when_its_client_leaves_with_another_request_waiting() {
    let (server, told) = forgotten();
    let mut client = server.connect();
    client.say("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("called"));
    std::thread::sleep(Duration::from_millis(600));
    client.say("GET /next HTTP/1.1\r\nhost: a\r\n\r\n");
    drop(client);
    assert_eq!(told.recv_timeout(EVENTUALLY), Ok("dropped"));
}

#[test]
fn malformed_requests_are_refused_and_closed() {
    let server = echo();
    let long_target = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "x".repeat(9000));
    let long_field = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "x".repeat(40_000));
    let many_fields = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(100));
    for (status, request) in [
        (400, "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nhost: a b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nhost:\r\n\r\n"),
        (400, "GET http://a/ HTTP/1.1\r\nhost: b\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nhost : a\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nhost: a\r\nx: y\r\n folded\r\n\r\n"),
        (400, "GET / HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +1\r\n\r\nx"),
        (400, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1, 1\r\n\r\nx"),
        (400, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxy"),
        (400, "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999999\r\n\r\n"),
        (400, "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n"),
        (400, "POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        (501, "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (501, "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
        (414, &long_target),
        (431, &long_field),
        (431, &many_fields),
    ] {
        let mut client = server.connect();
        let reply = client.say(request).reply();
        assert_eq!(reply.status, status, "{request:.80?}");
        assert_eq!(client.rest(), "", "{request:.80?}");
    }
}

#[test]
fn a_refusal_says_why_and_what_follows_it_is_not_served() {
    let server = echo();
    let mut client = server.connect();
    let reply = client.say("GET / HTTP/1.1\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n").reply();
    assert_eq!(reply.field("connection"), Some("close"));
    assert_eq!(reply.field("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(reply.text(), "The request has no Host field.\n");
    assert_eq!(client.rest(), "");
}

#[test]
fn a_length_beside_a_coding_is_refused() {
    let server = echo();
    let mut client = server.connect();
    let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n";
    client.say(format!(
        "POST /first HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n{smuggled}"
    ));
    assert_eq!(client.reply().status, 400);
    assert_eq!(client.rest(), "");
}

#[test]
fn the_rest_of_an_unread_body_is_not_the_next_request() {
    let server = echo();
    let mut client = server.connect();
    client.say("POST /first HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n");
    assert_eq!(client.reply().text(), "/first");
    client.say("GET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n");
    assert_eq!(client.rest(), "");
}

#[test]
fn a_client_that_is_refused_while_it_sends_can_read_the_refusal() {
    let server = Running::start(ServerConfig::default().loops(1), async |_| status(413));
    let mut client = server.connect();
    client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3000000\r\n\r\n");
    assert_eq!(client.reply().status, 413);
    // A client that has not looked yet goes on sending. A reset would fail the second piece, and with it the client.
    for _ in 0..30 {
        client.say(vec![b'x'; 100_000]);
    }
    assert_eq!(client.rest(), "");
}

#[test]
fn a_client_that_expects_to_continue_is_told_to() {
    let server = Running::start(ServerConfig::default().loops(1), async |request| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        text(body)
    });
    let mut client = server.connect();
    client.say("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n");
    assert_eq!(client.reply().status, 100);
    assert_eq!(client.say("hi").reply().text(), "hi");
}

#[test]
fn an_upgraded_connection_outlives_the_limits_and_gets_its_first_answer_at_once() {
    let (release, released) = tokio::sync::watch::channel(false);
    let limit = Duration::from_millis(100);
    let config = ServerConfig::default().loops(1).head(limit).keep_alive(limit).response(limit);
    let server = Running::start(config, move |mut request| {
        let upgrade = hyper::upgrade::on(&mut request);
        let mut released = released.clone();
        tokio::spawn(async move {
            let mut stream = TokioIo::new(upgrade.await.unwrap());
            // Neither reads nor writes, so that nothing else takes the answer along.
            released.wait_for(|released| *released).await.unwrap();
            let mut room = [0; 5];
            let mut at = 0;
            while at < room.len() {
                let mut read = tokio::io::ReadBuf::new(&mut room[at..]);
                std::future::poll_fn(|context| {
                    tokio::io::AsyncRead::poll_read(std::pin::Pin::new(&mut stream), context, &mut read)
                })
                .await
                .unwrap();
                at += read.filled().len();
            }
            std::future::poll_fn(|context| {
                tokio::io::AsyncWrite::poll_write(std::pin::Pin::new(&mut stream), context, &room)
            })
            .await
            .unwrap();
        });
        async {
            let mut answer = text("");
            *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("upgrade"));
            answer.headers_mut().insert(UPGRADE, HeaderValue::from_static("echo"));
            answer
        }
    });
    let mut client = server.connect();
    let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\nhe";
    assert_eq!(client.say(request).reply().status, 101);
    std::thread::sleep(5 * limit);
    release.send(true).unwrap();
    client.say("llo");
    assert_eq!(client.rest(), "hello");
}

#[test]
fn an_upgrade_of_a_request_with_a_body_is_none_whatever_the_application_says() {
    let server = Running::start(ServerConfig::default().loops(1), async |_| {
        let mut answer = status(101);
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("upgrade"));
        answer.headers_mut().insert(UPGRADE, HeaderValue::from_static("echo"));
        answer
    });
    let mut client = server.connect();
    let head =
        "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\ncontent-length: 5\r\n\r\n";
    assert_eq!(client.say(head).reply().status, 400);
    assert_eq!(client.say("hello").rest(), "");
}

#[test]
fn a_request_behind_one_for_an_upgrade_is_not_taken_for_one() {
    let server = echo();
    let mut client = server.connect();
    let first = "GET /1 HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    let reply = client.say([first, "GET /2 HTTP/1.1\nhost: a\n\n"].concat()).reply();
    assert_eq!((reply.text(), reply.field("connection")), ("/1", Some("close")));
    assert_eq!(client.rest(), "");
}
