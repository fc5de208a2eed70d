//! What a template finds under which name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Enumerator, Object, Serde};
use minijinja::{Error, ErrorKind, State, Value};
use serde::Serialize;

use super::request::{RequestValue, context};
use crate::app::request::Request;

/// The names, as `system::SYSTEM` has them for the check.
pub(super) const KEYS: &[&str] = &["request", "req", "context", "view_name", "renderer_name"];

/// The request for the functions, whatever a template or a view calls `request`. No template can write this name.
const REQUEST: &str = "\0request";

/// What was [added](Request::add_system_value).
#[derive(Clone, Default)]
struct Added(Arc<BTreeMap<String, Value>>);

impl Request {
    /// Adds a value that every template finds that is rendered for this request, under this name: what a page shows whichever view it
    /// is of, such as the user or a menu. It goes before the framework's own values, and behind those that the view renders.
    ///
    /// A tween or a subscriber calls it. Rendering waits for nothing and nobody is told of it, so this stands where Pyramid has the
    /// event `BeforeRender`. Checked templates are told of the name by
    /// [`#[template_context(system_values = ...)]`](macro@crate::TemplateContext).
    ///
    /// ```
    /// use aiopyramid::event::NewRequest;
    /// use aiopyramid::prelude::*;
    ///
    /// #[subscriber]
    /// fn add_motto(event: &NewRequest) {
    ///     event.request.add_system_value("motto", "Read more");
    /// }
    /// ```
    ///
    /// A value that cannot be serialized is an error where a template asks for it.
    pub fn add_system_value(&self, name: impl Into<String>, value: impl Serialize) {
        // Taken out, changed and put back: two that do so at once must not lose each other's.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let value = Value::from(Serde(value));
        let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let Added(mut added) = self.remove_extension().unwrap_or_default();
        Arc::make_mut(&mut added).insert(name.into(), value);
        self.set_extension(Added(added));
    }
}

/// What is rendered: the view's value over everything else.
pub(super) struct Root {
    value: Value,
    request: Request,
    template: &'static str,
    added: Option<Added>,
}

impl Root {
    pub(super) fn value(value: Value, request: &Request, template: &'static str) -> Value {
        // One that could not be serialized is an error when it is rendered, unless it is hidden in another.
        if value.kind() == minijinja::value::ValueKind::Invalid {
            return value;
        }
        let added = request.extension();
        Value::from_object(Self { value, request: request.clone(), template, added })
    }

    fn system(&self, key: &str) -> Option<Value> {
        Some(match key {
            "request" | "req" | REQUEST => Value::from_object(RequestValue(self.request.clone())),
            "context" => context(&self.request),
            "view_name" => self.request.view_name().into(),
            "renderer_name" => self.template.split_once(':').map_or(self.template, |(_, path)| path).into(),
            _ => return None,
        })
    }
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl Object for Root {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let own = self.value.get_attr(key).ok().filter(|value| !value.is_undefined());
        own.or_else(|| self.added.as_ref()?.0.get(key).cloned()).or_else(|| self.system(key))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    /// For `debug()`.
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let own = self.value.try_iter().into_iter().flatten();
        let added = self.added.iter().flat_map(|Added(added)| added.keys().map(|name| Value::from(&**name)));
        let system = KEYS.iter().map(|name| Value::from(*name));
        Enumerator::Values(own.chain(added).chain(system).collect())
    }
}

/// The request that `state` renders for.
pub(super) fn request_of(state: &State<'_, '_>) -> Result<Request, Error> {
    let value = state.lookup(REQUEST);
    let request = value.as_ref().and_then(|value| value.downcast_object_ref::<RequestValue>());
    request
        .map(|RequestValue(request)| request.clone())
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "there is no request"))
}

#[cfg(test)]
mod tests {
    use super::super::{context, request};
    use super::*;
    use crate::app::view::template::shape::Shape;
    use crate::app::view::template::system::{CONTEXT, REQUEST, SYSTEM};

    /// The names that are checked while the program is compiled, methods left out.
    fn checked(shape: &'static Shape) -> Vec<&'static str> {
        let Shape::Record { fields, .. } = shape else { panic!("a record") };
        fields.iter().map(|field| field.name).filter(|name| !name.ends_with("()")).collect()
    }

    #[test]
    fn what_is_checked_is_what_is_there() {
        assert_eq!(checked(SYSTEM), KEYS);
        assert_eq!(checked(REQUEST), request::KEYS);
        assert_eq!(checked(CONTEXT), context::KEYS);
    }
}
