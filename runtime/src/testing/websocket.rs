//! A socket of a client inside the process.

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;
use futures_sink::Sink;
use http::header::{COOKIE, HOST, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_PROTOCOL};
use http::{HeaderValue, Request};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Bytes};

use super::client::Client;
use super::exchange::{TestResponse, set_header};
use crate::app::response::Response;
use crate::app::websocket::{CloseCode, CloseFrame, IntoMessage, Message};
use crate::protocol::connection_info::ConnectionInfo;
use crate::server::MakeConnectionService;

/// The bytes that may be under way in one direction.
const PIPE: usize = 64 * 1024;

/// A handshake that is being put together; awaiting it sends it, and gives the socket or the answer that refused it.
#[must_use = "a handshake is sent when it is awaited"]
#[derive(Debug)]
pub struct PendingSocket {
    client: Client,
    request: Request<()>,
}

impl Client {
    /// Opens a socket at `target`, a path. It speaks through a pipe inside the process, by HTTP/1.1, to the application as a
    /// server would have it; the client's side is tokio-tungstenite's.
    ///
    /// With tokio's clock paused, hours of a heart that beats are over in a moment.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::testing::Client;
    ///
    /// #[websocket(route = "/echo")]
    /// async fn echo(mut ws: WebSocket) -> Result<()> {
    ///     while let Some(message) = ws.recv().await? {
    ///         ws.send(message).await?;
    ///     }
    ///     Ok(())
    /// }
    ///
    /// #[aiopyramid::test]
    /// async fn what_is_said_comes_back(client: Client) {
    ///     let mut socket = client.websocket("/echo").await.unwrap();
    ///     socket.send("hello").await;
    ///     assert_eq!(socket.recv_text().await, "hello");
    ///     assert_eq!(client.get("/echo").await.status(), 426);
    /// }
    /// ```
    ///
    /// # Panics
    /// Where `target` cannot stand in a request.
    pub fn websocket(&self, target: &str) -> PendingSocket {
        let request = format!("ws://example.com{target}")
            .into_client_request()
            .unwrap_or_else(|error| panic!("`{target}` is no target: {error}"));
        PendingSocket { client: self.clone(), request }
    }
}

impl PendingSocket {
    /// Sets a header.
    ///
    /// # Panics
    /// Where the name or the value cannot stand in a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        set_header(self.request.headers_mut(), name, value);
        self
    }

    /// Offers these subprotocols, the best first.
    ///
    /// # Panics
    /// Where one of them cannot stand in a header.
    pub fn subprotocols(self, names: &[&str]) -> Self {
        self.header(SEC_WEBSOCKET_PROTOCOL.as_str(), &names.join(", "))
    }

    async fn open(mut self) -> Result<TestSocket, TestResponse> {
        if let Some(cookies) = self.client.cookie_header()
            && !self.request.headers().contains_key(COOKIE)
        {
            self.request.headers_mut().insert(COOKIE, cookies);
        }
        self.request.headers_mut().entry(HOST).or_insert(HeaderValue::from_static("example.com"));
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let service = self.client.app().connect(Arc::new(ConnectionInfo::default()));
        tokio::spawn(async move {
            // Whatever goes wrong, the client sees.
            let _ =
                http1::Builder::new().serve_connection(TokioIo::new(theirs), service).with_upgrades().await;
        });
        match tokio_tungstenite::client_async(self.request, ours).await {
            Ok((stream, response)) => {
                Ok(TestSocket { stream, response: response.map(drop), close: None, over: false })
            }
            Err(tungstenite::Error::Http(refusal)) => {
                let (head, body) = refusal.into_parts();
                let mut response = Response::new(body.unwrap_or_default());
                response.set_status(head.status);
                *response.headers_mut() = head.headers;
                Err(TestResponse::of(response).await)
            }
            Err(error) => panic!("the handshake broke off: {error}"),
        }
    }
}

impl IntoFuture for PendingSocket {
    type Output = Result<TestSocket, TestResponse>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}

/// The client's side of a socket. What cannot be sent, and what does not come as it should, is a panic.
pub struct TestSocket {
    stream: WebSocketStream<DuplexStream>,
    response: http::Response<()>,
    close: Option<CloseFrame>,
    over: bool,
}

