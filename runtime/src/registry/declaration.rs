//! What an annotation leaves in the program: plain data and, for a view, a function that makes it.

use crate::app::event::{AnyEvent, Observing};
use crate::app::extract::Need;
use crate::app::origin::Origin;
use crate::app::route::RouteDeclaration;
use crate::app::tween::{TweenCallable, TweenReference};
use crate::app::type_key::TypeKey;
use crate::app::view::callable::CallableDeclaration;
use crate::app::view::predicate::{CustomPredicate, PredicateDeclaration};
use crate::app::view::template::TemplateDeclaration;
use crate::app::view::{ErrorType, HttpCache, ViewDecorator, ViewMapper};

/// What one annotation declared.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::large_enum_variant, reason = "it is in the program once for each view, and read once")]
pub enum Declaration {
    /// `#[route]`
    Route(&'static RouteDeclaration),
    /// `#[view_config]`
    View(ViewDeclaration),
    /// `#[subscriber]`
    Subscriber(&'static SubscriberDeclaration),
    /// `#[tween]`
    Tween(&'static TweenDeclaration),
    /// `template!`
    Template(&'static TemplateDeclaration, Origin),
}

inventory::collect!(Declaration);

impl Declaration {
    /// Where it was written down.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Route(route) => route.origin,
            Self::View(view) => view.origin,
            Self::Subscriber(subscriber) => subscriber.origin,
            Self::Tween(tween) => tween.origin,
            Self::Template(_, origin) => *origin,
        }
    }
}

/// A view that was declared by annotating a function.
#[derive(Debug, Clone, Copy)]
pub struct ViewDeclaration {
    /// The name of the function, with that of its type for a method: `Users::list`.
    pub name: &'static str,
    /// The route that leads to it.
    pub route: RouteReference,
    /// What a request must be.
    pub predicates: &'static [PredicateDeclaration],
    /// What of it is not found by a route and predicates alone.
    pub kind: ViewKind,
    /// The view's name, for traversal: `edit`. Empty for the default view of its context.
    pub view_name: &'static str,
    /// The type of context that it is for; `None` for any.
    pub context: Option<TypeKey>,
    /// The type that the context or one of its parents must have, and whether it must not.
    pub containment: Option<(TypeKey, bool)>,
    /// Functions that a request must please.
    pub custom: &'static [CustomPredicate],
    /// What the client must be permitted.
    pub permission: Option<&'static str>,
    /// Whether a request that may change something must bring a token, where that is said.
    pub require_csrf: Option<bool>,
    /// How long its answers may be kept.
    pub http_cache: Option<HttpCache>,
    /// What stands around it, outermost first.
    pub decorators: &'static [ViewDecorator],
    /// How it is called.
    pub mapper: MapperDeclaration,
    /// What becomes of it when its client leaves.
    pub on_disconnect: OnDisconnect,
    /// What its parameters need the application to manage.
    pub needs: &'static [fn() -> Option<Need>],
    /// The templates that render what it returns.
    pub templates: &'static [&'static TemplateDeclaration],
    /// Makes it.
    pub callable: CallableDeclaration,
    /// Where it was written down.
    pub origin: Origin,
}

/// A large application has hundreds of these, and the compiler takes each of them through all its passes on every edit. So a
/// view is one call with what every view has; what few have is added to it.
impl ViewDeclaration {
    /// A view that says no more than it must. The place is that of the call.
    #[track_caller]
    pub const fn new(
        name: &'static str,
        route: RouteReference,
        callable: CallableDeclaration,
        package: &'static str,
        module: &'static str,
    ) -> Self {
        Self {
            name,
            route,
            predicates: &[],
            kind: ViewKind::View,
            view_name: "",
            context: None,
            containment: None,
            custom: &[],
            permission: None,
            require_csrf: None,
            http_cache: None,
            decorators: &[],
            mapper: MapperDeclaration::Default,
            on_disconnect: OnDisconnect::Cancel,
            needs: &[],
            templates: &[],
            callable,
            origin: Origin::here(package, module),
        }
    }

    /// With what a request must be.
    #[must_use]
    pub const fn predicates(mut self, predicates: &'static [PredicateDeclaration]) -> Self {
        self.predicates = predicates;
        self
    }

    /// For something other than a request: for what went wrong.
    #[must_use]
    pub const fn kind(mut self, kind: ViewKind) -> Self {
        self.kind = kind;
        self
    }

    /// With a name, for traversal.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.view_name = name;
        self
    }

