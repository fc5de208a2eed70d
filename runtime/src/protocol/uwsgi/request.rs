//! From the variables of a packet to the head of a request in HTTP/1.1.

use super::front::Front;
use super::packet::{Variable, Variables};
use super::target::push_target;
use super::{Refusal, bad};

/// A packet in two parts.
#[derive(Debug)]
pub(crate) struct Translated {
    /// The head of a request in HTTP/1.1, its empty line included.
    pub(crate) head: Vec<u8>,
    /// What no head can say.
    pub(crate) front: Front,
}

/// The variables that are asked for by name; each may stand there twice only with the same value.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) method: Option<&'a [u8]>,
    pub(super) request_uri: Option<&'a [u8]>,
    pub(super) path_info: Option<&'a [u8]>,
    pub(super) query_string: Option<&'a [u8]>,
    pub(super) script_name: Option<&'a [u8]>,
    pub(super) protocol: Option<&'a [u8]>,
    pub(super) content_type: Option<&'a [u8]>,
    pub(super) content_length: Option<&'a [u8]>,
    pub(super) server_name: Option<&'a [u8]>,
    pub(super) server_addr: Option<&'a [u8]>,
    pub(super) server_port: Option<&'a [u8]>,
    pub(super) remote_addr: Option<&'a [u8]>,
    pub(super) remote_port: Option<&'a [u8]>,
    pub(super) https: Option<&'a [u8]>,
    pub(super) request_scheme: Option<&'a [u8]>,
    pub(super) uwsgi_scheme: Option<&'a [u8]>,
    /// Whether uWSGI's router is in front.
    pub(super) router: bool,
    /// Of the fields those that are not passed on as they are.
    transfer_encoding: Option<&'a [u8]>,
    upgrade: Option<&'a [u8]>,
    /// Whether a Connection field names Upgrade.
    asks_upgrade: bool,
    field_content_type: Option<&'a [u8]>,
    field_content_length: Option<&'a [u8]>,
}

impl<'a> Known<'a> {
    /// Where the value of a variable goes that is no field.
    fn variable(&mut self, name: &[u8]) -> Option<&mut Option<&'a [u8]>> {
        Some(match name {
            b"REQUEST_METHOD" => &mut self.method,
            b"REQUEST_URI" => &mut self.request_uri,
            b"PATH_INFO" => &mut self.path_info,
            b"QUERY_STRING" => &mut self.query_string,
            b"SCRIPT_NAME" => &mut self.script_name,
            b"SERVER_PROTOCOL" => &mut self.protocol,
            b"CONTENT_TYPE" => &mut self.content_type,
            b"CONTENT_LENGTH" => &mut self.content_length,
            b"SERVER_NAME" => &mut self.server_name,
            b"SERVER_ADDR" => &mut self.server_addr,
            b"SERVER_PORT" => &mut self.server_port,
            b"REMOTE_ADDR" => &mut self.remote_addr,
            b"REMOTE_PORT" => &mut self.remote_port,
            b"HTTPS" => &mut self.https,
            b"REQUEST_SCHEME" => &mut self.request_scheme,
            b"UWSGI_SCHEME" => &mut self.uwsgi_scheme,
            _ => return None,
        })
    }

    /// The same for a field, by its name without `HTTP_`.
    fn field(&mut self, name: &[u8]) -> Option<&mut Option<&'a [u8]>> {
        Some(match name {
            b"TRANSFER_ENCODING" => &mut self.transfer_encoding,
            b"UPGRADE" => &mut self.upgrade,
            b"CONTENT_TYPE" => &mut self.field_content_type,
            b"CONTENT_LENGTH" => &mut self.field_content_length,
            _ => return None,
        })
    }

    /// # Errors
    /// Where a value does not fit what is known already.
    fn take(&mut self, (name, value): Variable<'a>, fields: &mut Vec<u8>) -> Result<(), Refusal> {
        let field = name.strip_prefix(b"HTTP_");
        let place = match field {
            Some(field) => self.field(field),
            None => self.variable(name),
        };
        match (place, field) {
            (Some(place), _) => {
                check_value(value)?;
                if place.replace(value).is_some_and(|before| before != value) {
                    return Err(bad("A variable of the packet has two values.\n"));
                }
            }
            (None, Some(b"CONNECTION")) => self.asks_upgrade |= names_upgrade(value),
            (None, Some(field)) => push_field(fields, field, value)?,
            (None, None) if name == b"UWSGI_ROUTER" => self.router = true,
            // Nobody reads it, so its value may be what it likes: a client's certificate has line breaks, for one.
            (None, None) => {}
        }
        Ok(())
    }
}

