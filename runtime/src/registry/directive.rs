//! What a configurator was told, before anything is done about it.

use std::any::TypeId;

use super::declaration::{Declaration, MapperDeclaration, ViewKind};
use super::mapping::Mapper;
use crate::app::event::Observed;
use crate::app::extract::Need;
use crate::app::origin::Origin;
use crate::app::traversal::RootFactory;
use crate::app::tween::TweenKind;
use crate::app::type_key::TypeKey;
use crate::app::view::predicate::CustomPredicate;
use crate::app::view::{Callable, HttpCache, ViewDecorator};

/// What a configurator was told, with where, and from inside which includes.
pub(super) struct Directive {
    pub(super) what: What,
    pub(super) origin: Origin,
    pub(super) includes: IncludePath,
    /// The prefix of the routes that are added here.
    pub(super) prefix: String,
}

#[allow(
    clippy::large_enum_variant,
    reason = "there is one for each call, and only until the application is made"
)]
pub(super) enum What {
    Route(AddedRoute),
    View(Box<AddedView>),
    Tween(Box<AddedTween>),
    Subscriber(Observed),
    /// Take up the declarations of this module and those inside it, or all.
    Scan {
        module: Option<String>,
    },
    /// Take up just this one.
    Declared(Declaration),
}

/// `add_route`
pub(super) struct AddedRoute {
    pub(super) name: String,
    pub(super) pattern: String,
    pub(super) predicates: Vec<AddedPredicate>,
    pub(super) custom: Vec<CustomPredicate>,
    pub(super) factory: Option<RootFactory>,
    pub(super) traverse: Option<String>,
    pub(super) use_global_views: bool,
}

impl AddedRoute {
    /// One of which no more is said.
    pub(super) fn new(name: String, pattern: String) -> Self {
        Self {
            name,
            pattern,
            predicates: Vec::new(),
            custom: Vec::new(),
            factory: None,
            traverse: None,
            use_global_views: false,
        }
    }
}

/// `add_view`
pub(super) struct AddedView {
    pub(super) name: &'static str,
    pub(super) callable: Callable,
    pub(super) kind: ViewKind,
    pub(super) route: Option<String>,
    pub(super) view_name: String,
    pub(super) context: Option<TypeKey>,
    pub(super) predicates: Vec<AddedPredicate>,
    pub(super) containment: Vec<(TypeKey, bool)>,
    pub(super) custom: Vec<CustomPredicate>,
    pub(super) append_slash: bool,
    pub(super) permission: Option<String>,
    pub(super) require_csrf: Option<bool>,
    pub(super) http_cache: Option<HttpCache>,
    pub(super) decorators: Vec<ViewDecorator>,
    pub(super) mapper: Mapper,
    pub(super) needs: Vec<Need>,
}

impl AddedView {
    /// One of which no more is said.
    pub(super) fn new(name: &'static str, callable: Callable) -> Self {
        Self {
            name,
            callable,
            kind: ViewKind::View,
            route: None,
            view_name: String::new(),
            context: None,
            predicates: Vec::new(),
            containment: Vec::new(),
            custom: Vec::new(),
            append_slash: false,
            permission: None,
            require_csrf: None,
            http_cache: None,
            decorators: Vec::new(),
            mapper: Mapper::Declared(MapperDeclaration::Default),
            needs: Vec::new(),
        }
    }
}

/// `add_tween`
pub(super) struct AddedTween {
    pub(super) name: String,
    pub(super) kind: TweenKind,
    pub(super) pool: Option<String>,
    pub(super) under: Option<Vec<String>>,
    pub(super) over: Option<Vec<String>>,
}

pub(super) struct AddedPredicate {
    pub(super) name: &'static str,
    pub(super) negated: bool,
    pub(super) values: Vec<String>,
}

/// The functions through which a directive was included, outermost first; empty in the application itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct IncludePath(Vec<TypeId>);

impl IncludePath {
    pub(super) fn inside(&self, function: TypeId) -> Self {
        let mut path = self.0.clone();
        path.push(function);
        Self(path)
    }

    /// Whether what was said here wins over what was said there: the one that includes may override what it includes
    /// (Pyramid's narrative chapter "Advanced Configuration").
    pub(super) fn overrides(&self, other: &Self) -> bool {
        self.0.len() < other.0.len() && other.0.starts_with(&self.0)
    }
}
