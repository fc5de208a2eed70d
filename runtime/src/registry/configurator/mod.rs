//! The object that an application is configured with.

#[cfg(feature = "static")]
mod assets;
mod include;
#[cfg(feature = "tower")]
mod mount;
mod observing;
#[cfg(feature = "websocket")]
mod rooms;
mod routes;
mod security;
mod sessions;
mod subscribers;
mod traversal;
mod tweens;
mod values;
mod views;
#[cfg(feature = "websocket")]
mod websockets;

use std::any::type_name;
use std::collections::HashMap;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use super::accept_order::AddedAccept;
#[cfg(feature = "static")]
use super::assets::Assets;
use super::declaration::Declaration;
use super::directive::{Directive, IncludePath, What};
use super::fault::Fault;
use crate::app::application::Observing;
use crate::app::csrf::{CsrfCookie, CsrfOptions};
use crate::app::executor::PoolConfig;
use crate::app::extract::States;
use crate::app::origin::Origin;
use crate::app::security::ErasedPolicy;
use crate::app::session::ErasedSessionFactory;
use crate::app::settings::Settings;
use crate::app::traversal::RootFactory;
use crate::app::view::ViewMapper;
#[cfg(feature = "websocket")]
use crate::app::websocket::Broker;

#[cfg(feature = "static")]
pub use assets::StaticViewDirective;
pub(super) use include::joined;
pub(crate) use observing::LogLayer;
pub use routes::RouteDirective;
pub use traversal::AcceptDirective;
pub use tweens::TweenDirective;
pub use values::{Values, not};
pub use views::ViewDirective;

/// What an application is configured with: what it scans, includes, adds and manages.
///
/// Nothing is done before [`make_app`](Self::make_app), so the order of calls matters only where it is meant to: routes that
/// are [added](Self::add_route) match in the order in which they were.
///
/// ```standalone_crate
/// use aiopyramid::prelude::*;
///
/// #[view_config(route = "/")]
/// async fn home() -> &'static str {
///     "home"
/// }
///
/// let mut config = Configurator::new();
/// config.scan();
/// let app = config.make_app()?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
pub struct Configurator {
    pub(super) settings: Settings,
    pub(super) directives: Vec<Directive>,
    pub(super) states: States,
    pub(super) managed: HashMap<&'static str, (Origin, IncludePath)>,
    pub(super) view_mapper: Option<(Box<dyn ViewMapper>, Origin)>,
    pub(super) pools: Vec<(PoolConfig, Origin)>,
    pub(super) root_factory: Option<(RootFactory, Origin)>,
    pub(super) policy: Option<(Arc<dyn ErasedPolicy>, Origin)>,
    pub(super) default_permission: Option<(String, Origin)>,
    pub(super) sessions: Option<(Box<dyn ErasedSessionFactory>, Origin)>,
    pub(super) csrf_options: Option<(CsrfOptions, Origin)>,
    pub(super) csrf_cookie: Option<(CsrfCookie, Origin)>,
    #[cfg(feature = "websocket")]
    pub(super) broker: Option<(Arc<dyn Broker>, Origin)>,
    log_layers: Vec<LogLayer>,
    pub(super) observing: Observing,
    pub(super) accept_order: Vec<AddedAccept>,
    pub(super) faults: Vec<Fault>,
    #[cfg(feature = "static")]
    pub(super) assets: Assets,
    /// What has been included, with the prefix it was given.
    included: HashMap<std::any::TypeId, (String, Origin)>,
    includes: IncludePath,
    prefix: String,
}

impl Default for Configurator {
    fn default() -> Self {
        Self::new()
    }
}

impl Configurator {
    /// Without settings.
    pub fn new() -> Self {
        Self::with_settings(Settings::new())
    }

