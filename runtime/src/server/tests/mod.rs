//! A server on a real socket, and clients that misbehave.
//!
//! The limits of time are set to a fraction of a second here, and a test waits for what they lead to. What a busy machine
//! delays is delayed; nothing is asserted about how soon something happens.

mod http1;
mod http2;
mod limits;
mod process;
mod stop;
mod uwsgi;

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;

use super::{MakeConnectionService, Server, ServerConfig, ServerHandle, ShutdownReport};
use crate::protocol::connection_info::ConnectionInfo;

/// Long enough for anything that happens at all.
const EVENTUALLY: Duration = Duration::from_secs(30);

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;
type Answered = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// An application: a function of the request.
#[derive(Clone)]
struct App(Arc<dyn Fn(Request<Incoming>) -> Answered + Send + Sync>);

struct Connected(App);

impl MakeConnectionService for App {
    type Service = Connected;
    type Body = UnsyncBoxBody<Bytes, Infallible>;

    fn connect(&self, _: Arc<ConnectionInfo>) -> Connected {
        Connected(self.clone())
    }
}

impl hyper::service::Service<Request<Incoming>> for Connected {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let answered = self.0.0(request);
        Box::pin(async move { Ok(answered.await) })
    }
}

fn text(text: impl Into<Bytes>) -> Answer {
    Response::new(Full::new(text.into()).boxed_unsync())
}

fn status(status: u16) -> Answer {
    let mut answer = text("");
    *answer.status_mut() = http::StatusCode::from_u16(status).unwrap();
    answer
}

/// Part of some work: tells when that is dropped, finished or not.
struct Told(mpsc::Sender<&'static str>);

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.0.send("dropped");
    }
}

/// A server that runs until this is dropped.
struct Running {
    handle: ServerHandle,
    thread: Option<JoinHandle<ShutdownReport>>,
}

impl Running {
    fn start<F, A>(config: ServerConfig, app: F) -> Self
    where
        F: Fn(Request<Incoming>) -> A + Send + Sync + 'static,
        A: Future<Output = Answer> + Send + 'static,
    {
        let server = Server::bind(config.listen("127.0.0.1:0").signals(false)).unwrap();
        let handle = server.handle();
        let app = App(Arc::new(move |request| Box::pin(app(request))));
        let thread = thread::spawn(move || server.run(app).unwrap());
        Self { handle, thread: Some(thread) }
    }

    /// One that answers each request with its target.
    fn echo(config: ServerConfig) -> Self {
        Self::start(config, async |request| text(request.uri().to_string()))
    }

    fn address(&self) -> SocketAddr {
        self.handle.local_addrs()[0]
    }

    fn connect(&self) -> Client {
        Client::connect(self.address())
    }

    /// Waits for the end, which something else has asked for.
    fn join(mut self) -> ShutdownReport {
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.handle.quit();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A client that says exactly what it is told to.
struct Client(TcpStream);

impl Client {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(EVENTUALLY)).unwrap();
        stream.set_write_timeout(Some(EVENTUALLY)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    fn say(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.write_all(bytes.as_ref()).unwrap();
        self
    }

    fn get(&mut self, target: &str) -> Reply {
        self.say(format!("GET {target} HTTP/1.1\r\nhost: a\r\n\r\n")).reply()
    }

    /// Reads one response.
    fn reply(&mut self) -> Reply {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            let read = self.0.read(&mut byte).unwrap();
            assert_eq!(read, 1, "the connection ended after {:?}", String::from_utf8_lossy(&head));
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut reply = Reply { status: head[9..12].parse().unwrap(), head, body: Vec::new() };
        if let Some(length) = reply.field("content-length") {
            reply.body.resize(length.parse().unwrap(), 0);
            self.0.read_exact(&mut reply.body).unwrap();
        }
        reply
    }

    /// Reads so many bytes, which are text.
    fn take(&mut self, bytes: usize) -> String {
        let mut taken = vec![0; bytes];
        self.0.read_exact(&mut taken).unwrap();
        String::from_utf8(taken).unwrap()
    }

    /// Reads to the end of the stream: whatever the server had to say. A reset is an end too.
    fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let mut room = [0; 4096];
        loop {
            match self.0.read(&mut room) {
                Ok(0) => break,
                Ok(read) => rest.extend_from_slice(&room[..read]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
                Err(error) => panic!("the connection did not end: {error}"),
            }
        }
        String::from_utf8_lossy(&rest).into_owned()
    }
}

/// One response.
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn field(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.split_once(": ").filter(|(key, _)| *key == name).map(|(_, value)| value))
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
