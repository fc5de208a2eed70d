//! What the chapter on deployment gives operators to copy: units of systemd and a Dockerfile, as they stand there.
//!
//! What is missing here is named, and passed over unless the environment says that it must be there. nginx and uWSGI are tested
//! in `uwsgi.rs`.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use support::{App, Client, EVENTUALLY, Folder, lacks, program};

mod support;

const GUIDE: &str = include_str!("../../runtime/src/guide/deployment.md");
const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// The block of the guide in a language that says this.
fn block(language: &str, says: &str) -> &'static str {
    let blocks = GUIDE.split("```").skip(1).step_by(2);
    let mut found = blocks.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    found
        .find(|block| block.contains(says))
        .unwrap_or_else(|| panic!("no block in `{language}` says `{says}`"))
}

/// What follows a word at the start of a line.
fn lines<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    text.lines().filter_map(|line| line.strip_prefix(word).map(str::trim)).collect()
}

/// Runs a program of the system; `None` where it is missing and may be.
fn ran(command: &mut Command) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) => {
            let name = command.get_program().to_string_lossy().into_owned();
            lacks(&format!("`{name}` cannot be run: {error}"));
            None
        }
    }
}

fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port")
}

#[test]
fn systemd_finds_nothing_to_complain_of_in_the_units() {
    let folder = Folder::new("units");
    let mut files = Vec::new();
    for name in ["app.socket", "app.service"] {
        let text = block("ini", &format!("# /etc/systemd/system/{name}\n")).replace("/srv/app/app", PROGRAM);
        let file = folder.file(name);
        fs::write(&file, text).expect("a file");
        files.push(file);
    }
    let Some(checked) = ran(program("systemd-analyze").arg("verify").args(files)) else { return };
    let complaint = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success() && complaint.trim().is_empty(), "{complaint}");
}

/// A second program cannot take the port of the first one: another one is tried.
fn activated(arguments: &[&str]) -> Option<App> {
    ran(program("systemd-socket-activate").arg("--version"))?;
    let address = free();
    let mut command = program("systemd-socket-activate");
    command.arg(format!("--listen={address}")).arg(PROGRAM).args(arguments);
    let app = App::starting(command);
    app.logged("Listening on ");
    // The program is started by the first connection, and that is not lost.
    let mut client = Client::connect(address);
    assert_eq!(client.get("/process").status, 200);
    Some(app)
}

#[test]
fn the_service_is_started_by_the_first_connection_to_its_socket() {
    let unit = block("ini", "# /etc/systemd/system/app.service\n");
    let start = lines(unit, "ExecStart=")[0].strip_prefix("/srv/app/app ").expect("the program");
    let arguments: Vec<&str> = start.split(' ').collect();
    let Some(app) = activated(&arguments) else { return };
    let line = app.logged("listening at http://");
    let address: SocketAddr = line.rsplit_once("://").expect("an address").1.parse().expect("an address");
    app.logged("using 4 worker processes");
    // What the unit does at `systemctl reload` and `systemctl stop`, with the number that systemd knows.
    let reload = lines(unit, "ExecReload=")[0];
    let reload = reload.replace("$MAINPID", &app.process().to_string());
    assert!(Command::new("sh").args(["-c", &reload]).status().expect("a shell").success());
    app.logged("reloaded: 4 new worker processes");
    assert_eq!(Client::connect(address).get("/process").status, 200);
    app.signal("TERM");
    assert!(app.end().status.success());
}

/// The instructions of the Dockerfile, in order.
fn instructions() -> Vec<(&'static str, &'static str)> {
    let text = block("dockerfile", "FROM");
    text.lines().filter_map(|line| line.split_once(' ')).collect()
}

/// The words of a list in JSON.
fn words(text: &str) -> Vec<String> {
    serde_json::from_str(text).expect("a list of texts")
}

