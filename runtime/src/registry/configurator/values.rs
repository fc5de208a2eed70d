//! The values of a predicate.

/// The values of a predicate: one text, several, or [`not`] of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    pub(super) negated: bool,
    pub(super) values: Vec<String>,
}

/// Negates a predicate: `config.add_view(f).request_method(not("GET"))`. Pyramid's `not_`.
pub fn not(values: impl Into<Values>) -> Values {
    let values = values.into();
    Values { negated: !values.negated, ..values }
}

impl From<&str> for Values {
    fn from(value: &str) -> Self {
        Self { negated: false, values: vec![value.to_owned()] }
    }
}

impl From<String> for Values {
    fn from(value: String) -> Self {
        Self { negated: false, values: vec![value] }
    }
}

impl<T: AsRef<str>> From<Vec<T>> for Values {
    fn from(values: Vec<T>) -> Self {
        values.as_slice().into()
    }
}

impl<T: AsRef<str>> From<&[T]> for Values {
    fn from(values: &[T]) -> Self {
        Self { negated: false, values: values.iter().map(|value| value.as_ref().to_owned()).collect() }
    }
}

impl<T: AsRef<str>, const COUNT: usize> From<[T; COUNT]> for Values {
    fn from(values: [T; COUNT]) -> Self {
        values.as_slice().into()
    }
}

impl<T: AsRef<str>, const COUNT: usize> From<&[T; COUNT]> for Values {
    fn from(values: &[T; COUNT]) -> Self {
        values.as_slice().into()
    }
}

/// A flag, which may stand in a [`not`].
impl From<bool> for Values {
    fn from(value: bool) -> Self {
        if value { "true".into() } else { "false".into() }
    }
}
