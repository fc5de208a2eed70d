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

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

    /// A handshake that is as it should be.
    fn good() -> HeaderMap {
        [
            (CONNECTION, "keep-alive, Upgrade"),
            (UPGRADE, "WebSocket"),
            (SEC_WEBSOCKET_VERSION, "13"),
            (SEC_WEBSOCKET_KEY, KEY),
        ]
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect()
    }

    /// The same with some headers added, or changed if they are there; an empty value takes one out.
    fn with(changes: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = good();
        for (name, value) in changes {
            headers.remove(name);
            if !value.is_empty() {
                headers.append(name, HeaderValue::from_static(value));
            }
        }
        headers
    }

    fn accept(headers: &HeaderMap, terms: &Terms<'_>) -> Result<Accepted, Refusal> {
        Opening { method: &Method::GET, version: Version::HTTP_11, headers, protocol: None }.accept(terms)
    }

    fn header<'a>(accepted: &'a Accepted, name: &HeaderName) -> Option<&'a str> {
        accepted.response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        let accepted = accept(&good(), &Terms::default()).unwrap();
        assert_eq!(accepted.response.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(header(&accepted, &SEC_WEBSOCKET_ACCEPT), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert_eq!(header(&accepted, &UPGRADE), Some("websocket"));
        assert_eq!(header(&accepted, &CONNECTION), Some("upgrade"));
        // Nothing of a body, and nothing that was not asked for.
        assert_eq!(accepted.response.headers().len(), 3);
    }

    #[test]
    fn what_is_no_handshake_is_refused_with_what_would_be_one() {
        for (changes, status) in [
            (&[(UPGRADE, ""), (CONNECTION, "keep-alive")][..], 426),
            (&[(UPGRADE, "h2c")], 426),
            (&[(UPGRADE, "websockets")], 426),
            (&[(CONNECTION, "")], 400),
            (&[(CONNECTION, "close")], 400),
            (&[(SEC_WEBSOCKET_VERSION, "")], 426),
            (&[(SEC_WEBSOCKET_VERSION, "8")], 426),
            (&[(SEC_WEBSOCKET_VERSION, "13, 8")], 426),
            (&[(SEC_WEBSOCKET_KEY, "")], 400),
            (&[(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ")], 400),
            (&[(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZSE=")], 400),
            (&[(SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25j*Q==")], 400),
            (&[(SEC_WEBSOCKET_KEY, "x")], 400),
            (&[(TRANSFER_ENCODING, "chunked")], 400),
            (&[(CONTENT_LENGTH, "1")], 400),
            (&[(CONTENT_LENGTH, "0")], 101),
            (&[(UPGRADE, "h2c, websocket"), (CONNECTION, "upgrade")], 101),
        ] {
            let headers = with(changes);
            let answered = match accept(&headers, &Terms::default()) {
                Ok(accepted) => accepted.response.status(),
                Err(refusal) => refusal.status(),
            };
            assert_eq!(answered, status, "{changes:?}");
        }
        let mut twice = good();
        twice.append(SEC_WEBSOCKET_KEY, HeaderValue::from_static(KEY));
        assert!(matches!(accept(&twice, &Terms::default()), Err(Refusal::Malformed(_))));
    }

    #[test]
    fn a_refusal_has_the_headers_that_belong_to_it() {
        for refusal in [Refusal::NoWebsocket, Refusal::Version] {
            let headers = refusal.headers(Version::HTTP_11);
            assert_eq!(headers[SEC_WEBSOCKET_VERSION], "13");
            assert_eq!(
                (&headers[UPGRADE], &headers[CONNECTION]),
                (&"websocket".parse().unwrap(), &"upgrade".parse().unwrap())
            );
            let headers = refusal.headers(Version::HTTP_2);
            assert_eq!((headers.len(), &headers[SEC_WEBSOCKET_VERSION]), (1, &VERSION));
        }
        assert_eq!(Refusal::Method.headers(Version::HTTP_11)[ALLOW], "GET");
    }

    #[test]
    fn only_a_get_of_http_1_1_upgrades() {
        let headers = good();
        for (method, version, refusal) in [
            (Method::POST, Version::HTTP_11, Refusal::Method),
            (Method::HEAD, Version::HTTP_11, Refusal::Method),
            (Method::GET, Version::HTTP_10, Refusal::Malformed("a websocket needs HTTP/1.1")),
            // HTTP/2 has another way, which a GET is not.
            (Method::GET, Version::HTTP_2, Refusal::NoWebsocket),
        ] {
            let opening = Opening { method: &method, version, headers: &headers, protocol: None };
            assert_eq!(opening.accept(&Terms::default()).unwrap_err(), refusal);
        }
    }

    #[test]
    fn http_2_connects_without_a_key() {
        let headers = with(&[(CONNECTION, ""), (UPGRADE, ""), (SEC_WEBSOCKET_KEY, "")]);
        let opening = |protocol, headers| Opening {
            method: &Method::CONNECT,
            version: Version::HTTP_2,
            headers,
            protocol,
        };
        let accepted = opening(Some("websocket"), &headers).accept(&Terms::default()).unwrap();
        assert_eq!((accepted.response.status(), accepted.response.headers().len()), (StatusCode::OK, 0));
        for protocol in [None, Some("connect-udp")] {
            assert_eq!(
                opening(protocol, &headers).accept(&Terms::default()).unwrap_err(),
                Refusal::NoWebsocket
            );
        }
        let old = with(&[(CONNECTION, ""), (UPGRADE, ""), (SEC_WEBSOCKET_VERSION, "8")]);
        assert_eq!(opening(Some("websocket"), &old).accept(&Terms::default()).unwrap_err(), Refusal::Version);
    }

    #[test]
    fn the_subprotocol_is_the_best_of_ours_that_the_client_speaks() {
        for (asked, ours, expected) in [
            (&["chat, superchat"][..], &["superchat", "chat"][..], Some("superchat")),
            (&["chat", "superchat"], &["superchat", "chat"], Some("superchat")),
            (&[" chat\t,other"], &["superchat", "chat"], Some("chat")),
            (&["Chat"], &["chat"], None),
            (&["chat"], &[], None),
            (&[], &["chat"], None),
        ] {
            let mut headers = good();
            for list in asked {
                headers.append(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_str(list).unwrap());
            }
            let accepted = accept(&headers, &Terms { subprotocols: ours, compression: None }).unwrap();
            assert_eq!(accepted.subprotocol, expected, "{asked:?}");
            assert_eq!(header(&accepted, &SEC_WEBSOCKET_PROTOCOL), expected);
        }
        for list in ["chat,,other", "chat other", "\"chat\"", ","] {
            let headers = with(&[(SEC_WEBSOCKET_PROTOCOL, list)]);
            let refused = accept(&headers, &Terms::default()).unwrap_err();
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{list}");
        }
    }

    #[test]
    fn compression_is_agreed_on_where_both_want_it() {
        let compression = Compression::new();
        let terms = Terms { subprotocols: &[], compression: Some(&compression) };
        // What Chromium and Firefox offer.
        let headers = with(&[(SEC_WEBSOCKET_EXTENSIONS, "permessage-deflate; client_max_window_bits")]);
        let accepted = accept(&headers, &terms).unwrap();
        assert_eq!(
            header(&accepted, &SEC_WEBSOCKET_EXTENSIONS),
            Some(
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=12"
            )
        );
        assert!(accepted.deflate.is_some());
        let accepted = accept(&headers, &Terms::default()).unwrap();
        assert_eq!((header(&accepted, &SEC_WEBSOCKET_EXTENSIONS), accepted.deflate), (None, None));
        assert_eq!(accept(&good(), &terms).unwrap().deflate, None);
        let headers = with(&[(SEC_WEBSOCKET_EXTENSIONS, "permessage-deflate;;")]);
        assert_eq!(accept(&headers, &terms).unwrap_err().status(), StatusCode::BAD_REQUEST);
    }
}
