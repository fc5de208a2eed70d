//! What a request knows of the application that answers it.

use super::{Application, RegisteredRoute};
use crate::app::extract::State;
use crate::app::request::Request;
use crate::app::route::{Route, UrlOptions, UrlError};
use crate::app::settings::Settings;

/// What a request knows of the application that answers it. In the [prelude](crate::prelude).
pub trait RequestExt {
    /// The application.
    fn application(&self) -> &Application;

    /// The application's settings.
    fn settings(&self) -> &Settings {
        &self.application().settings
    }

    /// What the application manages of type `T`.
    fn state<T: Send + Sync + 'static>(&self) -> Option<State<T>> {
        self.application().states.get()
    }

    /// The route that matched.
    fn matched_route(&self) -> Option<&RegisteredRoute>;
}

impl RequestExt for Request {
    fn application(&self) -> &Application {
        // A request is only ever made by an application, and with itself.
        self.application_any().downcast_ref().expect("a request belongs to an application")
    }

    fn matched_route(&self) -> Option<&RegisteredRoute> {
        self.application().routes.get(self.matched()?.route())
    }
}
