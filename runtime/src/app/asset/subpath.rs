//! From what stands behind a static view's route to the names of folders and a file, or to nothing.

use std::path::{Component, Path};

use smallvec::SmallVec;

/// The names on the way to a file, outermost first.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Subpath<'p> {
    pub(super) names: SmallVec<[&'p str; 8]>,
    /// Whether a `/` stands at the end, as behind a folder.
    pub(super) is_folder: bool,
}

impl<'p> Subpath<'p> {
    /// Of a text that was decoded once. `None` where a name is empty, `.` or `..`, or could mean anything but a name to this
    /// system or another: the file would be looked for outside, or one file would have many addresses.
    pub(super) fn parse(text: &'p str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self { names: SmallVec::new(), is_folder: true });
        }
        let (text, is_folder) = match text.strip_suffix('/') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let names: SmallVec<[&str; 8]> = text.split('/').collect();
        let are_plain = names.iter().all(|name| is_plain(name));
        are_plain.then_some(Self { names, is_folder })
    }
}

fn is_plain(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let is_name = matches!(components.next(), Some(Component::Normal(only)) if only == name);
    is_name
        && components.next().is_none()
        && !name.contains(['\0', '\\'])
        && !(cfg!(windows) && means_something_to_windows(name))
}

/// Whether Windows takes `name` for a device, a stream of a file, or for the same name without its end.
fn means_something_to_windows(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("").trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut rest = rest.chars();
            matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
        })
    };
    name.contains(':')
        || name.ends_with(['.', ' '])
        || matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let css = Subpath::parse("css/site v2.css").unwrap();
        assert_eq!((&css.names[..], css.is_folder), (&["css", "site v2.css"][..], false));
        let folder = Subpath::parse("css/").unwrap();
        assert_eq!((&folder.names[..], folder.is_folder), (&["css"][..], true));
        assert!(Subpath::parse("").unwrap().is_folder);
        assert!(Subpath::parse("...").is_some() && Subpath::parse("..a/.b").is_some());
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "/",
            "//",
            "..",
            "../x",
            "a/../b",
            "a/..",
            ".",
            "./a",
            "a/./b",
            "a//b",
            "/etc/passwd",
            "a\\..\\b",
            "a\0b",
        ] {
            assert_eq!(Subpath::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_devices_of_windows_are_known() {
        for name in ["con", "NUL.txt", "aux .css", "COM1", "lpt9.js", "COM¹", "a:b", "c:", "file.", "file "]
        {
            assert!(means_something_to_windows(name), "{name}");
        }
        for name in ["console.css", "COM", "COM10", "null", "a.con"] {
            assert!(!means_something_to_windows(name), "{name}");
        }
    }
}
