//! The templates that were rendered: the framework tells `tracing` of them.

use std::sync::Arc;

use crate::toolbar::exchange::milliseconds;
use crate::toolbar::{Answered, Badge, Content, LogRecord, Panel, Trail};

/// What those events are called by.
const TARGET: &str = "aiopyramid::template";

/// The templates of a request.
#[derive(Debug)]
pub(super) struct TemplatesPanel;

/// Whether a record tells of a template.
pub(super) fn is_rendering(record: &LogRecord) -> bool {
    record.target == TARGET
}

impl Panel for TemplatesPanel {
    type Kept = Arc<Trail>;

    fn name(&self) -> &'static str {
        "templates"
    }

    fn title(&self) -> &'static str {
        "Templates"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept> {
        Some(Arc::clone(answered.trail))
    }

    fn badge(&self, trail: &Self::Kept) -> Option<Badge> {
        let count = renderings(trail).len();
        (count > 0).then(|| Badge::plain(count))
    }

    fn render(&self, trail: &Self::Kept) -> Content {
        let renderings = renderings(trail);
        if renderings.is_empty() {
            return Content::new().note("No template was rendered.");
        }
        let rows = renderings.iter().map(|record| {
            let time = record.seconds().map(milliseconds).unwrap_or_default();
            [
                milliseconds(record.at),
                time,
                record.field("bytes").to_owned(),
                record.field("template").to_owned(),
            ]
        });
        Content::new().table(["Done after", "Time", "Bytes", "Template"], rows)
    }
}

fn renderings(trail: &Trail) -> Vec<LogRecord> {
    trail.records_that(is_rendering)
}
