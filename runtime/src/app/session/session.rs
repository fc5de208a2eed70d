//! A session, as whoever handles its request sees it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::clock::now;
use super::record::{SessionRecord, time_of};
use super::values::{Values, text_of};
use crate::error::{Error, Result};

/// What is remembered of a client from one request to the next: values with names. A parameter of a view, blocking or not;
/// elsewhere [`request.session()`](crate::Request::session).
///
/// It is looked for when it is first asked for, and kept when the response is there, if something was changed in it, or if it was
/// looked into and is due to be [renewed](SessionLife::reissue_time). A request that has nothing to do with its session costs
/// nothing and sets no cookie. A clone is the same session.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::session::Session;
///
/// #[view_config(route = "/visits")]
/// async fn visits(session: Session) -> Result<String> {
///     let visits = session.get::<u32>("visits")?.unwrap_or(0) + 1;
///     session.insert("visits", &visits)?;
///     Ok(format!("You were here {visits} times."))
/// }
/// ```
///
/// Values are anything that serde can make JSON of. What is got is a copy: to change something inside of a value, put it back, or
/// have it [updated](Self::update). (In Pyramid a change inside of a value is lost without `changed()`.)
#[derive(Clone)]
pub struct Session(Arc<Shared>);

struct Shared {
    reissue_time: Option<Duration>,
    is_new: bool,
    /// When it was last renewed before this request.
    renewed: f64,
    state: Mutex<State>,
}

struct State {
    record: SessionRecord,
    is_changed: bool,
    is_invalidated: bool,
    /// The response is there: what is changed now is changed too late.
    is_over: bool,
}

/// How long sessions last. The defaults are Pyramid's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    /// How long a session lasts that nobody uses: 1,200 seconds. `None` is for ever.
    pub timeout: Option<Duration>,
    /// How old the note of when it was last used may become before using it, if only by looking into it, renews that: 0 seconds.
    /// With `None` only a change does.
    pub reissue_time: Option<Duration>,
}

impl Default for SessionLife {
    fn default() -> Self {
        Self { timeout: Some(Duration::from_mins(20)), reissue_time: Some(Duration::ZERO) }
    }
}

/// The methods of a type that has a [`SessionLife`] in a field. It names [`SessionLife`] and `Duration`.
macro_rules! life_methods {
    ($life:ident) => {
        /// [How long](SessionLife::timeout) a session lasts that nobody uses: 1,200 seconds; with `None` for ever.
        #[must_use]
        pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
            self.$life.timeout = timeout.into();
            self
        }

        /// [How often](SessionLife::reissue_time) looking into a session renews it.
        #[must_use]
        pub fn reissue_time(mut self, time: impl Into<Option<Duration>>) -> Self {
            self.$life.reissue_time = time.into();
            self
        }
    };
}
pub(super) use life_methods;

/// For those who write a [factory](super::SessionFactory).
impl Session {
    /// One that begins with this request.
    pub fn begin(life: SessionLife) -> Self {
        let now = now();
        let record = SessionRecord { accessed: now, created: now, touched: false, values: Values::default() };
        Self::with(record, life, true)
    }

    /// One that was kept. Where it was not used for too long it is empty, but not [new](Self::is_new), as in Pyramid.
    pub fn resume(mut record: SessionRecord, life: SessionLife) -> Self {
        if life.timeout.is_some_and(|timeout| now() - record.accessed > timeout.as_secs_f64()) {
            record.values.clear();
        }
        Self::with(record, life, false)
    }

    fn with(record: SessionRecord, life: SessionLife, is_new: bool) -> Self {
        Self(Arc::new(Shared {
            reissue_time: life.reissue_time,
            is_new,
            renewed: record.accessed,
            state: Mutex::new(State { record, is_changed: false, is_invalidated: false, is_over: false }),
        }))
    }

    /// What is to be kept of it.
    pub fn record(&self) -> SessionRecord {
        self.state().record.clone()
    }

    /// Whether it was [invalidated](Self::invalidate): whatever is kept under its old name is to be given up.
    pub fn is_invalidated(&self) -> bool {
        self.state().is_invalidated
    }

    /// Ends it, and tells whether it is to be kept.
    pub(crate) fn end(&self) -> bool {
        let mut state = self.state();
        state.is_over = true;
        state.is_changed
    }
}

