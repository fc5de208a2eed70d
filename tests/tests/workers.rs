//! Several processes that serve, and the one that looks after them.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::io::Read;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use support::{App, Client, EVENTUALLY, Load, program, run, signal};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// The process that answers on a new connection.
fn answering(address: SocketAddr) -> u32 {
    let reply = Client::connect(address).get("/process");
    reply.text().split(' ').next().and_then(|process| process.parse().ok()).expect("a number")
}

/// Waits until so many different processes have answered, and tells which.
fn answering_all(address: SocketAddr, count: usize) -> BTreeSet<u32> {
    let deadline = Instant::now() + EVENTUALLY;
    let mut seen = BTreeSet::new();
    while seen.len() < count {
        seen.insert(answering(address));
        assert!(Instant::now() < deadline, "only {seen:?} answer");
    }
    seen
}

#[test]
fn workers_serve_and_their_master_does_not() {
    let app = App::of(PROGRAM, &["workers=3", "loops=1"]);
    app.logged("using 3 worker processes");
    let seen = answering_all(app.address(), 3);
    assert!(!seen.contains(&app.process()));
    app.signal("TERM");
    let ended = app.end();
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.complaint.contains("0 cut"), "{}", ended.complaint);
}

#[test]
fn a_worker_that_dies_is_replaced_and_the_log_says_how_it_died() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1"]);
    let load = Load::start(app.address(), "/process", 4, false);
    load.wait(50);
    let victim = answering(app.address());
    signal(victim, "KILL");
    app.logged(&format!("worker {victim} was killed by signal 9"));
    app.logged_times("starting worker", 3);
    load.wait(200);
    // What the dead one had in work is lost with it, and no more: four clients have four requests at the most.
    let outcome = load.stop();
    assert!(outcome.lost.len() <= 4, "{:?}", outcome.lost);
    assert!(!answering_all(app.address(), 2).contains(&victim));
}

#[test]
fn a_worker_that_is_told_to_leave_finishes_and_is_replaced() {
    let app = App::of(PROGRAM, &["workers=1", "loops=1"]);
    let mut client = app.connect();
    client.ask("GET", "/slow/500", &[], b"");
    let first = answering(app.address());
    signal(first, "TERM");
    assert_eq!(client.reply().text(), first.to_string());
    app.logged(&format!("worker {first} ended with status 0"));
    assert_ne!(answering(app.address()), first);
}

#[test]
fn requests_are_limited_and_none_is_lost_when_a_worker_is_replaced() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1", "max_requests=100", "max_requests_jitter=50"]);
    for keep in [false, true] {
        let load = Load::start(app.address(), "/process", 4, keep);
        app.logged_times("has answered its requests", if keep { 6 } else { 3 });
        let outcome = load.stop();
        assert!(outcome.lost.is_empty(), "{:?}", outcome.lost);
        assert!(outcome.bodies.len() > 2, "{:?}", outcome.bodies);
    }
}

#[test]
fn a_worker_whose_event_loop_stands_still_is_aborted() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1", "worker_timeout=1"]);
    let mut client = app.connect();
    client.ask("GET", "/hold/60000", &[], b"");
    app.logged("is aborted");
    assert_eq!(client.rest(), "");
    app.logged("was ended by signal 6");
    // Both places are filled again.
    answering_all(app.address(), 2);
}

#[test]
fn a_view_that_blocks_a_thread_is_let_be() {
    let app = App::of(PROGRAM, &["workers=1", "loops=1", "worker_timeout=1"]);
    let mut client = app.connect();
    client.ask("GET", "/block/3500", &[], b"");
    let worker = client.reply().text().to_owned();
    assert_eq!(answering(app.address()).to_string(), worker);
    assert!(app.log_lines("aborted").is_empty());
}

#[test]
fn the_other_loops_of_a_worker_finish_before_it_goes() {
    let app = App::of(PROGRAM, &["workers=1", "loops=2", "worker_timeout=1", "shutdown_timeout=4"]);
    let worker = answering(app.address());
    let mut held = app.connect();
    held.ask("GET", "/hold/60000", &[], b"");
    // On the loop that turns; the one that is held up accepts nothing.
    std::thread::sleep(Duration::from_millis(200));
    let mut slow = app.connect();
    slow.ask("GET", "/slow/3000", &[], b"");
    app.logged("has not turned for 1 s: it is replaced");
    assert_eq!(slow.reply().text(), worker.to_string());
    let deadline = Instant::now() + EVENTUALLY;
    while answering(app.address()) == worker {
        assert!(Instant::now() < deadline);
    }
}

#[test]
fn workers_without_their_master_finish_and_leave() {
    let app = App::of(PROGRAM, &["workers=2", "loops=1"]);
    let workers = answering_all(app.address(), 2);
    let mut client = app.connect();
    client.ask("GET", "/slow/500", &[], b"");
    answering(app.address());
    app.signal("KILL");
    assert_eq!(client.reply().status, 200);
    let deadline = Instant::now() + EVENTUALLY;
    for worker in workers {
        while std::path::Path::new(&format!("/proc/{worker}")).exists() && cfg!(target_os = "linux") {
            assert!(Instant::now() < deadline, "{worker} is still there");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn an_application_with_a_fault_does_not_start_and_says_so_once() {
    let ended = run(env!("CARGO_BIN_EXE_faulty-app"), &["serve", "listen=127.0.0.1:0", "workers=3"], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(ended.complaint.matches("has 7 faults").count(), 1, "{}", ended.complaint);
}

#[test]
fn a_worker_whose_master_was_killed_while_it_started_does_not_become_a_server_of_its_own() {
    let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
    // The shell is gone before the program looks for its parent, and the other end of the pair too.
    let script = "exec 3<&0; (sleep 0.2; exec \"$0\" serve listen=127.0.0.1:0 workers=1 <&3) & exit 0";
    let mut shell = program("sh")
        .args(["-c", script, PROGRAM])
        .env("_AIOPYRAMID_ROLE", format!("worker:{}", std::process::id()))
        .stdin(OwnedFd::from(theirs))
        .spawn()
        .expect("a shell");
    drop(ours);
    let mut stderr = shell.stderr.take().expect("a pipe");
    shell.wait().expect("the shell ends");
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut said = String::new();
        let end = stderr.read_to_string(&mut said);
        tell.send(end.map(|_| said))
    });
    // The pipe is closed when the program has ended.
    let said = told.recv_timeout(EVENTUALLY).expect("the program ends").expect("text");
    assert!(said.contains("error: ") && !said.contains("listening at"), "{said}");
}
