//! The tweens of an application, in their order.

use std::fmt;
use std::sync::Arc;

use crate::app::origin::Origin;
use crate::app::tween::Tween;

/// A tween that has its place.
pub struct RegisteredTween {
    /// The path of the function, or the name that it was given.
    pub name: String,
    /// Where it was written down; `None` for the built-in [`EXCVIEW`](crate::tween::EXCVIEW).
    pub origin: Option<Origin>,
    /// `None` for the built-in one, which is the router's own.
    pub(crate) tween: Option<Arc<dyn Tween>>,
}

impl RegisteredTween {
    /// What it is; `None` for the built-in [`EXCVIEW`](crate::tween::EXCVIEW).
    pub fn tween(&self) -> Option<&Arc<dyn Tween>> {
        self.tween.as_ref()
    }
}

impl fmt::Debug for RegisteredTween {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredTween")
            .field("name", &self.name)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// The tweens of an application, in their order.
#[derive(Debug, Default)]
pub struct Tweens {
    pub(crate) used: Vec<RegisteredTween>,
    pub(crate) explicit: bool,
    pub(crate) implicit: Option<Vec<String>>,
}

impl Tweens {
    /// Those that stand around the application, the outermost first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &RegisteredTween> + DoubleEndedIterator {
        self.used.iter()
    }

    /// Whether the setting `tweens` lists them.
    pub fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// The names of all that were added, in the order that follows from `under` and `over`. `None` where that order would be a
    /// contradiction, which does not matter as long as the setting lists those that are used.
    pub fn implicit(&self) -> Option<&[String]> {
        self.implicit.as_deref()
    }
}
