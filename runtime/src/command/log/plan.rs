//! What goes where: loggers, each with a level and handlers, as Python's `logging` has them.
//!
//! An event belongs to the logger whose name is its target or the nearest one above. It is let through where its level is that of
//! the nearest logger that has one; it then goes to the handlers of its logger and of all above, until one says that it does not
//! propagate, and each handler has a level too. (Python manual, "Logging Flow".)

use std::path::PathBuf;

use tracing_subscriber::filter::LevelFilter;

use super::format::PythonFormat;

/// Everything that the log is told.
#[derive(Debug, Clone)]
pub(in crate::command) struct LogPlan {
    pub(in crate::command) root: Logger,
    pub(in crate::command) loggers: Vec<Logger>,
    pub(in crate::command) handlers: Vec<Handler>,
}

/// One of Python's loggers.
#[derive(Debug, Clone)]
pub(in crate::command) struct Logger {
    /// The target of events and of what is below it, `myapp::views`. Empty for the root.
    pub(in crate::command) target: String,
    /// `None` where that of the logger above counts.
    pub(in crate::command) level: Option<LevelFilter>,
    /// Places in the list of all handlers.
    pub(in crate::command) handlers: Vec<usize>,
    pub(in crate::command) propagate: bool,
}

/// Where lines go, and which, and what they look like.
#[derive(Debug, Clone)]
pub(in crate::command) struct Handler {
    pub(in crate::command) sink: Sink,
    pub(in crate::command) level: LevelFilter,
    pub(in crate::command) format: Format,
}

/// Where lines go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) enum Sink {
    Stderr,
    Stdout,
    File {
        path: PathBuf,
        /// Whether what is in it is thrown away at the start.
        truncate: bool,
        /// Whether the file is opened again when somebody has moved it away.
        watched: bool,
    },
    Nowhere,
}

/// What a line looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) enum Format {
    /// As `tracing` shows events to people.
    Text,
    /// An object a line.
    Json,
    Python(PythonFormat),
}

impl Logger {
    /// A logger that is told nothing.
    pub(in crate::command) fn new(target: impl Into<String>) -> Self {
        Self { target: target.into(), level: None, handlers: Vec::new(), propagate: true }
    }

    /// Whether events of this target are its own, or of one below it.
    fn covers(&self, target: &str) -> bool {
        target
            .strip_prefix(&*self.target)
            .is_some_and(|rest| self.target.is_empty() || rest.is_empty() || rest.starts_with("::"))
    }
}

impl LogPlan {
    /// One handler for everything from this level up.
    pub(in crate::command) fn simple(level: LevelFilter, sink: Sink, format: Format) -> Self {
        let root = Logger { level: Some(level), handlers: vec![0], ..Logger::new("") };
        let handler = Handler { sink, level: LevelFilter::TRACE, format };
        Self { root, loggers: Vec::new(), handlers: vec![handler] }
    }

    /// The same levels, for somebody who looks at a terminal.
    pub(in crate::command) fn for_people(self) -> Self {
        let level = self.root.level.unwrap_or(LevelFilter::WARN);
        let mut plan = Self::simple(level, Sink::Stderr, Format::Text);
        plan.loggers = self.loggers;
        for logger in &mut plan.loggers {
            logger.handlers.clear();
            logger.propagate = true;
        }
        plan
    }

    /// The loggers for a target, the nearest first.
    fn chain(&self, target: &str) -> Vec<&Logger> {
        let mut chain: Vec<_> = self.loggers.iter().filter(|logger| logger.covers(target)).collect();
        chain.sort_by_key(|logger| std::cmp::Reverse(logger.target.len()));
        chain.push(&self.root);
        chain
    }

    /// Which events of a target a handler takes.
    pub(super) fn level(&self, handler: usize, target: &str) -> LevelFilter {
        let chain = self.chain(target);
        let reached = chain
            .iter()
            .scan(true, |open, logger| {
                let was_open = *open;
                *open &= logger.propagate;
                was_open.then_some(*logger)
            })
            .any(|logger| logger.handlers.contains(&handler));
        let level = chain.iter().find_map(|logger| logger.level).unwrap_or(LevelFilter::WARN);
        if reached { level.min(self.handlers[handler].level) } else { LevelFilter::OFF }
    }

    /// The most that a handler takes of any target.
    pub(super) fn most(&self, handler: usize) -> LevelFilter {
        let levels = self.loggers.iter().chain([&self.root]).filter_map(|logger| logger.level);
        levels.max().unwrap_or(LevelFilter::WARN).min(self.handlers[handler].level)
    }
}

/// The levels of `tracing`, of Python and of gunicorn, in any case. Python's numbers are not known here.
pub(in crate::command) fn level(text: &str) -> Option<LevelFilter> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "trace" | "notset" => LevelFilter::TRACE,
        "debug" => LevelFilter::DEBUG,
        "info" => LevelFilter::INFO,
        "warn" | "warning" => LevelFilter::WARN,
        "error" => LevelFilter::ERROR,
        // No event is worse than an error.
        "off" | "critical" | "fatal" => LevelFilter::OFF,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> LogPlan {
        let mut plan = LogPlan::simple(LevelFilter::INFO, Sink::Stderr, Format::Text);
        plan.handlers.push(Handler { sink: Sink::Stdout, level: LevelFilter::WARN, format: Format::Text });
        plan.loggers = vec![
            Logger { level: Some(LevelFilter::DEBUG), ..Logger::new("shop") },
            Logger { handlers: vec![1], propagate: false, ..Logger::new("shop::mail") },
            Logger { level: Some(LevelFilter::ERROR), ..Logger::new("noisy") },
        ];
        plan
    }

    #[test]
    fn the_nearest_logger_with_a_level_decides() {
        let plan = plan();
        for (target, level) in [
            ("anything", LevelFilter::INFO),
            ("shop", LevelFilter::DEBUG),
            ("shop::cart", LevelFilter::DEBUG),
            ("shopping", LevelFilter::INFO),
            ("noisy::part", LevelFilter::ERROR),
        ] {
            assert_eq!(plan.level(0, target), level, "{target}");
        }
        assert_eq!(plan.most(0), LevelFilter::DEBUG);
    }

    #[test]
    fn a_logger_that_does_not_propagate_keeps_its_events_from_those_above() {
        let plan = plan();
        assert_eq!(plan.level(0, "shop::mail::smtp"), LevelFilter::OFF);
        // The handler's own level counts too.
        assert_eq!(plan.level(1, "shop::mail::smtp"), LevelFilter::WARN);
        assert_eq!(plan.level(1, "shop"), LevelFilter::OFF);
    }

    #[test]
    fn levels_are_known_by_their_names_in_both_languages() {
        for (text, expected) in [
            ("WARN", Some(LevelFilter::WARN)),
            ("Warning", Some(LevelFilter::WARN)),
            ("NOTSET", Some(LevelFilter::TRACE)),
            ("CRITICAL", Some(LevelFilter::OFF)),
            ("10", None),
        ] {
            assert_eq!(level(text), expected, "{text}");
        }
    }
}
