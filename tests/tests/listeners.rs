//! Where an application listens: ports, unix sockets, sockets from outside; and what it tells who started it.
#![cfg(unix)]

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::Path;
use std::process::{Command, Stdio};

use support::{App, Client, EVENTUALLY, Folder, TESTED, lacks, program, run};

mod support;

fn unix(path: &Path) -> String {
    format!("listen=unix:{}", path.display())
}

/// The application, started by a shell that says where which descriptor goes.
fn in_shell(script: &str, socket: impl Into<OwnedFd>, settings: &[&str]) -> App {
    let mut command = program("sh");
    command.args(["-c", script, TESTED, "serve"]).args(settings).stdin(Stdio::from(socket.into()));
    App::started_by(command)
}

/// As systemd starts a program for a socket: descriptor 3, with the number of the process.
const ACTIVATED: &str = "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&0 </dev/null";

#[test]
fn several_addresses_are_listened_at_at_once() {
    let folder = Folder::new("several");
    let socket = folder.file("app.sock");
    let app = App::start(&[&format!("listen=127.0.0.1:0, http://localhost:0, unix:{}", socket.display())]);
    let ports: Vec<SocketAddr> = app
        .log_lines("listening at http://")
        .iter()
        .filter_map(|line| line.rsplit_once("http://")?.1.parse().ok())
        .collect();
    // `localhost` has one address or two.
    assert!(ports.len() >= 2, "{ports:?}");
    for port in ports {
        assert_eq!(Client::connect(port).get("/events").status, 200, "{port}");
    }
    assert_eq!(Client::connect_unix(&socket).get("/events").status, 200);
}

#[test]
fn a_port_of_ipv6_is_written_in_brackets() {
    if TcpListener::bind("[::1]:0").is_err() {
        return lacks("this machine has no IPv6");
    }
    let app = App::start(&["listen=[::1]:0"]);
    assert!(app.address().is_ipv6());
    assert_eq!(app.get("/events").status, 200);
}

#[test]
fn a_unix_socket_has_the_rights_that_were_asked_for_and_goes_with_the_server() {
    let folder = Folder::new("rights");
    let socket = folder.file("app.sock");
    let app = App::start(&[&unix(&socket), "socket_mode=600"]);
    let found = fs::symlink_metadata(&socket).expect("a file");
    assert!(found.file_type().is_socket());
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
    let mut client = Client::connect_unix(&socket);
    assert_eq!(client.get("/events").status, 200);
    assert_eq!(client.get("/events").status, 200);
    app.signal("TERM");
    assert!(app.end().status.success());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn a_socket_that_was_left_behind_is_replaced_and_one_that_is_used_is_not() {
    let folder = Folder::new("stale");
    let socket = folder.file("app.sock");
    // Its file stays when the socket is closed.
    drop(UnixListener::bind(&socket).expect("a socket"));
    assert!(socket.exists());
    let app = App::start(&[&unix(&socket)]);
    assert_eq!(Client::connect_unix(&socket).get("/events").status, 200);

    let second = run(TESTED, &["serve", &unix(&socket)], &[]);
    assert_eq!(second.status.code(), Some(1));
    assert_eq!(second.complaint.lines().count(), 1, "{}", second.complaint);
    assert!(
        second.complaint.contains("app.sock") && second.complaint.contains("already"),
        "{}",
        second.complaint
    );
    assert_eq!(Client::connect_unix(&socket).get("/events").status, 200);
    drop(app);
}

#[test]
fn a_file_that_is_no_socket_is_left_alone() {
    let folder = Folder::new("precious");
    let file = folder.file("notes.txt");
    fs::write(&file, "precious").expect("a file");
    let ended = run(TESTED, &["serve", &unix(&file)], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.complaint.contains("no socket"), "{}", ended.complaint);
    assert_eq!(fs::read_to_string(&file).expect("a file"), "precious");
}

#[test]
fn a_descriptor_is_listened_at_by_its_number() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = in_shell("exec \"$0\" \"$@\" 5<&0 </dev/null", listener, &["listen=fd://5"]);
    assert_eq!(app.address(), address);
    assert_eq!(app.get("/events").status, 200);
}

#[test]
fn the_sockets_of_systemd_are_listened_at_instead_of_the_addresses() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = in_shell(ACTIVATED, listener, &["listen=127.0.0.1:1"]);
    assert_eq!(app.address(), address);
    assert_eq!(app.get("/events").status, 200);
    app.logged("at the sockets of systemd, and not at 127.0.0.1:1");
}

