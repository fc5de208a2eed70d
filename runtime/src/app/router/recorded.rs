//! What the record of a request and its span, where there are such, are told: the route and the view.

use super::spans;
use crate::app::application::{Application, RegisteredView};
use crate::app::request::Request;
use crate::app::view::exception::Raised;

/// The route that matched, by its place.
#[inline]
pub(super) fn route(request: &Request, application: &Application, place: usize) {
    if let Some(answered_by) = request.answered_by() {
        answered_by.set_route(&application.routes[place].label);
    }
    spans::route(request, &application.routes[place].pattern);
}

/// A view that is about to be called.
#[inline]
pub(super) fn view(request: &Request, view: &RegisteredView) {
    if let Some(answered_by) = request.answered_by() {
        answered_by.set_view(&view.label, request.extension::<Raised>().is_some());
    }
}
