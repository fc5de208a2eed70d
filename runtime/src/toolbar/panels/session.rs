//! The session of the client, where somebody has looked into it.

use serde_json::Value;

use crate::session::Session;
use crate::toolbar::{Answered, Badge, Content, Panel};
use crate::{Request, Settings};

/// The longest value that is shown, in bytes.
const LONGEST: usize = 2048;

/// What is in the session when the answer is there. Looking at it here does not renew it.
#[derive(Debug)]
pub(super) struct SessionPanel;

/// A session as it is shown.
#[derive(Debug)]
pub(super) struct Shown {
    is_new: bool,
    is_invalidated: bool,
    values: Vec<(String, String)>,
}

impl Panel for SessionPanel {
    type Kept = Shown;

    fn name(&self) -> &'static str {
        "session"
    }

    fn title(&self) -> &'static str {
        "Session"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Shown> {
        shown(answered.request)
    }

    fn badge(&self, session: &Shown) -> Option<Badge> {
        (!session.values.is_empty()).then(|| Badge::plain(session.values.len()))
    }

    fn render(&self, session: &Shown) -> Content {
        let is = |is: bool| if is { "yes" } else { "no" };
        Content::new()
            .pairs([
                ("Begins with this request", is(session.is_new)),
                ("Invalidated", is(session.is_invalidated)),
            ])
            .heading("Values")
            .pairs(session.values.iter().map(|(name, value)| (name, value)))
    }
}

fn shown(request: &Request) -> Option<Shown> {
    let session = request.known_property::<Session>()?;
    // `[accessed, created, {name: value, ...}]`
    let record: Value = serde_json::from_str(&session.record().to_json().ok()?).ok()?;
    let values = record.get(2).and_then(Value::as_object).into_iter().flatten();
    let values = values.map(|(name, value)| {
        let mut value = Settings::masked(name, &value.to_string());
        value.truncate(value.floor_char_boundary(LONGEST));
        (name.clone(), value)
    });
    Some(Shown {
        is_new: session.is_new(),
        is_invalidated: session.is_invalidated(),
        values: values.collect(),
    })
}
