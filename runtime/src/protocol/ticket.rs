//! Authentication tickets in Pyramid's format, which is that of Apache's `mod_auth_tkt` with other hashes: who somebody is and
//! since when, signed.
//!
//! ```text
//! DIGEST ‖ time, 8 hexadecimal digits ‖ user id, percent-encoded ‖ "!" ‖ [tokens, with commas ‖ "!"] ‖ user data
//! DIGEST = hex(H(hex(H(address, time, secret, user id, NUL, tokens, NUL, user data)) ‖ secret))
//! ```
//!
//! Pyramid's `AuthTktCookieHelper`; a ticket of the one is a ticket of the other.

use std::borrow::Cow;
use std::fmt::Write;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::hexadecimal::hexadecimal;
use super::signing::HashAlgorithm;

/// Escaped in the user id: what Python's `urllib.parse.quote` escapes.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b'/');

/// The hash by which tickets are signed.
#[derive(Clone, Copy)]
pub(crate) struct TicketHash {
    bytes: usize,
    hash: fn(&[u8]) -> Vec<u8>,
}

impl TicketHash {
    /// How many bytes come of it, and what it is.
    pub(crate) const fn new(bytes: usize, hash: fn(&[u8]) -> Vec<u8>) -> Self {
        Self { bytes, hash }
    }

    fn hex(self, bytes: &[u8]) -> String {
        hexadecimal(&(self.hash)(bytes))
    }
}

impl From<HashAlgorithm> for TicketHash {
    fn from(algorithm: HashAlgorithm) -> Self {
        let hash: fn(&[u8]) -> Vec<u8> = match algorithm {
            HashAlgorithm::Sha256 => |bytes| Sha256::digest(bytes).to_vec(),
            HashAlgorithm::Sha512 => |bytes| Sha512::digest(bytes).to_vec(),
        };
        Self::new(algorithm.length(), hash)
    }
}

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content<'a> {
    /// When it was made, in seconds since 1970.
    pub(crate) time: u32,
    /// In the form that the user data name.
    pub(crate) userid: Cow<'a, str>,
    /// Several with commas between them.
    pub(crate) tokens: Cow<'a, str>,
    pub(crate) user_data: Cow<'a, str>,
}

impl Content<'_> {
    /// The ticket, signed by the first secret; `address` is that of the client, where the ticket is for it alone.
    pub(crate) fn sealed(&self, secrets: &[String], hash: TicketHash, address: Option<IpAddr>) -> String {
        let mut ticket = self.digest(secrets.first().map_or("", String::as_str), hash, address);
        self.write(&mut ticket);
        ticket
    }

    /// What is in a ticket that one of the secrets has signed, and that nobody has touched since. As strict as can be: there is one
    /// way to write a ticket.
    pub(crate) fn opened(
        ticket: &str,
        secrets: &[String],
        hash: TicketHash,
        address: Option<IpAddr>,
    ) -> Option<Content<'static>> {
        let (digest, rest) = ticket.split_at_checked(2 * hash.bytes)?;
        let (time, signed) = rest.split_at_checked(8)?;
        let (userid, data) = signed.split_once('!')?;
        let (tokens, user_data) = data.split_once('!').unwrap_or(("", data));
        let content = Content {
            time: u32::from_str_radix(time, 16).ok()?,
            userid: percent_decode_str(userid).decode_utf8().ok()?.into_owned().into(),
            tokens: tokens.to_owned().into(),
            user_data: user_data.to_owned().into(),
        };
        let mut again = String::with_capacity(rest.len());
        content.write(&mut again);
        if again != rest {
            return None;
        }
        // Every secret is tried, so that the time that this takes says nothing of which one it was.
        let signed = secrets.iter().fold(subtle::Choice::from(0), |found, secret| {
            found | content.digest(secret, hash, address).as_bytes().ct_eq(digest.as_bytes())
        });
        bool::from(signed).then_some(content)
    }

    /// Everything but the digest.
    fn write(&self, text: &mut String) {
        let Self { time, userid, tokens, user_data } = self;
        let userid = utf8_percent_encode(userid, ESCAPED);
        // Writing into a string cannot fail.
        let _ = match &**tokens {
            "" => write!(text, "{time:08x}{userid}!{user_data}"),
            tokens => write!(text, "{time:08x}{userid}!{tokens}!{user_data}"),
        };
    }

    fn digest(&self, secret: &str, hash: TicketHash, address: Option<IpAddr>) -> String {
        let mut signed = match address {
            Some(IpAddr::V6(address)) => format!("{address}{}", self.time).into_bytes(),
            Some(IpAddr::V4(address)) => [address.octets(), self.time.to_be_bytes()].concat(),
            None => [[0; 4], self.time.to_be_bytes()].concat(),
        };
        for part in [secret, &self.userid, "\0", &self.tokens, "\0", &self.user_data] {
            signed.extend_from_slice(part.as_bytes());
        }
        let mut inner = hash.hex(&signed);
        inner.push_str(secret);
        hash.hex(inner.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sha256() -> TicketHash {
        HashAlgorithm::Sha256.into()
    }

    fn content() -> Content<'static> {
        Content {
            time: 1_700_000_000,
            userid: "YWxpY2U=".into(),
            tokens: "".into(),
            user_data: "userid_type:b64unicode".into(),
        }
    }

    #[test]
    fn a_ticket_is_that_of_pyramid() {
        // Made by Pyramid 2.1.
        let ticket = "6684dccb1004a0464f61ec820229a05c5589471fa7ad407173c8a4f8f671331046370d910841793571f4ee45309f1c03\
                      c3d84c5b111ecc46fb780f3a5d91abf16553f100YWxpY2U%3D!userid_type:b64unicode";
        let secrets = ["seekrit".to_owned()];
        assert_eq!(content().sealed(&secrets, HashAlgorithm::Sha512.into(), None), ticket);
        assert_eq!(Content::opened(ticket, &secrets, HashAlgorithm::Sha512.into(), None), Some(content()));
    }

    #[test]
    fn what_is_cut_changed_or_signed_by_others_is_no_ticket() {
        let secrets = ["new", "old"].map(str::to_owned);
        let open = |ticket: &str| Content::opened(ticket, &secrets, sha256(), None);
        let ticket = Content { tokens: "a,b".into(), ..content() }.sealed(&secrets, sha256(), None);
        assert!(open(&ticket).is_some());
        for place in 0..ticket.len() {
            assert_eq!(open(&ticket[..place]), None, "{place}");
            let mut changed = ticket.clone().into_bytes();
            changed[place] ^= 1;
            assert_eq!(open(std::str::from_utf8(&changed).unwrap()), None, "{place}");
        }
        for text in ["", "größe", &ticket.to_uppercase(), &ticket.replace("%3D", "="), &format!("{ticket}!")]
        {
            assert_eq!(open(text), None, "{text}");
        }
        let sealed = |secret: &str| content().sealed(&[secret.to_owned()], sha256(), None);
        assert!(open(&sealed("old")).is_some());
        assert_eq!(open(&sealed("other")), None);
    }

    #[test]
    fn a_ticket_may_be_for_one_address() {
        let secrets = ["seekrit".to_owned()];
        let (here, there) = ("192.0.2.1".parse().ok(), "2001:db8::7".parse().ok());
        for address in [here, there] {
            let ticket = content().sealed(&secrets, sha256(), address);
            for other in [here, there, None] {
                let opened = Content::opened(&ticket, &secrets, sha256(), other);
                assert_eq!(opened.is_some(), other == address, "{address:?} {other:?}");
            }
        }
    }
}
