//! The codec as a whole.

use bytes::BytesMut;

use super::{Decoder, Encoder, Message, Violation, mask};

mod compression;
mod hostile;
mod interoperability;
mod rules;
mod splits;

const KEY: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A frame of a client: the first byte as it is, then the length and the masked payload.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..65536 => {
            frame.push(0xfe);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(0xff);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(KEY);
    let start = frame.len();
    frame.extend(payload);
    mask::apply(&mut frame[start..], KEY, 0);
    frame
}

/// All messages that are in the buffer, and the violation that ends them.
fn drain(decoder: &mut Decoder, buffer: &mut BytesMut) -> (Vec<Message>, Option<Violation>) {
    let mut messages = Vec::new();
    loop {
        match decoder.decode(buffer) {
            Ok(Some(message)) => messages.push(message),
            Ok(None) => return (messages, None),
            Err(violation) => return (messages, Some(violation)),
        }
    }
}

/// What a message is on the wire, with a payload that was handed out in its place.
fn sent(encoder: &mut Encoder, message: Message) -> BytesMut {
    let mut out = BytesMut::new();
    if let Some(payload) = encoder.encode(message, &mut out) {
        out.extend_from_slice(&payload);
    }
    out
}
