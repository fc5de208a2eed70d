//! Files with handlers that no module declaration reaches.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::{Library, Manifest, lexical};
use super::modules::{Extent, Modules};
use super::source::Source;
use super::target::Target;
use super::{UndeclaredModule, shown};

/// A package whose files are checked.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) library: Option<&'a Library>,
    /// The root of the binary or example that is compiled.
    pub(super) compiled: Option<&'a Path>,
    pub(super) targets: &'a [Target],
    /// What the framework is called in the package.
    pub(super) frameworks: &'a [String],
    /// What paths are shown relative to: the directory that the compiler runs in.
    pub(super) base: &'a Path,
}

/// Modules to declare in one file, nested.
#[derive(Debug, Default)]
struct Lines(BTreeMap<String, Lines>);

impl Tree<'_> {
    /// Finds them. A package without any is found to be so by reading only the files that have submodules.
    pub(super) fn undeclared(&self) -> Vec<UndeclaredModule> {
        let files = self.files();
        let mut unreached = self.unreached(&files, &self.reach(Extent::Usual));
        unreached.retain(|file| self.has_handlers(file));
        if unreached.is_empty() {
            return Vec::new();
        }
        let whole = self.reach(Extent::Whole);
        unreached.retain(|file| !whole.contain(file) && !whole.may_include(file));
        self.report(&unreached, &whole)
    }

    fn reach(&self, extent: Extent) -> Modules {
        let roots = self.targets.iter().map(|target| target.root.clone());
        let library = self.library.map(|library| library.root.clone());
        Modules::reach(roots.chain(library), extent, self.frameworks, &self.manifest.dir)
    }

    /// The directories whose files are this crate's or the library's, as far as they hold nothing else.
    fn directories(&self) -> BTreeSet<PathBuf> {
        let roots = self.library.map(|library| library.root.as_path()).into_iter().chain(self.compiled);
        let mut dirs: BTreeSet<PathBuf> = roots
            .filter(|root| is_directory_root(root))
            .filter_map(Path::parent)
            .map(Path::to_owned)
            // In a package with `lib.rs` at its top everything would be a candidate.
            .filter(|dir| dir.starts_with(&self.manifest.dir) && *dir != self.manifest.dir)
            .collect();
        let src = self.manifest.dir.join("src");
        if src.is_dir() {
            dirs.insert(src);
        }
        dirs
    }

    fn files(&self) -> BTreeSet<PathBuf> {
        let mut files = BTreeSet::new();
        let mut pending: Vec<PathBuf> = self.directories().into_iter().collect();
        // The other binaries are checked when they are compiled.
        let binaries = self.manifest.dir.join("src/bin");
        while let Some(dir) = pending.pop() {
            for entry in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
                let path = entry.path();
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_dir() {
                    if path != binaries && !path.join("Cargo.toml").exists() {
                        pending.push(path);
                    }
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    files.insert(path);
                }
            }
        }
        files
    }

    fn unreached(&self, files: &BTreeSet<PathBuf>, modules: &Modules) -> Vec<PathBuf> {
        let ignored: Vec<PathBuf> = self
            .manifest
            .option("undeclared")
            .iter()
            .map(|path| lexical(&self.manifest.dir.join(path)))
            .chain(self.manifest.build_script())
            .collect();
        let candidates = files.iter().filter(|file| !modules.contain(file));
        candidates.filter(|file| !ignored.iter().any(|path| file.starts_with(path))).cloned().collect()
    }

    fn has_handlers(&self, file: &Path) -> bool {
        fs::read_to_string(file).is_ok_and(|text| {
            Source::may_have_handlers(&text) && Source::read(&text, self.frameworks).has_handlers
        })
    }

    /// Whether the module in `parent`, if it were declared, would bring `file` in.
    fn declares(&self, parent: &Path, file: &Path) -> bool {
        Modules::below(parent, self.frameworks, &self.manifest.dir).contain(file)
    }

    /// The root of the crate that `file` belongs to by its place; the library's, if it has the choice.
    fn root_of(&self, file: &Path) -> Option<&Path> {
        let roots = self.compiled.into_iter().chain(self.library.map(|library| library.root.as_path()));
        roots
            .filter(|root| root.parent().is_some_and(|dir| file.starts_with(dir)))
            .max_by_key(|root| root.components().count())
    }

    fn report(&self, undeclared: &[PathBuf], reached: &Modules) -> Vec<UndeclaredModule> {
        let mut missing: BTreeMap<PathBuf, Lines> = BTreeMap::new();
        let mut found = Vec::new();
        for file in undeclared {
            let Some(root) = self.root_of(file) else { continue };
            let Some(names) = module_path(file, root) else { continue };
            let mut names = &names[..];
            let mut below = file.clone();
            while !names.is_empty() {
                let (parent, depth) = nearest_parent(root, names);
                let is_reached = parent == root || reached.contain(&parent);
                // A file that is itself missing may well declare what is below it.
                if is_reached || !self.declares(&parent, &below) {
                    missing.entry(parent.clone()).or_default().insert(&names[depth..]);
                    found.push((file, parent.clone(), names[depth].clone()));
                }
                if is_reached {
                    break;
                }
                names = &names[..depth];
                below = parent;
            }
        }
        found
            .into_iter()
            .map(|(file, parent, name)| UndeclaredModule {
                file: shown(file, self.base),
                line_to_add: missing[&parent].line(&name),
                in_file: shown(&parent, self.base),
            })
            .collect()
    }
}

impl Lines {
    fn insert(&mut self, names: &[String]) {
        if let [first, rest @ ..] = names {
            self.0.entry(first.clone()).or_default().insert(rest);
        }
    }

    /// `mod name;`, or with the modules in it where no file stands between.
    fn line(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(inner) if !inner.0.is_empty() => {
                let lines: Vec<String> = inner.0.keys().map(|name| inner.line(name)).collect();
                format!("mod {name} {{ {} }}", lines.join(" "))
            }
            _ => format!("mod {name};"),
        }
    }
}

/// `src/bin/name.rs` shares its directory with the roots of other crates; these have one of their own.
fn is_directory_root(root: &Path) -> bool {
    root.file_name().is_some_and(|name| name == "main.rs" || name == "lib.rs")
}

/// The names of the modules from the root to `file`; `None` if it cannot be a module.
fn module_path(file: &Path, root: &Path) -> Option<Vec<String>> {
    let inside = file.strip_prefix(root.parent()?).ok()?.with_extension("");
    let mut names: Vec<String> =
        inside.iter().map(|name| name.to_str().map(str::to_owned)).collect::<Option<_>>()?;
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    let alone_is_root = names.len() == 1 && (names[0] == "main" || names[0] == "lib");
    (!names.is_empty() && !alone_is_root).then_some(())?;
    names.iter().map(|name| identifier(name)).collect()
}

/// The name as it is written after `mod`.
fn identifier(name: &str) -> Option<String> {
    [name.to_owned(), format!("r#{name}")].into_iter().find(|name| syn::parse_str::<syn::Ident>(name).is_ok())
}

/// The innermost existing file that can declare the module, and how many of its names that file stands for.
fn nearest_parent(root: &Path, names: &[String]) -> (PathBuf, usize) {
    let dir = root.parent().unwrap_or(root);
    for depth in (1..names.len()).rev() {
        let mut below = dir.to_owned();
        below.extend(names[..depth].iter().map(|name| name.trim_start_matches("r#")));
        for file in [below.with_extension("rs"), below.join("mod.rs")] {
            if file.is_file() {
                return (file, depth);
            }
        }
    }
    (root.to_owned(), 0)
}
