//! Floor 4: from what was written down to an application.
//!
//! An annotation leaves a [`Declaration`] in the program; a [`Configurator`] takes them up, together with what is added by
//! calls, and [makes an application](Configurator::make_app) of it, or says everything that is wrong.

mod accept_order;
#[cfg(feature = "static")]
mod assets;
mod collect;
mod commit;
mod configurator;
pub(crate) mod declaration;
pub(crate) mod directive;
mod discovery;
mod fault;
mod mapping;
mod meaning;
mod needs;
mod options;
mod order;
mod pools;
#[cfg(feature = "websocket")]
mod rooms;
mod security;
mod sessions;
mod settle;
mod sorter;
#[cfg(feature = "templates")]
mod templates;
mod tweens;

pub(crate) use configurator::LogLayer;
#[cfg(feature = "static")]
pub use configurator::StaticViewDirective;
pub use configurator::{
    AcceptDirective, Configurator, RouteDirective, TweenDirective, Values, ViewDirective, not,
};
pub use declaration::{
    Declaration, MapperDeclaration, OnDisconnect, RouteReference, SubscriberDeclaration, TweenDeclaration,
    ViewDeclaration, ViewKind,
};
pub use fault::{ConfigurationError, Fault};
