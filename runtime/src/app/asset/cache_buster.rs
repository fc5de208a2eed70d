//! Cache busters: addresses that change with what is behind them, so that a cache may keep it for ever.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::source::{Source, candidates};
use crate::error::{Error, Result};

/// Changes the URLs that [`static_url`](crate::RequestExt::static_url) makes, so that a file that has changed has another one.
///
/// ```
/// use aiopyramid::asset::{CacheBuster, StaticAsset};
///
/// /// Puts the release into the path; a proxy takes it out again.
/// struct Release(&'static str);
///
/// impl CacheBuster for Release {
///     fn bust(&self, asset: &mut StaticAsset) {
///         asset.subpath.insert_str(0, &format!("{}/", self.0));
///     }
/// }
/// ```
pub trait CacheBuster: Send + Sync + 'static {
    /// Reads what it needs, once, when the application is made.
    ///
    /// # Errors
    /// Where it cannot do its work; the application then does not start.
    fn prepare(&mut self, files: &StaticFiles) -> Result<()> {
        let _ = files;
        Ok(())
    }

    /// Changes what the URL of a file is made of.
    fn bust(&self, asset: &mut StaticAsset);
}

/// What the URL of a file is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaticAsset {
    /// The path by which the program knows the file: `static/css/site.css`.
    pub path: String,
    /// The path below the static view's: `css/site.css`.
    pub subpath: String,
    /// What goes behind the `?`.
    pub query: Vec<(String, String)>,
}

impl StaticAsset {
    pub(super) fn new(path: &str, subpath: &str) -> Self {
        Self { path: path.to_owned(), subpath: subpath.to_owned(), query: Vec::new() }
    }
}

/// The files for whose URLs a cache buster works.
#[derive(Debug, Clone)]
pub struct StaticFiles {
    /// What the buster was added for.
    path: String,
    sources: Arc<[(String, Arc<Source>)]>,
    development: bool,
}

impl StaticFiles {
    pub(crate) fn new(path: &str, sources: Arc<[(String, Arc<Source>)]>, development: bool) -> Self {
        Self { path: path.to_owned(), sources, development }
    }

    /// Whether the application runs in development, where files change while it does.
    pub fn is_development(&self) -> bool {
        self.development
    }

    /// The paths of all files, as `static_url` is given them. Blocks.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn paths(&self) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        for (specification, source) in &*self.sources {
            let files = source.files()?.into_iter();
            let files = files.map(|subpath| {
                if specification.is_empty() { subpath } else { format!("{specification}/{subpath}") }
            });
            paths.extend(files.filter(|path| below(path, &self.path).is_some()));
        }
        Ok(paths)
    }

    /// The content of the file with this path; `None` where there is none. Blocks.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let found = self
            .sources
            .iter()
            .find_map(|(specification, source)| Some((source, below(path, specification)?)));
        found.map_or(Ok(None), |(source, subpath)| source.read(subpath))
    }
}

/// What of `path` stands below `folder`.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// Puts a token into the query string: `/static/site.css?x=TOKEN`.
///
/// Proxies that keep nothing with a query string gain nothing from it; for those, names of files that change are better
/// ([`ManifestCacheBuster`]).
#[derive(Debug)]
pub struct QueryStringCacheBuster {
    parameter: String,
    token: Token,
}

#[derive(Debug)]
enum Token {
    Constant(String),
    /// Of each file by its path.
    Content(HashMap<String, String>),
    /// Of each file when it is asked for.
    Current(StaticFiles),
}

impl QueryStringCacheBuster {
    /// With a token that changes with each release: a version, or the name of a commit. Pyramid's
    /// `QueryStringConstantCacheBuster`.
    pub fn new(token: impl Into<String>) -> Self {
        Self { parameter: "x".into(), token: Token::Constant(token.into()) }
    }

    /// With a hash of each file's content. All files are read when the application is made; in development, a file is read when
    /// its URL is. A path that is no file gets no token.
    pub fn of_content() -> Self {
        Self { parameter: "x".into(), token: Token::Content(HashMap::new()) }
    }

    /// With another name than `x` for the parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>) -> Self {
        self.parameter = name.into();
        self
    }
}

impl CacheBuster for QueryStringCacheBuster {
    fn prepare(&mut self, files: &StaticFiles) -> Result<()> {
        let Token::Content(tokens) = &mut self.token else { return Ok(()) };
        if files.is_development() {
            self.token = Token::Current(files.clone());
            return Ok(());
        }
        for path in files.paths()? {
            if let Some(content) = files.read(&path)? {
                tokens.insert(path, hash(&content));
            }
        }
        Ok(())
    }

