//! What the server in front knows of a request that is no part of HTTP.

use std::net::{IpAddr, SocketAddr};

use super::request::Known;
use super::{Refusal, bad};

/// What the server in front knows of a request that is no part of HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Front {
    /// The client's address; the port is 0 where it is not known.
    pub(crate) client: Option<SocketAddr>,
    /// The address and port that the client reached, where the server in front tells of both.
    pub(crate) reached: Option<SocketAddr>,
    /// Whether the client came over TLS.
    pub(crate) secure: bool,
    /// What stands before the application's paths, decoded.
    pub(crate) script_name: String,
}

impl Front {
    /// # Errors
    /// Where an address or the script name is none.
    pub(super) fn of(known: &Known<'_>) -> Result<Self, Refusal> {
        let client = match known.remote_addr {
            // A client of nginx that came by a unix socket.
            None | Some(b"" | b"unix:") => None,
            Some(text) => {
                let address = address(text).ok_or(bad("REMOTE_ADDR is no address.\n"))?;
                // uWSGI's router sends the port with its bytes in the wrong order.
                let port = if known.router { None } else { known.remote_port.and_then(number) };
                Some(SocketAddr::new(address, port.unwrap_or(0)))
            }
        };
        let reached = known.server_addr.and_then(address).zip(known.server_port.and_then(number));
        Ok(Self {
            client,
            reached: reached.map(SocketAddr::from),
            secure: is_secure(known),
            script_name: script_name(known.script_name.unwrap_or(b""))?,
        })
    }
}

fn is_secure(known: &Known<'_>) -> bool {
    let on = known.https.is_some_and(|value| value.eq_ignore_ascii_case(b"on") || value == b"1");
    let is_https = |scheme: Option<&[u8]>| scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"https"));
    on || is_https(known.request_scheme) || is_https(known.uwsgi_scheme)
}

/// A slash alone is the root, as it is without.
fn script_name(value: &[u8]) -> Result<String, Refusal> {
    let trimmed = value.strip_suffix(b"/").unwrap_or(value);
    match std::str::from_utf8(trimmed) {
        Ok("") => Ok(String::new()),
        // Two slashes at the start of a URL's path would name another host.
        Ok(text)
            if text.starts_with('/')
                && !text.starts_with("//")
                && !text.contains(['\\', '\r', '\n', '\0']) =>
        {
            Ok(text.to_owned())
        }
        _ => Err(bad("SCRIPT_NAME is no path.\n")),
    }
}

fn address(text: &[u8]) -> Option<IpAddr> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn number(text: &[u8]) -> Option<u16> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
