//! Cargo at work.

use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use tokio::sync::oneshot;

use super::cargo::Project;
use super::voice::plain;

/// The most bytes of errors that are kept for the page. The terminal has them all.
const LONGEST: usize = 32 * 1024;

/// Runs a command, which is what follows, and ends it with all that it has started where its own standard input ends: that is
/// a pipe of the supervisor's, which the system closes however the supervisor ends.
const KEEPER: &str = "\
exec 3<&0
\"$@\" 3<&- </dev/null &
build=$!
{ read -r _ <&3; kill -s KILL 0; } &
wait $build
status=$?
kill $!
exit $status
";

/// A build that runs. When this is dropped, it is ended.
#[derive(Debug)]
pub(super) struct Build {
    /// Ends it where this process is killed.
    _held: Option<ChildStdin>,
    /// Cargo and all that it has started are a group of their own, so that they can be ended together.
    group: Option<Pid>,
    outcome: oneshot::Receiver<Outcome>,
    pub(super) started: Instant,
}

/// How a build ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There is a program; `fresh` where it is the one that there was before.
    Built { fresh: bool },
    /// There is none, for this reason.
    Failed(String),
}

/// A line of what Cargo says, see <https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Diagnosed { message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Made { target: Target, fresh: bool },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Diagnostic {
    rendered: Option<String>,
    level: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// What is kept of what Cargo says.
#[derive(Debug, Default)]
struct Heard {
    errors: String,
    fresh: bool,
}

impl Build {
    /// Starts one.
    ///
    /// # Errors
    /// Where Cargo cannot be started; in one line.
    pub(super) fn start(project: &Project) -> Result<Self, String> {
        use std::os::unix::process::CommandExt;
        let mut command = kept(&project.build());
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("CARGO_TERM_PROGRESS_WHEN", "never");
        if io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            command.env("CARGO_TERM_COLOR", "always");
        }
        let mut child = command.spawn().map_err(|error| format!("`cargo` cannot be started: {error}"))?;
        // The command has descriptors of ours.
        drop(command);
        let held = child.stdin.take();
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let (name, kind) = project.target();
        let name = name.to_owned();
        let is_program =
            move |target: &Target| target.name == name && target.kind.iter().any(|known| known == kind);
        let (tell, outcome) = oneshot::channel();
        let work = move || {
            // Who has given the build up does not want to know.
            let _ = tell.send(accompany(child, &is_program));
        };
        let thread = thread::Builder::new().name("aiopyramid-build".to_owned()).spawn(work);
        let build = Self { _held: held, group, outcome, started: Instant::now() };
        thread.map(|_| build).map_err(|error| format!("the system gives no thread for a build: {error}"))
    }

    /// Waits until it has ended.
    pub(super) async fn ended(&mut self) -> Outcome {
        let outcome = (&mut self.outcome).await;
        // Its number is somebody else's from now on.
        self.group = None;
        outcome.unwrap_or_else(|_| Outcome::Failed("`cargo` was not waited for".to_owned()))
    }
}

impl Drop for Build {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// The same command with somebody who ends it.
fn kept(command: &Command) -> Command {
    let mut kept = Command::new("/bin/sh");
    kept.args(["-c", KEEPER, "sh"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => kept.env(name, value),
            None => kept.env_remove(name),
        };
    }
    kept
}

/// Stays with it to its end.
fn accompany(mut child: Child, is_program: &impl Fn(&Target) -> bool) -> Outcome {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (heard, said) = thread::scope(|scope| {
        let said = scope.spawn(|| stderr.map(show).unwrap_or_default());
        let heard = stdout.map(|stdout| hear(stdout, is_program)).unwrap_or_default();
        (heard, said.join().unwrap_or_default())
    });
    match child.wait() {
        Ok(status) if status.success() => Outcome::Built { fresh: heard.fresh },
        _ if !heard.errors.is_empty() => Outcome::Failed(heard.errors),
        // A manifest that cannot be read, a package that is not there: it is Cargo itself that complains.
        Ok(_) => Outcome::Failed(said),
        Err(error) => Outcome::Failed(format!("`cargo` cannot be waited for: {error}")),
    }
}

/// Shows what the compiler says, and keeps the errors of it.
fn hear(stdout: impl Read, is_program: &impl Fn(&Target) -> bool) -> Heard {
    let mut heard = Heard::default();
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(Message::Diagnosed { message: Diagnostic { rendered: Some(text), level } }) => {
                let bare = plain(&text);
                say(if io::stderr().is_terminal() { &text } else { &bare });
                if level.starts_with("error") && heard.errors.len() < LONGEST {
                    heard.errors.push_str(bare.trim_end());
                    heard.errors.push_str("\n\n");
                }
            }
            Ok(Message::Made { target, fresh }) if is_program(&target) => heard.fresh = fresh,
            _ => {}
        }
    }
    cut(&mut heard.errors);
    heard
}

/// Shows what Cargo itself says, and keeps the errors of it.
fn show(stderr: impl Read) -> String {
    let mut said = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        say(&format!("{line}\n"));
        if said.len() < LONGEST {
            said.push_str(&plain(&line));
            said.push('\n');
        }
    }
    cut(&mut said);
    said
}

/// What nobody sees is no reason to stop.
fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

fn cut(text: &mut String) {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push_str("\n...\n");
    }
    text.truncate(text.trim_end().len());
}

/// How long something has taken, for people.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_ends_as_it_does_by_itself() {
        use std::os::unix::process::CommandExt;
        let ended = |script: &str| {
            let mut command = kept(Command::new("sh").args(["-c", script, "a b"]));
            let mut child =
                command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let held = child.stdin.take();
            let output = child.wait_with_output().unwrap();
            drop(held);
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(ended("echo \"$0\"; exit 7"), (Some(7), "a b\n".to_owned()));
        assert_eq!(ended("exit 0"), (Some(0), String::new()));
    }

    #[test]
    fn what_is_kept_ends_with_who_keeps_it() {
        use std::os::unix::process::{CommandExt, ExitStatusExt};
        let mut command = kept(Command::new("sh").args(["-c", "sleep 600 & echo begun; wait"]));
        let mut child =
            command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = [0; 6];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut said).unwrap();
        assert_eq!(&said, b"begun\n");
        drop(child.stdin.take());
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        // All who could write are gone.
        assert_eq!(stdout.read(&mut said).unwrap(), 0);
    }

    #[test]
    fn errors_are_kept_and_the_program_is_known() {
        let said = [
            r#"{"reason":"compiler-artifact","package_id":"p","target":{"kind":["lib"],"name":"app"},"fresh":true}"#,
            r#"{"reason":"compiler-message","message":{"rendered":"warning: w\n","level":"warning"}}"#,
            r#"{"reason":"compiler-message","message":{"rendered":"\u001b[1merror\u001b[0m: e\n\n","level":"error"}}"#,
            r#"{"reason":"compiler-artifact","package_id":"p","target":{"kind":["bin"],"name":"app"},"fresh":false}"#,
            r#"{"reason":"something-new","x":1}"#,
            "no JSON",
            r#"{"reason":"build-finished","success":false}"#,
        ]
        .join("\n");
        let is_program = |target: &Target| target.name == "app" && target.kind == ["bin"];
        let heard = hear(said.as_bytes(), &is_program);
        assert_eq!((heard.errors.as_str(), heard.fresh), ("error: e", false));
    }
}
