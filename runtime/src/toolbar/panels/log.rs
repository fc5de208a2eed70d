//! What was logged for one request, and for no other.

use std::sync::Arc;

use tracing::Level;

use super::{sql, templates};
use crate::toolbar::exchange::milliseconds;
use crate::toolbar::{Answered, Badge, Content, LogRecord, Panel, Trail};

/// The log of a request.
#[derive(Debug)]
pub(super) struct LogPanel;

impl Panel for LogPanel {
    type Kept = Arc<Trail>;

    fn name(&self) -> &'static str {
        "log"
    }

    fn title(&self) -> &'static str {
        "Log"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept> {
        Some(Arc::clone(answered.trail))
    }

    /// How many there are; the worst of them decides on the looks.
    fn badge(&self, trail: &Self::Kept) -> Option<Badge> {
        let records = records(trail);
        let worst = records.iter().map(|record| record.level).min()?;
        Some(match worst {
            Level::ERROR => Badge::error(records.len()),
            Level::WARN => Badge::warning(records.len()),
            _ => Badge::plain(records.len()),
        })
    }

    fn render(&self, trail: &Self::Kept) -> Content {
        let records = records(trail);
        if records.is_empty() {
            return Content::new().note("Nothing was logged while this request was answered.");
        }
        let rows = records.into_iter().map(|record| {
            let class = match record.level {
                Level::ERROR => "bad",
                Level::WARN => "doubtful",
                _ => "",
            };
            let place = record.place.map(|(file, line)| format!("{file}:{line}")).unwrap_or_default();
            let at = milliseconds(record.at);
            (class, [at, record.level.to_string(), record.target.to_owned(), text(&record), place])
        });
        let content = Content::new().table_of(["After", "Level", "Target", "Message", "Where"], rows);
        match trail.lost_records() {
            0 => content,
            lost => content.note(&format!("There was no room for {lost} more.")),
        }
    }
}

/// Statements and templates have panels of their own.
fn records(trail: &Trail) -> Vec<LogRecord> {
    trail.records_that(|record| !sql::is_statement(record) && !templates::is_rendering(record))
}

fn text(record: &LogRecord) -> String {
    let fields = record.fields.iter().map(|(name, value)| format!("{name}={value}"));
    let message = Some(record.message.clone()).filter(|message| !message.is_empty());
    message.into_iter().chain(fields).collect::<Vec<_>>().join(" ")
}
