//! What a server in front, or somebody who takes its place, may send over uwsgi, and what it gets.

use std::convert::Infallible;
use std::net::Shutdown;
use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::{ServerConfig, TrustedPeers};
use super::{Answer, Client, Running, Told, status, text};

fn config() -> ServerConfig {
    ServerConfig::default().listen("uwsgi://127.0.0.1:0").loops(1)
}

/// A packet with these variables.
fn packet(variables: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in variables {
        for text in [name, value] {
            block.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
            block.extend(text.as_bytes());
        }
    }
    let [low, high] = u16::try_from(block.len()).unwrap().to_le_bytes();
    [&[0, low, high, 0], &block[..]].concat()
}

/// A request with further variables.
fn ask(method: &str, target: &str, variables: &[(&str, &str)]) -> Vec<u8> {
    let mut all = vec![
        ("REQUEST_METHOD", method),
        ("REQUEST_URI", target),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("HTTP_HOST", "a"),
    ];
    all.extend(variables);
    packet(&all)
}

/// What comes back for these bytes, to the end of the connection.
fn whole(server: &Running, bytes: impl AsRef<[u8]>) -> String {
    server.connect().say(bytes).rest()
}

/// The parts of an answer: its first line, its fields, its body.
fn parts(answer: &str) -> (&str, Vec<&str>, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {answer:?}"));
    let mut lines = head.split("\r\n");
    (lines.next().unwrap(), lines.filter(|line| !line.starts_with("date: ")).collect(), body)
}

/// Answers with the whole body of the request.
async fn bodies(request: Request<Incoming>) -> Answer {
    let target = request.uri().to_string();
    match request.into_body().collect().await {
        Ok(body) if target == "/length" => text(body.to_bytes().len().to_string()),
        Ok(body) => text(body.to_bytes()),
        Err(_) => status(400),
    }
}

#[test]
fn a_request_is_answered_over_uwsgi_and_http_at_once() {
    let server = Running::echo(config());
    let answer = whole(&server, ask("GET", "/a?b", &[]));
    let (line, fields, body) = parts(&answer);
    assert_eq!((line, body), ("HTTP/1.1 200 OK", "/a?b"));
    assert_eq!(fields, ["connection: close", "content-length: 4"]);
    let http = server.handle.local_addrs()[1];
    assert_eq!(Client::connect(http).get("/a?b").text(), "/a?b");
}

#[test]
fn a_packet_may_come_in_pieces_of_any_size() {
    let server = Running::start(config(), bodies);
    let mut bytes = ask("POST", "/", &[("CONTENT_LENGTH", "5")]);
    bytes.extend(b"hello");
    for place in 1..bytes.len() {
        let mut client = server.connect();
        client.say(&bytes[..place]).say(&bytes[place..]);
        assert!(client.rest().ends_with("\r\n\r\nhello"), "split at {place}");
    }
    let mut client = server.connect();
    for byte in &bytes {
        client.say([*byte]);
    }
    assert!(client.rest().ends_with("\r\n\r\nhello"));
}

#[test]
fn a_body_of_any_size_arrives_whole_and_what_follows_it_is_left_alone() {
    let server = Running::start(config(), bodies);
    let length = 3 * 1024 * 1024;
    let mut bytes = ask("POST", "/length", &[("CONTENT_LENGTH", &length.to_string())]);
    bytes.resize(bytes.len() + length, b'x');
    assert!(whole(&server, &bytes).ends_with("\r\n\r\n3145728"));
    let mut bytes = ask("POST", "/", &[("CONTENT_LENGTH", "2")]);
    bytes.extend(b"ok");
    let answer = whole(&server, &bytes);
    assert!(answer.ends_with("\r\n\r\nok"), "{answer}");
    bytes.extend(ask("GET", "/second", &[]));
    let answer = whole(&server, &bytes);
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "one answer a connection: {answer}");
}

#[test]
fn a_body_in_chunks_is_decoded() {
    let server = Running::start(config(), bodies);
    let head = ask("POST", "/", &[("HTTP_TRANSFER_ENCODING", "chunked")]);
    assert!(
        whole(&server, [&head[..], b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"].concat()).ends_with("\r\n\r\nabcde")
    );
    let broken = whole(&server, [&head[..], b"x\r\nabc\r\n"].concat());
    assert!(broken.starts_with("HTTP/1.1 400 "), "{broken}");
    let twice = ask("POST", "/", &[("HTTP_TRANSFER_ENCODING", "gzip, chunked")]);
    assert!(whole(&server, &twice).starts_with("HTTP/1.1 501 "));
    // nginx has undone the coding, and names it still.
    let both = ask("POST", "/", &[("HTTP_TRANSFER_ENCODING", "chunked"), ("CONTENT_LENGTH", "3")]);
    assert!(whole(&server, [&both[..], b"abc"].concat()).ends_with("\r\n\r\nabc"));
}

/// A body whose pieces are sent by hand.
fn streamed(pieces: mpsc::Receiver<Option<&'static str>>) -> Answer {
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        while let Ok(piece) = pieces.recv() {
            let _ = tell.send(piece);
        }
    });
    Response::new(StreamBody::new(Pieces(told)).boxed_unsync())
}

