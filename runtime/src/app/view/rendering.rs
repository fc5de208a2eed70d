//! Renderers: from what a view returns to a response.
//!
//! A view with a renderer may still return a finished [`Response`], which is passed through untouched, as in Pyramid.

use std::fmt::Display;

use serde::Serialize;

use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::{Error, Result};

/// What makes a response of a value that is none: `"json"`, a template, or a value of the user's own, which a view names by its
/// path.
///
/// ```standalone_crate
/// use aiopyramid::Renderer;
/// use aiopyramid::prelude::*;
///
/// /// Rows as lines with commas.
/// struct Csv {
///     separator: char,
/// }
///
/// static CSV: Csv = Csv { separator: ',' };
///
/// impl Renderer<Vec<(String, u32)>> for Csv {
///     fn render(&self, rows: Vec<(String, u32)>, _: &Request) -> Result<Response> {
///         let lines: String =
///             rows.iter().map(|(name, count)| format!("{name}{}{count}\n", self.separator)).collect();
///         Ok(Response::with_type("text/csv; charset=UTF-8", lines))
///     }
/// }
///
/// #[view_config(route = "/stock", renderer = CSV)]
/// async fn stock() -> Vec<(String, u32)> {
///     vec![("Moby-Dick".to_owned(), 3)]
/// }
/// #
/// # aiopyramid::testing::run_test(|config| { config.scan(); Ok(()) }, |client| async move {
/// #     let page = client.get("/stock").await;
/// #     assert_eq!(page.header("content-type"), "text/csv; charset=UTF-8");
/// #     assert_eq!(page.text(), "Moby-Dick,3\n");
/// # });
/// ```
pub trait Renderer<T> {
    /// Makes the response to `request`.
    ///
    /// # Errors
    /// Where the value cannot be rendered. The error reaches the exception views as if the view had failed with it.
    fn render(&self, value: T, request: &Request) -> Result<Response>;
}

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
    fn into_rendered(self, renderer: &R, request: &Request) -> Result<Response>;
}

/// The same for a renderer of the user's own, which is explained in other words.
#[diagnostic::on_unimplemented(
    message = "`{R}` cannot render `{Self}`",
    label = "the renderer cannot make a response of this",
    note = "a renderer is a value whose type implements `Renderer` for what the view returns: `impl Renderer<{Self}> for {R}`",
    note = "a finished `Response` is passed through"
)]
pub trait IntoRenderedByOwn<R, M> {
    /// Renders it.
    ///
    /// # Errors
    /// What the view failed with, or the renderer.
    fn into_rendered(self, renderer: &R, request: &Request) -> Result<Response>;
}

#[diagnostic::do_not_recommend]
impl<T: IntoRendered<R, M>, R, M> IntoRenderedByOwn<R, M> for T {
    fn into_rendered(self, renderer: &R, request: &Request) -> Result<Response> {
        IntoRendered::into_rendered(self, renderer, request)
    }
}

/// Marks a value that a renderer makes a response of.
#[derive(Debug)]
pub struct ByRenderer;

/// Marks a value that is a response already.
#[derive(Debug)]
pub struct AsItIs;

/// `renderer = "json"`: what serde makes of the value, as `application/json`.
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonRenderer;

/// `renderer = "string"`: what the value displays, as `text/plain`.
#[derive(Debug, Clone, Copy, Default)]
pub struct StringRenderer;

impl<T: Serialize> Renderer<T> for JsonRenderer {
    fn render(&self, value: T, _: &Request) -> Result<Response> {
        Ok(Response::json(serde_json::to_vec(&value)?))
    }
}

impl<T: Display> Renderer<T> for StringRenderer {
    fn render(&self, value: T, _: &Request) -> Result<Response> {
        Ok(Response::text(value.to_string()))
    }
}

#[diagnostic::do_not_recommend]
impl<T, R: Renderer<T>> IntoRendered<R, ByRenderer> for T {
    fn into_rendered(self, renderer: &R, request: &Request) -> Result<Response> {
        renderer.render(self, request)
    }
}

#[diagnostic::do_not_recommend]
impl<R> IntoRendered<R, AsItIs> for Response {
    fn into_rendered(self, _: &R, _: &Request) -> Result<Response> {
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
    fn into_rendered(self, renderer: &R, request: &Request) -> Result<Response> {
        self.map_err(Into::into)?.into_rendered(renderer, request)
    }
}
