//! What blocking code is told that asks too late, or too early, for a body.

use std::fmt;

/// The body is not there to be read: it was taken, or it broke off, or blocking code asks for one that nobody has read.
#[derive(Debug)]
pub(super) struct BodyGone;

impl fmt::Display for BodyGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of this request was taken, or has not been read yet")
    }
}

impl std::error::Error for BodyGone {}
