//! Whatever is sent arrives, however it is cut into frames and reads.

use bytes::BytesMut;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::deflate::agreement::negotiate;
use super::super::deflate::{Agreement, Compression, Compressor};
use super::super::{Decoder, Encoder, Message, Role, SizeLimits};
use super::{drain, frame};

const LIMITS: SizeLimits = SizeLimits::message(100_000);

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let message = prop_oneof![
        any::<String>().prop_map(Message::text),
        "[a-c ]{0,3000}".prop_map(Message::text),
        vec(any::<u8>(), 0..500).prop_map(Message::binary),
        (any::<u8>(), 0..70_000_usize).prop_map(|(byte, length)| Message::binary(vec![byte; length])),
        vec(any::<u8>(), 0..=125).prop_map(|payload| Message::Ping(payload.into())),
        vec(any::<u8>(), 0..=125).prop_map(|payload| Message::Pong(payload.into())),
    ];
    vec(message, 0..8)
}

fn agreements() -> impl Strategy<Value = Option<Agreement>> {
    let agreement = (any::<(bool, bool)>(), 8..=15_u8, 8..=15_u8, 0..=9_u32, 0..300_usize).prop_map(
        |((server, client), server_bits, client_bits, level, smallest)| {
            let compression = Compression::new().level(level).smallest(smallest);
            let compression = compression.server_context_takeover(server).client_context_takeover(client);
            let offer = format!(
                "permessage-deflate; server_max_window_bits={server_bits}; client_max_window_bits={client_bits}"
            );
            negotiate([&*offer], &compression).unwrap().unwrap()
        },
    );
    proptest::option::of(agreement)
}

/// The bytes in parts, cut at these places.
fn parts<'a>(mut bytes: &'a [u8], cuts: &'a [Index]) -> impl Iterator<Item = &'a [u8]> {
    let cuts = cuts.iter().map(Some).chain([None]);
    cuts.map(move |cut| {
        let (part, rest) = bytes.split_at(cut.map_or(bytes.len(), |cut| cut.index(bytes.len() + 1)));
        bytes = rest;
        part
    })
}

/// All messages, of bytes that come in these parts.
fn received(decoder: &mut Decoder, bytes: &[u8], cuts: &[Index]) -> Vec<Message> {
    let mut buffer = BytesMut::new();
    let mut messages = Vec::new();
    for part in parts(bytes, cuts) {
        buffer.extend_from_slice(part);
        let (more, violation) = drain(decoder, &mut buffer);
        assert_eq!(violation, None);
        messages.extend(more);
    }
    assert!(buffer.is_empty());
    messages
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_encoded_is_decoded(
        messages in messages(),
        agreement in agreements(),
        from_server: bool,
        cuts in vec(any::<Index>(), 0..20),
    ) {
        let (from, to) = if from_server { (Role::Server, Role::Client) } else { (Role::Client, Role::Server) };
        let mut encoder = Encoder::new(from, agreement.as_ref());
        let mut out = BytesMut::new();
        for message in &messages {
            if let Some(payload) = encoder.encode(message.clone(), &mut out) {
                out.extend_from_slice(&payload);
            }
        }
        let mut decoder = Decoder::new(to, LIMITS, agreement.as_ref());
        prop_assert_eq!(received(&mut decoder, &out, &cuts), messages);
    }

    #[test]
    fn what_is_sent_in_pieces_is_put_together(
        messages in messages(),
        agreement in agreements(),
        pieces in vec(any::<Index>(), 0..5),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        let mut compressor = agreement.map(|agreement| Compressor::new(&agreement, Role::Client));
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for message in messages {
            let opcode = if message.is_text() { 1 } else { 2 };
            // Control frames are not to be cut; here they stand between the pieces.
            if !message.is_text() && !message.is_binary() {
                continue;
            }
            let data = message.clone().into_data();
            let mut scratch = Vec::new();
            let compressed = compressor.as_mut().is_some_and(|compressor| {
                compressor.is_worth(data.len()) && compressor.compress(&data, &mut scratch)
            });
            let payload = if compressed { &scratch[..] } else { &data[..] };
            let count = pieces.len();
            for (at, piece) in parts(payload, &pieces).enumerate() {
                let begins = if at == 0 { opcode | u8::from(compressed) << 6 } else { 0 };
                bytes.extend(frame(begins | u8::from(at == count) << 7, piece));
                if at < count {
                    bytes.extend(frame(0x89, b"between"));
                    expected.push(Message::Ping("between".into()));
                }
            }
            expected.push(message);
        }
        let mut decoder = Decoder::new(Role::Server, LIMITS, agreement.as_ref());
        prop_assert_eq!(received(&mut decoder, &bytes, &cuts), expected);
    }
}
