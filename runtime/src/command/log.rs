//! Where the log goes: to standard error, one line an event.

use tracing_subscriber::filter::LevelFilter;

use crate::app::settings::{BadSetting, Settings};
use crate::error::Result;

/// Starts the log at the level of the setting `log`: `error`, `warn`, `info` (the default), `debug`, `trace` or `off`.
///
/// A program that has set up a log of its own before keeps it.
pub(super) fn start(settings: &Settings) -> Result<()> {
    let level = match settings.get("log") {
        None => LevelFilter::INFO,
        Some(text) => text.parse().map_err(|_| {
            BadSetting::new(settings, "log", "`error`, `warn`, `info`, `debug`, `trace` or `off`")
        })?,
    };
    // An error here says that there is a log already, which is as good.
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .try_init();
    Ok(())
}
