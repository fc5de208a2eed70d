//! What is in a session: names with JSON texts, in the order in which they were put there.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::protocol::python_json;

/// Names with JSON texts. A text is kept as it came, so that what nobody looks at costs nothing and is given back unchanged.
///
/// A list: a session has few names, and their order is a part of what Pyramid signs.
#[derive(Clone, Default)]
pub(super) struct Values(Vec<(String, Box<RawValue>)>);

impl Values {
    pub(super) fn get<T: DeserializeOwned>(&self, key: &str) -> Option<serde_json::Result<T>> {
        self.text(key).map(serde_json::from_str)
    }

    /// The JSON text of `key`.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.get())
    }

    /// Puts a value in the place of the one of that name, or behind all others.
    pub(super) fn insert(&mut self, key: String, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, place)) => *place = value,
            None => self.0.push((key, value)),
        }
    }

    /// Whether it was there.
    pub(super) fn remove(&mut self, key: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(name, _)| name != key);
        self.0.len() < before
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The name whose text is the longest, with its length in bytes.
    pub(super) fn largest(&self) -> Option<(&str, usize)> {
        let sizes = self.0.iter().map(|(name, value)| (name.as_str(), value.get().len()));
        sizes.max_by_key(|(_, size)| *size)
    }
}

/// A value as Python would write it.
///
/// # Errors
/// Where serde cannot make JSON of it.
pub(super) fn text_of(value: &(impl Serialize + ?Sized)) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(python_json::to_string(value)?)
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;

        impl<'de> Visitor<'de> for Map {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
                let mut values = Values::default();
                while let Some((name, value)) = map.next_entry()? {
                    values.insert(name, value);
                }
                Ok(values)
            }
        }

        deserializer.deserialize_map(Map)
    }
}

/// Without what may be secret.
impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys()).finish()
    }
}
