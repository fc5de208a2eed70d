//! One request and its response, from the head of the one to the last byte of the other.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::Service;
#[cfg(feature = "websocket")]
use hyper::upgrade::OnUpgrade;
use pin_project_lite::pin_project;

use super::body::Outgoing;
use super::examination::{Examiner, Refusal};
#[cfg(feature = "websocket")]
use super::farewell::going_away;
use super::forwarding::Forwarding;
use super::pieces::Pieces;
use super::state::ConnectionState;
use super::stream_watch::StreamWatch;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::spare_headers;
#[cfg(feature = "websocket")]
use crate::protocol::upgrade::OpenedMark;
use crate::server::access_log::{Head, RequestLine};
use crate::server::recorder::Record;

/// The application's service with its requests examined before and watched during the answer.
#[derive(Debug)]
pub(super) struct Supervised<S> {
    service: S,
    state: Arc<ConnectionState>,
    examiner: Examiner,
    /// Of a connection whose peer speaks for its clients.
    front: Option<Box<Front>>,
    /// Of one of whose requests a record is kept.
    recorded: Option<Arc<ConnectionInfo>>,
}

/// A server in front, and the connection that it has.
#[derive(Debug)]
pub(super) struct Front {
    pub(super) forwarding: Arc<Forwarding>,
    pub(super) info: Arc<ConnectionInfo>,
}

/// A service whose connection may be put to rest.
pub(super) trait Rest {
    /// Keeps nothing that can be done without.
    fn rest(&mut self);
}

impl<S> Rest for Supervised<S> {
    fn rest(&mut self) {
        self.examiner.rest();
        // Where every connection of the thread rests, no map is kept for them either.
        drop(spare_headers::take());
    }
}

impl<S> Supervised<S> {
    pub(super) fn new(service: S, state: Arc<ConnectionState>) -> Self {
        let examiner = Examiner::new(state.roster().limits.target_size);
        Self { service, state, examiner, front: None, recorded: None }
    }

    /// Has requests taken for those of the clients of a server in front.
    pub(super) fn behind(mut self, front: Option<Front>) -> Self {
        self.front = front.map(Box::new);
        self
    }

    /// Has a record kept of requests, where their connection is given.
    pub(super) fn recorded(mut self, info: Option<Arc<ConnectionInfo>>) -> Self {
        if let (Some(recording), Some(info)) = (self.state.recording(), &info) {
            recording.belongs_to(info);
        }
        self.recorded = info;
        self
    }

    /// Begins the record of a request, whose target was this.
    #[cold]
    fn record<B>(
        &self,
        exchange: &mut Exchange,
        request: &mut Request<B>,
        uri: &Uri,
        info: &Arc<ConnectionInfo>,
    ) {
        let Some(recorder) = &self.state.roster().recorder else { return };
        // A server in front may have said whose it is.
        let connection = request.extensions().get().unwrap_or(info);
        let record = recorder.begin(&Head {
            line: Some(RequestLine { method: request.method(), uri, version: request.version() }),
            headers: request.headers(),
            connection,
        });
        record.attach(request.extensions_mut());
        exchange.record = Some(record);
    }
}

impl<S, B> Service<Request<Incoming>> for Supervised<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
    B: Body<Data = Bytes>,
{
    type Response = Response<Outgoing<B>>;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let has_body = !request.body().is_end_stream();
        if has_body && wants_websocket(&request) {
            // Nobody can tell whether what follows is its body, frames, or the next request.
            self.state.ends_with_this();
        }
        if self.recorded.is_some() {
            return self.call_recorded(request, has_body);
        }
        let (exchange, examined) = self.examine(&mut request, has_body);
        self.answer(request, exchange, examined)
    }
}

