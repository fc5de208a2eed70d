//! What the settings say of limits and switches; each bad one is a fault, and the default takes its place.

#[cfg(feature = "websocket")]
use std::ops::RangeInclusive;
use std::time::Duration;

use http::HeaderName;

use super::fault::Fault;
use crate::app::limits::Limits;
use crate::app::settings::{BadSetting, Settings};
#[cfg(feature = "websocket")]
use crate::app::websocket::{OriginSetting, SlowReader, WebSocketSettings};
#[cfg(feature = "websocket")]
use crate::protocol::websocket::deflate::Compression;

/// The limits of a request.
pub(super) fn limits(settings: &Settings, faults: &mut Vec<Fault>) -> Limits {
    let mut limits = Limits::default();
    for (name, limit) in [
        ("max_body", &mut limits.body),
        ("max_form_fields", &mut limits.form_fields),
        ("max_multipart_parts", &mut limits.multipart_parts),
    ] {
        *limit = or_default(settings.parse(name), *limit, faults);
    }
    limits
}

/// How long a check of readiness may take.
pub(super) fn readiness_timeout(settings: &Settings, faults: &mut Vec<Fault>) -> Duration {
    or_default(settings.seconds("readiness_timeout"), Duration::from_secs(2), faults)
}

/// What holds for all sockets.
#[cfg(feature = "websocket")]
pub(super) fn websockets(settings: &Settings, faults: &mut Vec<Fault>) -> WebSocketSettings {
    let mut websockets = WebSocketSettings::default();
    for (name, number) in [
        ("websocket_message_size", &mut websockets.message_size),
        ("websocket_frame_size", &mut websockets.frame_size),
        ("websocket_outbox", &mut websockets.outbox),
        ("websocket_connections", &mut websockets.connections),
    ] {
        *number = or_default(settings.parse(name), *number, faults);
    }
    for (name, time) in [
        ("websocket_heartbeat", &mut websockets.heartbeat),
        ("websocket_heartbeat_timeout", &mut websockets.heartbeat_timeout),
        ("websocket_close_timeout", &mut websockets.close_timeout),
        ("websocket_handshake_timeout", &mut websockets.handshake_timeout),
    ] {
        *time = or_default(settings.seconds(name), *time, faults);
    }
    websockets.compression =
        or_default(settings.switch("websocket_compression"), websockets.compression, faults);
    websockets.compressed = compression(settings, faults);
    websockets.origin = or_default(
        settings.words(
            "websocket_origin",
            "`any`, `same_host`, or origins such as `https://example.com`",
            OriginSetting::read,
        ),
        websockets.origin,
        faults,
    );
    websockets.slow_reader = or_default(
        settings.words("websocket_slow_reader", "`wait`, `drop_oldest` or `close`", |text| match text {
            "wait" => Some(SlowReader::Wait),
            "drop_oldest" => Some(SlowReader::DropOldest),
            "close" => Some(SlowReader::Close),
            _ => None,
        }),
        websockets.slow_reader,
        faults,
    );
    websockets
}

/// How messages are compressed (RFC 7692).
#[cfg(feature = "websocket")]
fn compression(settings: &Settings, faults: &mut Vec<Fault>) -> Compression {
    let mut compression = Compression::new();
    let within = |range: RangeInclusive<u8>| {
        move |text: &str| text.parse().ok().filter(|number| range.contains(number))
    };
    let level = settings.words("websocket_compression_level", "a number from 0 to 9", within(0..=9));
    if let Some(level) = or_default(level.map(Some), None, faults) {
        compression = compression.level(level.into());
    }
    if let Some(bytes) = or_default(settings.parse("websocket_compression_smallest").map(Some), None, faults)
    {
        compression = compression.smallest(bytes);
    }
    let bits = settings.words("websocket_window_bits", "a number from 9 to 15", within(9..=15));
    if let Some(bits) = or_default(bits.map(Some), None, faults) {
        compression = compression.server_max_window_bits(bits).client_max_window_bits(bits);
    }
    let kept =
        settings.words(
            "websocket_context_takeover",
            "`none`, `server`, `client` or `both`",
            |text| match text {
                "none" => Some((false, false)),
                "server" => Some((true, false)),
                "client" => Some((false, true)),
                "both" => Some((true, true)),
                _ => None,
            },
        );
    let (server, client) = or_default(kept, (false, false), faults);
    compression.server_context_takeover(server).client_context_takeover(client)
}

/// What is on or off.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(super) struct Switches {
    pub(super) development: bool,
    /// Read templates again for each answer.
    #[cfg_attr(
        not(feature = "templates"),
        expect(dead_code, reason = "the setting is checked all the same")
    )]
    pub(super) reload_templates: bool,
    pub(super) method_not_allowed: bool,
    pub(super) prevent_http_cache: bool,
    /// The header in which a proxy says what of the tree it shows.
    pub(super) virtual_root: Option<HeaderName>,
}

impl Switches {
    pub(super) fn read(settings: &Settings, faults: &mut Vec<Fault>) -> Self {
        let development = or_default(settings.switch("development"), cfg!(debug_assertions), faults);
        Self {
            development,
            reload_templates: or_default(settings.switch("reload_templates"), development, faults),
            method_not_allowed: or_default(settings.switch("method_not_allowed"), true, faults),
            prevent_http_cache: or_default(settings.switch("prevent_http_cache"), false, faults),
            virtual_root: or_default(
                settings.parse::<HeaderName>("virtual_root_header").map(Some),
                None,
                faults,
            ),
        }
    }
}

fn or_default<T>(read: Result<Option<T>, BadSetting>, default: T, faults: &mut Vec<Fault>) -> T {
    match read {
        Ok(value) => value.unwrap_or(default),
        Err(bad) => {
            faults.push(Fault::new(bad.to_string(), []));
            default
        }
    }
}
