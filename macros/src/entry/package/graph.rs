//! The packages that are certainly part of the program, and which of them use the framework.
//!
//! A lock file holds every package that some target, some feature or some test of some member may need. What is certain is
//! less: starting at the package being compiled, a dependency that stands under no target and is not optional, or is
//! brought in by a feature that is certainly on. Features only add up, so what is found this way is never too much.

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use super::compilation::Compilation;
use super::condition::Condition;
use super::lock::Lock;
use super::manifest::{Dependency, Library, Manifest};
use super::manifests::Manifests;

/// The name of the framework's package.
pub(super) const FRAMEWORK: &str = "aiopyramid";

/// The graph of the lock file, seen from one package.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    lock: &'a Lock,
    manifests: &'a Manifests,
    compilation: &'a Compilation,
    workspace: Option<Rc<Manifest>>,
    package: Rc<Manifest>,
    root: usize,
    /// The version of the framework that the package uses; all of them, if it uses the framework only through others.
    frameworks: Vec<usize>,
    leading: Vec<bool>,
}

/// A dependency of the package itself that may have handlers.
#[derive(Debug)]
pub(super) struct Direct {
    /// The name of the crate in code.
    pub(super) crate_name: String,
    /// When it may be named.
    pub(super) condition: Condition,
    /// Its manifest, if it could be found.
    pub(super) manifest: Option<Rc<Manifest>>,
    /// The name of its package.
    pub(super) package: String,
}

/// A package that uses the framework and is part of the program, but is no dependency of the package itself.
#[derive(Debug)]
pub(super) struct Indirect {
    /// Its place in the lock file.
    pub(super) index: usize,
    /// Its manifest.
    pub(super) manifest: Rc<Manifest>,
    /// Its library.
    pub(super) library: Library,
    /// Where it lies or how it is asked for, by the last package of the chain.
    pub(super) dependency: Rc<Dependency>,
    /// Package names from the package being compiled to this one, both included.
    pub(super) chain: Vec<String>,
}

#[derive(Debug)]
struct Visit {
    manifest: Rc<Manifest>,
    /// Requested, not closed.
    features: HashSet<String>,
    /// Who was first to ask for it, and how.
    origin: Option<(usize, Rc<Dependency>)>,
}

impl<'a> Graph<'a> {
    /// Looks for the package in the lock file; `None` if it is not there.
    pub(super) fn new(
        lock: &'a Lock,
        manifests: &'a Manifests,
        compilation: &'a Compilation,
        package: &Rc<Manifest>,
    ) -> Option<Self> {
        let name = package.name()?;
        let locals = || lock.named(name).filter(|&index| lock.package(index).source.is_none());
        let version = package.version();
        let root = locals()
            .find(|&index| version.is_some_and(|version| lock.package(index).version == version))
            .or_else(|| locals().next())?;
        let mut graph = Self {
            lock,
            manifests,
            compilation,
            workspace: manifests.workspace_of(package),
            package: Rc::clone(package),
            root,
            frameworks: lock.named(FRAMEWORK).collect(),
            leading: Vec::new(),
        };
        let dependencies = manifests.dependencies_of(package);
        let own = dependencies.iter().find(|dependency| dependency.package == FRAMEWORK);
        if let Some(index) = own.and_then(|dependency| graph.child(root, dependency)) {
            graph.frameworks = vec![index];
        }
        graph.leading = lock.leading_to(&graph.frameworks);
        Some(graph)
    }

    /// Whether a package other than the framework may, as far as the lock file says, have handlers or bring some along.
    fn may_matter(&self, index: usize) -> bool {
        self.leading[index] && !self.frameworks.contains(&index)
    }

    /// The locked package that `dependency` of package `parent` means.
    fn child(&self, parent: usize, dependency: &Dependency) -> Option<usize> {
        let candidates = self.lock.package(parent).dependencies.iter().copied().filter(|&index| {
            let package = self.lock.package(index);
            package.name == dependency.package && (dependency.path.is_none() || package.source.is_none())
        });
        let mut candidates: Vec<usize> = candidates.collect();
        if candidates.len() > 1 {
            candidates.retain(|&index| {
                let version = &self.lock.package(index).version;
                dependency.requirement.as_deref().is_none_or(|wanted| may_satisfy(wanted, version))
            });
        }
        // Two that fit cannot be told apart without Cargo.
        (candidates.len() == 1).then(|| candidates[0])
    }

