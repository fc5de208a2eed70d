//! What a change of which file means.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::cargo::{Project, real};
use super::contents::Contents;
use super::dep_info;
use super::state::Watched;

/// What a file is for the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A style sheet that is served from a folder: the pages that are open fetch it anew.
    Style,
    /// Read for each answer: a template, or another file that is served. The pages that are open are outdated.
    Page,
    /// A configuration file, or another one that the program reads when it starts: it has to start anew.
    Configuration,
    /// The program has to be built anew.
    Source,
}

/// The files that matter.
#[derive(Debug)]
pub(super) struct Sources {
    /// Canonical, as those that a worker names.
    configuration: Vec<PathBuf>,
    /// What the program was compiled from, as Cargo has noted it, and the manifests.
    compiled: HashSet<PathBuf>,
    /// Folders in which every file of Rust may become part of the program.
    folders: Vec<PathBuf>,
    /// What Cargo makes is no source, wherever it is.
    target: PathBuf,
    watched: Watched,
    contents: Contents,
}

/// The endings of templates, as the renderers know them.
const TEMPLATES: [&str; 3] = ["jinja2", "jinja", "j2"];

impl Sources {
    pub(super) fn new(project: &Project, configuration: Vec<PathBuf>) -> Self {
        let mut sources = Self {
            configuration: configuration.iter().map(|path| real(path)).collect(),
            compiled: HashSet::new(),
            folders: Vec::new(),
            target: project.target_folder.clone(),
            watched: Watched::default(),
            contents: Contents::default(),
        };
        for path in &sources.configuration {
            sources.contents.learn(path);
        }
        sources.refresh(project);
        sources
    }

    /// Takes over what Cargo knows now.
    pub(super) fn refresh(&mut self, project: &Project) {
        let noted = dep_info::of_program(&project.program);
        let manifests = project.packages.iter().map(|folder| folder.root.join("Cargo.toml"));
        let root = &project.root;
        let settings =
            ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml", "rust-toolchain"];
        let settings = settings.map(|name| root.join(name)).into_iter().filter(|path| path.is_file());
        self.compiled = noted.iter().map(|path| real(path)).chain(manifests).chain(settings).collect();
        self.folders = project.packages.iter().flat_map(|folder| folder.sources.clone()).collect();
        for path in &self.compiled {
            self.contents.learn(path);
        }
    }

    /// Takes over what a worker reads while it serves.
    pub(super) fn serve(&mut self, watched: Watched) {
        self.watched = Watched {
            templates: watched.templates.iter().map(|path| real(path)).collect(),
            folders: watched.folders.iter().map(|path| real(path)).collect(),
        };
        for path in &self.watched.templates {
            self.contents.learn(path);
        }
    }

    /// The folders to watch, and whether what is in their folders is to be watched too.
    pub(super) fn to_watch(&self) -> BTreeMap<PathBuf, bool> {
        let files = self.compiled.iter().chain(&self.configuration).chain(&self.watched.templates);
        let mut folders: BTreeMap<PathBuf, bool> =
            files.filter_map(|path| Some((path.parent()?.to_owned(), false))).collect();
        // Where Cargo builds there are many folders that nobody is interested in.
        let whole = |folder: &PathBuf| (folder.clone(), !self.target.starts_with(folder));
        folders.extend(self.folders.iter().chain(&self.watched.folders).map(whole));
        folders.retain(|folder, _| folder.is_dir() && !folder.starts_with(&self.target));
        folders
    }

