//! What a `Cargo.toml` says about targets, dependencies and features.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::condition::Condition;
use super::target::Target;

/// The manifest of one package, or of a workspace.
#[derive(Debug)]
pub(super) struct Manifest {
    /// The directory it stands in.
    pub(super) dir: PathBuf,
    table: Table,
}

/// One entry of `[dependencies]` or of `[target.'...'.dependencies]`, with what it inherits from the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The key: the name in features and, when it is a rename, in code.
    pub(super) key: String,
    /// The name of the package.
    pub(super) package: String,
    /// The version asked for.
    pub(super) requirement: Option<String>,
    /// `registry = "..."` or `registry-index = "..."`, when it is not the usual registry.
    pub(super) registry: Option<(&'static str, String)>,
    /// The directory it comes from.
    pub(super) path: Option<PathBuf>,
    /// The features asked for.
    pub(super) features: Vec<String>,
    /// Its default features are wanted.
    pub(super) default_features: bool,
    /// It is there only if a feature brings it in.
    pub(super) optional: bool,
    /// What the table it stands in says; features are not considered.
    pub(super) target: Condition,
}

/// The library of a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Library {
    /// The name of the crate.
    pub(super) name: String,
    /// Its root file.
    pub(super) root: PathBuf,
    /// Other crates can name it: it is not only a C library.
    pub(super) linkable: bool,
    /// It runs in the compiler, and so does all below it.
    pub(super) proc_macro: bool,
}

impl Manifest {
    /// Reads `Cargo.toml` in `dir`; `None` if there is none or it is not TOML.
    pub(super) fn read(dir: &Path) -> Option<Self> {
        let text = fs::read_to_string(dir.join("Cargo.toml")).ok()?;
        Some(Self { dir: dir.to_owned(), table: text.parse().ok()? })
    }

    fn package(&self) -> Option<&Table> {
        self.table.get("package")?.as_table()
    }

    /// The name of the package; `None` for a workspace without one.
    pub(super) fn name(&self) -> Option<&str> {
        self.package()?.get("name")?.as_str()
    }

    /// The version, if it is written here.
    pub(super) fn version(&self) -> Option<&str> {
        self.package()?.get("version")?.as_str()
    }

    /// The table `[workspace]`.
    pub(super) fn workspace(&self) -> Option<&Table> {
        self.table.get("workspace")?.as_table()
    }

    /// Where `package.workspace = "..."` says that the workspace is.
    pub(super) fn workspace_pointer(&self) -> Option<PathBuf> {
        let pointer = self.package()?.get("workspace")?.as_str()?;
        Some(lexical(&self.dir.join(pointer)))
    }

    /// Whether this workspace says that the package in `dir` is none of it.
    pub(super) fn excludes(&self, dir: &Path) -> bool {
        self.workspace()
            .map(|workspace| strings(workspace.get("exclude")))
            .unwrap_or_default()
            .iter()
            .any(|excluded| dir.starts_with(lexical(&self.dir.join(excluded))))
    }

    /// A list under `[package.metadata.aiopyramid]`.
    pub(super) fn option(&self, name: &str) -> Vec<String> {
        let options = || self.package()?.get("metadata")?.get("aiopyramid")?.get(name);
        strings(options())
    }

    /// The library, named in `[lib]` or found.
    pub(super) fn library(&self) -> Option<Library> {
        let lib = self.table.get("lib").and_then(Value::as_table);
        let root = match lib.and_then(|lib| lib.get("path")).and_then(Value::as_str) {
            Some(path) => lexical(&self.dir.join(path)),
            None => self.dir.join("src/lib.rs"),
        };
        let refused = self.package()?.get("autolib").and_then(Value::as_bool) == Some(false);
        if !root.is_file() || (lib.is_none() && refused) {
            return None;
        }
        let name = match lib.and_then(|lib| lib.get("name")).and_then(Value::as_str) {
            Some(name) => name,
            None => self.name()?,
        };
        let get = |key: &str| lib.and_then(|lib| lib.get(key).or_else(|| lib.get(&key.replace('-', "_"))));
        let kinds = strings(get("crate-type"));
        let proc_macro = get("proc-macro").and_then(Value::as_bool) == Some(true)
            || kinds.iter().any(|kind| kind == "proc-macro");
        let linkable = kinds.is_empty()
            || kinds.iter().any(|kind| matches!(kind.as_str(), "lib" | "rlib" | "dylib" | "proc-macro"));
        Some(Library { name: name.replace('-', "_"), root, linkable, proc_macro })
    }

    /// The targets written down in `[[bin]]`, `[[example]]`, `[[test]]` and `[[bench]]`, with a path.
    pub(super) fn written_targets(&self) -> Vec<Target> {
        ["bin", "example", "test", "bench"]
            .iter()
            .filter_map(|kind| self.table.get(*kind)?.as_array())
            .flatten()
            .filter_map(|target| {
                Some(Target {
                    name: target.get("name")?.as_str()?.to_owned(),
                    root: lexical(&self.dir.join(target.get("path")?.as_str()?)),
                })
            })
            .collect()
    }

    /// The build script, if it is not the usual one.
    pub(super) fn build_script(&self) -> Option<PathBuf> {
        Some(lexical(&self.dir.join(self.package()?.get("build")?.as_str()?)))
    }

