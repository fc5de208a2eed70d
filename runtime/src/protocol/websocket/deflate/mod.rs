//! permessage-deflate (RFC 7692): messages that are compressed one by one.
//!
//! [`Compression`] says what we want, an offer of the client's and it make an [`Agreement`] ([`agreement::negotiate`]), by which
//! a [`Compressor`] and a [`Decompressor`] work. DEFLATE itself is flate2's, on zlib-rs.
//!
//! The memory of a compressor is some 300 KiB, so a socket has one only while it must: from a small store of each thread's for
//! the time of one message, or, where the window is kept from message to message (context takeover), from its first message on.

pub(crate) mod agreement;
mod compression;
mod compressor;
mod decompressor;
mod offer;
mod store;

pub(crate) use agreement::Agreement;
pub(crate) use compression::Compression;
pub(crate) use compressor::{Compressor, compress_alone};
pub(crate) use decompressor::Decompressor;
pub(crate) use offer::is_token_byte;

/// The end of what a compressor writes when it is flushed. It goes without saying, so it is not sent (section 7.2.1).
const FLUSHED: [u8; 4] = [0, 0, 0xff, 0xff];
