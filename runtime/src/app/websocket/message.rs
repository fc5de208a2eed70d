//! What goes over a socket, and the types that it is read as and made of.

use super::{CloseCode, Message, Utf8Bytes, WebSocketError};
use crate::app::extract::{Deserializable, Json};
use crate::error::{Error, Result};
use bytes::Bytes;
use serde::Serialize;

/// A type that a message can be read as: what [`recv_as`](super::WebSocket::recv_as) gives, and what `on_message` takes.
///
/// | type | messages |
/// |---|---|
/// | [`Message`] | all |
/// | `String`, `Utf8Bytes` | text |
/// | `Bytes`, `Vec<u8>` | binary |
/// | [`Json<T>`](crate::Json) | text (or binary) that is JSON of a `T` |
///
/// A message that cannot be read closes the socket: with 1003 where it is of the other kind, with 1007 where it says something
/// else than it should.
#[diagnostic::on_unimplemented(
    message = "a message cannot be read as `{Self}`",
    label = "no type of message",
    note = "take a `Message`, a `String`, `Bytes`, or `Json<T>`",
    note = "or implement `aiopyramid::websocket::FromMessage` for a type of your own"
)]
pub trait FromMessage: Sized + Send + 'static {
    /// Reads it.
    ///
    /// # Errors
    /// [`WebSocketError::Unreadable`] where it is none.
    fn from_message(message: Message) -> Result<Self, WebSocketError>;
}

/// A type that a message can be made of: what [`send`](super::WebSocket::send) takes.
///
/// Texts become text, bytes binary, and [`Json<T>`](crate::Json) text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a message",
    label = "not a message",
    note = "send a `Message`, a text, bytes, or `Json(value)`",
    note = "or implement `aiopyramid::websocket::IntoMessage` for a type of your own"
)]
pub trait IntoMessage {
    /// Makes the message.
    ///
    /// # Errors
    /// Where none can be made of it, as of JSON whose keys are no texts.
    fn into_message(self) -> Result<Message>;
}

fn expected(kind: &'static str) -> WebSocketError {
    WebSocketError::Unreadable {
        code: CloseCode::Unsupported,
        reason: format!("a {kind} message is expected"),
    }
}

impl FromMessage for Message {
    fn from_message(message: Message) -> Result<Self, WebSocketError> {
        Ok(message)
    }
}

impl FromMessage for Utf8Bytes {
    fn from_message(message: Message) -> Result<Self, WebSocketError> {
        match message {
            Message::Text(text) => Ok(text),
            _ => Err(expected("text")),
        }
    }
}

impl FromMessage for String {
    fn from_message(message: Message) -> Result<Self, WebSocketError> {
        Utf8Bytes::from_message(message).map(|text| text.as_str().to_owned())
    }
}

impl FromMessage for Bytes {
    fn from_message(message: Message) -> Result<Self, WebSocketError> {
        match message {
            Message::Binary(bytes) => Ok(bytes),
            _ => Err(expected("binary")),
        }
    }
}

impl FromMessage for Vec<u8> {
    fn from_message(message: Message) -> Result<Self, WebSocketError> {
        Bytes::from_message(message).map(Into::into)
    }
}

impl<T: Deserializable + Send + 'static> FromMessage for Json<T> {
    fn from_message(message: Message) -> Result<Self, WebSocketError> {
        let data = message.into_data();
        serde_json::from_slice(&data).map(Json).map_err(|error| WebSocketError::Unreadable {
            code: CloseCode::Invalid,
            reason: format!("the JSON cannot be read: {error}"),
        })
    }
}

impl IntoMessage for Message {
    fn into_message(self) -> Result<Message> {
        match self {
            Self::Frame(_) => Err(Error::new(WebSocketError::RawFrame)),
            message => Ok(message),
        }
    }
}

impl<T: Serialize> IntoMessage for Json<T> {
    fn into_message(self) -> Result<Message> {
        Ok(Message::text(serde_json::to_string(&self.0)?))
    }
}

macro_rules! into_message {
    ($($of:ty => $kind:ident),* $(,)?) => {
        $(impl IntoMessage for $of {
            fn into_message(self) -> Result<Message> {
                Ok(Message::$kind(self.into()))
            }
        })*
    };
}

into_message! {
    &str => Text,
    String => Text,
    Utf8Bytes => Text,
    Bytes => Binary,
    Vec<u8> => Binary,
}

impl IntoMessage for &[u8] {
    fn into_message(self) -> Result<Message> {
        Ok(Message::Binary(Bytes::copy_from_slice(self)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_of_the_other_kind_is_unsupported_data() {
        let error = String::from_message(Message::Binary(Bytes::new())).unwrap_err();
        assert!(matches!(error, WebSocketError::Unreadable { code: CloseCode::Unsupported, .. }), "{error}");
        let error = Bytes::from_message(Message::text("")).unwrap_err();
        assert!(matches!(error, WebSocketError::Unreadable { code: CloseCode::Unsupported, .. }), "{error}");
    }

    #[test]
    fn json_goes_both_ways_as_text() {
        let message = Json(vec![1, 2]).into_message().unwrap();
        assert_eq!(message, Message::text("[1,2]"));
        assert_eq!(Json::<Vec<u8>>::from_message(message).unwrap().0, [1, 2]);
        let error = Json::<Vec<u8>>::from_message(Message::text("[1,")).unwrap_err();
        assert!(matches!(error, WebSocketError::Unreadable { code: CloseCode::Invalid, .. }), "{error}");
    }
}
