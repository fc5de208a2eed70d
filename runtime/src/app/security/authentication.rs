//! How a client proves who it is.

use super::erased::Headers;
use crate::app::extract::Need;
use crate::app::request::Request;
use crate::app::settings::Settings;
use crate::error::Result;

/// How a client proves who it is: the half of an [`AclPolicy`](super::AclPolicy) that reads requests, and writes what the client is
/// to send with later ones. [`AuthTktCookieHelper`](super::AuthTktCookieHelper) and
/// [`HttpBasicAuthentication`](super::HttpBasicAuthentication) are ready-made; another one takes no more than a method:
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::security::{Acl, AclPolicy, AUTHENTICATED, Authentication};
///
/// struct Keys(Vec<(&'static str, &'static str)>);                  // keys and whose they are
///
/// impl Authentication for Keys {
///     async fn userid(&self, request: &Request) -> Result<Option<String>> {
///         let Some(sent) = request.header("x-api-key") else { return Ok(None) };
///         let known = self.0.iter().find(|(key, _)| *key == sent);
///         Ok(known.map(|(_, user)| (*user).to_owned()))
///     }
/// }
///
/// # let mut config = Configurator::new();
/// let keys = Keys(vec![("5c6f2e", "ann")]);
/// config.set_security_policy(AclPolicy::new(keys, |_, _| Some(["group:editors"])));
/// ```
pub trait Authentication: Send + Sync + 'static {
    /// The user that the client has proved to be; `None` where it has not. Whether there is such a user need not be known here.
    ///
    /// # Errors
    /// Where that cannot be found out.
    fn userid(&self, request: &Request) -> impl Future<Output = Result<Option<String>>> + Send;

    /// The headers that make a client be remembered as `userid`. By default none.
    ///
    /// # Errors
    /// Where they cannot be made.
    fn remember(&self, request: &Request, userid: &str) -> impl Future<Output = Result<Headers>> + Send {
        let _ = (request, userid);
        async { Ok(Vec::new()) }
    }

    /// The headers that make a client be forgotten. By default none.
    ///
    /// # Errors
    /// Where they cannot be made.
    fn forget(&self, request: &Request) -> impl Future<Output = Result<Headers>> + Send {
        let _ = request;
        async { Ok(Vec::new()) }
    }

    /// Gets ready, once, while the application is made: reads settings, and looks whether all is well.
    ///
    /// # Errors
    /// Where it is not, as in [`SecurityPolicy::prepare`](super::SecurityPolicy::prepare).
    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        let _ = settings;
        Ok(())
    }

    /// What the application must have for this to work: [`Need::Session`], for instance. That it has not is found at start-up.
    fn need(&self) -> Option<Need> {
        None
    }
}
