//! What the client and the application have said about their messages.

use crate::toolbar::{Answered, Content, Panel};
use crate::{HeaderMap, Settings};

/// Headers whose values are nobody's business. Names that speak of secrets are found out besides.
const SECRET: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// Both heads, without what is secret.
#[derive(Debug)]
pub(super) struct HeadersPanel;

type Fields = Vec<(String, String)>;

impl Panel for HeadersPanel {
    type Kept = (Fields, Option<Fields>);

    fn name(&self) -> &'static str {
        "headers"
    }

    fn title(&self) -> &'static str {
        "Headers"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept> {
        let response = answered.response.map(|response| shown(response.headers()));
        Some((shown(answered.request.headers()), response))
    }

    fn render(&self, (request, response): &Self::Kept) -> Content {
        let content =
            Content::new().heading("Request").pairs(request.iter().map(|(name, value)| (name, value)));
        let content = content.heading("Response");
        match response {
            Some(fields) => content
                .pairs(fields.iter().map(|(name, value)| (name, value)))
                .note("As the application has made them; the server adds its own."),
            None => content.note("There was none: an error came out that nobody has answered."),
        }
    }
}

fn shown(headers: &HeaderMap) -> Fields {
    let value = |name: &str, value: &[u8]| {
        if SECRET.contains(&name) {
            Settings::masked("secret", "")
        } else {
            Settings::masked(name, &String::from_utf8_lossy(value))
        }
    };
    headers.iter().map(|(name, text)| (name.to_string(), value(name.as_str(), text.as_bytes()))).collect()
}
