//! Finding and keeping manifests: of the workspace, of path dependencies, of what Cargo unpacked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::lock::LockedPackage;
use super::manifest::{Dependency, Manifest};

/// How deep below a Git checkout a package is looked for.
const CHECKOUT_DEPTH: usize = 3;

/// Every manifest read so far; each is read once.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    read: RefCell<HashMap<PathBuf, Option<Rc<Manifest>>>>,
    cargo_home: Option<PathBuf>,
}

impl Manifests {
    pub(super) fn new(cargo_home: Option<PathBuf>) -> Self {
        Self { read: RefCell::default(), cargo_home }
    }

    /// The manifest in `dir`.
    pub(super) fn get(&self, dir: &Path) -> Option<Rc<Manifest>> {
        if let Some(known) = self.read.borrow().get(dir) {
            return known.clone();
        }
        let manifest = Manifest::read(dir).map(Rc::new);
        self.read.borrow_mut().insert(dir.to_owned(), manifest.clone());
        manifest
    }

    /// The manifest of the workspace that a package belongs to; its own if it is a workspace, `None` if it is alone.
    ///
    /// As Cargo looks for it: where `package.workspace` points, else the nearest `[workspace]` above that does not
    /// exclude it.
    pub(super) fn workspace_of(&self, manifest: &Rc<Manifest>) -> Option<Rc<Manifest>> {
        if manifest.workspace().is_some() {
            return Some(Rc::clone(manifest));
        }
        if let Some(pointer) = manifest.workspace_pointer() {
            return self.get(&pointer);
        }
        let above = manifest.dir.ancestors().skip(1);
        let nearest = above.filter_map(|dir| self.get(dir)).find(|above| above.workspace().is_some())?;
        (!nearest.excludes(&manifest.dir)).then_some(nearest)
    }

    /// The normal dependencies of a package, with what its workspace adds to them.
    pub(super) fn dependencies_of(&self, manifest: &Rc<Manifest>) -> Vec<Dependency> {
        manifest.dependencies(self.workspace_of(manifest).as_deref())
    }

    /// The manifest of a locked package that `dependency` refers to; `workspace` is the one whose `[patch]` is in force.
    /// `None` when its sources are somewhere that only Cargo knows.
    pub(super) fn locate(
        &self,
        package: &LockedPackage,
        dependency: &Dependency,
        workspace: Option<&Manifest>,
    ) -> Option<Rc<Manifest>> {
        match &package.source {
            None => {
                let patched = workspace.into_iter().flat_map(|workspace| workspace.patches(&package.name));
                let mut dirs = dependency.path.iter().cloned().chain(patched);
                dirs.find_map(|dir| self.get(&dir).filter(|found| found.name() == Some(&package.name)))
            }
            Some(source) if source.starts_with("git+") => self.in_checkout(package, source),
            Some(_) => {
                let name = format!("{}-{}", package.name, package.version);
                let registries = self.cargo_home.as_ref()?.join("registry/src");
                directories(&registries).into_iter().find_map(|registry| self.get(&registry.join(&name)))
            }
        }
    }

    /// Cargo checks a repository out to `<last part of the address>-<hash>/<short revision>`.
    fn in_checkout(&self, package: &LockedPackage, source: &str) -> Option<Rc<Manifest>> {
        let (address, revision) = source.split_once('#')?;
        let address = address.split('?').next()?.trim_end_matches('/');
        let repository = address.rsplit('/').next()?;
        let prefix = format!("{}-", repository.strip_suffix(".git").unwrap_or(repository));
        let checkouts = self.cargo_home.as_ref()?.join("git/checkouts");
        let named = |dir: &Path, test: &dyn Fn(&str) -> bool| {
            dir.file_name().and_then(|name| name.to_str()).is_some_and(test)
        };
        directories(&checkouts)
            .into_iter()
            .filter(|dir| named(dir, &|name| name.starts_with(&prefix)))
            .flat_map(|dir| directories(&dir))
            .filter(|dir| named(dir, &|name| revision.starts_with(name)))
            .find_map(|dir| self.find_below(&dir, &package.name, CHECKOUT_DEPTH))
    }

