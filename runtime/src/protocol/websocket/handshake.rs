//! The opening handshake (RFC 6455 section 4.2), and its form over HTTP/2 (RFC 8441).

use std::error::Error as StdError;
use std::fmt;

use http::header::{
    ALLOW, CONNECTION, CONTENT_LENGTH, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Version};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::deflate::agreement::negotiate;
use super::deflate::{Agreement, Compression, is_token_byte};

/// The only version there is (section 4.1).
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// What a client asks with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening<'a> {
    pub(crate) method: &'a Method,
    pub(crate) version: Version,
    pub(crate) headers: &'a HeaderMap,
    /// The pseudo-header `:protocol` of an extended CONNECT.
    pub(crate) protocol: Option<&'a str>,
}

/// What a view offers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Terms<'a> {
    /// The subprotocols it speaks, the ones it likes best first.
    pub(crate) subprotocols: &'a [&'static str],
    /// `None` to send and take everything uncompressed.
    pub(crate) compression: Option<&'a Compression>,
}

/// A handshake that can be answered.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// 101, or over HTTP/2 200, with all that belongs to it.
    pub(crate) response: Response<()>,
    pub(crate) subprotocol: Option<&'static str>,
    pub(crate) deflate: Option<Agreement>,
}

/// Why there is no websocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request asks for something else: 426.
    NoWebsocket,
    /// It wants another version: 426 (section 4.4).
    Version,
    /// It is neither a GET nor an extended CONNECT: 405.
    Method,
    /// It is not as it must be: 400, with what is wrong.
    Malformed(&'static str),
}

