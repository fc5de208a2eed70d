//! The error that a view may return: any error, kept whole.
//!
//! A view says `Result<T>` and uses `?` on whatever its libraries return. The value is kept with its type, so that what
//! answers it (an exception view, or the default one) can look at what it really was.

mod trace;

use std::any::type_name;
use std::backtrace::Backtrace;
use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

pub(crate) use trace::{PanicTrace, of_panic};

/// What a fallible view or directive returns: [`std::result::Result`] with [`Error`] unless another error is named.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error, with its type intact.
///
/// Made by `?` from whatever implements [`std::error::Error`]. Like `anyhow::Error`, and for the same reason, it does not
/// implement that trait itself: the conversion from every error could not be written otherwise.
///
/// ```
/// fn parse(text: &str) -> aiopyramid::Result<u16> {
///     Ok(text.parse()?)
/// }
/// let error = parse("no number").unwrap_err();
/// assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
/// assert!(error.location().file().ends_with(".rs"), "it knows the place of the `?`");
/// ```
pub struct Error {
    kept: Kept,
    /// Where it was made: at the `?`, for most.
    location: &'static Location<'static>,
    /// What its type is called, which is not known while the program is compiled.
    name: fn() -> &'static str,
    backtrace: Option<Box<Backtrace>>,
}

enum Kept {
    Own(Box<dyn StdError + Send + Sync + 'static>),
    /// One that others look at too.
    Shared(Arc<Error>),
}

impl Error {
    /// Keeps `error`; the same as `Error::from(error)`.
    #[track_caller]
    pub fn new<E: StdError + Send + Sync + 'static>(error: E) -> Self {
        Self::made(Kept::Own(Box::new(error)), type_name::<E>)
    }

    /// Keeps an error that is boxed already, with the type of what is in the box.
    #[track_caller]
    pub fn boxed(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self::made(Kept::Own(error), || "")
    }

    /// An error that is only a message.
    #[track_caller]
    pub fn msg(message: impl Into<String>) -> Self {
        Self::new(Message(message.into()))
    }

    #[track_caller]
    fn made(kept: Kept, name: fn() -> &'static str) -> Self {
        Self { kept, location: Location::caller(), name, backtrace: trace::here() }
    }

    /// Where it became one: the place of the `?`, or that of the call that made it.
    pub fn location(&self) -> &'static Location<'static> {
        match &self.kept {
            Kept::Own(_) => self.location,
            Kept::Shared(shared) => shared.location(),
        }
    }

    /// What the type of the error inside is called, with its path, for people; empty where it came in a box.
    pub fn type_name(&self) -> &'static str {
        match &self.kept {
            Kept::Own(_) => (self.name)(),
            Kept::Shared(shared) => shared.type_name(),
        }
    }

    /// The calls that were open where it became one, if [`keep_backtraces`](Self::keep_backtraces) was called before.
    pub fn backtrace(&self) -> Option<&Backtrace> {
        match &self.kept {
            Kept::Own(_) => self.backtrace.as_deref(),
            Kept::Shared(shared) => shared.backtrace(),
        }
    }

    /// Has every error that is made from now on keep its backtrace, and every panic, for the whole process. For development: it
    /// costs some microseconds for each error, also for those that are answers, such as a 404.
    ///
    /// Whether `RUST_BACKTRACE` is set makes no difference. Panics are noted by a panic hook, which calls the one before it.
    pub fn keep_backtraces() {
        trace::keep();
    }

    /// The error inside, where it is an `E`.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.as_std().downcast_ref()
    }

    /// Takes the error out, where it is an `E`.
    ///
    /// # Errors
    /// Gives the error back where it is something else.
    pub fn downcast<E: StdError + 'static>(self) -> Result<E, Self> {
        let Self { kept, location, name, backtrace } = self;
        match kept {
            Kept::Own(error) => match error.downcast() {
                Ok(error) => Ok(*error),
                Err(error) => Err(Self { kept: Kept::Own(error), location, name, backtrace }),
            },
            Kept::Shared(shared) => match Arc::try_unwrap(shared) {
                Ok(error) => error.downcast(),
                Err(shared) => Err(Self::shared(shared)),
            },
        }
    }

    /// The error inside, and through [`source`](StdError::source) what caused it.
    pub fn as_std(&self) -> &(dyn StdError + Send + Sync + 'static) {
        match &self.kept {
            Kept::Own(error) => &**error,
            Kept::Shared(error) => error.as_std(),
        }
    }

    /// The error again, while others look at it too: what a tween gives back that has kept the error which it passes on.
    pub fn shared(error: Arc<Self>) -> Self {
        // What is told of it is told by the one that is shared.
        Self { location: error.location, name: error.name, kept: Kept::Shared(error), backtrace: None }
    }

    /// The error and its causes, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let first: &(dyn StdError + 'static) = self.as_std();
        std::iter::successors(Some(first), |error: &&(dyn StdError + 'static)| (*error).source())
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

/// The error inside: for what takes any error, but knows nothing of this type.
impl From<Error> for Box<dyn StdError + Send + Sync> {
    fn from(error: Error) -> Self {
        match error.kept {
            Kept::Own(error) => error,
            Kept::Shared(shared) => match Arc::try_unwrap(shared) {
                Ok(error) => error.into(),
                Err(shared) => Box::new(Another(shared)),
            },
        }
    }
}

/// An error that others look at too, where nothing but a box of one will do.
#[derive(Debug)]
struct Another(Arc<Error>);

impl fmt::Display for Another {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Another {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.0.as_std())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_std(), f)
    }
}

/// The message and what caused it, one a line: what a program prints that ends with an error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        for cause in self.chain().skip(1) {
            write!(f, "\ncaused by: {cause}")?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Message(String);

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Message {}