    fn bust(&self, asset: &mut StaticAsset) {
        let token = match &self.token {
            Token::Constant(token) => Some(token.clone()),
            Token::Content(tokens) => tokens.get(&asset.path).cloned(),
            Token::Current(files) => files.read(&asset.path).ok().flatten().map(|content| hash(&content)),
        };
        asset.query.extend(token.map(|token| (self.parameter.clone(), token)));
    }
}

/// The same in every process of one build, which is what matters: nobody gains from making two files collide.
fn hash(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{:016x}", hasher.finish())
}

/// Replaces names of files as a manifest says, a JSON object such as `{"css/site.css": "css/site-678b7c80.css"}`: what the tools
/// write that bundle files. A name that is not in it stays.
///
/// In development the manifest is read again when it has changed, and need not be there.
#[derive(Debug)]
pub struct ManifestCacheBuster {
    path: PathBuf,
    manifest: Mutex<Arc<Manifest>>,
    development: bool,
}

#[derive(Debug, Default)]
struct Manifest {
    modified: Option<SystemTime>,
    names: HashMap<String, String>,
}

impl ManifestCacheBuster {
    /// With the manifest at `path`, which is looked for where the folders of static views are.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), manifest: Mutex::default(), development: false }
    }

    /// The manifest as it is now.
    fn current(&self) -> Arc<Manifest> {
        let mut known = self.manifest.lock().unwrap_or_else(PoisonError::into_inner);
        if self.development && modified(&self.path) != known.modified {
            match Manifest::read(&self.path) {
                Ok(manifest) => *known = Arc::new(manifest),
                // It may just be in the making.
                Err(error) => tracing::warn!("the manifest {}: {error}", self.path.display()),
            }
        }
        Arc::clone(&known)
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).ok()?.modified().ok()
}

impl Manifest {
    fn read(path: &Path) -> Result<Self> {
        let modified = modified(path);
        let names = serde_json::from_slice(&std::fs::read(path)?)?;
        Ok(Self { modified, names })
    }
}

impl CacheBuster for ManifestCacheBuster {
    fn prepare(&mut self, files: &StaticFiles) -> Result<()> {
        self.development = files.is_development();
        let mut places = candidates(&self.path);
        match places.iter().find(|place| place.exists()) {
            Some(place) => self.path.clone_from(place),
            None if self.development && !places.is_empty() => {
                self.path = places.swap_remove(0);
                return Ok(());
            }
            None => return Err(Missing { what: "the manifest", path: self.path.clone(), places }.into()),
        }
        let manifest = Manifest::read(&self.path)
            .map_err(|error| Error::msg(format!("the manifest {}: {error}", self.path.display())))?;
        self.manifest = Mutex::new(Arc::new(manifest));
        Ok(())
    }

    fn bust(&self, asset: &mut StaticAsset) {
        if let Some(name) = self.current().names.get(&asset.subpath) {
            asset.subpath.clone_from(name);
        }
    }
}

/// Nothing is where it was looked for.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) what: &'static str,
    pub(crate) path: PathBuf,
    pub(crate) places: Vec<PathBuf>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` is not there\nhelp: it was looked for at", self.what, self.path.display())?;
        for (number, place) in self.places.iter().enumerate() {
            write!(f, "{} {}", if number > 0 { " and" } else { "" }, place.display())?;
        }
        Ok(())
    }
}

impl std::error::Error for Missing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_a_folder_and_not_below_one_whose_name_only_begins_alike() {
        assert_eq!(below("static/css/site.css", "static"), Some("css/site.css"));
        assert_eq!(below("static", "static"), Some(""));
        assert_eq!(below("static2/site.css", "static"), None);
        assert_eq!(below("a/b", ""), Some("a/b"));
    }

    #[test]
    fn a_constant_token_goes_into_the_query_string() {
        let mut asset = StaticAsset::new("static/a.css", "a.css");
        QueryStringCacheBuster::new("v7").parameter("release").bust(&mut asset);
        assert_eq!(asset.query, [("release".to_owned(), "v7".to_owned())]);
        assert_eq!(asset.subpath, "a.css");
    }

    #[test]
    fn a_hash_depends_on_every_byte() {
        assert_eq!(hash(b"abc"), hash(b"abc"));
        assert_ne!(hash(b"abc"), hash(b"abd"));
        assert_ne!(hash(b""), hash(b"\0"));
    }
}
