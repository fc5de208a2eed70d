//! Views by what they are found by: the type of the context and the name; or the error.

use std::any::TypeId;
use std::collections::HashMap;

use http::StatusCode;

use super::view_set::{RegisteredView, ViewSet};
use crate::app::http_exception::HttpException;
use crate::app::traversal::Resource;
use crate::app::type_key::{ByType, TypeKey};
use crate::app::view::ErrorType;
use crate::app::view::predicate::Needs;
use crate::error::Error;

/// The views of one route, or those without a route.
#[derive(Debug, Default)]
pub struct ViewTable {
    sets: Vec<ViewSet>,
    /// The places of the sets, by context and by name.
    places: ByType<Places>,
    needs: Needs,
    /// Whether all of them are for any context and have no name.
    unnamed: bool,
    /// Whether there is one set, whose views are unnamed, and the choice among them is plain. Known once, asked at every request.
    plain: bool,
}

/// The places of the sets for one type of context.
#[derive(Debug, Default)]
struct Places {
    /// That of the views without a name, which most are.
    unnamed: Option<usize>,
    named: HashMap<Box<str>, usize>,
}

impl Places {
    fn get(&self, name: &str) -> Option<usize> {
        if name.is_empty() { self.unnamed } else { self.named.get(name).copied() }
    }

    fn insert(&mut self, name: String, place: usize) {
        if name.is_empty() {
            self.unnamed = Some(place);
        } else {
            self.named.insert(name.into(), place);
        }
    }
}

impl ViewTable {
    /// Of views in order of registration.
    pub(crate) fn new(views: Vec<RegisteredView>, preferred: &[String]) -> Self {
        let any = TypeKey::of::<dyn Resource>();
        let unnamed = views.iter().all(|view| is_any(view.context) && view.view_name.is_empty());
        let grouped = grouped(views, |view| (view.context.unwrap_or(any).id(), view.view_name.clone()));
        let mut table = Self { unnamed, ..Self::default() };
        for ((context, name), views) in grouped {
            let set = ViewSet::new(views, preferred);
            table.needs = table.needs.and(set.needs());
            table.places.entry(context).or_default().insert(name, table.sets.len());
            table.sets.push(set);
        }
        table.plain = matches!(&table.sets[..], [only] if unnamed && only.is_plain());
        table
    }

    /// The views for contexts of exactly this type, with this name.
    pub(crate) fn get(&self, context: TypeId, name: &str) -> Option<&ViewSet> {
        self.places.get(&context)?.get(name).map(|place| &self.sets[place])
    }

    /// Its only views, where they are for any context and have no name, and the choice among them is
    /// [plain](ViewSet::is_plain).
    pub(crate) fn plain(&self) -> Option<&ViewSet> {
        if self.plain { self.sets.first() } else { None }
    }

    /// Whether all of them are for any context and have no name, so that the choice among them needs no context.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.unnamed && !self.needs.context
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// All of them; those of one context and one name in the order in which they are tried.
    pub fn iter(&self) -> impl Iterator<Item = &RegisteredView> {
        self.sets.iter().flat_map(ViewSet::iter)
    }
}

fn is_any(context: Option<TypeKey>) -> bool {
    context.is_none_or(|context| context == TypeKey::of::<dyn Resource>())
}

/// Views that belong together, in the order in which the first of each group was registered.
fn grouped<K: PartialEq>(
    views: Vec<RegisteredView>,
    key: impl Fn(&RegisteredView) -> K,
) -> Vec<(K, Vec<RegisteredView>)> {
    let mut groups: Vec<(K, Vec<RegisteredView>)> = Vec::new();
    for view in views {
        let key = key(&view);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(view),
            None => groups.push((key, vec![view])),
        }
    }
    groups
}

/// What an exception view is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExceptionKey {
    /// Nothing was found: 404.
    NotFound,
    /// Something is not permitted: 403.
    Forbidden,
    /// An error of this type.
    Type(ErrorType),
}

impl ExceptionKey {
    /// Whether it is for this error.
    fn fits(self, error: &Error) -> bool {
        let has_status =
            |status| error.downcast_ref::<HttpException>().is_some_and(|answer| answer.status() == status);
        match self {
            Self::NotFound => has_status(StatusCode::NOT_FOUND),
            Self::Forbidden => has_status(StatusCode::FORBIDDEN),
            Self::Type(error_type) => (error_type.is)(error),
        }
    }

    /// Of several that fit the lower one is closer.
    fn distance(self) -> u8 {
        match self {
            Self::NotFound | Self::Forbidden => 0,
            // What an answer was raised for is closer than the answer.
            Self::Type(error_type) if error_type.key == TypeKey::of::<HttpException>() => 2,
            Self::Type(error_type) if error_type.key == TypeKey::of::<Error>() => 3,
            Self::Type(_) => 1,
        }
    }
}

/// The exception views of one route, or those without a route; the closest to an error first.
#[derive(Debug, Default)]
pub struct ExceptionViews(Vec<(ExceptionKey, ViewSet)>);

impl ExceptionViews {
    /// Of views in order of registration.
    pub(crate) fn new(views: Vec<(ExceptionKey, RegisteredView)>, preferred: &[String]) -> Self {
        let mut groups: Vec<(ExceptionKey, Vec<RegisteredView>)> = Vec::new();
        for (key, view) in views {
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, group)) => group.push(view),
                None => groups.push((key, vec![view])),
            }
        }
        groups.sort_by_key(|(key, _)| key.distance());
        Self(groups.into_iter().map(|(key, views)| (key, ViewSet::new(views, preferred))).collect())
    }

    /// Those for this error, the closest first.
    pub(crate) fn fitting<'a>(&'a self, error: &'a Error) -> impl Iterator<Item = &'a ViewSet> {
        self.0.iter().filter(|(key, _)| key.fits(error)).map(|(_, views)| views)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
