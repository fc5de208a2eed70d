//! Services of tower's inside an application.

use bytes::Bytes;
use http_body::Body as HttpBody;
use tower_service::Service;

use super::Configurator;
use crate::app::view::service::service_view;
use crate::app::view::{Callable, Coroutine};
use crate::protocol::body::{Body, BodyError};
use crate::registry::directive::{AddedRoute, AddedView, What};
use crate::registry::mapping::Mapper;

impl Configurator {
    /// Hands all requests for `path` and what is below it to a service of tower's: an axum `Router`, a `ServeDir`, another
    /// [`App`](crate::App). It sees the path without `path`, and everything else as it came; the body streams in both directions.
    /// The body is bounded by `max_body` as every other.
    ///
    /// It is a route like any other, and is tried where it was added. An error of the service is one of its view.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// fn admin(config: &mut Configurator) -> Result<()> {
    ///     config.add_static_view("files", "src");
    ///     Ok(())
    /// }
    ///
    /// let mut inner = Configurator::new();
    /// inner.include(admin)?;
    /// let mut config = Configurator::new();
    /// config.mount("/admin", inner.make_app()?); // `/admin/files/...`
    /// # config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn mount<S, B>(&mut self, path: &str, service: S) -> &mut Self
    where
        S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BodyError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BodyError>,
    {
        let path = path.trim_matches('/');
        let path = if path.is_empty() { String::new() } else { format!("/{path}") };
        let view = Callable::Coroutine(service_view(service));
        // A pattern that ends in `/*subpath` matches what ends in `/` too, but not the path without that.
        let below = format!("{path}/*subpath");
        let patterns = if path.is_empty() { vec![below] } else { vec![path, below] };
        for pattern in patterns {
            let name = format!("__mount{pattern}");
            self.say(What::Route(AddedRoute::new(name.clone(), pattern)));
            self.say(What::View(Box::new(AddedView {
                route: Some(name),
                mapper: Mapper::Given(Box::new(Coroutine)),
                // It knows nothing of our tokens, and may have some of its own.
                require_csrf: Some(false),
                ..AddedView::new(std::any::type_name::<S>(), view.clone())
            })));
        }
        self
    }
}
