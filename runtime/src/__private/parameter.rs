//! A parameter of a view whose route is declared elsewhere: a placeholder or an extractor, which only the compiler can tell.
//!
//! The macro knows the parameter's name and type, the route knows its placeholders; a constant brings the two together, and is
//! the argument of the trait whose implementation takes the value.

use std::marker::PhantomData;

use crate::app::extract::{FromRequest, FromRest, FromSegment, rest, segment};
use crate::app::request::Request;
use crate::app::route::PlaceholderDeclaration;
use crate::error::Result;

/// The parameter is taken from the request by its type.
const EXTRACTOR: u8 = 0;
/// It takes a segment of the path.
const SEGMENT: u8 = 1;
/// It takes the final `*name`.
const REST: u8 = 2;

/// A parameter of the kind `KIND`.
pub trait Parameter<const KIND: u8>: Sized {
    /// Takes the value, which for a segment is that at `index`.
    fn take(request: &Request, index: usize) -> impl Future<Output = Result<Self>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest> Parameter<EXTRACTOR> for T {
    fn take(request: &Request, _: usize) -> impl Future<Output = Result<Self>> + Send {
        T::from_request(request)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromSegment + Send> Parameter<SEGMENT> for T {
    fn take(request: &Request, index: usize) -> impl Future<Output = Result<Self>> + Send {
        std::future::ready(segment(request, index))
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromRest + Send> Parameter<REST> for T {
    fn take(request: &Request, _: usize) -> impl Future<Output = Result<Self>> + Send {
        std::future::ready(rest(request))
    }
}

/// Tells whether `T` is an extractor: an inherent constant hides that of [`NoExtractor`], but exists only for one.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T: FromRequest> Probe<T> {
    /// It is.
    pub const IS_EXTRACTOR: bool = true;
}

/// See [`Probe`].
pub trait NoExtractor {
    /// It is not.
    const IS_EXTRACTOR: bool = false;
}

impl<T> NoExtractor for Probe<T> {}

/// The kind of the parameter `name`.
///
/// # Panics
/// While the program is compiled: where it can be neither.
pub const fn kind(placeholders: &[PlaceholderDeclaration], name: &str, is_extractor: bool) -> u8 {
    let place = index(placeholders, name);
    if place < placeholders.len() {
        return if placeholders[place].rest { REST } else { SEGMENT };
    }
    assert!(
        is_extractor,
        "this parameter is no placeholder of the route, and its type is not taken from the request\nhelp: name it as the field of the route that it is meant to be"
    );
    EXTRACTOR
}

/// The place of the placeholder `name`; the number of placeholders where there is none.
pub const fn index(placeholders: &[PlaceholderDeclaration], name: &str) -> usize {
    let mut place = 0;
    while place < placeholders.len() {
        if same(placeholders[place].name.as_bytes(), name.as_bytes()) {
            return place;
        }
        place += 1;
    }
    place
}

/// `==` cannot be used in a constant yet.
const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}