impl Opening<'_> {
    /// Judges the request.
    ///
    /// # Errors
    /// What to refuse it with.
    pub(crate) fn accept(&self, terms: &Terms<'_>) -> Result<Accepted, Refusal> {
        let is_http2 = self.version >= Version::HTTP_2;
        if is_http2 {
            self.is_extended_connect()?;
        } else {
            self.is_upgrade()?;
        }
        if self.only(&SEC_WEBSOCKET_VERSION).ok().flatten() != Some(&VERSION) {
            return Err(Refusal::Version);
        }
        let mut response = Response::new(());
        let headers = response.headers_mut();
        if !is_http2 {
            headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept_key()?);
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        }
        let subprotocol = self.subprotocol(terms.subprotocols)?;
        if let Some(name) = subprotocol {
            let name =
                HeaderValue::try_from(name).map_err(|_| Refusal::Malformed("Sec-WebSocket-Protocol"))?;
            headers.insert(SEC_WEBSOCKET_PROTOCOL, name);
        }
        let deflate = self.deflate(terms.compression)?;
        if let Some(agreement) = &deflate {
            headers.insert(SEC_WEBSOCKET_EXTENSIONS, agreement.header());
        }
        if !is_http2 {
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        }
        Ok(Accepted { response, subprotocol, deflate })
    }

    /// RFC 8441 section 5: CONNECT with `:protocol`, and none of the headers that belong to a connection.
    fn is_extended_connect(&self) -> Result<(), Refusal> {
        match self.protocol {
            Some(protocol)
                if self.method == Method::CONNECT && protocol.eq_ignore_ascii_case("websocket") =>
            {
                Ok(())
            }
            _ => Err(Refusal::NoWebsocket),
        }
    }

    /// Section 4.2.1: a GET of HTTP/1.1 that wants to upgrade to `websocket`.
    fn is_upgrade(&self) -> Result<(), Refusal> {
        if !self.names(&UPGRADE, "websocket") {
            return Err(Refusal::NoWebsocket);
        }
        if self.method != Method::GET {
            return Err(Refusal::Method);
        }
        if self.version < Version::HTTP_11 {
            return Err(Refusal::Malformed("a websocket needs HTTP/1.1"));
        }
        if !self.names(&CONNECTION, "upgrade") {
            return Err(Refusal::Malformed("`Connection` does not name `Upgrade`"));
        }
        // What comes behind the head would be the first frame, or not: two that read it differently are fooled.
        let empty = |length: &HeaderValue| length.as_bytes() == b"0";
        if self.headers.contains_key(TRANSFER_ENCODING)
            || !self.headers.get_all(CONTENT_LENGTH).iter().all(empty)
        {
            return Err(Refusal::Malformed("a handshake has no body"));
        }
        Ok(())
    }

    /// The answer to the key, which must be 16 bytes in base64.
    fn accept_key(&self) -> Result<HeaderValue, Refusal> {
        let refusal = Refusal::Malformed("`Sec-WebSocket-Key` is not 16 bytes in base64");
        let key = self.only(&SEC_WEBSOCKET_KEY)?.ok_or(refusal)?.as_bytes();
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        match key.strip_suffix(b"==") {
            Some(digits) if digits.len() == 22 && digits.iter().all(is_base64) => {}
            _ => return Err(refusal),
        }
        HeaderValue::try_from(derive_accept_key(key)).map_err(|_| refusal)
    }

    /// The first of ours that the client speaks too. None is no reason to refuse: the client may do without.
    fn subprotocol(&self, ours: &[&'static str]) -> Result<Option<&'static str>, Refusal> {
        let refusal = Refusal::Malformed("`Sec-WebSocket-Protocol` is no list of names");
        let mut best = ours.len();
        for list in self.headers.get_all(SEC_WEBSOCKET_PROTOCOL) {
            for name in list.to_str().map_err(|_| refusal)?.split(',') {
                let name = name.trim_matches([' ', '\t']);
                if name.is_empty() || !name.bytes().all(is_token_byte) {
                    return Err(refusal);
                }
                // They are compared as they are (section 11.3.4).
                best = ours[..best].iter().position(|our| *our == name).unwrap_or(best);
            }
        }
        Ok(ours.get(best).copied())
    }

    fn deflate(&self, compression: Option<&Compression>) -> Result<Option<Agreement>, Refusal> {
        let Some(compression) = compression else { return Ok(None) };
        let refusal = Refusal::Malformed("`Sec-WebSocket-Extensions` is no list of extensions");
        let mut lists = Vec::new();
        for list in self.headers.get_all(SEC_WEBSOCKET_EXTENSIONS) {
            lists.push(list.to_str().map_err(|_| refusal)?);
        }
        negotiate(lists, compression).map_err(|_| refusal)
    }

    /// The header that may be there once.
    fn only(&self, name: &HeaderName) -> Result<Option<&HeaderValue>, Refusal> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            _ => Err(Refusal::Malformed("a header of the handshake is there twice")),
        }
    }

    /// Whether a list of tokens has this one.
    fn names(&self, header: &HeaderName, token: &str) -> bool {
        let lists = self.headers.get_all(header).iter().filter_map(|list| list.to_str().ok());
        lists
            .flat_map(|list| list.split(','))
            .any(|named| named.trim_matches([' ', '\t']).eq_ignore_ascii_case(token))
    }
}

impl Refusal {
    /// The status to answer with.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoWebsocket | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
        }
    }

    /// The headers that belong to it, in an answer of that version of HTTP. HTTP/2 has no upgrades (RFC 9113 section 8.6).
    pub(crate) fn headers(self, version: Version) -> HeaderMap {
        let mut headers = HeaderMap::new();
        match self {
            Self::NoWebsocket | Self::Version => {
                if version < Version::HTTP_2 {
                    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
                    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
                }
                headers.insert(SEC_WEBSOCKET_VERSION, VERSION);
            }
            Self::Method => {
                headers.insert(ALLOW, HeaderValue::from_static("GET"));
            }
            Self::Malformed(_) => {}
        }
        headers
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoWebsocket => "this address speaks WebSocket",
            Self::Version => "version 13 of WebSocket is spoken here",
            Self::Method => "a websocket is opened with GET",
            Self::Malformed(what) => what,
        })
    }
}

impl StdError for Refusal {}
