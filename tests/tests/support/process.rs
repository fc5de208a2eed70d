//! The application under test as a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::{Client, EVENTUALLY, Reply};

pub(crate) const TESTED: &str = env!("CARGO_BIN_EXE_tested-app");

/// A program with nothing set from outside.
pub(crate) fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AIOPYRAMID_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Sends a signal, `TERM`, to any process.
pub(crate) fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(sent.expect("the program `kill`").success());
}

/// How a process ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) output: String,
    pub(crate) complaint: String,
}

/// Runs a program of this package that ends by itself.
pub(crate) fn run(path: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
    let output = program(path)
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .expect("a program that can be started");
    Ended {
        status: output.status,
        output: String::from_utf8(output.stdout).expect("text"),
        complaint: String::from_utf8(output.stderr).expect("text"),
    }
}

/// What a process has said so far on its standard error, and whether that has ended.
#[derive(Default)]
struct Log {
    said: Mutex<(Vec<String>, bool)>,
    changed: Condvar,
}

/// The application, serving until this is dropped.
pub(crate) struct App {
    child: Child,
    log: Arc<Log>,
    reader: Option<JoinHandle<()>>,
    address: Option<SocketAddr>,
}

impl App {
    /// Starts it at a free port, with these settings.
    pub(crate) fn start(settings: &[&str]) -> Self {
        Self::start_in(&[], settings)
    }

    /// Another application of this package, at a free port, with these settings.
    pub(crate) fn of(path: &str, settings: &[&str]) -> Self {
        Self::begin(path, &[], settings)
    }

    /// The same with these variables in the environment.
    pub(crate) fn start_in(environment: &[(&str, &str)], settings: &[&str]) -> Self {
        Self::begin(TESTED, environment, settings)
    }

    fn begin(path: &str, environment: &[(&str, &str)], settings: &[&str]) -> Self {
        let mut command = program(path);
        command.envs(environment.iter().copied()).args(["serve", "listen=127.0.0.1:0"]).args(settings);
        Self::started_by(command)
    }

    /// What a command starts, as soon as it has been started.
    pub(crate) fn starting(command: Command) -> Self {
        Self::spawn(command)
    }

    /// What a command starts; it serves when this returns.
    pub(crate) fn started_by(command: Command) -> Self {
        let mut app = Self::spawn(command);
        let line = app.logged("listening at http");
        app.logged("using ");
        let (_, address) = line.rsplit_once("://").expect("it has just been found");
        // In JSON something follows.
        app.address = address.split('"').next().and_then(|address| address.parse().ok());
        app
    }

    /// A program of this package with these arguments, whose log says nothing that could be waited for.
    pub(crate) fn quiet(path: &str, arguments: &[&str]) -> Self {
        let mut command = program(path);
        command.args(arguments);
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().expect("a program that can be started");
        let stderr = child.stderr.take().expect("a pipe");
        let log = Arc::new(Log::default());
        let reader = thread::spawn({
            let log = Arc::clone(&log);
            move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    log.said.lock().expect("not poisoned").0.push(line);
                    log.changed.notify_all();
                }
                log.said.lock().expect("not poisoned").1 = true;
                log.changed.notify_all();
            }
        });
        Self { child, log, reader: Some(reader), address: None }
    }

    /// The first port that it listens at.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address.expect("a port, and no unix socket")
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address())
    }

    /// Asks on a connection of its own.
    pub(crate) fn get(&self, target: &str) -> Reply {
        self.connect().get(target)
    }

    /// Waits until something has happened in the application so many times.
    pub(crate) fn wait(&self, event: &str, times: usize) {
        let event = event.replace(' ', "%20");
        assert_eq!(self.get(&format!("/wait/{event}?times={times}")).status, 204);
    }

    /// Opens a gate of the application.
    pub(crate) fn open(&self, gate: &str) {
        assert_eq!(self.get(&format!("/open/{gate}")).status, 204);
    }

    /// What has happened in the application, in order.
    pub(crate) fn events(&self) -> Vec<String> {
        serde_json::from_slice(&self.get("/events").body).expect("a list of texts")
    }

    /// Waits for a line of the log with this in it.
    pub(crate) fn logged(&self, wanted: &str) -> String {
        let deadline = Instant::now() + EVENTUALLY;
        let mut said = self.log.said.lock().expect("not poisoned");
        loop {
            if let Some(line) = said.0.iter().find(|line| line.contains(wanted)) {
                return line.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!said.1 && !left.is_zero(), "nothing of `{wanted}` in the log: {:#?}", said.0);
            said = self.log.changed.wait_timeout(said, left).expect("not poisoned").0;
        }
    }

    /// The lines of the log so far that have this in them.
    pub(crate) fn log_lines(&self, wanted: &str) -> Vec<String> {
        let said = self.log.said.lock().expect("not poisoned");
        said.0.iter().filter(|line| line.contains(wanted)).cloned().collect()
    }

    /// Waits for so many lines of the log with this in them.
    pub(crate) fn logged_times(&self, wanted: &str, times: usize) -> Vec<String> {
        let deadline = Instant::now() + EVENTUALLY;
        let mut said = self.log.said.lock().expect("not poisoned");
        loop {
            let found: Vec<String> = said.0.iter().filter(|line| line.contains(wanted)).cloned().collect();
            if found.len() >= times {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!said.1 && !left.is_zero(), "not {times} times `{wanted}` in the log: {:#?}", said.0);
            said = self.log.changed.wait_timeout(said, left).expect("not poisoned").0;
        }
    }

    /// Sends a signal: `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        signal(self.process(), name);
    }

    /// Waits for the end of the process, which something else has asked for.
    pub(crate) fn end(mut self) -> Ended {
        let mut output = String::new();
        let stdout = self.child.stdout.as_mut().expect("a pipe");
        stdout.read_to_string(&mut output).expect("text");
        let status = self.child.wait().expect("an exit status");
        self.reader.take().expect("it is joined once").join().expect("no panic");
        let complaint = self.log.said.lock().expect("not poisoned").0.join("\n");
        Ended { status, output, complaint }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It has ended already where the test has waited for that.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
