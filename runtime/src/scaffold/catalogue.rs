//! The scaffolds that there are.

use std::fmt::Write;

use crate::suggestion::{list as words, nearest};

/// A kind of project.
#[derive(Debug)]
pub(super) struct Scaffold {
    pub(super) name: &'static str,
    /// What it is for, in one line.
    summary: &'static str,
    pub(super) files: &'static [File],
}

impl Scaffold {
    /// The packages that its projects depend on.
    pub(super) fn dependencies(&self) -> Vec<&'static str> {
        let manifest = self.files.iter().find(|file| file.path == "Cargo.toml").map_or("", |file| file.text);
        let (_, dependencies) = manifest.split_once("[dependencies]").unwrap_or_default();
        let lines = dependencies.lines().take_while(|line| !line.starts_with('['));
        lines.filter_map(|line| Some(line.split_once('=')?.0.trim())).collect()
    }
}

/// A file of a scaffold.
#[derive(Debug)]
pub(super) struct File {
    /// Where it is in the project.
    pub(super) path: &'static str,
    pub(super) text: &'static str,
    /// Whether the text has `{{names}}` in it that are to be filled in. Those of others are to stay: they are templates of the
    /// application's own.
    pub(super) is_template: bool,
}

/// The files of a scaffold, in the order in which they are written. Of one that is filled in, the name ends in `.template` here.
macro_rules! files {
    ($scaffold:literal: filled $($filled:literal)* as_it_is $($path:literal)*) => {
        &[
            $(File {
                path: $filled,
                text: include_str!(concat!($scaffold, "/", $filled, ".template")),
                is_template: true,
            },)*
            $(File { path: $path, text: include_str!(concat!($scaffold, "/", $path)), is_template: false },)*
        ]
    };
}

/// All of them; the first one is made where nothing is said.
pub(super) const SCAFFOLDS: &[Scaffold] = &[
    Scaffold {
        name: "aio_starter",
        summary: "One view that waits without a thread, its tests, and configuration files",
        files: files!("aio_starter":
            filled "Cargo.toml" "README.md" "CHANGES.md" "development.ini" "production.ini"
            as_it_is ".gitignore" "src/main.rs" "src/views.rs" "src/tests.rs"
        ),
    },
    Scaffold {
        name: "aio_websocket",
        summary: "A page that talks over a websocket, and that socket",
        files: files!("aio_websocket":
            filled "Cargo.toml" "README.md" "CHANGES.md" "development.ini" "production.ini"
            as_it_is ".gitignore" "src/main.rs" "src/views.rs" "src/tests.rs" "templates/home.jinja2"
        ),
    },
    Scaffold {
        name: "wiki",
        summary: "Pages with links, forms, logins and an SQLite database: that of Pyramid's tutorial",
        files: files!("wiki":
            filled "Cargo.toml" "README.md" "CHANGES.md" "development.ini" "production.ini"
            as_it_is ".gitignore" "src/main.rs" "src/views.rs" "src/login.rs" "src/users.rs" "src/password.rs" "src/text.rs"
                "src/store.rs" "src/schema.sql" "src/tests.rs"
                "templates/layout.jinja2" "templates/view.jinja2" "templates/edit.jinja2" "templates/list.jinja2"
                "templates/missing.jinja2" "templates/login.jinja2" "templates/forbidden.jinja2"
        ),
    },
];

/// The scaffold of that name.
pub(super) fn find(name: &str) -> Result<&'static Scaffold, String> {
    if let Some(found) = SCAFFOLDS.iter().find(|scaffold| scaffold.name == name) {
        return Ok(found);
    }
    let names = SCAFFOLDS.iter().map(|scaffold| scaffold.name);
    // `starter` is near, too.
    let short = names
        .clone()
        .find(|known| known.strip_prefix("aio_").is_some_and(|short| nearest(name, [short]).is_some()));
    Err(match nearest(name, names.clone()).or(short) {
        Some(near) => format!("there is no scaffold `{name}`; did you mean `{near}`?"),
        None => format!("there is no scaffold `{name}`; there are {}", words(names)),
    })
}

/// A line each.
pub(super) fn list() -> String {
    let width = SCAFFOLDS.iter().map(|scaffold| scaffold.name.len()).max().unwrap_or(0);
    SCAFFOLDS.iter().fold(String::new(), |mut list, Scaffold { name, summary, .. }| {
        // Writing into a string cannot fail.
        let _ = writeln!(list, "  {name:width$}  {summary}");
        list
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn a_scaffold_is_found_by_its_name_or_suggested() {
        assert_eq!(find("wiki").unwrap().name, "wiki");
        for (written, meant) in
            [("aio_startr", "aio_starter"), ("starter", "aio_starter"), ("websockets", "aio_websocket")]
        {
            let complaint = find(written).unwrap_err();
            assert_eq!(complaint, format!("there is no scaffold `{written}`; did you mean `{meant}`?"));
        }
        assert_eq!(
            find("alchemy").unwrap_err(),
            "there is no scaffold `alchemy`; there are `aio_starter`, `aio_websocket`, `wiki`"
        );
    }

    /// All files in a folder, by their paths in it.
    fn files_in(folder: &Path) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        let mut pending = vec![folder.to_owned()];
        while let Some(next) = pending.pop() {
            for entry in fs::read_dir(next).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    found.insert(path.strip_prefix(folder).expect("it is in it").to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_file_in_the_folder_of_a_scaffold_is_written() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scaffold");
        for scaffold in SCAFFOLDS {
            let listed: BTreeSet<_> = scaffold
                .files
                .iter()
                .map(|file| {
                    PathBuf::from(if file.is_template {
                        format!("{}.template", file.path)
                    } else {
                        file.path.to_owned()
                    })
                })
                .collect();
            assert_eq!(files_in(&folder.join(scaffold.name)), listed, "{}", scaffold.name);
        }
    }
}
