//! What a panel is.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::content::{Badge, Content};
use super::trail::Trail;
use crate::tween::{Next, Tween};
use crate::view::ViewFuture;
use crate::{Error, Request, Response};

/// One kind of thing that the toolbar shows of each request.
///
/// There is one value of it for the application, which sees every request [before](Self::before) and [after](Self::after) it is
/// answered, may stand [around](Self::around) it as a tween does, and later [renders](Self::render) what it has kept. It is
/// called where requests are answered, on the event loop: what it does there must not block. Rendering may; it happens in a pool
/// of threads, when somebody looks. [`Panels`] gives the toolbar panels of one's own.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// use aiopyramid::prelude::*;
/// use aiopyramid::toolbar::{self, Answered, Badge, Content, Panel, Panels};
///
/// /// How often a request has asked the cache, counted on the request.
/// #[derive(Clone, Default)]
/// struct Asked(Arc<AtomicU32>);
///
/// struct CachePanel;
///
/// impl Panel for CachePanel {
///     type Kept = u32;
///
///     fn name(&self) -> &'static str {
///         "cache"
///     }
///
///     fn title(&self) -> &'static str {
///         "Cache"
///     }
///
///     fn before(&self, request: &Request) {
///         request.set_extension(Asked::default());
///     }
///
///     fn after(&self, answered: &Answered<'_>) -> Option<u32> {
///         let Asked(count) = answered.request.extension()?;
///         Some(count.load(Ordering::Relaxed))
///     }
///
///     fn badge(&self, asked: &u32) -> Option<Badge> {
///         (*asked > 0).then(|| Badge::plain(asked))
///     }
///
///     fn render(&self, asked: &u32) -> Content {
///         Content::new().pairs([("The cache was asked", asked)])
///     }
/// }
///
/// let mut config = Configurator::new();
/// config.include(toolbar::includeme)?;
/// config.manage(Panels::new().with(CachePanel));
/// # config.make_app()?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
pub trait Panel: Send + Sync + 'static {
    /// What it keeps of one request, until that is forgotten.
    type Kept: Send + Sync + 'static;

    /// What the settings and the address of its page call it: lower case, no blanks.
    fn name(&self) -> &'static str;

    /// What it is called on the page.
    fn title(&self) -> &'static str {
        self.name()
    }

    /// A request has come, and no tween under the toolbar has seen it.
    fn before(&self, request: &Request) {
        let _ = request;
    }

    /// Stands around all that answers the request. It must let `next` do that, once.
    fn around(&self, request: Request, next: Next) -> ViewFuture {
        Box::pin(next.run(request))
    }

    /// The request was answered, or has failed: what is to be kept of it? With `None` there is nothing to show.
    fn after(&self, answered: &Answered<'_>) -> Option<Self::Kept>;

    /// What stands beside its title.
    fn badge(&self, kept: &Self::Kept) -> Option<Badge> {
        let _ = kept;
        None
    }

    /// Shows what it has kept. Secrets are its own business: [`Settings::masked`](crate::Settings::masked) helps.
    fn render(&self, kept: &Self::Kept) -> Content;
}

/// A request, and what came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answered<'a> {
    /// The request.
    pub request: &'a Request,
    /// The response; `None` where an error came out that nobody has answered.
    pub response: Option<&'a Response>,
    /// What went wrong, if anything: also an error that an exception view has answered.
    pub error: Option<&'a Arc<Error>>,
    /// How long it took until the head of the response was there.
    pub elapsed: Duration,
    /// What happened on the way. It may go on while the body is sent.
    pub trail: &'a Arc<Trail>,
}

/// The panels of an application's own: [managed](crate::Configurator::manage), they stand behind those of the framework.
#[derive(Clone, Default)]
pub struct Panels(Vec<Arc<dyn ErasedPanel>>);

impl Panels {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, and this one.
    #[must_use]
    pub fn with(mut self, panel: impl Panel) -> Self {
        self.0.push(Arc::new(panel));
        self
    }

    pub(super) fn into_vec(self) -> Vec<Arc<dyn ErasedPanel>> {
        self.0
    }
}

impl fmt::Debug for Panels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|panel| panel.name())).finish()
    }
}

/// A panel, whatever it keeps.
pub(super) trait ErasedPanel: Send + Sync {
    fn name(&self) -> &'static str;
    fn title(&self) -> &'static str;
    fn before(&self, request: &Request);
    fn around(&self, request: Request, next: Next) -> ViewFuture;
    fn after(&self, answered: &Answered<'_>) -> Option<Arc<dyn Any + Send + Sync>>;
    fn badge(&self, kept: &(dyn Any + Send + Sync)) -> Option<Badge>;
    fn render(&self, kept: &(dyn Any + Send + Sync)) -> Content;
}

impl<P: Panel> ErasedPanel for P {
    fn name(&self) -> &'static str {
        Panel::name(self)
    }

    fn title(&self) -> &'static str {
        Panel::title(self)
    }

    fn before(&self, request: &Request) {
        Panel::before(self, request);
    }

    fn around(&self, request: Request, next: Next) -> ViewFuture {
        Panel::around(self, request, next)
    }

    fn after(&self, answered: &Answered<'_>) -> Option<Arc<dyn Any + Send + Sync>> {
        Panel::after(self, answered).map(|kept| Arc::new(kept) as Arc<dyn Any + Send + Sync>)
    }

    fn badge(&self, kept: &(dyn Any + Send + Sync)) -> Option<Badge> {
        Panel::badge(self, kept.downcast_ref()?)
    }

    fn render(&self, kept: &(dyn Any + Send + Sync)) -> Content {
        kept.downcast_ref().map(|kept| Panel::render(self, kept)).unwrap_or_default()
    }
}

/// A panel in its place.
pub(super) struct Shown {
    pub(super) panel: Arc<dyn ErasedPanel>,
    /// Whether it gathers.
    pub(super) active: bool,
    /// Whether it may stand around requests: one of the application's own.
    pub(super) own: bool,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.panel.name())
    }
}

/// A panel that stands around a request.
pub(super) struct Around(pub(super) Arc<dyn ErasedPanel>);

impl Tween for Around {
    fn call(&self, request: Request, next: Next) -> ViewFuture {
        self.0.around(request, next)
    }
}
