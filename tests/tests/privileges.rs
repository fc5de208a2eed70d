//! A process that root starts and that serves as somebody else.
//!
//! Only root can do that. Where the tests run as somebody else, they say so and pass, unless the environment says that all of
//! them must run.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use support::{App, Client, EVENTUALLY, Folder, Load, TESTED, lacks, program, run};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// Whether somebody else can be become here.
fn is_root() -> bool {
    let root = fs::metadata("/proc/self").expect("this process").uid() == 0;
    if !root {
        lacks("only root can become somebody else");
    }
    root
}

/// The numbers of the account that every system has, and of its group.
fn nobody() -> (u32, u32) {
    let accounts = fs::read_to_string("/etc/passwd").expect("the accounts");
    let line = accounts.lines().find(|line| line.starts_with("nobody:")).expect("an account");
    let mut fields = line.split(':').skip(2).map(|field| field.parse().expect("a number"));
    (fields.next().expect("a user"), fields.next().expect("a group"))
}

/// What the system says of a process: its users (real, effective, saved, of files), groups, and further groups.
fn status(process: u32) -> BTreeMap<String, Vec<u32>> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let lines = text.lines().filter_map(|line| line.split_once(":\t"));
    let wanted = lines.filter(|(name, _)| ["Uid", "Gid", "Groups"].contains(name));
    let numbers =
        |text: &str| text.split_ascii_whitespace().filter_map(|number| number.parse().ok()).collect();
    wanted.map(|(name, text)| (name.to_owned(), numbers(text))).collect()
}

/// All threads of a process are this user's, in every sense, and keep no other group.
fn is_wholly(process: u32, (user, group): (u32, u32)) {
    for thread in fs::read_dir(format!("/proc/{process}/task")).expect("its threads") {
        let thread = thread.expect("a thread").file_name().to_string_lossy().parse().expect("a number");
        let status = status(thread);
        assert_eq!(status["Uid"], [user; 4]);
        assert_eq!(status["Gid"], [group; 4]);
        assert!(status["Groups"].iter().all(|other| *other == group), "{status:?}");
    }
}

fn answering(client: &mut Client) -> u32 {
    client.get("/process").text().split(' ').next().and_then(|word| word.parse().ok()).expect("a number")
}

#[test]
fn a_process_that_serves_becomes_somebody_else_and_its_socket_is_theirs() {
    if !is_root() {
        return;
    }
    let folder = Folder::new("privileges");
    let socket = folder.file("app.sock");
    let listen = format!("listen=127.0.0.1:0,unix:{}", socket.display());
    let app = App::of(PROGRAM, &[&listen, "socket_mode=600", "user=nobody"]);
    app.logged("is user nobody, group ");
    assert_eq!(answering(&mut app.connect()), app.process());
    is_wholly(app.process(), nobody());
    let found = fs::metadata(&socket).expect("a socket");
    assert_eq!((found.uid(), found.gid(), found.mode() & 0o777), (nobody().0, nobody().1, 0o600));
    assert_eq!(answering(&mut Client::connect_unix(&socket)), app.process());
    app.signal("TERM");
    assert!(app.end().status.success());
}

#[test]
fn workers_become_somebody_else_and_their_master_does_not_and_reloads() {
    if !is_root() {
        return;
    }
    let (user, group) = nobody();
    let numbers = (format!("user={user}"), format!("group={group}"));
    let app = App::of(PROGRAM, &["workers=2", "loops=1", &numbers.0, &numbers.1]);
    let first = answering(&mut app.connect());
    is_wholly(first, (user, group));
    assert_eq!(status(app.process())["Uid"], [0; 4]);
    let load = Load::start(app.address(), "/process", 4, true);
    load.wait(20);
    app.signal("HUP");
    app.logged("reloaded: 2 new worker processes");
    load.wait(20);
    let outcome = load.stop();
    assert!(outcome.lost.is_empty(), "{:?}", outcome.lost);
    let deadline = std::time::Instant::now() + EVENTUALLY;
    let second = loop {
        let second = answering(&mut app.connect());
        if second != first && !app.log_lines(&format!("process {second} is user")).is_empty() {
            break second;
        }
        assert!(std::time::Instant::now() < deadline);
    };
    is_wholly(second, (user, group));
}

#[test]
fn new_files_do_without_the_rights_of_the_umask() {
    let folder = Folder::new("umask");
    let (pid, log, socket) = (folder.file("app.pid"), folder.file("app.log"), folder.file("app.sock"));
    let settings = [
        format!("pidfile={}", pid.display()),
        format!("access_log={}", log.display()),
        format!("listen=127.0.0.1:0,unix:{}", socket.display()),
    ];
    let app = App::start(&["umask=0o077", &settings[0], &settings[1], &settings[2]]);
    let rights = |path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!((rights(&pid), rights(&log), rights(&socket)), (0o600, 0o600, 0o666));
    drop(app);
}

#[test]
fn who_cannot_be_become_is_named() {
    for (settings, said) in [
        (
            &["user=there-is-none"][..],
            "this process cannot be user there-is-none: there is none of that name",
        ),
        (&["group=there-is-none"], "this process cannot be group there-is-none: there is none of that name"),
        (&["user=4000000000"], "set `group`, too"),
        (&["umask=888"], "the rights of a file, in octal"),
    ] {
        let ended = run(TESTED, &[&["serve", "listen=127.0.0.1:0"], settings].concat(), &[]);
        assert_eq!(ended.status.code(), Some(1), "{settings:?}");
        assert!(ended.complaint.contains(said), "{settings:?}: {}", ended.complaint);
    }
    if !is_root() {
        return;
    }
    // Somebody else cannot become anybody: `setpriv` is one of the programs that every Debian has.
    let folder = Folder::new("unprivileged");
    let copy = folder.file("app");
    fs::copy(TESTED, &copy).expect("a copy");
    let mut command = program("setpriv");
    command.args(["--reuid=nobody", "--clear-groups"]).arg(&copy).args([
        "serve",
        "listen=127.0.0.1:0",
        "user=root",
    ]);
    let ended = command.output().expect("the program `setpriv`");
    let complaint = String::from_utf8_lossy(&ended.stderr);
    assert!(
        complaint.contains("cannot be user root, group root: only root can become somebody else"),
        "{complaint}"
    );
}
