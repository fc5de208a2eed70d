//! The finished application: tables that nothing changes any more.

mod csrf;
mod current_route;
#[cfg(feature = "metrics")]
mod figures;
mod identity;
mod readiness;
mod request_ext;
mod session;
mod state;
#[cfg(feature = "templates")]
mod template;
mod tweens;
mod view_set;
mod view_table;
#[cfg(feature = "websocket")]
pub(crate) mod websockets;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use http::HeaderName;
use tokio_util::task::TaskTracker;

#[cfg(feature = "static")]
use crate::app::asset::urls::StaticUrls;
use crate::app::csrf::Csrf;
use crate::app::event::Subscribers;
use crate::app::executor::{Executor, Watchdog};
use crate::app::extract::{State, States};
use crate::app::limits::Limits;
use crate::app::origin::Origin;
use crate::app::route::{Reverse, RouteTable};
use crate::app::security::ErasedPolicy;
use crate::app::session::ErasedSessionFactory;
use crate::app::settings::Settings;
use crate::app::traversal::RootFactory;
use crate::app::view::View;
use crate::app::view::predicate::{Needs, Predicates};
#[cfg(feature = "websocket")]
use crate::app::websocket::{Rooms, WebSocketSettings};
use crate::protocol::pattern::Matcher;

#[cfg(feature = "metrics")]
pub(crate) use figures::AddFigures;
use readiness::Readiness;
pub use readiness::ReadinessCheck;
pub use request_ext::RequestExt;
#[cfg(feature = "templates")]
pub(crate) use template::{TemplateRenderer, Templates};
pub use tweens::{RegisteredTween, Tweens};
pub(crate) use view_set::{Failed, Selection, allow};
pub use view_set::{RegisteredView, ViewSet};
pub(crate) use view_table::ExceptionKey;
pub use view_table::{ExceptionViews, ViewTable};

/// What a request is answered from: the tables that [`Configurator::make_app`](crate::Configurator::make_app) has made.
///
/// A view has it from [its request](crate::RequestExt::application), everything else from the [`App`](crate::App).
pub struct Application {
    pub(crate) table: RouteTable,
    pub(crate) routes: Vec<RegisteredRoute>,
    pub(crate) route_by_name: HashMap<String, usize>,
    /// The views without a route.
    pub(crate) views: ViewTable,
    /// The exception views without a route.
    pub(crate) exceptions: ExceptionViews,
    pub(crate) root_factory: RootFactory,
    /// The header in which a proxy says what part of the tree it shows; `None` where nobody is believed.
    pub(crate) virtual_root: Option<HeaderName>,
    pub(crate) policy: Option<Arc<dyn ErasedPolicy>>,
    /// How requests are told from those of other sites.
    pub(crate) csrf: Csrf,
    /// Where sessions come from.
    pub(crate) sessions: Option<Box<dyn ErasedSessionFactory>>,
    pub(crate) settings: Settings,
    pub(crate) states: States,
    pub(crate) limits: Limits,
    pub(crate) tweens: Tweens,
    pub(crate) subscribers: Subscribers,
    /// What answers requests where tweens stand around that.
    pub(crate) handler: Option<View>,
    /// What has to be found out before a route can be chosen.
    pub(crate) route_needs: Needs,
    /// Whether more is to be done for every request than to call a view of its route.
    pub(crate) composed: bool,
    pub(crate) executor: Executor,
    pub(crate) watchdog: Option<Watchdog>,
    /// Whether a wrong method on a known path is 405 (else 404, as in Pyramid).
    pub(crate) method_not_allowed: bool,
    pub(crate) development: bool,
    pub(crate) observing: Observing,
    /// Views that go on though their clients have left.
    pub(crate) detached: TaskTracker,
    #[cfg(feature = "templates")]
    pub(crate) templates: Templates,
    #[cfg(feature = "static")]
    pub(crate) statics: StaticUrls,
    #[cfg(feature = "websocket")]
    pub(crate) websockets: WebSocketSettings,
    #[cfg(feature = "websocket")]
    pub(crate) rooms: Rooms,
}

impl Application {
    /// Its routes in the order in which they match.
    pub fn routes(&self) -> &[RegisteredRoute] {
        &self.routes
    }

    /// The route of that name.
    pub fn route(&self, name: &str) -> Option<&RegisteredRoute> {
        self.route_by_name.get(name).map(|place| &self.routes[*place])
    }

    /// Its views without a route.
    pub fn views(&self) -> &ViewTable {
        &self.views
    }

    /// Its tweens.
    pub fn tweens(&self) -> &Tweens {
        &self.tweens
    }

    /// Its subscribers.
    pub fn subscribers(&self) -> &Subscribers {
        &self.subscribers
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What it [manages](crate::Configurator::manage) of type `T`.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<State<T>> {
        self.states.get()
    }

    /// Its pools of threads.
    pub fn executor(&self) -> &Executor {
        &self.executor
    }

    /// Whether it runs in development: coroutines that hold the event loop are named. The setting `development`, by
    /// default whether debug assertions are compiled in.
    pub fn is_development(&self) -> bool {
        self.development
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application").field("routes", &self.routes.len()).finish_non_exhaustive()
    }
}

/// What an application tells those who look after it.
#[derive(Default)]
pub(crate) struct Observing {
    /// Whether it is ready.
    pub(crate) readiness: Readiness,
    /// What adds figures of its own.
    #[cfg(feature = "metrics")]
    pub(crate) figures: Vec<AddFigures>,
}

/// A route with the views that it leads to.
#[derive(Debug)]
pub struct RegisteredRoute {
    /// Its name.
    pub name: String,
    /// Its pattern, prefixes included.
    pub pattern: String,
    /// What paths are matched with; `None` for a route that leads to another server.
    pub(crate) matcher: Option<Arc<Matcher>>,
    pub(crate) reverse: Reverse,
    /// What a request must be, besides having the path.
    pub predicates: Predicates,
    /// What makes the root of its tree; `None` for that of the application.
    pub(crate) factory: Option<RootFactory>,
    /// What the path to be traversed is made of, where it is not a placeholder of the pattern.
    pub(crate) traverse: Option<Reverse>,
    /// Whether a request for it needs no more than the first view whose method fits.
    pub(crate) plain: bool,
    /// Whether a tree is always walked for it.
    pub(crate) walks: bool,
    /// Whether views without a route answer it too.
    pub use_global_views: bool,
    /// Its views.
    pub views: ViewTable,
    /// Its exception views.
    pub(crate) exceptions: ExceptionViews,
    /// Where it was written down.
    pub origin: Origin,
    /// What records of requests call it: its pattern.
    pub(crate) label: Arc<str>,
}
