//! A `PostgreSQL` server of a test's own. Usable by the tests of examples too, as `browser` is.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::peer::lacks;

/// A server at a unix socket, with nothing in it, running until this is dropped.
pub(crate) struct Postgresql {
    process: Child,
    folder: PathBuf,
}

impl Postgresql {
    /// Starts one, in a folder of that name; `None` where the programs are missing and may be.
    pub(crate) fn start(name: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            lacks("`postgresql` is not installed");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("aiopyramid-pg-{name}-{}", std::process::id()));
        // One that was left behind by a process of that number.
        let _ = std::fs::remove_dir_all(&folder);
        let mut made = program(&programs, "initdb");
        made.args([
            "--auth=trust",
            "--username=postgres",
            "--no-locale",
            "--encoding=UTF8",
            "--no-sync",
            "-D",
        ]);
        let made = made.arg(&folder).stderr(Stdio::piped()).output().expect("a program that can be started");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

        let mut process = program(&programs, "postgres")
            .args(["-F", "-c", "listen_addresses=", "-c", "unix_socket_directories=.", "-D"])
            .arg(&folder)
            .stderr(Stdio::piped())
            .spawn()
            .expect("a program that can be started");
        let mut lines = BufReader::new(process.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let said: Vec<String> =
            lines.by_ref().take_while(|line| !line.contains("ready to accept connections")).collect();
        assert!(process.try_wait().expect("a status").is_none(), "it does not serve: {said:#?}");
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { process, folder })
    }

    /// Where its database is.
    pub(crate) fn url(&self) -> String {
        format!("postgres:///postgres?user=postgres&host={}", self.folder.display())
    }
}

impl Drop for Postgresql {
    fn drop(&mut self) {
        // It has processes and shared memory of its own to take with it.
        let _ = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where its programs are: Debian keeps them apart by version.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// One of them, run by the user `postgres` where root starts it, which it refuses.
fn program(programs: &Path, name: &str) -> Command {
    let mut command = Command::new(programs.join(name));
    // What it says is looked for in English.
    command.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if number("-u", None) == Some(0) {
        let [user, group] = ["-u", "-g"].map(|which| number(which, Some("postgres")));
        command.uid(user.expect("a user `postgres`")).gid(group.expect("a group of `postgres`"));
    }
    command.current_dir("/");
    command
}

/// The number of a user, or of the user's group; of this one, or of another.
fn number(which: &str, user: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(which).args(user).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
