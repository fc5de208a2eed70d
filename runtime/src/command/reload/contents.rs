//! What is in files, so that one which was written without a change is told from one that has changed.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// Larger files are not read: they have changed when they were written.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The most files that are known; a program has fewer.
const MOST: usize = 100_000;

/// What was in files when they were last looked at.
#[derive(Debug, Default)]
pub(super) struct Contents {
    known: HashMap<PathBuf, Option<u64>>,
}

impl Contents {
    /// Notes what is in a file, unless it is known.
    pub(super) fn learn(&mut self, path: &Path) {
        if self.known.len() < MOST
            && let Entry::Vacant(entry) = self.known.entry(path.to_owned())
        {
            let found = sum(entry.key());
            entry.insert(found);
        }
    }

    /// Whether there is something else in it now than when it was last looked at, or it was never.
    pub(super) fn have_changed(&mut self, path: &Path) -> bool {
        let found = sum(path);
        if self.known.len() >= MOST && !self.known.contains_key(path) {
            return true;
        }
        self.known.insert(path.to_owned(), found) != Some(found)
    }
}

/// A sum of what is in a file; `None` where there is none.
fn sum(path: &Path) -> Option<u64> {
    let metadata = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(metadata.len());
    if metadata.len() <= LARGEST {
        hasher.write(&fs::read(path).ok()?);
    } else {
        metadata.modified().ok()?.hash(&mut hasher);
    }
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_different_has_changed() {
        let path = std::env::temp_dir().join(format!("aiopyramid-contents-{}", std::process::id()));
        let mut contents = Contents::default();
        fs::write(&path, "one").unwrap();
        contents.learn(&path);
        assert!(!contents.have_changed(&path));
        fs::write(&path, "two").unwrap();
        assert!(contents.have_changed(&path));
        fs::write(&path, "two").unwrap();
        assert!(!contents.have_changed(&path));
        fs::remove_file(&path).unwrap();
        assert!(contents.have_changed(&path));
        assert!(!contents.have_changed(&path), "it is still not there");
    }
}
