//! RFC 7692, and what guards it.

use bytes::{Bytes, BytesMut};
use zlib_rs::{Inflate, InflateFlush};

use super::super::deflate::agreement::negotiate;
use super::super::deflate::{Agreement, Compression, Decompressor, compress_alone};
use super::super::{CloseCode, Decoder, Encoder, Message, Prepared, Role, SizeLimits, Violation};
use super::{drain, frame, sent};

const LIMITS: SizeLimits = SizeLimits::message(1 << 20);

/// Everything compressed, by what a client offers.
fn agreed(offer: &str, compression: Compression) -> Agreement {
    let offer = format!("permessage-deflate{offer}");
    negotiate([&*offer], &compression).unwrap().unwrap()
}

/// Windows are kept, both ways.
fn kept() -> Agreement {
    let compression = Compression::new().server_context_takeover(true).client_context_takeover(true);
    agreed("", compression.smallest(1))
}

/// No window is kept.
fn forgotten() -> Agreement {
    agreed("", Compression::new().smallest(1))
}

/// What a server makes of frames.
fn decoded(agreement: &Agreement, frames: &[&[u8]]) -> (Vec<Message>, Option<Violation>) {
    let mut decoder = Decoder::new(Role::Server, LIMITS, Some(agreement));
    drain(&mut decoder, &mut BytesMut::from(&frames.concat()[..]))
}

/// Text that repeats itself, near and far.
fn prose(length: usize) -> String {
    let words = ["window", "distance", "length", "the", "of", "a", "code", "block", "literal", "tree"];
    let mut text = String::new();
    let mut state = 1_u32;
    while text.len() < length {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12345);
        text.push_str(words[(state >> 16) as usize % words.len()]);
        text.push(' ');
    }
    text.truncate(length);
    text
}

