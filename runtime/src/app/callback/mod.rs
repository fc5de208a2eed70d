//! What a request wants done with its response, and what when it is over.

use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::executor::Panicked;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;

type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

type Change = dyn FnOnce(&Request, &mut Response) -> Result<()> + Send;

type Replacement = dyn FnOnce(Request, Response) -> Pending<Result<Response>> + Send;

enum OnResponse {
    Plain(Box<Change>),
    Coroutine(Box<Replacement>),
}

enum OnFinish {
    Plain(Box<dyn FnOnce(&Request) + Send>),
    Coroutine(Box<dyn FnOnce(Request) -> Pending<()> + Send>),
}

/// The callbacks of one request, in the order in which they were added.
#[derive(Clone, Default)]
struct Callbacks(Arc<Mutex<Lists>>);

#[derive(Default)]
struct Lists {
    response: VecDeque<OnResponse>,
    /// Those that are called behind all others.
    last: VecDeque<OnResponse>,
    finish: VecDeque<OnFinish>,
}

impl Lists {
    fn next_for_response(&mut self) -> Option<OnResponse> {
        self.response.pop_front().or_else(|| self.last.pop_front())
    }
}

impl Callbacks {
    /// Those of `request`, which has some from now on.
    fn of(request: &Request) -> Self {
        // Added from two threads at once, the first ones of each would not know of each other.
        static FIRST: Mutex<()> = Mutex::new(());
        if let Some(known) = request.extension() {
            return known;
        }
        let _first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
        request.extension().unwrap_or_else(|| {
            let callbacks = Self::default();
            request.set_extension(callbacks.clone());
            request.note_callbacks();
            callbacks
        })
    }

    /// Looks at the lists. No callback is called meanwhile: it may add others.
    fn with<T>(&self, look: impl FnOnce(&mut Lists) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callbacks")
    }
}

impl Request {
    /// Has `callback` called with the response of this request, outside of all tweens. Pyramid's `add_response_callback`.
    ///
    /// They are called in the order in which they were added, and may add others. Where the request ends in an error that
    /// nobody made a response of, they are not called. An error of theirs is one of the request.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use http::{HeaderValue, header::CACHE_CONTROL};
    ///
    /// #[view_config(route = "/prices")]
    /// async fn prices(request: &Request) -> &'static str {
    ///     request.add_response_callback(|_, response| {
    ///         response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ///         Ok(())
    ///     });
    ///     "7"
    /// }
    /// ```
    pub fn add_response_callback(
        &self,
        callback: impl FnOnce(&Request, &mut Response) -> Result<()> + Send + 'static,
    ) {
        let callback = OnResponse::Plain(Box::new(callback));
        Callbacks::of(self).with(|lists| lists.response.push_back(callback));
    }

    /// The same with a coroutine, which is given the response and gives one back.
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// # async fn visits() -> Result<u64> { Ok(7) }
    /// fn count(request: &Request) {
    ///     request.add_async_response_callback(async |_, response| {
    ///         response.with_header("x-visits", &visits().await?.to_string())
    ///     });
    /// }
    /// ```
    pub fn add_async_response_callback<F, T>(&self, callback: F)
    where
        F: FnOnce(Request, Response) -> T + Send + 'static,
        T: Future<Output = Result<Response>> + Send + 'static,
    {
        let callback =
            OnResponse::Coroutine(Box::new(|request, response| Box::pin(callback(request, response))));
        Callbacks::of(self).with(|lists| lists.response.push_back(callback));
    }

    /// The same, but called behind all those that were added in the usual way, whenever that was.
    pub(crate) fn add_last_response_callback<F, T>(&self, callback: F)
    where
        F: FnOnce(Request, Response) -> T + Send + 'static,
        T: Future<Output = Result<Response>> + Send + 'static,
    {
        let callback =
            OnResponse::Coroutine(Box::new(|request, response| Box::pin(callback(request, response))));
        Callbacks::of(self).with(|lists| lists.last.push_back(callback));
    }

    /// Has `callback` called when everything else about this request is done, however it ended. Pyramid's
    /// `add_finished_callback`.
    ///
    /// They are called in the order in which they were added, and may add others. What they do must not block: that is for
    /// [`add_async_finished_callback`](Self::add_async_finished_callback) with
    /// [`use_executor`](crate::executor::use_executor).
    pub fn add_finished_callback(&self, callback: impl FnOnce(&Request) + Send + 'static) {
        let callback = OnFinish::Plain(Box::new(callback));
        Callbacks::of(self).with(|lists| lists.finish.push_back(callback));
    }

