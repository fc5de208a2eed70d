//! Renderers: from what a view returns to a response.
//!
//! A view with a renderer may still return a finished [`Response`], which is passed through untouched, as in Pyramid.

use std::fmt::Display;

use serde::Serialize;

use crate::app::response::Response;
use crate::error::{Error, Result};

/// What a view with a renderer may return: a value for the renderer `R`, a finished response, or a `Result` of these.
///
/// `M` is found by the compiler: [`ByRenderer`] or [`AsItIs`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be rendered",
    label = "the renderer cannot make a response of this",
    note = "for `renderer = \"json\"` and for a template derive `serde::Serialize`; for `renderer = \"string\"` implement `std::fmt::Display`",
    note = "a finished `Response` is passed through",
    note = "a future is awaited before it is rendered only where the function says that it returns one: write `async fn`"
)]
pub trait IntoRendered<R, M> {
    /// Renders it.
    ///
    /// # Errors
    /// What the view failed with, or the renderer.
    fn into_rendered(self, renderer: &R) -> Result<Response>;
}

/// Marks a value that a renderer makes a response of.
#[derive(Debug)]
pub struct ByRenderer;

/// Marks a value that is a response already.
#[derive(Debug)]
pub struct AsItIs;

/// `renderer = "json"`: what serde makes of the value, as `application/json`.
#[derive(Debug)]
pub struct JsonRenderer;

/// `renderer = "string"`: what the value displays, as `text/plain`.
#[derive(Debug)]
pub struct StringRenderer;

#[diagnostic::do_not_recommend]
impl<T: Serialize> IntoRendered<JsonRenderer, ByRenderer> for T {
    fn into_rendered(self, _: &JsonRenderer) -> Result<Response> {
        Ok(Response::json(serde_json::to_vec(&self)?))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Display> IntoRendered<StringRenderer, ByRenderer> for T {
    fn into_rendered(self, _: &StringRenderer) -> Result<Response> {
        Ok(Response::text(self.to_string()))
    }
}

#[diagnostic::do_not_recommend]
impl<R> IntoRendered<R, AsItIs> for Response {
    fn into_rendered(self, _: &R) -> Result<Response> {
        Ok(self)
    }
}

/// Marks a view that may fail.
#[derive(Debug)]
pub struct Fallible<M>(std::marker::PhantomData<M>);

#[diagnostic::do_not_recommend]
impl<R, M, T, E> IntoRendered<R, Fallible<M>> for Result<T, E>
where
    T: IntoRendered<R, M>,
    E: Into<Error>,
{
    fn into_rendered(self, renderer: &R) -> Result<Response> {
        self.map_err(Into::into)?.into_rendered(renderer)
    }
}
