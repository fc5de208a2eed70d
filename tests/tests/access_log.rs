//! The access log, read from its file as whatever reads such files reads it.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{App, Client, EVENTUALLY, Folder, Load, run};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");
const SOCKETS: &str = env!("CARGO_BIN_EXE_socket-app");

/// A line in the common or in the combined format.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    client: String,
    user: String,
    time: String,
    request: String,
    status: u16,
    bytes: String,
    /// The quoted texts that follow.
    quoted: Vec<String>,
}

impl Line {
    /// As Apache's documentation has it: parts with blanks between, in which quotes are escaped.
    fn read(line: &str) -> Self {
        let mut parts = parts(line).into_iter();
        let mut next = || parts.next().unwrap_or_else(|| panic!("a part is missing: {line}"));
        let client = next();
        assert_eq!(next(), "-", "{line}");
        Self {
            client,
            user: next(),
            time: next(),
            request: next(),
            status: next().parse().expect("a status"),
            bytes: next(),
            quoted: parts.collect(),
        }
    }
}

/// The parts of a line: words, `"..."` with escapes undone, and `[...]`.
fn parts(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = line.chars().peekable();
    while let Some(first) = rest.next() {
        let end = match first {
            '"' => '"',
            '[' => ']',
            _ => ' ',
        };
        let mut part = if end == ' ' { first.to_string() } else { String::new() };
        while let Some(character) = rest.next() {
            match character {
                '\\' if end == '"' => part.extend(['\\'].into_iter().chain(rest.next())),
                _ if character == end => break,
                _ => part.push(character),
            }
        }
        if end != ' ' {
            assert!(matches!(rest.next(), None | Some(' ')), "something follows a `{end}`: {line}");
        }
        parts.push(part);
    }
    parts
}

/// Where a log of this test is, and the setting that says so.
fn log_in(folder: &Folder) -> (PathBuf, String) {
    let path = folder.file("access.log");
    let setting = format!("access_log={}", path.display());
    (path, setting)
}