    /// For contexts of this type.
    #[must_use]
    pub const fn context(mut self, context: TypeKey) -> Self {
        self.context = Some(context);
        self
    }

    /// For contexts inside one of this type; or, negated, for others.
    #[must_use]
    pub const fn containment(mut self, containing: TypeKey, negated: bool) -> Self {
        self.containment = Some((containing, negated));
        self
    }

    /// With functions that a request must please.
    #[must_use]
    pub const fn custom(mut self, custom: &'static [CustomPredicate]) -> Self {
        self.custom = custom;
        self
    }

    /// With what the client must be permitted.
    #[must_use]
    pub const fn permission(mut self, permission: &'static str) -> Self {
        self.permission = Some(permission);
        self
    }

    /// With whether a request that may change something must bring a token.
    #[must_use]
    pub const fn require_csrf(mut self, require: bool) -> Self {
        self.require_csrf = Some(require);
        self
    }

    /// With how long its answers may be kept.
    #[must_use]
    pub const fn http_cache(mut self, cache: HttpCache) -> Self {
        self.http_cache = Some(cache);
        self
    }

    /// With what stands around it, outermost first.
    #[must_use]
    pub const fn decorators(mut self, decorators: &'static [ViewDecorator]) -> Self {
        self.decorators = decorators;
        self
    }

    /// With how it is called.
    #[must_use]
    pub const fn mapper(mut self, mapper: MapperDeclaration) -> Self {
        self.mapper = mapper;
        self
    }

    /// Going on when its client leaves.
    #[must_use]
    pub const fn finishing(mut self) -> Self {
        self.on_disconnect = OnDisconnect::Finish;
        self
    }

    /// With what its parameters need.
    #[must_use]
    pub const fn needs(mut self, needs: &'static [fn() -> Option<Need>]) -> Self {
        self.needs = needs;
        self
    }

    /// With the templates that render what it returns.
    #[must_use]
    pub const fn templates(mut self, templates: &'static [&'static TemplateDeclaration]) -> Self {
        self.templates = templates;
        self
    }
}

/// What a view is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewKind {
    /// Requests.
    View,
    /// Requests for which there is nothing.
    NotFound {
        /// Whether a path without a final `/` is first tried with one.
        append_slash: bool,
    },
    /// Requests that are not permitted.
    Forbidden,
    /// Requests that ended in an error of this type.
    Exception(ErrorType),
}

/// The route of a view.
#[derive(Debug, Clone, Copy)]
pub enum RouteReference {
    /// A declared one.
    Declared(&'static RouteDeclaration),
    /// A pattern in the view itself: a route that nothing else refers to.
    Inline(&'static str),
    /// None: the view is found by traversal.
    Traversal,
}

/// The mapper of a view.
#[derive(Debug, Clone, Copy)]
pub enum MapperDeclaration {
    /// Whatever the application calls its views with.
    Default,
    /// `coroutine`
    Coroutine,
    /// `executor`, `executor("name")`
    Executor(Option<&'static str>),
    /// `inline`
    Inline,
    /// `websocket`: on the event loop, for the handshake; how the socket is served, the view itself says.
    WebSocket,
    /// A type of the user's own.
    Own(fn() -> Box<dyn ViewMapper>),
}

/// What becomes of a view whose client has left before it was answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnDisconnect {
    /// A coroutine is dropped where it waits. A job that waits for a thread never starts; one that runs goes on, and can
    /// ask [`Request::is_cancelled`](crate::Request::is_cancelled).
    #[default]
    Cancel,
    /// It goes on to its end, and its answer is thrown away.
    Finish,
}

/// A tween that was declared by annotating a function.
#[derive(Debug, Clone, Copy)]
pub struct TweenDeclaration {
    /// The name of the function.
    pub name: &'static str,
    /// The function.
    pub callable: TweenCallable,
    /// The pool that it runs in, where it names one.
    pub pool: Option<&'static str>,
    /// What it stands under; where it says neither this nor `over`, under all that is outside.
    pub under: &'static [TweenReference],
    /// What it stands over.
    pub over: &'static [TweenReference],
    /// Where it was written down.
    pub origin: Origin,
}

/// A subscriber that was declared by annotating a function.
#[derive(Debug, Clone, Copy)]
pub struct SubscriberDeclaration {
    /// The name of the function.
    pub name: &'static str,
    /// The event that it wants to hear of.
    pub event: TypeKey,
    /// Calls it.
    pub call: fn(AnyEvent) -> Observing,
    /// Where it was written down.
    pub origin: Origin,
}
