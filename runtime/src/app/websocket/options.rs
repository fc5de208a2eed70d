//! What can be settled for each socket, or for all of them.

use std::panic::Location;
use std::time::Duration;

/// Who may open a socket from a page in a browser. Clients that are no browsers send no `Origin`, and are not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedOrigin {
    /// Pages of every site.
    Any,
    /// Pages that came from the host that the socket is opened at (RFC 6455 section 10.2).
    SameHost,
    /// Pages of these origins, `https://example.com` each, besides those of the same host.
    Listed(&'static [&'static str]),
}

/// What becomes of messages from others ([`WebSocketSender`](super::WebSocketSender), rooms) when a client reads too slowly and
/// its outbox is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlowReader {
    /// Who sends waits; [`try_send`](super::WebSocketSender::try_send) and broadcasts, which cannot wait, close the socket.
    Wait,
    /// The oldest message that waits is given up for the new one.
    DropOldest,
    /// The socket is closed with 1013 (try again later).
    Close,
}

/// What is settled for the sockets of one view: the arguments of [`macro@websocket`](macro@crate::websocket). What is not said
/// is as the application's settings have it.
#[derive(Debug, Clone, Copy)]
pub struct WebSocketOptions {
    pub(crate) message_size: Option<usize>,
    pub(crate) frame_size: Option<usize>,
    pub(crate) heartbeat: Option<Duration>,
    pub(crate) heartbeat_timeout: Option<Duration>,
    pub(crate) subprotocols: &'static [&'static str],
    pub(crate) compression: Option<bool>,
    pub(crate) origin: Option<AllowedOrigin>,
    pub(crate) outbox: Option<usize>,
    pub(crate) slow_reader: Option<SlowReader>,
    pub(crate) finishing: bool,
    /// Where the view is, for the log.
    pub(crate) site: &'static Location<'static>,
}

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident: $of:ty),* $(,)?) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub const fn $name(mut self, $name: $of) -> Self {
                self.$name = Some($name);
                self
            }
        )*
    };
}

impl WebSocketOptions {
    /// Everything as the settings have it. The place is that of the call.
    #[track_caller]
    pub const fn new() -> Self {
        Self {
            message_size: None,
            frame_size: None,
            heartbeat: None,
            heartbeat_timeout: None,
            subprotocols: &[],
            compression: None,
            origin: None,
            outbox: None,
            slow_reader: None,
            finishing: false,
            site: Location::caller(),
        }
    }

    options! {
        /// The most bytes of a message, after decompression. A longer one closes the socket with 1009. Setting
        /// `websocket_message_size`, 1 MiB by default.
        message_size: usize,
        /// The most bytes of one frame. A longer one closes the socket with 1009, at its header. Setting
        /// `websocket_frame_size`; by default as large as a message.
        frame_size: usize,
        /// After how much silence the client is pinged; zero for never. Setting `websocket_heartbeat`, 30 seconds by default.
        heartbeat: Duration,
        /// How long an answer to a ping may take. Setting `websocket_heartbeat_timeout`, 20 seconds by default.
        heartbeat_timeout: Duration,
        /// Whether messages are compressed where the client can (RFC 7692). Setting `websocket_compression`, on by default.
        compression: bool,
        /// Who may open a socket from a page. Setting `websocket_origin`, the same host by default.
        origin: AllowedOrigin,
        /// How many messages from others may wait for the client. Setting `websocket_outbox`, 64 by default.
        outbox: usize,
        /// What becomes of further ones. Setting `websocket_slow_reader`, `wait` by default.
        slow_reader: SlowReader,
    }

    /// The view is not given up when its client has gone, however long it goes on.
    #[must_use]
    pub const fn finishing(mut self) -> Self {
        self.finishing = true;
        self
    }

    /// The subprotocols that the view speaks, the best first (RFC 6455 section 1.9).
    #[must_use]
    pub const fn subprotocols(mut self, subprotocols: &'static [&'static str]) -> Self {
        self.subprotocols = subprotocols;
        self
    }
}

impl Default for WebSocketOptions {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}
