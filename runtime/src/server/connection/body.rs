//! The body of a response, in pieces that a connection can hold.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::exchange::Exchange;

/// The longest piece. hyper copies each into the buffer that it writes from, so that this bounds what a connection holds of
/// a response whose client reads slowly, whatever the application hands over at once.
const PIECE: usize = 64 * 1024;

pin_project! {
    /// What a service answers with, or the text of a refusal; and the request, which is over when this is dropped.
    #[derive(Debug)]
    pub(super) struct Outgoing<B> {
        #[pin]
        body: Option<B>,
        // What is left of a piece that was too long.
        rest: Bytes,
        exchange: Exchange,
    }
}

impl<B> Outgoing<B> {
    pub(super) const fn new(body: B, exchange: Exchange) -> Self {
        Self { body: Some(body), rest: Bytes::new(), exchange }
    }

    pub(super) const fn text(text: &'static str, exchange: Exchange) -> Self {
        Self { body: None, rest: Bytes::from_static(text.as_bytes()), exchange }
    }
}

impl<B: Body<Data = Bytes>> Body for Outgoing<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        if !this.rest.is_empty() {
            let piece = this.rest.split_to(this.rest.len().min(PIECE));
            this.exchange.hands(true);
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let Some(body) = this.body.as_pin_mut() else { return Poll::Ready(None) };
        match body.poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                this.exchange.hands(true);
                if frame.data_ref().is_none_or(|data| data.len() <= PIECE) {
                    return Poll::Ready(Some(Ok(frame)));
                }
                Poll::Ready(Some(Ok(match frame.into_data() {
                    Ok(mut piece) => {
                        *this.rest = piece.split_off(PIECE);
                        Frame::data(piece)
                    }
                    Err(frame) => frame,
                })))
            }
            Poll::Pending => {
                this.exchange.hands(false);
                Poll::Pending
            }
            ended => ended,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint);
        let rest = self.rest.len() as u64;
        if rest > 0 {
            let upper = hint.upper();
            hint.set_lower(hint.lower().saturating_add(rest));
            if let Some(upper) = upper {
                hint.set_upper(upper.saturating_add(rest));
            }
        }
        hint
    }
}
