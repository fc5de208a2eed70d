//! The views of one context and one name, and the choice among them.

use std::ops::Range;
use std::sync::Arc;
use std::vec;

use http::{HeaderValue, Method};
use smallvec::SmallVec;

use crate::app::executor::Site;
use crate::app::origin::Origin;
use crate::app::request::Request;
use crate::app::type_key::TypeKey;
use crate::app::view::predicate::{Needs, Predicates, Verdict};
use crate::app::view::{MethodPredicate, View};
use crate::protocol::accept::{Accept, MediaType};

/// A view that is ready to be called, with what is known of it.
#[derive(Debug)]
pub struct RegisteredView {
    /// The path of the function.
    pub name: String,
    /// The name by which traversal finds it; empty for the default view.
    pub view_name: String,
    /// The type of context that it is for, or for an exception view the type of the error; `None` for any.
    pub context: Option<TypeKey>,
    /// What a request must be.
    pub predicates: Predicates,
    /// What the client must be permitted.
    pub permission: Option<String>,
    /// Whether a request that may change something must bring a token: `require_csrf`.
    pub requires_csrf: bool,
    /// What answers it.
    pub view: View,
    /// Where it was written down.
    pub origin: Origin,
    /// `coroutine`, `executor`, `inline` or `own`: how it is called.
    pub mapper: &'static str,
    /// For a view of what was not found: whether a path without a final `/` is tried with one first.
    pub(crate) append_slash: bool,
    /// Whether polling it is watched, in development: a view that runs on the event loop.
    pub(crate) watched: bool,
    /// What the watchdog calls it.
    pub(crate) site: Site,
    /// What records of requests call it: its name.
    pub(crate) label: Arc<str>,
}

impl RegisteredView {
    /// Why it is not for this request, whose route has been looked for: `not request_method = POST`. `None` where its predicates hold;
    /// it may still turn out that what its parameters take from the request does not fit.
    pub fn declines(&self, request: &Request) -> Option<String> {
        let failing = self.predicates.failing(request);
        (!failing.is_empty()).then(|| format!("not {}", failing.join(", and not ")))
    }

    /// What the log is told of it when it fails.
    pub(crate) fn failed(&self) -> Failed {
        Failed { name: self.name.as_str().into(), at: self.origin.to_string().into() }
    }

    /// What has to be found out before it can be chosen and called.
    fn needs(&self) -> Needs {
        let needs = self.predicates.needs();
        Needs { context: needs.context || self.permission.is_some(), ..needs }
    }
}

/// A view that failed, for the log. Kept on the request.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    pub(crate) name: Arc<str>,
    pub(crate) at: Arc<str>,
}

/// Views in the order in which they are tried.
#[derive(Debug, Default)]
pub struct ViewSet {
    views: Box<[RegisteredView]>,
    /// Where several views differ in what they offer: the offers, most preferred first, each with its views; and then the views
    /// that offer nothing in particular.
    offers: Option<Offers>,
    needs: Needs,
}

#[derive(Debug)]
struct Offers {
    offered: Vec<(MediaType, Vec<usize>)>,
    others: Vec<usize>,
}

/// The places of views in the order in which they are tried for a request.
pub(crate) enum Order {
    /// That of the set.
    Same(Range<usize>),
    /// By what the client wants.
    Ranked(vec::IntoIter<usize>),
}

