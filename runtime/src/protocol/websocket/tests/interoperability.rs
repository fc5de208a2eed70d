//! With tungstenite's client.

use std::io::{self, Read, Write};

use bytes::{Bytes, BytesMut};
use tokio_tungstenite::tungstenite::{Error, WebSocket};

use super::super::{CloseCode, Decoder, Encoder, Message, Role, SizeLimits, close};
use super::{drain, sent};

/// What lies between the two.
#[derive(Default)]
struct Wire {
    to_client: BytesMut,
    to_server: BytesMut,
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.to_client.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = into.len().min(self.to_client.len());
        into[..length].copy_from_slice(&self.to_client.split_to(length));
        Ok(length)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to_server.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn messages_come_back_from_it_as_they_were() {
    let mut client = WebSocket::from_raw_socket(Wire::default(), Role::Client, None);
    let mut decoder = Decoder::new(Role::Server, SizeLimits::message(1 << 20), None);
    let mut encoder = Encoder::new(Role::Server, None);
    for message in [
        Message::text("Hello, wörld"),
        Message::text(""),
        Message::binary(Bytes::new()),
        Message::Binary((0..=255).collect()),
        Message::text("x".repeat(125)),
        Message::text("x".repeat(126)),
        Message::text("€".repeat(30_000)),
        Message::binary(vec![1; 1 << 20]),
        Message::Pong("unasked".into()),
    ] {
        client.send(message.clone()).unwrap();
        let (mut received, violation) = drain(&mut decoder, &mut client.get_mut().to_server);
        assert_eq!((&received[..], violation), (&[message.clone()][..], None));
        let back = sent(&mut encoder, received.remove(0));
        client.get_mut().to_client.extend_from_slice(&back);
        assert_eq!(client.read().unwrap(), message);
    }
}

#[test]
fn it_answers_a_ping_and_a_close() {
    let mut client = WebSocket::from_raw_socket(Wire::default(), Role::Client, None);
    let mut decoder = Decoder::new(Role::Server, SizeLimits::message(100), None);
    let mut encoder = Encoder::new(Role::Server, None);
    let closing = Message::Close(Some(close::frame(CloseCode::Library(4001), "enough")));
    for message in [Message::Ping("?".into()), closing.clone()] {
        let bytes = sent(&mut encoder, message.clone());
        client.get_mut().to_client.extend_from_slice(&bytes);
        assert_eq!(client.read().unwrap(), message);
    }
    let end = client.read();
    assert!(matches!(end, Err(Error::Io(_) | Error::ConnectionClosed)), "{end:?}");
    let (received, violation) = drain(&mut decoder, &mut client.get_mut().to_server);
    assert_eq!(violation, None);
    assert_eq!(received[0], Message::Pong("?".into()));
    assert!(matches!(&received[1], Message::Close(Some(frame)) if frame.code == CloseCode::Library(4001)));
}
