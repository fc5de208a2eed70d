//! What is walked.

use super::names::Names;
use crate::app::request::Request;
use crate::error::Result;

/// The names to walk by, from some resource on.
#[derive(Debug, Clone, Default)]
pub struct TraversalPath {
    pub(super) names: Names,
    /// How many of them lead to the virtual root.
    pub(super) above: usize,
    /// What the route says the subpath is, should all names be walked. Rare, and large.
    subpath: Option<Box<Names>>,
}

impl TraversalPath {
    /// Of text that was decoded already, as that of a request is: cut at its slashes. Empty names and `.` are left out, and `..`
    /// takes the one before it away.
    pub fn new(path: &str) -> Self {
        Self { names: Names::split(path), ..Self::default() }
    }

    /// The same below a virtual root, which is walked to first. No `..` leads out of it.
    pub fn below(virtual_root: &str, path: &str) -> Self {
        let (names, above) = Names::split_below(virtual_root, path);
        Self { names, above, ..Self::default() }
    }

    /// Of names, each as it is: a slash in one is a part of it.
    pub fn of_names(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self { names: Names::whole(names), ..Self::default() }
    }

    /// Of one name.
    pub(super) fn of_name(name: &str) -> Self {
        Self { names: Names::one(name), ..Self::default() }
    }

    /// What a route says the subpath is; without names where it says nothing.
    pub(super) fn subpath(&self) -> &Names {
        self.subpath.as_deref().unwrap_or(Names::none())
    }

    /// What a route says the subpath is. It counts where all names were walked.
    #[must_use]
    pub fn with_subpath(mut self, subpath: &str) -> Self {
        self.subpath = Some(Box::new(Names::split(subpath)));
        self
    }

    /// That of a request, below a virtual root where there is one: the request's path; or, where a route matched, what its
    /// placeholder `traverse` took, and nothing where it has none. A placeholder `subpath` is what a route says the subpath is.
    pub fn of_request(request: &Request, virtual_root: Option<&str>) -> Self {
        let by_route = request.matched().is_some();
        let walked = if by_route { request.match_value("traverse").unwrap_or("") } else { request.path() };
        let path = match virtual_root {
            None => Self::new(walked),
            Some(virtual_root) => Self::below(virtual_root, walked),
        };
        match request.match_value("subpath").filter(|_| by_route) {
            None => path,
            Some(subpath) => path.with_subpath(subpath),
        }
    }
}

/// How a resource is told from another one: text with percent-encoding, as [`resource_path`](super::Located::resource_path) makes
/// it, or a list of names. It is absolute where the text begins with `/`, or the list with an empty name.
pub trait ResourcePath {
    /// Whether it is absolute, and its names. Text is cut at its slashes before it is decoded, so that a name may have one in it.
    ///
    /// # Errors
    /// Where the bytes of a name are no UTF-8.
    fn to_path(&self) -> Result<(bool, TraversalPath)>;
}

impl ResourcePath for str {
    fn to_path(&self) -> Result<(bool, TraversalPath)> {
        let names = Names::decode(self)?;
        Ok((self.starts_with('/'), TraversalPath { names, ..TraversalPath::default() }))
    }
}

impl ResourcePath for String {
    fn to_path(&self) -> Result<(bool, TraversalPath)> {
        self.as_str().to_path()
    }
}

impl<S: AsRef<str>> ResourcePath for [S] {
    fn to_path(&self) -> Result<(bool, TraversalPath)> {
        let absolute = self.first().is_some_and(|first| first.as_ref().is_empty());
        Ok((absolute, TraversalPath::of_names(self)))
    }
}

impl<S: AsRef<str>, const LENGTH: usize> ResourcePath for [S; LENGTH] {
    fn to_path(&self) -> Result<(bool, TraversalPath)> {
        self.as_slice().to_path()
    }
}

impl<S: AsRef<str>> ResourcePath for Vec<S> {
    fn to_path(&self) -> Result<(bool, TraversalPath)> {
        self.as_slice().to_path()
    }
}

impl<P: ResourcePath + ?Sized> ResourcePath for &P {
    fn to_path(&self) -> Result<(bool, TraversalPath)> {
        (**self).to_path()
    }
}