impl Iterator for Order {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Same(places) => places.next(),
            Self::Ranked(places) => places.next(),
        }
    }
}

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
    /// Of views in order of registration. `preferred` are media types, the one first that a server would rather send.
    pub(crate) fn new(mut views: Vec<RegisteredView>, preferred: &[String]) -> Self {
        views.sort_by_key(|view| view.predicates.order());
        let needs = views.iter().fold(Needs::default(), |needs, view| needs.and(view.needs()));
        let offers = Offers::of(&views, preferred).filter(|_| views.len() > 1);
        Self { views: views.into(), offers, needs }
    }

    /// What has to be found out before any of them can be chosen.
    pub(crate) fn needs(&self) -> Needs {
        self.needs
    }

    /// Whether the order of the views is the same for every request, and the choice needs nothing to be waited for.
    pub(crate) fn is_plain(&self) -> bool {
        self.offers.is_none() && self.needs == Needs::default()
    }

    /// The first view, from the place `start` on, whose predicates hold. For a set that is [plain](Self::is_plain).
    #[inline]
    pub(crate) fn select(&self, request: &Request, start: usize) -> Selection {
        // The usual view asks for a method at most, and gets it.
        if let Some(view) = self.views.get(start)
            && view.predicates.hold_at_a_glance(request.method())
        {
            return Selection::View(start);
        }
        self.select_from(request, start)
    }

    #[inline(never)]
    fn select_from(&self, request: &Request, start: usize) -> Selection {
        let mut outcome = Selection::None;
        for (place, view) in self.views.iter().enumerate().skip(start) {
            match view.predicates.verdict(request) {
                Verdict::Holds => return Selection::View(place),
                Verdict::WrongMethod => outcome = Selection::WrongMethod,
                Verdict::Fails => {}
            }
        }
        // Where one answers this method and something else was wrong, `Allow` would name the very method that it refuses.
        match outcome {
            Selection::WrongMethod if self.admits(request.method()) => Selection::None,
            outcome => outcome,
        }
    }

    /// Whether one of them answers this method, whatever else it asks for.
    pub(crate) fn admits(&self, method: &Method) -> bool {
        self.views.iter().any(|view| view.predicates.admits(method))
    }

    /// The places of the views in the order in which they are tried for this request.
    pub(crate) fn order(&self, request: &Request) -> Order {
        let Some(offers) = &self.offers else { return Order::Same(0..self.views.len()) };
        let accept = Accept::of(request.headers());
        let mut ranked: SmallVec<[(u16, &[usize]); 8]> = offers
            .offered
            .iter()
            .map(|(offer, views)| (accept.as_ref().map_or(1000, |accept| accept.quality(offer)), &views[..]))
            .filter(|(quality, _)| *quality > 0)
            .collect();
        // Stable: what the client wants equally stays in the order that the server prefers.
        ranked.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
        let offered = ranked.iter().flat_map(|(_, views)| views.iter());
        Order::Ranked(offered.chain(&offers.others).copied().collect::<Vec<_>>().into_iter())
    }

    /// The view at a place.
    pub(crate) fn at(&self, place: usize) -> &RegisteredView {
        &self.views[place]
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &RegisteredView> {
        self.views.iter()
    }
}

impl Offers {
    fn of(views: &[RegisteredView], preferred: &[String]) -> Option<Self> {
        let mut offers = Self { offered: Vec::new(), others: Vec::new() };
        for (place, view) in views.iter().enumerate() {
            let Some(offer) = view.predicates.offer() else {
                offers.others.push(place);
                continue;
            };
            match offers.offered.iter_mut().find(|(known, _)| known == offer) {
                Some((_, views)) => views.push(place),
                None => offers.offered.push((offer.clone(), vec![place])),
            }
        }
        // A type that nobody has an opinion of comes after as many as there are offers, which is Pyramid's rule; of such the one
        // that was registered first goes first, where Pyramid's order is that of a hash.
        let last = offers.offered.len();
        let place = |text: &str| preferred.iter().position(|known| known == text).unwrap_or(last);
        offers.offered.sort_by_cached_key(|(offer, views)| {
            let parameters = if offer.has_parameters() { place(&offer.to_string()) } else { last + 1 };
            (place(offer.essence()), parameters, views.first().copied())
        });
        (!offers.offered.is_empty()).then_some(offers)
    }
}

/// The methods that one of these views answers, as an `Allow` header has them.
pub(crate) fn allow<'v>(views: impl Iterator<Item = &'v RegisteredView>) -> HeaderValue {
    let mut methods: Vec<Method> = Vec::new();
    for method in views.filter_map(|view| view.predicates.method()).flat_map(MethodPredicate::admitted) {
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    methods.sort_by(|one, other| one.as_str().cmp(other.as_str()));
    let names: Vec<_> = methods.iter().map(Method::as_str).collect();
    // Methods are tokens, which a header can carry.
    HeaderValue::from_str(&names.join(", ")).unwrap_or(HeaderValue::from_static(""))
}