impl TestSocket {
    /// Sends a message: a text, bytes, `Json(value)`.
    ///
    /// # Panics
    /// Where the socket is closed.
    pub async fn send(&mut self, message: impl IntoMessage) {
        let message = message.into_message().unwrap_or_else(|error| panic!("no message: {error}"));
        self.put(message).await;
    }

    /// Sends a ping.
    ///
    /// # Panics
    /// Where the socket is closed.
    pub async fn ping(&mut self, payload: &'static str) {
        self.put(Message::Ping(Bytes::from_static(payload.as_bytes()))).await;
    }

    /// Begins the closing handshake; [`recv`](Self::recv) gives `None` when it is done.
    ///
    /// # Panics
    /// Where the socket is closed already.
    pub async fn close(&mut self, code: impl Into<CloseCode>, reason: &str) {
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        self.put(Message::Close(Some(frame))).await;
    }

    async fn put(&mut self, message: Message) {
        let mut message = Some(message);
        poll_fn(|context| {
            let mut stream = Pin::new(&mut self.stream);
            if let Some(taken) = message.take() {
                match stream.as_mut().poll_ready(context) {
                    std::task::Poll::Ready(Ok(())) => stream.as_mut().start_send(taken)?,
                    std::task::Poll::Ready(Err(error)) => return std::task::Poll::Ready(Err(error)),
                    std::task::Poll::Pending => {
                        message = Some(taken);
                        return std::task::Poll::Pending;
                    }
                }
            }
            stream.poll_flush(context)
        })
        .await
        .unwrap_or_else(|error| panic!("the message cannot be sent: {error}"));
    }

    /// The next frame as it comes, pings and pongs too; `None` at the end. Pings are answered when the socket is read.
    pub async fn recv_any(&mut self) -> Option<Message> {
        if self.over {
            return None;
        }
        let next = poll_fn(|context| Pin::new(&mut self.stream).poll_next(context)).await;
        match next {
            Some(Ok(Message::Close(frame))) => {
                self.close.clone_from(&frame);
                Some(Message::Close(frame))
            }
            Some(Ok(message)) => Some(message),
            Some(Err(_)) | None => {
                self.over = true;
                None
            }
        }
    }

    /// The next text or bytes; `None` when the socket is closed.
    pub async fn recv(&mut self) -> Option<Message> {
        while let Some(message) = self.recv_any().await {
            if message.is_text() || message.is_binary() {
                return Some(message);
            }
        }
        None
    }

    /// The next message as text.
    ///
    /// # Panics
    /// Where it is none, or the socket is closed.
    pub async fn recv_text(&mut self) -> String {
        match self.recv().await {
            Some(Message::Text(text)) => text.as_str().to_owned(),
            Some(other) => panic!("no text, but {other:?}"),
            None => panic!("no text: the socket is closed with {:?}", self.close),
        }
    }

    /// The next message as JSON.
    ///
    /// # Panics
    /// Where it is none, or no `T`, or the socket is closed.
    pub async fn recv_json<T: DeserializeOwned>(&mut self) -> T {
        let text = self.recv_text().await;
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("the message is not as expected: {error}: {text}"))
    }

    /// Reads until the socket is closed, and gives what the server closed it with: the code and the reason. 1006 stands for a
    /// connection that ended without a close frame, 1005 for a frame without a code (RFC 6455 section 7.4.1).
    pub async fn closed(&mut self) -> (u16, String) {
        let mut code = 1006;
        while let Some(message) = self.recv_any().await {
            if message.is_close() {
                code = 1005;
            }
        }
        match &self.close {
            Some(frame) => (frame.code.into(), frame.reason.as_str().to_owned()),
            None => (code, String::new()),
        }
    }

    /// The answer to the handshake.
    pub fn response(&self) -> &http::Response<()> {
        &self.response
    }

    /// The subprotocol that was agreed on.
    pub fn subprotocol(&self) -> Option<&str> {
        self.response.headers().get(SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()
    }

    /// The extensions that were agreed on; empty where there are none.
    pub fn extensions(&self) -> &str {
        let extensions = self.response.headers().get(SEC_WEBSOCKET_EXTENSIONS);
        extensions.and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// tokio-tungstenite's own stream, for whatever is not above.
    pub fn stream(&mut self) -> &mut WebSocketStream<DuplexStream> {
        &mut self.stream
    }
}

impl fmt::Debug for TestSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestSocket").field("close", &self.close).finish_non_exhaustive()
    }
}
