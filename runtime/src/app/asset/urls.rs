//! The URLs of static files.

use std::fmt;

use super::cache_buster::{CacheBuster, StaticAsset, below};
use crate::app::route::{UrlOptions, push_query_and_anchor};
use crate::protocol::url::{self, Query, QueryValue};

/// Which static view a file belongs to, and who has a say in its URL.
#[derive(Default)]
pub(crate) struct StaticUrls {
    /// In order of registration.
    places: Vec<StaticPlace>,
    /// With the path that each was added for, the longest first.
    busters: Vec<(String, Box<dyn CacheBuster>)>,
    /// The folders on disk that files are served from.
    #[cfg(all(unix, feature = "reload"))]
    pub(crate) folders: Vec<std::path::PathBuf>,
}

/// A static view as URLs know it.
#[derive(Debug)]
pub(crate) struct StaticPlace {
    pub(crate) specification: String,
    pub(crate) target: Target,
}

/// Where its files are.
#[derive(Debug)]
pub(crate) enum Target {
    /// Behind the route of this name.
    Route(String),
    /// On another server: what stands before the subpath.
    External(String),
}

impl Target {
    /// Of the name of a static view that is the URL of another server.
    pub(crate) fn external(name: &str) -> Option<Self> {
        let is_external = name.starts_with("//") || name.contains("://");
        is_external.then(|| Self::External(format!("{}/", name.trim_end_matches('/'))))
    }
}

impl StaticUrls {
    pub(crate) fn new(places: Vec<StaticPlace>, mut busters: Vec<(String, Box<dyn CacheBuster>)>) -> Self {
        busters.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Self {
            places,
            busters,
            #[cfg(all(unix, feature = "reload"))]
            folders: Vec::new(),
        }
    }

    /// Where the file with that path is, and what its URL is made of.
    pub(crate) fn find(&self, path: &str) -> Option<(&Target, StaticAsset)> {
        let path = path.strip_prefix("./").unwrap_or(path);
        let mut fitting =
            self.places.iter().filter_map(|place| Some((&place.target, below(path, &place.specification)?)));
        let (target, subpath) = fitting.next()?;
        let mut asset = StaticAsset::new(path, subpath);
        if let Some((_, buster)) = self.busters.iter().find(|(folder, _)| below(path, folder).is_some()) {
            buster.bust(&mut asset);
        }
        Some((target, asset))
    }

    /// The paths that are known, for messages.
    pub(crate) fn specifications(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| &*place.specification)
    }
}

impl fmt::Debug for StaticUrls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticUrls").field("places", &self.places).finish_non_exhaustive()
    }
}

/// The options with what a cache buster has put into the query.
pub(crate) fn with_query(options: &UrlOptions, more: Vec<(String, String)>) -> UrlOptions {
    let mut options = options.clone();
    if more.is_empty() {
        return options;
    }
    match options.query.get_or_insert_default() {
        Query::Pairs(pairs) => {
            pairs.extend(more.into_iter().map(|(key, value)| (key, QueryValue::One(value))));
        }
        Query::Raw(text) => {
            let more = url::form_urlencoded(more.iter().map(|(key, value)| (&**key, &**value)));
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(&more);
        }
    }
    options
}

/// The URL of a file on another server. Without a scheme of its own it gets that of the request.
pub(crate) fn external_url(base: &str, subpath: &str, scheme: &str, options: &UrlOptions) -> String {
    let mut out = String::new();
    if base.starts_with("//") {
        out.extend([options.scheme.as_deref().unwrap_or(scheme), ":"]);
    }
    out.push_str(base);
    url::push_path(&mut out, subpath);
    push_query_and_anchor(&mut out, options);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(specification: &str, target: Target) -> StaticPlace {
        StaticPlace { specification: specification.into(), target }
    }

    #[test]
    fn the_first_static_view_that_has_the_path_has_the_file() {
        let urls = StaticUrls::new(
            vec![
                place("static/css", Target::Route("one".into())),
                place("static", Target::Route("two".into())),
            ],
            Vec::new(),
        );
        let found = |path| urls.find(path).map(|(target, asset)| (format!("{target:?}"), asset.subpath));
        assert_eq!(found("static/css/a.css"), Some(("Route(\"one\")".into(), "a.css".into())));
        assert_eq!(found("./static/a.js"), Some(("Route(\"two\")".into(), "a.js".into())));
        assert_eq!(found("statics/a.js"), None);
    }

    #[test]
    fn an_external_url_is_put_together() {
        let options = UrlOptions::default().query([("a", 1)]).anchor("top");
        let with = |base| external_url(base, "css/a b.css", "https", &options);
        assert_eq!(with("http://cdn.example.com/x/"), "http://cdn.example.com/x/css/a%20b.css?a=1#top");
        assert_eq!(with("//cdn.example.com/"), "https://cdn.example.com/css/a%20b.css?a=1#top");
    }

    #[test]
    fn a_token_goes_behind_the_query_that_is_there() {
        let token = || vec![("x".to_owned(), "1 2".to_owned())];
        let query = |query: Query| {
            with_query(&UrlOptions::default().query(query), token()).query.unwrap().to_string()
        };
        assert_eq!(query("a=b".into()), "a=b&x=1+2");
        assert_eq!(query([("a", "b")].into()), "a=b&x=1+2");
        assert_eq!(query("".into()), "x=1+2");
    }
}
