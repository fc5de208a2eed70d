//! Clients of others, as they are installed from their registries: Python's `websockets` and Node's `ws`.
//!
//! They are looked for in the folders `python` and `node` of the one that `WEBSOCKET_CLIENTS` names, and where Python and Node
//! themselves would look.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use support::{App, lacks};

mod support;

const SOCKETS: &str = env!("CARGO_BIN_EXE_socket-app");

/// An interpreter that finds packages of ours.
struct Interpreter {
    program: &'static str,
    /// The variable that says where packages are, and their place in the folder of clients.
    packages: (&'static str, &'static str),
}

const PYTHON: Interpreter = Interpreter { program: "python3", packages: ("PYTHONPATH", "python") };
const NODE: Interpreter = Interpreter { program: "node", packages: ("NODE_PATH", "node/node_modules") };

impl Interpreter {
    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        if let Some(folder) = std::env::var_os("WEBSOCKET_CLIENTS") {
            command.env(self.packages.0, PathBuf::from(folder).join(self.packages.1));
        }
        command.stdin(Stdio::null());
        command
    }

    /// Whether it is there, and a package for it.
    fn has(&self, package: &str, probe: &[&str]) -> bool {
        let found = self.command().args(probe).output().is_ok_and(|output| output.status.success());
        if !found {
            lacks(&format!("`{package}` for `{}` is not installed", self.program));
        }
        found
    }

    /// What a script saw that talks to an echo. It must have ended well.
    fn talks(&self, script: &str) -> Vec<String> {
        let app = App::of(SOCKETS, &[]);
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients").join(script);
        let url = format!("ws://{}/echo", app.address());
        let output = self.command().arg(script).arg(url).output().expect("a program that can be started");
        let (seen, complaint) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "after\n{seen}\n{complaint}");
        app.signal("TERM");
        let said = app.end().complaint;
        assert!(!said.contains("ERROR") && !said.contains("panicked"), "{said}");
        seen.lines().map(str::to_owned).collect()
    }
}

fn has(seen: &[String], wanted: &[&str]) {
    for wanted in wanted {
        assert!(seen.iter().any(|seen| seen == wanted), "`{wanted}` was not seen: {seen:#?}");
    }
}

#[test]
fn websockets_of_python_talks_to_us() {
    if !PYTHON.has("websockets", &["-c", "import websockets.asyncio.client"]) {
        return;
    }
    let seen = PYTHON.talks("python_websockets.py");
    has(&seen, &["echo, compression None", "echo, compression deflate", "too long, compression deflate"]);
    has(&seen, &["bad frame: unmasked", "bad frame: compressed data that is none"]);
    assert_eq!(seen.len(), 14, "{seen:#?}");
}

#[test]
fn ws_of_node_talks_to_us() {
    if !NODE.has("ws", &["-e", "require('ws')"]) {
        return;
    }
    let seen = NODE.talks("node_ws.cjs");
    has(&seen, &["echo, compression none", "echo, compression as it is", "echo, compression small windows"]);
    has(&seen, &["too long, compression without context", "bad frame: text that is none"]);
    assert_eq!(seen.len(), 15, "{seen:#?}");
}
