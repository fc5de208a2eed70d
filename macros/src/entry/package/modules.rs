//! Which files the crates of a package are made of, by their module declarations.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::lexical;
use super::source::{Declaration, Source};

/// Which declarations are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All, but files that have no directory of modules of their own are not read: what only `#[path]` declares in them is
    /// missed.
    Usual,
    /// All, and every file is read.
    Whole,
    /// Those that no `cfg` can take away.
    Certain,
}

/// The files reached from some crate roots.
#[derive(Debug, Default)]
pub(super) struct Modules {
    reached: HashSet<PathBuf>,
    /// A file that stands under no `cfg` has a handler that stands under no `cfg`.
    pub(super) has_handlers: bool,
    mentions: Mentions,
}

/// How files may be brought in other than by a declaration.
#[derive(Debug, Default)]
struct Mentions {
    /// Paths of `.rs` files in string literals.
    files: HashSet<PathBuf>,
    /// Directories in string literals in macro calls among items, as far as they exist.
    directories: HashSet<PathBuf>,
    /// By directory of submodules: words in macro calls among items.
    words: HashMap<PathBuf, HashSet<String>>,
}

impl Modules {
    /// Follows the declarations from `roots`. `package` is the directory that paths in macros are relative to.
    pub(super) fn reach(
        roots: impl IntoIterator<Item = PathBuf>,
        extent: Extent,
        frameworks: &[String],
        package: &Path,
    ) -> Self {
        // A root owns its directory, as does a `mod.rs` and what `#[path]` names.
        let files = roots.into_iter().map(|root| (root.clone(), parent(&root))).collect();
        Self::follow(files, extent, frameworks, package)
    }

    /// Follows the declarations from a file that is a module by its place.
    pub(super) fn below(file: &Path, frameworks: &[String], package: &Path) -> Self {
        let is_mod = file.file_name().is_some_and(|name| name == "mod.rs");
        let dir = if is_mod { parent(file) } else { file.with_extension("") };
        Self::follow(vec![(file.to_owned(), dir)], Extent::Whole, frameworks, package)
    }

    /// Starts with files and the directories of their submodules.
    fn follow(
        mut pending: Vec<(PathBuf, PathBuf)>,
        extent: Extent,
        frameworks: &[String],
        package: &Path,
    ) -> Self {
        let mut modules = Self::default();
        while let Some((file, dir)) = pending.pop() {
            if !modules.reached.insert(file.clone()) {
                continue;
            }
            let owns_directory = parent(&file) == dir;
            if extent == Extent::Usual && !owns_directory && !dir.is_dir() {
                continue;
            }
            let Ok(text) = fs::read_to_string(&file) else { continue };
            let source = Source::read(&text, frameworks);
            modules.has_handlers |= source.has_handlers;
            if extent == Extent::Certain && modules.has_handlers {
                break;
            }
            for declaration in &source.declarations {
                if extent != Extent::Certain || !declaration.gated {
                    pending.extend(files_of(declaration, &file, &dir));
                }
            }
            if extent == Extent::Whole {
                modules.mentions.add(&source, &file, &dir, package);
            }
        }
        modules
    }

    /// Whether a declaration leads to `file`.
    pub(super) fn contain(&self, file: &Path) -> bool {
        self.reached.contains(file)
    }

    /// Whether `file` may be brought in by a macro: by its path, with its directory, or by its name.
    pub(super) fn may_include(&self, file: &Path) -> bool {
        let dir = parent(file);
        let (name, of) = if file.file_name().is_some_and(|name| name == "mod.rs") {
            (dir.file_name(), parent(&dir))
        } else {
            (file.file_stem(), dir.clone())
        };
        self.mentions.files.iter().any(|mentioned| file.ends_with(mentioned))
            || self.mentions.directories.contains(&of)
            || self.mentions.words.get(&of).is_some_and(|words| {
                name.and_then(|name| name.to_str()).is_some_and(|name| words.contains(name))
            })
    }
}

impl Mentions {
    fn add(&mut self, source: &Source<'_>, file: &Path, dir: &Path, package: &Path) {
        let is_file = |literal: &&&str| Path::new(literal).extension().is_some_and(|found| found == "rs");
        for literal in source.literals.iter().filter(is_file) {
            self.files.insert(lexical(&parent(file).join(literal)));
            // `concat!(env!("CARGO_MANIFEST_DIR"), "/src/parts.rs")`
            let plain = literal.trim_start_matches(['.', '/']);
            self.files.insert(PathBuf::from(plain));
        }
        for literal in &source.macro_literals {
            for base in [package, &parent(file)] {
                let named = lexical(&base.join(literal));
                if named.is_dir() {
                    self.directories.insert(named);
                }
            }
        }
        if !source.macro_words.is_empty() {
            let words = self.words.entry(dir.to_owned()).or_default();
            words.extend(source.macro_words.iter().map(|&word| word.to_owned()));
        }
    }
}

