//! What nearly every module of an application uses: `use aiopyramid::prelude::*;`

pub use crate::app::application::RequestExt;
pub use crate::app::executor::PoolConfig;
pub use crate::app::extract::{Form, FromRequest, Json, Matchdict, Multipart, Query, State};
pub use crate::app::http_exception::HttpException;
pub use crate::app::request::Request;
pub use crate::app::response::Response;
pub use crate::app::security::{AuthenticatedUserid, Identity};
pub use crate::app::session::Session;
pub use crate::app::traversal::{Context, Located, Resource, Subpath};
pub use crate::app::tween::{BlockingNext, Next};
pub use crate::app::view::IntoResponse;
#[cfg(feature = "websocket")]
pub use crate::app::websocket::{CloseCode, CloseFrame, Message, WebSocket, WebSocketView};
pub use crate::error::{Error, Result};
pub use crate::registry::Configurator;
#[cfg(feature = "websocket")]
#[doc(no_inline)]
pub use crate::websocket;
pub use crate::{exception_view_config, forbidden_view_config, notfound_view_config};
#[doc(no_inline)]
pub use crate::{resource, route, subscriber, synchronize, tween, use_executor, view_config, view_defaults};
