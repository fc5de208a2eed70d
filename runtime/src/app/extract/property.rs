//! What is found out about a request once, and only if somebody asks.

use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::FromRequest;
use crate::app::request::Request;
use crate::error::Result;

/// Something that is found out about a request when it is first asked for, and kept until the request is over. Pyramid's
/// `add_request_method(..., reify=True)`.
///
/// A coroutine asks with [`Request::property`]; a view, blocking or not, has it as a parameter: [`Property<T>`](Property). Where
/// finding it out blocks, [`use_executor`](crate::executor::use_executor) is the way.
///
/// ```
/// use aiopyramid::extract::{Property, RequestProperty};
/// use aiopyramid::prelude::*;
///
/// #[derive(Clone)]
/// struct Language(String);
///
/// impl RequestProperty for Language {
///     async fn compute(request: &Request) -> Result<Self> {
///         Ok(Self(request.cookie("language").unwrap_or_else(|| "en".to_owned())))
///     }
/// }
///
/// #[view_config(route = "/greeting")]
/// fn greeting(language: Property<Language>) -> String {
///     let Property(Language(language)) = language;
///     format!("Hello in {language}")
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no property of requests",
    label = "not found out of a request",
    note = "implement `RequestProperty` for it, with `async fn compute(request: &Request) -> Result<Self>`"
)]
pub trait RequestProperty: Clone + Send + Sync + 'static {
    /// Finds it out.
    ///
    /// # Errors
    /// Where that fails; it is not kept, so whoever asks next tries again.
    fn compute(request: &Request) -> impl Future<Output = Result<Self>> + Send;
}

/// A [`RequestProperty`] as the parameter of a view.
#[derive(Debug, Clone)]
pub struct Property<T>(pub T);

impl<T> Deref for Property<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<T: RequestProperty> FromRequest for Property<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        request.property().await.map(Self)
    }
}

/// Where it is kept.
#[derive(Clone)]
struct Kept<T>(Arc<OnceCell<T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl Request {
    /// What was found out about this request, or is now. Who asks while another is at it waits for the other.
    ///
    /// # Errors
    /// That of [`RequestProperty::compute`].
    pub async fn property<T: RequestProperty>(&self) -> Result<T> {
        self.found_once(|| T::compute(self)).await
    }

    /// What `compute` comes to, found out once for each type and request.
    pub(crate) async fn found_once<T, F>(&self, compute: impl FnOnce() -> F) -> Result<T>
    where
        T: Clone + Send + Sync + 'static,
        F: Future<Output = Result<T>>,
    {
        let Kept(cell) = self.extension_or_default::<Kept<T>>();
        cell.get_or_try_init(compute).await.cloned()
    }

    /// The same where it was found out before; `None` where nobody has asked for it yet, and nothing is done about that. For what
    /// looks on: a log, the debug toolbar.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::session::Session;
    ///
    /// #[tween]
    /// async fn noted(request: Request, next: Next) -> Result<Response> {
    ///     let response = next.run(request.clone()).await?;
    ///     let asked = request.known_property::<Session>().is_some();
    ///     tracing::debug!(asked, "whether somebody has looked into the session");
    ///     Ok(response)
    /// }
    /// ```
    pub fn known_property<T: RequestProperty>(&self) -> Option<T> {
        self.extension::<Kept<T>>()?.0.get().cloned()
    }
}