    /// All normal dependencies, of every target; `workspace` is what they may inherit from.
    pub(super) fn dependencies(&self, workspace: Option<&Self>) -> Vec<Dependency> {
        let mut found = Vec::new();
        let mut add = |table: Option<&Value>, target: &Condition| {
            for (key, value) in table.and_then(Value::as_table).into_iter().flatten() {
                found.extend(self.dependency(key, value, target, workspace));
            }
        };
        add(self.table.get("dependencies"), &Condition::Always);
        for (target, tables) in self.table.get("target").and_then(Value::as_table).into_iter().flatten() {
            add(tables.get("dependencies"), &Condition::of_target(target));
        }
        found
    }

    fn dependency(
        &self,
        key: &str,
        value: &Value,
        target: &Condition,
        workspace: Option<&Self>,
    ) -> Option<Dependency> {
        let flag = |of: &Value, key: &str| of.get(key).and_then(Value::as_bool);
        // A binary artifact of another package is no crate to name.
        if value.get("artifact").is_some() && flag(value, "lib") != Some(true) {
            return None;
        }
        let inherited = if flag(value, "workspace") == Some(true) {
            let workspace = workspace?;
            Some((workspace, workspace.workspace()?.get("dependencies")?.get(key)?))
        } else {
            None
        };
        let (dir, origin) =
            inherited.map_or((&self.dir, value), |(workspace, origin)| (&workspace.dir, origin));
        let text = |key: &str| origin.get(key).and_then(Value::as_str);
        let default_features =
            |of: &Value| flag(of, "default-features").or_else(|| flag(of, "default_features"));
        let mut features = strings(value.get("features"));
        if inherited.is_some() {
            features.extend(strings(origin.get("features")));
        }
        Some(Dependency {
            key: key.to_owned(),
            package: text("package").unwrap_or(key).to_owned(),
            requirement: origin.as_str().or_else(|| text("version")).map(str::to_owned),
            registry: ["registry", "registry-index"]
                .iter()
                .find_map(|key| Some((*key, text(key)?.to_owned()))),
            path: text("path").map(|path| lexical(&dir.join(path))),
            features,
            // A member can turn on what its workspace turned off, not the other way.
            default_features: default_features(origin) != Some(false)
                || default_features(value) == Some(true),
            optional: flag(value, "optional") == Some(true),
            target: target.clone(),
        })
    }

    /// The directories that `[patch]` puts in place of packages called `package`.
    pub(super) fn patches<'a>(&'a self, package: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
        let patches = self.table.get("patch").and_then(Value::as_table).into_iter().flatten();
        patches.filter_map(|(_, source)| source.as_table()).flatten().filter_map(move |(key, value)| {
            let name = value.get("package").and_then(Value::as_str).unwrap_or(key);
            let path = value.get("path")?.as_str()?;
            (name == package).then(|| lexical(&self.dir.join(path)))
        })
    }

    fn features(&self) -> impl Iterator<Item = (&str, Vec<String>)> {
        let features = self.table.get("features").and_then(Value::as_table).into_iter().flatten();
        features.map(|(name, values)| (name.as_str(), strings(Some(values))))
    }

    /// Adds to `features` everything that those in it turn on.
    pub(super) fn close_features(&self, features: &mut HashSet<String>) {
        let mut pending: Vec<String> = features.iter().cloned().collect();
        while let Some(next) = pending.pop() {
            let values = self.features().find(|(name, _)| *name == next).map(|(_, values)| values);
            for value in values.unwrap_or_default() {
                if features.insert(value.clone()) {
                    pending.push(value);
                }
            }
        }
    }

    /// Whether one of a closed set of features brings in the optional dependency `key`.
    pub(super) fn is_activated(&self, key: &str, features: &HashSet<String>) -> bool {
        features.iter().any(|feature| self.brings_in(feature, key))
    }

    /// The features that bring in the optional dependency `key` by themselves, sorted. One that turns on such a feature
    /// need not be named: with it the other is on as well.
    pub(super) fn features_bringing_in<'a>(&'a self, key: &'a str) -> Vec<&'a str> {
        let mut found: Vec<&str> = self
            .features()
            .filter(|(_, values)| values.iter().any(|value| self.brings_in(value, key)))
            .map(|(name, _)| name)
            .collect();
        if self.has_implicit_feature(key) {
            found.push(key);
        }
        found.sort_unstable();
        found
    }

    /// `name?/feature` does not bring in `name`.
    fn brings_in(&self, value: &str, key: &str) -> bool {
        match value.split_once('/') {
            Some((dependency, _)) => dependency == key,
            None => {
                value.strip_prefix("dep:") == Some(key) || (value == key && self.has_implicit_feature(key))
            }
        }
    }

    /// An optional dependency is a feature of its own name unless one says `dep:name` or is called the same.
    fn has_implicit_feature(&self, key: &str) -> bool {
        !self.features().any(|(name, values)| {
            name == key || values.iter().any(|value| value.strip_prefix("dep:") == Some(key))
        })
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The path without `.` and `..`, links not considered: what a compiler prints and what two spellings have in common.
pub(super) fn lexical(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests;
