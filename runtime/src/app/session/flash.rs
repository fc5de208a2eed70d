//! Messages for the next page.

use serde_json::Value;

use super::session::Session;
use super::values::text_of;

/// The name of a queue among the values of a session.
fn place(queue: &str) -> String {
    format!("_f_{queue}")
}

/// Messages that one request leaves for the page that a later one shows (Pyramid's narrative chapter "Sessions"): that something
/// was saved, say, before a redirect. They wait in queues, of which the usual one has no name.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::session::Session;
///
/// #[view_config(route = "/notes", request_method = "POST")]
/// async fn save(session: Session) -> Result<Response> {
///     session.flash("Your note was saved.");
///     Response::see_other("/notes")
/// }
///
/// #[view_config(route = "/notes")]
/// async fn notes(session: Session) -> String {
///     session.pop_flash().join("\n")
/// }
/// ```
impl Session {
    /// Leaves a message in the usual queue.
    pub fn flash(&self, message: impl Into<String>) {
        self.flash_in("", message);
    }

    /// Leaves a message in a queue of that name: `success`, `danger`.
    pub fn flash_in(&self, queue: &str, message: impl Into<String>) {
        self.leave(queue, message.into(), true);
    }

    /// Leaves a message in a queue, unless it waits there already. Pyramid's `allow_duplicate=False`.
    pub fn flash_once(&self, queue: &str, message: impl Into<String>) {
        self.leave(queue, message.into(), false);
    }

    /// Takes all messages out of the usual queue, the oldest first.
    pub fn pop_flash(&self) -> Vec<String> {
        self.pop_flash_from("")
    }

    /// Takes all messages out of the queue of that name.
    pub fn pop_flash_from(&self, queue: &str) -> Vec<String> {
        let place = place(queue);
        let messages = self.write(|values| {
            let messages = values.get(&place);
            values.remove(&place);
            messages
        });
        texts(messages)
    }

    /// Looks at the messages of the usual queue, and leaves them there.
    pub fn peek_flash(&self) -> Vec<String> {
        self.peek_flash_from("")
    }

    /// Looks at the messages of the queue of that name, and leaves them there.
    pub fn peek_flash_from(&self, queue: &str) -> Vec<String> {
        texts(self.read(|values| values.get(&place(queue))))
    }

    fn leave(&self, queue: &str, message: String, allow_duplicate: bool) {
        let place = place(queue);
        self.write(|values| {
            let mut messages: Vec<Value> = values.get(&place).and_then(Result::ok).unwrap_or_default();
            let message = Value::from(message);
            if allow_duplicate || !messages.contains(&message) {
                messages.push(message);
            }
            // Texts, and what was JSON before, are JSON.
            if let Ok(messages) = text_of(&messages) {
                values.insert(place, messages);
            }
        });
    }
}

/// Messages of a Python program may be anything; what is no text is its JSON.
fn texts(messages: Option<serde_json::Result<Vec<Value>>>) -> Vec<String> {
    let messages = messages.and_then(Result::ok).unwrap_or_default();
    messages
        .into_iter()
        .map(|message| match message {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect()
}
