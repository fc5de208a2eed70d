//! What every template finds besides the value that it is rendered with: the shapes of it, for the check while the program is
//! compiled. `application::template` has the values.

use super::shape::{Field, Shape};

const SCALAR: &Shape = &Shape::Scalar;
const TEXTS: &Shape = &Shape::Map(SCALAR);
const OPAQUE: &Shape = &Shape::Opaque;

const fn field(name: &'static str, shape: &'static Shape) -> Field {
    Field { name, shape }
}

/// The names, with what is in them.
pub(crate) const SYSTEM: &Shape = &Shape::Record {
    name: "",
    fields: &[
        field("request", REQUEST),
        field("req", REQUEST),
        field("context", CONTEXT),
        field("view_name", SCALAR),
        field("renderer_name", SCALAR),
    ],
};

/// `request`. Its methods are called as they are written here.
pub(crate) const REQUEST: &Shape = &Shape::Record {
    name: "request",
    fields: &[
        field("method", SCALAR),
        field("scheme", SCALAR),
        field("host", SCALAR),
        field("path", SCALAR),
        field("query_string", SCALAR),
        field("url", SCALAR),
        field("path_url", SCALAR),
        field("host_url", SCALAR),
        field("application_url", SCALAR),
        field("remote_addr", SCALAR),
        field("is_xhr", SCALAR),
        field("matchdict", OPAQUE),
        field("matched_route", &Shape::Record { name: "matched_route", fields: ROUTE }),
        field("query", TEXTS),
        field("params", TEXTS),
        field("headers", TEXTS),
        field("context", CONTEXT),
        field("view_name", SCALAR),
        field("subpath", &Shape::List(SCALAR)),
        field("route_url()", OPAQUE),
        field("route_path()", OPAQUE),
        field("current_route_url()", OPAQUE),
        field("current_route_path()", OPAQUE),
        field("resource_url()", OPAQUE),
        field("resource_path()", OPAQUE),
        field("static_url()", OPAQUE),
        field("static_path()", OPAQUE),
        field("get_csrf_token()", SCALAR),
    ],
};

const ROUTE: &[Field] = &[field("name", SCALAR), field("pattern", SCALAR)];

/// `context`. What is above it is one, too; but a shape cannot contain itself.
pub(crate) const CONTEXT: &Shape = &Shape::Record {
    name: "context",
    fields: &[
        field("name", SCALAR),
        field("path", SCALAR),
        field("parent", OPAQUE),
        field("root", OPAQUE),
        field("lineage", &Shape::List(OPAQUE)),
    ],
};
