//! What `#[aiopyramid::main]` finds out about the package it stands in, so that no handler is lost in silence.
//!
//! Handlers register themselves at link time, and a crate that the program never names is not linked: its handlers are not
//! refused, they are not there. Nor is a file compiled that no `mod` declares. Both are seen by comparing what Cargo and the
//! directory know with what the program says:
//!
//! - the package's own library and those of its dependencies that lead to the framework are [named](Package::linked);
//! - packages further down that have handlers cannot be named from here, so the program is told at start-up to
//!   [expect](Package::expected) them;
//! - files with handlers that no declaration reaches are [undeclared](Package::undeclared), which is a compile error.
//!
//! It is a rule throughout that a false alarm is worse than a missed one: what cannot be read or judged is not expected. Two
//! lists in the manifest silence what was meant so:
//!
//! ```toml
//! [package.metadata.aiopyramid]
//! unlinked = ["some-package"]    # neither named nor expected
//! undeclared = ["src/drafts"]    # files and directories that are no modules
//! ```

use std::path::Path;
use std::rc::Rc;
use std::{fmt, fs};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use self::compilation::Compilation;
use self::condition::Condition;
use self::graph::{Direct, FRAMEWORK, Graph, Indirect};
use self::lock::Lock;
use self::manifest::Manifest;
use self::manifests::Manifests;
use self::modules::{Extent, Modules};
use self::target::Target;
use self::undeclared::Tree;

mod compilation;
mod condition;
#[cfg(test)]
mod fixture;
mod graph;
mod lexer;
mod lock;
mod manifest;
mod manifests;
mod modules;
mod requirement;
mod source;
mod target;
#[cfg(test)]
mod tests;
mod undeclared;

/// What there is to link, to expect and to complain of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    /// Crates to name, the package's own library first.
    pub(crate) linked: Vec<LinkedCrate>,
    /// Crates that must have registered something when the program starts.
    pub(crate) expected: Vec<ExpectedCrate>,
    /// Files with handlers that are not compiled.
    pub(crate) undeclared: Vec<UndeclaredModule>,
}

/// A crate to name so that the linker keeps it. Its tokens are the item to emit, in any module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkedCrate {
    /// Its name in code.
    pub(crate) name: String,
    /// The predicate of the `cfg` under which it may be named; `None` for always.
    pub(crate) cfg: Option<String>,
}

/// A crate that has handlers and belongs to the program, but which only some dependency could name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExpectedCrate {
    /// The first part of `module_path!()` in it.
    pub(crate) crate_name: String,
    /// Its package.
    pub(crate) package: String,
    /// Its version.
    pub(crate) version: String,
    /// The packages from this one to it, both included.
    pub(crate) chain: Vec<String>,
    /// The line for `[dependencies]` that makes it a dependency of this package, which is then named.
    pub(crate) line_to_add: String,
    /// The manifest to add it to, as the compiler shows paths.
    pub(crate) in_file: String,
}

/// A file that has handlers and that no declaration reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UndeclaredModule {
    /// The file, as `file!()` would print it.
    pub(crate) file: String,
    /// The declaration to add.
    pub(crate) line_to_add: String,
    /// Where to add it.
    pub(crate) in_file: String,
}

/// The manifest of the package that is being compiled.
pub(crate) fn manifest() -> Option<String> {
    let path = Compilation::of_environment()?.manifest_dir.join("Cargo.toml");
    path.is_file().then(|| path.to_str().map(str::to_owned)).flatten()
}

/// What Cargo builds the program from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BuiltFrom {
    /// The name of the package.
    pub(crate) package: String,
    /// The folder of its manifest.
    pub(crate) folder: String,
    /// The features that are on, in order; `None` where the compiler's command line cannot be read.
    pub(crate) features: Option<Vec<String>>,
}

impl BuiltFrom {
    /// Of the package that is being compiled; `None` where it is not Cargo that compiles.
    pub(crate) fn of_environment() -> Option<Self> {
        let compilation = Compilation::of_environment()?;
        let mut features: Vec<String> = compilation.features.into_iter().collect();
        features.sort();
        Some(Self {
            package: std::env::var("CARGO_PKG_NAME").ok()?,
            folder: compilation.manifest_dir.to_str()?.to_owned(),
            features: compilation.externs.is_some().then_some(features),
        })
    }
}

impl Package {
    /// The package that is being compiled; empty where there is nothing to find out, as in an editor that runs no Cargo.
    pub(crate) fn of_environment() -> Self {
        Compilation::of_environment().map(|compilation| Self::read(&compilation)).unwrap_or_default()
    }

