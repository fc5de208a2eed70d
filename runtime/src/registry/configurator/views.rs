//! Views that are added by a call.

use std::any::type_name;

use super::Configurator;
use crate::app::request::Request;
use crate::app::traversal::Resource;
use crate::app::type_key::TypeKey;
use crate::app::view::predicate::CustomPredicate;
use crate::app::view::{FromException, HttpCache, IntoCallable, ViewDecorator, ViewMapper};
use crate::registry::configurator::Values;
use crate::registry::declaration::ViewKind;
use crate::registry::directive::{AddedPredicate, AddedView, What};
use crate::registry::mapping::Mapper;

impl Configurator {
    /// Adds a function as a view without a macro: every parameter must be taken from the request by its type.
    ///
    /// What the returned value is told narrows the view down; one without a [route](ViewDirective::route) is found by traversal.
    /// There may be six parameters. [`add_route`](Self::add_route) has an example.
    #[track_caller]
    pub fn add_view<M, F: IntoCallable<M>>(&mut self, view: F) -> ViewDirective<'_> {
        self.add(ViewKind::View, view)
    }

    /// Adds a view for requests for which there is nothing. It finds the error as
    /// [`request.exception()`](Request::exception).
    #[track_caller]
    pub fn add_notfound_view<M, F: IntoCallable<M>>(&mut self, view: F) -> ViewDirective<'_> {
        self.add(ViewKind::NotFound { append_slash: false }, view)
    }

    /// Adds a view for requests that are not permitted.
    #[track_caller]
    pub fn add_forbidden_view<M, F: IntoCallable<M>>(&mut self, view: F) -> ViewDirective<'_> {
        self.add(ViewKind::Forbidden, view)
    }

    /// Adds a view for requests that ended in an `E`; [`aiopyramid::Error`](crate::Error) is any error.
    #[track_caller]
    pub fn add_exception_view<E: FromException, M, F: IntoCallable<M>>(
        &mut self,
        view: F,
    ) -> ViewDirective<'_> {
        self.add(ViewKind::Exception(E::KEY), view)
    }

    #[track_caller]
    fn add<M, F: IntoCallable<M>>(&mut self, kind: ViewKind, view: F) -> ViewDirective<'_> {
        let needs = view.needs();
        self.say_view(AddedView { kind, needs, ..AddedView::new(type_name::<F>(), view.into_callable()) })
    }

    #[track_caller]
    pub(super) fn say_view(&mut self, added: AddedView) -> ViewDirective<'_> {
        self.say(What::View(Box::new(added)));
        let Some(What::View(view)) = self.directives.last_mut().map(|directive| &mut directive.what) else {
            unreachable!("it has just been added")
        };
        ViewDirective { view }
    }
}

/// A view that was just [added](Configurator::add_view); what is said to it narrows it down.
pub struct ViewDirective<'a> {
    view: &'a mut AddedView,
}

