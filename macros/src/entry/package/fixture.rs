//! Package trees on disk for the tests of this module.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process};

/// A directory that goes away with the value.
#[derive(Debug)]
pub(super) struct Fixture(PathBuf);

impl Fixture {
    /// Writes the files, whose paths are relative to a new directory.
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("aiopyramid-package-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let fixture = Self(env::temp_dir().join(name));
        fs::create_dir_all(&fixture.0).expect("a directory");
        for (path, text) in files {
            fixture.write(path, text);
        }
        fixture
    }

    /// Writes one more file.
    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
