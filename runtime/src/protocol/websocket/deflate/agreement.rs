//! What a client and a server agree on (RFC 7692 section 7.1).

use std::fmt::Write as _;

use http::HeaderValue;

use super::super::Role;
use super::Compression;
use super::offer::{Offer, parse};

pub(crate) use super::offer::Malformed;

/// The name of the extension.
const NAME: &str = "permessage-deflate";

/// The widest window there is, which one who says nothing may use.
const WIDEST: u8 = 15;

/// How one of the two compresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Direction {
    /// Whether a message may refer to earlier ones.
    pub(crate) takeover: bool,
    /// How far back it may refer: 2 to the power of this.
    pub(crate) window_bits: u8,
}

/// What was agreed on, and what is ours to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Agreement {
    /// What the server sends.
    server: Direction,
    /// What the client sends.
    client: Direction,
    /// Whether the windows are named in the answer.
    named: Named,
    pub(crate) level: u32,
    /// The bytes from which on a message is compressed.
    pub(crate) smallest: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Named {
    server: bool,
    client: bool,
}

impl Agreement {
    /// What a `role` receives.
    pub(crate) fn incoming(&self, role: Role) -> Direction {
        match role {
            Role::Server => self.client,
            Role::Client => self.server,
        }
    }

    /// What a `role` sends.
    pub(crate) fn outgoing(&self, role: Role) -> Direction {
        match role {
            Role::Server => self.server,
            Role::Client => self.client,
        }
    }

    /// The value of the header by which the server says so.
    pub(crate) fn header(&self) -> HeaderValue {
        let mut header = NAME.to_owned();
        if !self.server.takeover {
            header.push_str("; server_no_context_takeover");
        }
        if !self.client.takeover {
            header.push_str("; client_no_context_takeover");
        }
        if self.named.server {
            let _ = write!(header, "; server_max_window_bits={}", self.server.window_bits);
        }
        if self.named.client {
            let _ = write!(header, "; client_max_window_bits={}", self.client.window_bits);
        }
        HeaderValue::try_from(header).unwrap_or(HeaderValue::from_static(NAME))
    }
}

/// Takes the first offer that can be taken, of all in the headers given. The client names them in the order it likes them.
///
/// # Errors
/// If a header is no list of extensions.
pub(crate) fn negotiate<'a>(
    headers: impl IntoIterator<Item = &'a str>,
    compression: &Compression,
) -> Result<Option<Agreement>, Malformed> {
    let mut agreement = None;
    for header in headers {
        for offer in parse(header)? {
            agreement = agreement.or_else(|| agree(&offer, compression));
        }
    }
    Ok(agreement)
}

/// What the offer asks for, or `None` if it is another extension or is to be declined: a parameter that is not known, that is
/// there twice, or whose value it cannot have (section 7.1).
fn agree(offer: &Offer<'_>, compression: &Compression) -> Option<Agreement> {
    // Names of extensions are compared as they are: they are tokens, of which nothing says that case does not count.
    if offer.name != NAME {
        return None;
    }
    let (mut server_takeover, mut client_takeover) = (None, None);
    let (mut server_bits, mut client_bits) = (None, None);
    for (name, value) in &offer.parameters {
        let value = value.as_deref();
        match *name {
            "server_no_context_takeover" => once(&mut server_takeover, value.is_none().then_some(false)),
            "client_no_context_takeover" => once(&mut client_takeover, value.is_none().then_some(false)),
            "server_max_window_bits" => once(&mut server_bits, value.and_then(window_bits)),
            // Without a value it only says that the client lets itself be told.
            "client_max_window_bits" => once(&mut client_bits, value.map_or(Some(WIDEST), window_bits)),
            _ => None,
        }?;
    }
    Some(Agreement {
        server: Direction {
            takeover: server_takeover.unwrap_or(compression.server_context_takeover),
            window_bits: server_bits.unwrap_or(WIDEST).min(compression.server_max_window_bits),
        },
        client: Direction {
            takeover: client_takeover.unwrap_or(compression.client_context_takeover),
            // A client that did not say that it can be told uses what it likes.
            window_bits: client_bits.map_or(WIDEST, |bits| bits.min(compression.client_max_window_bits)),
        },
        named: Named { server: server_bits.is_some(), client: client_bits.is_some() },
        level: compression.level,
        smallest: compression.smallest,
    })
}

