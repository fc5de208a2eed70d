//! What servers in front say of the client: `Forwarded` (RFC 7239) and the `X-Forwarded-...` fields.
//!
//! Anybody can send these fields, and a server in front passes on those that it does not know. So a field is read only when
//! it is believed by name, which says that the server in front sets it or takes it away; and in a list only what trusted
//! servers have written counts: from the right, up to the first address that is not one of theirs.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use http::HeaderMap;

/// A field by which a server in front speaks for its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyHeader {
    /// `Forwarded` (RFC 7239): the client's address, the scheme and the host.
    Forwarded,
    /// `X-Forwarded-For`: the client's address.
    XForwardedFor,
    /// `X-Forwarded-Proto`: the scheme.
    XForwardedProto,
    /// `X-Forwarded-Host`: the host, and its port.
    XForwardedHost,
    /// `X-Forwarded-Port`: the port, where the host names none.
    XForwardedPort,
    /// `X-Forwarded-Prefix`: what the server in front has taken off the path.
    XForwardedPrefix,
    /// `SCRIPT_NAME`, as gunicorn reads it: what is to be taken off the path.
    ScriptName,
}

impl ProxyHeader {
    const ALL: [Self; 7] = [
        Self::Forwarded,
        Self::XForwardedFor,
        Self::XForwardedProto,
        Self::XForwardedHost,
        Self::XForwardedPort,
        Self::XForwardedPrefix,
        Self::ScriptName,
    ];

    /// The name of the field, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forwarded => "forwarded",
            Self::XForwardedFor => "x-forwarded-for",
            Self::XForwardedProto => "x-forwarded-proto",
            Self::XForwardedHost => "x-forwarded-host",
            Self::XForwardedPort => "x-forwarded-port",
            Self::XForwardedPrefix => "x-forwarded-prefix",
            Self::ScriptName => "script_name",
        }
    }
}

impl fmt::Display for ProxyHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// By the name of the field, in any case.
impl FromStr for ProxyHeader {
    type Err = UnknownProxyHeader;

    fn from_str(text: &str) -> Result<Self, UnknownProxyHeader> {
        let found = Self::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(text));
        found.ok_or_else(|| UnknownProxyHeader(text.to_owned()))
    }
}

/// No field by which servers speak for clients has this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProxyHeader(String);

impl fmt::Display for UnknownProxyHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = ProxyHeader::ALL.map(ProxyHeader::name).join("`, `");
        write!(f, "`{}` is none of `{known}`", self.0)
    }
}

impl std::error::Error for UnknownProxyHeader {}

/// What is said of a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Port 0 where only the address is said.
    pub(crate) client: Option<SocketAddr>,
    pub(crate) secure: Option<bool>,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) prefix: Option<String>,
    pub(crate) script_name: Option<String>,
}

/// What is wrong with what is said.
pub(crate) type Contradiction = &'static str;

/// Reads the fields that are `believed`; `trusts` says whether an address is that of a server in front.
///
/// # Errors
/// Where two fields, or two values of one, say different things, or one says nothing that it could mean.
pub(crate) fn read(
    headers: &HeaderMap,
    believed: &[ProxyHeader],
    trusts: impl Fn(IpAddr) -> bool,
) -> Result<Said, Contradiction> {
    let mut said = Said::default();
    let mut hops = None;
    for header in believed {
        let values = list(headers, header.name())?;
        if values.is_empty() {
            continue;
        }
        match header {
            ProxyHeader::Forwarded => {
                let hop = read_forwarded(&values, &trusts)?;
                agree(&mut said.client, hop.client)?;
                agree(&mut said.secure, hop.secure)?;
                agree(&mut said.host, hop.host)?;
            }
            ProxyHeader::XForwardedFor => {
                let nodes: Vec<_> = values.iter().map(|value| node(value)).collect();
                let place = client(&nodes, &trusts);
                agree(&mut said.client, place.and_then(|place| nodes[place]))?;
                hops = place.map(|place| (place, nodes.len()));
            }
            ProxyHeader::XForwardedProto => {
                agree(&mut said.secure, Some(is_secure(chosen(&values, hops)?)?))?;
            }
            ProxyHeader::XForwardedHost => {
                agree(&mut said.host, Some(chosen(&values, hops)?.to_owned()))?;
            }
            ProxyHeader::XForwardedPort => {
                let port = chosen(&values, hops)?.parse().ok().filter(|port| *port > 0);
                said.port = Some(port.ok_or("X-Forwarded-Port is no port.\n")?);
            }
            ProxyHeader::XForwardedPrefix => said.prefix = prefix(chosen(&values, hops)?)?,
            ProxyHeader::ScriptName => said.script_name = prefix(chosen(&values, hops)?)?,
        }
    }
    Ok(said)
}

