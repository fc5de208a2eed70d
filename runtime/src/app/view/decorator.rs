//! `decorator`: what stands around a view.

use super::callable::View;

/// Puts something around a view: `decorator = path`.
///
/// It is outside of the renderer, so what it sees of the view is a finished response; and inside of the permission, so what is
/// forbidden does not come to it. Any `fn(View) -> View` is one.
///
/// ```ignore
/// use aiopyramid::prelude::*;
/// use aiopyramid::view::View;
///
/// fn stamped(view: View) -> View {
///     View::new(move |request| {
///         let answer = view.call(request);
///         Box::pin(async move { answer.await?.with_header("x-stamp", "seen") })
///     })
/// }
///
/// #[view_config(route = "/letter", decorator = stamped)]
/// async fn letter() -> &'static str {
///     "Dear reader,"
/// }
/// ```
pub type ViewDecorator = fn(View) -> View;
