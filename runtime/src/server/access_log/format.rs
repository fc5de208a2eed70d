//! What a line says: a text with atoms in it, read once into pieces.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::atom::Atom;

/// The combined format, as Apache and gunicorn have it.
const COMBINED: &str = r#"%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s""#;

/// The common format of the CERN server, without referrer and program.
const COMMON: &str = r#"%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s"#;

/// The names and values of an object, in order.
const JSON: &[(&str, Atom)] = &[
    ("time", Atom::Timestamp),
    ("client", Atom::Client),
    ("user", Atom::User),
    ("method", Atom::Method),
    ("path", Atom::Path),
    ("query", Atom::Query),
    ("protocol", Atom::Protocol),
    ("status", Atom::Status),
    ("bytes", Atom::Bytes),
    ("duration", Atom::DecimalSeconds),
    ("complete", Atom::Complete),
    ("route", Atom::Route),
    ("view", Atom::View),
    ("host", Atom::RequestField(http::header::HOST)),
    ("referer", Atom::Referer),
    ("user_agent", Atom::UserAgent),
    ("process", Atom::ProcessNumber),
];

/// What the lines of an access log say.
///
/// One of three that have names, or a text in gunicorn's language, whose `%(name)s` stand for something of the request: see
/// the [guide](crate::guide::observing#what-a-line-says) for all of them.
///
/// ```
/// use aiopyramid::server::AccessLogFormat;
///
/// let format: AccessLogFormat = r#"%(h)s "%(r)s" %(s)s %(D)s "%({x-request-id}i)s" %(view)s"#.parse()?;
/// assert_eq!("combined".parse(), Ok(AccessLogFormat::combined()));
/// assert_eq!(
///     "%(h)s %(vew)s".parse::<AccessLogFormat>().unwrap_err().to_string(),
///     "a line has no `%(vew)s`; did you mean `%(view)s`?",
/// );
/// # Ok::<(), aiopyramid::server::BadAccessLogFormat>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLogFormat {
    pub(super) pieces: Vec<Piece>,
    pub(super) style: Style,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Atom(Atom),
}

/// How what a client says is kept from saying anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As Apache does it: quotes, backslashes, control characters and what is not ASCII are escaped.
    Text,
    /// Each atom is a value of JSON.
    Json,
}

/// A text is no format of an access log. Displayed as one line that says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadAccessLogFormat(String);

impl AccessLogFormat {
    /// The common log format: client, time, request, status, bytes.
    pub fn common() -> Self {
        Self::known(COMMON)
    }

    /// The same with referrer and the client's program, as Apache and nginx write it by default.
    pub fn combined() -> Self {
        Self::known(COMBINED)
    }

    /// An object of JSON in each line, with the view and the route.
    pub fn json() -> Self {
        let mut pieces = Vec::new();
        for (place, (name, atom)) in JSON.iter().enumerate() {
            let before = if place == 0 { '{' } else { ',' };
            pieces.push(Piece::Text(format!("{before}\"{name}\":")));
            pieces.push(Piece::Atom(atom.clone()));
        }
        pieces.push(Piece::Text("}".to_owned()));
        Self { pieces, style: Style::Json }
    }

    fn known(text: &str) -> Self {
        // Tested below.
        pieces(text).map_or(Self { pieces: Vec::new(), style: Style::Text }, |pieces| Self {
            pieces,
            style: Style::Text,
        })
    }
}

impl Default for AccessLogFormat {
    fn default() -> Self {
        Self::combined()
    }
}

impl FromStr for AccessLogFormat {
    type Err = BadAccessLogFormat;

    fn from_str(text: &str) -> Result<Self, BadAccessLogFormat> {
        match text.trim() {
            "common" => Ok(Self::common()),
            "combined" => Ok(Self::combined()),
            "json" => Ok(Self::json()),
            text if text.contains("%(") => {
                let pieces = pieces(text).map_err(BadAccessLogFormat)?;
                Ok(Self { pieces, style: Style::Text })
            }
            _ => Err(BadAccessLogFormat(
                "a format is `common`, `combined`, `json`, or has atoms such as `%(h)s` in it".to_owned(),
            )),
        }
    }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        literal.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("%%") {
            literal.push('%');
            rest = behind;
            continue;
        }
        let inside = rest.strip_prefix("%(").and_then(|inside| inside.split_once(')'));
        let Some((name, behind)) = inside.and_then(|(name, behind)| Some((name, behind.strip_prefix('s')?)))
        else {
            let shown = rest.split_whitespace().next().unwrap_or(rest);
            return Err(format!("`{shown}` is no `%(name)s`; a per cent sign itself is written `%%`"));
        };
        if !literal.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
        }
        pieces.push(Piece::Atom(Atom::named(name)?));
        rest = behind;
    }
    literal.push_str(rest);
    if text.contains(['\n', '\r']) {
        return Err("a format is one line".to_owned());
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    Ok(pieces)
}

impl fmt::Display for BadAccessLogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for BadAccessLogFormat {}
