//! From a view that was written down to one that the router can call.

use std::future::poll_fn;
use std::sync::Arc;

use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use super::declaration::{MapperDeclaration, OnDisconnect, ViewKind};
use super::directive::IncludePath;
use super::fault::Fault;
#[cfg(feature = "templates")]
use super::templates::asks_for_token;
use crate::app::application::RegisteredView;
use crate::app::deriver::Derivation;
use crate::app::executor::{self, Executor, Site, Watchdog, WatchdogConfig};
use crate::app::extract::Need;
use crate::app::origin::Origin;
use crate::app::security::ErasedPolicy;
use crate::app::type_key::TypeKey;
use crate::app::view::mapper::{self, CoroutineOrExecutor, OnExecutor, ViewInfo, ViewMapper};
use crate::app::view::predicate::Predicates;
use crate::app::view::template::TemplateDeclaration;
use crate::app::view::{Callable, HttpCache, View, ViewDecorator};

/// A view before it is mapped.
pub(super) struct Pending {
    pub(super) name: String,
    /// Without its module.
    pub(super) short_name: &'static str,
    pub(super) kind: ViewKind,
    #[cfg_attr(not(feature = "templates"), expect(dead_code, reason = "there is nothing to render it with"))]
    pub(super) templates: &'static [&'static TemplateDeclaration],
    /// `None` where it is found by traversal.
    pub(super) route: Option<String>,
    pub(super) view_name: String,
    /// The type of context that was written down.
    pub(super) context: Option<TypeKey>,
    pub(super) predicates: Predicates,
    pub(super) permission: Option<String>,
    pub(super) require_csrf: Option<bool>,
    pub(super) http_cache: Option<HttpCache>,
    pub(super) decorators: Vec<ViewDecorator>,
    pub(super) mapper: Mapper,
    pub(super) on_disconnect: OnDisconnect,
    pub(super) needs: Vec<Need>,
    pub(super) callable: Callable,
    pub(super) origin: Origin,
    pub(super) includes: IncludePath,
}

impl Pending {
    /// The type of context that it is for: what was written down, or else what a parameter of it is.
    pub(super) fn context(&self) -> Option<TypeKey> {
        self.context.or_else(|| {
            self.needs.iter().find_map(|need| match need {
                Need::Context(context) => Some(*context),
                Need::State(_) | Need::Policy | Need::Identity(_) | Need::Session => None,
            })
        })
    }

    /// The pool that it asks for by name.
    pub(super) fn pool(&self) -> Option<&'static str> {
        match self.mapper {
            Mapper::Declared(MapperDeclaration::Executor(pool)) => pool,
            _ => None,
        }
    }
}

pub(super) enum Mapper {
    Declared(MapperDeclaration),
    Given(Box<dyn ViewMapper>),
}