impl ViewDirective<'_> {
    /// The name of the route that leads to it.
    pub fn route(&mut self, name: impl Into<String>) -> &mut Self {
        self.view.route = Some(name.into());
        self
    }

    /// Its name, for traversal. Without one it is the default view of its context.
    pub fn name(&mut self, name: impl Into<String>) -> &mut Self {
        self.view.view_name = name.into();
        self
    }

    /// It is for contexts of this type only: a resource, or a `dyn Trait` that resources provide. A parameter `Context<T>` says
    /// the same.
    pub fn context<T: Resource + ?Sized>(&mut self) -> &mut Self {
        self.view.context = Some(TypeKey::of::<T>());
        self
    }

    /// It answers these methods only; `GET` includes `HEAD`.
    pub fn request_method(&mut self, methods: impl Into<Values>) -> &mut Self {
        self.predicate("request_method", methods)
    }

    /// It answers only requests with this parameter in query or form: `name`, or `name=value`; of several, all.
    pub fn request_param(&mut self, parameters: impl Into<Values>) -> &mut Self {
        self.predicate("request_param", parameters)
    }

    /// It answers only requests with this header: `Name`, or `Name:regex`; of several, all.
    pub fn header(&mut self, headers: impl Into<Values>) -> &mut Self {
        self.predicate("header", headers)
    }

    /// What it offers is of this media type; of views that differ in it the client's favourite answers.
    pub fn accept(&mut self, media_type: &str) -> &mut Self {
        self.predicate("accept", media_type)
    }

    /// It answers only requests that a script of a page made (`true`), or only others (`false`).
    pub fn xhr(&mut self, wanted: impl Into<Values>) -> &mut Self {
        self.predicate("xhr", wanted)
    }

    /// It answers only paths that begin with what this expression matches.
    pub fn path_info(&mut self, regex: impl Into<Values>) -> &mut Self {
        self.predicate("path_info", regex)
    }

    /// It answers only where a placeholder of the route has this text: `name=value`; of several, all.
    pub fn match_param(&mut self, pairs: impl Into<Values>) -> &mut Self {
        self.predicate("match_param", pairs)
    }

    /// It answers only for the context at this place in the tree: `/a/b`.
    pub fn physical_path(&mut self, path: impl Into<Values>) -> &mut Self {
        self.predicate("physical_path", path)
    }

    /// It answers users only (`true`), or only those who are nobody in particular.
    pub fn is_authenticated(&mut self, wanted: impl Into<Values>) -> &mut Self {
        self.predicate("is_authenticated", wanted)
    }

    /// It answers only those who are all of these.
    pub fn effective_principals(&mut self, principals: impl Into<Values>) -> &mut Self {
        self.predicate("effective_principals", principals)
    }

    /// It answers only where the context is, or is inside of, a resource of this type.
    pub fn containment<T: Resource + ?Sized>(&mut self) -> &mut Self {
        self.view.containment.push((TypeKey::of::<T>(), false));
        self
    }

    /// It answers only where the context is not inside of a resource of this type.
    pub fn not_containment<T: Resource + ?Sized>(&mut self) -> &mut Self {
        self.view.containment.push((TypeKey::of::<T>(), true));
        self
    }

    /// It answers only requests that please this function, which two views with the same predicates are told apart by.
    pub fn custom(&mut self, name: &'static str, holds: fn(&Request) -> bool) -> &mut Self {
        self.view.custom.push(CustomPredicate { name, negated: false, holds });
        self
    }

    /// It answers only clients that have this permission.
    pub fn permission(&mut self, permission: impl Into<String>) -> &mut Self {
        self.view.permission = Some(permission.into());
        self
    }

    /// Whether a request that may change something must bring the client's [token](crate::csrf).
    pub fn require_csrf(&mut self, require: bool) -> &mut Self {
        self.view.require_csrf = Some(require);
        self
    }

    /// How long its answers may be kept.
    pub fn http_cache(&mut self, cache: HttpCache) -> &mut Self {
        self.view.http_cache = Some(cache);
        self
    }

    /// What stands around it; said again, it stands inside of what was said before.
    pub fn decorator(&mut self, decorator: ViewDecorator) -> &mut Self {
        self.view.decorators.push(decorator);
        self
    }

    /// For a view of what was not found: a path without a final `/` is first tried with one.
    pub fn append_slash(&mut self) -> &mut Self {
        self.view.append_slash = true;
        self
    }

    /// It is called as this mapper says.
    pub fn mapper(&mut self, mapper: impl ViewMapper) -> &mut Self {
        self.view.mapper = Mapper::Given(Box::new(mapper));
        self
    }

    fn predicate(&mut self, name: &'static str, values: impl Into<Values>) -> &mut Self {
        let Values { negated, values } = values.into();
        self.view.predicates.push(AddedPredicate { name, negated, values });
        self
    }
}

impl std::fmt::Debug for ViewDirective<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ViewDirective").field(&self.view.name).finish()
    }
}
