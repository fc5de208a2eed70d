//! What is wrong with a request although hyper took it.

use http::header::{COOKIE, Entry, HOST, TRANSFER_ENCODING};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Version};

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

/// Examines the head of a request; on HTTP/2, brings it into the form that it has on HTTP/1.1.
///
/// # Errors
/// The answer that the client gets in place of the application's.
pub(super) fn examine<B>(request: &mut Request<B>, has_body: bool, target_size: usize) -> Checked {
    let uri = request.uri();
    let target = uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > target_size {
        return Err(Refusal { status: StatusCode::URI_TOO_LONG, text: "The target of the request is too long.\n" });
    }
    match request.version() {
        Version::HTTP_11 => {
            let Some(host) = only_host(request.headers())? else {
                // RFC 9112 section 3.2.
                return Err(bad("The request has no Host field.\n"));
            };
            if let Some(authority) = uri.authority() {
                agree(authority, Some(host))?;
            }
            if has_body { framing(request.headers()) } else { Ok(()) }
        }
        Version::HTTP_2 => translate(request),
        _ => {
            let host = only_host(request.headers())?;
            uri.authority().map_or(Ok(()), |authority| agree(authority, host))
        }
    }
}

/// The one field that says for which host a request is.
fn only_host(headers: &HeaderMap) -> Result<Option<&HeaderValue>, Refusal> {
    let mut hosts = headers.get_all(HOST).iter();
    let Some(host) = hosts.next() else { return Ok(None) };
    if hosts.next().is_some() {
        return Err(bad("The request has more than one Host field.\n"));
    }
    if is_host(host.as_bytes()) { Ok(Some(host)) } else { Err(bad("The Host field is malformed.\n")) }
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

/// Checks a request of HTTP/2, adds the `host` field and joins the cookies (RFC 9113 sections 8.2.3 and 8.3.1).
fn translate<B>(request: &mut Request<B>) -> Checked {
    if request.headers().len() > MOST_FIELDS {
        return Err(Refusal {
            status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            text: "The request has too many fields.\n",
        });
    }
    let host = only_host(request.headers())?;
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

fn join_cookies(headers: &mut HeaderMap) -> Checked {
    let Entry::Occupied(mut cookies) = headers.entry(COOKIE) else { return Ok(()) };
    if cookies.iter().nth(1).is_none() {
        return Ok(());
    }
    let crumbs: Vec<&[u8]> = cookies.iter().map(HeaderValue::as_bytes).collect();
    // Pieces that were values of fields make one again; but who can be sure of that need not panic.
    let joined = HeaderValue::from_bytes(&crumbs.join(&b"; "[..])).map_err(|_| bad("A cookie is malformed.\n"))?;
    cookies.insert(joined);
    Ok(())
}

/// The bytes of a registered name (RFC 3986 section 3.2.2).
const NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let marks = b"-._~!$&'()*+,;=%";
    let mut at = 0;
    while at < marks.len() {
        table[marks[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether `value` is a host and, if anything follows, a colon and a port (RFC 9110 section 7.2).
fn is_host(value: &[u8]) -> bool {
    let port = if value.first() == Some(&b'[') {
        let Some(end) = value.iter().position(|byte| *byte == b']') else { return false };
        let inside = std::str::from_utf8(&value[1..end]).unwrap_or_default();
        if inside.parse::<std::net::Ipv6Addr>().is_err() {
            return false;
        }
        &value[end + 1..]
    } else {
        let end = value.iter().position(|byte| !NAME[usize::from(*byte)]).unwrap_or(value.len());
        if end == 0 {
            return false;
        }
        &value[end..]
    };
    match port {
        [] => true,
        [b':', digits @ ..] => digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
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
        examine(&mut request, true, 64).map(|()| request)
    }

    fn status(version: Version, target: &str, fields: &[(&str, &str)]) -> u16 {
        examined(version, target, fields).map_or_else(|refusal| refusal.status.as_u16(), |_| 200)
    }

    #[test]
    fn hosts_are_told_from_what_is_none() {
        for host in ["a", "example.org", "example.org:80", "127.0.0.1:6543", "[::1]", "[::1]:80", "a_b.c", "x:", "%41"] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "", ":80", "a b", "a,b c", "a/b", "a@b", "user:pw@a", "a:b", "a:123456", "[::1", "[]", "[g]", "[::1]x", "a#b", "a?b",
            "a\\b", "[::1]:8:0", "höst",
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
            assert_eq!(status(Version::HTTP_11, "/", &[host, ("transfer-encoding", coding)]), 501, "{coding}");
        }
        let twice = [host, ("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")];
        assert_eq!(status(Version::HTTP_11, "/", &twice), 501);
    }

    #[test]
    fn http_2_gets_a_host_and_one_cookie() {
        let request = examined(Version::HTTP_2, "http://a/x", &[("cookie", "a=1"), ("cookie", "b=2")]).unwrap();
        assert_eq!(request.headers()[HOST], "a");
        assert_eq!(request.headers().get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2"]);
        assert_eq!(status(Version::HTTP_2, "/x", &[("host", "a")]), 200);
        assert_eq!(status(Version::HTTP_2, "/x", &[]), 400);
        assert_eq!(status(Version::HTTP_2, "http://a/x", &[("host", "b")]), 400);
        let many = vec![("x", "y"); MOST_FIELDS + 1];
        assert_eq!(status(Version::HTTP_2, "http://a/x", &many), 431);
    }
}
