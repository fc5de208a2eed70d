//! Whose a ticket is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What stands in front of the kind of a user id, among the user data of a ticket.
const KIND: &str = "userid_type:";

/// Whose a ticket is. Ours are texts; those of a Pyramid application may be numbers or bytes, and stay that when they are
/// replaced.
///
/// ```
/// use aiopyramid::security::TicketUserid;
///
/// assert_eq!(TicketUserid::from("ann"), TicketUserid::Text("ann".to_owned()));
/// assert_eq!(TicketUserid::from(7).text().as_deref(), Some("7"));
/// assert_eq!(TicketUserid::Bytes(vec![0xff]).text(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketUserid {
    /// Python's `str`.
    Text(String),
    /// Python's `int`.
    Number(i64),
    /// Python's `bytes`.
    Bytes(Vec<u8>),
}

impl TicketUserid {
    /// As policies know it. `None` for bytes that are no text in UTF-8, since two such would be told apart no more.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
        }
    }

    /// As it stands in a ticket, before it is percent-encoded; and the user data that say what kind it is.
    pub(super) fn encoded(&self) -> (String, &'static str) {
        match self {
            Self::Text(text) => (STANDARD.encode(text), "userid_type:b64unicode"),
            Self::Number(number) => (number.to_string(), "userid_type:int"),
            Self::Bytes(bytes) => (STANDARD.encode(bytes), "userid_type:b64str"),
        }
    }

    /// From a ticket whose signature is right. `None` where it is not of the kind that it says: Pyramid fails there.
    pub(super) fn decoded(text: &str, user_data: &str) -> Option<Self> {
        let kind = user_data.split('|').filter_map(|datum| datum.strip_prefix(KIND)).next_back();
        match kind {
            Some("b64unicode") => String::from_utf8(STANDARD.decode(text).ok()?).ok().map(Self::Text),
            Some("b64str") => STANDARD.decode(text).ok().map(Self::Bytes),
            Some("int") => text.parse().ok().map(Self::Number),
            _ => Some(Self::Text(text.to_owned())),
        }
    }
}

impl From<&str> for TicketUserid {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for TicketUserid {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for TicketUserid {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for TicketUserid {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
