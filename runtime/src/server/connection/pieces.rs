//! A body in pieces that a connection can hold.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

/// The longest piece. hyper copies each into the buffer that it writes from, so that this bounds what a connection holds of
/// a response whose client reads slowly, whatever the application hands over at once.
const PIECE: usize = 64 * 1024;

pin_project! {
    /// A body whose pieces are never longer than 64 KiB; or a text.
    #[derive(Debug)]
    pub(super) struct Pieces<B> {
        #[pin]
        body: Option<B>,
        // What is left of a piece that was too long, or of the text.
        rest: Bytes,
    }
}

impl<B> Pieces<B> {
    pub(super) const fn new(body: B) -> Self {
        Self { body: Some(body), rest: Bytes::new() }
    }

    pub(super) const fn text(text: &'static str) -> Self {
        Self { body: None, rest: Bytes::from_static(text.as_bytes()) }
    }
}

impl<B: Body<Data = Bytes>> Body for Pieces<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.project();
        if !this.rest.is_empty() {
            let piece = this.rest.split_to(this.rest.len().min(PIECE));
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let Some(body) = this.body.as_pin_mut() else { return Poll::Ready(None) };
        let polled = body.poll_frame(context);
        match polled {
            Poll::Ready(Some(Ok(frame))) if frame.data_ref().is_some_and(|data| data.len() > PIECE) => {
                Poll::Ready(Some(Ok(match frame.into_data() {
                    Ok(mut piece) => {
                        *this.rest = piece.split_off(PIECE);
                        Frame::data(piece)
                    }
                    Err(frame) => frame,
                })))
            }
            short => short,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let of_body = self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint);
        let rest = self.rest.len() as u64;
        if rest == 0 {
            return of_body;
        }
        let mut hint = SizeHint::new();
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(of_body.lower().saturating_add(rest));
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use http_body_util::Full;

    use super::*;

    fn lengths(mut pieces: Pieces<Full<Bytes>>) -> Vec<usize> {
        let mut context = Context::from_waker(Waker::noop());
        let mut left = pieces.size_hint().exact().unwrap();
        let mut lengths = Vec::new();
        while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut pieces).poll_frame(&mut context) {
            let piece = frame.into_data().unwrap();
            left -= piece.len() as u64;
            assert_eq!(pieces.size_hint().exact(), Some(left));
            assert_eq!(pieces.is_end_stream(), left == 0);
            lengths.push(piece.len());
        }
        lengths
    }

    #[test]
    fn only_long_bodies_are_taken_apart() {
        let body = |length| Pieces::new(Full::new(Bytes::from(vec![b'x'; length])));
        assert_eq!(lengths(body(5)), [5]);
        assert_eq!(lengths(body(PIECE)), [PIECE]);
        assert_eq!(lengths(body(2 * PIECE + 1)), [PIECE, PIECE, 1]);
    }

    #[test]
    fn a_text_is_a_body_too() {
        assert_eq!(lengths(Pieces::text("refused")), [7]);
    }
}
