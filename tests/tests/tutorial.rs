//! The guide's tutorial, typed as it stands: every file is written, every command is run, and what comes of it is
//! compared, also what a browser shows.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use browser::Browser;
use literate::{Deed, Glance, changed, deeds, is_as_expected};
use outside::{PROGRAM, Served, folder, outside};
use support::{Folder, peer};

#[path = "support/browser.rs"]
mod browser;
#[path = "support/literate.rs"]
mod literate;
#[path = "support/outside.rs"]
mod outside;
mod support;

/// The port of an application that is told nothing else. A test takes one that is free.
const PORT: &str = "6543";

/// How long a page may take to show what it is to show.
const SHOWN: Duration = Duration::from_secs(20);

/// Somebody who does what a text says.
struct Reader {
    /// Removed in the end.
    _folder: Folder,
    /// Where commands are typed.
    place: PathBuf,
    running: Option<Served>,
    /// Whatever browsers there are.
    windows: Vec<Browser>,
    /// Which of them was looked at last.
    window: usize,
}

impl Reader {
    fn new(name: &str, windows: Vec<Browser>) -> Self {
        let folder = folder(name);
        Self { place: folder.path().to_owned(), _folder: folder, running: None, windows, window: 0 }
    }

    async fn follow(&mut self, text: &str) {
        let mut step = String::new();
        for deed in deeds(text) {
            match deed {
                Deed::Begin(title) => step = title,
                Deed::Write { path, text } => {
                    let path = self.place.join(path);
                    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
                    fs::write(path, text).expect("a file");
                }
                Deed::Change { path, old, new } => {
                    let file = self.place.join(&path);
                    let text =
                        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{step}: {path}: {error}"));
                    fs::write(file, changed(&text, &old, &new, &path)).expect("a file");
                }
                Deed::Type { command, expected } => self.type_in(&step, &command, &expected),
                Deed::Look { .. } if self.windows.is_empty() => {}
                Deed::Look { glance, expected } => self.look(&step, &glance, &expected).await,
            }
        }
    }

    async fn look(&mut self, step: &str, glance: &Glance, expected: &[String]) {
        match glance {
            Glance::Open { window, .. } | Glance::Again { window } => self.window = *window,
            Glance::Type(_) => {}
        }
        let window = &self.windows[self.window];
        match glance {
            Glance::Open { url, .. } => window.goto(&url.replace(PORT, &self.port())).await,
            Glance::Type(text) => window.types_on(&format!("{text}\n")).await,
            Glance::Again { .. } => {}
        }
        let deadline = Instant::now() + SHOWN;
        loop {
            let shown = window.lines().await.join("\n");
            if is_as_expected(&shown, expected) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{step}\n{glance:?}\n{shown}\nis not as expected:\n{}",
                expected.join("\n")
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The port at which the application is, or would be.
    fn port(&self) -> String {
        self.running.as_ref().map_or_else(|| PORT.to_owned(), |app| app.address.port().to_string())
    }

    fn type_in(&mut self, step: &str, command: &str, expected: &[String]) {
        if let Some(place) = command.strip_prefix("cd ") {
            self.place.push(place);
            return;
        }
        if command == "cargo run" || command.starts_with("cargo run -- serve") {
            // As after Ctrl-C.
            self.running = None;
            self.running = Some(Served::by(self.shell(command)));
            return;
        }
        let port = self.port();
        let output = self.shell(&command.replace(PORT, &port)).output().expect("a shell");
        let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
        // The compiler speaks there; curl says how fast it is.
        if command.starts_with("cargo ") {
            said.insert_str(0, &String::from_utf8_lossy(&output.stderr));
        }
        let said = said.replace(&format!(":{port}"), &format!(":{PORT}"));
        let may_fail = expected.iter().any(|line| line.starts_with("error"));
        assert!(output.status.success() != may_fail, "{step}\n$ {command}\n{:?}\n{said}", output.status);
        assert!(
            is_as_expected(&said, expected),
            "{step}\n$ {command}\n{said}\nis not as expected:\n{}",
            expected.join("\n")
        );
    }

    /// A shell that runs a command, with the program `aiopyramid` at hand.
    fn shell(&self, command: &str) -> Command {
        let mut shell = outside("bash", &self.place);
        let mut programs = vec![PROGRAM.parent().map(Path::to_owned).expect("a folder")];
        programs.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        shell
            .args(["--norc", "-c", command])
            .env("PATH", env::join_paths(programs).expect("folders"))
            .env("AIOPYRAMID_LISTEN", "127.0.0.1:0");
        shell
    }
}

#[test]
fn the_tutorial_is_true_to_the_letter() {
    let follow = async |windows| {
        Reader::new("tutorial", windows).follow(include_str!("../../runtime/src/guide/tutorial.md")).await;
    };
    if !browser::converse(2, follow) {
        // Nothing of that waits where there is no browser.
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("an event loop");
        runtime.block_on(follow(Vec::new()));
    }
}
