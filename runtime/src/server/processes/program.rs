//! How this program was started, to start it again.

use std::env;
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::link::{ROLE, Role};

/// What of the environment is not for those that this process starts.
const OWN: [&str; 5] = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_USEC", "WATCHDOG_PID"];

/// The program, its arguments, and the folder that it was started in.
#[derive(Debug)]
pub(super) struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    folder: Option<PathBuf>,
}

impl Program {
    /// That of this process.
    ///
    /// The path is the one it was started by, not the file behind it: where that is a link to the newest version, or a new
    /// file has been moved there, the new one is meant.
    pub(super) fn of_process() -> Self {
        let mut arguments = env::args_os();
        let name = arguments.next().map(PathBuf::from);
        let folder = folder();
        let running = env::current_exe();
        let named = name.and_then(|name| find(&name, folder.as_deref()));
        let path = match (named, running) {
            (Some(named), Ok(running)) if is_same(&named, &running) => named,
            (_, Ok(running)) => running,
            (named, Err(_)) => named.unwrap_or_else(|| PathBuf::from("/proc/self/exe")),
        };
        Self { path, arguments: arguments.collect(), folder }
    }

    /// A command that starts it in this role.
    pub(super) fn command(&self, role: Role) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env(ROLE, format!("{}:{}", role.name(), std::process::id()));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        for name in OWN {
            command.env_remove(name);
        }
        if role == Role::Worker {
            // The master speaks for all.
            command.env_remove("NOTIFY_SOCKET");
        }
        command
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The folder of the process, by the name that the user knows it by: a link may lead to the newest version.
fn folder() -> Option<PathBuf> {
    let real = env::current_dir().ok()?;
    match env::var_os("PWD").map(PathBuf::from) {
        Some(named) if named.is_absolute() && is_same(&named, &real) => Some(named),
        _ => Some(real),
    }
}

/// The file that a shell starts under this name.
fn find(name: &Path, folder: Option<&Path>) -> Option<PathBuf> {
    if name.components().count() > 1 {
        return Some(folder?.join(name));
    }
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| path.metadata().map(|found| (found.dev(), found.ino())).ok();
    identity(one).is_some_and(|one| Some(one) == identity(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_as_a_shell_finds_it() {
        let folder = Some(Path::new("/srv/app/current"));
        assert_eq!(find(Path::new("bin/app"), folder), Some("/srv/app/current/bin/app".into()));
        assert_eq!(find(Path::new("/bin/sh"), folder), Some("/bin/sh".into()));
        assert!(find(Path::new("sh"), folder).is_some_and(|path| path.is_file()));
        assert_eq!(find(Path::new("there-is-no-such-program"), folder), None);
    }

    #[test]
    fn this_program_is_itself() {
        let program = Program::of_process();
        assert!(is_same(program.path(), &env::current_exe().unwrap()), "{program:?}");
    }
}