#[test]
fn a_unix_socket_of_systemd_is_not_removed() {
    let folder = Folder::new("activated");
    let socket = folder.file("app.sock");
    let app = in_shell(ACTIVATED, UnixListener::bind(&socket).expect("a socket"), &[]);
    assert_eq!(Client::connect_unix(&socket).get("/events").status, 200);
    app.signal("TERM");
    assert!(app.end().status.success());
    assert!(socket.exists());
}

#[test]
fn a_socket_of_systemd_is_found_by_its_name() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let script = format!("export LISTEN_FDNAMES=web; {ACTIVATED}");
    let app = in_shell(&script, listener, &["listen=systemd:web,127.0.0.1:0"]);
    assert_eq!(app.address(), address);
    assert_eq!(app.log_lines("listening at ").len(), 2);
    assert_eq!(app.get("/events").status, 200);
}

#[test]
fn what_cannot_be_listened_at_is_one_line() {
    for (listen, said) in [
        ("listen=fd://77", "descriptor 77 is not open"),
        ("listen=fd://0", "no socket"),
        ("listen=systemd", "LISTEN_FDS"),
        ("listen=unix:", "the path of a socket"),
        ("listen=ftp://127.0.0.1:1", "`ftp://`"),
        ("listen=unix:/there/is/no/such/folder/app.sock", "/there/is/no/such/folder/app.sock"),
    ] {
        let ended = run(TESTED, &["serve", listen], &[]);
        assert_eq!(ended.status.code(), Some(1), "{listen}");
        assert_eq!(ended.complaint.lines().count(), 1, "{listen}: {}", ended.complaint);
        assert!(ended.complaint.contains(said), "{listen}: {}", ended.complaint);
    }
    let ended = run(TESTED, &["serve", "socket_mode=rw"], &[]);
    assert!(ended.complaint.contains("in octal"), "{}", ended.complaint);
}

#[test]
fn the_pid_file_is_there_while_the_server_is() {
    let folder = Folder::new("pid");
    let file = folder.file("app.pid");
    let setting = format!("pidfile={}", file.display());
    let app = App::start(&[&setting]);
    assert_eq!(fs::read_to_string(&file).expect("a file"), format!("{}\n", app.process()));

    let second = run(TESTED, &["serve", "listen=127.0.0.1:0", &setting], &[]);
    assert_eq!(second.status.code(), Some(1));
    let said = format!("error: already running: process {} has the pid file", app.process());
    assert!(second.complaint.starts_with(&said), "{}", second.complaint);

    app.signal("TERM");
    assert!(app.end().status.success());
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    // What a process that was killed leaves behind is replaced.
    let mut gone = Command::new("true").spawn().expect("a process");
    gone.wait().expect("its end");
    fs::write(&file, gone.id().to_string()).expect("a file");
    let app = App::start(&[&setting]);
    assert_eq!(fs::read_to_string(&file).expect("a file"), format!("{}\n", app.process()));
}

#[test]
fn systemd_is_told_when_the_server_is_ready_turns_and_stops() {
    let folder = Folder::new("notify");
    let told = UnixDatagram::bind(folder.file("notify")).expect("a socket");
    told.set_read_timeout(Some(EVENTUALLY)).expect("a time-out");
    let hear = || {
        let mut room = [0; 1024];
        let length = told.recv(&mut room).expect("a message");
        String::from_utf8(room[..length].to_vec()).expect("text")
    };
    let socket = folder.file("notify").display().to_string();
    let app = App::start_in(&[("NOTIFY_SOCKET", &socket), ("WATCHDOG_USEC", "200000")], &[]);
    let ready = hear();
    assert!(ready.lines().any(|line| line == "READY=1"), "{ready}");
    assert!(ready.contains(&format!("STATUS=listening at http://{}", app.address())), "{ready}");
    assert!(ready.contains(&format!("MAINPID={}", app.process())), "{ready}");
    for _ in 0..3 {
        assert_eq!(hear().trim(), "WATCHDOG=1");
    }
    app.signal("TERM");
    loop {
        let heard = hear();
        if heard.contains("STOPPING=1") {
            break;
        }
        assert_eq!(heard.trim(), "WATCHDOG=1");
    }
    assert!(app.end().status.success());
}
