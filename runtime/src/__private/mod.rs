//! All that an expansion of the macros may name. No part of the public interface: it changes without notice.

pub use inventory;
#[cfg(feature = "embed")]
pub use rust_embed;

#[cfg(feature = "embed")]
pub use crate::app::asset::Embedded;
pub use crate::app::event::{Event, IntoOutcome, waiting, working};
pub use crate::app::executor::{ScopeError, synchronize, use_executor};
pub use crate::app::extract::{FromRequest, FromRest, FromSegment};
pub use crate::app::http_exception::HttpException;
pub use crate::app::origin::Origin;
pub use crate::app::route::{PlaceholderDeclaration, Route, RouteDeclaration, ToRest, ToSegment};
pub use crate::app::security::ResourceAcl;
pub use crate::app::security::acl::{IntoAcl, acl_awaited, acl_found};
pub use crate::app::traversal::child::{IntoFound, awaited, found};
pub use crate::app::traversal::resource::cast_to;
pub use crate::app::traversal::{Getitem, Interface, Resource, RootFactory};
pub use crate::app::tween::{TweenCallable, TweenReference, name_of as tween_name};
pub use crate::app::type_key::TypeKey;
pub use crate::app::view::accepted::{ByAccept, Offer};
pub use crate::app::view::callable::{
    CallableDeclaration, JobFuture, Returned, ReturnedAnswer, ReturnedFuture, answering, preparing,
};
pub use crate::app::view::direct::{Awaited, Called, Rest, Segment};
pub use crate::app::view::exception::{exception, exception_as};
pub use crate::app::view::jsonp::JsonpRenderer;
pub use crate::app::view::predicate::{CustomPredicate, PredicateDeclaration};
pub use crate::app::view::rendering::{IntoRenderedByOwn, JsonRenderer, StringRenderer};
pub use crate::app::view::template::{TemplateDeclaration, TemplateFile};
pub use crate::app::view::{FromException, HttpCache, IntoError, IntoRendered, IntoResponse, ViewMapper};
#[cfg(feature = "websocket")]
pub use crate::app::websocket::WebSocketOptions;
pub use crate::command::{BuiltFrom, ExpectedPackage, run};
pub use crate::protocol::pattern::{PathValue, PathValues};
pub use crate::registry::{
    Declaration, MapperDeclaration, OnDisconnect, RouteReference, SubscriberDeclaration, TweenDeclaration,
    ViewDeclaration, ViewKind,
};
pub use crate::testing::run_test;

#[cfg(feature = "templates")]
use crate::app::application::RequestExt;
#[cfg(feature = "templates")]
use crate::app::application::TemplateRenderer;
#[cfg(feature = "templates")]
use crate::app::request::Request;
#[cfg(feature = "templates")]
pub use crate::app::view::template::shape;

mod answers;
mod bridge;
#[cfg(feature = "templates")]
mod checked;
mod instance;
#[cfg(feature = "websocket")]
mod opened;
mod parameter;
mod text;
#[cfg(feature = "websocket")]
pub mod websocket;

pub use answers::{Answers, ResourceType};
pub use bridge::FromScope;
#[cfg(feature = "templates")]
pub use checked::{NoShape, ShapeProbe, check_template, checked_template};
pub use instance::{Instance, LentInstance};
#[cfg(feature = "websocket")]
pub use opened::Opened;
pub use parameter::{NoExtractor, Parameter, Probe, index, kind};

/// Where the tokens of an expansion stand.
#[doc(hidden)]
#[macro_export]
macro_rules! __origin {
    () => {
        $crate::__private::Origin {
            package: ::core::env!("CARGO_PKG_NAME"),
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
        }
    };
}

pub use crate::__origin as origin;

/// A mapper of the user's own.
pub fn own_mapper<M: ViewMapper + Default>() -> Box<dyn ViewMapper> {
    Box::new(M::default())
}

/// The renderer of a template, for the answer to one request.
#[cfg(feature = "templates")]
pub fn template<'a>(template: &'static TemplateDeclaration, request: &'a Request) -> TemplateRenderer<'a> {
    request.application().templates.renderer(template)
}
