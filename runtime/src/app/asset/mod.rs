//! Files that are served as they are: static views, their URLs, and what keeps caches from serving old ones.
//!
//! An application adds them with [`add_static_view`](crate::Configurator::add_static_view), and makes their URLs with
//! [`static_url`](crate::RequestExt::static_url); the [guide](crate::guide::static_files) has a chapter. Of what is here it needs a
//! [`CacheBuster`] at most.

mod answer;
pub(crate) mod cache_buster;
#[cfg(feature = "embed")]
mod embedded;
mod file_body;
pub(crate) mod folder;
mod media_type;
pub(crate) mod source;
pub(crate) mod static_view;
mod subpath;
pub(crate) mod urls;

pub use cache_buster::{CacheBuster, ManifestCacheBuster, QueryStringCacheBuster, StaticAsset, StaticFiles};
#[cfg(feature = "embed")]
pub use embedded::Embedded;
pub use source::StaticSource;
