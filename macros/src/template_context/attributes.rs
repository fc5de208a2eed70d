//! What of serde's attributes changes the shape of a type. What serde refuses is left to serde.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, LitStr, Meta};

use crate::syntax::arguments::pieces;

/// The attributes of a type.
#[derive(Debug, Default)]
pub(super) struct Container {
    pub(super) rule: Rule,
    pub(super) transparent: bool,
    pub(super) tag: Option<String>,
    /// It is written by something else.
    pub(super) opaque: bool,
}

/// The attributes of a field.
#[derive(Debug, Default)]
pub(super) struct FieldAttributes {
    pub(super) renamed: Option<String>,
    pub(super) skipped: bool,
    pub(super) flattened: bool,
    pub(super) opaque: bool,
}

/// `rename_all`
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    #[default]
    None,
    Lower,
    Upper,
    Pascal,
    Camel,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Rule {
    fn named(name: &str) -> Self {
        match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => Self::None,
        }
    }

    /// The name of a field as it is written.
    pub(super) fn apply(self, field: &str) -> String {
        match self {
            Self::None | Self::Lower => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => {
                let pascal = pascal(field);
                let mut letters = pascal.chars();
                letters.next().map_or_else(String::new, |first| {
                    first.to_ascii_lowercase().to_string() + letters.as_str()
                })
            }
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(field: &str) -> String {
    let words = field.split('_').filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

/// A word in `#[serde(...)]`, with its value where it has one.
struct Entry {
    key: String,
    value: Option<String>,
    /// `rename(serialize = "a", deserialize = "b")`
    inner: Option<TokenStream>,
}

impl Entry {
    /// Its value for what is written.
    fn serialized(self) -> Option<String> {
        self.value.or_else(|| {
            let inner = entries(self.inner?);
            inner.into_iter().find(|entry| entry.key == "serialize")?.value
        })
    }
}

fn entries(tokens: TokenStream) -> Vec<Entry> {
    let entry = |piece: TokenStream| {
        let mut tokens = piece.into_iter();
        let Some(TokenTree::Ident(key)) = tokens.next() else { return None };
        let (mut value, mut inner) = (None, None);
        match tokens.next() {
            Some(TokenTree::Punct(_)) => {
                value = syn::parse2::<LitStr>(tokens.collect()).ok().map(|text| text.value());
            }
            Some(TokenTree::Group(group)) => inner = Some(group.stream()),
            _ => {}
        }
        Some(Entry { key: key.to_string(), value, inner })
    };
    pieces(tokens).into_iter().filter_map(entry).collect()
}

fn of_serde(attributes: &[Attribute]) -> impl Iterator<Item = Entry> {
    attributes.iter().flat_map(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("serde") => entries(list.tokens.clone()),
        _ => Vec::new(),
    })
}

impl Container {
    pub(super) fn read(attributes: &[Attribute]) -> Self {
        let mut read = Self::default();
        for entry in of_serde(attributes) {
            match entry.key.as_str() {
                "rename_all" => read.rule = Rule::named(&entry.serialized().unwrap_or_default()),
                "transparent" => read.transparent = true,
                "tag" => read.tag = entry.value,
                "into" | "remote" | "untagged" => read.opaque = true,
                _ => {}
            }
        }
        read
    }
}

impl FieldAttributes {
    pub(super) fn read(attributes: &[Attribute]) -> Self {
        let mut read = Self::default();
        for entry in of_serde(attributes) {
            match entry.key.as_str() {
                "rename" => read.renamed = entry.serialized(),
                "skip" | "skip_serializing" => read.skipped = true,
                "flatten" => read.flattened = true,
                "with" | "serialize_with" | "getter" => read.opaque = true,
                _ => {}
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn fields_are_renamed_as_serde_renames_them() {
        for (rule, expected) in [
            ("lowercase", "first_name"),
            ("UPPERCASE", "FIRST_NAME"),
            ("PascalCase", "FirstName"),
            ("camelCase", "firstName"),
            ("snake_case", "first_name"),
            ("SCREAMING_SNAKE_CASE", "FIRST_NAME"),
            ("kebab-case", "first-name"),
            ("SCREAMING-KEBAB-CASE", "FIRST-NAME"),
        ] {
            assert_eq!(Rule::named(rule).apply("first_name"), expected, "{rule}");
        }
    }

    #[test]
    fn of_two_names_the_one_that_is_written_counts() {
        let attributes: Vec<Attribute> =
            vec![parse_quote!(#[serde(default, rename(serialize = "a", deserialize = "b"))])];
        assert_eq!(FieldAttributes::read(&attributes).renamed.as_deref(), Some("a"));
        let attributes: Vec<Attribute> = vec![parse_quote!(#[serde(rename(deserialize = "b"))])];
        assert_eq!(FieldAttributes::read(&attributes).renamed, None);
    }

    #[test]
    fn what_a_function_writes_is_not_looked_into() {
        let attributes: Vec<Attribute> = vec![parse_quote!(#[serde(with = "dates", flatten)])];
        let read = FieldAttributes::read(&attributes);
        assert!(read.opaque && read.flattened && !read.skipped);
    }
}
