//! `context` in a template.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use crate::app::traversal::Located;

/// The resource that the path led to: where it is. What it is, the view says.
#[derive(Debug)]
pub(super) struct ContextValue(pub(super) Located);

impl ContextValue {
    pub(super) fn value(located: Located) -> Value {
        Value::from_object(Self(located))
    }
}

/// The keys, as `system::CONTEXT` has them for the check.
pub(super) const KEYS: &[&str] = &["name", "path", "parent", "root", "lineage"];

impl Object for ContextValue {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let Self(located) = &**self;
        Some(match key {
            "name" => located.name().into(),
            "path" => located.resource_path(&[]).into(),
            "parent" => located.parent().map_or_else(|| ().into(), Self::value),
            "root" => Self::value(located.root()),
            "lineage" => located.lineage().map(Self::value).collect(),
            _ => return None,
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(KEYS)
    }
}
