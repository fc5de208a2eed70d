//! How tweens are referred to.

use std::fmt;

/// Outside of all tweens: where requests come from.
pub const INGRESS: &str = "INGRESS";

/// Inside of all tweens: the application.
pub const MAIN: &str = "MAIN";

/// The built-in tween that makes responses of errors, by asking the exception views; of an HTTP exception that none answers it
/// makes the stock page. Any other error that none answers passes through it.
pub const EXCVIEW: &str = "EXCVIEW";

/// The name of a function, or of a type that is a tween: its path, as [`add_tween`](crate::Configurator::add_tween) and
/// [`macro@tween`](macro@crate::tween) name it.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::tween::{Next, name_of};
///
/// async fn inner(request: Request, next: Next) -> Result<Response> { next.run(request).await }
/// async fn outer(request: Request, next: Next) -> Result<Response> { next.run(request).await }
///
/// let mut config = Configurator::new();
/// config.add_tween(inner);
/// config.add_tween(outer).over(name_of(&inner));
/// # config.make_app()?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
pub fn name_of<T>(tween: &T) -> &'static str {
    std::any::type_name_of_val(tween)
}

/// A tween that another one is to stand under or over, as an annotation has it.
#[derive(Clone, Copy)]
pub enum TweenReference {
    /// By its name, or one of the words [`INGRESS`], [`MAIN`] and [`EXCVIEW`].
    Name(&'static str),
    /// By its function.
    Function(fn() -> &'static str),
}

impl TweenReference {
    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name(name) => name,
            Self::Function(name) => name(),
        }
    }
}

impl fmt::Debug for TweenReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().fmt(f)
    }
}

/// One name, or several of which one at least must be there.
pub trait IntoNames {
    /// All of them.
    fn into_names(self) -> Vec<String>;
}

impl IntoNames for &str {
    fn into_names(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl IntoNames for String {
    fn into_names(self) -> Vec<String> {
        vec![self]
    }
}

impl<T: Into<String>, const N: usize> IntoNames for [T; N] {
    fn into_names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<String>> IntoNames for Vec<T> {
    fn into_names(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}
