//! What is wrong with a request although hyper took it.

use std::cell::RefCell;

use http::header::{COOKIE, Entry, HOST, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Version};
use hyper::ext::Protocol;

use super::super::config::MOST_FIELDS;

/// Why a request is not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// A line for whoever wrote the client.
    pub(super) text: &'static str,
}

type Checked = Result<(), Refusal>;

const fn bad(text: &'static str) -> Refusal {
    Refusal { status: StatusCode::BAD_REQUEST, text }
}

/// Examines the requests of one connection.
#[derive(Debug)]
pub(super) struct Examiner {
    target_size: usize,
    /// The last host that was found well-formed. A client hardly ever names another on the same connection, and to compare
    /// costs a fifth of looking at each byte.
    host: RefCell<Vec<u8>>,
}

impl Examiner {
    pub(super) const fn new(target_size: usize) -> Self {
        Self { target_size, host: RefCell::new(Vec::new()) }
    }

    /// Forgets what was found.
    pub(super) fn rest(&mut self) {
        *self.host.get_mut() = Vec::new();
    }

    /// Examines the head of a request; on HTTP/2, brings it into the form that it has on HTTP/1.1.
    ///
    /// # Errors
    /// The answer that the client gets in place of the application's.
    pub(super) fn examine<B>(&self, request: &mut Request<B>, has_body: bool) -> Checked {
        let uri = request.uri();
        let target = uri.path_and_query().map_or(0, |target| target.as_str().len());
        if target > self.target_size {
            return Err(Refusal {
                status: StatusCode::URI_TOO_LONG,
                text: "The target of the request is too long.\n",
            });
        }
        // One with a `:protocol` is no tunnel, but begins a conversation with this server (RFC 8441).
        let extended =
            request.version() == Version::HTTP_2 && request.extensions().get::<Protocol>().is_some();
        if *request.method() == Method::CONNECT && !extended {
            // RFC 9110 section 9.3.6: this is no proxy.
            return Err(Refusal {
                status: StatusCode::NOT_IMPLEMENTED,
                text: "This server opens no tunnels.\n",
            });
        }
        match request.version() {
            Version::HTTP_11 => {
                let Some(host) = self.only_host(request.headers())? else {
                    // RFC 9112 section 3.2.
                    return Err(bad("The request has no Host field.\n"));
                };
                if let Some(authority) = uri.authority() {
                    agree(authority, Some(host))?;
                }
                if has_body { framing(request.headers()) } else { Ok(()) }
            }
            Version::HTTP_2 => self.translate(request),
            _ => {
                let host = self.only_host(request.headers())?;
                uri.authority().map_or(Ok(()), |authority| agree(authority, host))
            }
        }
    }

    /// The one field that says for which host a request is.
    fn only_host<'r>(&self, headers: &'r HeaderMap) -> Result<Option<&'r HeaderValue>, Refusal> {
        // Nearly every client sends it first, where finding it costs no hash.
        let host = match headers.iter().next() {
            Some((name, host)) if *name == HOST => Some(host),
            _ => headers.get(HOST),
        };
        let Some(host) = host else { return Ok(None) };
        // The cheap question first: most requests repeat no field at all.
        if headers.len() != headers.keys_len() && headers.get_all(HOST).iter().nth(1).is_some() {
            return Err(bad("The request has more than one Host field.\n"));
        }
        let mut known = self.host.borrow_mut();
        if known.is_empty() || host.as_bytes() != known.as_slice() {
            if !is_host(host.as_bytes()) {
                return Err(bad("The Host field is malformed.\n"));
            }
            known.clear();
            known.extend_from_slice(host.as_bytes());
        }
        Ok(Some(host))
    }

    /// Checks a request of HTTP/2, adds the `host` field and joins the cookies (RFC 9113 sections 8.2.3 and 8.3.1).
    fn translate<B>(&self, request: &mut Request<B>) -> Checked {
        if request.headers().len() > MOST_FIELDS {
            return Err(Refusal {
                status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                text: "The request has too many fields.\n",
            });
        }
        let host = self.only_host(request.headers())?;
        match (request.uri().authority(), host) {
            (Some(authority), host) => {
                agree(authority, host)?;
                if host.is_none() {
                    let host = HeaderValue::from_str(authority.as_str())
                        .map_err(|_| bad("The host of the request's target is malformed.\n"))?;
                    request.headers_mut().insert(HOST, host);
                }
            }
            (None, Some(_)) => {}
            (None, None) => return Err(bad("The request names no host.\n")),
        }
        join_cookies(request.headers_mut())
    }
}

/// A target that names a host must name the same as the field (RFC 9112 section 3.2.2, RFC 9113 section 8.3.1): whatever
/// stands in front of this server, or behind it, may have looked at the other one.
fn agree(authority: &Authority, host: Option<&HeaderValue>) -> Checked {
    let authority = authority.as_str().as_bytes();
    if !is_host(authority) {
        // Also what has a user in front: RFC 9110 section 4.2.4.
        return Err(bad("The host of the request's target is malformed.\n"));
    }
    match host {
        Some(host) if !host.as_bytes().eq_ignore_ascii_case(authority) => {
            Err(bad("The request's target and its Host field name different hosts.\n"))
        }
        _ => Ok(()),
    }
}

/// Only `chunked`, once: hyper undoes nothing else, but takes it for undone (RFC 9112 section 6.1).
fn framing(headers: &HeaderMap) -> Checked {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return Ok(()) };
    if codings.next().is_none() && coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
        return Ok(());
    }
    Err(Refusal {
        status: StatusCode::NOT_IMPLEMENTED,
        text: "The only transfer coding that this server knows is chunked, applied once.\n",
    })
}

