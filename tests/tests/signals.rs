//! What signals do to a server under load: nothing is lost and nothing is refused.
#![cfg(unix)]

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use support::{App, Client, EVENTUALLY, Folder, Load, Outcome, program, signal};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// Which process answers, and in which version.
fn answering(address: SocketAddr) -> (u32, String) {
    let reply = Client::connect(address).get("/process");
    let (process, version) = reply.text().split_once(' ').expect("two words");
    (process.parse().expect("a number"), version.to_owned())
}

fn nothing_is_lost(outcome: &Outcome) {
    assert!(outcome.lost.is_empty(), "{:?}", outcome.lost);
    assert!(outcome.answered > 0);
}

/// Waits until something is so.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + EVENTUALLY;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// An installed program, whose file can be replaced.
struct Installed {
    folder: Folder,
}

impl Installed {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let installed = Self { folder };
        fs::copy(PROGRAM, installed.file()).expect("a copy");
        installed
    }

    fn file(&self) -> PathBuf {
        self.folder.file("app")
    }

    fn start(&self, settings: &[&str]) -> App {
        let mut command = program(self.file().to_str().expect("text"));
        command.args(["serve", "listen=127.0.0.1:0"]).args(settings);
        App::started_by(command)
    }

    /// Moves another program to its place.
    fn replace(&self, script: &str) {
        let new = self.folder.file("new");
        fs::write(&new, format!("#!/bin/sh\n{script}\n")).expect("a file");
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).expect("its rights");
        fs::rename(&new, self.file()).expect("moved");
    }

    fn upgrade(&self) {
        self.replace(&format!("exec {PROGRAM} \"$@\" demo.version=2"));
    }
}

#[test]
fn three_reloads_under_load_lose_nothing() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1"]);
    for keep in [false, true] {
        let load = Load::start(app.address(), "/process", 8, keep);
        for _ in 0..3 {
            let before = app.log_lines("reloaded: 2 new worker processes").len();
            load.wait(100);
            app.signal("HUP");
            app.logged_times("reloaded: 2 new worker processes", before + 1);
        }
        load.wait(100);
        let outcome = load.stop();
        nothing_is_lost(&outcome);
        assert!(outcome.bodies.len() >= 6, "{:?}", outcome.bodies);
    }
}

#[test]
fn a_reload_of_slow_requests_loses_nothing() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1"]);
    let load = Load::start(app.address(), "/slow/200", 8, true);
    load.wait(10);
    app.signal("HUP");
    app.logged("reloaded: 2 new worker processes");
    load.wait(30);
    nothing_is_lost(&load.stop());
}

#[test]
fn one_process_reloads_under_load_and_keeps_its_number() {
    let folder = Folder::new("alone");
    let pid_file = folder.file("app.pid");
    let app = App::of(PROGRAM, &["loops=2", &format!("pidfile={}", pid_file.display())]);
    assert_eq!(answering(app.address()).0, app.process());
    for keep in [false, true] {
        let load = Load::start(app.address(), "/process", 8, keep);
        for _ in 0..2 {
            let before = app.log_lines("reloaded: 1 new worker process").len();
            load.wait(100);
            app.signal("HUP");
            app.logged_times("reloaded: 1 new worker process", before + 1);
        }
        load.wait(100);
        nothing_is_lost(&load.stop());
    }
    app.logged("serves no more itself");
    assert_ne!(answering(app.address()).0, app.process());
    assert_eq!(fs::read_to_string(&pid_file).expect("a file"), format!("{}\n", app.process()));
    app.signal("TERM");
    assert!(app.end().status.success());
    assert!(!pid_file.exists());
}

#[test]
fn a_reload_takes_the_program_that_is_there_now() {
    let installed = Installed::new("upgrade");
    let app = installed.start(&["workers=2", "loops=1"]);
    assert_eq!(answering(app.address()).1, "1");
    installed.upgrade();
    let load = Load::start(app.address(), "/process", 4, true);
    load.wait(20);
    app.signal("HUP");
    app.logged("reloaded: 2 new worker processes");
    load.wait(50);
    nothing_is_lost(&load.stop());
    eventually("only the new version answers", || (0..10).all(|_| answering(app.address()).1 == "2"));
}

#[test]
fn a_reload_that_fails_changes_nothing() {
    for settings in [&["workers=2", "loops=1"][..], &["loops=1"]] {
        let installed = Installed::new("broken");
        let app = installed.start(settings);
        let load = Load::start(app.address(), "/process", 4, false);
        load.wait(20);
        installed.replace("echo the new one is broken >&2; exit 7");
        app.signal("HUP");
        app.logged("not reloaded: worker ");
        assert!(app.logged("ended with status 7").contains("the old ones go on"));
        fs::remove_file(installed.file()).expect("removed");
        app.signal("HUP");
        app.logged_times("not reloaded: ", 2);
        load.wait(50);
        let outcome = load.stop();
        nothing_is_lost(&outcome);
        assert!(outcome.bodies.iter().all(|body| body.ends_with(" 1")), "{:?}", outcome.bodies);
        // And the next good one is taken.
        installed.upgrade();
        app.signal("HUP");
        app.logged("reloaded: ");
        eventually("the new version answers", || answering(app.address()).1 == "2");
    }
}

