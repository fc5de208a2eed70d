//! The body of a request: read whole and kept, or taken and read piece by piece.

use std::{fmt, mem};

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http_body_util::{BodyExt, Limited};

use super::{Reading, Request, lock};
use crate::app::http_exception::HttpException;
use crate::error::{Error, Result};
use crate::protocol::body::Body;

impl Request {
    /// Whether the body is there already, or known to be empty: then reading it does not wait.
    pub(crate) fn body_is_at_hand(&self) -> bool {
        match &*lock(&self.0.body) {
            Reading::Unread(body) => body.as_bytes().is_some(),
            Reading::Gone | Reading::Whole(_) => true,
        }
    }

    /// The body, if nobody has asked for it and it may still be on its way.
    pub(crate) fn unread_body(&self) -> Option<Body> {
        if !self.0.has_body || self.body_is_at_hand() {
            return None;
        }
        match mem::replace(&mut *lock(&self.0.body), Reading::Gone) {
            Reading::Unread(body) => Some(body),
            Reading::Gone | Reading::Whole(_) => None,
        }
    }

    /// The length of the body in bytes, where the client has announced it.
    pub(crate) fn announced_length(&self) -> Option<u64> {
        let digits = self.0.headers.get(CONTENT_LENGTH)?.as_bytes();
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// The whole body. It is kept: whoever asks again gets it again.
    ///
    /// # Errors
    /// 413 where it is larger than the setting `max_body` allows, 400 where the client breaks off, and an error where the
    /// body was [taken](Self::take_body).
    pub async fn read_body(&self) -> Result<Bytes> {
        let body = {
            let mut reading = lock(&self.0.body);
            match mem::replace(&mut *reading, Reading::Gone) {
                Reading::Unread(body) => body,
                Reading::Whole(bytes) => {
                    *reading = Reading::Whole(bytes.clone());
                    return Ok(bytes);
                }
                Reading::Gone => return Err(BodyGone.into()),
            }
        };
        let bytes = self.collect(body).await?;
        *lock(&self.0.body) = Reading::Whole(bytes.clone());
        Ok(bytes)
    }

    /// The whole body, in blocking code: it was read before the view began.
    ///
    /// # Errors
    /// Where nobody has read it; that is in a coroutine that did not await [`read_body`](Self::read_body).
    pub fn body_bytes(&self) -> Result<Bytes> {
        match &*lock(&self.0.body) {
            Reading::Whole(bytes) => Ok(bytes.clone()),
            // One that came in one piece, from a test or a tween: nobody had to read it first.
            Reading::Unread(body) => match body.as_bytes() {
                Some(bytes) if bytes.len() > self.around().limits.body => {
                    Err(HttpException::payload_too_large(self.around().limits.body).into())
                }
                Some(bytes) => Ok(Bytes::copy_from_slice(bytes)),
                None => Err(BodyGone.into()),
            },
            Reading::Gone => Err(BodyGone.into()),
        }
    }

    /// Takes the body to read it piece by piece. It is still bounded: past `max_body` bytes it ends with an error.
    ///
    /// # Errors
    /// Where it was taken before.
    pub fn take_body(&self) -> Result<Body> {
        self.refuse_announced_size()?;
        match mem::replace(&mut *lock(&self.0.body), Reading::Gone) {
            Reading::Unread(body) => Ok(match body.as_bytes() {
                Some(bytes) if bytes.len() <= self.around().limits.body => body,
                _ => Body::new(Limited::new(body, self.around().limits.body)),
            }),
            Reading::Whole(bytes) => Ok(bytes.into()),
            Reading::Gone => Err(BodyGone.into()),
        }
    }

    /// A body whose announced length is over the limit is refused before a byte of it is read.
    fn refuse_announced_size(&self) -> Result<()> {
        let limit = self.around().limits.body;
        if self.announced_length().is_some_and(|length| length > limit as u64) {
            return Err(HttpException::payload_too_large(limit).into());
        }
        Ok(())
    }

    async fn collect(&self, mut body: Body) -> Result<Bytes> {
        self.refuse_announced_size()?;
        let limit = self.around().limits.body;
        // A small body comes in one piece, which is kept as it is; only a second one makes copying necessary.
        let mut whole = Bytes::new();
        let mut pieces = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(broken_off)?.into_data() else { continue };
            if whole.len() + pieces.len() + piece.len() > limit {
                return Err(HttpException::payload_too_large(limit).into());
            }
            if whole.is_empty() && pieces.is_empty() {
                whole = piece;
            } else {
                pieces.extend_from_slice(&mem::take(&mut whole));
                pieces.extend_from_slice(&piece);
            }
        }
        Ok(if pieces.is_empty() { whole } else { pieces.freeze() })
    }
}

/// The client broke its body off, or sent one that is no HTTP.
fn broken_off(error: crate::protocol::body::BodyError) -> Error {
    tracing::debug!(%error, "a request's body broke off");
    HttpException::bad_request("the body is incomplete").into()
}

/// The body is not there to be read: it was taken, or it broke off, or blocking code asks for one that nobody has read.
#[derive(Debug)]
pub(super) struct BodyGone;

impl fmt::Display for BodyGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of this request was taken, or has not been read yet")
    }
}

impl std::error::Error for BodyGone {}
