//! A web framework in the manner of [Pyramid](https://trypyramid.com): annotate functions and structs, compile, run the binary.
//!
//! ```no_run
//! use aiopyramid::prelude::*;
//!
//! #[view_config(route = "/hello/{name}")]
//! async fn hello(name: String) -> String {                 // an `async fn` runs on the event loop
//!     format!("Hello, {name}!")
//! }
//!
//! #[view_config(route = "/report", renderer = "json")]
//! fn report() -> Vec<u32> {                                // a plain `fn` may block: it runs in a pool of threads
//!     std::thread::sleep(std::time::Duration::from_millis(100));
//!     vec![1, 2, 3]
//! }
//!
//! #[aiopyramid::main]
//! fn main(config: &mut Configurator) -> Result<()> {
//!     config.scan();
//!     Ok(())
//! }
//! ```
//!
//! `cargo run` serves it on <http://127.0.0.1:6543>; `cargo run -- routes` prints what was registered.
//!
//! The [guide] goes through it step by step. Where to look for what:
//!
//! | for | see |
//! |---|---|
//! | views, what they may return, how they are called | [`macro@view_config`], [`view`] |
//! | what views can ask for | [`extract`] |
//! | routes and URLs | [`macro@route`], [`route`](mod@route) |
//! | resources, contexts | [`macro@resource`], [`traversal`] |
//! | configuring an application | [`Configurator`] |
//! | what is remembered of a client | [`session`] |
//! | sockets that stay open | [`macro@websocket`], [`websocket`](mod@websocket) |
//! | blocking code | [`executor`] |
//! | serving | [`server`] |
//! | testing | [`testing`] |
//! | seeing what a request did, while you develop | [`guide::debug_toolbar`] |

#[doc(hidden)]
pub mod __private;
mod app;
#[cfg(feature = "redis")]
pub mod broker;
mod command;
mod error;
pub mod guide;
pub mod prelude;
mod protocol;
mod registry;
#[cfg(feature = "scaffold")]
pub mod scaffold;
pub mod server;
mod suggestion;
pub mod testing;
#[cfg(feature = "toolbar")]
pub mod toolbar;

pub use aiopyramid_macros::{exception_view_config, forbidden_view_config, notfound_view_config};
pub use aiopyramid_macros::{
    main, resource, route, subscriber, synchronize, test, tween, use_executor, view_config, view_defaults,
};

#[cfg(feature = "embed")]
pub use aiopyramid_macros::embedded;
#[cfg(feature = "websocket")]
pub use aiopyramid_macros::websocket;
#[cfg(feature = "templates")]
pub use aiopyramid_macros::{TemplateContext, template};

pub use app::application::{
    Application, ExceptionViews, ReadinessCheck, RegisteredRoute, RegisteredTween, RegisteredView,
    RequestExt, Tweens, ViewSet, ViewTable,
};
#[cfg(feature = "static")]
pub use app::asset;
pub use app::extract::{Form, FromRequest, Json, Matchdict, Multipart, Query, State};
pub use app::http_exception::HttpException;
pub use app::limits::Limits;
pub use app::origin::Origin;
pub use app::request::Request;
pub use app::response::Response;
pub use app::router::{Answer, App, ApplicationCreated};
pub use app::settings::{BadSetting, Settings};
pub use app::traversal::{Context, Located, Resource, Subpath};
pub use app::type_key::TypeKey;
pub use app::view::{IntoResponse, Renderer};
#[cfg(feature = "templates")]
pub use app::view::{Template, TemplateContext};
#[cfg(feature = "websocket")]
pub use app::websocket;
pub use app::{csrf, event, executor, extract, route, security, session, traversal, tween, view};
pub use error::{Error, Result};
pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
#[cfg(feature = "metrics")]
pub use prometheus_client;
pub use protocol::body::Body;
pub use protocol::connection_info::ConnectionInfo;
pub use protocol::markup::escaped;
pub use protocol::{pattern, url};
#[cfg(feature = "static")]
pub use registry::StaticViewDirective;
pub use registry::{
    AcceptDirective, ConfigurationError, Configurator, Fault, RouteDirective, TweenDirective, Values,
    ViewDirective, not,
};
