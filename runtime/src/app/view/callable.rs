//! A view as the framework holds it: what kind it is, and how to call it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::direct::Direct;
use super::output::IntoResponse;
use crate::app::extract::{FromRequest, Need};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;

/// The answer of a view in the making.
pub type ViewFuture = Pin<Box<dyn Future<Output = Result<Response>> + Send>>;

/// The work of a blocking view once its arguments are there.
pub type Job = Box<dyn FnOnce() -> Result<Response> + Send>;

/// A [`Job`] in the making: a view that takes its arguments from the request.
pub type JobFuture = Pin<Box<dyn Future<Output = Result<Job>> + Send>>;

/// What the router calls: a view that a [`ViewMapper`](super::ViewMapper) has made callable.
#[derive(Clone)]
pub struct View(Arc<dyn Fn(Request) -> ViewFuture + Send + Sync>);

impl View {
    /// Of anything that makes a future of a request.
    pub fn new(call: impl Fn(Request) -> ViewFuture + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    /// Calls it.
    pub fn call(&self, request: Request) -> ViewFuture {
        (self.0)(request)
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("View")
    }
}

/// A view before a mapper has decided how it is called: what it is by nature.
#[derive(Clone)]
pub enum Callable {
    /// It returns a future, which runs on the event loop.
    Coroutine(View),
    /// It runs until it is done, and may block.
    Blocking(Blocking),
}

/// A blocking view: taking its arguments from the request may wait, so that part is a coroutine; the rest is a [`Job`].
#[derive(Clone)]
pub struct Blocking(Arc<dyn Fn(Request) -> JobFuture + Send + Sync>);

impl Blocking {
    /// Of what takes the arguments.
    pub(super) fn new(prepare: impl Fn(Request) -> JobFuture + Send + Sync + 'static) -> Self {
        Self(Arc::new(prepare))
    }

    /// Takes the arguments from the request.
    ///
    /// # Errors
    /// The future's: where an argument cannot be had.
    pub fn prepare(&self, request: Request) -> impl Future<Output = Result<Job>> + Send + use<> {
        (self.0)(request)
    }
}

impl fmt::Debug for Callable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Coroutine(_) => "Callable::Coroutine",
            Self::Blocking(_) => "Callable::Blocking",
        })
    }
}

impl fmt::Debug for Blocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blocking")
    }
}

/// How an annotated view is made. The cheapest for the compiler is the first, which needs no closure; the next two need one
/// less than the last.
#[derive(Clone, Copy)]
pub enum CallableDeclaration {
    /// A function whose arguments are all in the path.
    Direct(&'static dyn Direct),
    /// An `async fn`.
    Coroutine(fn(Request) -> ViewFuture),
    /// A plain `fn`.
    Blocking(fn(Request) -> JobFuture),
    /// One of which only its return type tells.
    ByType(fn() -> Callable),
}

impl CallableDeclaration {
    /// Makes the view.
    pub fn callable(self) -> Callable {
        match self {
            Self::Direct(view) => view.callable(),
            Self::Coroutine(view) => Callable::Coroutine(View::new(view)),
            Self::Blocking(view) => Callable::Blocking(Blocking::new(view)),
            Self::ByType(make) => make(),
        }
    }
}

impl fmt::Debug for CallableDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Direct(_) => "CallableDeclaration::Direct",
            Self::Coroutine(_) => "CallableDeclaration::Coroutine",
            Self::Blocking(_) => "CallableDeclaration::Blocking",
            Self::ByType(_) => "CallableDeclaration::ByType",
        })
    }
}

/// What the body of an `async fn`'s view becomes.
pub fn answering<T>(view: T) -> ViewFuture
where
    T: Future<Output = Result<Response>> + Send + 'static,
{
    Box::pin(view)
}

/// What the body of a plain `fn`'s view becomes.
pub fn preparing<T, J>(arguments: T) -> JobFuture
where
    T: Future<Output = Result<J>> + Send + 'static,
    J: FnOnce() -> Result<Response> + Send + 'static,
{
    Box::pin(async move { arguments.await.map(|job| Box::new(job) as Job) })
}

/// A view that returns a future.
fn coroutine<F, T>(view: F) -> Callable
where
    F: Fn(Request) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Response>> + Send + 'static,
{
    Callable::Coroutine(View::new(move |request| answering(view(request))))
}

/// A view that may block.
fn blocking<F, T, J>(view: F) -> Callable
where
    F: Fn(Request) -> T + Send + Sync + 'static,
    T: Future<Output = Result<J>> + Send + 'static,
    J: FnOnce() -> Result<Response> + Send + 'static,
{
    Callable::Blocking(Blocking::new(move |request| preparing(view(request))))
}

/// A return type that says whether the view is a coroutine (it returns a future) or may block (it returns an answer).
///
/// Decided by the compiler: `M` is [`AsFuture`] or [`AsValue`], whichever fits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a view",
    label = "neither a response nor a future of one",
    note = "return a `Response`, a `String`, `Json<T>`, a `Result` of these, or a future of any of these",
    note = "a future must be `Send`: `Pin<Box<dyn Future<Output = String> + Send>>`",
    note = "or name a renderer for it: `renderer = \"json\"`"
)]
pub trait Returned<M>: Sized {
    /// Makes the view of a function that returns `Self`.
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static;
}