fn agree<T: PartialEq>(known: &mut Option<T>, said: Option<T>) -> Result<(), Contradiction> {
    if said.is_none() {
        return Ok(());
    }
    if known.is_some() && *known != said {
        return Err("The fields of the servers in front contradict each other.\n");
    }
    *known = said;
    Ok(())
}

/// All values of a field, whether they stand in one line or in several.
fn list<'h>(headers: &'h HeaderMap, name: &str) -> Result<Vec<&'h str>, Contradiction> {
    let mut values = Vec::new();
    for line in headers.get_all(name) {
        let line = line.to_str().map_err(|_| "A field of a server in front is no text.\n")?;
        values.extend(split(line, ',').map(str::trim).filter(|value| !value.is_empty()));
    }
    Ok(values)
}

/// Splits a line, but not inside of quotation marks.
fn split(line: &str, at: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    line.split(move |character| {
        if escaped {
            escaped = false;
        } else if quoted && character == '\\' {
            escaped = true;
        } else if character == '"' {
            quoted = !quoted;
        }
        character == at && !quoted
    })
}

/// Where in a list of nodes, the nearest one last, the client stands: the first from the right that is no server in front, or,
/// where one is not an address, the one after it.
fn client(nodes: &[Option<SocketAddr>], trusts: &impl Fn(IpAddr) -> bool) -> Option<usize> {
    let mut place = None;
    for (index, node) in nodes.iter().enumerate().rev() {
        let Some(node) = node else { return place };
        place = Some(index);
        if !trusts(node.ip()) {
            break;
        }
    }
    place
}

/// The value that goes with the client: the one at its place, where there is one for each hop; else they must be the same.
fn chosen<'v>(values: &[&'v str], hops: Option<(usize, usize)>) -> Result<&'v str, Contradiction> {
    match hops {
        Some((place, length)) if length == values.len() => Ok(values[place]),
        _ if values.iter().all(|value| value.eq_ignore_ascii_case(values[0])) => Ok(values[0]),
        _ => Err("A field of a server in front contradicts itself.\n"),
    }
}

fn is_secure(scheme: &str) -> Result<bool, Contradiction> {
    match scheme.to_ascii_lowercase().as_str() {
        "https" | "wss" => Ok(true),
        "http" | "ws" => Ok(false),
        _ => Err("The server in front names a scheme that is neither http nor https.\n"),
    }
}

/// An address with or without a port (RFC 7239 section 6); `None` for what hides it.
fn node(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(SocketAddr::new(address.to_canonical(), 0));
    }
    if let Some(address) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return Some(SocketAddr::new(address.parse().ok()?, 0));
    }
    text.parse().ok()
}

/// A path that can stand before others: nothing that a browser would take for another host.
fn prefix(text: &str) -> Result<Option<String>, Contradiction> {
    let text = text.trim_end_matches('/');
    if text.is_empty() {
        return Ok(None);
    }
    let is_path = text.starts_with('/')
        && !text.starts_with("//")
        && text.chars().all(|character| !character.is_ascii_control() && !r#"\?#"<> "#.contains(character));
    if is_path { Ok(Some(text.to_owned())) } else { Err("The prefix of the server in front is no path.\n") }
}

/// One element of `Forwarded`.
#[derive(Debug, Default)]
struct Hop {
    client: Option<SocketAddr>,
    secure: Option<bool>,
    host: Option<String>,
}

fn read_forwarded(elements: &[&str], trusts: &impl Fn(IpAddr) -> bool) -> Result<Hop, Contradiction> {
    let mut hops = elements.iter().map(|element| read_element(element)).collect::<Result<Vec<_>, _>>()?;
    let nodes: Vec<_> = hops.iter().map(|hop| hop.client).collect();
    Ok(client(&nodes, trusts).map(|place| hops.swap_remove(place)).unwrap_or_default())
}

fn read_element(element: &str) -> Result<Hop, Contradiction> {
    const MALFORMED: Contradiction = "The Forwarded field is malformed.\n";
    let mut hop = Hop::default();
    for pair in split(element, ';').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(MALFORMED)?;
        let value = unquote(value.trim()).ok_or(MALFORMED)?;
        let first = match name.trim().to_ascii_lowercase().as_str() {
            "for" => std::mem::replace(&mut hop.client, node(&value)).is_none(),
            "proto" => hop.secure.replace(is_secure(&value)?).is_none(),
            "host" => hop.host.replace(value).is_none(),
            // `by`, and what may be added.
            _ => true,
        };
        if !first {
            return Err(MALFORMED);
        }
    }
    Ok(hop)
}