/// The existing files that a declaration in `file`, whose submodules lie in `dir`, can mean, each with the directory of its
/// own submodules (Rust reference, "Module source filenames" and "The path attribute").
fn files_of(declaration: &Declaration<'_>, file: &Path, dir: &Path) -> Vec<(PathBuf, PathBuf)> {
    let inside: Vec<&str> =
        declaration.inside.iter().map(|module| module.path.unwrap_or(module.name)).collect();
    let mut home = dir.to_owned();
    home.extend(&inside);
    let beside = if inside.is_empty() { parent(file) } else { home.clone() };
    let mut found: Vec<(PathBuf, PathBuf)> = declaration
        .paths
        .iter()
        .map(|path| lexical(&beside.join(path)))
        .map(|path| (path.clone(), parent(&path)))
        .collect();
    let below = home.join(declaration.name);
    found.push((lexical(&home.join(format!("{}.rs", declaration.name))), below.clone()));
    found.push((lexical(&below.join("mod.rs")), lexical(&below)));
    found.retain(|(path, _)| path.is_file());
    found
}

fn parent(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::{Extent, Modules};

    fn reach(fixture: &Fixture, extent: Extent) -> Modules {
        let root = fixture.path().join("src/main.rs");
        Modules::reach([root], extent, &["aiopyramid".to_owned()], fixture.path())
    }

    #[test]
    fn declarations_lead_to_the_files_that_the_compiler_takes() {
        let fixture = Fixture::new(&[
            (
                "src/main.rs",
                "mod a; mod b; mod c { mod d; } #[path = \"odd/e.rs\"] mod e; #[cfg(x)] mod g; mod absent;",
            ),
            ("src/a.rs", "mod sub; mod inline { mod deep; #[path = \"x.rs\"] mod x; }"),
            ("src/a/sub.rs", ""),
            ("src/a/inline/deep.rs", ""),
            ("src/a/inline/x.rs", ""),
            ("src/b/mod.rs", "pub mod sub;"),
            ("src/b/sub.rs", ""),
            ("src/c/d.rs", ""),
            ("src/odd/e.rs", "mod f;"),
            ("src/odd/f.rs", ""),
            ("src/g.rs", ""),
            ("src/lost.rs", ""),
            ("src/b/lost.rs", ""),
        ]);
        let modules = reach(&fixture, Extent::Usual);
        let reached = |file: &str| modules.contain(&fixture.path().join(file));
        for file in [
            "src/main.rs",
            "src/a.rs",
            "src/a/sub.rs",
            "src/a/inline/deep.rs",
            "src/a/inline/x.rs",
            "src/b/mod.rs",
            "src/b/sub.rs",
            "src/c/d.rs",
            "src/odd/e.rs",
            "src/odd/f.rs",
            "src/g.rs",
        ] {
            assert!(reached(file), "{file}");
        }
        assert!(!reached("src/lost.rs") && !reached("src/b/lost.rs"));
    }

    #[test]
    fn only_the_whole_extent_reads_files_without_a_directory() {
        let fixture = Fixture::new(&[
            ("src/main.rs", "mod a;"),
            ("src/a.rs", "#[path = \"elsewhere.rs\"] mod b;"),
            ("src/elsewhere.rs", ""),
        ]);
        let elsewhere = fixture.path().join("src/elsewhere.rs");
        assert!(!reach(&fixture, Extent::Usual).contain(&elsewhere));
        assert!(reach(&fixture, Extent::Whole).contain(&elsewhere));
    }

    #[test]
    fn certain_are_handlers_that_no_cfg_takes_away() {
        for (main, certain) in [
            ("mod a;", true),
            ("#[cfg(feature = \"a\")] mod a;", false),
            ("#[cfg(test)] mod tests { mod a; }", false),
            ("", false),
        ] {
            let fixture = Fixture::new(&[
                ("src/main.rs", main),
                ("src/a.rs", "#[view_config] fn a() {}"),
                ("src/tests/a.rs", "#[view_config] fn a() {}"),
            ]);
            assert_eq!(reach(&fixture, Extent::Certain).has_handlers, certain, "{main}");
        }
    }

    #[test]
    fn a_macro_may_bring_a_file_in() {
        for (main, included) in [
            ("include!(\"part.rs\");", true),
            ("include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/src/part.rs\"));", true),
            ("modules! { other, part }", true),
            ("automod::dir!(\"src\");", true),
            ("include!(\"apart.rs\");", false),
            ("fn f() { println!(\"{}\", part); watch!(\"src\"); }", false),
        ] {
            let fixture = Fixture::new(&[("src/main.rs", main), ("src/part.rs", "")]);
            let modules = reach(&fixture, Extent::Whole);
            assert_eq!(modules.may_include(&fixture.path().join("src/part.rs")), included, "{main}");
        }
    }
}
