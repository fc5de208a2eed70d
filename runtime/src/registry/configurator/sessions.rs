//! What is remembered of clients.

use super::Configurator;
use crate::app::csrf::{CsrfCookie, CsrfOptions};
use crate::app::session::{ErasedSessionFactory, SessionFactory};

impl Configurator {
    /// Sets where sessions come from and are kept. There is none unless one is set.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::session::SignedCookieSessionFactory;
    ///
    /// fn includeme(config: &mut Configurator) -> Result<()> {
    ///     config.set_session_factory(SignedCookieSessionFactory::from_settings());
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn set_session_factory(&mut self, factory: impl SessionFactory) -> &mut Self {
        let factory: Box<dyn ErasedSessionFactory> = Box::new(factory);
        self.set_once("the session factory", |config| &mut config.sessions, factory);
        self
    }

    /// Protects every view that does not say `require_csrf = false`: a request that may change something has to bring the token of its
    /// client, and over https to come from a page of this site. Exception views are protected where they say so. See
    /// [`csrf`](crate::csrf).
    ///
    /// ```
    /// use aiopyramid::csrf::CsrfOptions;
    /// use aiopyramid::prelude::*;
    ///
    /// fn includeme(config: &mut Configurator) -> Result<()> {
    ///     config.set_default_csrf_options(CsrfOptions::new());
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn set_default_csrf_options(&mut self, options: CsrfOptions) -> &mut Self {
        self.set_once(
            "how requests are told from those of other sites",
            |config| &mut config.csrf_options,
            options,
        );
        self
    }

    /// Keeps the tokens of clients in a cookie of their own instead of the session. Pyramid's `set_csrf_storage_policy`.
    #[track_caller]
    pub fn set_csrf_cookie(&mut self, cookie: CsrfCookie) -> &mut Self {
        self.set_once("the cookie for CSRF tokens", |config| &mut config.csrf_cookie, cookie);
        self
    }
}
