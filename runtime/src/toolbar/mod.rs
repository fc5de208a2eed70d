//! The debug toolbar: what each request did, in the browser, while you develop. Pyramid's `pyramid_debugtoolbar`.
//!
//! One line in `development.ini` adds it, and no view changes:
//!
//! ```ini
//! [app:main]
//! pyramid.includes = pyramid_debugtoolbar
//! ```
//!
//! or the program includes it itself, as it would any other part:
//!
//! ```
//! use aiopyramid::prelude::*;
//!
//! fn configure(config: &mut Configurator) -> Result<()> {
//!     config.include(aiopyramid::toolbar::includeme)?;
//!     Ok(())
//! }
//! # let mut config = Configurator::new();
//! # configure(&mut config)?;
//! # config.make_app()?;
//! # Ok::<(), aiopyramid::Error>(())
//! ```
//!
//! What it shows, its settings and its limits are in the [guide](crate::guide::debug_toolbar); panels of one's own are a [`Panel`].
//!
//! It is made of what every extension can have: a tween, a subscriber, a layer for the log, settings; it names nothing that is not
//! public.

mod access;
mod content;
mod exchange;
mod history;
mod layer;
mod options;
mod pages;
mod panel;
mod panels;
mod traceback;
mod trail;
mod tween;
mod usage;

use std::sync::{Arc, OnceLock};

use crate::tween::INGRESS;
use crate::{Application, ApplicationCreated, Configurator, Error, Result};

pub use content::{Badge, Content, Weight};
pub use layer::log_layer;
pub use panel::{Answered, Panel, Panels};
pub use trail::{LogRecord, Trail};

use history::History;
use options::Options;
use panel::{ErasedPanel, Shown};
use tween::ToolbarTween;

/// The name of its tween.
pub const TWEEN: &str = "aiopyramid::toolbar";

/// What is the same for all requests of an application.
#[derive(Debug)]
struct Toolbar {
    options: Options,
    token: String,
    history: History,
    /// Known when the application is made: an application may add its own after it has included this.
    panels: OnceLock<Vec<Shown>>,
}

impl Toolbar {
    /// All panels, in their order.
    fn panels(&self) -> &[Shown] {
        self.panels.get().map_or(&[], Vec::as_slice)
    }

    /// Puts the panels in their places.
    ///
    /// # Errors
    /// Where a setting names one that there is not, or two have one name.
    fn set_panels(&self, application: &Application) -> Result<()> {
        let own = application.state::<Panels>().map(|panels| Panels::clone(&panels)).unwrap_or_default();
        let built_in = panels::all().into_iter().map(|panel| (panel, false));
        let all: Vec<_> = built_in.chain(own.into_vec().into_iter().map(|panel| (panel, true))).collect();
        let Options { panels, extra_panels, active_panels, .. } = &self.options;
        for (place, (panel, _)) in all.iter().enumerate() {
            if all[..place].iter().any(|(other, _)| other.name() == panel.name()) {
                return Err(Error::msg(format!("two panels of the toolbar are called `{}`", panel.name())));
            }
        }
        for (setting, named) in [
            ("panels", panels.as_ref()),
            ("extra_panels", Some(extra_panels)),
            ("active_panels", active_panels.as_ref()),
        ] {
            for name in named.into_iter().flatten() {
                if !all.iter().any(|(panel, _)| panel.name() == name) {
                    let known: Vec<_> = all.iter().map(|(panel, _)| panel.name()).collect();
                    return Err(Error::msg(format!(
                        "`{}{setting}` names a panel `{name}` that there is not; there are {}",
                        options::PREFIX,
                        known.join(", ")
                    )));
                }
            }
        }
        let shown = |(panel, own): &(Arc<dyn ErasedPanel>, bool)| Shown {
            panel: Arc::clone(panel),
            active: active_panels.as_ref().is_none_or(|names| names.iter().any(|name| name == panel.name())),
            own: *own,
        };
        let named = |names: &[String]| -> Vec<Shown> {
            names
                .iter()
                .filter_map(|name| all.iter().find(|(panel, _)| panel.name() == name).map(shown))
                .collect()
        };
        let mut placed = match panels {
            Some(names) => named(names),
            None => all.iter().map(shown).collect(),
        };
        for extra in named(extra_panels) {
            if !placed.iter().any(|known| known.panel.name() == extra.panel.name()) {
                placed.push(extra);
            }
        }
        // It is set once: an application is made once.
        let _ = self.panels.set(placed);
        Ok(())
    }
}

/// Includes the toolbar, as its settings say: `config.include(aiopyramid::toolbar::includeme)`.
///
/// A tween that is added later, and says nothing of its place, stands outside of the toolbar's: what it does is not seen. So it is
/// included last; a file's `pyramid.includes` is.
///
/// # Errors
/// Where the system has no random numbers. A setting that is wrong is a fault of the application like any other.
pub fn includeme(config: &mut Configurator) -> Result<()> {
    let options = Options::read(config);
    if !options.enabled {
        return Ok(());
    }
    let history = History::new(options.max_request_history);
    let toolbar = Arc::new(Toolbar { token: access::token()?, options, history, panels: OnceLock::new() });
    if toolbar.options.intercept_exc {
        Error::keep_backtraces();
    }
    config.add_log_layer(log_layer());
    config.add_tween(ToolbarTween(Arc::clone(&toolbar))).name(TWEEN).under(INGRESS);
    config.add_subscriber(move |event: &ApplicationCreated| -> Result<()> {
        let application = event.app.application();
        toolbar.set_panels(application)?;
        for note in &toolbar.options.notes {
            tracing::info!("{note}");
        }
        warn(application);
        Ok(())
    });
    Ok(())
}

/// Says what makes the toolbar less than it could be, or more than it should be.
fn warn(application: &Application) {
    let workers: Option<usize> = application.settings().parse("workers").ok().flatten();
    if let Some(workers) = workers.filter(|workers| *workers > 1) {
        tracing::warn!(
            workers,
            "the debug toolbar works in one process only: of several, each knows just the requests that it has answered itself"
        );
    }
    if !application.is_development() {
        tracing::warn!(
            "the debug toolbar is on, though this is no development: it shows what the application has inside"
        );
    }
}
