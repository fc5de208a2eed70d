//! A program that serves at a free port, for the tests of examples:
//! `#[path = "../../../tests/tests/support/site.rs"] mod site;`.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A program, serving at a free port until this is dropped.
pub(crate) struct Site {
    process: Child,
    address: String,
}

impl Site {
    /// Starts it with these settings; it serves when this returns.
    pub(crate) fn start(program: &str, settings: &[&str]) -> Self {
        Self::start_at(program, "127.0.0.1:0", settings)
    }

    /// As [`start`](Self::start), at an address that is known to be free.
    pub(crate) fn start_at(program: &str, address: &str, settings: &[&str]) -> Self {
        let mut command = Command::new(program);
        // What is set for the tests is nothing that an application knows.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AIOPYRAMID_") {
                command.env_remove(name);
            }
        }
        let mut process = command
            .args(["serve", &format!("listen={address}"), "development=false"])
            .args(settings)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(process.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("listening at http://")?.1.to_owned()));
        // What it says later is read, so that it can go on.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: address.expect("it says where it listens") }
    }

    /// `127.0.0.1:43210`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
