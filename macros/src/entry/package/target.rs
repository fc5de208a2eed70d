//! The crates that a package consists of.

use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;

/// A binary, example, test or benchmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Its name, `-` and all.
    pub(super) name: String,
    /// Its root file.
    pub(super) root: PathBuf,
}

impl Target {
    /// All targets but the library, written down or found where Cargo looks for them. Some may be found that Cargo would
    /// leave out (`autobins = false`).
    pub(super) fn all_of(manifest: &Manifest) -> Vec<Self> {
        let mut targets = manifest.written_targets();
        let main = manifest.dir.join("src/main.rs");
        if let Some(name) = manifest.name().filter(|_| main.is_file()) {
            targets.push(Self { name: name.to_owned(), root: main });
        }
        for dir in ["src/bin", "examples", "tests", "benches"] {
            targets.extend(Self::found_in(&manifest.dir.join(dir)));
        }
        let mut seen = std::collections::HashSet::new();
        targets.retain(|target| seen.insert(target.root.clone()));
        targets
    }

    /// `name.rs` and `name/main.rs`.
    fn found_in(dir: &Path) -> Vec<Self> {
        let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
        let mut found: Vec<Self> = entries
            .filter_map(|entry| {
                let path = entry.path();
                let name = path.file_stem()?.to_str()?.to_owned();
                if path.extension().is_some_and(|extension| extension == "rs") {
                    return Some(Self { name, root: path });
                }
                let root = path.join("main.rs");
                root.is_file().then_some(Self { name, root })
            })
            .collect();
        found.sort_by(|one, other| one.root.cmp(&other.root));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::{Manifest, Target};

    #[test]
    fn targets_are_written_or_found_each_once() {
        let fixture = Fixture::new(&[
            (
                "Cargo.toml",
                "[package]\nname = 'app'\n[[bin]]\nname = 'written'\npath = 'src/bin/odd.rs'\n[[bin]]\nname = 'found'",
            ),
            ("src/main.rs", ""),
            ("src/bin/odd.rs", ""),
            ("src/bin/found.rs", ""),
            ("src/bin/large/main.rs", ""),
            ("src/bin/large/part.rs", ""),
            ("src/bin/data/part.rs", ""),
            ("examples/demo.rs", ""),
            ("tests/it/main.rs", ""),
            ("benches/speed.rs", ""),
        ]);
        let manifest = Manifest::read(fixture.path()).expect("a manifest");
        let found: Vec<String> = Target::all_of(&manifest)
            .iter()
            .map(|target| {
                let root = target.root.strip_prefix(fixture.path()).expect("inside");
                format!("{} {}", target.name, root.display())
            })
            .collect();
        assert_eq!(
            found,
            [
                "written src/bin/odd.rs",
                "app src/main.rs",
                "found src/bin/found.rs",
                "large src/bin/large/main.rs",
                "demo examples/demo.rs",
                "it tests/it/main.rs",
                "speed benches/speed.rs",
            ]
        );
    }
}
