//! The panels that are there without being asked for. Each is a [`Panel`](super::Panel) like anybody's.

mod headers;
mod log;
mod performance;
mod session;
mod sql;
mod templates;
mod traceback;
mod variables;

use std::sync::Arc;

use super::panel::ErasedPanel;

pub(super) use traceback::{content as traceback_content, text as traceback_text};

/// All of them, in their order.
pub(super) fn all() -> Vec<Arc<dyn ErasedPanel>> {
    vec![
        Arc::new(variables::VariablesPanel),
        Arc::new(headers::HeadersPanel),
        Arc::new(log::LogPanel),
        Arc::new(performance::PerformancePanel),
        Arc::new(sql::SqlPanel),
        Arc::new(templates::TemplatesPanel),
        Arc::new(session::SessionPanel),
        Arc::new(traceback::TracebackPanel),
    ]
}

/// The panel that measures the use of the processor.
pub(super) const PERFORMANCE: &str = "performance";

/// The panel that shows errors.
pub(super) const TRACEBACK: &str = "traceback";