impl<S, B> Supervised<S>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>,
{
    #[inline]
    fn examine(&self, request: &mut Request<Incoming>, has_body: bool) -> (Exchange, Result<(), Refusal>) {
        let exchange = Exchange::begin(&self.state, has_body, request.method());
        let mut examined = self.examiner.examine(request, has_body);
        if let Some(front) = &self.front
            && examined.is_ok()
        {
            examined = front.forwarding.apply(request, &front.info);
        }
        if has_body && let Some(stream) = &exchange.stream {
            request.extensions_mut().insert(stream.pace());
        }
        #[cfg(feature = "websocket")]
        if request.extensions().get::<OnUpgrade>().is_some() {
            request.extensions_mut().insert(going_away(&self.state));
        }
        (exchange, examined)
    }

    #[expect(clippy::inline_always, reason = "a request is large, and would be handed on in memory")]
    #[inline(always)]
    fn answer(
        &self,
        request: Request<Incoming>,
        exchange: Exchange,
        examined: Result<(), Refusal>,
    ) -> Answering<S::Future> {
        match examined {
            Ok(()) => Answering::Working { answer: self.service.call(request), exchange: Some(exchange) },
            Err(refusal) => Answering::Refused { refused: Some((refusal, exchange)) },
        }
    }

    /// The same where a record is kept. Apart, so that it costs nothing where none is.
    #[cold]
    fn call_recorded(&self, mut request: Request<Incoming>, has_body: bool) -> Answering<S::Future> {
        // A server in front may have it changed.
        let uri = request.uri().clone();
        let (mut exchange, examined) = self.examine(&mut request, has_body);
        if let Some(info) = &self.recorded {
            self.record(&mut exchange, &mut request, &uri, info);
        }
        self.answer(request, exchange, examined)
    }
}

/// Whether a request over HTTP/1.1 is to open a websocket.
fn wants_websocket(request: &Request<Incoming>) -> bool {
    request
        .headers()
        .get(UPGRADE)
        .is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// A request that is being answered: counted from the first moment to the drop of its response's body.
#[derive(Debug)]
pub(super) struct Exchange {
    state: Arc<ConnectionState>,
    /// HTTP/2 only.
    stream: Option<Arc<StreamWatch>>,
    /// A request for the head alone, over HTTP/2: there hyper would send the body all the same, which is an error of the
    /// protocol.
    head_alone: bool,
    /// A CONNECT of HTTP/2: any 2xx would open it (RFC 8441 section 5).
    #[cfg(feature = "websocket")]
    connects: bool,
    record: Option<Box<Record>>,
}

impl Exchange {
    fn begin(state: &Arc<ConnectionState>, has_body: bool, method: &Method) -> Self {
        state.begin(has_body);
        let stream = state.is_http2().then(|| state.watch_stream());
        let head_alone = stream.is_some() && method == Method::HEAD;
        #[cfg(feature = "websocket")]
        let connects = stream.is_some() && method == Method::CONNECT;
        Self {
            state: Arc::clone(state),
            stream,
            head_alone,
            #[cfg(feature = "websocket")]
            connects,
            record: None,
        }
    }

    /// A piece of the response was handed over; or, if not, was asked for and is not there yet.
    pub(super) fn hands(&self, handed: bool) {
        match &self.stream {
            Some(stream) => stream.hands(handed),
            None => self.state.pends(!handed),
        }
    }

    /// What is kept of it, if anything is.
    pub(super) fn record(&mut self) -> Option<&mut Record> {
        self.record.as_deref_mut()
    }

    /// Takes down the head of an answer, and whether there is nothing after it.
    #[cold]
    fn answers<B>(&mut self, response: &Response<B>, empty: bool) {
        let Some(record) = &mut self.record else { return };
        record.answers(response);
        if empty {
            record.ends();
        }
        if let Some(recording) = self.state.recording() {
            recording.begins_answer();
        }
    }

    /// Makes of an answer of the application's what is sent. It is looked at where it is: it is large, and each hand that it
    /// passes through would copy it.
    ///
    /// # Errors
    /// What is sent in its place.
    fn finish<B: Body<Data = Bytes>>(&mut self, response: &mut Response<B>) -> Result<(), Refusal> {
        if self.record.is_some() {
            let empty = response.body().is_end_stream();
            self.answers(response, empty);
        }
        if self.head_alone {
            if let Some(length) = response.body().size_hint().exact().filter(|length| *length > 0) {
                response.headers_mut().entry(CONTENT_LENGTH).or_insert_with(|| length.into());
            }
            return Ok(());
        }
        #[cfg(feature = "websocket")]
        if self.connects
            && response.status().is_success()
            && response.extensions().get::<OpenedMark>().is_none()
        {
            return Err(Refusal {
                status: StatusCode::NOT_IMPLEMENTED,
                text: "Nothing is opened at this address.\n",
            });
        }
        if self.stream.is_none() {
            self.state.pends(false);
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                if self.state.has_body() {
                    return Err(Refusal {
                        status: StatusCode::BAD_REQUEST,
                        text: "A request that has a body cannot be one for an upgrade.\n",
                    });
                }
                self.state.switches();
            } else if self.state.is_closing() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                if self.state.is_uwsgi() {
                    // Otherwise hyper would send a body of unknown length in chunks. The stream mends the version.
                    *response.version_mut() = Version::HTTP_10;
                    response.headers_mut().remove(TRANSFER_ENCODING);
                }
            }
        }
        Ok(())
    }

    /// Ends the record, or has it wait until what is still on its way has left.
    #[cold]
    fn close_record(&mut self) {
        let Some(record) = self.record.take() else { return };
        match self.state.recording().filter(|_| self.stream.is_none()) {
            Some(recording) => recording.wait(*record),
            None => record.tell(None),
        }
    }

    #[cold]
    fn refuse<B: Body<Data = Bytes>>(self, refusal: Refusal) -> Response<Outgoing<B>> {
        let close = self.stream.is_none();
        let text = if self.head_alone { "" } else { refusal.text };
        let mut response = Response::new(Pieces::text(text));
        *response.status_mut() = refusal.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        if close {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let mut exchange = self;
        if exchange.record.is_some() {
            exchange.answers(&response, text.is_empty());
        }
        response.map(|pieces| Outgoing::new(pieces, exchange))
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.state.end();
        if self.record.is_some() {
            self.close_record();
        }
    }
}

