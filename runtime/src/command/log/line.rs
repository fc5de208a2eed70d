//! From an event to a line in Python's manner.

use std::fmt;
use std::thread;
use std::time::Instant;

use jiff::ZonedDateTime;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::format::{PythonFormat, Record};

/// Writes the lines of a handler.
#[derive(Debug)]
pub(super) struct PythonLines {
    pub(super) format: PythonFormat,
    pub(super) started: Instant,
}

impl<S, N> FormatEvent<S, N> for PythonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut message = String::new();
        context.format_fields(Writer::new(&mut message), event)?;
        let metadata = event.metadata();
        let thread = thread::current();
        let record = Record {
            target: metadata.target(),
            level: *metadata.level(),
            file: metadata.file().unwrap_or(""),
            line: metadata.line().unwrap_or(0),
            time: ZonedDateTime::now(),
            relative: self.started.elapsed().as_secs_f64() * 1000.0,
            thread_name: thread.name().unwrap_or("Thread"),
            thread: number(&thread),
            process: std::process::id(),
            message: &message,
        };
        writeln!(writer, "{}", self.format.render(&record))
    }
}

/// The number in a thread's id, which the standard library shows to people only.
fn number(thread: &thread::Thread) -> u64 {
    let shown = format!("{:?}", thread.id());
    shown.trim_matches(|character: char| !character.is_ascii_digit()).parse().unwrap_or(0)
}
