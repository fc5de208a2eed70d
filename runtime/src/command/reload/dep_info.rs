//! The file beside a program in which Cargo notes what it was compiled from: `target/debug/app.d`.

use std::fs;
use std::path::{Path, PathBuf};

/// More than that is no such file.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The local files that the program at this path was compiled from; none where Cargo has noted nothing.
pub(super) fn of_program(program: &Path) -> Vec<PathBuf> {
    let path = program.with_extension("d");
    if path.metadata().is_ok_and(|found| found.len() <= LONGEST) {
        fs::read_to_string(path).map(|text| files(&text)).unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// What stands behind the colon, as in a makefile: with blanks between, and a backslash before a blank in a name.
fn files(text: &str) -> Vec<PathBuf> {
    let Some((_, list)) = text.lines().next().and_then(|line| line.split_once(": ")) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    let mut name = String::new();
    let mut characters = list.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&' ') => name.extend(characters.next()),
            ' ' => files.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    files.push(name);
    files.into_iter().filter(|name| !name.is_empty()).map(PathBuf::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_as_cargo_writes_them() {
        let text = "/t/debug/app: /p/build.rs /p/src/main.rs /p/my\\ page.jinja2\n\n/p/src/main.rs:\n";
        let expected = ["/p/build.rs", "/p/src/main.rs", "/p/my page.jinja2"].map(PathBuf::from);
        assert_eq!(files(text), expected);
        assert_eq!(files("/t/debug/app:\n"), [] as [PathBuf; 0]);
        assert_eq!(files(""), [] as [PathBuf; 0]);
    }
}