    fn find_below(&self, dir: &Path, package: &str, depth: usize) -> Option<Rc<Manifest>> {
        if let Some(found) = self.get(dir).filter(|found| found.name() == Some(package)) {
            return Some(found);
        }
        let below = depth.checked_sub(1)?;
        directories(dir).into_iter().find_map(|dir| self.find_below(&dir, package, below))
    }
}

/// The directories in `dir`, sorted, without hidden ones and links.
fn directories(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::super::condition::Condition;
    use super::super::fixture::Fixture;
    use super::{Dependency, LockedPackage, Manifests};

    fn locked(name: &str, source: Option<&str>) -> (LockedPackage, Dependency) {
        let package = LockedPackage {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            source: source.map(str::to_owned),
            dependencies: Vec::new(),
        };
        let dependency = Dependency {
            key: name.to_owned(),
            package: name.to_owned(),
            requirement: None,
            registry: None,
            path: None,
            features: Vec::new(),
            default_features: true,
            optional: false,
            target: Condition::Always,
        };
        (package, dependency)
    }

    #[test]
    fn the_workspace_is_the_nearest_that_does_not_exclude() {
        let fixture = Fixture::new(&[
            ("Cargo.toml", "[workspace]\nexclude = ['apart']"),
            ("crates/app/Cargo.toml", "[package]\nname = 'app'"),
            ("apart/Cargo.toml", "[package]\nname = 'apart'"),
            ("pointing/Cargo.toml", "[package]\nname = 'pointing'\nworkspace = '../own'"),
            ("own/Cargo.toml", "[package]\nname = 'own'\n[workspace]"),
        ]);
        let manifests = Manifests::default();
        let workspace_of = |dir: &str| {
            let manifest = manifests.get(&fixture.path().join(dir)).expect("a manifest");
            manifests.workspace_of(&manifest).map(|workspace| workspace.dir.clone())
        };
        assert_eq!(workspace_of("crates/app").as_deref(), Some(fixture.path()));
        assert_eq!(workspace_of("apart"), None);
        assert_eq!(workspace_of("pointing"), Some(fixture.path().join("own")));
        assert_eq!(workspace_of("own"), Some(fixture.path().join("own")));
    }

    #[test]
    fn packages_are_found_where_cargo_unpacks_them() {
        let fixture = Fixture::new(&[
            ("registry/src/index-00/shop-1.2.3/Cargo.toml", "[package]\nname = 'shop'"),
            ("git/checkouts/mono-00/0123456/Cargo.toml", "[workspace]"),
            ("git/checkouts/mono-00/0123456/crates/blog/Cargo.toml", "[package]\nname = 'blog'"),
            ("git/checkouts/mono-00/fedcba9/crates/blog/Cargo.toml", "[package]\nname = 'other'"),
            ("patched/wiki/Cargo.toml", "[package]\nname = 'wiki'"),
            ("root/Cargo.toml", "[workspace]\n[patch.index]\nwiki = { path = '../patched/wiki' }"),
        ]);
        let manifests = Manifests::new(Some(fixture.path().to_owned()));
        let root = manifests.get(&fixture.path().join("root")).expect("a manifest");
        let locate = |name: &str, source: Option<&str>| {
            let (package, dependency) = locked(name, source);
            let found = manifests.locate(&package, &dependency, Some(&root))?;
            Some(found.dir.strip_prefix(fixture.path()).expect("inside").to_owned())
        };
        let path = |text: &str| Some(text.into());
        let (package, mut dependency) = locked("wiki", None);
        dependency.path = Some(fixture.path().join("registry/src/index-00/shop-1.2.3"));
        let found = manifests.locate(&package, &dependency, None);
        assert!(found.is_none(), "a package of another name lies there");
        assert_eq!(
            locate("shop", Some("registry+https://example.org")),
            path("registry/src/index-00/shop-1.2.3")
        );
        let git = "git+https://example.org/org/mono.git?branch=main#0123456789abcdef";
        assert_eq!(locate("blog", Some(git)), path("git/checkouts/mono-00/0123456/crates/blog"));
        assert_eq!(locate("wiki", None), path("patched/wiki"));
        assert_eq!(locate("absent", None), None);
        assert_eq!(locate("absent", Some("registry+https://example.org")), None);
    }
}