/// What is in it.
impl Session {
    /// The value of `key`; `None` where there is none.
    ///
    /// # Errors
    /// Where it is no `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        self.read(|values| values.get(key)).transpose().map_err(|error| wrong_type::<T>(key, &error))
    }

    /// Sets the value of `key`.
    ///
    /// # Errors
    /// Where serde cannot make JSON of it.
    pub fn insert(&self, key: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Result<()> {
        let value = text_of(value)?;
        self.write(|values| values.insert(key.into(), value));
        Ok(())
    }

    /// Changes the value of `key`, or the default where there is none, and gives what `change` does.
    ///
    /// ```
    /// # use aiopyramid::session::{Session, SessionLife};
    /// # let session = Session::begin(SessionLife::default());
    /// session.update("cart", |cart: &mut Vec<u32>| cart.push(7))?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where it is no `T`, or what it has become is nothing that serde can make JSON of.
    pub fn update<T, R>(&self, key: &str, change: impl FnOnce(&mut T) -> R) -> Result<R>
    where
        T: DeserializeOwned + Serialize + Default,
    {
        let mut value = self.get(key)?.unwrap_or_default();
        let result = change(&mut value);
        self.insert(key, &value)?;
        Ok(result)
    }

    /// Takes the value of `key` out of it; `None` where there is none. Pyramid's `pop`.
    ///
    /// # Errors
    /// Where it is no `T`; it is taken out all the same.
    pub fn take<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let value = self.write(|values| {
            let value = values.get(key);
            values.remove(key);
            value
        });
        value.transpose().map_err(|error| wrong_type::<T>(key, &error))
    }

    /// Takes the value of `key` out of it, and tells whether there was one.
    pub fn remove(&self, key: &str) -> bool {
        self.write(|values| values.remove(key))
    }

    /// Whether there is a value of `key`.
    pub fn contains(&self, key: &str) -> bool {
        self.read(|values| values.text(key).is_some())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.read(|values| values.keys().next().is_none())
    }

    /// The names of all values, in the order in which they were put there.
    pub fn keys(&self) -> Vec<String> {
        self.read(|values| values.keys().map(str::to_owned).collect())
    }

    /// Takes everything out of it.
    pub fn clear(&self) {
        self.write(Values::clear);
    }

    /// Takes everything out of it for good: what a logout does, and a login before it notes who has come. A factory that gives
    /// sessions names gives it another one.
    pub fn invalidate(&self) {
        self.state().is_invalidated = true;
        self.clear();
    }

    /// Has it kept though nothing was changed. Needed for nothing that the methods here do.
    pub fn changed(&self) {
        let mut state = self.state();
        state.is_changed = true;
        warn_if_over(&state);
    }

    /// When it began.
    pub fn created(&self) -> SystemTime {
        time_of(self.state().record.created).unwrap_or(UNIX_EPOCH)
    }

    /// Whether it began with this request. Pyramid's `new`.
    pub fn is_new(&self) -> bool {
        self.0.is_new
    }

    /// When it was last renewed before this request; for one that is new, the time of this request.
    pub fn renewed(&self) -> SystemTime {
        time_of(self.0.renewed).unwrap_or(UNIX_EPOCH)
    }

    /// The name of the largest value and its length in bytes, for a message.
    pub(super) fn largest(&self) -> Option<(String, usize)> {
        self.state().record.values.largest().map(|(name, size)| (name.to_owned(), size))
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Values) -> T) -> T {
        let mut state = self.state();
        let now = now();
        state.touch(now);
        // Of a session whose request is over nothing is kept, so there is nothing to renew.
        if !state.is_over
            && let Some(time) = self.0.reissue_time
            && now.floor() - self.0.renewed > time.as_secs_f64()
        {
            state.is_changed = true;
        }
        look(&state.record.values)
    }

    pub(super) fn write<T>(&self, change: impl FnOnce(&mut Values) -> T) -> T {
        let mut state = self.state();
        state.touch(now());
        state.is_changed = true;
        warn_if_over(&state);
        change(&mut state.record.values)
    }

    /// What sits behind the lock is valid after each single statement, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn touch(&mut self, now: f64) {
        self.record.accessed = now.floor();
        self.record.touched = true;
    }
}

fn warn_if_over(state: &State) {
    if state.is_over {
        tracing::warn!(
            "a session was changed after the response of its request was made: the change is lost"
        );
    }
}

fn wrong_type<T>(key: &str, error: &serde_json::Error) -> Error {
    Error::msg(format!("`{key}` in the session is no `{}`: {error}", std::any::type_name::<T>()))
}

/// Without what is in it, which may be secret.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("created", &self.created())
            .field("is_new", &self.is_new())
            .finish_non_exhaustive()
    }
}