    fn manifest_of(&self, index: usize, dependency: &Dependency) -> Option<Rc<Manifest>> {
        self.manifests.locate(self.lock.package(index), dependency, self.workspace.as_deref())
    }

    /// The dependencies of the package that may have handlers, or bring some along, each name once.
    pub(super) fn direct(&self) -> Vec<Direct> {
        let mut found: Vec<Direct> = Vec::new();
        for dependency in self.manifests.dependencies_of(&self.package) {
            let Some(index) = self.child(self.root, &dependency).filter(|&index| self.may_matter(index))
            else {
                continue;
            };
            let manifest = self.manifest_of(index, &dependency);
            let Some(crate_name) = self.crate_name(&dependency, manifest.as_deref()) else { continue };
            let condition = self.condition(&dependency, &crate_name);
            match found.iter_mut().find(|known| known.crate_name == crate_name) {
                Some(known) => known.condition = known.condition.clone().or(condition),
                None => found.push(Direct { crate_name, condition, manifest, package: dependency.package }),
            }
        }
        found.retain(|direct| direct.condition != Condition::Unknown);
        found
    }

    /// What a dependency of the package is called in code; `None` when it cannot be named or its name is a guess.
    fn crate_name(&self, dependency: &Dependency, manifest: Option<&Manifest>) -> Option<String> {
        let library = manifest.map(Manifest::library);
        if let Some(library) = &library {
            library.as_ref().filter(|library| library.linkable && !library.proc_macro)?;
        }
        if dependency.key != dependency.package {
            return Some(dependency.key.replace('-', "_"));
        }
        match library.flatten() {
            Some(library) => Some(library.name),
            // Cargo would not have told the compiler a name that is wrong.
            None => Some(dependency.key.replace('-', "_"))
                .filter(|name| self.compilation.externs.as_ref().is_some_and(|known| known.contains(name))),
        }
    }

    /// The compiler's word, if it can be had, else the manifest's.
    fn condition(&self, dependency: &Dependency, crate_name: &str) -> Condition {
        if let Some(externs) = &self.compilation.externs {
            return if externs.contains(crate_name) { Condition::Always } else { Condition::Unknown };
        }
        let condition = dependency.target.clone();
        if dependency.optional {
            let features = self.package.features_bringing_in(&dependency.key);
            return condition.and(Condition::of_features(&features));
        }
        condition
    }

    /// The packages of the program that use the framework, have a library, and are no dependencies of the package.
    pub(super) fn indirect(&self) -> Vec<Indirect> {
        let visits = self.visit();
        let own = self.manifests.dependencies_of(&self.package);
        let own: HashSet<usize> = own.iter().filter_map(|found| self.child(self.root, found)).collect();
        let mut indexes: Vec<usize> = visits.keys().copied().collect();
        indexes.sort_unstable();
        indexes.retain(|index| *index != self.root && !own.contains(index));
        indexes
            .into_iter()
            .filter_map(|index| {
                let visit = &visits[&index];
                self.active(index, visit).any(|(child, _)| self.frameworks.contains(&child)).then_some(())?;
                let library = visit.manifest.library().filter(|library| library.linkable)?;
                let (_, dependency) = visit.origin.clone()?;
                let chain = self.chain(&visits, index);
                Some(Indirect { index, manifest: Rc::clone(&visit.manifest), library, dependency, chain })
            })
            .collect()
    }