/// Keeps a value that is there, and is there for the first time.
fn once<T>(kept: &mut Option<T>, value: Option<T>) -> Option<()> {
    let value = value?;
    kept.replace(value).is_none().then_some(())
}

/// From 8 to 15, without leading zeros.
fn window_bits(value: &str) -> Option<u8> {
    let bits = value.parse().ok()?;
    ((8..=WIDEST).contains(&bits) && value.len() == 1 + usize::from(bits > 9) && !value.starts_with('+'))
        .then_some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer to these headers.
    fn answer(headers: &[&str], compression: Compression) -> Option<String> {
        let agreement = negotiate(headers.iter().copied(), &compression).unwrap();
        agreement.map(|agreement| agreement.header().to_str().unwrap().to_owned())
    }

    /// What is left to the client: all of it.
    const GENEROUS: Compression = Compression::new()
        .server_context_takeover(true)
        .client_context_takeover(true)
        .server_max_window_bits(15)
        .client_max_window_bits(15);

    #[test]
    fn every_parameter_is_answered_as_it_was_offered() {
        for (offer, expected) in [
            ("", ""),
            ("; server_no_context_takeover", "; server_no_context_takeover"),
            ("; client_no_context_takeover", "; client_no_context_takeover"),
            ("; server_max_window_bits=10", "; server_max_window_bits=10"),
            ("; server_max_window_bits=8", "; server_max_window_bits=8"),
            ("; server_max_window_bits=15", "; server_max_window_bits=15"),
            ("; client_max_window_bits", "; client_max_window_bits=15"),
            ("; client_max_window_bits=\"8\"", "; client_max_window_bits=8"),
            (
                "; client_max_window_bits=9; server_max_window_bits=11; client_no_context_takeover; server_no_context_takeover",
                "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=11; client_max_window_bits=9",
            ),
        ] {
            let header = format!("{NAME}{offer}");
            assert_eq!(answer(&[&header], GENEROUS), Some(format!("{NAME}{expected}")), "{offer}");
        }
    }

    #[test]
    fn by_default_no_window_is_kept_and_windows_are_small() {
        for (offer, expected) in [
            ("", ""),
            ("; client_max_window_bits", "; client_max_window_bits=12"),
            (
                "; client_max_window_bits=10; server_max_window_bits=10",
                "; server_max_window_bits=10; client_max_window_bits=10",
            ),
            (
                "; client_max_window_bits=15; server_max_window_bits=15",
                "; server_max_window_bits=12; client_max_window_bits=12",
            ),
        ] {
            let header = format!("{NAME}{offer}");
            let expected =
                format!("{NAME}; server_no_context_takeover; client_no_context_takeover{expected}");
            assert_eq!(answer(&[&header], Compression::new()), Some(expected), "{offer}");
        }
        // A client that does not let itself be told may use all there is.
        let agreement = negotiate([NAME], &Compression::new()).unwrap().unwrap();
        assert_eq!(agreement.incoming(Role::Server), Direction { takeover: false, window_bits: 15 });
        assert_eq!(agreement.outgoing(Role::Server), Direction { takeover: false, window_bits: 12 });
        assert_eq!(agreement.incoming(Role::Client), agreement.outgoing(Role::Server));
    }

    #[test]
    fn an_offer_that_cannot_be_taken_is_passed_over() {
        for offer in [
            "x-webkit-deflate-frame",
            "Permessage-Deflate",
            "permessage-deflate; unknown",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=08",
            "permessage-deflate; server_max_window_bits=+9",
            "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
            "permessage-deflate; client_max_window_bits=010",
            "permessage-deflate; client_max_window_bits=a",
            "permessage-deflate; client_max_window_bits=256",
        ] {
            assert_eq!(answer(&[offer], GENEROUS), None, "{offer}");
            let second = format!("{offer}, permessage-deflate; server_max_window_bits=9");
            let expected = Some(format!("{NAME}; server_max_window_bits=9"));
            assert_eq!(answer(&[&second], GENEROUS), expected, "{offer}");
            assert_eq!(answer(&[offer, "permessage-deflate; server_max_window_bits=9"], GENEROUS), expected);
        }
        assert_eq!(answer(&[], GENEROUS), None);
        assert_eq!(negotiate(["permessage-deflate, ="], &GENEROUS), Err(Malformed));
    }
}
