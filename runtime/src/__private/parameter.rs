//! A parameter of a view whose route is declared elsewhere: a placeholder or an extractor, which only the compiler can tell.
//!
//! The macro knows the parameter's name and type, the route knows its placeholders; a constant brings the two together, and is
//! the argument of the trait whose implementation takes the value.

use std::marker::PhantomData;

use super::text::{Sentence, same, slips};
use crate::app::extract::{FromRequest, FromRest, FromSegment, Need};
use crate::app::request::Request;
use crate::app::route::{PlaceholderDeclaration, RouteDeclaration};
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
        std::future::ready(<Self as FromSegment>::take(request, index))
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromRest + Send> Parameter<REST> for T {
    fn take(request: &Request, _: usize) -> impl Future<Output = Result<Self>> + Send {
        std::future::ready(<Self as FromRest>::take(request))
    }
}

/// Tells whether `T` is an extractor, and what it needs: an inherent constant hides that of [`NoExtractor`], but exists only
/// for one.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T: FromRequest> Probe<T> {
    /// It is.
    pub const IS_EXTRACTOR: bool = true;
    /// What it needs.
    pub const NEED: fn() -> Option<Need> = T::need;
}

/// See [`Probe`].
pub trait NoExtractor {
    /// It is not.
    const IS_EXTRACTOR: bool = false;
    /// Nothing.
    const NEED: fn() -> Option<Need> = || None;
}

impl<T> NoExtractor for Probe<T> {}

/// The kind of the parameter `name`; `plain` where its type is one that segments are parsed into and hardly anything else gives.
///
/// # Panics
/// While the program is compiled: where it can be neither, or takes a plain value and is nearly named as a placeholder.
#[track_caller]
pub const fn kind(
    route: &RouteDeclaration,
    placeholders: &[PlaceholderDeclaration],
    name: &str,
    plain: bool,
    is_extractor: bool,
) -> u8 {
    let place = index(placeholders, name);
    if place < placeholders.len() {
        return if placeholders[place].rest { REST } else { SEGMENT };
    }
    if is_extractor && !plain {
        return EXTRACTOR;
    }
    let near = nearest(placeholders, name);
    if is_extractor && near.is_none() {
        return EXTRACTOR;
    }
    let mut refusal = Sentence::<512>::new();
    refusal.push("`");
    refusal.push(name);
    refusal.push("` is no placeholder of `");
    refusal.push(route.pattern);
    refusal.push("`");
    if let Some(near) = near {
        refusal.push("\nhelp: did you mean `");
        refusal.push(near);
        refusal.push("`?");
    } else {
        refusal.push(", and its type is not taken from the request\nhelp: ");
        let mut place = 0;
        while place < placeholders.len() {
            refusal.push(if place == 0 { "name it `" } else { "` or `" });
            refusal.push(placeholders[place].name);
            place += 1;
        }
        if place > 0 {
            refusal.push("`, or ");
        }
        refusal.push(
            "take a `Query<T>`, `Form<T>`, `Json<T>` or `State<T>`, or implement `FromRequest` for its type",
        );
    }
    panic!("{}", refusal.as_str())
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

/// The placeholder that `name` could be with a slip of the pen, by the measure that the macros take for inline patterns: a
/// third of the letters at most may differ.
const fn nearest(placeholders: &[PlaceholderDeclaration], name: &str) -> Option<&'static str> {
    let mut best = None;
    let mut least = usize::MAX;
    let mut place = 0;
    while place < placeholders.len() {
        let known = placeholders[place].name;
        let letters = if known.len() > name.len() { known.len() } else { name.len() };
        let bound = if letters / 3 > 1 { letters / 3 } else { 1 };
        let slips = slips(name.as_bytes(), known.as_bytes());
        if slips <= bound && slips < least {
            best = Some(known);
            least = slips;
        }
        place += 1;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACEHOLDERS: &[PlaceholderDeclaration] = &[
        PlaceholderDeclaration { name: "id", rest: false },
        PlaceholderDeclaration { name: "path", rest: true },
    ];

    const ROUTE: RouteDeclaration = RouteDeclaration::new("file", "/{id}/*path", crate::__private::origin!());

    fn refusal(name: &str, plain: bool, is_extractor: bool) -> Option<String> {
        let kind = std::panic::catch_unwind(|| kind(&ROUTE, PLACEHOLDERS, name, plain, is_extractor));
        kind.err().map(|payload| payload.downcast_ref::<String>().expect("a formatted message").clone())
    }

    #[test]
    fn a_parameter_is_what_its_name_and_type_say() {
        assert_eq!(kind(&ROUTE, PLACEHOLDERS, "id", true, false), SEGMENT);
        assert_eq!(kind(&ROUTE, PLACEHOLDERS, "path", false, false), REST);
        assert_eq!(kind(&ROUTE, PLACEHOLDERS, "db", false, true), EXTRACTOR);
        // A `String` that is nothing like a placeholder is the body.
        assert_eq!(kind(&ROUTE, PLACEHOLDERS, "body", true, true), EXTRACTOR);
        // An extractor may have any name.
        assert_eq!(kind(&ROUTE, PLACEHOLDERS, "paths", false, true), EXTRACTOR);
    }

    #[test]
    fn a_refusal_names_the_parameter_and_what_it_could_have_been() {
        assert_eq!(
            refusal("pth", true, true).unwrap(),
            "`pth` is no placeholder of `/{id}/*path`\nhelp: did you mean `path`?"
        );
        let refusal = refusal("author", false, false).unwrap();
        assert!(
            refusal.starts_with("`author` is no placeholder of `/{id}/*path`, and its type"),
            "{refusal}"
        );
        assert!(refusal.contains("name it `id` or `path`, or take a"), "{refusal}");
    }
}
