//! A Redis server of a test's own. Usable by the tests of examples too, as `browser` is.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::peer::peer;

/// A server that keeps nothing, running until this is dropped.
pub(crate) struct Redis {
    program: PathBuf,
    process: Option<Child>,
    port: u16,
}

impl Redis {
    /// Starts one at a free port; `None` where the program is missing and may be.
    pub(crate) fn start() -> Option<Self> {
        let program = peer("redis-server")?;
        // It cannot choose a port itself. Where somebody else was quicker, another one is tried.
        (0..20).find_map(|_| {
            let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
            let mut redis =
                Self { program: program.clone(), process: None, port: free.expect("a free port").port() };
            redis.run().then_some(redis)
        })
    }

    /// Starts it at its port; whether it serves.
    fn run(&mut self) -> bool {
        let mut process = Command::new(&self.program)
            .args([
                "--port",
                &self.port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a program that can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let serves = lines.any(|line| line.contains("Ready to accept connections"));
        std::thread::spawn(move || lines.for_each(drop));
        if serves {
            self.process = Some(process);
        } else {
            let _ = process.wait();
        }
        serves
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it, with all that it knows.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Starts it again, at the same port.
    pub(crate) fn start_again(&mut self) {
        assert!(self.process.is_none() && self.run(), "the port is free again");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
