//! Static views and cache busters, from what was said to the URLs of an application.

use std::collections::HashMap;
use std::sync::Arc;

use super::configurator::Configurator;
use super::directive::IncludePath;
use super::fault::Fault;
use crate::app::asset::cache_buster::{CacheBuster, StaticFiles};
use crate::app::asset::source::Source;
use crate::app::asset::static_view::POOL;
use crate::app::asset::urls::{StaticPlace, StaticUrls, Target};
use crate::app::executor::PoolConfig;
use crate::app::origin::Origin;

/// `add_static_view`
pub(super) struct AddedStatic {
    pub(super) place: StaticPlace,
    /// `None` where the files are on another server.
    pub(super) source: Option<Arc<Source>>,
    pub(super) origin: Origin,
    pub(super) includes: IncludePath,
}

/// `add_cache_buster`
pub(super) struct AddedBuster {
    pub(super) path: String,
    pub(super) buster: Box<dyn CacheBuster>,
    pub(super) origin: Origin,
}

/// All that was said of them.
#[derive(Default)]
pub(super) struct Assets {
    pub(super) statics: Vec<AddedStatic>,
    pub(super) busters: Vec<AddedBuster>,
}

/// Files in folders are read in a pool of their own, which the program may size like any other.
pub(super) fn add_pool(config: &mut Configurator) {
    let mut folders = config.assets.statics.iter();
    let first = folders.find(|added| matches!(added.source.as_deref(), Some(Source::Folder(_))));
    let Some(origin) = first.map(|added| added.origin) else { return };
    if !config.pools.iter().any(|(pool, _)| pool.name == POOL) {
        config.pools.push((PoolConfig::new(POOL), origin));
    }
}

/// The URLs of what was added, with cache busters that are ready. `routes` are those that there are, with their places.
pub(super) fn urls<'r>(
    config: &mut Configurator,
    routes: impl Iterator<Item = (&'r str, Origin)>,
    development: bool,
    faults: &mut Vec<Fault>,
) -> StaticUrls {
    let Assets { mut statics, busters } = std::mem::take(&mut config.assets);
    // An application may have overridden what it includes.
    let routes: HashMap<&str, Origin> = routes.collect();
    statics.retain(|added| match &added.place.target {
        Target::Route(name) => routes.get(&**name) == Some(&added.origin),
        Target::External(_) => true,
    });
    let prevented = match config.settings.switch("prevent_cachebust") {
        Ok(prevented) => prevented.unwrap_or(false),
        Err(bad) => {
            faults.push(Fault::new(bad.to_string(), []));
            false
        }
    };
    let sources: Arc<[(String, Arc<Source>)]> = statics
        .iter()
        .filter_map(|added| Some((added.place.specification.clone(), Arc::clone(added.source.as_ref()?))))
        .collect();
    let mut ready: Vec<(String, Box<dyn CacheBuster>)> = Vec::new();
    for AddedBuster { path, mut buster, origin } in busters {
        if prevented {
            break;
        }
        match buster.prepare(&StaticFiles::new(&path, Arc::clone(&sources), development)) {
            Ok(()) => ready.push((path, buster)),
            Err(error) => faults.push(with_help_inside(&error.to_string(), origin)),
        }
    }
    #[cfg_attr(not(all(unix, feature = "reload")), allow(unused_mut, reason = "they are for that alone"))]
    let mut urls = StaticUrls::new(statics.into_iter().map(|added| added.place).collect(), ready);
    #[cfg(all(unix, feature = "reload"))]
    {
        let folder = |(_, source): &(String, Arc<Source>)| Some(source.folder()?.to_owned());
        urls.folders = sources.iter().filter_map(folder).collect();
    }
    urls
}

/// A fault of a message that may have its help in it.
pub(super) fn with_help_inside(text: &str, origin: Origin) -> Fault {
    match text.split_once("\nhelp: ") {
        Some((message, help)) => Fault::new(message, [origin]).with_help(help),
        None => Fault::new(text, [origin]),
    }
}