    /// With settings from outside.
    pub fn with_settings(settings: Settings) -> Self {
        Self {
            settings,
            directives: Vec::new(),
            states: States::default(),
            managed: HashMap::new(),
            view_mapper: None,
            pools: Vec::new(),
            root_factory: None,
            policy: None,
            default_permission: None,
            sessions: None,
            csrf_options: None,
            csrf_cookie: None,
            #[cfg(feature = "websocket")]
            broker: None,
            log_layers: Vec::new(),
            observing: Observing::default(),
            accept_order: Vec::new(),
            faults: Vec::new(),
            #[cfg(feature = "static")]
            assets: Assets::default(),
            included: HashMap::new(),
            includes: IncludePath::default(),
            prefix: String::new(),
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sets what the outside has not set, and no earlier call.
    ///
    /// The setting `log` is read before the program can say anything, so it is too late for that one.
    pub fn set_default(&mut self, name: &str, value: impl fmt::Display) -> &mut Self {
        self.settings.set_default(name, value.to_string(), "the program");
        self
    }

    /// Takes up every handler that was annotated anywhere in the program and that no [`scan_module`](Self::scan_module) takes.
    #[track_caller]
    pub fn scan(&mut self) -> &mut Self {
        self.say(What::Scan { module: None })
    }

    /// Takes up the handlers that were annotated in the module at `path` and in the modules inside it: what a library does
    /// in the function that is to be [included](Self::include).
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// pub fn includeme(config: &mut Configurator) -> Result<()> {
    ///     config.scan_module(module_path!());
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn scan_module(&mut self, path: impl Into<String>) -> &mut Self {
        self.say(What::Scan { module: Some(path.into()) })
    }

    /// Takes up one declaration; how a program without life before `main` (wasm, Miri) registers what it has.
    #[doc(hidden)]
    #[track_caller]
    pub fn add_declaration(&mut self, declaration: Declaration) -> &mut Self {
        self.say(What::Declared(declaration))
    }

    /// Gives every view that asks for [`State<T>`](crate::State) this value. There can be one of each type; a second one is a
    /// fault.
    #[track_caller]
    pub fn manage<T: Send + Sync + 'static>(&mut self, value: T) -> &mut Self {
        let here = Origin::from(Location::caller());
        let name = type_name::<T>();
        if self.states.insert(value) {
            self.managed.insert(name, (here, self.includes.clone()));
        } else if let Some((there, _)) = self.managed.get(name) {
            self.faults.push(
                Fault::new(format!("two values of type `{name}` are managed"), [*there, here])
                    .with_help("wrap one of them in a type of its own"),
            );
        }
        self
    }

    /// Calls every view that names no mapper with this one, instead of
    /// [`CoroutineOrExecutor`](crate::view::CoroutineOrExecutor).
    #[track_caller]
    pub fn set_view_mapper(&mut self, mapper: impl ViewMapper) -> &mut Self {
        let mapper: Box<dyn ViewMapper> = Box::new(mapper);
        self.set_once("the default view mapper", |config| &mut config.view_mapper, mapper);
        self
    }

    /// Adds a named pool of threads, or, with the name `default`, sizes the one that blocking views run in.
    ///
    /// Settings win: `executor.threads`, `executor.queue`, and `executor.NAME.threads`, `executor.NAME.queue`.
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// #[view_config(route = "/report", mapper = executor("reports"))]
    /// fn report() -> &'static str {
    ///     "a long one"
    /// }
    ///
    /// fn includeme(config: &mut Configurator) -> Result<()> {
    ///     config.executor(PoolConfig::new("reports").threads(2).queue(20));
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn executor(&mut self, pool: PoolConfig) -> &mut Self {
        self.pools.push((pool, Location::caller().into()));
        self
    }

    /// Sets what there can be one of; a second one is a fault.
    #[track_caller]
    fn set_once<T>(&mut self, what: &str, slot: fn(&mut Self) -> &mut Option<(T, Origin)>, value: T) {
        let here = Origin::from(Location::caller());
        if let Some((_, there)) = slot(self) {
            let there = *there;
            self.faults.push(Fault::new(format!("{what} is set twice"), [there, here]));
        }
        *slot(self) = Some((value, here));
    }

    /// Refuses the configuration: the application does not start, and says this along with whatever else is wrong. `help` says what
    /// to write instead, and may be empty. For parts that have settings, or rules, of their own.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// fn includeme(config: &mut Configurator) -> Result<()> {
    ///     if let Err(bad) = config.settings().parse::<u16>("shop.shelves") {
    ///         config.refuse(bad.to_string(), "");
    ///     }
    ///     Ok(())
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.set_default("shop.shelves", "many");
    /// config.include(includeme)?;
    /// let error = config.make_app().unwrap_err();
    /// assert!(error.faults()[0].message().contains("`many`"));
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    pub fn refuse(&mut self, message: impl Into<String>, help: &str) -> &mut Self {
        self.faults.push(Fault::new(message, []).with_help(help));
        self
    }

    #[track_caller]
    fn say(&mut self, what: What) -> &mut Self {
        self.directives.push(Directive {
            what,
            origin: Location::caller().into(),
            includes: self.includes.clone(),
            prefix: self.prefix.clone(),
        });
        self
    }
}

impl fmt::Debug for Configurator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Configurator")
            .field("settings", &self.settings)
            .field("directives", &self.directives.len())
            .finish_non_exhaustive()
    }
}
