//! Values that the whole application shares.

use std::any::{Any, TypeId};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::app::type_key::{ByType, TypeKey};

/// A value that the application [manages](crate::Configurator::manage): the same one for every request.
///
/// A view that asks for one that nobody manages is found at start-up.
///
/// ```no_run
/// use aiopyramid::prelude::*;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// #[derive(Default)]
/// struct Visits(AtomicU64);
///
/// #[view_config(route = "/visits")]
/// async fn visits(visits: State<Visits>) -> String {
///     format!("visit {}", visits.0.fetch_add(1, Ordering::Relaxed) + 1)
/// }
///
/// #[aiopyramid::main]
/// fn main(config: &mut Configurator) -> Result<()> {
///     config.manage(Visits::default());
///     config.scan();
///     Ok(())
/// }
/// ```
pub struct State<T: ?Sized>(Arc<T>);

/// A type of which the whole application can share one value: every one that threads can share.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared by the whole application",
    label = "`{Self}` is not `Send` and `Sync`",
    note = "put what changes in it into a `Mutex`, an `RwLock` or an atomic, and an `Arc` where there is an `Rc`"
)]
pub trait Shareable: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Shareable for T {}

impl<T: ?Sized> State<T> {
    /// Of a value that is shared already; what a unit test passes to a view.
    pub fn new(value: Arc<T>) -> Self {
        Self(value)
    }
}

impl<T> From<T> for State<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T: ?Sized> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: ?Sized> Deref for State<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a parameter of a view needs besides the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// That the application manages a value of this type.
    State(TypeKey),
    /// That the context is of this type, or provides it: the view is for such contexts only.
    Context(TypeKey),
    /// That there is a security policy.
    Policy,
    /// That there is a security policy whose identities are of this type.
    Identity(TypeKey),
    /// That there is a session factory.
    Session,
}

impl Need {
    /// The need for a managed `T`.
    pub fn of<T: 'static>() -> Self {
        Self::State(TypeKey::of::<T>())
    }

    /// The need for a context that is a `T`: the type of a resource, or a `dyn Trait` that resources provide.
    pub fn context<T: ?Sized + 'static>() -> Self {
        Self::Context(TypeKey::of::<T>())
    }

    /// The need for a security policy whose identities are `T`.
    pub fn identity<T: 'static>() -> Self {
        Self::Identity(TypeKey::of::<T>())
    }
}

/// Every value that the application manages, by type.
#[derive(Default, Clone)]
pub struct States(ByType<Arc<dyn Any + Send + Sync>>);

impl States {
    /// Adds a value; gives `false` where one of this type was there already, which then stays.
    pub(crate) fn insert<T: Send + Sync + 'static>(&mut self, value: T) -> bool {
        let vacant = !self.0.contains_key(&TypeId::of::<T>());
        if vacant {
            self.0.insert(TypeId::of::<T>(), Arc::new(value));
        }
        vacant
    }

    pub(crate) fn satisfies(&self, wanted: TypeKey) -> bool {
        self.0.contains_key(&wanted.id())
    }

    /// The value of type `T`.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<State<T>> {
        let value = Arc::clone(self.0.get(&TypeId::of::<T>())?);
        value.downcast().ok().map(State)
    }
}

impl fmt::Debug for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "States({} values)", self.0.len())
    }
}