    /// The package that `compilation` compiles.
    pub(crate) fn read(compilation: &Compilation) -> Self {
        let manifests = Manifests::new(compilation.cargo_home.clone());
        let Some(manifest) = manifests.get(&compilation.manifest_dir) else { return Self::default() };
        let is_a_copy = compilation.is_of_a_copy();
        let workspace = manifests.workspace_of(&manifest).filter(|_| !is_a_copy);
        // Here the lock file stands and the compiler runs.
        let base = workspace.as_ref().map_or(&manifest.dir, |workspace| &workspace.dir).clone();
        let lock =
            fs::read_to_string(base.join("Cargo.lock")).map(|text| Lock::parse(&text)).unwrap_or_default();
        let graph = Graph::new(&lock, &manifests, compilation, &manifest);
        let unlinked = manifest.option("unlinked");
        let mut direct = graph.as_ref().map(Graph::direct).unwrap_or_default();
        direct.retain(|found| !unlinked.contains(&found.package));

        let mut package = Self { linked: linked(compilation, &manifest, &direct), ..Self::default() };
        if is_a_copy {
            return package;
        }
        package.undeclared = undeclared(&manifests, &manifest, Some(compilation), &base);
        // A member of the workspace has no `main` that would tell its author.
        let members = direct.iter().filter_map(|found| found.manifest.as_ref());
        for member in members.filter(|member| member.dir.starts_with(&base)) {
            package.undeclared.extend(undeclared(&manifests, member, None, &base));
        }
        for found in graph.as_ref().map(Graph::indirect).unwrap_or_default() {
            let locked = lock.package(found.index);
            if !unlinked.contains(&locked.name) && has_handlers(&manifests, &found) {
                package.expected.push(ExpectedCrate {
                    line_to_add: requirement::line(locked, &found, &manifest),
                    crate_name: found.library.name,
                    package: locked.name.clone(),
                    version: locked.version.clone(),
                    chain: found.chain,
                    in_file: shown(&manifest.dir.join("Cargo.toml"), &base),
                });
            }
        }
        package
    }
}

fn linked(compilation: &Compilation, manifest: &Manifest, direct: &[Direct]) -> Vec<LinkedCrate> {
    let own = manifest.library().filter(|found| found.linkable && !compilation.is_library(&found.name));
    let own = own.map(|library| LinkedCrate { name: library.name, cfg: None });
    let others = direct.iter().map(|found| LinkedCrate {
        name: found.crate_name.clone(),
        cfg: match &found.condition {
            Condition::When(predicate) => Some(predicate.clone()),
            Condition::Always | Condition::Unknown => None,
        },
    });
    own.into_iter().chain(others).collect()
}

fn undeclared(
    manifests: &Manifests,
    manifest: &Rc<Manifest>,
    compilation: Option<&Compilation>,
    base: &Path,
) -> Vec<UndeclaredModule> {
    let library = manifest.library();
    let targets = Target::all_of(manifest);
    let compiled = targets.iter().find(|target| {
        compilation.is_some_and(|compilation| compilation.is_binary(&target.name, &target.root))
    });
    let tree = Tree {
        manifest,
        library: library.as_ref(),
        compiled: compiled.map(|target| target.root.as_path()),
        targets: &targets,
        frameworks: &frameworks(manifests, manifest),
        base,
    };
    tree.undeclared()
}

/// Whether the library has a handler that is certainly compiled: a package may use the framework and register nothing.
fn has_handlers(manifests: &Manifests, found: &Indirect) -> bool {
    let frameworks = frameworks(manifests, &found.manifest);
    let root = found.library.root.clone();
    Modules::reach([root], Extent::Certain, &frameworks, &found.manifest.dir).has_handlers
}

/// What the framework is called in the code of a package.
fn frameworks(manifests: &Manifests, manifest: &Rc<Manifest>) -> Vec<String> {
    let mut names = vec![FRAMEWORK.to_owned()];
    let dependencies = manifests.dependencies_of(manifest).into_iter();
    let renamed =
        dependencies.filter(|found| found.package == FRAMEWORK).map(|found| found.key.replace('-', "_"));
    names.extend(renamed.filter(|name| name != FRAMEWORK));
    names
}

/// The path as `file!()` would print it: relative to the directory that the compiler runs in.
fn shown(file: &Path, base: &Path) -> String {
    file.strip_prefix(base).unwrap_or(file).display().to_string()
}

impl ToTokens for LinkedCrate {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name =
            syn::parse_str(&self.name).unwrap_or_else(|_| Ident::new_raw(&self.name, Span::call_site()));
        let predicate = self.cfg.as_ref().and_then(|predicate| predicate.parse::<TokenStream>().ok());
        let cfg = predicate.map(|predicate| quote!(#[cfg(#predicate)]));
        // With a leading `::`, so that a module of the same name is not meant.
        tokens.extend(quote!(#cfg use ::#name as _;));
    }
}

impl fmt::Display for UndeclaredModule {
    /// The text of the compile error.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line_to_add, in_file } = self;
        writeln!(f, "`{file}` has handlers, but no module declares it: they would be lost")?;
        write!(f, "help: add `{line_to_add}` to `{in_file}`")
    }
}