/// Waits until a file has so many lines.
fn lines(path: &Path, count: usize) -> Vec<String> {
    let deadline = Instant::now() + EVENTUALLY;
    loop {
        let text = fs::read_to_string(path).unwrap_or_default();
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        if lines.len() >= count {
            assert_eq!(lines.len(), count, "{lines:#?}");
            return lines;
        }
        assert!(Instant::now() < deadline, "not {count} lines: {lines:#?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn objects(path: &Path, count: usize) -> Vec<Value> {
    lines(path, count).iter().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

fn stop(app: App) {
    app.signal("TERM");
    assert!(app.end().status.success());
}

#[test]
fn the_combined_format_has_size_referrer_and_program() {
    let folder = Folder::new("combined");
    let (path, log) = log_in(&folder);
    let app = App::of(PROGRAM, &[&log]);
    let fields = ["referer: http://a.example/", "user-agent: a \"quoted\" one"];
    let length = app.connect().ask("GET", "/who?x=1", &fields, b"").reply().body.len();
    lines(&path, 1);
    // `ann:secret`
    app.connect().ask("HEAD", "/who", &["authorization: Basic YW5uOnNlY3JldA=="], b"").head();
    lines(&path, 2);
    assert_eq!(app.get("/nothing%20here").status, 404);
    let read: Vec<_> = lines(&path, 3).iter().map(|line| Line::read(line)).collect();
    assert_eq!((read[0].client.as_str(), read[0].user.as_str()), ("127.0.0.1", "-"));
    assert_eq!((read[0].request.as_str(), read[0].status), ("GET /who?x=1 HTTP/1.1", 200));
    assert_eq!(read[0].bytes, length.to_string());
    assert_eq!(read[0].quoted, ["http://a.example/", r#"a \"quoted\" one"#]);
    // `29/Nov/2026:12:42:02 +0000`
    let (day, zone) = read[0].time.split_once(' ').expect("a zone");
    assert!(day.len() == 20 && day.matches(['/', ':']).count() == 5 && zone.len() == 5, "{}", read[0].time);
    assert_eq!((read[1].user.as_str(), read[1].bytes.as_str()), ("ann", "-"));
    assert_eq!((read[2].request.as_str(), read[2].status), ("GET /nothing%20here HTTP/1.1", 404));
    stop(app);
}

#[test]
fn the_common_format_goes_to_standard_output() {
    let app = App::of(PROGRAM, &["access_log=-", "access_log_format=common"]);
    app.get("/process");
    app.signal("TERM");
    let ended = app.end();
    let line = Line::read(ended.output.trim_end());
    assert_eq!((line.request.as_str(), line.quoted.len()), ("GET /process HTTP/1.1", 0));
}

#[test]
fn json_has_the_view_and_the_route_and_types() {
    let folder = Folder::new("json");
    let (path, log) = log_in(&folder);
    let app = App::of(PROGRAM, &[&log, "access_log_format=json"]);
    app.get("/slow/20?why=%22");
    // What another event loop has answered may be there first.
    lines(&path, 1);
    app.get("/nothing");
    let objects = objects(&path, 2);
    let found = &objects[0];
    assert_eq!(found["view"], "worker_app::slow");
    assert_eq!(found["route"], "/slow/{millis}");
    assert_eq!(found["method"], "GET");
    assert_eq!((&found["path"], &found["query"]), (&"/slow/20".into(), &"why=%22".into()));
    assert_eq!((&found["status"], &found["complete"]), (&200.into(), &true.into()));
    assert_eq!(found["process"], app.process());
    assert!(found["duration"].as_f64().expect("a number") >= 0.02, "{found}");
    assert!(found["time"].as_str().expect("a text").contains('T'));
    assert_eq!(objects[1]["view"], Value::Null);
    assert_eq!(objects[1]["status"], 404);
    stop(app);
}

#[test]
fn a_format_of_gunicorn_s_stands_in_an_ini_file_with_single_or_doubled_per_cent_signs() {
    let folder = Folder::new("gunicorn");
    for (format, name) in [
        (r#"%(h)s "%(r)s" %(s)s %(D)s %(p)s %(view)s "%({x-id}i)s" "%({content-type}o)s""#, "single.ini"),
        (
            r#"%%(h)s "%%(r)s" %%(s)s %%(D)s %%(p)s %%(view)s "%%({x-id}i)s" "%%({content-type}o)s""#,
            "doubled.ini",
        ),
    ] {
        let file = folder.file(name);
        let log = folder.file(&format!("{name}.log"));
        let text = format!(
            "[app:main]\nuse = egg:worker\n\n[server:main]\nuse = egg:gunicorn#main\nport = 0\naccesslog = %(here)s/{name}.log\n\
             access_log_format = {format}\n\n[loggers]\nkeys = root\n[handlers]\nkeys = console\n[formatters]\nkeys =\n\
             [logger_root]\nlevel = INFO\nhandlers = console\n[handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\n"
        );
        fs::write(&file, text).expect("a file");
        let mut command = support::program(PROGRAM);
        command.arg("serve").arg(&file);
        let app = App::started_by(command);
        app.connect().ask("GET", "/process", &["x-id: 7"], b"").reply();
        let line = lines(&log, 1).remove(0);
        let parts = parts(&line);
        assert_eq!(parts[..3], ["127.0.0.1", "GET /process HTTP/1.1", "200"], "{line}");
        assert!(parts[3].parse::<u64>().expect("microseconds") < 60_000_000);
        assert_eq!(parts[4], format!("<{}>", app.process()));
        assert_eq!(parts[5..], ["worker_app::process", "7", "text/plain; charset=UTF-8"], "{line}");
        stop(app);
    }
}

#[test]
fn an_atom_that_there_is_not_is_named_with_file_and_line() {
    let folder = Folder::new("unknown-atom");
    let file = folder.file("a.ini");
    let text =
        "[app:main]\nuse = egg:a\n[server:main]\naccess_log = -\naccess_log_format = %(h)s %(rout)s %(s)s\n";
    fs::write(&file, text).expect("a file");
    let ended = run(PROGRAM, &["check", file.to_str().expect("text")], &[]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.complaint.contains("a.ini:5: `access_log_format`"), "{}", ended.complaint);
    assert!(ended.complaint.contains("no `%(rout)s`; did you mean `%(route)s`?"), "{}", ended.complaint);
    for wrong in ["pretty", "%(h)d", "%({user}x)s", "%({FOO}e)s"] {
        let setting = format!("access_log_format={wrong}");
        let ended = run(PROGRAM, &["check", &setting], &[]);
        assert_eq!(ended.status.code(), Some(1), "{wrong}");
    }
}

#[test]
fn a_file_that_does_not_open_keeps_the_server_from_starting() {
    for workers in ["workers=0", "workers=2"] {
        let ended =
            run(PROGRAM, &["serve", "listen=127.0.0.1:0", "access_log=/no/such/folder", workers], &[]);
        assert_eq!(ended.status.code(), Some(1));
        assert!(ended.complaint.contains("the access log /no/such/folder cannot be written"), "{ended:?}");
    }
}

#[test]
fn rotation_under_load_loses_no_line_and_breaks_none() {
    let folder = Folder::new("rotation");
    let (path, log) = log_in(&folder);
    let app = App::of(PROGRAM, &[&log, "workers=2", "loops=1", "access_log_format=json"]);
    let load = Load::start(app.address(), "/process", 6, true);
    let mut files = vec![path.clone()];
    for round in 1..=3 {
        load.wait(200);
        let moved = folder.file(&format!("access.log.{round}"));
        fs::rename(&path, &moved).expect("moved");
        files.push(moved);
        app.signal("USR1");
        app.logged_times("was opened again", 2 * round);
    }
    load.wait(200);
    let outcome = load.stop();
    assert!(outcome.lost.is_empty(), "{:?}", outcome.lost);
    // Clients that keep their connections may all have been with one process.
    let mut answering = outcome.bodies;
    let mut answered = outcome.answered;
    while answering.len() < 2 {
        answering.insert(app.get("/process").text().to_owned());
        answered += 1;
    }
    // The end of the server is the end of its log.
    stop(app);
    let mut processes = BTreeSet::new();
    let mut found = 0;
    for file in &files {
        let text = fs::read_to_string(file).expect("a file for each round");
        for line in text.lines() {
            let object: Value = serde_json::from_str(line).expect("a whole line");
            processes.insert(object["process"].as_u64());
            found += 1;
        }
    }
    assert_eq!(found, answered);
    assert_eq!(processes.len(), 2, "both processes have written");
}

#[test]
fn what_a_client_says_is_never_more_than_its_own_part_of_its_own_line() {
    let folder = Folder::new("injection");
    let hostile =
        ["user-agent: x\" 200 1 \"-\" \"y", "user-agent: back\\\" slash\\", "user-agent: tab\tand \u{e9}"];
    // A request line cannot have a quote or a blank in it; what it can have is escaped already, and stays so.
    let target = "/who%0a127.0.0.1%20-%20-?a=%22%0d%0a&b=\\x";
    // `ann - [1] "x:y`
    let user = "authorization: Basic YW5uIC0gWzFdICJ4Onk=";
    for format in ["combined", "json"] {
        let path = folder.file(format);
        let setting = format!("access_log={}", path.display());
        let app = App::of(PROGRAM, &[&setting, &format!("access_log_format={format}")]);
        for (place, field) in hostile.iter().enumerate() {
            app.connect().ask("GET", target, &[field, user], b"").reply();
            lines(&path, place + 1);
        }
        let lines = lines(&path, hostile.len());
        for (line, field) in lines.iter().zip(hostile) {
            assert!(line.bytes().all(|byte| !byte.is_ascii_control()), "{line:?}");
            let agent = field.strip_prefix("user-agent: ").expect("it does");
            if format == "json" {
                let object: Value = serde_json::from_str(line).expect("an object");
                assert_eq!(object["user_agent"], agent);
                assert_eq!(object["user"], "ann - [1] \"x");
            } else {
                assert!(line.is_ascii(), "{line:?}");
                let read = Line::read(line);
                assert_eq!((read.status, read.quoted.len()), (404, 2), "{line}");
                assert_eq!(read.user, r#"ann\x20-\x20[1]\x20\"x"#, "{line}");
                assert_eq!(read.request, format!("GET {} HTTP/1.1", target.replace('\\', r"\\")));
            }
        }
        stop(app);
    }
}

#[test]
fn what_is_no_request_has_a_line_too() {
    let folder = Folder::new("refused");
    let (path, log) = log_in(&folder);
    let app = App::of(PROGRAM, &[&log, "head_timeout=0.3"]);
    app.connect().say("GET / HTTP/1.1\r\nhost: a\r\nx: \u{1b}[2J\r\n\r\n").rest();
    lines(&path, 1);
    app.connect().say("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n").rest();
    lines(&path, 2);
    app.connect().say("GET /half").rest();
    let read: Vec<_> = lines(&path, 3).iter().map(|line| Line::read(line)).collect();
    let found: Vec<_> = read.iter().map(|line| (line.request.as_str(), line.status)).collect();
    assert_eq!(found, [("-", 400), ("GET / HTTP/1.1", 400), ("-", 408)]);
    assert!(read.iter().all(|line| line.client == "127.0.0.1"));
    stop(app);
}

#[test]
fn a_client_that_leaves_is_told_of_with_what_it_had_got() {
    let folder = Folder::new("leaving");
    let (path, log) = log_in(&folder);
    let app = App::of(PROGRAM, &[&log, "access_log_format=json", "half_close_grace=0"]);
    // In the middle of an answer of 4 MiB.
    let mut client = app.connect();
    client.ask("GET", "/large", &[], b"").head();
    client.bytes(100_000);
    drop(client);
    let cut = objects(&path, 1).remove(0);
    assert_eq!((&cut["status"], &cut["complete"]), (&200.into(), &false.into()), "{cut}");
    let bytes = cut["bytes"].as_u64().expect("a number");
    assert!((100_000..4 * 1024 * 1024).contains(&bytes), "{cut}");
    // Before there is any answer.
    app.connect().ask("GET", "/slow/60000", &[], b"");
    let left = objects(&path, 2).remove(1);
    assert_eq!((&left["status"], &left["bytes"]), (&499.into(), &0.into()), "{left}");
    assert_eq!(left["view"], "worker_app::slow");
    stop(app);
}

#[test]
fn the_bytes_and_the_time_are_those_of_the_whole_body() {
    let folder = Folder::new("whole");
    let (path, log) = log_in(&folder);
    let app = App::of(PROGRAM, &[&log, "access_log_format=json"]);
    // Three at once, the answers of which are held back together.
    let request = "GET /process HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut client = app.connect();
    client.say(request.repeat(3));
    let length = (0..3).map(|_| client.reply().body.len()).next();
    for line in objects(&path, 3) {
        assert_eq!(line["bytes"].as_u64(), length.map(|length| length as u64));
        assert_eq!(line["complete"], true);
    }
    // A client that takes its time takes it from the answer.
    client.ask("GET", "/large", &[], b"").head();
    std::thread::sleep(Duration::from_millis(300));
    client.bytes(4 * 1024 * 1024);
    let large = objects(&path, 4).remove(3);
    assert_eq!((&large["bytes"], &large["complete"]), (&(4 * 1024 * 1024).into(), &true.into()));
    assert!(large["duration"].as_f64().expect("a number") >= 0.3, "{large}");
    stop(app);
}

#[test]
fn a_websocket_has_a_line_when_its_handshake_is_answered() {
    let folder = Folder::new("websocket");
    let (path, log) = log_in(&folder);
    let app = App::of(SOCKETS, &[&log, "access_log_format=json"]);
    let fields = [
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    let mut open = app.connect();
    open.ask("GET", "/echo", &fields, b"");
    assert_eq!(open.head().status, 101);
    // It is still open.
    let line = objects(&path, 1).remove(0);
    assert_eq!((&line["status"], &line["bytes"]), (&101.into(), &0.into()), "{line}");
    assert_eq!((&line["view"], &line["route"]), (&"socket_app::echo".into(), &"/echo".into()));
    drop(open);
    stop(app);
}

#[test]
fn a_request_over_uwsgi_has_the_client_of_the_server_in_front() {
    let folder = Folder::new("uwsgi");
    let (path, log) = log_in(&folder);
    let socket = folder.file("app.sock");
    let uwsgi = format!("uwsgi_socket=unix:{}", socket.display());
    let app = App::of(PROGRAM, &[&log, &uwsgi, "access_log_format=json"]);
    let mut block = Vec::new();
    for (name, value) in [
        ("REQUEST_METHOD", "GET"),
        ("REQUEST_URI", "/process?a=1"),
        ("PATH_INFO", "/process"),
        ("QUERY_STRING", "a=1"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("HTTP_HOST", "example.com"),
        ("HTTP_USER_AGENT", "tester"),
        ("REMOTE_ADDR", "192.0.2.7"),
        ("REMOTE_PORT", "4000"),
    ] {
        for text in [name, value] {
            block.extend(u16::try_from(text.len()).expect("short").to_le_bytes());
            block.extend(text.as_bytes());
        }
    }
    let mut packet = vec![0];
    packet.extend(u16::try_from(block.len()).expect("short").to_le_bytes());
    packet.push(0);
    packet.extend(block);
    let mut client = Client::connect_unix(&socket);
    client.say(packet);
    assert_eq!(client.head().status, 200);
    let line = objects(&path, 1).remove(0);
    assert_eq!((&line["client"], &line["query"]), (&"192.0.2.7".into(), &"a=1".into()), "{line}");
    assert_eq!((&line["user_agent"], &line["status"]), (&"tester".into(), &200.into()), "{line}");
    stop(app);
}
