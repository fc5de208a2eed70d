//! What a view can ask for by the types of its parameters.
//!
//! | parameter | what it gets |
//! |---|---|
//! | `&Request`, `Request` | the request |
//! | a placeholder's name | that segment of the path, parsed |
//! | [`Query<T>`], [`Form<T>`], [`Json<T>`] | the query string or the body, as a `T` |
//! | [`Multipart`] | the parts of a `multipart/form-data` body |
//! | [`State<T>`] | what the application [manages](crate::Configurator::manage) |
//! | [`Matchdict`] | all placeholders by name |
//! | [`Context<T>`](crate::Context), [`Subpath`](crate::Subpath) | where a path led to in a tree of resources, and what was left of it |
//! | [`Identity<T>`](crate::security::Identity), [`AuthenticatedUserid`](crate::security::AuthenticatedUserid) | who the client is, as the security policy says |
//! | [`Session`](crate::session::Session) | what is remembered of the client |
//! | `Bytes`, `String`, [`Body`](crate::Body) | the body, whole or to be read piece by piece |
//! | any type of yours | what its [`FromRequest`] makes of the request |

mod body;
mod deserializable;
mod form;
mod json;
mod matchdict;
mod multipart;
mod property;
mod query;
mod segment;
mod state;

use crate::app::request::Request;
use crate::error::Result;

pub use deserializable::Deserializable;
pub use form::Form;
pub use json::Json;
pub use matchdict::Matchdict;
pub use multipart::{Multipart, Part};
pub use property::{Property, RequestProperty};
pub use query::Query;
pub(crate) use segment::Mismatch;
pub use segment::{FromRest, FromSegment};
pub use state::{Need, Shareable, State, States};

/// A value that a view can ask for by the type of a parameter.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// struct UserAgent(String);
///
/// impl FromRequest for UserAgent {
///     async fn from_request(request: &Request) -> Result<Self> {
///         let agent = request.header("user-agent").ok_or_else(|| HttpException::bad_request("no User-Agent"))?;
///         Ok(Self(agent.to_owned()))
///     }
/// }
///
/// #[view_config(route = "/who")]
/// async fn who(agent: UserAgent) -> String {
///     agent.0
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a view",
    label = "neither a placeholder of the route nor something taken from the request",
    note = "a parameter named as a placeholder of the route, such as `id` for `/users/{{id}}`, takes that segment",
    note = "`&Request`, `Query<T>`, `Form<T>`, `Json<T>`, `Multipart`, `State<T>`, `Matchdict`, `Bytes` and `String` are taken from the request",
    note = "implement `FromRequest` for a type of your own"
)]
// The compiler lists what implements the trait; what is rarely meant is kept out of that list.
pub trait FromRequest: Sized {
    /// Takes the value from the request.
    ///
    /// # Errors
    /// Usually an [`HttpException`](crate::HttpException) with a 4xx status and a reason that the client may read; any
    /// other error is answered with 500.
    fn from_request(request: &Request) -> impl Future<Output = Result<Self>> + Send;

    /// What the application must [manage](crate::Configurator::manage) for this to work; asked at start-up, so that a
    /// value that is missing is found before the first request.
    fn need() -> Option<Need> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl FromRequest for Request {
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(request.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest> FromRequest for Option<T> {
    /// `None` where `T` cannot be taken from this request.
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(T::from_request(request).await.ok())
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest> FromRequest for Result<T> {
    /// The error is the view's business.
    async fn from_request(request: &Request) -> Result<Self> {
        Ok(T::from_request(request).await)
    }

    fn need() -> Option<Need> {
        T::need()
    }
}
