//! What page and server say to each other, as JSON.

use serde::{Deserialize, Serialize};

/// The most characters of what is said.
pub(crate) const LONGEST_TEXT: usize = 2000;

/// The most characters of a name.
pub(crate) const LONGEST_NAME: usize = 24;

/// Something that was said in a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// Later ones have greater numbers.
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) text: String,
    /// Milliseconds since 1970.
    pub(crate) at: i64,
}

/// What a page sends.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Request {
    /// Somebody says something.
    Say { text: String },
}

/// What a page gets.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Answer {
    /// What was said before it came.
    History { messages: Vec<Message> },
    /// Somebody has said something.
    Said(Message),
    /// Who is there.
    Present { names: Vec<String> },
    /// What it has sent was not taken.
    Refused { reason: String },
}

/// A name that somebody may have.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let name = text.trim();
        let length = name.chars().count();
        if !(1..=LONGEST_NAME).contains(&length) || name.chars().any(char::is_control) {
            return Err(format!("a name has 1 to {LONGEST_NAME} characters, on one line"));
        }
        Ok(Self(name.to_owned()))
    }
}
