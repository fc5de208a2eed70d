//! RFC 6455, rule by rule.

use bytes::{Bytes, BytesMut};

use super::super::{
    CloseCode, CloseFrame, Decoder, Encoder, Message, Prepared, Role, SizeLimits, Violation, close,
};
use super::{KEY, drain, frame};

const LIMITS: SizeLimits = SizeLimits { message: 1000, frame: 300 };
/// All messages in the bytes, which come at once, and the violation that ends them.
fn decoded(bytes: &[u8]) -> (Vec<Message>, Option<Violation>) {
    let mut decoder = Decoder::new(Role::Server, LIMITS, None);
    let mut buffer = BytesMut::from(bytes);
    drain(&mut decoder, &mut buffer)
}

/// The same, of bytes that come one by one: the messages, and how many bytes came before the violation.
fn trickled(bytes: &[u8]) -> (Vec<Message>, Option<(usize, Violation)>) {
    let mut decoder = Decoder::new(Role::Server, LIMITS, None);
    let mut buffer = BytesMut::new();
    let mut messages = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        buffer.extend_from_slice(&[*byte]);
        let (more, violation) = drain(&mut decoder, &mut buffer);
        messages.extend(more);
        if let Some(violation) = violation {
            return (messages, Some((at + 1, violation)));
        }
    }
    (messages, None)
}

fn text(text: &str) -> Message {
    Message::text(text)
}

fn binary(bytes: &[u8]) -> Message {
    Message::binary(Bytes::copy_from_slice(bytes))
}

#[test]
fn text_is_text_and_binary_is_binary() {
    for (bytes, expected) in [
        (frame(0x81, b"Hello"), text("Hello")),
        (frame(0x81, b""), text("")),
        (frame(0x82, b""), binary(b"")),
        (frame(0x82, &[0xff; 200]), binary(&[0xff; 200])),
        (frame(0x89, b"still there?"), Message::Ping("still there?".into())),
        (frame(0x8a, b""), Message::Pong(Bytes::new())),
        (frame(0x88, b""), Message::Close(None)),
        (frame(0x88, b"\x03\xe8bye"), Message::Close(Some(close::frame(CloseCode::Normal, "bye")))),
    ] {
        assert_eq!(decoded(&bytes), (vec![expected.clone()], None));
        assert_eq!(trickled(&bytes), (vec![expected], None));
    }
}

#[test]
fn the_example_of_the_rfc_is_read_and_written() {
    let masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(decoded(&masked), (vec![text("Hello")], None));
    let mut out = BytesMut::new();
    assert_eq!(Encoder::new(Role::Server, None).encode(text("Hello"), &mut out), None);
    assert_eq!(&out[..], b"\x81\x05Hello");
}

#[test]
fn a_message_in_pieces_is_one_and_control_frames_may_stand_between_them() {
    let bytes = [
        frame(0x01, "wörd".as_bytes().split_at(2).0),
        frame(0x89, b"1"),
        frame(0x00, "wörd".as_bytes().split_at(2).1),
        frame(0x8a, b"2"),
        frame(0x00, b""),
        frame(0x80, b"s"),
        frame(0x02, b""),
        frame(0x80, b""),
    ]
    .concat();
    let expected = vec![Message::Ping("1".into()), Message::Pong("2".into()), text("wörds"), binary(b"")];
    assert_eq!(decoded(&bytes), (expected.clone(), None));
    assert_eq!(trickled(&bytes), (expected, None));
}

#[test]
fn many_messages_in_one_read_are_taken_one_by_one_without_a_copy() {
    let mut decoder = Decoder::new(Role::Server, LIMITS, None);
    let mut buffer =
        BytesMut::from(&[frame(0x81, b"one"), frame(0x82, b"two"), frame(0x81, b"th")].concat()[..]);
    buffer.truncate(buffer.len() - 1);
    let read = buffer.as_ptr_range();
    let (messages, violation) = drain(&mut decoder, &mut buffer);
    assert_eq!((&messages[..], violation), (&[text("one"), binary(b"two")][..], None));
    for message in messages {
        assert!(read.contains(&message.into_data().as_ptr()));
    }
    assert_eq!(decoder.missing(&buffer), 1);
}