struct Pieces(tokio::sync::mpsc::UnboundedReceiver<Option<&'static str>>);

impl futures_core::Stream for Pieces {
    type Item = Result<Frame<Bytes>, Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|piece| piece.flatten().map(|piece| Ok(Frame::data(piece.into()))))
    }
}

#[test]
fn an_answer_of_unknown_length_leaves_as_it_is_made_and_ends_with_the_connection() {
    let (send, pieces) = mpsc::channel();
    let pieces = std::sync::Mutex::new(Some(pieces));
    let server = Running::start(config(), move |_| {
        let pieces = pieces.lock().unwrap().take().unwrap();
        async { streamed(pieces) }
    });
    let mut client = server.connect();
    send.send(Some("first,")).unwrap();
    client.say(ask("GET", "/", &[]));
    let reply = client.reply();
    assert!(reply.head.starts_with("HTTP/1.1 200 OK\r\n"), "{}", reply.head);
    assert_eq!((reply.field("transfer-encoding"), reply.field("content-length")), (None, None));
    assert_eq!(client.take(6), "first,");
    send.send(Some("second")).unwrap();
    assert_eq!(client.take(6), "second");
    send.send(None).unwrap();
    assert_eq!(client.rest(), "");
}

#[test]
fn an_application_cannot_have_its_answer_sent_in_chunks() {
    let server = Running::start(config(), async |_| {
        let mut answer = text("abc");
        answer.headers_mut().insert("transfer-encoding", "chunked".parse().unwrap());
        answer
    });
    let answer = whole(&server, ask("GET", "/", &[]));
    let (_, fields, body) = parts(&answer);
    assert_eq!((fields, body), (vec!["connection: close", "content-length: 3"], "abc"));
}

#[test]
fn an_answer_without_a_body_has_none() {
    let server = Running::start(config(), async |request| match request.uri().path() {
        "/204" => status(204),
        "/304" => {
            let mut answer = text("unchanged");
            *answer.status_mut() = http::StatusCode::NOT_MODIFIED;
            answer
        }
        _ => text("body"),
    });
    for (method, target, first, last) in [
        ("HEAD", "/", "HTTP/1.1 200 OK", "content-length: 4"),
        ("GET", "/204", "HTTP/1.1 204 No Content", "connection: close"),
        ("GET", "/304", "HTTP/1.1 304 Not Modified", "connection: close"),
    ] {
        let answer = whole(&server, ask(method, target, &[]));
        let (line, fields, body) = parts(&answer);
        assert_eq!((line, body), (first, ""), "{method} {target}");
        assert!(fields.contains(&last), "{method} {target}: {fields:?}");
    }
}

#[test]
fn nothing_comes_before_the_answer() {
    let server = Running::start(config(), bodies);
    let head = ask("POST", "/", &[("CONTENT_LENGTH", "2"), ("HTTP_EXPECT", "100-continue")]);
    let answer = whole(&server, [&head[..], b"ok"].concat());
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nok"), "{answer}");
}

