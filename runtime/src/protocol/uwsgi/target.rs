//! The target of a request, from what the server in front says of it.
//!
//! `PATH_INFO` is the path as the server in front understood it: decoded, slashes merged, dots resolved, rewritten. Its rules
//! of who may go where were applied to that, so that is the path. `REQUEST_URI` is what the client sent; it is taken where it
//! says the same, because it alone tells `%2F` from `/`.

use percent_encoding::percent_encode;

use super::request::Known;
use super::{Refusal, bad};
use crate::protocol::url::PATH;

/// Appends the target: the path without `script_name`, and the query string.
///
/// # Errors
/// Where there is no path, or one that could not stand in a request.
pub(super) fn push_target(head: &mut Vec<u8>, known: &Known<'_>, script_name: &[u8]) -> Result<(), Refusal> {
    let raw = known.request_uri.map(|uri| {
        // A fragment is none of a server's business.
        let end = uri.iter().position(|byte| *byte == b'#').unwrap_or(uri.len());
        let uri = &uri[..end];
        match uri.iter().position(|byte| *byte == b'?') {
            Some(mark) => (&uri[..mark], Some(&uri[mark + 1..])),
            None => (uri, None),
        }
    });
    let path_start = head.len();
    match (known.path_info, raw) {
        (Some(path_info), _) => push_path(head, path_info, raw.map(|(path, _)| path), script_name),
        (None, Some((path, _))) => {
            let rest = strip(path, script_name).filter(|rest| is_boundary(rest));
            head.extend_from_slice(rest.unwrap_or(path));
        }
        (None, None) => return Err(bad("The packet has neither PATH_INFO nor REQUEST_URI.\n")),
    }
    if head.len() == path_start {
        head.push(b'/');
    }
    check_path(&head[path_start..], known)?;
    let query = known.query_string.or(raw.and_then(|(_, query)| query)).filter(|query| !query.is_empty());
    if let Some(query) = query {
        head.push(b'?');
        head.extend_from_slice(query);
    }
    // A blank would end the target, and begin something else.
    if head[path_start..].iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        return Err(bad("The target of the request has a blank or a control character in it.\n"));
    }
    Ok(())
}

/// Appends the path as the client wrote it, if that is `path_info`, and else `path_info`, escaped.
fn push_path(head: &mut Vec<u8>, path_info: &[u8], raw: Option<&[u8]>, script_name: &[u8]) {
    let below = raw.and_then(|raw| strip(raw, script_name));
    if let Some(below) = below
        && strip(below, path_info) == Some(b"")
    {
        head.extend_from_slice(below);
        return;
    }
    // nginx does not take the script name off unless it is told to by a `rewrite`.
    let whole = raw.and_then(|raw| strip(raw, path_info)) == Some(b"");
    if whole && let Some(below) = below.filter(|below| is_boundary(below)) {
        head.extend_from_slice(below);
        return;
    }
    for piece in percent_encode(path_info, PATH) {
        head.extend_from_slice(piece.as_bytes());
    }
}

/// A path begins with a slash. The other forms of a target (RFC 9112 section 3.2) are a URL, and `*` for OPTIONS.
fn check_path(path: &[u8], known: &Known<'_>) -> Result<(), Refusal> {
    let is_url =
        |scheme: &[u8]| path.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if path.starts_with(b"/")
        || (path == b"*" && known.method == Some(b"OPTIONS"))
        || is_url(b"http://")
        || is_url(b"https://")
    {
        return Ok(());
    }
    Err(bad("The path of the request does not begin with a slash.\n"))
}

fn is_boundary(rest: &[u8]) -> bool {
    rest.is_empty() || rest.starts_with(b"/")
}

/// What is left of `raw`, which may be percent-encoded, behind `text`, which is not; `None` where it begins with something else.
fn strip<'a>(mut raw: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    for byte in text {
        let (decoded, rest) = decode_first(raw)?;
        if decoded != *byte {
            return None;
        }
        raw = rest;
    }
    Some(raw)
}

fn decode_first(raw: &[u8]) -> Option<(u8, &[u8])> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match raw {
        [b'%', high, low, rest @ ..] => match (digit(*high), digit(*low)) {
            (Some(high), Some(low)) => Some((high << 4 | low, rest)),
            _ => Some((b'%', &raw[1..])),
        },
        [byte, rest @ ..] => Some((*byte, rest)),
        [] => None,
    }
}
