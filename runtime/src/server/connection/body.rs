//! The body of a response on its way out.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::exchange::Exchange;
use super::pieces::Pieces;

pin_project! {
    /// What a service answers with, or the text of a refusal; and the request, which is over when this is dropped.
    #[derive(Debug)]
    pub(super) struct Outgoing<B> {
        #[pin]
        pieces: Pieces<B>,
        exchange: Exchange,
    }
}

impl<B> Outgoing<B> {
    pub(super) const fn new(pieces: Pieces<B>, exchange: Exchange) -> Self {
        Self { pieces, exchange }
    }
}

impl<B: Body<Data = Bytes>> Body for Outgoing<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        let polled = this.pieces.as_mut().poll_frame(context);
        this.exchange.hands(polled.is_ready());
        if let Some(record) = this.exchange.record() {
            match &polled {
                Poll::Ready(Some(Ok(frame))) => {
                    record.hands(frame.data_ref());
                    if this.pieces.is_end_stream() {
                        record.ends();
                    }
                }
                Poll::Ready(None) => record.ends(),
                Poll::Ready(Some(Err(_))) | Poll::Pending => {}
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.pieces.size_hint()
    }
}
