//! Static views and cache busters that are added by a call.

use std::fmt;
use std::panic::Location;
use std::path::Path;
use std::sync::Arc;

use super::Configurator;
use crate::app::asset::cache_buster::{CacheBuster, Missing};
use crate::app::asset::folder::Folder;
use crate::app::asset::source::{Given, Source, StaticSource, candidates, specification};
use crate::app::asset::static_view::{Manner, static_view};
use crate::app::asset::urls::{StaticPlace, Target};
use crate::app::origin::Origin;
use crate::app::view::{Callable, Coroutine, HttpCache};
use crate::protocol::content_encoding::{ContentEncoding, KNOWN};
use crate::registry::assets::{AddedBuster, AddedStatic, with_help_inside};
use crate::registry::directive::{AddedPredicate, AddedRoute, AddedView, What};
use crate::registry::fault::Fault;
use crate::registry::mapping::Mapper;

impl Configurator {
    /// Serves the files of a folder below the path `name`: with `"static"` and `"assets"`, the file `assets/css/site.css` is at
    /// `/static/css/site.css`.
    ///
    /// The folder's path may be relative. While cargo runs the program, it is looked for in the folder of the package; else in
    /// the working directory, and then beside the program. A folder that is not there keeps the application from starting. With
    /// the feature `embed`, the files may be in the program itself: [`embedded!`](crate::guide::static_files#files-in-the-program).
    ///
    /// It is a route like any other, called `__static/`, and is tried where it was added. If `name` is the URL of another server,
    /// such as `https://cdn.example.com/`, nothing is served, and [`static_url`](crate::RequestExt::static_url) makes URLs that
    /// lead there.
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// # let mut config = Configurator::new();
    /// config.add_static_view("static", "src").cache_max_age(3600);
    /// # config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_static_view(
        &mut self,
        name: impl Into<String>,
        source: impl Into<StaticSource>,
    ) -> StaticViewDirective<'_> {
        self.static_view(name.into(), source.into(), Location::caller().into())
    }

    #[track_caller]
    fn static_view(&mut self, name: String, source: StaticSource, origin: Origin) -> StaticViewDirective<'_> {
        let specification = source.specification();
        let mut directive = StaticViewDirective {
            config: self,
            view: None,
            source: None,
            given: source,
            manner: Manner::default(),
            origin,
        };
        if let Some(target) = Target::external(&name) {
            directive.add(StaticPlace { specification, target }, None);
            return directive;
        }
        let name = format!("{}/", name.trim_matches('/'));
        let route = format!("__{name}");
        let known = directive.config.assets.statics.iter().find(|added| {
            matches!(&added.place.target, Target::Route(other) if *other == route)
                && added.includes == directive.config.includes
        });
        if let Some(known) = known {
            let message = format!("two static views are at `{name}`");
            let fault = Fault::new(message, [known.origin, origin]);
            directive
                .config
                .faults
                .push(fault.with_help("give one of them another name, its first argument"));
            return directive;
        }
        let source = match open(&directive.given, false) {
            Ok(source) => Arc::new(source),
            Err(fault) => {
                directive.config.faults.push(with_help_inside(&fault, origin));
                // One mistake: the URLs of its files are none besides.
                directive.add(StaticPlace { specification, target: Target::External(name) }, None);
                return directive;
            }
        };
        let pattern = format!("/{}*subpath", name.trim_start_matches('/'));
        directive.config.say(What::Route(AddedRoute::new(route.clone(), pattern)));
        directive.config.say(What::View(Box::new(AddedView {
            route: Some(route.clone()),
            predicates: vec![AddedPredicate {
                name: "request_method",
                negated: false,
                values: vec!["GET".to_owned()],
            }],
            mapper: Mapper::Given(Box::new(Coroutine)),
            // It is shown for as long as the program runs.
            ..AddedView::new(
                format!("{specification}/").leak(),
                Callable::Coroutine(static_view(Arc::clone(&source), Manner::default())),
            )
        })));
        directive.view = Some(directive.config.directives.len() - 1);
        directive.source = Some(Arc::clone(&source));
        directive.add(StaticPlace { specification, target: Target::Route(route) }, Some(source));
        directive
    }

    /// Lets `buster` change the URLs of the static files below `path`, which is as `static_url` is given it. Where several fit,
    /// the longest path wins. With the setting `prevent_cachebust` there are none.
    ///
    /// ```
    /// use aiopyramid::asset::QueryStringCacheBuster;
    /// # use aiopyramid::prelude::*;
    /// # let mut config = Configurator::new();
    /// config.add_static_view("static", "src");
    /// config.add_cache_buster("src", QueryStringCacheBuster::of_content());
    /// # config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_cache_buster(&mut self, path: impl AsRef<Path>, buster: impl CacheBuster) -> &mut Self {
        let path = specification(&path.as_ref().to_string_lossy());
        let added = AddedBuster { path, buster: Box::new(buster), origin: Location::caller().into() };
        self.assets.busters.push(added);
        self
    }
}

