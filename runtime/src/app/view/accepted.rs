//! A view with several renderers, of which the client's `Accept` chooses one.

use http::HeaderValue;
use http::header::{ACCEPT, VARY};

use super::rendering::Renderer;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::error::Result;
use crate::protocol::negotiation;

/// `renderer = ("templates/shelf.jinja2", "json")`: the renderer whose type of response the client wants most. Of several that
/// are wanted as much the first is taken, and also where none is wanted at all: as in Pyramid, nobody is sent away with 406.
///
/// The response says `Vary: Accept`, so that a cache keeps one of each.
#[derive(Debug)]
pub struct ByAccept<R>(pub R);

/// One of the renderers, with the type of what it makes.
#[derive(Debug)]
pub struct Offer<R> {
    /// The type before the slash: `text`.
    pub kind: &'static str,
    /// The type behind it: `html`.
    pub subtype: &'static str,
    /// The renderer.
    pub renderer: R,
}

/// The place of the offer that the client wants most.
fn choice(request: &Request, offers: &[(&'static str, &'static str)]) -> usize {
    // Several headers of one name are one list (RFC 9110 section 5.3).
    let accept: Vec<&str> =
        request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",");
    let mut best = (0, 0);
    for (place, (kind, subtype)) in offers.iter().enumerate() {
        let quality = negotiation::quality(&accept, kind, subtype);
        if quality > best.1 {
            best = (place, quality);
        }
    }
    best.0
}

fn varying(mut response: Response) -> Response {
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept"));
    response
}

macro_rules! by_accept {
    ($($place:tt $renderer:ident),*) => {
        impl<T, $($renderer: Renderer<T>),*> Renderer<T> for ByAccept<($(Offer<$renderer>,)*)> {
            fn render(&self, value: T, request: &Request) -> Result<Response> {
                let offers = [$((self.0.$place.kind, self.0.$place.subtype)),*];
                let response = match choice(request, &offers) {
                    $($place => self.0.$place.renderer.render(value, request)?,)*
                    _ => unreachable!("the place of an offer"),
                };
                Ok(varying(response))
            }
        }
    };
}

by_accept!(0 A, 1 B);
by_accept!(0 A, 1 B, 2 C);
by_accept!(0 A, 1 B, 2 C, 3 D);
by_accept!(0 A, 1 B, 2 C, 3 D, 4 E);
