//! Views that are added by a call.

use std::any::type_name;

use super::Configurator;
use crate::app::view::{IntoCallable, ViewMapper};
use crate::registry::directive::{AddedPredicate, AddedView, What};

impl Configurator {
    /// Adds a function as a view without a macro: every parameter must be taken from the request by its type.
    ///
    /// What the returned value is told narrows the view down; a view needs a [route](ViewDirective::route). There may be six
    /// parameters. [`add_route`](Self::add_route) has an example.
    #[track_caller]
    pub fn add_view<M, F: IntoCallable<M>>(&mut self, view: F) -> ViewDirective<'_> {
        self.say(What::View(Box::new(AddedView {
            name: type_name::<F>(),
            needs: view.needs(),
            callable: view.into_callable(),
            route: None,
            predicates: Vec::new(),
            mapper: None,
        })));
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

    /// It answers these methods only; `GET` includes `HEAD`.
    pub fn request_method(&mut self, methods: &[&str]) -> &mut Self {
        self.predicate("request_method", methods)
    }

    /// It answers only requests with this header: `Name`, or `Name:regex`.
    pub fn header(&mut self, header: &str) -> &mut Self {
        self.predicate("header", &[header])
    }

    /// It answers only requests that a script of a page made (`true`), or only others (`false`).
    pub fn xhr(&mut self, wanted: bool) -> &mut Self {
        self.predicate("xhr", &[if wanted { "true" } else { "false" }])
    }

    /// It is called as this mapper says.
    pub fn mapper(&mut self, mapper: impl ViewMapper) -> &mut Self {
        self.view.mapper = Some(Box::new(mapper));
        self
    }

    fn predicate(&mut self, name: &'static str, values: &[&str]) -> &mut Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.view.predicates.push(AddedPredicate { name, negated: false, values });
        self
    }
}

impl std::fmt::Debug for ViewDirective<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ViewDirective").field(&self.view.name).finish()
    }
}
