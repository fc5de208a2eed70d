//! Who wants to hear of what.

use std::any::{Any, TypeId};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use super::Event;
use crate::app::executor::use_executor;
use crate::app::type_key::{ByType, TypeKey};
use crate::error::{Error, Result};

/// An event whose type only its subscribers know.
pub type AnyEvent = Arc<dyn Any + Send + Sync>;

/// A subscriber at work.
pub type Observing = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What a subscriber may return: nothing, or a `Result` of nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what a subscriber returns",
    label = "nobody would take this value",
    note = "return nothing, or `Result<()>`"
)]
pub trait IntoOutcome {
    /// Whether it went well.
    ///
    /// # Errors
    /// What the subscriber failed with.
    fn into_outcome(self) -> Result<()>;
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Error>> IntoOutcome for Result<(), E> {
    fn into_outcome(self) -> Result<()> {
        self.map_err(Into::into)
    }
}

fn known<E: Any + Send + Sync>(event: AnyEvent) -> Result<Arc<E>> {
    event.downcast().map_err(|_| Error::msg("a subscriber was told of an event of another type"))
}

// That `E` is an event is asked once, where its type is written, so that it is blamed once.
/// What the body of an `async fn`'s subscriber becomes.
pub fn waiting<E, T>(event: AnyEvent, call: impl FnOnce(Arc<E>) -> T + Send + 'static) -> Observing
where
    E: Any + Send + Sync,
    T: Future<Output = Result<()>> + Send + 'static,
{
    Box::pin(async move { call(known(event)?).await })
}

/// What the body of a plain `fn`'s subscriber becomes.
pub fn working<E: Any + Send + Sync>(
    event: AnyEvent,
    call: impl FnOnce(&E) -> Result<()> + Send + 'static,
) -> Observing {
    Box::pin(async move {
        let event = known(event)?;
        use_executor(move || call(&event)).await
    })
}

/// How a subscriber is called.
#[derive(Clone)]
pub struct Observed {
    pub(crate) event: TypeKey,
    call: Arc<dyn Fn(AnyEvent) -> Observing + Send + Sync>,
}

impl Observed {
    /// Of a function that is told of events of this type.
    pub fn new(event: TypeKey, call: impl Fn(AnyEvent) -> Observing + Send + Sync + 'static) -> Self {
        Self { event, call: Arc::new(call) }
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed").field("event", &self.event).finish_non_exhaustive()
    }
}

/// A function that can be [added](crate::Configurator::add_subscriber) as a subscriber: an `async fn` or a plain one of a
/// borrowed event.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no subscriber",
    label = "not a subscriber",
    note = "a subscriber is an `async fn` or a plain `fn` with one parameter, a borrowed event: `&NewRequest`"
)]
pub trait IntoSubscriber<M> {
    /// How it is called.
    fn into_subscriber(self) -> Observed;
}

/// Marks an `async fn`.
#[derive(Debug)]
pub struct AsCoroutine;

/// A function whose future borrows what it was called with.
pub trait AsyncCall<'a, E: 'a>: Fn(&'a E) -> Self::Future {
    /// The future.
    type Future: Future<Output = Self::Outcome> + Send + 'a;
    /// What it gives.
    type Outcome: IntoOutcome;
}

impl<'a, E, F, T> AsyncCall<'a, E> for F
where
    E: 'a,
    F: Fn(&'a E) -> T,
    T: Future + Send + 'a,
    T::Output: IntoOutcome,
{
    type Future = T;
    type Outcome = T::Output;
}

impl<E, F> IntoSubscriber<(AsCoroutine, E)> for F
where
    E: Event,
    F: for<'a> AsyncCall<'a, E> + Send + Sync + 'static,
{
    fn into_subscriber(self) -> Observed {
        let function = Arc::new(self);
        Observed::new(E::KEY, move |event| {
            let function = Arc::clone(&function);
            Box::pin(async move {
                let event = known::<E>(event)?;
                function(&event).await.into_outcome()
            })
        })
    }
}

impl<E, F, R> IntoSubscriber<(E, R)> for F
where
    E: Event,
    F: Fn(&E) -> R + Send + Sync + 'static,
    R: IntoOutcome,
{
    fn into_subscriber(self) -> Observed {
        let function = Arc::new(self);
        Observed::new(E::KEY, move |event| {
            let function = Arc::clone(&function);
            working::<E>(event, move |event| function(event).into_outcome())
        })
    }
}

/// The subscribers of an application: by type, in the order in which they were added.
#[derive(Debug, Default)]
pub struct Subscribers(ByType<Vec<Observed>>);

impl Subscribers {
    pub(crate) fn new(subscribers: impl IntoIterator<Item = Observed>) -> Self {
        let mut by_type: ByType<Vec<Observed>> = ByType::default();
        for subscriber in subscribers {
            by_type.entry(subscriber.event.id()).or_default().push(subscriber);
        }
        Self(by_type)
    }

    /// Whether anybody wants to hear of such events.
    pub fn want<E: Event>(&self) -> bool {
        !self.0.is_empty() && self.0.contains_key(&TypeId::of::<E>())
    }

    /// Tells all that want to hear of it, one after the other.
    ///
    /// # Errors
    /// That of the first one that fails; those after it are not told then.
    pub async fn notify<E: Event>(&self, event: E) -> Result<()> {
        self.notify_shared(Arc::new(event)).await
    }

    /// The same for an event that somebody wants to look at afterwards.
    ///
    /// # Errors
    /// As there.
    pub async fn notify_shared<E: Event>(&self, event: Arc<E>) -> Result<()> {
        let Some(subscribers) = self.0.get(&TypeId::of::<E>()) else { return Ok(()) };
        for subscriber in subscribers {
            (subscriber.call)(event.clone()).await?;
        }
        Ok(())
    }
}
