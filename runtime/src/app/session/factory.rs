//! Where sessions come from, and where they are kept.

use std::pin::Pin;

use super::session::Session;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::settings::Settings;
use crate::error::Result;

/// Where the sessions of an application come from, and where they are kept: one for an application, given to
/// [`set_session_factory`](crate::Configurator::set_session_factory). [`SignedCookieSessionFactory`](super::SignedCookieSessionFactory)
/// is ready made, and so is [`StoredSessionFactory`](super::StoredSessionFactory) but for the store; one of your own keeps them wherever it
/// likes, and may wait for that.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use aiopyramid::prelude::*;
/// use aiopyramid::session::{Session, SessionFactory, SessionLife, SessionRecord};
///
/// /// What a database has a table for.
/// #[derive(Default)]
/// struct ByUser(Mutex<HashMap<String, String>>);
///
/// impl SessionFactory for ByUser {
///     async fn load(&self, request: &Request) -> Result<Session> {
///         let user = request.authenticated_userid().await?.unwrap_or_default();
///         let kept = self.0.lock().unwrap().get(&user).cloned();
///         Ok(match kept {
///             Some(text) => Session::resume(SessionRecord::from_json(&text)?, SessionLife::default()),
///             None => Session::begin(SessionLife::default()),
///         })
///     }
///
///     async fn save(&self, request: &Request, session: &Session, _response: &mut Response) -> Result<()> {
///         let text = session.record().to_json()?;
///         if let Some(user) = request.authenticated_userid().await? {
///             self.0.lock().unwrap().insert(user, text);
///         }
///         Ok(())
///     }
/// }
///
/// # fn includeme(config: &mut Configurator) {
/// config.set_session_factory(ByUser::default());
/// # }
/// ```
pub trait SessionFactory: Send + Sync + 'static {
    /// Gets ready, once, while the application is made: reads settings, and looks whether all is well.
    ///
    /// # Errors
    /// Where it is not: the application does not start, and says where the factory was set. What follows `\nhelp: ` in the error's
    /// text is shown as what to do about it.
    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        let _ = settings;
        Ok(())
    }

    /// The session of a request: [one that was kept](Session::resume), or [a new one](Session::begin). Called at most once for a
    /// request, when somebody first asks.
    ///
    /// # Errors
    /// Where looking for it fails. A session that is not there, or is not to be believed, is no error: it is a new one.
    fn load(&self, request: &Request) -> impl Future<Output = Result<Session>> + Send;

    /// Keeps a session that was changed or is due to be renewed. Called when the response is there, behind all response callbacks,
    /// and not at all where the request ended in an error that nobody made a response of. [`Request::exception`] tells whether it
    /// ended in one that somebody did.
    ///
    /// # Errors
    /// Where keeping it fails, which is an error of the request.
    fn save(
        &self,
        request: &Request,
        session: &Session,
        response: &mut Response,
    ) -> impl Future<Output = Result<()>> + Send;
}

type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What a [`SessionFactory`] is, whatever its futures are.
pub(crate) trait ErasedSessionFactory: Send + Sync {
    fn prepare(&mut self, settings: &Settings) -> Result<()>;
    fn load<'a>(&'a self, request: &'a Request) -> Pending<'a, Session>;
    fn save<'a>(
        &'a self,
        request: &'a Request,
        session: &'a Session,
        response: &'a mut Response,
    ) -> Pending<'a, ()>;
}

impl<F: SessionFactory> ErasedSessionFactory for F {
    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        SessionFactory::prepare(self, settings)
    }

    fn load<'a>(&'a self, request: &'a Request) -> Pending<'a, Session> {
        Box::pin(SessionFactory::load(self, request))
    }

    fn save<'a>(
        &'a self,
        request: &'a Request,
        session: &'a Session,
        response: &'a mut Response,
    ) -> Pending<'a, ()> {
        Box::pin(SessionFactory::save(self, request, session, response))
    }
}
