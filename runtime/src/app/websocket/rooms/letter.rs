//! What is said in a room, on its way between processes.

use bytes::{BufMut, Bytes, BytesMut};

use crate::app::websocket::{IntoMessage, Message, Utf8Bytes};
use crate::error::{Error, Result};

const TEXT: u8 = 0;
const BINARY: u8 = 1;

/// What is said in a room, and to whom: what a [`Broker`](super::Broker) carries from process to process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// To whom; `None` for all who are in the room.
    pub to: Option<String>,
    /// What: text or bytes.
    pub message: Message,
}

impl Letter {
    pub(super) fn new(to: Option<&str>, message: impl IntoMessage) -> Result<Self> {
        let message = message.into_message()?;
        if !(message.is_text() || message.is_binary()) {
            return Err(Error::msg("only text and bytes can be said in a room"));
        }
        Ok(Self { to: to.map(str::to_owned), message })
    }

    /// The letter as bytes: its kind, the length of the name that it is for as four bytes, the name, the message.
    pub fn to_bytes(&self) -> Bytes {
        let to = self.to.as_deref();
        // The name of nobody is told from an empty name by its length.
        let length = to.map_or(u32::MAX, |to| u32::try_from(to.len()).unwrap_or(u32::MAX - 1));
        let to = &to.unwrap_or("").as_bytes()[..to.map_or(0, |_| length as usize)];
        let (kind, payload) = match &self.message {
            Message::Text(text) => (TEXT, text.as_bytes()),
            other => (
                BINARY,
                match other {
                    Message::Binary(bytes) => &bytes[..],
                    _ => &[],
                },
            ),
        };
        let mut bytes = BytesMut::with_capacity(5 + to.len() + payload.len());
        bytes.put_u8(kind);
        bytes.put_u32(length);
        bytes.put_slice(to);
        bytes.put_slice(payload);
        bytes.freeze()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) has written; `None` where it is something else.
    pub fn from_bytes(mut bytes: Bytes) -> Option<Self> {
        if bytes.len() < 5 {
            return None;
        }
        let head = bytes.split_to(5);
        let length = u32::from_be_bytes(head[1..].try_into().ok()?);
        let to = if length == u32::MAX {
            None
        } else {
            let length = usize::try_from(length).ok()?;
            if length > bytes.len() {
                return None;
            }
            Some(String::from_utf8(bytes.split_to(length).into()).ok()?)
        };
        let message = match head[0] {
            TEXT => Message::Text(Utf8Bytes::try_from(bytes).ok()?),
            BINARY => Message::Binary(bytes),
            _ => return None,
        };
        Some(Self { to, message })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_arrives_as_it_was_sent() {
        for to in [None, Some(""), Some("Ann"), Some("Jürgen")] {
            for message in [Message::text("hällo"), Message::text(""), Message::binary(vec![0, 255])] {
                let letter = Letter::new(to, message).unwrap();
                assert_eq!(Letter::from_bytes(letter.to_bytes()), Some(letter));
            }
        }
    }

    #[test]
    fn what_is_no_letter_is_not_read() {
        for bytes in
            [&b""[..], b"\0\0\0\0", b"\x02\xff\xff\xff\xff", b"\0\0\0\0\x05Ann", b"\0\xff\xff\xff\xff\xff"]
        {
            assert_eq!(Letter::from_bytes(Bytes::from_static(bytes)), None, "{bytes:?}");
        }
        assert!(Letter::new(None, Message::Ping(Bytes::new())).is_err());
    }
}
