//! Where a static view has its files from.

use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "embed")]
use super::embedded::Embedded;
use super::folder::Folder;
use super::subpath::Subpath;

/// Where the files of a static view come from, as [`add_static_view`](crate::Configurator::add_static_view) is told: the path
/// of a folder, or, with the feature `embed`, what `embedded!` has put into the program.
#[derive(Debug, Clone)]
pub struct StaticSource(pub(crate) Given);

/// What it was told.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Path(PathBuf),
    #[cfg(feature = "embed")]
    Embedded(Embedded),
}

impl StaticSource {
    /// The path by which [`static_url`](crate::RequestExt::static_url) knows it: as it was written, without `./` at the start
    /// and `/` at the end.
    pub(crate) fn specification(&self) -> String {
        let text = match &self.0 {
            Given::Path(path) => path.to_string_lossy().replace('\\', "/"),
            #[cfg(feature = "embed")]
            Given::Embedded(files) => files.folder().to_owned(),
        };
        specification(&text)
    }
}

/// The normal form of a path as it is registered and asked for.
pub(crate) fn specification(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    path.trim_end_matches('/').to_owned()
}

impl From<&str> for StaticSource {
    fn from(path: &str) -> Self {
        Self(Given::Path(path.into()))
    }
}

impl From<String> for StaticSource {
    fn from(path: String) -> Self {
        Self(Given::Path(path.into()))
    }
}

impl From<&Path> for StaticSource {
    fn from(path: &Path) -> Self {
        Self(Given::Path(path.into()))
    }
}

impl From<PathBuf> for StaticSource {
    fn from(path: PathBuf) -> Self {
        Self(Given::Path(path))
    }
}

#[cfg(feature = "embed")]
impl From<Embedded> for StaticSource {
    fn from(files: Embedded) -> Self {
        Self(Given::Embedded(files))
    }
}

/// The files themselves.
#[derive(Debug)]
pub(crate) enum Source {
    Folder(Folder),
    #[cfg(feature = "embed")]
    Embedded(Embedded),
}

impl Source {
    /// Where on disk its files are; `None` for those in the program.
    #[cfg(all(unix, feature = "reload"))]
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder.root()),
            #[cfg(feature = "embed")]
            Self::Embedded(_) => None,
        }
    }

    /// The bytes of a file, where there is one. Blocks.
    pub(super) fn read(&self, subpath: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(subpath) = Subpath::parse(subpath).filter(|subpath| !subpath.is_folder) else {
            return Ok(None);
        };
        match self {
            Self::Folder(folder) => folder.read(&subpath),
            #[cfg(feature = "embed")]
            Self::Embedded(files) => Ok(files.read(&subpath).map(Into::into)),
        }
    }

    /// The subpaths of all files. Blocks.
    pub(super) fn files(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Folder(folder) => folder.files(),
            #[cfg(feature = "embed")]
            Self::Embedded(files) => Ok(files.names().map(str::to_owned).collect()),
        }
    }
}

/// Where a relative path is looked for, the first place that has it first: the folder of the package while cargo runs the
/// program, else the working directory and the folder of the program itself.
pub(crate) fn candidates(path: &Path) -> Vec<PathBuf> {
    if path.is_absolute() {
        return vec![path.to_owned()];
    }
    let places = if let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR") {
        vec![package.into()]
    } else {
        let program = std::env::current_exe().ok();
        let beside = program.as_deref().and_then(Path::parent).map(Path::to_owned);
        std::env::current_dir().ok().into_iter().chain(beside).collect::<Vec<PathBuf>>()
    };
    places.into_iter().map(|place| place.join(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_known_by_what_was_written_without_its_frills() {
        for (written, known) in [
            ("static", "static"),
            ("./static/", "static"),
            ("a/b//", "a/b"),
            ("/srv/files/", "/srv/files"),
            ("./", ""),
        ] {
            assert_eq!(StaticSource::from(written).specification(), known, "{written}");
        }
    }

    #[test]
    fn a_relative_path_is_looked_for_in_the_package_that_cargo_runs() {
        let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(candidates(Path::new("src")), [expected]);
        assert_eq!(candidates(Path::new("/srv")), [PathBuf::from("/srv")]);
    }
}
