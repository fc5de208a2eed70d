//! The names that templates know without the view's doing.

use super::shape::{Field, Shape};

const SCALAR: &Shape = &Shape::Scalar;

/// What `request` is in a template.
const REQUEST: &Shape = &Shape::Record {
    name: "request",
    fields: &[
        Field { name: "method", shape: SCALAR },
        Field { name: "path", shape: SCALAR },
        Field { name: "url", shape: SCALAR },
        Field { name: "query_string", shape: SCALAR },
        Field { name: "params", shape: &Shape::Map(SCALAR) },
        Field { name: "scheme", shape: SCALAR },
        Field { name: "host", shape: SCALAR },
        Field { name: "route_name", shape: SCALAR },
        Field { name: "matchdict", shape: &Shape::Map(SCALAR) },
    ],
};

/// All of them. What the view returns hides these.
pub(crate) const NAMES: &[Field] = &[
    Field { name: "request", shape: REQUEST },
    Field { name: "renderer_name", shape: SCALAR },
    Field { name: "self", shape: &Shape::Opaque },
    Field { name: "super", shape: &Shape::Opaque },
    Field { name: "loop", shape: &Shape::Opaque },
    Field { name: "caller", shape: &Shape::Opaque },
    Field { name: "varargs", shape: &Shape::Opaque },
    Field { name: "kwargs", shape: &Shape::Opaque },
];
