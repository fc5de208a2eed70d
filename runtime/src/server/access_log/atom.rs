//! What a line can say, each by the name that it has in gunicorn's language of formats.

use http::HeaderName;

use crate::suggestion::within;

/// A part of a line that differs from request to request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Atom {
    /// The client's address.
    Client,
    /// A hyphen: who the client is by RFC 1413, which nobody asks.
    Identity,
    /// The name that the client gives by Basic authentication. Nobody has looked at the password.
    User,
    /// When the request arrived, as Apache writes it.
    Time,
    /// The same as RFC 3339 has it, with milliseconds.
    Timestamp,
    /// Method, target and protocol.
    RequestLine,
    Method,
    /// The path, as it was sent.
    Path,
    /// What stands behind the `?`.
    Query,
    Protocol,
    Status,
    /// Bytes of the body; a hyphen for none.
    BytesOrHyphen,
    Bytes,
    Referer,
    UserAgent,
    Seconds,
    Milliseconds,
    Microseconds,
    DecimalSeconds,
    /// The number of the process, in angle brackets as gunicorn has it.
    Process,
    /// The same without.
    ProcessNumber,
    /// The path of the view's function.
    View,
    /// The pattern of the route.
    Route,
    /// Whether the answer was sent to its end.
    Complete,
    RequestField(HeaderName),
    ResponseField(HeaderName),
}

/// The names. Those of one letter are gunicorn's. (Its manual, "Settings", `access_log_format`.)
const NAMES: &[(&str, Atom)] = &[
    ("h", Atom::Client),
    ("l", Atom::Identity),
    ("u", Atom::User),
    ("t", Atom::Time),
    ("r", Atom::RequestLine),
    ("m", Atom::Method),
    ("U", Atom::Path),
    ("q", Atom::Query),
    ("H", Atom::Protocol),
    ("s", Atom::Status),
    ("B", Atom::Bytes),
    ("b", Atom::BytesOrHyphen),
    ("f", Atom::Referer),
    ("a", Atom::UserAgent),
    ("T", Atom::Seconds),
    ("M", Atom::Milliseconds),
    ("D", Atom::Microseconds),
    ("L", Atom::DecimalSeconds),
    ("p", Atom::Process),
    ("view", Atom::View),
    ("route", Atom::Route),
    ("complete", Atom::Complete),
    ("timestamp", Atom::Timestamp),
];

/// WSGI's names for what has one of its own here. (PEP 3333, "environ Variables".)
const VARIABLES: &[(&str, Atom)] = &[
    ("REMOTE_ADDR", Atom::Client),
    ("REQUEST_METHOD", Atom::Method),
    ("PATH_INFO", Atom::Path),
    ("QUERY_STRING", Atom::Query),
    ("SERVER_PROTOCOL", Atom::Protocol),
];

impl Atom {
    /// The one that is called so: what stands between `%(` and `)s`.
    ///
    /// # Errors
    /// What is wrong, with the name that may have been meant.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        if let Some((_, atom)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Ok(atom.clone());
        }
        if let Some((inner, kind)) = name.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            return Self::of_kind(name, inner, kind);
        }
        let known = NAMES.iter().map(|(known, _)| *known);
        // Every letter is near to every other one, and none is meant by a slip.
        if let Some(near) = within(name, known.clone(), |letters| letters / 3) {
            return Err(format!("a line has no `%({name})s`; did you mean `%({near})s`?"));
        }
        let known: Vec<_> = known.collect();
        Err(format!(
            "a line has no `%({name})s`; it has {}, and `{{name}}i` and `{{name}}o` for fields of request and response",
            known.join(", ")
        ))
    }

    fn of_kind(name: &str, inner: &str, kind: &str) -> Result<Self, String> {
        let field = || inner.parse::<HeaderName>().map_err(|_| format!("`{inner}` is no name of a field"));
        match kind {
            "i" => Ok(Self::RequestField(field()?)),
            "o" => Ok(Self::ResponseField(field()?)),
            "e" => {
                if let Some((_, atom)) = VARIABLES.iter().find(|(known, _)| *known == inner) {
                    return Ok(atom.clone());
                }
                let sent = inner.strip_prefix("HTTP_").map(|field| field.replace('_', "-"));
                match sent.and_then(|field| field.parse().ok()) {
                    Some(field) => Ok(Self::RequestField(field)),
                    None => Err(format!(
                        "there is no `{inner}` without WSGI; write `%({{name}}i)s` for a field of the request"
                    )),
                }
            }
            _ => Err(format!(
                "`%({name})s` should end in `i` (a field of the request) or `o` (a field of the response)"
            )),
        }
    }

    /// Whether it is known when the request is there. The others wait for the answer.
    pub(super) fn is_of_request(&self) -> bool {
        matches!(
            self,
            Self::Client
                | Self::Identity
                | Self::User
                | Self::Time
                | Self::Timestamp
                | Self::RequestLine
                | Self::Method
                | Self::Path
                | Self::Query
                | Self::Protocol
                | Self::Referer
                | Self::UserAgent
                | Self::Process
                | Self::ProcessNumber
                | Self::RequestField(_)
        )
    }
}
