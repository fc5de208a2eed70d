//! Packages that ought to have registered something.

use std::collections::HashSet;

use crate::registry::{Configurator, Declaration};

/// A package that uses the framework, and that this program can only reach through another one: if nothing in the program
/// names it, the linker drops it with all its handlers.
#[derive(Debug, Clone, Copy)]
pub struct ExpectedPackage {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The packages from the program to it.
    pub chain: &'static [&'static str],
    /// The line to add to the dependencies.
    pub line_to_add: &'static str,
    /// The manifest to add it to.
    pub in_file: &'static str,
}

/// Notes every expected package of which nothing was linked.
pub(super) fn refuse_missing(expected: &[ExpectedPackage], config: &mut Configurator) {
    if expected.is_empty() {
        return;
    }
    let linked: HashSet<&str> =
        inventory::iter::<Declaration>.into_iter().map(|declaration| declaration.origin().package).collect();
    for package in expected.iter().filter(|package| !linked.contains(package.name)) {
        let ExpectedPackage { name, version, chain, line_to_add, in_file } = package;
        let chain = chain.join(" -> ");
        config.refuse(
            format!("the package `{name}` {version} ({chain}) has handlers, but nothing of it is linked"),
            &format!("add this to the dependencies in {in_file}: {line_to_add}"),
        );
    }
}
