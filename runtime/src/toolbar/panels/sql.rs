//! What was asked of a database: the statements that sqlx tells `tracing` of.

use std::sync::Arc;
use std::time::Duration;

use tracing::Level;

use crate::toolbar::exchange::milliseconds;
use crate::toolbar::{Answered, Badge, Content, LogRecord, Panel, Trail};

/// What sqlx's events are called by.
const TARGET: &str = "sqlx::query";

/// The statements of a request.
#[derive(Debug)]
pub(super) struct SqlPanel;

/// Whether a record is a statement.
pub(super) fn is_statement(record: &LogRecord) -> bool {
    record.target == TARGET
}

impl Panel for SqlPanel {
    type Kept = Arc<Trail>;

    fn name(&self) -> &'static str {
        "sql"
    }

    fn title(&self) -> &'static str {
        "SQL"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept> {
        Some(Arc::clone(answered.trail))
    }

    fn badge(&self, trail: &Self::Kept) -> Option<Badge> {
        let statements = statements(trail);
        let slow = statements.iter().any(|statement| statement.level <= Level::WARN);
        match statements.len() {
            0 => None,
            count if slow => Some(Badge::warning(count)),
            count => Some(Badge::plain(count)),
        }
    }

    fn render(&self, trail: &Self::Kept) -> Content {
        let statements = statements(trail);
        if statements.is_empty() {
            return Content::new()
                .note("No statement was seen. Those of sqlx are, unless it was told not to log them.");
        }
        let whole: Duration = statements.iter().filter_map(LogRecord::seconds).sum();
        let rows = statements.iter().map(|statement| {
            let class = if statement.level <= Level::WARN { "doubtful" } else { "" };
            let time = statement.seconds().map(milliseconds).unwrap_or_default();
            let returned = statement.field("rows_returned").to_owned();
            let affected = statement.field("rows_affected").to_owned();
            (class, [milliseconds(statement.at), time, returned, affected, sql(statement)])
        });
        Content::new()
            .note(&format!("{} for all of them, {} in number.", milliseconds(whole), statements.len()))
            .table_of(["Done after", "Time", "Rows", "Changed", "Statement"], rows)
    }
}

fn statements(trail: &Trail) -> Vec<LogRecord> {
    trail.records_that(is_statement)
}

/// The statement. A short one is its own summary.
fn sql(record: &LogRecord) -> String {
    match record.field("db.statement").trim() {
        "" => record.field("summary").to_owned(),
        statement => statement.to_owned(),
    }
}
