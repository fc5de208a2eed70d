//! Sessions that are kept on the server, and of which the client has the name.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::factory::SessionFactory;
use super::record::SessionRecord;
use super::session::{Session, SessionLife, life_methods};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::settings::Settings;
use crate::error::{Error, Result};
use crate::protocol::cookie::{CookieAttributes, SameSite, cookie_methods};
use crate::protocol::hexadecimal::hexadecimal;
use crate::protocol::random;

/// Where [`StoredSessionFactory`] keeps sessions: a table, a Redis server, whatever can be asked for a text by a name.
///
/// A name is 64 hexadecimal digits, made of what the client has by SHA-256: who reads the store cannot take a session over.
pub trait SessionStore: Send + Sync + 'static {
    /// The record of that name; `None` where there is none, or it was kept long enough.
    ///
    /// # Errors
    /// Where the store cannot be asked. The request ends in this error.
    fn load(&self, name: &str) -> impl Future<Output = Result<Option<String>>> + Send;

    /// Keeps a record under that name, instead of the one that is there: for `keep` from now on, or for ever.
    ///
    /// # Errors
    /// Where it cannot be kept.
    fn save(
        &self,
        name: &str,
        record: &str,
        keep: Option<Duration>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Gives the record of that name up. That there is none is no error.
    ///
    /// # Errors
    /// Where the store cannot be told.
    fn delete(&self, name: &str) -> impl Future<Output = Result<()>> + Send;
}

/// Sessions that are kept in a [`SessionStore`] of yours, while the client has a cookie with 160 random bits. They may be large, are
/// nobody's to read, and end when they are [invalidated](Session::invalidate): the old record is deleted, and what is put into the
/// session afterwards gets a new name, so that nobody who knew the old one has the new one.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant};
///
/// use aiopyramid::prelude::*;
/// use aiopyramid::session::{SessionStore, StoredSessionFactory};
///
/// /// In memory: for a program of one process. A server of others is asked in the same three ways, with `await`.
/// #[derive(Default)]
/// struct Memory(Mutex<HashMap<String, (String, Option<Instant>)>>);
///
/// impl SessionStore for Memory {
///     async fn load(&self, name: &str) -> Result<Option<String>> {
///         let kept = self.0.lock().unwrap();
///         let live = kept.get(name).filter(|(_, end)| end.is_none_or(|end| Instant::now() < end));
///         Ok(live.map(|(record, _)| record.clone()))
///     }
///
///     async fn save(&self, name: &str, record: &str, keep: Option<Duration>) -> Result<()> {
///         let end = keep.map(|keep| Instant::now() + keep);
///         let mut kept = self.0.lock().unwrap();
///         kept.retain(|_, (_, end)| end.is_none_or(|end| Instant::now() < end));
///         kept.insert(name.to_owned(), (record.to_owned(), end));
///         Ok(())
///     }
///
///     async fn delete(&self, name: &str) -> Result<()> {
///         self.0.lock().unwrap().remove(name);
///         Ok(())
///     }
/// }
///
/// # fn includeme(config: &mut Configurator) {
/// config.set_session_factory(StoredSessionFactory::new(Memory::default()));
/// # }
/// ```
///
/// Of two requests that change one session at the same time, the one that is answered later wins.
#[derive(Debug)]
pub struct StoredSessionFactory<S> {
    store: S,
    life: SessionLife,
    cookie: CookieAttributes,
}

/// What the client of a request has: kept on the request from loading to saving.
#[derive(Clone)]
struct Ticket(String);

impl<S: SessionStore> StoredSessionFactory<S> {
    /// Keeps sessions there.
    pub fn new(store: S) -> Self {
        Self { store, life: SessionLife::default(), cookie: CookieAttributes::named("session") }
    }

    life_methods!(life);
    cookie_methods!(cookie);
}

impl<S: SessionStore> SessionFactory for StoredSessionFactory<S> {
    fn prepare(&mut self, _: &Settings) -> Result<()> {
        self.cookie.check().map_err(Error::msg)
    }

    async fn load(&self, request: &Request) -> Result<Session> {
        let Some(ticket) = request.cookie(&self.cookie.name).filter(|ticket| is_ticket(ticket)) else {
            return Ok(Session::begin(self.life));
        };
        let Some(record) = self.store.load(&name_of(&ticket)).await? else {
            // A name that we do not know is not taken up: somebody else may have given it to the client.
            return Ok(Session::begin(self.life));
        };
        request.set_extension(Ticket(ticket));
        Ok(match SessionRecord::from_json(&record) {
            Ok(record) => Session::resume(record, self.life),
            Err(error) => {
                tracing::warn!(%error, "what the store keeps is no session: it begins anew");
                Session::begin(self.life)
            }
        })
    }

    async fn save(&self, request: &Request, session: &Session, response: &mut Response) -> Result<()> {
        let is_https = request.scheme() == "https";
        let mut ticket = request.extension::<Ticket>().map(|Ticket(ticket)| ticket);
        if session.is_invalidated()
            && let Some(ended) = ticket.take()
        {
            self.store.delete(&name_of(&ended)).await?;
            if session.is_empty() {
                let mut removal = self.cookie.cookie(String::new(), is_https);
                removal.make_removal();
                return response.add_cookie(&removal);
            }
        }
        let is_new = ticket.is_none();
        let ticket = ticket.map_or_else(random::token, Ok)?;
        let record = session.record().to_json()?;
        self.store.save(&name_of(&ticket), &record, self.life.timeout).await?;
        // Known to the client already, unless the browser is to keep it longer.
        if is_new || self.cookie.max_age.is_some() {
            response.add_cookie(&self.cookie.cookie(ticket, is_https))?;
        }
        Ok(())
    }
}

fn is_ticket(text: &str) -> bool {
    text.len() == random::TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What the store calls the session.
fn name_of(ticket: &str) -> String {
    hexadecimal(&Sha256::digest(ticket))
}
