//! Query strings to be made.

use std::fmt;

use super::{push_pair, push_query};

/// A query string to be made: Pyramid's `_query`.
///
/// ```
/// use aiopyramid::url::Query;
///
/// assert_eq!(Query::from([("page", 2), ("size", 50)]).to_string(), "page=2&size=50");
/// assert_eq!(Query::from([("tag", vec!["a", "b&c"])]).to_string(), "tag=a&tag=b%26c");
/// assert_eq!(Query::from("a=1&b=x/y z").to_string(), "a=1&b=x/y%20z");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// A query string as it is to be, but for the characters that may not stand in one.
    Raw(String),
    /// Keys with values, to be escaped like a form.
    Pairs(Vec<(String, QueryValue)>),
}

/// The value of a key in a [`Query`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryValue {
    /// No value: `key=`
    Empty,
    /// One value: `key=value`
    One(String),
    /// The key once for each value. For none the key is left out, but the `&` before the next one is not; that is
    /// Pyramid's way.
    Many(Vec<String>),
}

impl Default for Query {
    fn default() -> Self {
        Self::Pairs(Vec::new())
    }
}

impl Query {
    /// Whether there is nothing in it, so that a URL gets no `?`.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Raw(text) => text.is_empty(),
            Self::Pairs(pairs) => pairs.is_empty(),
        }
    }

    pub(crate) fn push_to(&self, out: &mut String) {
        let pairs = match self {
            Self::Raw(text) => return push_query(out, text),
            Self::Pairs(pairs) => pairs,
        };
        let mut separator = "";
        for (key, value) in pairs {
            let values: &[String] = match value {
                QueryValue::Empty => &[String::new()],
                QueryValue::One(value) => std::slice::from_ref(value),
                QueryValue::Many(values) => values,
            };
            for value in values {
                out.push_str(separator);
                push_pair(out, key, value);
                separator = "&";
            }
            separator = "&";
        }
    }
}

/// The query string, without `?`.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.push_to(&mut text);
        f.write_str(&text)
    }
}

/// None at all.
impl From<()> for Query {
    fn from((): ()) -> Self {
        Self::default()
    }
}

impl From<&str> for Query {
    fn from(text: &str) -> Self {
        Self::Raw(text.to_owned())
    }
}

impl From<String> for Query {
    fn from(text: String) -> Self {
        Self::Raw(text)
    }
}

impl<K: Into<String>, V: Into<QueryValue>, const N: usize> From<[(K, V); N]> for Query {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<QueryValue>> From<Vec<(K, V)>> for Query {
    fn from(pairs: Vec<(K, V)>) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K: Into<String>, V: Into<QueryValue>> FromIterator<(K, V)> for Query {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self::Pairs(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl From<()> for QueryValue {
    fn from((): ()) -> Self {
        Self::Empty
    }
}

impl<T: Into<QueryValue>> From<Option<T>> for QueryValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl<T: fmt::Display> From<Vec<T>> for QueryValue {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values.iter().map(T::to_string).collect())
    }
}

macro_rules! one_value {
    ($($of:ty),*) => {$(
        impl From<$of> for QueryValue {
            fn from(value: $of) -> Self {
                Self::One(value.to_string())
            }
        }
    )*};
}

one_value!(
    &str, String, char, bool, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_no_values_leaves_its_separator() {
        let none = || QueryValue::Many(Vec::new());
        assert_eq!(Query::from([("a", none())]).to_string(), "");
        assert_eq!(Query::from([("a", none()), ("b", 1.into())]).to_string(), "&b=1");
    }

    #[test]
    fn no_value_is_an_empty_one() {
        assert_eq!(Query::from([("a", None), ("b", Some(true))]).to_string(), "a=&b=true");
        assert_eq!(Query::from([("a", ())]).to_string(), "a=");
    }

    #[test]
    fn only_a_query_without_pairs_is_empty() {
        assert!(Query::default().is_empty());
        assert!(Query::from("").is_empty());
        assert!(!Query::from([("a", QueryValue::Many(Vec::new()))]).is_empty());
    }
}
