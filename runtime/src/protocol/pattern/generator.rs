//! Paths made of patterns.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher, Hash};

use aiopyramid_pattern::{Pattern, Piece};

use crate::protocol::url;

/// A pattern that is ready to make paths: its text is escaped already.
///
/// ```
/// use aiopyramid::pattern::{Generator, Pattern};
///
/// let generator = Generator::new(&Pattern::parse("/users/{id}/files/*path")?);
/// let path = generator.path(&[("id", 7.into()), ("path", vec!["a b", "c"].into())])?;
/// assert_eq!(path, "/users/7/files/a%20b/c");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Generator {
    parts: Box<[Part]>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(Box<str>),
    Value(Box<str>),
    Rest(Box<str>),
}

/// Why no path can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateError {
    /// A placeholder has no value.
    MissingValue {
        /// The placeholder.
        name: String,
    },
    /// A placeholder that is one text got a list.
    ListForText {
        /// The placeholder.
        name: String,
    },
}

impl fmt::Display for GenerateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingValue { name } => write!(f, "no value for the placeholder `{name}`"),
            Self::ListForText { name } => {
                write!(f, "the placeholder `{name}` takes one text, not a list: only a final `*{name}` does")
            }
        }
    }
}

impl std::error::Error for GenerateError {}

impl Generator {
    /// Prepares a pattern.
    pub fn new(pattern: &Pattern) -> Self {
        let part = |piece: &Piece| match piece {
            Piece::Literal(text) => {
                let mut escaped = String::with_capacity(text.len());
                url::push_literal(&mut escaped, text);
                Part::Text(escaped.into())
            }
            Piece::Placeholder(placeholder) => Part::Value(placeholder.name().into()),
            Piece::Rest(name) => Part::Rest(name.clone()),
        };
        Self { parts: pattern.pieces().iter().map(part).collect() }
    }

    /// The names of the placeholders in the order of the pattern.
    #[cfg(feature = "templates")]
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Value(name) | Part::Rest(name) => Some(&**name),
        })
    }

    /// The path with these values, escaped.
    ///
    /// A slash in a value stays a slash. Whether a value is one that the pattern would match is not looked at, as in
    /// Pyramid. Values for which there is no placeholder are left alone.
    ///
    /// # Errors
    /// Where a placeholder has no value, or one that takes a text has a list.
    pub fn path(&self, values: &(impl PathValues + ?Sized)) -> Result<String, GenerateError> {
        let mut path = String::new();
        self.push_path(&mut path, values)?;
        Ok(path)
    }

    /// Appends the path to `out`; on an error a part of it may have been appended.
    pub(crate) fn push_path(
        &self,
        out: &mut String,
        values: &(impl PathValues + ?Sized),
    ) -> Result<(), GenerateError> {
        for part in &self.parts {
            let (name, takes_list) = match part {
                Part::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Part::Value(name) => (name, false),
                Part::Rest(name) => (name, true),
            };
            match values.path_value(name) {
                Some(PathValue::Text(text)) => url::push_path(out, &text),
                Some(PathValue::List(segments)) if takes_list => {
                    for (place, segment) in segments.iter().enumerate() {
                        if place > 0 {
                            out.push('/');
                        }
                        url::push_path(out, segment);
                    }
                }
                Some(PathValue::List(_)) => {
                    return Err(GenerateError::ListForText { name: name.to_string() });
                }
                None => return Err(GenerateError::MissingValue { name: name.to_string() }),
            }
        }
        Ok(())
    }
}

/// A value for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathValue<'a> {
    /// One text; a `/` in it stays a `/`.
    Text(Cow<'a, str>),
    /// Several, to be joined with `/`: for a final `*name` only.
    List(Vec<Cow<'a, str>>),
}

impl PathValue<'_> {
    /// The value as text, whatever it is.
    pub fn text(value: &(impl fmt::Display + ?Sized)) -> Self {
        Self::Text(Cow::Owned(value.to_string()))
    }

    /// Several values as text.
    pub fn list<T: fmt::Display>(values: impl IntoIterator<Item = T>) -> Self {
        Self::List(values.into_iter().map(|value| Cow::Owned(value.to_string())).collect())
    }
}

impl<'a> From<&'a str> for PathValue<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for PathValue<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for PathValue<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a, T: Into<Cow<'a, str>>> From<Vec<T>> for PathValue<'a> {
    fn from(segments: Vec<T>) -> Self {
        Self::List(segments.into_iter().map(Into::into).collect())
    }
}

macro_rules! text_value {
    ($($of:ty),*) => {$(
        impl From<$of> for PathValue<'_> {
            fn from(value: $of) -> Self {
                Self::text(&value)
            }
        }
    )*};
}

text_value!(char, bool, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

/// Where the values of a path come from: a route's struct, or pairs of names and values.
pub trait PathValues {
    /// The value of the placeholder `name`.
    fn path_value(&self, name: &str) -> Option<PathValue<'_>>;
}

/// No values.
impl PathValues for () {
    fn path_value(&self, _name: &str) -> Option<PathValue<'_>> {
        None
    }
}

impl<T: PathValues + ?Sized> PathValues for &T {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        (**self).path_value(name)
    }
}

/// Pairs; of two with one name the first counts.
impl<K: AsRef<str>> PathValues for [(K, PathValue<'_>)] {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        self.iter().find(|(known, _)| known.as_ref() == name).map(|(_, value)| value.clone())
    }
}

impl<K: AsRef<str>, const N: usize> PathValues for [(K, PathValue<'_>); N] {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        self.as_slice().path_value(name)
    }
}

impl<K: AsRef<str>> PathValues for Vec<(K, PathValue<'_>)> {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        self.as_slice().path_value(name)
    }
}

impl<K: Borrow<str> + Eq + Hash, S: BuildHasher> PathValues for HashMap<K, PathValue<'_>, S> {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        self.get(name).cloned()
    }
}

impl<K: Borrow<str> + Ord> PathValues for BTreeMap<K, PathValue<'_>> {
    fn path_value(&self, name: &str) -> Option<PathValue<'_>> {
        self.get(name).cloned()
    }
}
