//! Where traversal begins, and which media types a server would rather send.

use std::panic::Location;

use super::Configurator;
use crate::app::request::Request;
use crate::app::traversal::{IntoRoot, RootFactory};
use crate::registry::accept_order::AddedAccept;

impl Configurator {
    /// Sets what makes the root of the tree of resources: a function over the request, plain or async. It is asked for each
    /// request whose views want to know where a path leads; a route may have a factory of its own.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// #[resource]
    /// struct Library;
    ///
    /// #[view_config(context = Library)]
    /// async fn library() -> &'static str {
    ///     "a library"
    /// }
    ///
    /// fn includeme(config: &mut Configurator) -> Result<()> {
    ///     config.set_root_factory(|_| Library);
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn set_root_factory<M, F, R>(&mut self, make: F) -> &mut Self
    where
        F: Fn(Request) -> R + Send + Sync + 'static,
        R: IntoRoot<M>,
    {
        self.set_once("the root factory", |config| &mut config.root_factory, RootFactory::new(make));
        self
    }

    /// Gives a media type its place among those that a server would rather send, where several views differ in `accept` and a
    /// client wants them equally. What no call places comes after those that have a place: HTML, XHTML, XML, plain text and
    /// JSON, in this order.
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// # let mut config = Configurator::new();
    /// config.add_accept_view_order("application/json").weighs_more_than("text/html");
    /// ```
    #[track_caller]
    pub fn add_accept_view_order(&mut self, media_type: impl Into<String>) -> AcceptDirective<'_> {
        let origin = Location::caller().into();
        self.accept_order.push(AddedAccept {
            value: media_type.into(),
            more_than: None,
            less_than: None,
            origin,
        });
        let Some(added) = self.accept_order.last_mut() else { unreachable!("it has just been added") };
        AcceptDirective { added }
    }
}

/// A media type that was just [placed](Configurator::add_accept_view_order); what is said to it says where.
pub struct AcceptDirective<'a> {
    added: &'a mut AddedAccept,
}

impl AcceptDirective<'_> {
    /// It is preferred to this type. Said several times, one at least must have a place.
    pub fn weighs_more_than(&mut self, media_type: impl Into<String>) -> &mut Self {
        self.added.more_than.get_or_insert_default().push(media_type.into());
        self
    }

    /// This type is preferred to it. Said several times, one at least must have a place.
    pub fn weighs_less_than(&mut self, media_type: impl Into<String>) -> &mut Self {
        self.added.less_than.get_or_insert_default().push(media_type.into());
        self
    }
}

impl std::fmt::Debug for AcceptDirective<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("AcceptDirective").field(&self.added.value).finish()
    }
}