/// A view as the router calls it.
pub(super) fn map(
    view: Pending,
    default: Option<&dyn ViewMapper>,
    around: &Surroundings,
) -> Result<RegisteredView, Fault> {
    let context = view.context();
    let info = ViewInfo::new(&view.name, &around.executor);
    let coroutine = matches!(view.callable, Callable::Coroutine(_));
    let (kind, mapped) = match &view.mapper {
        Mapper::Given(own) => ("own", own.map(view.callable, &info)),
        Mapper::Declared(declared) => match declared {
            MapperDeclaration::Default => match default {
                Some(own) => ("own", own.map(view.callable, &info)),
                None if coroutine => ("coroutine", CoroutineOrExecutor.map(view.callable, &info)),
                None => ("executor", CoroutineOrExecutor.map(view.callable, &info)),
            },
            MapperDeclaration::Coroutine => ("coroutine", mapper::Coroutine.map(view.callable, &info)),
            MapperDeclaration::Executor(pool) => {
                ("executor", OnExecutor { pool: *pool }.map(view.callable, &info))
            }
            MapperDeclaration::Inline => ("inline", mapper::Inline.map(view.callable, &info)),
            MapperDeclaration::WebSocket => ("websocket", mapper::Coroutine.map(view.callable, &info)),
            MapperDeclaration::Own(make) => ("own", make().map(view.callable, &info)),
        },
    };
    let mapped = mapped.map_err(|error| Fault::of_error(&error, [view.origin]))?;
    let watched = coroutine || kind == "inline";
    let site = Site { name: view.short_name, file: view.origin.file, line: view.origin.line };
    let mapped = match view.on_disconnect {
        OnDisconnect::Cancel => mapped,
        OnDisconnect::Finish => finishing(mapped, site, watched, around),
    };
    // What went wrong is told to everybody, so exception views are open.
    let is_view = matches!(view.kind, ViewKind::View);
    let permission = view.permission.or_else(|| around.default_permission.clone()).filter(|_| is_view);
    // Nor do they need a token unless they say so. A handshake brings none, and is a `CONNECT` over HTTP/2.
    let requires_csrf = view.require_csrf.unwrap_or(is_view && around.require_csrf) && kind != "websocket";
    let derivation = Derivation {
        name: &view.name,
        policy: around.policy.as_ref(),
        permission: permission.as_deref(),
        requires_csrf,
        #[cfg(feature = "templates")]
        shows_token: around.tokens_in_session && view.templates.iter().any(|made| asks_for_token(made)),
        #[cfg(not(feature = "templates"))]
        shows_token: false,
        http_cache: view.http_cache.filter(|_| !around.prevent_http_cache),
        decorators: &view.decorators,
    };
    Ok(RegisteredView {
        view: derivation.around(mapped),
        label: view.name.as_str().into(),
        name: view.name,
        view_name: view.view_name,
        context: match view.kind {
            ViewKind::Exception(error) => Some(error.key),
            _ => context,
        },
        predicates: view.predicates,
        permission,
        requires_csrf,
        append_slash: matches!(view.kind, ViewKind::NotFound { append_slash: true }),
        mapper: kind,
        watched,
        site,
        origin: view.origin,
    })
}

/// What surrounds the views of an application.
pub(super) struct Surroundings {
    pub(super) executor: Executor,
    pub(super) watchdog: Option<Watchdog>,
    pub(super) detached: TaskTracker,
    pub(super) policy: Option<Arc<dyn ErasedPolicy>>,
    pub(super) default_permission: Option<String>,
    /// Whether views must be brought a token that do not say themselves.
    pub(super) require_csrf: bool,
    /// Whether tokens are in the session, and not in a cookie of their own.
    #[cfg_attr(not(feature = "templates"), expect(dead_code, reason = "templates ask for them"))]
    pub(super) tokens_in_session: bool,
    pub(super) prevent_http_cache: bool,
}

/// A view that goes on when its client has left: it runs as a task of its own, and whoever waits for it may stop waiting.
///
/// Nobody enters the application around the polls of such a task, nor watches them, so it does that itself.
fn finishing(view: View, site: Site, watched: bool, around: &Surroundings) -> View {
    let Surroundings { executor, watchdog, detached, .. } = around;
    let (executor, detached) = (executor.clone(), detached.clone());
    let watchdog = watchdog.clone().filter(|_| watched);
    View::new(move |request| {
        let mut answer = view.call(request);
        let (executor, watchdog) = (executor.clone(), watchdog.clone());
        let task = poll_fn(move |context| {
            executor::enter(&executor, || {
                Watchdog::observe(watchdog.as_ref(), site, || answer.as_mut().poll(context))
            })
        });
        let task = detached.spawn(task.in_current_span());
        Box::pin(async move {
            match task.await {
                Ok(answer) => answer,
                Err(stopped) => match stopped.try_into_panic() {
                    Ok(payload) => std::panic::resume_unwind(payload),
                    Err(stopped) => Err(stopped.into()),
                },
            }
        })
    })
}

/// A watchdog is a convenience: where the system gives no thread for it, the application does without.
pub(super) fn watchdog() -> Option<Watchdog> {
    Watchdog::start(WatchdogConfig::default())
        .inspect_err(|error| tracing::warn!(%error, "coroutines that hold the event loop will not be named"))
        .ok()
}
