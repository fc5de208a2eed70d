//! Types as something to look up by.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A type, to look something up by: the context of a view, the error that an exception view answers. Made while the program is
/// compiled.
#[derive(Clone, Copy)]
pub struct TypeKey {
    id: TypeId,
    // What a type is called is not known while the program is compiled.
    name: fn() -> &'static str,
}

impl TypeKey {
    /// The key of `T`.
    pub const fn of<T: ?Sized + 'static>() -> Self {
        Self { id: TypeId::of::<T>(), name: type_name::<T> }
    }

    /// The type's identity.
    pub const fn id(self) -> TypeId {
        self.id
    }

    /// The type's name with its path, for people.
    pub fn name(self) -> &'static str {
        (self.name)()
    }
}

impl PartialEq for TypeKey {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for TypeKey {}

impl Hash for TypeKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Debug for TypeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for TypeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something for each of several types, to be looked up fast.
pub(crate) type ByType<V> = HashMap<TypeId, V, BuildHasherDefault<AsItIs>>;

/// A type's id is a hash already.
#[derive(Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::TypeKey;

    #[test]
    fn a_key_is_that_of_its_type_and_tells_its_name() {
        const TEXT: TypeKey = TypeKey::of::<str>();
        assert_eq!(TEXT, TypeKey::of::<str>());
        assert_ne!(TEXT, TypeKey::of::<String>());
        assert_eq!(TEXT.to_string(), "str");
    }
}
