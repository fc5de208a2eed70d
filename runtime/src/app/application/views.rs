//! The views of one route, and the choice among them.

use http::{HeaderValue, Method};

use crate::app::executor::Site;
use crate::app::origin::Origin;
use crate::app::request::Request;
use crate::app::view::View;
use crate::app::view::predicate::{Predicates, Verdict};

/// A view that is ready to be called, with what is known of it.
#[derive(Debug)]
pub struct RegisteredView {
    /// The path of the function.
    pub name: String,
    /// What a request must be.
    pub predicates: Predicates,
    /// What answers it.
    pub view: View,
    /// Where it was written down.
    pub origin: Origin,
    /// `coroutine`, `executor`, `inline` or `own`: how it is called.
    pub mapper: &'static str,
    /// Whether polling it is watched, in development: a view that runs on the event loop.
    pub(crate) watched: bool,
    /// What the watchdog calls it.
    pub(crate) site: Site,
}

/// The views of one route in the order in which they are tried.
#[derive(Debug, Default)]
pub struct ViewSet(Box<[RegisteredView]>);

/// What came of looking for a view.
#[derive(Debug)]
pub(crate) enum Selection {
    /// The one at this place.
    View(usize),
    /// There is one, but for another method, and none at all for this method.
    WrongMethod,
    /// There is none.
    None,
}

impl ViewSet {
    /// Of views in order of registration.
    pub(crate) fn new(mut views: Vec<RegisteredView>) -> Self {
        views.sort_by_key(|view| view.predicates.order());
        Self(views.into())
    }

    /// The first view, from the place `start` on, whose predicates hold.
    #[inline]
    pub(crate) fn select(&self, request: &Request, start: usize) -> Selection {
        // The usual view asks for a method at most, and gets it.
        if let Some(view) = self.0.get(start)
            && view.predicates.hold_at_a_glance(request.method())
        {
            return Selection::View(start);
        }
        self.select_from(request, start)
    }

    #[inline(never)]
    fn select_from(&self, request: &Request, start: usize) -> Selection {
        let mut outcome = Selection::None;
        for (place, view) in self.0.iter().enumerate().skip(start) {
            match view.predicates.verdict(request) {
                Verdict::Holds => return Selection::View(place),
                Verdict::WrongMethod => outcome = Selection::WrongMethod,
                Verdict::Fails => {}
            }
        }
        // Where one answers this method and something else was wrong, `Allow` would name the very method that it refuses.
        match outcome {
            Selection::WrongMethod if self.0.iter().any(|view| view.predicates.admits(request.method())) => {
                Selection::None
            }
            outcome => outcome,
        }
    }

    /// The view at a place that [`select`](Self::select) gave.
    pub(crate) fn at(&self, place: usize) -> &RegisteredView {
        &self.0[place]
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &RegisteredView> {
        self.0.iter()
    }

    /// The methods that one of them answers, as an `Allow` header has them.
    pub(crate) fn allow(&self) -> HeaderValue {
        let mut methods: Vec<Method> = Vec::new();
        for method in self
            .0
            .iter()
            .filter_map(|view| view.predicates.method())
            .flat_map(super::super::view::predicate::MethodPredicate::admitted)
        {
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        methods.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        let names: Vec<_> = methods.iter().map(Method::as_str).collect();
        // Methods are tokens, which a header can carry.
        HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""))
    }
}
