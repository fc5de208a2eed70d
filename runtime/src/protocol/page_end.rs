//! Markup put at the end of a page, however that arrives.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    HeaderValue, LAST_MODIFIED,
};
use http::{Response, StatusCode};
use http_body::{Body as HttpBody, Frame};

use super::body::{Body, BodyError};

/// Before what it stands.
const END: &[u8] = b"</body";

/// The most bytes of a stream that are held back because an end of the page was seen and another one may follow.
const HELD: usize = 64 * 1024;

/// Puts `markup` before the last `</body>` of a page, or to the end of a document without one. What is no whole page, or packed, stays
/// as it is; says whether it was one.
pub(crate) fn insert(response: &mut Response<Body>, markup: impl Into<Bytes>, is_document: bool) -> bool {
    if !is_page(response) {
        return false;
    }
    // It is another page than the one that they are about, and one for now only.
    for name in [CONTENT_LENGTH, ETAG, LAST_MODIFIED, ACCEPT_RANGES] {
        response.headers_mut().remove(name);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let mut held = Held { markup: Some(markup.into()), bytes: BytesMut::new(), has_end: false, is_document };
    let body = std::mem::take(response.body_mut());
    *response.body_mut() = match body.as_bytes() {
        Some(bytes) => {
            let mut page = BytesMut::from(&*held.take(bytes));
            page.extend_from_slice(&held.rest());
            page.freeze().into()
        }
        None => Body::new(Inserted { body, held, last: VecDeque::new(), ended: false }),
    };
    true
}

fn is_page(response: &Response<Body>) -> bool {
    let headers = response.headers();
    let text =
        |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    text(CONTENT_TYPE).to_ascii_lowercase().starts_with("text/html")
        && !headers.contains_key(CONTENT_ENCODING)
        && !text(CONTENT_DISPOSITION).starts_with("attachment")
        && response.status() != StatusCode::PARTIAL_CONTENT
        && !response.body().is_end_stream()
}

/// What of a page waits until it is known where it belongs.
#[derive(Debug)]
struct Held {
    markup: Option<Bytes>,
    /// From the last end that was seen, or what may become one.
    bytes: BytesMut,
    has_end: bool,
    is_document: bool,
}

impl Held {
    /// Takes the next piece of the page, and gives what needs not wait.
    fn take(&mut self, piece: &[u8]) -> Bytes {
        self.bytes.extend_from_slice(piece);
        if self.markup.is_none() {
            return self.bytes.split().freeze();
        }
        if let Some(place) = last_end(&self.bytes) {
            self.has_end = true;
            if self.bytes.len() - place <= HELD {
                return self.bytes.split_to(place).freeze();
            }
            // It goes on for too long: this was the end.
            let mut out = self.bytes.split_to(place);
            out.extend_from_slice(&self.markup.take().unwrap_or_default());
            out.extend_from_slice(&self.bytes.split());
            return out.freeze();
        }
        let begun = begun_end(&self.bytes);
        self.bytes.split_to(self.bytes.len() - begun).freeze()
    }

    /// What is left when the page is over.
    fn rest(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        let markup = self.markup.take().unwrap_or_default();
        if self.has_end {
            out.extend_from_slice(&markup);
        }
        out.extend_from_slice(&self.bytes.split());
        if !self.has_end && self.is_document {
            out.extend_from_slice(&markup);
        }
        out.freeze()
    }
}

/// Where the last end of a page begins.
fn last_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(END.len()).rposition(|window| window.eq_ignore_ascii_case(END))
}

/// How many of the last bytes may be the beginning of one.
fn begun_end(bytes: &[u8]) -> usize {
    let most = bytes.len().min(END.len() - 1);
    (1..=most)
        .rev()
        .find(|count| bytes[bytes.len() - count..].eq_ignore_ascii_case(&END[..*count]))
        .unwrap_or(0)
}

/// A page that arrives in pieces.
struct Inserted {
    body: Body,
    held: Held,
    /// Frames for the end.
    last: VecDeque<Frame<Bytes>>,
    ended: bool,
}

impl HttpBody for Inserted {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        while !self.ended {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => {
                        let out = self.held.take(&piece);
                        if !out.is_empty() {
                            return Poll::Ready(Some(Ok(Frame::data(out))));
                        }
                    }
                    Err(other) => self.last.push_back(other),
                },
                None => {
                    self.ended = true;
                    let rest = self.held.rest();
                    if !rest.is_empty() {
                        self.last.push_front(Frame::data(rest));
                    }
                }
            }
        }
        Poll::Ready(self.last.pop_front().map(Ok))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(pieces: &[&str], is_document: bool) -> String {
        let markup = Some(Bytes::from_static(b"<S>"));
        let mut held = Held { markup, bytes: BytesMut::new(), has_end: false, is_document };
        let mut out: Vec<u8> = pieces.iter().flat_map(|piece| held.take(piece.as_bytes())).collect();
        out.extend(held.rest());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_markup_stands_before_the_last_end_however_the_page_arrives() {
        for (whole, expected) in [
            ("<body>x</body></html>", "<body>x<S></body></html>"),
            ("<BODY>x</BODY >\n", "<BODY>x<S></BODY >\n"),
            ("<!-- </body> -->x</body>", "<!-- </body> -->x<S></body>"),
            ("<p>x", "<p>x<S>"),
            ("", "<S>"),
        ] {
            assert_eq!(page(&[whole], true), expected);
            let letters: Vec<&str> = whole.split("").collect();
            assert_eq!(page(&letters, true), expected, "letter by letter");
            for place in 0..whole.len() {
                let (one, other) = whole.split_at(place);
                assert_eq!(page(&[one, other], true), expected, "cut at {place}");
            }
        }
        assert_eq!(
            page(&["<li>x</li>"], false),
            "<li>x</li>",
            "a piece of a page that a script has asked for"
        );
    }

    #[test]
    fn a_stream_is_not_held_back_for_what_cannot_be_an_end() {
        let markup = Some(Bytes::from_static(b"<S>"));
        let mut held = Held { markup, bytes: BytesMut::new(), has_end: false, is_document: true };
        assert_eq!(held.take(b"<p>one</p>"), "<p>one</p>");
        assert_eq!(held.take(b"two </b"), "two ");
        assert_eq!(held.take(b">three"), "</b>three");
        assert_eq!(held.take(b"</body>"), "");
        let long = "x".repeat(HELD);
        assert_eq!(held.take(long.as_bytes()), format!("<S></body>{long}"));
        assert_eq!(held.take(b"</body>"), "</body>");
        assert_eq!(held.rest(), "");
    }

    #[test]
    fn only_whole_pages_are_touched() {
        let answer = |kind: &'static str, coding: Option<&'static str>, body: &'static str| {
            let mut response = Response::new(Body::from(body));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            response.headers_mut().insert(ETAG, HeaderValue::from_static("\"1\""));
            if let Some(coding) = coding {
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
            insert(&mut response, "<S>", true);
            (response.headers().contains_key(ETAG), response.body().as_bytes().unwrap().to_vec())
        };
        let expected = b"x<S></body>".to_vec();
        assert_eq!(answer("text/html; charset=UTF-8", None, "x</body>"), (false, expected));
        for (kind, coding, body) in
            [("text/plain", None, "x"), ("text/html", Some("gzip"), "x"), ("text/html", None, "")]
        {
            assert_eq!(answer(kind, coding, body), (true, body.as_bytes().to_vec()), "{kind} {coding:?}");
        }
    }
}
