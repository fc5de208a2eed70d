//! Routes that are added by a call.

use super::Configurator;
use crate::registry::directive::{AddedRoute, What};

impl Configurator {
    /// Adds a route whose pattern comes from data. Such routes match in the order in which they are added; those that are
    /// declared stand, in an order of their own, where [`scan`](Self::scan) is called.
    ///
    /// ```
    /// # use aiopyramid::prelude::*;
    /// async fn shelf(places: Matchdict) -> String {
    ///     format!("shelf {}", places.get("number").unwrap_or("0"))
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.add_route("shelf", "/shelves/{number}");
    /// config.add_view(shelf).route("shelf").request_method(&["GET"]);
    /// let app = config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_route(&mut self, name: impl Into<String>, pattern: impl Into<String>) -> &mut Self {
        self.say(What::Route(AddedRoute { name: name.into(), pattern: pattern.into() }))
    }
}