#[test]
fn what_breaks_a_rule_ends_the_connection_with_its_code() {
    let begun = frame(0x01, b"begun");
    for (bytes, violation, code) in [
        (b"\x81\x05Hello".to_vec(), Violation::Unmasked, 1002),
        (frame(0xc1, b"no extension"), Violation::ReservedBit, 1002),
        (frame(0xa1, b""), Violation::ReservedBit, 1002),
        (frame(0x91, b""), Violation::ReservedBit, 1002),
        (frame(0xc9, b"ping"), Violation::ReservedBit, 1002),
        (frame(0x83, b""), Violation::Opcode(3), 1002),
        (frame(0x8f, b""), Violation::Opcode(15), 1002),
        (frame(0x09, b""), Violation::FragmentedControl, 1002),
        (frame(0x89, &[0; 126]), Violation::LongControl, 1002),
        (frame(0x80, b""), Violation::NothingToContinue, 1002),
        (frame(0x00, b""), Violation::NothingToContinue, 1002),
        ([begun.clone(), frame(0x81, b"new")].concat(), Violation::Interrupted, 1002),
        ([begun.clone(), frame(0x02, b"new")].concat(), Violation::Interrupted, 1002),
        ([begun.clone(), frame(0xc0, b"")].concat(), Violation::ReservedBit, 1002),
        (frame(0x88, b"\x03"), Violation::ClosePayload, 1002),
        (frame(0x88, b"\x03\xed"), Violation::CloseCode(1005), 1002),
        (frame(0x88, b"\x03\xe8\xff"), Violation::Utf8, 1007),
        (frame(0x81, b"\xff"), Violation::Utf8, 1007),
        (frame(0x81, b"\xe2\x82"), Violation::Utf8, 1007),
        ([frame(0x01, b"\xe2\x82"), frame(0x80, b"")].concat(), Violation::Utf8, 1007),
        (frame(0x82, &[0; 301]), Violation::FrameTooBig(300), 1009),
        (
            [frame(0x02, &[0; 300]), frame(0x00, &[0; 300]), frame(0x00, &[0; 300]), frame(0x80, &[0; 101])]
                .concat(),
            Violation::MessageTooBig(1000),
            1009,
        ),
    ] {
        // What comes after it has no meaning.
        let bytes = [bytes, frame(0x81, b"more")].concat();
        assert_eq!(decoded(&bytes), (vec![], Some(violation)), "{violation}");
        let (messages, trickled) = trickled(&bytes);
        assert_eq!(
            (messages, trickled.map(|(_, violation)| violation)),
            (vec![], Some(violation)),
            "{violation}"
        );
        assert_eq!(u16::from(violation.close_frame().code), code, "{violation}");
        assert!(close::is_sendable(violation.close_code()));
    }
    let mut client = Decoder::new(Role::Client, LIMITS, None);
    assert_eq!(client.decode(&mut BytesMut::from(&frame(0x81, b"x")[..])), Err(Violation::Masked));
}

#[test]
fn text_is_refused_with_the_byte_that_is_wrong() {
    let text = b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4\x90\x80\x80edited";
    // In one frame.
    let head = 6;
    assert_eq!(trickled(&frame(0x81, text)), (vec![], Some((head + 13, Violation::Utf8))));
    // In pieces, of which the second is wrong.
    let bytes = [frame(0x01, &text[..11]), frame(0x00, &text[11..15]), frame(0x80, &text[15..])].concat();
    assert_eq!(trickled(&bytes), (vec![], Some((head + 11 + head + 2, Violation::Utf8))));
}

#[test]
fn a_frame_over_the_limit_is_refused_before_any_of_it_has_come() {
    for length in [301_u64, 1 << 20, u64::MAX >> 1] {
        let mut bytes = vec![0x82];
        match u16::try_from(length) {
            Ok(length) => bytes.extend([&[0xfe][..], &length.to_be_bytes()].concat()),
            Err(_) => bytes.extend([&[0xff][..], &length.to_be_bytes()].concat()),
        }
        bytes.extend(KEY);
        assert_eq!(trickled(&bytes), (vec![], Some((bytes.len(), Violation::FrameTooBig(300)))));
    }
}

#[test]
fn after_a_close_nothing_is_taken() {
    let bytes = [frame(0x88, b"\x03\xe8"), frame(0x81, b"more"), frame(0x88, b"\x03\xe9")].concat();
    let mut decoder = Decoder::new(Role::Server, LIMITS, None);
    let mut buffer = BytesMut::from(&bytes[..]);
    let (messages, violation) = drain(&mut decoder, &mut buffer);
    let expected = CloseFrame { code: CloseCode::Normal, reason: "".into() };
    assert_eq!((messages, violation), (vec![Message::Close(Some(expected))], None));
    assert!(decoder.has_ended() && buffer.is_empty());
}

#[test]
fn a_long_payload_is_handed_out_and_a_short_one_copied() {
    let mut encoder = Encoder::new(Role::Server, None);
    let mut out = BytesMut::new();
    assert_eq!(encoder.encode(binary(&[7; 8191]), &mut out), None);
    assert_eq!(out.len(), 4 + 8191);
    out.clear();
    let long = Bytes::from(vec![7; 70_000]);
    let payload = encoder.encode(Message::Binary(long.clone()), &mut out).unwrap();
    assert_eq!(payload.as_ptr(), long.as_ptr());
    assert_eq!(&out[..], [&[0x82, 127][..], &70_000_u64.to_be_bytes()].concat());
}

#[test]
fn a_control_frame_never_says_more_than_it_may() {
    let mut encoder = Encoder::new(Role::Server, None);
    let long = Bytes::from(vec![b'x'; 300]);
    for message in [
        Message::Ping(long.clone()),
        Message::Pong(long),
        Message::Close(Some(CloseFrame { code: CloseCode::Away, reason: "ö".repeat(100).into() })),
    ] {
        let mut out = BytesMut::new();
        assert_eq!(encoder.encode(message, &mut out), None);
        let mut peer = Decoder::new(Role::Client, LIMITS, None);
        assert!(peer.decode(&mut out).unwrap().is_some() && out.is_empty());
    }
}

#[test]
fn a_prepared_message_is_the_same_memory_for_all() {
    for message in
        [text("to all"), Message::binary(vec![9; 100_000]), Message::Ping("p".into()), Message::Close(None)]
    {
        let prepared = Prepared::new(message.clone());
        let first = Encoder::new(Role::Server, None).prepared(&prepared);
        let second = Encoder::new(Role::Server, None).prepared(&prepared.clone());
        assert_eq!(first.as_ptr(), second.as_ptr());
        let mut peer = Decoder::new(Role::Client, SizeLimits::message(100_000), None);
        assert_eq!(peer.decode(&mut BytesMut::from(&first[..])), Ok(Some(message)));
    }
}