/// Bytes that no compression makes smaller.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_ne_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    // Section 7.2.3, in its order.
    let whole = frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00");
    let pieces = [frame(0x41, b"\xf2\x48\xcd"), frame(0x80, b"\xc9\xc9\x07\x00")].concat();
    let again = frame(0xc1, b"\xf2\x00\x11\x00\x00");
    let stored = frame(0xc1, b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00");
    let last_block = frame(0xc1, b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00");
    let two_blocks = frame(0xc1, b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00");
    let hello = || Message::text("Hello");
    for frames in [&whole, &pieces, &stored, &last_block, &two_blocks] {
        for agreement in [kept(), forgotten()] {
            assert_eq!(decoded(&agreement, &[frames, frames]), (vec![hello(), hello()], None));
        }
    }
    assert_eq!(decoded(&kept(), &[&whole, &again]), (vec![hello(), hello()], None));
    // Where no window is kept, the second refers to nothing.
    assert_eq!(decoded(&forgotten(), &[&whole, &again]), (vec![hello()], Some(Violation::Deflate)));
    // An uncompressed message may stand between them, and an empty one may be compressed.
    let expected = vec![hello(), Message::text("plain"), hello(), Message::text("")];
    let frames: [&[u8]; 4] = [&whole, &frame(0x81, b"plain"), &again, &frame(0xc1, b"\x00")];
    assert_eq!(decoded(&kept(), &frames), (expected, None));
}

#[test]
fn the_first_example_is_written() {
    let out = sent(&mut Encoder::new(Role::Server, Some(&kept())), Message::text("HelloHelloHelloHello"));
    assert_eq!(out[0], 0xc1);
    let mut encoder = Encoder::new(Role::Server, Some(&kept()));
    assert_eq!(sent(&mut encoder, Message::text("Hello"))[..], b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"[..]);
    assert_eq!(sent(&mut encoder, Message::text("Hello"))[..], b"\xc1\x05\xf2\x00\x11\x00\x00"[..]);
}

#[test]
fn messages_arrive_whatever_was_agreed_on() {
    let messages = [
        Message::text("short"),
        Message::text(prose(100)),
        Message::binary(noise(5000)),
        Message::text(prose(70_000)),
        Message::text(""),
        Message::Ping("not compressed".into()),
        Message::binary(vec![0; 100_000]),
        Message::text(prose(100)),
    ];
    for level in [0, 1, 6] {
        for bits in [8, 9, 12, 15] {
            for takeover in [true, false] {
                let compression = Compression::new().level(level).smallest(1).server_max_window_bits(15);
                let compression = compression.client_max_window_bits(15);
                let compression =
                    compression.server_context_takeover(takeover).client_context_takeover(takeover);
                let offer = format!("; server_max_window_bits={bits}; client_max_window_bits={bits}");
                let agreement = agreed(&offer, compression);
                for (from, to) in [(Role::Server, Role::Client), (Role::Client, Role::Server)] {
                    let mut encoder = Encoder::new(from, Some(&agreement));
                    let mut decoder = Decoder::new(to, LIMITS, Some(&agreement));
                    for message in &messages {
                        let mut bytes = sent(&mut encoder, message.clone());
                        let decoded = drain(&mut decoder, &mut bytes);
                        assert_eq!(
                            decoded,
                            (vec![message.clone()], None),
                            "{level} {bits} {takeover} {from:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_refers_further_back_than_was_agreed_on() {
    let text = prose(50_000);
    for bits in 8..=15 {
        for level in [1, 2, 4, 6, 9] {
            let mut compressed = Vec::new();
            assert!(compress_alone(text.as_bytes(), bits, level, &mut compressed));
            // It is given out byte by byte, so that what it refers to must be in the window, which is no wider than agreed.
            let mut inflate = Inflate::new(false, bits);
            let mut inflated = Vec::new();
            while inflated.len() < text.len() {
                let (input, mut output) = (usize::try_from(inflate.total_in()).unwrap(), [0]);
                let status = inflate.decompress(&compressed[input..], &mut output, InflateFlush::SyncFlush);
                assert!(status.is_ok(), "{bits} bits, level {level}: {status:?}");
                inflated.push(output[0]);
            }
            assert_eq!(inflated, text.as_bytes());
        }
    }
}

#[test]
fn a_small_message_and_one_that_gets_no_smaller_stay_as_they_are() {
    let agreement = agreed("", Compression::new());
    let mut encoder = Encoder::new(Role::Server, Some(&agreement));
    assert_eq!(sent(&mut encoder, Message::text(prose(127)))[0], 0x81);
    assert_eq!(sent(&mut encoder, Message::text(prose(128)))[0], 0xc1);
    assert_eq!(sent(&mut encoder, Message::binary(noise(1000)))[0], 0x82);
    // Where the window is kept the peer must see it, or the two windows differ.
    let mut encoder = Encoder::new(Role::Server, Some(&kept()));
    assert_eq!(sent(&mut encoder, Message::binary(noise(1000)))[0], 0xc2);
}

#[test]
fn a_message_that_cannot_be_compressed_may_be_as_long_as_any() {
    let mut encoder = Encoder::new(Role::Client, Some(&kept()));
    let message = Message::binary(noise(LIMITS.message));
    let mut bytes = sent(&mut encoder, message.clone());
    assert!(bytes.len() > LIMITS.message);
    let mut decoder = Decoder::new(Role::Server, LIMITS, Some(&kept()));
    assert_eq!(drain(&mut decoder, &mut bytes), (vec![message], None));
}

#[test]
fn a_message_that_swells_is_stopped_at_the_limit() {
    let zeros = vec![0; 16 << 20];
    let mut bomb = Vec::new();
    assert!(compress_alone(&zeros, 15, 9, &mut bomb));
    drop(zeros);
    assert!(bomb.len() < LIMITS.message);
    let expected = (vec![], Some(Violation::MessageTooBig(LIMITS.message)));
    assert_eq!(decoded(&forgotten(), &[&frame(0xc2, &bomb)]), expected);
    assert_eq!(decoded(&kept(), &[&frame(0x42, &bomb[..100]), &frame(0x80, &bomb[100..])]), expected);
    assert_eq!(expected.1.unwrap().close_code(), CloseCode::Size);
    // And no more memory is taken than a message may have.
    let mut out = Vec::new();
    let mut decompressor = Decompressor::new(forgotten().incoming(Role::Server));
    assert!(decompressor.inflate(&bomb, &mut out, LIMITS.message).is_err());
    assert!(out.capacity() <= LIMITS.message + 1, "{}", out.capacity());
}

#[test]
fn damaged_data_and_bad_text_are_refused() {
    let mut text = Vec::new();
    assert!(compress_alone(&[0xff; 100], 15, 6, &mut text));
    for (payload, violation) in [(&b"\xff\xff\xff"[..], Violation::Deflate), (&text, Violation::Utf8)] {
        for agreement in [kept(), forgotten()] {
            // The next one to use what this one has used finds it as new.
            assert_eq!(decoded(&agreement, &[&frame(0xc1, payload)]), (vec![], Some(violation)));
            let good = frame(0xc1, b"\xf2\x48\xcd\xc9\xc9\x07\x00");
            assert_eq!(decoded(&agreement, &[&good]), (vec![Message::text("Hello")], None));
        }
    }
    // Before the frame is complete.
    let bytes = frame(0xc1, &text);
    let mut decoder = Decoder::new(Role::Server, LIMITS, Some(&kept()));
    let mut buffer = BytesMut::from(&bytes[..bytes.len() - 1]);
    assert_eq!(decoder.decode(&mut buffer), Err(Violation::Utf8));
}

#[test]
fn only_the_first_frame_of_a_data_message_says_that_it_is_compressed() {
    let begun = frame(0x41, b"\xf2\x48\xcd");
    for (frames, violation) in [
        (frame(0xc9, b"ping"), Violation::ReservedBit),
        (frame(0xc0, b"\x00"), Violation::ReservedBit),
        ([begun.clone(), frame(0xc0, b"\xc9\xc9\x07\x00")].concat(), Violation::ReservedBit),
        (frame(0xe1, b"\x00"), Violation::ReservedBit),
        ([begun, frame(0xc1, b"\x00")].concat(), Violation::Interrupted),
    ] {
        assert_eq!(decoded(&kept(), &[&frames]), (vec![], Some(violation)));
    }
}

#[test]
fn a_prepared_message_fits_between_messages_of_a_socket_that_keeps_its_window() {
    let agreements = [kept(), forgotten(), agreed("; server_max_window_bits=9", Compression::new())];
    let prepared = Prepared::new(Message::text(prose(5000)));
    let mut first = None;
    for agreement in &agreements {
        let mut encoder = Encoder::new(Role::Server, Some(agreement));
        let mut peer = Decoder::new(Role::Client, LIMITS, Some(agreement));
        for round in 0..3 {
            let own = Message::text(prose(3000 + round));
            assert_eq!(drain(&mut peer, &mut sent(&mut encoder, own.clone())), (vec![own], None));
            let frame = encoder.prepared(&prepared);
            assert!(frame.len() < 5000 && frame[0] == 0xc1);
            let all = drain(&mut peer, &mut BytesMut::from(&frame[..]));
            assert_eq!(all, (vec![Message::text(prose(5000))], None));
            if agreement.outgoing(Role::Server).window_bits == 12 {
                assert_eq!(*first.get_or_insert(frame.as_ptr()), frame.as_ptr(), "compressed once");
            }
        }
    }
    let mut plain = Encoder::new(Role::Server, None);
    assert_eq!(plain.prepared(&prepared)[0], 0x81);
    let noise = Prepared::new(Message::Binary(Bytes::from(noise(500))));
    assert_eq!(Encoder::new(Role::Server, Some(&kept())).prepared(&noise)[0], 0x82);
}