#[test]
fn what_is_no_request_is_told_so() {
    let server = Running::echo(config());
    let with = |variables: &[(&str, &str)]| ask("GET", "/", variables);
    let long = format!("/{}", "x".repeat(9000));
    let huge = "x".repeat(60_000);
    let many: Vec<String> = (0..120).map(|number| format!("HTTP_X{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    for (status, bytes) in [
        (400, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n".to_vec()),
        (501, vec![5, 0, 0, 0]),
        (400, vec![0, 0, 0, 0]),
        (400, vec![0, 1, 0, 0, 1]),
        (400, vec![0, 4, 0, 0, 0, 0, 0, 0]),
        (400, vec![0, 4, 0, 0, 9, 0, b'A', 0]),
        (400, packet(&[("PATH_INFO", "/")])),
        (400, with(&[("CONTENT_LENGTH", "-5")])),
        (400, with(&[("CONTENT_LENGTH", "99999999999999999999999")])),
        (400, with(&[("HTTP_HOST", "b")])),
        (400, with(&[("HTTP_X", "a\r\nb: c")])),
        (400, packet(&[("REQUEST_METHOD", "GET"), ("PATH_INFO", "/"), ("SERVER_PROTOCOL", "HTTP/1.1")])),
        (400, ask("G T", "/", &[])),
        (501, ask("CONNECT", "/", &[])),
        (414, ask("GET", &long, &[])),
        (431, with(&[("HTTP_X", &huge)])),
        (431, with(&many)),
    ] {
        let answer = whole(&server, &bytes);
        let (line, fields, body) = parts(&answer);
        assert!(line.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
        assert!(fields.contains(&"connection: close"), "{answer}");
        let length = format!("content-length: {}", body.len());
        assert!(fields.contains(&length.as_str()), "{answer}");
    }
}

#[test]
fn a_client_that_has_left_has_its_work_dropped() {
    let (tell, told) = mpsc::channel();
    let server = Running::start(config().half_close_grace(Duration::ZERO), move |_| {
        tell.send("there").unwrap();
        let part = Told(tell.clone());
        async move {
            let _part = part;
            std::future::pending().await
        }
    });
    let mut client = server.connect();
    client.say(ask("GET", "/", &[]));
    assert_eq!(told.recv().unwrap(), "there");
    drop(client);
    assert_eq!(told.recv().unwrap(), "dropped");
}

#[test]
fn a_packet_that_takes_too_long_is_told_so_and_a_body_is_cut() {
    let limit = Duration::from_millis(100);
    let server = Running::start(config().head(limit).body_patience(limit).body_rate(1000), bodies);
    let bytes = ask("POST", "/", &[("CONTENT_LENGTH", "5")]);
    let mut client = server.connect();
    assert!(client.say(&bytes[..20]).rest().starts_with("HTTP/1.1 408 "));
    assert_eq!(server.connect().rest(), "", "one that says nothing is only closed");
    let mut client = server.connect();
    assert_eq!(client.say(&bytes).say(b"he").rest(), "");
}

#[test]
fn a_graceful_stop_answers_what_was_asked() {
    let (tell, told) = mpsc::channel();
    let (release, released) = tokio::sync::watch::channel(false);
    let server = Running::start(config(), move |_| {
        tell.send(()).unwrap();
        let mut released = released.clone();
        async move {
            released.wait_for(|released| *released).await.unwrap();
            text("done")
        }
    });
    let (mut client, mut silent) = (server.connect(), server.connect());
    client.say(ask("GET", "/", &[]));
    told.recv().unwrap();
    server.handle.shutdown();
    // The end of the other connection tells that the event loop knows of the stop.
    assert_eq!(silent.rest(), "");
    release.send(true).unwrap();
    assert!(client.rest().ends_with("\r\n\r\ndone"));
    let report = server.join();
    assert_eq!((report.finished, report.cut), (1, 0));
}

#[test]
fn after_101_the_connection_is_the_applications() {
    let server = Running::start(config(), async |request: Request<Incoming>| {
        tokio::spawn(async move {
            let mut stream = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
            let mut room = [0; 64];
            while let Ok(read @ 1..) = stream.read(&mut room).await {
                stream.write_all(&room[..read].to_ascii_uppercase()).await.unwrap();
            }
        });
        let mut answer = status(101);
        answer.headers_mut().insert("connection", "upgrade".parse().unwrap());
        answer.headers_mut().insert("upgrade", "shout".parse().unwrap());
        answer
    });
    let mut client = server.connect();
    let mut bytes = ask("GET", "/", &[("HTTP_CONNECTION", "keep-alive, Upgrade"), ("HTTP_UPGRADE", "shout")]);
    // The first bytes of the other protocol may come with the packet.
    bytes.extend(b"early ");
    let reply = client.say(&bytes).reply();
    assert!(reply.head.starts_with("HTTP/1.1 101 "), "{}", reply.head);
    assert_eq!((reply.field("connection"), reply.field("upgrade")), (Some("upgrade"), Some("shout")));
    assert_eq!(client.say(b"bird").take(10), "EARLY BIRD");
    client.0.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.rest(), "");
}

#[test]
fn only_listed_peers_are_heard() {
    let server = Running::echo(config().uwsgi_allow_from(TrustedPeers::none()));
    let answer = whole(&server, ask("GET", "/", &[]));
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(Client::connect(server.handle.local_addrs()[1]).get("/").status, 200);
}

#[cfg(unix)]
#[test]
fn whoever_can_open_a_unix_socket_is_heard() {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    let path = std::env::temp_dir().join(format!("aiopyramid-uwsgi-{}.sock", std::process::id()));
    let config = ServerConfig::default().listen(format!("uwsgi://unix:{}", path.display())).loops(1);
    let server = Running::echo(config.uwsgi_allow_from(TrustedPeers::none()));
    let mut client = UnixStream::connect(&path).unwrap();
    client.write_all(&ask("GET", "/unix", &[])).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("/unix"), "{answer}");
    drop(server);
}