/// Translates the block of a packet.
///
/// # Errors
/// Where something is missing or malformed without which the request cannot be told. What HTTP itself asks for, a host for
/// example, is left to be found by who reads the head.
pub(crate) fn translate(block: &[u8]) -> Result<Translated, Refusal> {
    let mut known = Known::default();
    let mut fields = Vec::with_capacity(block.len());
    for variable in Variables::of(block) {
        known.take(variable?, &mut fields)?;
    }
    let front = Front::of(&known)?;

    let mut head = Vec::with_capacity(fields.len() + 256);
    let method = known.method.ok_or(bad("The packet has no REQUEST_METHOD.\n"))?;
    if method.is_empty() || !method.iter().copied().all(is_token) {
        return Err(bad("REQUEST_METHOD is no method.\n"));
    }
    head.extend_from_slice(method);
    head.push(b' ');
    push_target(&mut head, &known, front.script_name.as_bytes())?;
    // Who speaks an older HTTP, or names none, need not name a host either, and gets no upgrade.
    let old = matches!(known.protocol, None | Some(b"" | b"HTTP/1.0" | b"HTTP/0.9"));
    head.extend_from_slice(if old { b" HTTP/1.0\r\n" } else { b" HTTP/1.1\r\n" });
    if old && !has_host(&fields) {
        push_server(&mut head, &known)?;
    }
    head.extend_from_slice(&fields);
    push_framing(&mut head, &known)?;
    push_upgrade(&mut head, &known);
    head.extend_from_slice(b"\r\n");
    Ok(Translated { head, front })
}

/// Fields that concern one connection only (RFC 9110 section 7.6.1); and that for which the server in front gives the answer,
/// because whatever came before the answer would be taken for it.
const OF_THE_CONNECTION: &[&[u8]] =
    &[b"KEEP_ALIVE", b"PROXY_CONNECTION", b"TE", b"TRAILER", b"HTTP2_SETTINGS", b"EXPECT"];

/// Appends `name`, in the form of CGI, and its value as a field.
fn push_field(fields: &mut Vec<u8>, name: &[u8], value: &[u8]) -> Result<(), Refusal> {
    if OF_THE_CONNECTION.contains(&name) || (name == b"HOST" && value.is_empty()) {
        return Ok(());
    }
    if name.is_empty() || !name.iter().copied().all(is_token) {
        return Err(bad("A field of the request has a malformed name.\n"));
    }
    check_value(value)?;
    fields.extend(name.iter().map(|byte| if *byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }));
    push_value(fields, value);
    Ok(())
}

fn push_value(head: &mut Vec<u8>, value: &[u8]) {
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

/// What would end a field before its end, or a text in what is written in C.
fn check_value(value: &[u8]) -> Result<(), Refusal> {
    if value.iter().any(|byte| matches!(byte, b'\0' | b'\r' | b'\n')) {
        return Err(bad("A variable of the packet has a line break or a NUL in it.\n"));
    }
    Ok(())
}

fn has_host(fields: &[u8]) -> bool {
    fields.starts_with(b"host: ") || fields.windows(8).any(|bytes| bytes == b"\r\nhost: ")
}

/// The host that the server in front takes itself for, as WSGI has it (PEP 3333, URL Reconstruction).
fn push_server(head: &mut Vec<u8>, known: &Known<'_>) -> Result<(), Refusal> {
    let Some(name) = known.server_name.filter(|name| !name.is_empty()) else { return Ok(()) };
    head.extend_from_slice(b"host: ");
    head.extend_from_slice(name);
    if let Some(port) = known.server_port.filter(|port| !matches!(*port, b"" | b"80" | b"443")) {
        if !port.iter().all(u8::is_ascii_digit) {
            return Err(bad("SERVER_PORT is no port.\n"));
        }
        head.push(b':');
        head.extend_from_slice(port);
    }
    head.extend_from_slice(b"\r\n");
    Ok(())
}

/// How the body is delimited: by a length, or else by its own coding, or there is none.
///
/// nginx undoes the coding and sends the length, and the field nevertheless; uWSGI's router passes on what came, coding and
/// all. So the length comes first, and is the only one of the two that goes on where both are there.
fn push_framing(head: &mut Vec<u8>, known: &Known<'_>) -> Result<(), Refusal> {
    let given = |value: Option<&'_ [u8]>| value.is_some_and(|value| !value.is_empty());
    if let Some(length) = known.content_length.filter(|length| !length.is_empty()) {
        if !length.iter().all(u8::is_ascii_digit) {
            return Err(bad("CONTENT_LENGTH is no length.\n"));
        }
        head.extend_from_slice(b"content-length");
        push_value(head, length);
    } else if known.content_length.is_none() && given(known.field_content_length) {
        // Taken for the length, it could be a client's that names its field `Content_Length`; ignored, the body would be.
        return Err(bad("The server in front sends no CONTENT_LENGTH.\n"));
    } else if let Some(coding) = known.transfer_encoding.filter(|coding| !coding.is_empty()) {
        head.extend_from_slice(b"transfer-encoding");
        push_value(head, coding);
    }
    let content_type = if given(known.content_type) { known.content_type } else { known.field_content_type };
    if let Some(content_type) = content_type.filter(|value| !value.is_empty()) {
        head.extend_from_slice(b"content-type");
        push_value(head, content_type);
    }
    Ok(())
}

/// Says that the client wants to go on with another protocol; both servers in front let that happen.
fn push_upgrade(head: &mut Vec<u8>, known: &Known<'_>) {
    if let Some(upgrade) = known.upgrade.filter(|upgrade| known.asks_upgrade && !upgrade.is_empty()) {
        head.extend_from_slice(b"connection: upgrade\r\nupgrade");
        push_value(head, upgrade);
    }
}

fn names_upgrade(connection: &[u8]) -> bool {
    connection.split(|byte| *byte == b',').any(|option| option.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
}

/// RFC 9110 section 5.6.2.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'.'
                | b'^'
                | b'_'
                | b'`'
                | b'|'
                | b'~'
        )
}