    /// What the file at this path, in a folder that is watched, is for the program. `is_broken` is whether the program as it is
    /// written could not be built: then it may be missing a file that nobody knows of yet.
    pub(super) fn kind(&self, path: &Path, is_broken: bool) -> Option<Kind> {
        if self.configuration.iter().any(|known| known == path) {
            return Some(Kind::Configuration);
        }
        if path.starts_with(&self.target) || is_scratch(path) {
            return None;
        }
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let beside = |known: &PathBuf| known.parent() == path.parent();
        let is_template = self.watched.templates.iter().any(|known| known == path)
            || TEMPLATES.contains(&extension) && self.watched.templates.iter().any(beside);
        if is_template {
            return Some(Kind::Page);
        }
        if self.compiled.contains(path) {
            return Some(Kind::Source);
        }
        if self.watched.folders.iter().any(|folder| path.starts_with(folder)) {
            return Some(if extension == "css" { Kind::Style } else { Kind::Page });
        }
        let inside = self.folders.iter().any(|folder| path.starts_with(folder));
        (inside && (extension == "rs" || is_broken)).then_some(Kind::Source)
    }

    /// The changed ones among files that something has happened to. `also_written` counts those too that were only written: it
    /// is how somebody asks for another attempt.
    pub(super) fn changed(
        &mut self,
        paths: impl IntoIterator<Item = PathBuf>,
        is_broken: bool,
        also_written: bool,
    ) -> Vec<(PathBuf, Kind)> {
        let mut changed = Vec::new();
        for path in paths {
            let Some(kind) = self.kind(&path, is_broken) else { continue };
            if self.contents.have_changed(&path) || also_written {
                changed.push((path, kind));
            }
        }
        changed
    }
}

/// What editors and tools put beside files while they write them.
fn is_scratch(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    // Cargo's own settings are in a folder with a dot.
    let is_hidden = name.starts_with('.');
    is_hidden
        || name.ends_with('~')
        || name.starts_with('#') && name.ends_with('#')
        || name == "4913"
        || [".swp", ".swx", ".tmp", ".bak", ".orig"].iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let paths = |list: &[&str]| list.iter().map(PathBuf::from).collect::<Vec<_>>();
        Sources {
            configuration: paths(&["/w/development.ini", "/w/.env"]),
            compiled: paths(&[
                "/w/src/main.rs",
                "/w/src/words.txt",
                "/w/templates/a.jinja2",
                "/w/Cargo.toml",
            ])
            .into_iter()
            .collect(),
            folders: paths(&["/w/src"]),
            target: "/w/target".into(),
            watched: Watched {
                templates: paths(&["/w/templates/a.jinja2"]),
                folders: paths(&["/w/static", "/w/src/static"]),
            },
            contents: Contents::default(),
        }
    }

    #[test]
    fn what_a_file_is_follows_from_who_reads_it() {
        let sources = sources();
        for (path, expected) in [
            ("/w/src/main.rs", Some(Kind::Source)),
            ("/w/src/deep/new.rs", Some(Kind::Source)),
            ("/w/src/words.txt", Some(Kind::Source)),
            ("/w/Cargo.toml", Some(Kind::Source)),
            ("/w/build.rs", None),
            ("/w/src/notes.txt", None),
            ("/w/development.ini", Some(Kind::Configuration)),
            ("/w/.env", Some(Kind::Configuration)),
            ("/w/production.ini", None),
            ("/w/templates/a.jinja2", Some(Kind::Page)),
            ("/w/templates/new.jinja2", Some(Kind::Page)),
            ("/w/templates/notes.txt", None),
            ("/w/static/deep/site.css", Some(Kind::Style)),
            ("/w/static/site.js", Some(Kind::Page)),
            ("/w/src/static/site.css", Some(Kind::Style)),
            ("/w/target/debug/build/x/out/made.rs", None),
            ("/w/src/.main.rs.swp", None),
            ("/w/src/main.rs~", None),
            ("/w/src/#main.rs#", None),
            ("/w/src/.#main.rs", None),
        ] {
            assert_eq!(sources.kind(Path::new(path), false), expected, "{path}");
        }
    }

    #[test]
    fn a_program_that_cannot_be_built_may_miss_any_file_among_its_sources() {
        let sources = sources();
        assert_eq!(sources.kind(Path::new("/w/src/new.txt"), true), Some(Kind::Source));
        assert_eq!(sources.kind(Path::new("/w/app.log"), true), None);
    }
}
