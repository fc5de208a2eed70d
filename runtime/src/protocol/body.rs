//! The bytes of a request or a response, whole or arriving.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;

use super::body_pace::BodyPace;

/// Why a body broke off: the connection ended, or the stream behind it failed.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The bytes of a request or a response.
///
/// Nearly every body is empty or one piece, so those two are values and not behind a pointer; what streams is boxed.
#[derive(Default)]
pub struct Body(Kind);

#[derive(Default)]
enum Kind {
    #[default]
    Empty,
    Whole(Bytes),
    Incoming(Incoming),
    Paced(Box<(Incoming, Arc<BodyPace>)>),
    Stream(Pin<Box<dyn HttpBody<Data = Bytes, Error = BodyError> + Send>>),
}

impl Body {
    /// No bytes at all.
    pub const fn empty() -> Self {
        Self(Kind::Empty)
    }

    /// The body of a request whose arrival the server looks after.
    pub(crate) fn paced(incoming: Incoming, pace: Arc<BodyPace>) -> Self {
        Self(if incoming.is_end_stream() { Kind::Empty } else { Kind::Paced(Box::new((incoming, pace))) })
    }

    /// A body that is sent as `stream` yields it, with each piece leaving at once.
    ///
    /// An error in the stream breaks the connection off, which is how HTTP tells a client that a body is incomplete.
    pub fn from_stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BodyError>,
    {
        Self(Kind::Stream(Box::pin(Streamed { stream })))
    }

    /// Any other body.
    pub fn new<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        // One of these stays what it is, so that none grows by each hand that it passes through.
        let mut body = Some(body);
        if let Some(own) = (&mut body as &mut dyn Any).downcast_mut::<Option<Self>>() {
            return own.take().unwrap_or_default();
        }
        let body = body.map(|body| http_body_util::BodyExt::map_err(body, Into::into));
        Self(body.map_or(Kind::Empty, |body| Kind::Stream(Box::pin(body))))
    }

    /// The bytes, where they are all there already.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Kind::Empty => Some(&[]),
            Kind::Whole(bytes) => Some(bytes),
            Kind::Incoming(_) | Kind::Paced(_) | Kind::Stream(_) => None,
        }
    }
}

impl From<Incoming> for Body {
    fn from(incoming: Incoming) -> Self {
        Self(if incoming.is_end_stream() { Kind::Empty } else { Kind::Incoming(incoming) })
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(if bytes.is_empty() { Kind::Empty } else { Kind::Whole(bytes) })
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut self.0 {
            Kind::Empty => Poll::Ready(None),
            Kind::Whole(_) => match std::mem::take(&mut self.0) {
                Kind::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
                _ => Poll::Ready(None),
            },
            Kind::Incoming(incoming) => Pin::new(incoming).poll_frame(cx).map_err(Into::into),
            Kind::Paced(paced) => {
                let (incoming, pace) = &mut **paced;
                let polled = Pin::new(incoming).poll_frame(cx);
                match &polled {
                    Poll::Pending => pace.waits(),
                    Poll::Ready(Some(Ok(frame))) => pace.arrived(frame.data_ref().map_or(0, Bytes::len)),
                    Poll::Ready(_) => pace.arrived(0),
                }
                polled.map_err(Into::into)
            }
            Kind::Stream(stream) => stream.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Empty => true,
            Kind::Whole(_) => false,
            Kind::Incoming(incoming) => incoming.is_end_stream(),
            Kind::Paced(paced) => paced.0.is_end_stream(),
            Kind::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Empty => SizeHint::with_exact(0),
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Incoming(incoming) => incoming.size_hint(),
            Kind::Paced(paced) => paced.0.size_hint(),
            Kind::Stream(stream) => stream.size_hint(),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Empty => f.write_str("Body(empty)"),
            Kind::Whole(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Kind::Incoming(_) | Kind::Paced(_) => f.write_str("Body(incoming)"),
            Kind::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

pin_project_lite::pin_project! {
    struct Streamed<S> {
        #[pin]
        stream: S,
    }
}

impl<S, E> HttpBody for Streamed<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        self.project()
            .stream
            .poll_next(cx)
            .map(|item| item.map(|piece| piece.map(Frame::data).map_err(Into::into)))
    }
}