    fn visit(&self) -> HashMap<usize, Visit> {
        let root = Visit {
            manifest: Rc::clone(&self.package),
            features: self.compilation.features.clone(),
            origin: None,
        };
        let mut visits = HashMap::from([(self.root, root)]);
        let mut pending = VecDeque::from([self.root]);
        while let Some(index) = pending.pop_front() {
            let visit = &visits[&index];
            let mut requested = visit.features.clone();
            visit.manifest.close_features(&mut requested);
            let children: Vec<_> =
                self.active(index, visit).filter(|(child, _)| self.may_matter(*child)).collect();
            for (child, dependency) in children {
                let mut features: HashSet<String> = dependency.features.iter().cloned().collect();
                if dependency.default_features {
                    features.insert("default".to_owned());
                }
                features.extend(requested.iter().filter_map(|feature| {
                    let (key, feature) = feature.split_once('/')?;
                    (key.trim_end_matches('?') == dependency.key).then(|| feature.to_owned())
                }));
                if let Some(known) = visits.get_mut(&child) {
                    let before = known.features.len();
                    known.features.extend(features);
                    if known.features.len() == before {
                        continue;
                    }
                } else {
                    let Some(manifest) = self.manifest_of(child, &dependency) else { continue };
                    // What runs in the compiler is not part of the program, nor is what lies below it.
                    if manifest.library().is_none_or(|library| library.proc_macro) {
                        continue;
                    }
                    let origin = Some((index, Rc::new(dependency)));
                    visits.insert(child, Visit { manifest, features, origin });
                }
                pending.push_back(child);
            }
        }
        visits
    }

    /// The dependencies of a package that are certainly there.
    fn active(&self, index: usize, visit: &Visit) -> impl Iterator<Item = (usize, Dependency)> {
        let mut features = visit.features.clone();
        visit.manifest.close_features(&mut features);
        let dependencies = self.manifests.dependencies_of(&visit.manifest).into_iter();
        dependencies.filter_map(move |dependency| {
            let child = self.child(index, &dependency)?;
            let named = (index == self.root && self.compilation.externs.is_some())
                .then(|| self.manifest_of(child, &dependency))
                .flatten()
                .and_then(|manifest| self.crate_name(&dependency, Some(&manifest)));
            let certain = match named {
                Some(crate_name) => self.condition(&dependency, &crate_name) == Condition::Always,
                None => {
                    dependency.target == Condition::Always
                        && (!dependency.optional || visit.manifest.is_activated(&dependency.key, &features))
                }
            };
            certain.then_some((child, dependency))
        })
    }

    fn chain(&self, visits: &HashMap<usize, Visit>, index: usize) -> Vec<String> {
        let up = |&index: &usize| visits.get(&index)?.origin.as_ref().map(|(parent, _)| *parent);
        let mut chain: Vec<String> = std::iter::successors(Some(index), up)
            .map(|index| self.lock.package(index).name.clone())
            .collect();
        chain.reverse();
        chain
    }
}

/// Whether a version can be what a requirement asks for, as far as its leading numbers tell: enough to tell two versions
/// of one package in one graph apart, since Cargo never takes two that are compatible.
fn may_satisfy(requirement: &str, version: &str) -> bool {
    if requirement.contains([',', '<', '>', '*']) {
        return true;
    }
    let numbers = |text: &str| -> Vec<u64> {
        text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).take(3).collect()
    };
    let wanted = numbers(requirement.trim_start_matches(['^', '=', '~', ' ']));
    let significant = wanted.iter().position(|&number| number != 0).map_or(wanted.len(), |at| at + 1);
    numbers(version).starts_with(&wanted[..significant])
}

#[cfg(test)]
mod tests {
    use super::may_satisfy;

    #[test]
    fn the_leading_numbers_tell_versions_apart() {
        assert!(may_satisfy("1", "1.9.0") && may_satisfy("^1.2", "1.9.0") && may_satisfy("= 1.2.3", "1.2.3"));
        assert!(!may_satisfy("1", "2.0.0") && !may_satisfy("0.3", "0.4.0") && !may_satisfy("0.0.1", "0.0.2"));
        assert!(may_satisfy("0.3.1", "0.3.9") && may_satisfy("0", "0.7.0"));
        assert!(may_satisfy(">=1, <3", "2.0.0") && may_satisfy("*", "2.0.0"));
    }
}
