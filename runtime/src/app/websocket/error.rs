//! Why a socket cannot go on.

use std::fmt;

use super::CloseCode;

/// Why a socket cannot go on. A view that returns one with `?` has not failed: the close frame says what was wrong, and the
/// log has no more than a line at level `debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebSocketError {
    /// It is closed, or being closed: nothing can be sent any more.
    Closed,
    /// The client broke the protocol, or a limit; it was told so with this code.
    Violation {
        /// 1002, 1007 or 1009.
        code: CloseCode,
        /// What was wrong.
        reason: String,
    },
    /// A message cannot be read as what is expected.
    Unreadable {
        /// 1003 or 1007.
        code: CloseCode,
        /// What was wrong.
        reason: String,
    },
    /// The client did not answer a ping in time.
    Silent,
    /// The client does not read what is sent to it, and the policy is to close then.
    Slow,
    /// A close code was given that must not be sent (RFC 6455 section 7.4). Those for applications are from 3000 to 4999.
    Unsendable {
        /// The code.
        code: u16,
    },
    /// A raw frame was given to be sent. Frames are made from messages here.
    RawFrame,
}

impl WebSocketError {
    /// What the client is told; `None` where it is not there any more.
    pub fn close_code(&self) -> Option<CloseCode> {
        match self {
            Self::Violation { code, .. } | Self::Unreadable { code, .. } => Some(*code),
            Self::Slow => Some(CloseCode::Again),
            Self::RawFrame | Self::Unsendable { .. } => Some(CloseCode::Error),
            Self::Closed | Self::Silent => None,
        }
    }
}

impl fmt::Display for WebSocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the socket is closed"),
            Self::Violation { code, reason } | Self::Unreadable { code, reason } => {
                write!(f, "the client was told {code}: {reason}")
            }
            Self::Silent => f.write_str("the client does not answer"),
            Self::Slow => f.write_str("the client does not read what is sent to it"),
            Self::Unsendable { code } => write!(f, "{code} is no code to close a socket with"),
            Self::RawFrame => f.write_str("a raw frame cannot be sent: send a message"),
        }
    }
}

impl std::error::Error for WebSocketError {}
