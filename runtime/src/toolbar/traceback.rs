//! From a backtrace to frames with the lines of their sources.

use std::backtrace::Backtrace;
use std::fs;
use std::path::Path;

/// The most frames that are shown.
const MOST: usize = 100;

/// Lines of a source that are shown before and behind the one that counts.
const AROUND: usize = 4;

/// The longest source that is read.
const LONGEST: u64 = 1024 * 1024;

/// A call that was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// The path of the function.
    pub(super) function: String,
    /// The file and the line, where the program knows them.
    pub(super) place: Option<(String, usize)>,
}

/// Lines of a source, each with its number.
pub(super) type Lines = Vec<(usize, String)>;

impl Frame {
    /// Whether it is the application's own code, and not that of a library.
    pub(super) fn is_of_application(&self) -> bool {
        let Some((file, _)) = &self.place else { return false };
        // The standard library cuts the working directory off.
        let whole = file.strip_prefix("./").and_then(|rest| Some(std::env::current_dir().ok()?.join(rest)));
        let file = whole.map_or_else(|| file.clone(), |whole| whole.to_string_lossy().into_owned());
        let file = file.replace('\\', "/");
        let foreign = ["/rustc/", "/rustlib/src/", "/registry/src/", "/git/checkouts/"];
        !file.starts_with(concat!(env!("CARGO_MANIFEST_DIR"), "/src/"))
            && !foreign.iter().any(|folder| file.contains(folder))
    }

    /// The lines around the one that counts, where the source is here.
    pub(super) fn source(&self) -> Option<Lines> {
        let (file, line) = self.place.as_ref()?;
        let path = Path::new(file);
        if fs::metadata(path).ok()?.len() > LONGEST {
            return None;
        }
        let text = fs::read_to_string(path).ok()?;
        let first = line.saturating_sub(AROUND).max(1);
        let lines = text.lines().enumerate().skip(first - 1).take(line + AROUND + 1 - first);
        Some(lines.map(|(number, text)| (number + 1, text.to_owned())).collect())
    }
}

/// The calls that were open, the innermost first, without those by which the backtrace was made.
pub(super) fn frames(backtrace: &Backtrace) -> Vec<Frame> {
    // The standard library has no other way to them than text (`Backtrace::frames` is not stable).
    let frames = parsed(&format!("{backtrace:?}"));
    let making = |frame: &Frame| {
        [
            "std::backtrace",
            "std::panicking::panic",
            "core::panicking",
            "__rustc::",
            "aiopyramid::error",
            "<aiopyramid::error",
        ]
        .iter()
        .any(|made| frame.function.starts_with(made))
    };
    let first = frames.iter().take(30).rposition(making).map_or(0, |place| place + 1);
    frames.into_iter().skip(first).take(MOST).collect()
}

/// Reads `[{ fn: "a::b", file: "/a.rs", line: 3 }, ...]`.
fn parsed(text: &str) -> Vec<Frame> {
    let frames = text.split("{ fn: \"").skip(1);
    frames
        .filter_map(|frame| {
            let (function, rest) = frame.split_once('"')?;
            let file = rest.split_once(", file: \"").and_then(|(_, rest)| rest.split_once('"'));
            let line = rest.split_once(", line: ").map(|(_, rest)| {
                let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
                rest[..end].parse().unwrap_or(0)
            });
            let place = file.zip(line).map(|((file, _), line)| (file.to_owned(), line));
            Some(Frame { function: function.to_owned(), place })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_library_shows_frames_as_they_are_read_here() {
        let frames = frames(&Backtrace::force_capture());
        let own = frames.iter().find(|frame| frame.function.contains("as_they_are_read_here")).unwrap();
        let (file, line) = own.place.as_ref().unwrap();
        assert!(file.ends_with("toolbar/traceback.rs") && *line > 0, "{own:?}");
        let source = own.source().unwrap();
        assert!(
            source.iter().any(|(number, text)| number == line && text.contains("force_capture")),
            "{source:?}"
        );
    }

    #[test]
    fn a_frame_without_a_place_is_one_all_the_same() {
        assert_eq!(
            parsed("Backtrace [{ fn: \"a::{{closure}}\" }, { fn: \"b\", file: \"/b.rs\", line: 7 }]"),
            [
                Frame { function: "a::{{closure}}".to_owned(), place: None },
                Frame { function: "b".to_owned(), place: Some(("/b.rs".to_owned(), 7)) },
            ]
        );
    }

    #[test]
    fn what_is_not_of_a_library_is_the_application_s() {
        let frame = |file: &str| Frame { function: String::new(), place: Some((file.to_owned(), 1)) };
        assert!(frame("/home/me/shop/src/views.rs").is_of_application());
        assert!(frame("./elsewhere/src/views.rs").is_of_application());
        assert!(!frame("./src/views.rs").is_of_application(), "the tests run in the folder of the framework");
        for file in [
            "/home/me/.cargo/registry/src/index.crates.io-1/tokio-1.0.0/src/lib.rs",
            "/rustc/abc/library/core/src/ops/function.rs",
            concat!(env!("CARGO_MANIFEST_DIR"), "/src/app/tween/next.rs"),
        ] {
            assert!(!frame(file).is_of_application(), "{file}");
        }
    }
}
