//! Whatever comes, it ends with a message or with a violation, and no more is kept than the limits allow.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::deflate::agreement::negotiate;
use super::super::deflate::{Agreement, Compression};
use super::super::{Decoder, Message, Role, SizeLimits, close};
use super::frame;

const LIMITS: SizeLimits = SizeLimits { message: 2000, frame: 700 };

fn kept() -> Agreement {
    let compression = Compression::new().server_context_takeover(true).client_context_takeover(true);
    negotiate(["permessage-deflate"], &compression).unwrap().unwrap()
}

/// Feeds the bytes as a socket would, and looks at what is held and given out.
fn feed(bytes: &[u8], agreement: Option<&Agreement>) {
    let mut decoder = Decoder::new(Role::Server, LIMITS, agreement);
    let mut buffer = BytesMut::new();
    let mut given = 0;
    for part in bytes.chunks(61) {
        buffer.extend_from_slice(part);
        loop {
            match decoder.decode(&mut buffer) {
                Ok(Some(message)) => {
                    given += 1;
                    assert!(message.len() <= LIMITS.message);
                    assert!(!matches!(message, Message::Frame(_)));
                }
                Ok(None) => break,
                Err(violation) => {
                    assert!(close::is_sendable(violation.close_code()));
                    assert!(decoder.has_ended());
                    assert_eq!(decoder.decode(&mut buffer), Ok(None));
                    assert_eq!(decoder.held(), 0);
                    return;
                }
            }
        }
        // What waits is a head, or a part of a frame that is within the limit; what is put together has room to double.
        assert!(buffer.len() <= LIMITS.frame + 14, "{} wait", buffer.len());
        assert!(decoder.held() <= 2 * LIMITS.message, "{} are held", decoder.held());
        assert!(decoder.missing(&buffer) <= LIMITS.frame + LIMITS.frame / 8 + 64);
    }
    assert!(given <= bytes.len() / 6 + 1);
}

/// Frames that are nearly right: what random bytes never get to.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        Just(0x81),
        Just(0x82),
        Just(0x01),
        Just(0x02),
        Just(0x00),
        Just(0x00),
        Just(0x80),
        Just(0xc1),
        Just(0x42),
        Just(0x89),
        Just(0x8a),
        any::<u8>(),
    ];
    let payload = prop_oneof![
        vec(any::<u8>(), 0..200),
        "[a-zä€]{0,100}".prop_map(String::into_bytes),
        Just(b"\xf2\x48\xcd\xc9\xc9\x07\x00".to_vec()),
        (0..800_usize).prop_map(|length| vec![b'x'; length]),
    ];
    vec((first, payload).prop_map(|(first, payload)| frame(first, &payload)), 0..30)
        .prop_map(|frames| frames.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..3000)) {
        feed(&bytes, None);
        feed(&bytes, Some(&kept()));
    }

    #[test]
    fn frames_that_are_nearly_right_do_no_harm(
        mut bytes in frames(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        feed(&bytes, Some(&kept()));
        if !bytes.is_empty() {
            for (at, byte) in damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        feed(&bytes, None);
        feed(&bytes, Some(&kept()));
    }

    #[test]
    fn damaged_compression_does_no_harm(payload in vec(any::<u8>(), 0..600)) {
        feed(&frame(0xc2, &payload), Some(&kept()));
    }
}

#[test]
fn a_corpus_of_attacks_does_no_harm() {
    for bytes in [
        // A frame of nearly all the memory there is, in one that claims it and sends nothing.
        [&[0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0; 4]].concat(),
        // The same as a control frame, and as text.
        [&[0x89, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0; 4]].concat(),
        [&[0xc1, 0xff, 0, 0, 0, 1, 0, 0, 0, 0][..], &[0; 4]].concat(),
        // A message that never ends, of pieces with nothing in them.
        [frame(0x01, b""), frame(0x00, b"").repeat(5000)].concat(),
        // One of pieces of one byte.
        [frame(0x02, b"x"), frame(0x00, b"x").repeat(5000)].concat(),
        // Nothing but pings, in a message that has begun.
        [frame(0x01, b"x"), frame(0x89, b"").repeat(5000)].concat(),
        // Compressed pieces of nothing.
        [frame(0x41, b""), frame(0x00, b"").repeat(5000), frame(0x80, b"")].concat(),
        // Blocks of nothing in a compressed message, without an end.
        [
            frame(0x41, &b"\x00\x00\x00\xff\xff".repeat(100)),
            frame(0x00, &b"\x00\x00\x00\xff\xff".repeat(100)).repeat(50),
        ]
        .concat(),
        // Streams that end, one after another.
        [frame(0x41, &b"\x03\x00".repeat(300)), frame(0x00, &b"\x03\x00".repeat(300)).repeat(50)].concat(),
        // A hundred closes.
        frame(0x88, b"\x03\xe8").repeat(100),
        // HTTP, TLS, and the preface of HTTP/2.
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(50),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
    ] {
        feed(&bytes, None);
        feed(&bytes, Some(&kept()));
    }
}
