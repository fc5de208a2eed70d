//! Where the time of a request went.

use std::sync::Arc;
use std::time::Duration;

use super::PERFORMANCE;
use crate::toolbar::exchange::milliseconds;
use crate::toolbar::{Answered, Badge, Content, Panel, Trail};

/// A turn of the event loop that is longer than this keeps others waiting noticeably.
const LONG: Duration = Duration::from_millis(20);

/// How long, where, and how much of it on the processor.
#[derive(Debug)]
pub(super) struct PerformancePanel;

#[derive(Debug)]
pub(super) struct Times {
    elapsed: Duration,
    trail: Arc<Trail>,
}

impl Panel for PerformancePanel {
    type Kept = Times;

    fn name(&self) -> &'static str {
        PERFORMANCE
    }

    fn title(&self) -> &'static str {
        "Performance"
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Times> {
        Some(Times { elapsed: answered.elapsed, trail: Arc::clone(answered.trail) })
    }

    fn badge(&self, times: &Times) -> Option<Badge> {
        let text = milliseconds(times.elapsed);
        let held = times.trail.seen().work.iter().any(|work| work.is_loop && work.longest > LONG);
        Some(if held { Badge::warning(text) } else { Badge::plain(text) })
    }

    fn render(&self, times: &Times) -> Content {
        let seen = times.trail.seen();
        let processor: Option<Duration> =
            seen.work.iter().filter_map(|work| work.usage.processor).reduce(|one, other| one + other);
        let mut whole = vec![("Until the answer was there", milliseconds(times.elapsed))];
        if let Some(processor) = processor {
            whole.push(("On the processor", milliseconds(processor)));
        }
        let waited: Duration = seen.views.iter().filter_map(|view| view.waited).sum();
        if seen.views.iter().any(|view| view.waited.is_some()) {
            whole.push(("Waiting for a thread of the pool", milliseconds(waited)));
        }
        let mut content = Content::new().pairs(whole);
        if seen.work.is_empty() {
            return content.note(
                "Where it ran is not known: the program has set up a log of its own, without `toolbar::log_layer()`.",
            );
        }
        if seen.work.iter().any(|work| work.is_loop && work.longest > LONG) {
            content = content.note(
                "The event loop was held for a while in one go, and nobody else was answered meanwhile. A plain `fn` as a \
                 view, or `use_executor`, does such work in a pool of threads.",
            );
        }
        let rows = seen.work.iter().map(|work| {
            let place = if work.is_loop { format!("{} (event loop)", work.name) } else { work.name.clone() };
            [
                place,
                work.turns.to_string(),
                milliseconds(work.elapsed),
                milliseconds(work.longest),
                work.usage.processor.map(milliseconds).unwrap_or_default(),
                format!("{} / {}", work.usage.voluntary, work.usage.involuntary),
            ]
        });
        content
            .heading("Threads")
            .table(["Thread", "Turns", "Time", "Longest turn", "Processor", "Switches (own / other)"], rows)
            .note(
                "A turn is one poll on an event loop, or a piece of work in a pool. Between turns others had the thread.",
            )
    }
}
