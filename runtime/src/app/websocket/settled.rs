//! What holds for a socket, once the view and the settings have said what they want.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::driver::Patience;
use super::{AllowedOrigin, SlowReader, WebSocketOptions};
use crate::protocol::web_origin::is_of_host;
use crate::protocol::websocket::SizeLimits;
use crate::protocol::websocket::deflate::Compression;

/// What the settings say of all sockets.
#[derive(Debug, Clone)]
pub(crate) struct WebSocketSettings {
    /// `websocket_message_size`: bytes of a message.
    pub(crate) message_size: usize,
    /// `websocket_frame_size`: bytes of a frame; 0 for those of a message.
    pub(crate) frame_size: usize,
    /// `websocket_heartbeat`: after how much silence the client is pinged.
    pub(crate) heartbeat: Duration,
    /// `websocket_heartbeat_timeout`: how long the answer may take.
    pub(crate) heartbeat_timeout: Duration,
    /// `websocket_close_timeout`: how long the end may take.
    pub(crate) close_timeout: Duration,
    /// `websocket_handshake_timeout`: how long the connection may take to become a socket.
    pub(crate) handshake_timeout: Duration,
    /// `websocket_compression`
    pub(crate) compression: bool,
    /// How: `websocket_compression_level`, `websocket_compression_smallest`, `websocket_context_takeover` and
    /// `websocket_window_bits`.
    pub(crate) compressed: Compression,
    /// `websocket_origin`
    pub(crate) origin: OriginSetting,
    /// `websocket_outbox`: messages.
    pub(crate) outbox: usize,
    /// `websocket_slow_reader`
    pub(crate) slow_reader: SlowReader,
    /// `websocket_connections`: open sockets of the process.
    pub(crate) connections: usize,
    /// How many there are.
    pub(crate) open: Arc<AtomicUsize>,
}

/// Who may open a socket from a page, as the settings say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OriginSetting {
    Any,
    SameHost,
    Listed(Arc<[String]>),
}

impl OriginSetting {
    /// Reads `any`, `same_host`, or origins with commas or spaces between them.
    pub(crate) fn read(text: &str) -> Option<Self> {
        match text {
            "any" => return Some(Self::Any),
            "same_host" => return Some(Self::SameHost),
            _ => {}
        }
        let listed: Vec<&str> =
            text.split([',', ' ']).map(str::trim).filter(|origin| !origin.is_empty()).collect();
        let is_origin = |origin: &&str| {
            origin.split_once("://").is_some_and(|(scheme, host)| {
                matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains('/')
            })
        };
        (!listed.is_empty() && listed.iter().all(is_origin))
            .then(|| Self::Listed(listed.into_iter().map(str::to_owned).collect()))
    }
}

impl Default for WebSocketSettings {
    fn default() -> Self {
        Self {
            message_size: 1 << 20,
            frame_size: 0,
            heartbeat: Duration::from_secs(30),
            heartbeat_timeout: Duration::from_secs(20),
            close_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(10),
            compression: true,
            compressed: Compression::new(),
            origin: OriginSetting::SameHost,
            outbox: 64,
            slow_reader: SlowReader::Wait,
            connections: 16_384,
            open: Arc::default(),
        }
    }
}

/// What holds for one socket.
#[derive(Debug)]
pub(super) struct Settled<'a> {
    pub(super) options: &'a WebSocketOptions,
    pub(super) settings: &'a WebSocketSettings,
}

impl Settled<'_> {
    pub(super) fn limits(&self) -> SizeLimits {
        let message = self.options.message_size.unwrap_or(self.settings.message_size);
        let frame = self.options.frame_size.unwrap_or(self.settings.frame_size);
        SizeLimits { message, frame: if frame == 0 { message } else { frame } }
    }

    pub(super) fn patience(&self) -> Patience {
        Patience {
            heartbeat: self.options.heartbeat.unwrap_or(self.settings.heartbeat),
            pong: self.options.heartbeat_timeout.unwrap_or(self.settings.heartbeat_timeout),
            closing: self.settings.close_timeout,
        }
    }

    pub(super) fn compression(&self) -> Option<Compression> {
        self.options.compression.unwrap_or(self.settings.compression).then_some(self.settings.compressed)
    }

    pub(super) fn outbox(&self) -> usize {
        self.options.outbox.unwrap_or(self.settings.outbox).max(1)
    }

    pub(super) fn slow_reader(&self) -> SlowReader {
        self.options.slow_reader.unwrap_or(self.settings.slow_reader)
    }

    /// Whether a page of `origin` may open a socket at `host`.
    pub(super) fn allows(&self, origin: &str, host: &str) -> bool {
        match self.options.origin {
            Some(AllowedOrigin::Any) => true,
            Some(AllowedOrigin::SameHost) => is_of_host(origin, host),
            Some(AllowedOrigin::Listed(listed)) => {
                is_of_host(origin, host) || listed.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
            }
            None => match &self.settings.origin {
                OriginSetting::Any => true,
                OriginSetting::SameHost => is_of_host(origin, host),
                OriginSetting::Listed(listed) => {
                    is_of_host(origin, host)
                        || listed.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
                }
            },
        }
    }
}

/// One of the sockets that may be open at the same time.
#[derive(Debug)]
pub(super) struct Place(Arc<AtomicUsize>);

impl Place {
    /// `None` when there are as many as there may be.
    pub(super) fn take(settings: &WebSocketSettings) -> Option<Self> {
        let place = Self(Arc::clone(&settings.open));
        // Counted first, so that two that come at once do not both get the last one.
        (place.0.fetch_add(1, Ordering::Relaxed) < settings.connections).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_the_same_host_may_open_a_socket() {
        for (origin, host, same) in [
            ("http://a.example", "a.example", true),
            ("https://A.example", "a.example", true),
            ("https://a.example", "a.example:443", true),
            ("http://a.example:80", "a.example", true),
            ("http://a.example:6543", "a.example:6543", true),
            ("http://a.example:6543", "a.example", false),
            ("http://b.example", "a.example", false),
            ("http://a.example.evil.example", "a.example", false),
            ("null", "a.example", false),
            ("file://", "a.example", false),
            ("", "", false),
        ] {
            assert_eq!(is_of_host(origin, host), same, "{origin} at {host}");
        }
    }

    #[test]
    fn what_the_view_says_goes_before_the_settings() {
        let settings = WebSocketSettings { origin: OriginSetting::Any, ..WebSocketSettings::default() };
        let options = WebSocketOptions::new().origin(AllowedOrigin::Listed(&["https://b.example"]));
        let settled = Settled { options: &options, settings: &settings };
        assert!(settled.allows("https://b.example", "a.example"));
        assert!(settled.allows("https://a.example", "a.example"));
        assert!(!settled.allows("https://c.example", "a.example"));
        let options = WebSocketOptions::new();
        assert!(Settled { options: &options, settings: &settings }.allows("https://c.example", "a.example"));
    }

    #[test]
    fn a_place_is_given_back() {
        let settings = WebSocketSettings { connections: 1, ..WebSocketSettings::default() };
        let place = Place::take(&settings);
        assert!(place.is_some());
        assert!(Place::take(&settings).is_none());
        drop(place);
        assert!(Place::take(&settings).is_some());
    }
}
