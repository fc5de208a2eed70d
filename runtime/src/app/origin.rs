//! Where in a program something was written down.

use std::fmt;
use std::panic::Location;

/// Where in a program something was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The package; empty for what was added by a call.
    pub package: &'static str,
    /// The path of the module; empty for what was added by a call.
    pub module: &'static str,
    /// The file, as the compiler was given it.
    pub file: &'static str,
    /// The line in it.
    pub line: u32,
}

impl Origin {
    /// Where this is called: for an annotation, where that stands. Cheaper to compile than `file!()` and `line!()`.
    #[track_caller]
    pub const fn here(package: &'static str, module: &'static str) -> Self {
        let place = Location::caller();
        Self { package, module, file: place.file(), line: place.line() }
    }
}

impl From<&'static Location<'static>> for Origin {
    fn from(location: &'static Location<'static>) -> Self {
        Self { package: "", module: "", file: location.file(), line: location.line() }
    }
}

/// `src/views.rs:12`
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
