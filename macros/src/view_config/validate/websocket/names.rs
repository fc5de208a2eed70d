//! Names as they stand in a handshake: of subprotocols, and of the origins of pages.

use crate::syntax::predicate::is_token;

/// What keeps a text from being the name of a subprotocol, which is a token (RFC 6455 section 4.1).
pub(super) fn subprotocol_fault(name: &str) -> Option<(String, String)> {
    if is_token(name) {
        return None;
    }
    let parts: Vec<_> =
        name.split([',', ' ']).filter(|part| is_token(part)).map(|part| format!("\"{part}\"")).collect();
    let help = match &parts[..] {
        [] => "\"chat.v1\"".to_owned(),
        parts => parts.join(", "),
    };
    Some((format!("`{name}` is no name of a subprotocol: it is one word"), format!("`subprotocols({help})`")))
}

/// What keeps a text from being what a browser calls the origin of a page: `scheme://host[:port]` (RFC 6454 section 6.2).
pub(super) fn origin_fault(origin: &str) -> Option<(String, String)> {
    let refused = |reason: &str, meant: String| Some((format!("`{origin}` is no origin: {reason}"), meant));
    if matches!(origin, "any" | "same_host") {
        return refused("it is a word, and stands without quotes", format!("`origin = {origin}`"));
    }
    if origin == "*" {
        return refused("it would be all of them", "`origin = any`".to_owned());
    }
    let (scheme, rest) = origin.split_once("://").unwrap_or(("", origin));
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(host_end);
    // In an IPv6 address there are colons too.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let secure = match scheme {
        "ws" => "http",
        "" | "wss" => "https",
        scheme => scheme,
    };
    let default = matches!((secure, port), ("https", Some("443")) | ("http", Some("80")));
    let sound_port = port
        .is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port));
    let sound_host = is_host(&host.to_ascii_lowercase());
    let meant = if sound_host && (sound_port || default) {
        let port = port.filter(|_| !default).map(|port| format!(":{port}")).unwrap_or_default();
        format!("{secure}://{host}{port}").to_ascii_lowercase()
    } else {
        "https://example.com".to_owned()
    };
    let meant = format!("`\"{meant}\"`");
    let plain_scheme = scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte));
    if matches!(scheme, "ws" | "wss") {
        return refused("it is that of the page, and not of the socket", meant);
    }
    if !sound_host || !sound_port {
        return refused("it is `scheme://host`, or `scheme://host:port`", meant);
    }
    if scheme.is_empty() {
        return refused("it begins with `https://` or `http://`", meant);
    }
    if !path.is_empty() {
        return refused("it has no path", meant);
    }
    if default {
        return refused("a browser does not send the port where it is the usual one", meant);
    }
    if !plain_scheme || host != host.to_ascii_lowercase() {
        return refused("a browser sends it in small letters", meant);
    }
    None
}

/// Whether a text is the name of a host as browsers send it, or an address.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address
            .strip_suffix(']')
            .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    }
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{origin_fault, subprotocol_fault};

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for sound in [
            "https://example.com",
            "http://localhost:6543",
            "http://127.0.0.1:8080",
            "http://[::1]:6543",
            "https://xn--bcher-kva.example",
            "chrome-extension://abcdefghijklmnop",
        ] {
            assert_eq!(origin_fault(sound), None, "{sound}");
        }
        for (broken, meant) in [
            ("*", "`origin = any`"),
            ("null", "`\"https://null\"`"),
            ("example.com", "`\"https://example.com\"`"),
            ("example.com:8443", "`\"https://example.com:8443\"`"),
            ("wss://example.com", "`\"https://example.com\"`"),
            ("ws://example.com:8080", "`\"http://example.com:8080\"`"),
            ("https://example.com/", "`\"https://example.com\"`"),
            ("https://example.com/chat?x", "`\"https://example.com\"`"),
            ("https://example.com:443", "`\"https://example.com\"`"),
            ("http://example.com:80", "`\"http://example.com\"`"),
            ("https://Example.com", "`\"https://example.com\"`"),
            ("HTTPS://example.com", "`\"https://example.com\"`"),
            ("https://", "`\"https://example.com\"`"),
            ("https://a b", "`\"https://example.com\"`"),
            ("https://*.example.com", "`\"https://example.com\"`"),
            ("https://bücher.example", "`\"https://example.com\"`"),
            ("https://example.com:0", "`\"https://example.com\"`"),
            ("https://example.com:99999", "`\"https://example.com\"`"),
            ("https://user@example.com", "`\"https://example.com\"`"),
            ("", "`\"https://example.com\"`"),
        ] {
            assert_eq!(origin_fault(broken).map(|(_, meant)| meant).as_deref(), Some(meant), "{broken}");
        }
    }

    #[test]
    fn a_subprotocol_is_a_token() {
        for sound in ["chat", "chat.v2", "graphql-transport-ws", "v12.stomp"] {
            assert_eq!(subprotocol_fault(sound), None, "{sound}");
        }
        for (broken, meant) in [
            ("chat v2", "`subprotocols(\"chat\", \"v2\")`"),
            ("chat,other", "`subprotocols(\"chat\", \"other\")`"),
            ("", "`subprotocols(\"chat.v1\")`"),
            ("a/b", "`subprotocols(\"chat.v1\")`"),
        ] {
            assert_eq!(subprotocol_fault(broken).map(|(_, meant)| meant).as_deref(), Some(meant), "{broken}");
        }
    }
}
