//! The view of a static view's route.

use std::sync::Arc;

use super::source::Source;
use super::subpath::Subpath;
use crate::app::executor::{Executor, ExecutorError};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::{HttpCache, View};
use crate::error::Result;
use crate::protocol::content_encoding::ContentEncoding;

/// The pool in which files are opened and read: one of their own, so that they do not wait for blocking views.
pub(crate) const POOL: &str = "static";

/// The placeholder of the route that has the path of the file.
const SUBPATH: &str = "subpath";

/// How files are served.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    /// How long they may be kept.
    pub(crate) cache: Option<HttpCache>,
    /// In what codings they may lie beside themselves.
    pub(crate) encodings: Vec<ContentEncoding>,
}

/// The view that serves the files of `source`, for a route that ends in `*subpath`.
pub(crate) fn static_view(source: Arc<Source>, manner: Manner) -> View {
    let site = Arc::new((source, manner));
    View::new(move |request| {
        let site = Arc::clone(&site);
        Box::pin(async move { serve(&site, request).await })
    })
}

async fn serve(site: &Arc<(Arc<Source>, Manner)>, request: Request) -> Result<Response> {
    #[cfg(feature = "embed")]
    if let Source::Embedded(files) = &*site.0 {
        return files.answer(&request, &subpath(&request)?, &site.1);
    }
    // Refused here, so that what cannot be a file costs no thread.
    subpath(&request)?;
    let executor = Executor::current();
    let executor = executor.as_ref().unwrap_or_else(|| Executor::process_wide());
    let pool = executor.pool(POOL).unwrap_or_else(|| executor.default_pool());
    let (site, readers) = (Arc::clone(site), pool.clone());
    let job = pool.try_run(move || match &*site.0 {
        Source::Folder(folder) => folder.answer(&request, &subpath(&request)?, &site.1, &readers),
        #[cfg(feature = "embed")]
        Source::Embedded(files) => files.answer(&request, &subpath(&request)?, &site.1),
    });
    match job {
        Ok(job) => job.await?,
        Err(ExecutorError::Full) => Err(HttpException::service_unavailable(1).into()),
        Err(other) => Err(other.into()),
    }
}

fn subpath(request: &Request) -> Result<Subpath<'_>> {
    let text = request.match_value(SUBPATH).unwrap_or("");
    Subpath::parse(text).ok_or_else(|| HttpException::not_found().into())
}
