//! What is remembered of clients.

use super::Configurator;
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
}
