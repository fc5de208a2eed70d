//! Where the log goes: to standard error, one line an event, or where a file says.

mod file;
mod format;
mod line;
mod plan;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tracing::subscriber::Interest;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::{Context, Filter, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::app::settings::{BadSetting, Settings};
use crate::error::{Error, Result};
use crate::registry::LogLayer;

pub(super) use file::reopen;
pub(super) use format::PythonFormat;
pub(super) use plan::{Format, Handler, LogPlan, Logger, Sink, level};

use file::LogFile;
use line::PythonLines;

/// What a level may be.
pub(super) const LEVELS: &str = "`error`, `warn`, `info`, `debug`, `trace` or `off`";

/// What the settings `log`, `log_format` and `log_file` say; those that come from elsewhere than `file`, the plan of a
/// configuration file, change that one.
pub(super) fn plan(settings: &Settings, file: Option<&LogPlan>) -> Result<LogPlan, Vec<BadSetting>> {
    let mut bad = Vec::new();
    let mut read = |name: &str, expected: &str, read: &dyn Fn(&str) -> bool| {
        let text = settings.get(name);
        if text.is_some_and(|text| !read(text)) {
            bad.push(BadSetting::new(settings, name, expected));
        }
        text
    };
    let level_text = read("log", LEVELS, &|text| level(text).is_some());
    let format_text =
        read("log_format", "`text`, `json` or a format such as `%(asctime)s %(message)s`", &|text| {
            format(text).is_ok()
        });
    let file_text = read("log_file", "the name of a file, or `-`", &|text| !text.trim().is_empty());
    if !bad.is_empty() {
        return Err(bad);
    }
    let level = level_text.and_then(level);
    let format = format_text.and_then(|text| format(text).ok());
    let sink = file_text.map(|text| match text.trim() {
        "-" => Sink::Stderr,
        path => Sink::File { path: PathBuf::from(path), truncate: false, watched: false },
    });
    let Some(mut plan) = file.cloned() else {
        return Ok(LogPlan::simple(
            level.unwrap_or(LevelFilter::INFO),
            sink.unwrap_or(Sink::Stderr),
            format.unwrap_or(Format::Text),
        ));
    };
    if let Some(level) = level {
        plan.root.level = Some(level);
    }
    for &place in &plan.root.handlers {
        let handler = &mut plan.handlers[place];
        if let Some(format) = &format {
            handler.format = format.clone();
        }
        if let Some(sink) = &sink {
            handler.sink = sink.clone();
        }
    }
    Ok(plan)
}

/// A format by its name, or one of Python's.
pub(super) fn format(text: &str) -> Result<Format, String> {
    match text.trim() {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        text if text.contains("%(") => PythonFormat::parse(Some(text), None).map(Format::Python),
        _ => Err("a format is `text`, `json` or has a `%(message)s` in it".to_owned()),
    }
}

/// Starts the log, with `further` layers of the program's. A program that has set up a log of its own before keeps it.
///
/// # Errors
/// Where a file cannot be opened.
pub(super) fn start(plan: LogPlan, further: Vec<LogLayer>) -> Result<()> {
    let plan = Arc::new(plan);
    let started = Instant::now();
    let mut layers: Vec<LogLayer> = further;
    for (place, handler) in plan.handlers.iter().enumerate() {
        if let Some(layer) = layer(handler, started)? {
            layers.push(layer.with_filter(Reaches { plan: Arc::clone(&plan), handler: place }).boxed());
        }
    }
    // An error here says that there is a log already, which is as good.
    let _ = tracing_subscriber::registry().with(layers).try_init();
    Ok(())
}

fn layer<S>(handler: &Handler, started: Instant) -> Result<Option<Box<dyn Layer<S> + Send + Sync>>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let (writer, colours) = match &handler.sink {
        Sink::Nowhere => return Ok(None),
        Sink::Stderr => (BoxMakeWriter::new(io::stderr), io::stderr().is_terminal() || colours_forced()),
        Sink::Stdout => (BoxMakeWriter::new(io::stdout), io::stdout().is_terminal()),
        Sink::File { path, truncate, watched } => {
            let file = LogFile::open(path, *truncate, *watched).map_err(|error| {
                Error::msg(format!("the log {} cannot be written: {error}", path.display()))
            })?;
            (BoxMakeWriter::new(Writes(file)), false)
        }
    };
    Ok(Some(match &handler.format {
        Format::Text => fmt::layer().with_writer(writer).with_ansi(colours).boxed(),
        Format::Json => fmt::layer().json().flatten_event(true).with_writer(writer).boxed(),
        Format::Python(format) => {
            let lines = PythonLines { format: format.clone(), started };
            fmt::layer().with_writer(writer).with_ansi(false).event_format(lines).boxed()
        }
    }))
}

/// Whether somebody in between shows to a terminal what is written here: `CLICOLOR_FORCE`, as <https://bixense.com/clicolors/>
/// has it.
fn colours_forced() -> bool {
    std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Opens nothing: hands out the file that is open.
struct Writes(Arc<LogFile>);

impl<'a> MakeWriter<'a> for Writes {
    type Writer = file::LockedFile<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        self.0.lock()
    }
}

/// Lets the events through that reach a handler. What is decided for a place in the source stays so, and costs nothing there.
struct Reaches {
    plan: Arc<LogPlan>,
    handler: usize,
}

impl Reaches {
    fn lets(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.plan.level(self.handler, metadata.target())
    }
}

impl<S> Filter<S> for Reaches {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        self.lets(metadata)
    }

    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.lets(metadata) { Interest::always() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.plan.most(self.handler))
    }
}