fn join_cookies(headers: &mut HeaderMap) -> Checked {
    let Entry::Occupied(mut cookies) = headers.entry(COOKIE) else { return Ok(()) };
    if cookies.iter().nth(1).is_none() {
        return Ok(());
    }
    let crumbs: Vec<&[u8]> = cookies.iter().map(HeaderValue::as_bytes).collect();
    // Pieces that were values of fields make one again; but who can be sure of that need not panic.
    let joined =
        HeaderValue::from_bytes(&crumbs.join(&b"; "[..])).map_err(|_| bad("A cookie is malformed.\n"))?;
    cookies.insert(joined);
    Ok(())
}

/// The bytes of a registered name (RFC 3986 section 3.2.2), which a number in dots is too.
const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b'%'
        )
}

/// Whether `value` is a host and, if anything follows, a colon and a port (RFC 9110 section 7.2).
pub(super) fn is_host(value: &[u8]) -> bool {
    if value.first() == Some(&b'[') {
        return is_bracketed_host(value);
    }
    let end = value.iter().position(|byte| !is_of_name(*byte)).unwrap_or(value.len());
    let (name, port) = value.split_at(end);
    !name.is_empty() && (port.is_empty() || is_port(port))
}

/// The same for an address of IPv6, in its brackets.
fn is_bracketed_host(value: &[u8]) -> bool {
    let Some(inside) = value.strip_prefix(b"[") else { return false };
    let Some(end) = inside.iter().position(|byte| *byte == b']') else { return false };
    let address = std::str::from_utf8(&inside[..end]).unwrap_or_default();
    let port = &inside[end + 1..];
    address.parse::<std::net::Ipv6Addr>().is_ok() && (port.is_empty() || is_port(port))
}

/// Whether `text` is a colon and a port; it may be missing after the colon.
fn is_port(text: &[u8]) -> bool {
    text.len() <= 6 && text[0] == b':' && text[1..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examined(version: Version, target: &str, fields: &[(&str, &str)]) -> Result<Request<()>, Refusal> {
        let mut request = Request::builder().version(version).uri(target);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let mut request = request.body(()).unwrap();
        Examiner::new(64).examine(&mut request, true).map(|()| request)
    }

    fn status(version: Version, target: &str, fields: &[(&str, &str)]) -> u16 {
        examined(version, target, fields).map_or_else(|refusal| refusal.status.as_u16(), |_| 200)
    }

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for host in [
            "a",
            "example.org",
            "example.org:80",
            "127.0.0.1:6543",
            "[::1]",
            "[::1]:80",
            "a_b.c",
            "x:",
            "%41",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "",
            ":80",
            "a b",
            "a,b c",
            "a/b",
            "a@b",
            "user:pw@a",
            "a:b",
            "a:123456",
            "[::1",
            "[]",
            "[g]",
            "[::1]x",
            "a#b",
            "a?b",
            "a\\b",
            "[::1]:8:0",
            "höst",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn http_1_1_needs_exactly_one_host() {
        assert_eq!(status(Version::HTTP_11, "/", &[("host", "a")]), 200);
        assert_eq!(status(Version::HTTP_11, "/", &[]), 400);
        assert_eq!(status(Version::HTTP_11, "/", &[("host", "a"), ("host", "a")]), 400);
        assert_eq!(status(Version::HTTP_11, "/", &[("host", "")]), 400);
        assert_eq!(status(Version::HTTP_10, "/", &[]), 200);
        assert_eq!(status(Version::HTTP_10, "/", &[("host", "a"), ("host", "b")]), 400);
    }

    #[test]
    fn an_absolute_target_must_name_the_same_host() {
        assert_eq!(status(Version::HTTP_11, "http://a:80/", &[("host", "A:80")]), 200);
        assert_eq!(status(Version::HTTP_11, "http://a/", &[("host", "b")]), 400);
        assert_eq!(status(Version::HTTP_11, "http://u@a/", &[("host", "u@a")]), 400);
        assert_eq!(status(Version::HTTP_10, "http://a/", &[]), 200);
    }

    #[test]
    fn a_long_target_is_414() {
        let target = format!("/{}", "x".repeat(64));
        assert_eq!(status(Version::HTTP_11, &target, &[("host", "a")]), 414);
        assert_eq!(status(Version::HTTP_11, &target[..64], &[("host", "a")]), 200);
    }

    #[test]
    fn the_one_coding_is_chunked() {
        let host = ("host", "a");
        assert_eq!(status(Version::HTTP_11, "/", &[host, ("transfer-encoding", "Chunked")]), 200);
        for coding in ["gzip, chunked", "chunked, chunked", "chunked,", "identity"] {
            assert_eq!(
                status(Version::HTTP_11, "/", &[host, ("transfer-encoding", coding)]),
                501,
                "{coding}"
            );
        }
        let twice = [host, ("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")];
        assert_eq!(status(Version::HTTP_11, "/", &twice), 501);
    }

    #[test]
    fn http_2_gets_a_host_and_one_cookie() {
        let request =
            examined(Version::HTTP_2, "http://a/x", &[("cookie", "a=1"), ("cookie", "b=2")]).unwrap();
        assert_eq!(request.headers()[HOST], "a");
        assert_eq!(request.headers().get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2"]);
        assert_eq!(status(Version::HTTP_2, "/x", &[("host", "a")]), 200);
        assert_eq!(status(Version::HTTP_2, "/x", &[]), 400);
        assert_eq!(status(Version::HTTP_2, "http://a/x", &[("host", "b")]), 400);
        let many = vec![("x", "y"); MOST_FIELDS + 1];
        assert_eq!(status(Version::HTTP_2, "http://a/x", &many), 431);
    }
}
