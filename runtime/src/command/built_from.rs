//! What Cargo has built the program from.

/// What Cargo has built the program from, so that it can be built again.
#[derive(Debug, Clone, Copy)]
pub struct BuiltFrom {
    /// The name of the package.
    pub package: &'static str,
    /// The folder of its manifest.
    pub folder: &'static str,
    /// The features that are on; `None` where the macro was not told.
    pub features: Option<&'static [&'static str]>,
}