/// There is no daemon of Docker's here, so the steps are taken one by one: the build is that of this test, the file system of
/// the second stage is a folder, and the container is a name space of processes in which the program is the first one.
#[test]
fn the_steps_of_the_dockerfile_make_a_program_that_runs_as_the_first_process() {
    let folder = Folder::new("container");
    let root = folder.file("root");
    let (mut environment, mut entry, mut stop) = (Vec::new(), Vec::new(), "");
    let (mut work, mut built, mut stages) = ("/", None, Vec::new());
    for (instruction, rest) in instructions() {
        match instruction {
            "FROM" => stages.push(rest),
            "WORKDIR" => work = rest,
            "RUN" => {
                assert_eq!(rest, "cargo build --release");
                built = Some(format!("{work}/target/release/app"));
            }
            "COPY" if rest == ". ." => {}
            "COPY" => {
                let rest = rest.strip_prefix("--from=build ").expect("a copy of the first stage");
                let (from, to) = rest.split_once(' ').expect("from and to");
                assert_eq!(Some(from), built.as_deref(), "what is copied is what was built");
                let to = root.join(to.trim_start_matches('/'));
                fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
                fs::copy(PROGRAM, to).expect("a copy");
            }
            "ENV" => environment.push(rest.split_once('=').expect("a variable")),
            "EXPOSE" => assert!(environment.iter().any(|(_, value)| value.ends_with(&format!(":{rest}")))),
            "STOPSIGNAL" => stop = rest.strip_prefix("SIG").expect("the name of a signal"),
            "ENTRYPOINT" => entry = words(rest),
            other => panic!("`{other}` is not known here"),
        }
    }
    assert_eq!(stages, ["rust:1-slim AS build", "debian:stable-slim"]);

    // The second image has nothing but the C library and what belongs to every Debian.
    if let Some(needed) = ran(program("ldd").arg(PROGRAM)) {
        let needed = String::from_utf8_lossy(&needed.stdout).into_owned();
        let names = needed.lines().filter_map(|line| Path::new(line.split_whitespace().next()?).file_name());
        let names: BTreeSet<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        let known = ["linux-vdso.so.1", "libgcc_s.so.1", "libm.so.6", "libc.so.6"];
        let other: Vec<_> = names
            .iter()
            .filter(|name| !known.contains(&name.as_str()) && !name.starts_with("ld-linux"))
            .collect();
        assert!(other.is_empty(), "{other:?}");
    }

    if ran(program("unshare").args(["--pid", "--fork", "true"])).is_none_or(|tried| !tried.status.success()) {
        return lacks("no name space of processes can be made");
    }
    let mut command = program("unshare");
    command.args(["--pid", "--fork", "--kill-child"]);
    command.arg(root.join("usr/local/bin").join(&entry[0])).args(&entry[1..]);
    command.envs(environment);
    // Another port, because the test must not depend on one.
    command.arg("listen=127.0.0.1:0");
    let app = App::started_by(command);
    assert_eq!(app.get("/process").text(), "1 1");
    // Its number as this side knows it: the one child of `unshare`.
    let first = eventually_child(app.process());
    support::signal(first, "HUP");
    app.logged("reloaded: 1 new worker process");
    app.logged("process 1 serves no more itself");
    assert_eq!(app.get("/process").status, 200);
    support::signal(first, stop);
    let ended = app.end();
    assert!(ended.status.success(), "{ended:?}");
}

fn eventually_child(process: u32) -> u32 {
    let deadline = Instant::now() + EVENTUALLY;
    loop {
        let children =
            fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
        if let Some(child) = children.split_ascii_whitespace().next() {
            return child.parse().expect("a number");
        }
        assert!(Instant::now() < deadline, "`unshare` has no child");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The command lines of the chapter: each is understood, and what it asks for exists.
#[test]
fn the_command_lines_are_understood() {
    let shell = GUIDE.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sh\n"));
    let mut seen = 0;
    for line in shell.flat_map(str::lines).filter_map(|line| line.strip_prefix("app serve ")) {
        let settings: Vec<&str> = line.split_ascii_whitespace().collect();
        let checked = support::run(PROGRAM, &[&["check"], &settings[..]].concat(), &[]);
        assert!(checked.status.success(), "{line}: {}", checked.complaint);
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}