#[test]
fn a_worker_more_and_a_worker_less_lose_nothing() {
    let app = App::of(PROGRAM, &["workers=1", "loops=1"]);
    let load = Load::start(app.address(), "/process", 8, true);
    for (name, to) in [("TTIN", 2), ("TTIN", 3), ("TTOU", 2), ("TTOU", 1)] {
        load.wait(50);
        let before = app.log_lines(&format!("to {to} worker processes")).len();
        app.signal(name);
        app.logged_times(&format!("to {to} worker processes"), before + 1);
        if name == "TTOU" {
            app.logged_times("ended with status 0", 3 - to);
        }
    }
    app.signal("TTOU");
    app.logged("one worker is the least");
    load.wait(50);
    nothing_is_lost(&load.stop());
    assert_eq!(app.log_lines("starting worker").len(), 3);
}

#[test]
fn a_new_program_beside_the_old_one_takes_over_without_a_loss() {
    for settings in [&["workers=2", "loops=1"][..], &["loops=1"]] {
        let folder = Folder::new("beside");
        let pid_file = folder.file("app.pid");
        let pid_setting = format!("pidfile={}", pid_file.display());
        let installed = Installed::new("installed");
        let mut settings = settings.to_vec();
        settings.push(&pid_setting);
        let app = installed.start(&settings);
        let load = Load::start(app.address(), "/process", 8, true);
        let other = Load::start(app.address(), "/process", 4, false);
        load.wait(50);
        installed.upgrade();
        app.signal("USR2");
        let line = app.logged(" serves too");
        app.signal("USR2");
        app.logged("is already there to take over");
        let new: u32 = line
            .split("process ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next())
            .and_then(|process| process.parse().ok())
            .expect("a number");
        assert_eq!(fs::read_to_string(folder.file("app.pid.2")).expect("a file"), format!("{new}\n"));
        assert_eq!(fs::read_to_string(&pid_file).expect("a file"), format!("{}\n", app.process()));
        load.wait(50);
        let address = app.address();
        app.signal("TERM");
        eventually("the pid file is that of the new one", || {
            fs::read_to_string(&pid_file).is_ok_and(|text| text == format!("{new}\n"))
        });
        assert!(!folder.file("app.pid.2").exists());
        load.wait(50);
        eventually("only the new version answers", || (0..5).all(|_| answering(address).1 == "2"));
        nothing_is_lost(&load.stop());
        nothing_is_lost(&other.stop());
        // It is no child of this test's.
        signal(new, "TERM");
        eventually("it ends", || !pid_file.exists());
    }
}

#[test]
fn a_new_program_beside_the_old_one_is_taken_back() {
    let folder = Folder::new("back");
    let pid_file = folder.file("app.pid");
    let app = App::of(PROGRAM, &["workers=1", "loops=1", &format!("pidfile={}", pid_file.display())]);
    app.signal("USR2");
    app.logged(" serves too");
    let new: u32 =
        fs::read_to_string(folder.file("app.pid.2")).expect("a file").trim().parse().expect("a number");
    signal(new, "TERM");
    app.logged("this one goes on");
    assert!(!folder.file("app.pid.2").exists());
    assert_eq!(fs::read_to_string(&pid_file).expect("a file"), format!("{}\n", app.process()));
    assert_eq!(answering(app.address()).1, "1");
}

#[test]
fn a_stop_answers_what_was_accepted() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1"]);
    let mut clients: Vec<Client> = (0..40).map(|_| app.connect()).collect();
    for client in &mut clients {
        client.ask("GET", "/slow/300", &[], b"");
    }
    app.signal("TERM");
    for client in &mut clients {
        assert_eq!(client.reply().status, 200);
    }
    let ended = app.end();
    assert!(ended.status.success());
    assert!(ended.complaint.contains(", 0 cut"), "{}", ended.complaint);
}

#[test]
fn what_had_to_be_cut_is_reported() {
    let app = App::of(PROGRAM, &["workers=1", "loops=1", "shutdown_timeout=0.2"]);
    let mut client = app.connect();
    client.ask("GET", "/slow/60000", &[], b"");
    assert_eq!(answering(app.address()).1, "1");
    app.signal("TERM");
    assert_eq!(client.rest(), "");
    let ended = app.end();
    assert!(ended.status.success());
    assert!(ended.complaint.contains("1 cut"), "{}", ended.complaint);
}

#[test]
fn a_second_interrupt_and_a_quit_do_not_wait() {
    for signals in [&["INT", "INT"][..], &["QUIT"], &["TERM", "QUIT"]] {
        let app = App::of(PROGRAM, &["workers=1", "loops=1", "shutdown_timeout=600"]);
        let mut client = app.connect();
        client.ask("GET", "/slow/600000", &[], b"");
        assert_eq!(answering(app.address()).1, "1");
        for name in signals {
            app.signal(name);
            app.logged(&format!("received {name}"));
        }
        assert_eq!(client.rest(), "");
        assert!(app.end().status.success());
    }
}

#[test]
fn signals_for_workers_are_explained_where_there_are_none() {
    let app = App::of(PROGRAM, &["loops=1"]);
    app.signal("TTIN");
    app.logged("received TTIN, but there are no workers");
    app.signal("USR1");
    app.logged("received USR1");
    assert_eq!(answering(app.address()).0, app.process());
}