    /// The same with a coroutine.
    pub fn add_async_finished_callback<F, T>(&self, callback: F)
    where
        F: FnOnce(Request) -> T + Send + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let callback = OnFinish::Coroutine(Box::new(|request| Box::pin(callback(request))));
        Callbacks::of(self).with(|lists| lists.finish.push_back(callback));
    }
}

/// Calls what was added for the response.
///
/// # Errors
/// That of the first one that fails; those after it are not called then.
pub(crate) async fn run_response_callbacks(request: &Request, response: &mut Response) -> Result<()> {
    let Some(callbacks) = request.extension::<Callbacks>() else { return Ok(()) };
    while let Some(callback) = callbacks.with(Lists::next_for_response) {
        match callback {
            OnResponse::Plain(call) => call(request, response)?,
            OnResponse::Coroutine(call) => {
                *response = call(request.clone(), std::mem::take(response)).await?;
            }
        }
    }
    Ok(())
}

/// Calls what was added for the end. One that panics is logged, and those after it are called all the same.
pub(crate) async fn run_finished_callbacks(request: &Request) {
    let Some(callbacks) = request.extension::<Callbacks>() else { return };
    while let Some(callback) = callbacks.with(|lists| lists.finish.pop_front()) {
        let begun = match callback {
            OnFinish::Plain(call) => guarded(|| {
                call(request);
                None
            }),
            OnFinish::Coroutine(call) => guarded(|| Some(call(request.clone()))),
        };
        if let Some(mut running) = begun.flatten() {
            std::future::poll_fn(|cx| match guarded(|| running.as_mut().poll(cx)) {
                Some(poll) => poll,
                None => std::task::Poll::Ready(()),
            })
            .await;
        }
    }
}

/// `None` where it panicked.
fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    let outcome = catch_unwind(AssertUnwindSafe(call));
    outcome
        .map_err(|payload| tracing::error!("a callback at the end of a request {}", Panicked::new(payload)))
        .ok()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{run_finished_callbacks, run_response_callbacks};
    use crate::app::request::{Request, Surroundings};
    use crate::app::response::Response;
    use crate::error::Error;
    use crate::protocol::body::Body;

    fn request() -> Request {
        let (head, ()) = http::Request::new(()).into_parts();
        Request::new(head, Body::empty(), Surroundings::none())
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn callbacks_of_both_kinds_run_in_the_order_in_which_they_were_added_and_may_add_others() {
        let (request, mut response) = (request(), Response::text(""));
        request.add_response_callback(|request, response| {
            request.add_response_callback(|_, response| {
                assert_eq!(response.headers()["x-order"], "2");
                response.headers_mut().insert("x-order", 3.into());
                Ok(())
            });
            response.headers_mut().insert("x-order", 1.into());
            Ok(())
        });
        request.add_async_response_callback(async |_, response| {
            assert_eq!(response.headers()["x-order"], "1");
            tokio::task::yield_now().await;
            response.with_header("x-order", "2")
        });
        block_on(run_response_callbacks(&request, &mut response)).unwrap();
        assert_eq!(response.headers()["x-order"], "3");
        // They are spent.
        block_on(run_response_callbacks(&request, &mut response)).unwrap();
        assert_eq!(response.headers()["x-order"], "3");
    }

    #[test]
    fn an_error_of_a_callback_is_that_of_the_request() {
        let (request, mut response) = (request(), Response::text(""));
        request.add_response_callback(|_, _| Err(Error::msg("no")));
        let error = block_on(run_response_callbacks(&request, &mut response)).unwrap_err();
        assert_eq!(error.to_string(), "no");
    }

    #[test]
    fn a_panic_at_the_end_keeps_none_of_the_others_from_running() {
        let request = request();
        let log = Arc::new(Mutex::new(Vec::new()));
        let noting = |text: &'static str| {
            let log = Arc::clone(&log);
            move || log.lock().unwrap().push(text)
        };
        let (first, second, third) = (noting("first"), noting("second"), noting("third"));
        request.add_finished_callback(move |request| {
            first();
            request.add_finished_callback(move |_| third());
        });
        request.add_finished_callback(|_| panic!("at the end"));
        request.add_async_finished_callback(async |_| panic!("in a coroutine at the end"));
        request.add_async_finished_callback(async move |_| second());
        block_on(run_finished_callbacks(&request));
        assert_eq!(*log.lock().unwrap(), ["first", "second", "third"]);
    }
}
