//! What happens on the way of a request, and who wants to hear of it.
//!
//! A [`macro@subscriber`](macro@crate::subscriber) is called with each event of its type: one of those below, or a type of the
//! application's own, which [`notify`](crate::RequestExt::notify) tells of. An `async fn` runs on the event loop, a plain
//! function in the executor; in either case what happens next waits for it, and its error is one of the request.
//!
//! | event | when |
//! |---|---|
//! | [`NewRequest`] | inside of all tweens, before the route is looked for |
//! | [`BeforeTraversal`] | a route was looked for; the context was not |
//! | [`ContextFound`] | the context is there; the view was not looked for |
//! | [`NewResponse`] | outside of all tweens, after the callbacks for the response |

mod subscribers;

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::type_key::TypeKey;

pub use subscribers::{
    AnyEvent, AsCoroutine, AsyncCall, IntoOutcome, IntoSubscriber, Observed, Observing, Subscribers, waiting,
    working,
};

/// Something that subscribers can be told of. A type of one's own has only to say that it is one.
///
/// ```
/// use aiopyramid::event::Event;
/// use aiopyramid::prelude::*;
///
/// struct Ordered { number: u32 }
///
/// impl Event for Ordered {}
///
/// #[subscriber]
/// async fn confirm(order: &Ordered) {
///     println!("number {} was ordered", order.number);
/// }
///
/// #[view_config(route = "/order/{number}", request_method = "POST")]
/// async fn order(number: u32, request: &Request) -> Result<&'static str> {
///     request.notify(Ordered { number }).await?;
///     Ok("thank you")
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event",
    label = "not an event",
    note = "the framework's own are `NewRequest`, `BeforeTraversal`, `ContextFound` and `NewResponse`, in `aiopyramid::event`",
    note = "for a type of your own: `impl aiopyramid::event::Event for {Self} {{}}`"
)]
pub trait Event: Sized + Send + Sync + 'static {
    /// What subscribers are found by.
    #[doc(hidden)]
    const KEY: TypeKey = TypeKey::of::<Self>();
}

macro_rules! request_event {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct $name {
            /// The request.
            pub request: Request,
        }

        impl $name {
            /// Of this request.
            pub fn new(request: Request) -> Self {
                Self { request }
            }
        }
    };
}

request_event!(
    /// A request has come through the tweens.
    NewRequest
);
request_event!(
    /// A route was looked for, and the context is about to be.
    BeforeTraversal
);
request_event!(
    /// The context was found, and the view is about to be looked for.
    ContextFound
);

/// A response is about to leave.
pub struct NewResponse {
    /// The request.
    pub request: Request,
    response: Mutex<Response>,
}

impl NewResponse {
    /// Of this response to this request.
    pub fn new(request: Request, response: Response) -> Self {
        Self { request, response: Mutex::new(response) }
    }

    /// Looks at the response, or changes it.
    pub fn with_response<T>(&self, look: impl FnOnce(&mut Response) -> T) -> T {
        look(&mut self.response.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

// Written out, so that the compiler can list them where somebody takes another type.
impl Event for NewRequest {}
impl Event for BeforeTraversal {}
impl Event for ContextFound {}
impl Event for NewResponse {}

impl fmt::Debug for NewResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewResponse").field("request", &self.request).finish_non_exhaustive()
    }
}
