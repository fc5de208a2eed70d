//! What a peer can do wrong, and the close code that tells it so.

use std::error::Error as StdError;
use std::fmt;

use super::{CloseCode, CloseFrame};

/// What was wrong with what the peer sent. Nothing that comes after it can be understood: it is told with
/// [`close_frame`](Self::close_frame), and the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Violation {
    /// A frame of a client without a mask (RFC 6455 section 5.1).
    Unmasked,
    /// A frame of a server with a mask (section 5.1).
    Masked,
    /// A reserved bit that no extension gave a meaning (section 5.2).
    ReservedBit,
    /// An opcode that means nothing (section 5.2).
    Opcode(u8),
    /// A length that is written with more bytes than it needs, or with its highest bit set (section 5.2).
    Length,
    /// A control frame in pieces (section 5.4).
    FragmentedControl,
    /// A control frame with more than 125 bytes (section 5.5).
    LongControl,
    /// A continuation of nothing (section 5.4).
    NothingToContinue,
    /// A message that begins before the one that is in pieces has ended (section 5.4).
    Interrupted,
    /// A close frame with one byte (section 5.5.1).
    ClosePayload,
    /// A close code that must not be sent (section 7.4).
    CloseCode(u16),
    /// Text that is no UTF-8 (section 8.1).
    Utf8,
    /// A compressed message that cannot be inflated (RFC 7692 section 7.2.2).
    Deflate,
    /// A frame of more than so many bytes.
    FrameTooBig(usize),
    /// A message of more than so many bytes, counted after it was inflated.
    MessageTooBig(usize),
}

impl Violation {
    /// The code that tells the peer (section 7.4.1).
    pub(crate) fn close_code(self) -> CloseCode {
        match self {
            Self::Utf8 | Self::Deflate => CloseCode::Invalid,
            Self::FrameTooBig(_) | Self::MessageTooBig(_) => CloseCode::Size,
            _ => CloseCode::Protocol,
        }
    }

    /// What is sent to the peer.
    pub(crate) fn close_frame(self) -> CloseFrame {
        CloseFrame { code: self.close_code(), reason: self.to_string().into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unmasked => f.write_str("frame without a mask"),
            Self::Masked => f.write_str("frame with a mask"),
            Self::ReservedBit => f.write_str("reserved bit set"),
            Self::Opcode(opcode) => write!(f, "reserved opcode {opcode}"),
            Self::Length => f.write_str("length in more bytes than it needs"),
            Self::FragmentedControl => f.write_str("control frame in pieces"),
            Self::LongControl => f.write_str("control frame of more than 125 bytes"),
            Self::NothingToContinue => f.write_str("continuation of nothing"),
            Self::Interrupted => f.write_str("message inside of a message"),
            Self::ClosePayload => f.write_str("close frame of one byte"),
            Self::CloseCode(code) => write!(f, "close code {code}"),
            Self::Utf8 => f.write_str("text is not UTF-8"),
            Self::Deflate => f.write_str("compressed data is damaged"),
            Self::FrameTooBig(limit) => write!(f, "frame of more than {limit} bytes"),
            Self::MessageTooBig(limit) => write!(f, "message of more than {limit} bytes"),
        }
    }
}

impl StdError for Violation {}
