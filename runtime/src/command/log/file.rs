//! Files that the log is written to, and that can be opened again by their names.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All files of this process's log. There is one log in a process.
static OPEN: Mutex<Vec<Arc<LogFile>>> = Mutex::new(Vec::new());

/// A file that lines are added to.
#[derive(Debug)]
pub(super) struct LogFile {
    path: PathBuf,
    file: Mutex<File>,
    watched: bool,
}

impl LogFile {
    /// Opens a file, which `reopen` opens again.
    pub(super) fn open(path: &Path, truncate: bool, watched: bool) -> io::Result<Arc<Self>> {
        let file = append(path)?;
        if truncate {
            file.set_len(0)?;
        }
        let log = Arc::new(Self { path: path.to_owned(), file: Mutex::new(file), watched });
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&log));
        Ok(log)
    }

    /// The file, which one thread writes at a time.
    pub(super) fn lock(&self) -> LockedFile<'_> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if self.watched && moved(&self.path, &file) {
            // Lines for the old file are better than none.
            if let Ok(new) = append(&self.path) {
                *file = new;
            }
        }
        LockedFile(file)
    }

    fn reopen(&self) -> io::Result<()> {
        let new = append(&self.path)?;
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

/// A file while a line is written.
#[derive(Debug)]
pub(super) struct LockedFile<'a>(MutexGuard<'a, File>);

impl Write for LockedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Opens every file of the log again by its name: what `logrotate` wants after it has moved one away.
///
/// A file that does not open goes on as it is, and is named on what is left of the log.
pub(in crate::command) fn reopen() {
    // Copied, because whoever complains below writes to these files.
    let open = OPEN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for file in open {
        match file.reopen() {
            Ok(()) => tracing::info!("the log {} was opened again", file.path.display()),
            Err(error) => {
                tracing::error!("the log {} could not be opened again: {error}", file.path.display());
            }
        }
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Whether the name means another file by now.
#[cfg(unix)]
fn moved(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;

    let same = |known: std::fs::Metadata| {
        path.metadata().is_ok_and(|found| (found.dev(), found.ino()) == (known.dev(), known.ino()))
    };
    !file.metadata().is_ok_and(same)
}

#[cfg(not(unix))]
fn moved(path: &Path, _: &File) -> bool {
    !path.exists()
}
