//! Which packages make up the program: `Cargo.lock`.

/// One package of the lock file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LockedPackage {
    /// Its name on the registry.
    pub(super) name: String,
    /// Its exact version.
    pub(super) version: String,
    /// Where it comes from (`registry+https://...`, `git+https://...#rev`); `None` for a path.
    pub(super) source: Option<String>,
    /// Indexes of the packages it depends on. Cargo writes normal and build dependencies alike, and of packages that
    /// come from a path the dev-dependencies too.
    pub(super) dependencies: Vec<usize>,
}

/// The packages of a workspace and everything below them.
#[derive(Debug, Default)]
pub(super) struct Lock {
    packages: Vec<LockedPackage>,
}

impl Lock {
    /// Reads the text of a lock file, of any version of the format.
    ///
    /// Cargo writes the file itself, one value a line, and a large one has ten thousand lines: reading the lines takes a
    /// fiftieth of what a TOML parser takes in a debug build. Anything unexpected is passed over.
    pub(super) fn parse(text: &str) -> Self {
        let mut packages = Vec::new();
        let mut names: Vec<Vec<&str>> = Vec::new();
        let mut in_package = false;
        let mut in_dependencies = false;
        for line in text.lines() {
            let line = line.trim();
            if line.starts_with('[') {
                in_package = line == "[[package]]";
                in_dependencies = false;
                if in_package {
                    packages.push(LockedPackage {
                        name: String::new(),
                        version: String::new(),
                        source: None,
                        dependencies: Vec::new(),
                    });
                    names.push(Vec::new());
                }
            } else if let Some(package) = packages.last_mut().filter(|_| in_package) {
                if in_dependencies {
                    match quoted(line) {
                        Some(name) => names.last_mut().into_iter().for_each(|list| list.push(name)),
                        None => in_dependencies = false,
                    }
                } else if let Some((key, value)) = line.split_once(" = ") {
                    match (key, quoted(value)) {
                        ("name", Some(value)) => value.clone_into(&mut package.name),
                        ("version", Some(value)) => value.clone_into(&mut package.version),
                        ("source", Some(value)) => package.source = Some(value.to_owned()),
                        ("dependencies", _) => in_dependencies = value == "[",
                        _ => {}
                    }
                }
            }
        }
        let mut lock = Self { packages };
        for (index, names) in names.iter().enumerate() {
            let found = names.iter().filter_map(|reference| lock.resolve(reference)).collect();
            lock.packages[index].dependencies = found;
        }
        lock
    }

    /// What `"name"`, `"name version"` or `"name version (source)"` in a list of dependencies means: Cargo writes as much
    /// as is needed to tell the packages apart.
    fn resolve(&self, reference: &str) -> Option<usize> {
        let mut parts = reference.splitn(3, ' ');
        let name = parts.next()?;
        let version = parts.next();
        let source = parts.next().map(|source| source.trim_matches(['(', ')']));
        let found = self.first_named(name)?;
        (found..self.packages.len()).take_while(|&index| self.packages[index].name == name).find(|&index| {
            let package = &self.packages[index];
            version.is_none_or(|version| package.version == version)
                && source.is_none_or(|source| package.source.as_deref() == Some(source))
        })
    }

    /// The file is sorted by name.
    fn first_named(&self, name: &str) -> Option<usize> {
        let index = self.packages.partition_point(|package| package.name.as_str() < name);
        (self.packages.get(index)?.name == name).then_some(index)
    }

    pub(super) fn package(&self, index: usize) -> &LockedPackage {
        &self.packages[index]
    }

    /// Every package called `name`.
    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.packages
            .iter()
            .enumerate()
            .filter(move |(_, package)| package.name == name)
            .map(|(index, _)| index)
    }

    /// For every package, whether it is one of `goals` or depends on one, however far down.
    pub(super) fn leading_to(&self, goals: &[usize]) -> Vec<bool> {
        let mut dependents = vec![Vec::new(); self.packages.len()];
        for (index, package) in self.packages.iter().enumerate() {
            for &dependency in &package.dependencies {
                dependents[dependency].push(index);
            }
        }
        let mut leading = vec![false; self.packages.len()];
        let mut pending = goals.to_vec();
        while let Some(index) = pending.pop() {
            if !std::mem::replace(&mut leading[index], true) {
                pending.extend(&dependents[index]);
            }
        }
        leading
    }
}

/// The text between the first two quotes; what the lock file holds has no escapes.
fn quoted(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::Lock;

    const LOCK: &str = r#"# This file is automatically @generated by Cargo.
version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "blog 0.2.0",
 "shop",
]

[[package]]
name = "blog"
version = "0.1.0"
source = "registry+https://example.org/index"
checksum = "00"

[[package]]
name = "blog"
version = "0.2.0"
source = "registry+https://example.org/index"

[[package]]
name = "blog"
version = "0.2.0"
source = "git+https://example.org/blog.git#0123456789"

[[package]]
name = "shop"
version = "1.0.0"
dependencies = [
 "blog 0.2.0 (git+https://example.org/blog.git#0123456789)",
 "gone",
]

[[patch.unused]]
name = "unused"
version = "9.9.9"
"#;

    #[test]
    fn references_are_resolved_as_far_as_they_say() {
        let lock = Lock::parse(LOCK);
        let names = |name: &str| lock.named(name).collect::<Vec<_>>();
        assert_eq!(names("blog"), [1, 2, 3]);
        assert_eq!(lock.package(0).dependencies, [2, 4]);
        assert_eq!(lock.package(4).dependencies, [3]);
        assert_eq!(lock.package(3).source.as_deref(), Some("git+https://example.org/blog.git#0123456789"));
        assert_eq!(lock.package(4).source, None);
        assert_eq!(names("unused"), []);
    }

    #[test]
    fn packages_leading_to_a_goal_are_found_upwards() {
        let lock = Lock::parse(LOCK);
        assert_eq!(lock.leading_to(&[3]), [true, false, false, true, true]);
        assert_eq!(lock.leading_to(&[1]), [false, true, false, false, false]);
    }

    #[test]
    fn anything_else_is_an_empty_lock() {
        for text in ["", "not a lock", "[[package]]", "dependencies = [\n \"x\""] {
            assert_eq!(Lock::parse(text).named("x").count(), 0);
        }
    }
}
