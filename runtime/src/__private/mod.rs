//! All that an expansion of the macros may name. No part of the public interface: it changes without notice.

pub use inventory;

pub use crate::app::executor::{ScopeError, synchronize, use_executor};
pub use crate::app::extract::{FromRequest, FromRest, FromSegment, Need};
pub use crate::app::extract::{rest, segment};
pub use crate::app::origin::Origin;
pub use crate::app::route::{PlaceholderDeclaration, Route, RouteDeclaration, ToRest, ToSegment};
pub use crate::app::view::ViewMapper;
pub use crate::app::view::callable::{blocking, blocking_by_type, by_type, coroutine, coroutine_by_type};
pub use crate::app::view::predicate::PredicateDeclaration;
pub use crate::command::{ExpectedPackage, run};
pub use crate::protocol::pattern::{PathValue, PathValues};
pub use crate::registry::{Declaration, MapperDeclaration, OnDisconnect, RouteReference, ViewDeclaration};
pub use crate::testing::run_test;

use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::IntoResponse;
use crate::app::view::rendering::{IntoRendered, JsonRenderer, StringRenderer};
use crate::error::Result;

mod parameter;

pub use parameter::{NoExtractor, Parameter, Probe, index, kind};

/// Where the tokens of an expansion stand.
#[doc(hidden)]
#[macro_export]
macro_rules! __origin {
    () => {
        $crate::__private::Origin {
            package: ::core::env!("CARGO_PKG_NAME"),
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
        }
    };
}

pub use crate::__origin as origin;

/// The declaration of a route, in a constant.
pub const fn declaration_of<R: Route>() -> &'static RouteDeclaration {
    R::DECLARATION
}

/// What a parameter of this type needs.
pub fn need<T: FromRequest>() -> Option<Need> {
    T::need()
}

/// A mapper of the user's own.
pub fn own_mapper<M: ViewMapper + Default>() -> Box<dyn ViewMapper> {
    Box::new(M::default())
}

/// Takes a parameter from the request by its type.
///
/// # Errors
/// The extractor's.
pub fn extract<T: FromRequest>(request: &Request) -> impl Future<Output = Result<T>> + Send {
    T::from_request(request)
}

/// Makes a response of what a view returned.
///
/// # Errors
/// What the view failed with.
pub fn respond<T: IntoResponse>(returned: T) -> Result<Response> {
    returned.into_response()
}

/// `renderer = "json"`
///
/// # Errors
/// What the view failed with, or the renderer.
pub fn render_json<M, T: IntoRendered<JsonRenderer, M>>(returned: T) -> Result<Response> {
    returned.into_rendered()
}

/// `renderer = "string"`
///
/// # Errors
/// What the view failed with.
pub fn render_string<M, T: IntoRendered<StringRenderer, M>>(returned: T) -> Result<Response> {
    returned.into_rendered()
}