/// The files, or what is wrong with them.
fn open(given: &StaticSource, follow_links: bool) -> Result<Source, String> {
    match &given.0 {
        Given::Path(path) => open_folder(path, follow_links).map(Source::Folder),
        #[cfg(feature = "embed")]
        Given::Embedded(files) => Ok(Source::Embedded(files.clone())),
    }
}

fn open_folder(path: &Path, follow_links: bool) -> Result<Folder, String> {
    let places = candidates(path);
    let Some(place) = places.iter().find(|place| place.exists()) else {
        return Err(Missing { what: "the folder", path: path.to_owned(), places }.to_string());
    };
    Folder::open(place, follow_links)
        .map_err(|error| format!("the folder `{}` cannot be served: {error}", place.display()))
}

/// A static view that was just [added](Configurator::add_static_view); what is said to it says how its files are served.
pub struct StaticViewDirective<'a> {
    config: &'a mut Configurator,
    /// Where among the directives its view is; `None` where it has none.
    view: Option<usize>,
    source: Option<Arc<Source>>,
    given: StaticSource,
    manner: Manner,
    origin: Origin,
}

impl StaticViewDirective<'_> {
    /// Browsers and proxies may keep a file for so many seconds. Unless this is said, they ask each time whether it has changed.
    pub fn cache_max_age(&mut self, seconds: u32) -> &mut Self {
        self.manner.cache = Some(HttpCache::seconds(seconds));
        self.remake()
    }

    /// Where one of these codings of a file lies beside it (`site.css.br`, `site.css.gz`), a client that takes it gets it: the one
    /// that takes the fewest bytes. There are `br`, `zstd`, `gzip`, `xz`, `bzip2` and `compress`.
    pub fn content_encodings(&mut self, names: &[&str]) -> &mut Self {
        self.manner.encodings.clear();
        for name in names {
            let Some(encoding) = ContentEncoding::named(name) else {
                let known: Vec<_> = KNOWN.iter().map(|known| known.name).collect();
                let fault = Fault::new(format!("`{name}` is no content encoding"), [self.origin]);
                self.config.faults.push(fault.with_help(format!("there are {}", known.join(", "))));
                continue;
            };
            self.manner.encodings.push(encoding);
        }
        self.remake()
    }

    /// Whether links in the folder may lead out of it; unless this is said, what such a link leads to is not there.
    pub fn follow_links(&mut self, follow: bool) -> &mut Self {
        if self.source.is_some() {
            match open(&self.given, follow) {
                Ok(source) => self.source = Some(Arc::new(source)),
                Err(fault) => self.config.faults.push(with_help_inside(&fault, self.origin)),
            }
        }
        self.remake()
    }

    fn add(&mut self, place: StaticPlace, source: Option<Arc<Source>>) {
        let includes = self.config.includes.clone();
        self.config.assets.statics.push(AddedStatic { place, source, origin: self.origin, includes });
    }

    /// Makes the view again, as it is to be now.
    fn remake(&mut self) -> &mut Self {
        let (Some(view), Some(source)) = (self.view, &self.source) else { return self };
        if let What::View(view) = &mut self.config.directives[view].what {
            view.callable = Callable::Coroutine(static_view(Arc::clone(source), self.manner.clone()));
        }
        self
    }
}

impl fmt::Debug for StaticViewDirective<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticViewDirective")
            .field("source", &self.given)
            .field("manner", &self.manner)
            .finish_non_exhaustive()
    }
}
