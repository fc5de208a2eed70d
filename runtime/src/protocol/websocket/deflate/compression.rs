//! What is wanted of compression.

/// How messages are compressed, where the client can: permessage-deflate, RFC 7692.
///
/// The default suits many sockets: no window is kept from message to message, so that a socket that says nothing costs
/// no memory, windows of 4 KiB, and messages of less than 128 bytes stay as they are.
///
/// What a view sends compressed can be guessed by one who sees its length and can make it repeat what he sends: do not put
/// secrets and the words of strangers into one message, nor, where the window is kept, into messages of one socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Compression {
    pub(super) level: u32,
    pub(super) smallest: usize,
    pub(super) server_context_takeover: bool,
    pub(super) client_context_takeover: bool,
    pub(super) server_max_window_bits: u8,
    pub(super) client_max_window_bits: u8,
}

impl Compression {
    /// The default.
    pub(crate) const fn new() -> Self {
        Self {
            level: 6,
            smallest: 128,
            server_context_takeover: false,
            client_context_takeover: false,
            server_max_window_bits: 12,
            client_max_window_bits: 12,
        }
    }

    /// How hard to try, from 0, not at all, to 9, as hard as can be. 6 by default.
    ///
    /// # Panics
    /// If it is more than 9.
    #[must_use]
    pub(crate) const fn level(mut self, level: u32) -> Self {
        assert!(level <= 9, "the level of compression is from 0 to 9");
        self.level = level;
        self
    }

    /// The bytes from which on a message is compressed. 128 by default.
    #[must_use]
    pub(crate) const fn smallest(mut self, bytes: usize) -> Self {
        self.smallest = bytes;
        self
    }

    /// Whether what is sent may refer to earlier messages, which makes small ones much smaller and costs some 300 KiB a
    /// socket. Not by default, and not where the client does not want it.
    #[must_use]
    pub(crate) const fn server_context_takeover(mut self, keep: bool) -> Self {
        self.server_context_takeover = keep;
        self
    }

    /// Whether the client may do that, which costs its window, 4 to 32 KiB, and some 10 KiB a socket. Not by default.
    #[must_use]
    pub(crate) const fn client_context_takeover(mut self, keep: bool) -> Self {
        self.client_context_takeover = keep;
        self
    }

    /// How far back what is sent may refer: 2 to the power of so many bytes, from 9 to 15. 12 by default, or less where
    /// the client wants less.
    ///
    /// # Panics
    /// If it is another number.
    #[must_use]
    pub(crate) const fn server_max_window_bits(mut self, bits: u8) -> Self {
        assert!(9 <= bits && bits <= 15, "a window has from 9 to 15 bits");
        self.server_max_window_bits = bits;
        self
    }

    /// How far back the client may refer, if it lets itself be told: from 9 to 15. 12 by default.
    ///
    /// # Panics
    /// If it is another number.
    #[must_use]
    pub(crate) const fn client_max_window_bits(mut self, bits: u8) -> Self {
        assert!(9 <= bits && bits <= 15, "a window has from 9 to 15 bits");
        self.client_max_window_bits = bits;
        self
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::new()
    }
}
