//! The names on a path.

use std::borrow::Cow;
use std::iter;
use std::ops::Range;
use std::sync::LazyLock;

use smallvec::SmallVec;

use crate::protocol::url::{self, PathEncodingError};

/// The names on a path, in one text. Empty ones and `.` are left out, and a `..` has taken the one before it away.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    text: Box<str>,
    places: Places,
}

type Places = SmallVec<[Range<usize>; 8]>;

impl Names {
    /// Cuts decoded text at its slashes.
    pub(super) fn split(path: &str) -> Self {
        let mut places = Places::new();
        cut(path, 0, &mut places, 0);
        Self { text: path.into(), places }
    }

    /// The same with other names before it, which a `..` in the path cannot take away; says how many these are.
    pub(super) fn split_below(top: &str, path: &str) -> (Self, usize) {
        let mut places = Places::new();
        cut(top, 0, &mut places, 0);
        let count = places.len();
        cut(path, top.len(), &mut places, count);
        (Self { text: [top, path].concat().into(), places }, count)
    }

    /// Names that are whole: a slash in one is a part of it.
    pub(super) fn whole(names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut text = String::new();
        let mut places = Places::new();
        for name in names {
            let name = name.as_ref();
            note(name, text.len(), &mut places, 0);
            text.push_str(name);
        }
        Self { text: text.into(), places }
    }

    /// One name, whatever it is.
    pub(super) fn one(name: &str) -> Self {
        Self { text: name.into(), places: iter::once(0..name.len()).collect() }
    }

    /// No names.
    pub(super) fn none() -> &'static Self {
        static NONE: LazyLock<Names> = LazyLock::new(Names::default);
        &NONE
    }

    /// Cuts encoded text at its slashes, and decodes each name afterwards, so that it can have one in it.
    pub(super) fn decode(path: &str) -> Result<Self, PathEncodingError> {
        let names: Vec<Cow<'_, str>> = path.split('/').map(url::decode_path).collect::<Result<_, _>>()?;
        Ok(Self::whole(names))
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        self.places.get(index).map(|place| &self.text[place.clone()])
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator + Clone {
        self.places.iter().map(|place| &self.text[place.clone()])
    }
}

/// Notes where the names are in `path`, which begins at `start` of the whole text. The first `fixed` places stay.
fn cut(path: &str, start: usize, places: &mut Places, fixed: usize) {
    let mut at = start;
    for name in path.split('/') {
        note(name, at, places, fixed);
        at += name.len() + 1;
    }
}

fn note(name: &str, at: usize, places: &mut Places, fixed: usize) {
    match name {
        ".." if places.len() > fixed => drop(places.pop()),
        "" | "." | ".." => {}
        name => places.push(at..at + name.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn all(names: &Names) -> Vec<&str> {
        names.iter().collect()
    }

    #[test]
    fn a_path_is_cut_as_everywhere_else() {
        for path in ["", "/", "//a/./b//", "/a/../../b", "../é/日本/..", "a b/c"] {
            assert_eq!(
                all(&Names::split(path)),
                crate::protocol::url::path_segments(path).as_slice(),
                "{path}"
            );
        }
    }

    #[test]
    fn what_is_above_stays_whatever_the_path_says() {
        let (names, above) = Names::split_below("/a/b/../c/", "/../../x/..//é");
        assert_eq!((all(&names), above), (vec!["a", "c", "é"], 2));
    }

    #[test]
    fn a_name_that_is_whole_or_encoded_may_have_a_slash_in_it() {
        assert_eq!(all(&Names::whole(["", "a/b", ".", "c", "..", "d"])), ["a/b", "d"]);
        assert_eq!(all(&Names::decode("/a%2Fb/%C3%A9/./x%2e").unwrap()), ["a/b", "é", "x."]);
        assert!(Names::decode("/a/%FF").is_err());
    }
}