pin_project! {
    /// The answer to one request on its way.
    #[project = AnsweringProjection]
    pub(super) enum Answering<F> {
        Working { #[pin] answer: F, exchange: Option<Exchange> },
        Refused { refused: Option<(Refusal, Exchange)> },
    }
}

impl<F, B> Future for Answering<F>
where
    F: Future<Output = Result<Response<B>, Infallible>>,
    B: Body<Data = Bytes>,
{
    type Output = Result<Response<Outgoing<B>>, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        const ASKED_AGAIN: &str = "a future is not polled after it was ready";
        match self.project() {
            AnsweringProjection::Working { answer, exchange } => {
                let mut polled = answer.poll(context);
                let Poll::Ready(Ok(response)) = &mut polled else {
                    if let Some(Exchange { stream: None, state, .. }) = exchange {
                        state.pends(true);
                    }
                    return Poll::Pending;
                };
                let mut exchange = exchange.take().expect(ASKED_AGAIN);
                if let Err(refusal) = exchange.finish(response) {
                    return Poll::Ready(Ok(exchange.refuse(refusal)));
                }
                let Poll::Ready(Ok(response)) = polled else { unreachable!("it was looked at") };
                Poll::Ready(Ok(response.map(|body| {
                    let pieces = if exchange.head_alone { Pieces::text("") } else { Pieces::new(body) };
                    Outgoing::new(pieces, exchange)
                })))
            }
            AnsweringProjection::Refused { refused } => {
                let (refusal, exchange) = refused.take().expect(ASKED_AGAIN);
                Poll::Ready(Ok(exchange.refuse(refusal)))
            }
        }
    }
}
