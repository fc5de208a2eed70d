//! Cargo and the program `aiopyramid`, as somebody outside of this workspace has them.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{LazyLock, mpsc};
use std::thread;
use std::time::Duration;

pub(crate) use environment::complaint;
use environment::forget;

use super::support::{Client, Folder, Reply};

#[path = "environment.rs"]
mod environment;

/// How long Cargo says nothing at most, also where it waits for another one.
pub(crate) const COMPILED: Duration = Duration::from_mins(20);

/// The program, built once.
pub(crate) static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let built = cargo(checkout())
        .args(["build", "--package", "aiopyramid", "--bin", "aiopyramid"])
        .output()
        .expect("a Cargo that can be started");
    assert!(built.status.success(), "{}", complaint(&built));
    target().join("debug/aiopyramid")
});

pub(crate) fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("scaffolds")
}

/// The Cargo of these tests in a folder, with nothing set that is about this package, and without a network.
pub(crate) fn cargo(folder: &Path) -> Command {
    outside(env!("CARGO"), folder)
}

pub(crate) fn outside(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    forget(&mut command)
        .env("CARGO_TARGET_DIR", target())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// As in the manifest of this workspace, so that Cargo need not compile everything twice.
pub(crate) const PROFILE: &str = "\
[profile.dev.build-override]
opt-level = 1

[profile.dev.package.zlib-rs]
opt-level = 2
";

/// A folder for projects.
pub(crate) fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("scaffold-{name}"));
    fs::create_dir(folder.file(".cargo")).expect("a folder");
    fs::write(folder.file(".cargo/config.toml"), PROFILE).expect("a file");
    folder
}

/// Runs the program in a folder.
pub(crate) fn aiopyramid(folder: &Path, arguments: &[&str]) -> Output {
    outside(PROGRAM.to_str().expect("text"), folder)
        .args(arguments)
        .output()
        .expect("a program that can be started")
}

/// An application, serving until this is dropped, and whatever has started it.
pub(crate) struct Served {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Served {
    /// What a command starts in the end.
    pub(crate) fn by(mut command: Command) -> Self {
        let mut process = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("a program that can be started");
        let lines = BufReader::new(process.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let (tell, told) = mpsc::channel();
        // It reads on when nobody listens any more, so that the program can go on.
        thread::spawn(move || lines.for_each(|line| drop(tell.send(line))));
        let mut served = Self { process, address: ([0, 0, 0, 0], 0).into() };
        let mut said = Vec::new();
        while let Ok(line) = told.recv_timeout(COMPILED) {
            // The log of an application, or where that says little, what a configuration file makes it say.
            let place = ["listening at http://", "Serving on http://"];
            let address = place.iter().find_map(|place| line.split_once(place)?.1.parse().ok());
            if let Some(address) = address {
                served.address = address;
                return served;
            }
            said.push(line);
        }
        panic!("it does not serve: {}", said.join("\n"))
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    pub(crate) fn get(&self, target: &str) -> Reply {
        self.connect().get(target)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // The whole group: a shell and what it has started.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}