/// Marks a function that returns a future.
#[derive(Debug)]
pub struct AsFuture;

/// Marks a function that returns an answer.
#[derive(Debug)]
pub struct AsValue;

impl<R> Returned<AsFuture> for R
where
    R: Future + Send + 'static,
    R::Output: IntoResponse,
{
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static,
    {
        coroutine(move |request| {
            let arguments = view(request);
            async move {
                let call = arguments.await?;
                call().await.into_response()
            }
        })
    }
}

impl<R: IntoResponse + 'static> Returned<AsValue> for R {
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static,
    {
        blocking(move |request| {
            let arguments = view(request);
            async move {
                let call = arguments.await?;
                Ok(move || call().into_response())
            }
        })
    }
}

/// What a function under `mapper = coroutine` returns: a future, whatever its type is called.
#[diagnostic::on_unimplemented(
    message = "mapper `coroutine` cannot call this view: `{Self}` is no future of a response",
    label = "this must be a future, or the function an `async fn`",
    note = "leave the mapper away, and the view runs in the executor",
    note = "a future must be `Send`: `Pin<Box<dyn Future<Output = String> + Send>>`"
)]
pub trait ReturnedFuture: Sized {
    /// Makes the view of a function that returns `Self`.
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static;
}

#[diagnostic::do_not_recommend]
impl<R: Returned<AsFuture>> ReturnedFuture for R {
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static,
    {
        R::callable(view)
    }
}

/// What a function under `mapper = executor` or `mapper = inline` returns: an answer, and no future of one.
#[diagnostic::on_unimplemented(
    message = "this mapper cannot call a view that returns `{Self}`",
    label = "with `mapper = executor` and `mapper = inline` this must be a response",
    note = "a future runs on the event loop: leave the mapper away",
    note = "a response is a `Response`, a `String`, `Json<T>`, or a `Result` of these"
)]
pub trait ReturnedAnswer: Sized {
    /// Makes the view of a function that returns `Self`.
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static;
}

#[diagnostic::do_not_recommend]
impl<R: Returned<AsValue>> ReturnedAnswer for R {
    fn callable<F, T, J>(view: F) -> Callable
    where
        F: Fn(Request) -> T + Send + Sync + 'static,
        T: Future<Output = Result<J>> + Send + 'static,
        J: FnOnce() -> Self + Send + 'static,
    {
        R::callable(view)
    }
}

/// A function that can be [added](crate::Configurator::add_view) as a view without a macro: up to six parameters, each of
/// them [`FromRequest`], and an answer or a future of one as its result.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added as a view",
    label = "not a function from extractors to an answer",
    note = "each parameter must implement `FromRequest`, and the result `IntoResponse`; annotate the function with `#[view_config]` to take segments of the path by name"
)]
pub trait IntoCallable<M> {
    /// The view.
    fn into_callable(self) -> Callable;

    /// What its parameters need the application to manage.
    fn needs(&self) -> Vec<Need>;
}

macro_rules! into_callable {
    ($($parameter:ident)*) => {
        impl<F, R, M, $($parameter,)*> IntoCallable<(M, $($parameter,)*)> for F
        where
            F: Fn($($parameter),*) -> R + Clone + Send + Sync + 'static,
            R: Returned<M>,
            $($parameter: FromRequest + Send + 'static,)*
        {
            #[allow(non_snake_case, unused_variables, reason = "one name for the type and the value; nothing is used without parameters")]
            fn into_callable(self) -> Callable {
                R::callable(move |request: Request| {
                    let function = self.clone();
                    async move {
                        $(let $parameter = $parameter::from_request(&request).await?;)*
                        Ok(move || function($($parameter),*))
                    }
                })
            }

            fn needs(&self) -> Vec<Need> {
                let needs: &[Option<Need>] = &[$($parameter::need()),*];
                needs.iter().copied().flatten().collect()
            }
        }
    };
}

into_callable!();
into_callable!(A);
into_callable!(A B);
into_callable!(A B C);
into_callable!(A B C D);
into_callable!(A B C D E);
into_callable!(A B C D E G);

#[cfg(test)]
mod tests {
    use super::*;

    async fn coroutine_function() -> &'static str {
        "x"
    }

    fn plain_function() -> &'static str {
        "x"
    }

    fn returns_a_future() -> std::future::Ready<String> {
        std::future::ready(String::new())
    }

    #[test]
    fn what_a_function_returns_says_what_it_is() {
        assert!(matches!(coroutine_function.into_callable(), Callable::Coroutine(_)));
        assert!(matches!(plain_function.into_callable(), Callable::Blocking(_)));
        assert!(matches!(returns_a_future.into_callable(), Callable::Coroutine(_)));
        assert!(matches!((|| async { "x" }).into_callable(), Callable::Coroutine(_)));
        assert!(matches!((|| "x").into_callable(), Callable::Blocking(_)));
    }
}
