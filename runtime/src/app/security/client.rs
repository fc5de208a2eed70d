//! Who the client is, as a parameter of a view.

use std::ops::Deref;

/// Who the client is, as the parameter of a view: the identity that the [policy](super::SecurityPolicy) found, in the policy's own
/// type. Where the client is nobody in particular the request is forbidden, and the forbidden view answers, which may show a
/// login form.
///
/// `Option<Identity<T>>` is for a view that is open to everybody: `None` where the client is nobody, or the policy fails;
/// `Result<Identity<T>>` leaves the error to the view. That no policy is set, or that its identities are of another type, is found
/// at start-up.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[derive(Debug, Clone)]
/// struct User { name: String }
///
/// #[view_config(route = "/account")]
/// async fn account(Identity(user): Identity<User>) -> String {
///     format!("the account of {}", user.name)
/// }
///
/// #[view_config(route = "/")]
/// fn home(user: Option<Identity<User>>) -> String {        // also where it may block
///     user.map_or_else(|| "Hello!".to_owned(), |user| format!("Hello, {}!", user.name))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<T>(pub T);

impl<T> Deref for Identity<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The user that the client is, by its id, as the parameter of a view. Where the client is nobody in particular the request is
/// forbidden. Pyramid's `request.authenticated_userid`; what is said of [`Identity`] about `Option` and `Result` is true of it too.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[view_config(route = "/whoami")]
/// async fn whoami(user: AuthenticatedUserid) -> String {
///     user.0
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedUserid(pub String);

impl Deref for AuthenticatedUserid {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
