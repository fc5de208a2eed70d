//! Connections whose time is moved by hand.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::Service;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::super::ServerConfig;
use super::super::roster::Roster;
use super::super::socket::Socket;
use super::exchange::{Rest, Supervised};
use super::protocol::{Driver, Protocols};
use super::state::ConnectionState;
use super::stream::Stream;
use super::wire::Wire;

type Answer = Ready<Result<Response<Full<Bytes>>, Infallible>>;

/// Answers with the target.
struct Echo;

impl Service<Request<Incoming>> for Echo {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        ready(Ok(Response::new(Full::from(request.uri().to_string()))))
    }
}

/// Counts how often it was put to rest.
struct Counted {
    service: Supervised<Echo>,
    rests: Arc<AtomicUsize>,
}

impl Rest for Counted {
    fn rest(&mut self) {
        self.service.rest();
        self.rests.fetch_add(1, Relaxed);
    }
}

impl Service<Request<Incoming>> for Counted {
    type Response = <Supervised<Echo> as Service<Request<Incoming>>>::Response;
    type Error = Infallible;
    type Future = <Supervised<Echo> as Service<Request<Incoming>>>::Future;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.service.call(request)
    }
}

/// A client of a connection, and the hand on its clock.
struct Connected {
    client: TcpStream,
    roster: Arc<Roster>,
    rests: Arc<AtomicUsize>,
}

impl Connected {
    async fn new() -> Self {
        let config = ServerConfig::default();
        let roster = Roster::of_all(&config, 1, None).remove(0);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (read, write) = Socket::Tcp(listener.accept().await.unwrap().0).into_split();
        let place = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
        let state = ConnectionState::new(Arc::clone(&roster), write, place);
        let stream = Stream::new(Wire::Plain(read), Arc::clone(&state));
        let rests = Arc::default();
        let service = Supervised::new(Echo, Arc::clone(&state));
        let service = Counted { service, rests: Arc::clone(&rests) };
        tokio::spawn(Driver::new(stream, service, Arc::new(Protocols::new(&config, None)), state));
        Self { client, roster, rests }
    }

    async fn say(&mut self, text: &str) {
        self.client.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads the whole answer, which ends with `target`.
    async fn hears(&mut self, target: &str) {
        let mut answer = String::new();
        while !answer.ends_with(&format!("\r\n\r\n{target}")) {
            let mut room = [0; 1024];
            let read = self.client.read(&mut room).await.unwrap();
            assert_ne!(read, 0, "the connection ended after {answer:?}");
            answer.push_str(std::str::from_utf8(&room[..read]).unwrap());
        }
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    /// Lets ticks go by until the connection was put to rest for the `time`th time.
    async fn rests(&self, time: usize) {
        for _ in 0..10 {
            self.roster.turn().await;
            tokio::task::yield_now().await;
        }
        assert_eq!(self.rests.load(Relaxed), time);
    }
}

#[tokio::test]
async fn a_connection_is_put_to_rest_between_two_requests_and_goes_on() {
    let mut connected = Connected::new().await;
    for time in 1..=3 {
        connected.say(&format!("GET /{time} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        connected.hears(&format!("/{time}")).await;
        connected.rests(time).await;
    }
}

#[tokio::test]
async fn a_connection_at_rest_takes_a_request_in_pieces_and_several_at_once() {
    let mut connected = Connected::new().await;
    connected.say("GET /1 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    connected.hears("/1").await;
    connected.rests(1).await;
    for piece in ["G", "ET /2 HTT", "P/1.1\r\nhost: a\r\n", "\r\n"] {
        connected.say(piece).await;
        connected.roster.turn().await;
    }
    connected.hears("/2").await;
    connected.rests(2).await;
    connected.say("GET /3 HTTP/1.1\r\nhost: a\r\n\r\nGET /4 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    connected.hears("/4").await;
}

#[tokio::test]
async fn half_a_head_that_came_with_the_request_before_outlasts_a_rest() {
    let mut connected = Connected::new().await;
    connected.say("GET /1 HTTP/1.1\r\nhost: a\r\n\r\nGET /2 HT").await;
    connected.hears("/1").await;
    connected.rests(1).await;
    connected.say("TP/1.1\r\nhost: a\r\n\r\n").await;
    connected.hears("/2").await;
}

#[tokio::test]
async fn a_connection_that_may_still_read_a_body_is_not_put_to_rest() {
    let mut connected = Connected::new().await;
    connected.say("POST /1 HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc").await;
    connected.hears("/1").await;
    connected.rests(0).await;
}

#[tokio::test]
async fn a_connection_at_rest_ends_with_its_client() {
    let mut connected = Connected::new().await;
    connected.say("GET /1 HTTP/1.1\r\nhost: a\r\n\r\n").await;
    connected.hears("/1").await;
    connected.rests(1).await;
    connected.client.shutdown().await.unwrap();
    assert_eq!(connected.client.read(&mut [0; 16]).await.unwrap(), 0);
}