/// The text of a token or of a quoted string (RFC 9110 section 5.6.4).
fn unquote(value: &str) -> Option<String> {
    let Some(inside) = value.strip_prefix('"') else {
        return (!value.contains(['"', ' '])).then(|| value.to_owned());
    };
    let inside = inside.strip_suffix('"')?;
    let mut text = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => characters.next()?,
            '"' => return None,
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(fields: &[(&'static str, &str)]) -> Result<Said, Contradiction> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        read(&headers, &ProxyHeader::ALL, |address| address.to_string().starts_with("10."))
    }

    fn client_of(fields: &[(&'static str, &str)]) -> Option<String> {
        said(fields).unwrap().client.map(|client| client.to_string())
    }

    #[test]
    fn the_client_is_the_first_from_the_right_that_is_no_server_in_front() {
        let of = |value| client_of(&[("x-forwarded-for", value)]);
        assert_eq!(of("192.0.2.1").as_deref(), Some("192.0.2.1:0"));
        // What a client has written itself stands to the left of its own address.
        assert_eq!(of("1.1.1.1, 192.0.2.1, 10.0.0.1").as_deref(), Some("192.0.2.1:0"));
        assert_eq!(of("10.0.0.2, 10.0.0.1").as_deref(), Some("10.0.0.2:0"));
        assert_eq!(of("192.0.2.1:4711").as_deref(), Some("192.0.2.1:4711"));
        assert_eq!(of("2001:db8::1").as_deref(), Some("[2001:db8::1]:0"));
        assert_eq!(of("[2001:db8::1]:80").as_deref(), Some("[2001:db8::1]:80"));
        assert_eq!(of("::ffff:192.0.2.1").as_deref(), Some("192.0.2.1:0"));
        // Nobody knows who spoke to 10.0.0.1.
        assert_eq!(of("192.0.2.1, unknown, 10.0.0.1").as_deref(), Some("10.0.0.1:0"));
        assert_eq!(of("unknown"), None);
        assert_eq!(
            client_of(&[("x-forwarded-for", "9.9.9.9"), ("x-forwarded-for", "192.0.2.1, 10.0.0.1")])
                .as_deref(),
            Some("192.0.2.1:0")
        );
    }

    #[test]
    fn the_scheme_is_that_of_the_clients_hop() {
        let secure = |fields: &[(&'static str, &str)]| said(fields).map(|said| said.secure);
        assert_eq!(secure(&[("x-forwarded-proto", "https")]), Ok(Some(true)));
        assert_eq!(secure(&[("x-forwarded-proto", "HTTP")]), Ok(Some(false)));
        let chain = ("x-forwarded-for", "192.0.2.1, 10.0.0.1");
        assert_eq!(secure(&[chain, ("x-forwarded-proto", "https, http")]), Ok(Some(true)));
        assert!(secure(&[("x-forwarded-proto", "https, http")]).is_err());
        assert!(secure(&[("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")]).is_err());
        assert!(secure(&[("x-forwarded-proto", "gopher")]).is_err());
    }

    #[test]
    fn forwarded_is_read_as_its_rfc_has_it() {
        let read = said(&[(
            "forwarded",
            r#"for=1.1.1.1;proto=http, For="[2001:db8:cafe::17]:4711";Proto=https;host="a,b.example:8443";by=203.0.113.43, for=10.0.0.1;proto=http"#,
        )]);
        let read = read.unwrap();
        assert_eq!(read.client.unwrap().to_string(), "[2001:db8:cafe::17]:4711");
        assert_eq!((read.secure, read.host.as_deref()), (Some(true), Some("a,b.example:8443")));
        assert_eq!(client_of(&[("forwarded", "for=_hidden")]), None);
        for malformed in ["for", "for=1.1.1.1;for=2.2.2.2", r#"host="a"#, r#"host=a"b"#, "proto=ftp"] {
            assert!(said(&[("forwarded", malformed)]).is_err(), "{malformed}");
        }
    }

    #[test]
    fn the_two_families_must_agree() {
        let forwarded = ("forwarded", "for=192.0.2.1;proto=https");
        assert!(said(&[forwarded, ("x-forwarded-for", "192.0.2.1")]).is_ok());
        assert!(said(&[forwarded, ("x-forwarded-for", "192.0.2.2")]).is_err());
        assert!(said(&[forwarded, ("x-forwarded-proto", "http")]).is_err());
    }

    #[test]
    fn a_prefix_is_a_path_and_nothing_else() {
        let prefix = |value| said(&[("x-forwarded-prefix", value)]).map(|said| said.prefix);
        assert_eq!(prefix("/shop/"), Ok(Some("/shop".to_owned())));
        assert_eq!(prefix("/"), Ok(None));
        for wrong in ["//evil.example", "shop", "/a b", "/a?b", "/a\\b", "https://a/"] {
            assert!(prefix(wrong).is_err(), "{wrong}");
        }
        assert!(said(&[("x-forwarded-port", "0")]).is_err());
        assert_eq!(said(&[("x-forwarded-port", "8443")]).unwrap().port, Some(8443));
    }

    #[test]
    fn a_field_that_is_not_believed_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "192.0.2.1".parse().unwrap());
        headers.append("forwarded", "nonsense".parse().unwrap());
        let read = read(&headers, &[ProxyHeader::XForwardedProto], |_| true);
        assert_eq!(read, Ok(Said::default()));
    }
}
