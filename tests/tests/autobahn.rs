//! The Autobahn test suite: 517 cases, of which 216 are of compression.
//!
//! It needs Python with the packages `autobahn[twisted]` and `autobahntestsuite`, the latter unpacked, since it cannot be
//! installed: `AUTOBAHN_PYTHON` names the interpreter, `AUTOBAHN_SUITE` the folder. Where they are not named the test is
//! skipped, and says so.

mod support;

use std::env;
use std::process::Command;

use support::{App, lacks};

/// How many messages those cases send of which each sends a thousand: `AUTOBAHN_MESSAGES=1000` for all of them.
const MESSAGES: &str = "25";

#[test]
fn no_case_fails() {
    let (Ok(python), Ok(suite)) = (env::var("AUTOBAHN_PYTHON"), env::var("AUTOBAHN_SUITE")) else {
        return lacks(
            "AUTOBAHN_PYTHON and AUTOBAHN_SUITE do not name an interpreter with `autobahn` and the unpacked suite",
        );
    };
    let app = App::of(env!("CARGO_BIN_EXE_echo-app"), &[]);
    let messages = env::var("AUTOBAHN_MESSAGES").unwrap_or_else(|_| MESSAGES.to_owned());
    let run = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/autobahn/run.py"))
        .args([&suite, &format!("ws://{}/", app.address()), "--messages", &messages])
        .output()
        .expect("an interpreter that can be started");
    let said = String::from_utf8_lossy(&run.stdout);
    println!("{said}");
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert!(said.contains("517 cases: "), "not all cases were run");
}
