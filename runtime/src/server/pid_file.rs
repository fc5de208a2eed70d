//! The file that tells others the number of the process.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ServerError;

/// A file with the number of this process in it; removed when this is dropped, unless another one has taken its place.
#[derive(Debug)]
pub(super) struct PidFile {
    path: PathBuf,
    /// Where it is to be once the process that is there now is gone.
    final_path: Option<PathBuf>,
}

impl PidFile {
    /// Writes the file: beside its place, and moved there, so that nobody reads half a number.
    ///
    /// # Errors
    /// [`ServerError::Running`] where the file there is that of a process that lives, [`ServerError::PidFile`] where it
    /// cannot be written.
    pub(super) fn claim(path: &Path) -> Result<Self, ServerError> {
        let failed = |source| ServerError::PidFile { path: path.to_owned(), source };
        // The folder of the process may change later.
        let path = std::path::absolute(path).map_err(failed)?;
        match read(&path) {
            Ok(Some(process)) if process != std::process::id() && lives(process) => {
                return Err(ServerError::Running { path, process });
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            // A number of nobody's, or no number at all: left behind.
            _ => {}
        }
        let mut beside = path.clone().into_os_string();
        beside.push(format!(".{}", std::process::id()));
        let written = fs::write(&beside, format!("{}\n", std::process::id()));
        if let Err(error) = written.and_then(|()| fs::rename(&beside, &path)) {
            let _ = fs::remove_file(&beside);
            return Err(failed(error));
        }
        Ok(Self { path, final_path: None })
    }

    /// Writes the file of a process that is to take another one's place: `NAME.2` until then.
    ///
    /// # Errors
    /// As [`claim`](Self::claim).
    #[cfg(unix)]
    pub(super) fn claim_second(path: &Path) -> Result<Self, ServerError> {
        let mut second = path.to_owned().into_os_string();
        second.push(".2");
        let mut claimed = Self::claim(Path::new(&second))?;
        let failed = |source| ServerError::PidFile { path: path.to_owned(), source };
        claimed.final_path = Some(std::path::absolute(path).map_err(failed)?);
        Ok(claimed)
    }

    /// Gives the file its final name.
    ///
    /// # Errors
    /// [`ServerError::PidFile`] where that is not possible.
    #[cfg(unix)]
    pub(super) fn promote(&mut self) -> Result<(), ServerError> {
        if let Some(path) = self.final_path.take() {
            fs::rename(&self.path, &path)
                .map_err(|source| ServerError::PidFile { path: path.clone(), source })?;
            self.path = path;
        }
        Ok(())
    }
}

impl Drop for PidFile {
    fn drop(&mut self) {
        if read(&self.path).is_ok_and(|process| process == Some(std::process::id()))
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!("the pid file {} cannot be removed: {error}", self.path.display());
        }
    }
}

fn read(path: &Path) -> io::Result<Option<u32>> {
    let text = fs::read(path)?;
    Ok(String::from_utf8_lossy(&text).trim().parse().ok().filter(|process| *process > 0))
}

/// Whether there is a process of this number, of whatever user.
#[cfg(unix)]
fn lives(process: u32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    process.is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
}

#[cfg(not(unix))]
fn lives(_: u32) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A folder of this test's own, removed with all that is in it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("aiopyramid-pid-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self) -> PathBuf {
            self.0.join("app.pid")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn it_holds_the_number_and_goes_with_the_process() {
        let folder = Folder::new("own");
        let claimed = PidFile::claim(&folder.file()).unwrap();
        assert_eq!(fs::read_to_string(folder.file()).unwrap(), format!("{}\n", std::process::id()));
        drop(claimed);
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
    }

    #[test]
    fn the_one_of_a_living_process_is_respected() {
        let folder = Folder::new("living");
        // The first process of all, which lives and belongs to somebody else, or to us where that is root.
        fs::write(folder.file(), "1\n").unwrap();
        let said = PidFile::claim(&folder.file()).unwrap_err().to_string();
        assert!(said.contains("process 1 ") && said.contains("app.pid"), "{said}");
        assert_eq!(fs::read_to_string(folder.file()).unwrap(), "1\n");
    }

    #[test]
    fn what_was_left_behind_is_replaced() {
        let folder = Folder::new("stale");
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        for left in [gone.id().to_string(), "no number".to_owned(), String::new(), "0".to_owned()] {
            fs::write(folder.file(), &left).unwrap();
            assert!(PidFile::claim(&folder.file()).is_ok(), "{left}");
        }
    }

    #[test]
    fn one_that_belongs_to_another_process_now_is_left_alone() {
        let folder = Folder::new("taken");
        let claimed = PidFile::claim(&folder.file()).unwrap();
        fs::write(folder.file(), "1").unwrap();
        drop(claimed);
        assert_eq!(fs::read_to_string(folder.file()).unwrap(), "1");
    }
}
