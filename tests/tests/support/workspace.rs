//! Real packages, compiled and linked by the real Cargo.
//!
//! They are written below the target directory, each test's in a workspace of its own, and share what they compile.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) use environment::complaint;
use environment::forget;

#[path = "environment.rs"]
mod environment;

/// What every manifest of a test begins with, up to its dependencies, in which `FRAMEWORK` is the framework alone.
pub(crate) fn manifest(name: &str, dependencies: &str) -> String {
    let dependencies = dependencies.replace("FRAMEWORK", &framework(&[]));
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
    )
}

/// The dependency on the framework with these features and no others.
pub(crate) fn framework(features: &[&str]) -> String {
    let runtime =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize().expect("the framework");
    format!(
        "aiopyramid = {{ path = '{}', default-features = false, features = {features:?} }}",
        runtime.display()
    )
}

/// A workspace.
pub(crate) struct Workspace {
    dir: PathBuf,
}

impl Workspace {
    /// In a folder of this name, with these members.
    pub(crate) fn new(name: &str, members: &[&str]) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // What an earlier run has left.
        let _ = fs::remove_dir_all(&dir);
        let workspace = Self { dir };
        workspace.write(
            "Cargo.toml",
            &format!(
                "[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n[profile.dev]\ndebug = false\n"
            ),
        );
        // The versions that are certainly at hand.
        let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"));
        workspace.write("Cargo.lock", &lock.expect("the lock file of this workspace"));
        workspace
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
        self
    }

    /// Where all of them are built.
    pub(crate) fn target() -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("linking/target")
    }

    /// The program of a package.
    pub(crate) fn program(package: &str) -> PathBuf {
        Self::target().join("debug").join(package)
    }

    /// Has the real Cargo and the programs that it builds know nothing of the Cargo that runs this test.
    pub(crate) fn prepare(&self, command: &mut Command) {
        forget(command)
            .env("CARGO", env!("CARGO"))
            .env("CARGO_TARGET_DIR", Self::target())
            .current_dir(&self.dir);
    }

    pub(crate) fn cargo(&self, command: &str, package: &str) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        self.prepare(&mut cargo);
        cargo.args([command, "--package", package]).output().expect("a Cargo that can be started")
    }

    /// Builds the program of a package.
    pub(crate) fn build(&self, package: &str) {
        let built = self.cargo("build", package);
        assert!(built.status.success(), "{}", complaint(&built));
    }

    /// Builds the program of a package, and runs it with a command.
    pub(crate) fn run(&self, package: &str, command: &str) -> Output {
        self.build(package);
        let mut program = Command::new(Self::program(package));
        program.arg(command).current_dir(&self.dir).output().expect("a program that can be started")
    }

    /// The routes of the program of a package.
    pub(crate) fn routes(&self, package: &str) -> String {
        let output = self.run(package, "routes");
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8(output.stdout).expect("text")
    }
}
