//! What a command finds around it.

use std::process::{Command, Output};

/// Has a command know nothing of the Cargo that runs this test, nor of any settings, and do without a network and colours.
pub(crate) fn forget(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let is_of_test =
            text.starts_with("CARGO_") && text != "CARGO_HOME" || text == "RUSTC_WORKSPACE_WRAPPER";
        if is_of_test || text.starts_with("AIOPYRAMID_") {
            command.env_remove(&name);
        }
    }
    command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never")
}

/// What a program has said on its standard error.
pub(crate) fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
