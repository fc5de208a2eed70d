//! What is told of a server at its listener for health: alive, ready, and its figures.
#![cfg(unix)]
#![allow(clippy::float_cmp, reason = "they are whole numbers, which are exact")]

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use support::{App, Client, EVENTUALLY, Folder, Reply, run, signal};

mod support;

const PROGRAM: &str = env!("CARGO_BIN_EXE_worker-app");

/// An application with a listener for health.
struct Probed {
    app: App,
    health: SocketAddr,
}

impl Probed {
    fn of(path: &str, settings: &[&str]) -> Self {
        let app = App::of(path, &[&["health_listen=127.0.0.1:0"], settings].concat());
        let line = app.logged("health is told at http://");
        let (_, address) = line.rsplit_once("http://").expect("it has just been found");
        Self { health: address.parse().expect("an address"), app }
    }

    fn ask(&self, target: &str) -> Reply {
        Client::connect(self.health).get(target)
    }

    /// Every figure, by its name and labels.
    fn figures(&self) -> BTreeMap<String, f64> {
        let reply = self.ask("/metrics");
        assert_eq!(reply.status, 200);
        assert!(reply.field("content-type").expect("a type").starts_with("application/openmetrics-text"));
        read(reply.text())
    }
}

/// Reads the text form of figures, and complains of what is none.
fn read(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with("# EOF\n"), "{text}");
    let mut figures = BTreeMap::new();
    let mut types = BTreeMap::new();
    for line in text.lines().filter(|line| *line != "# EOF") {
        if let Some(rest) = line.strip_prefix("# ") {
            let words: Vec<_> = rest.splitn(3, ' ').collect();
            assert!(matches!(words[0], "HELP" | "TYPE" | "UNIT"), "{line}");
            if words[0] == "TYPE" {
                assert_eq!(types.insert(words[1].to_owned(), words[2].to_owned()), None, "twice: {line}");
            }
            continue;
        }
        let (series, value) = line.rsplit_once(' ').expect("a value");
        let name = series.split('{').next().expect("a name");
        let known = types.keys().any(|family| name.starts_with(family.as_str()));
        assert!(known, "no type: {line}");
        assert_eq!(
            figures.insert(series.to_owned(), value.parse().expect("a number")),
            None,
            "twice: {line}"
        );
    }
    figures
}

fn eventually<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + EVENTUALLY;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn readiness_ends_with_a_stop_while_a_request_still_runs() {
    for workers in ["workers=0", "workers=2"] {
        let probed = Probed::of(PROGRAM, &[workers]);
        assert_eq!(probed.ask("/health").text(), "alive\n");
        assert_eq!(probed.ask("/ready").text(), "ready\n");
        let mut running = probed.app.connect();
        running.ask("GET", "/slow/2500", &[], b"");
        // It has been taken up when another one that was sent later is answered on the same way.
        std::thread::sleep(Duration::from_millis(300));
        probed.app.signal("TERM");
        probed.app.logged("received TERM");
        let reply = eventually("503", || Some(probed.ask("/ready")).filter(|reply| reply.status == 503));
        assert_eq!(reply.text(), "the server is stopping\n");
        assert_eq!(probed.ask("/health").status, 200);
        // The request is answered all the same.
        assert_eq!(running.reply().status, 200);
        assert!(probed.app.end().status.success());
        assert!(TcpStream::connect(probed.health).is_err());
    }
}

#[test]
fn an_application_says_itself_whether_it_is_ready() {
    for workers in ["workers=0", "workers=2"] {
        let folder = Folder::new("ready");
        let flag = folder.file("down");
        let setting = format!("demo.down={}", flag.display());
        let probed = Probed::of(PROGRAM, &[workers, &setting, "readiness_timeout=0.2"]);
        assert_eq!(probed.ask("/ready").status, 200);
        std::fs::write(&flag, "no disk").expect("a file");
        let reply = probed.ask("/ready");
        assert_eq!(reply.status, 503);
        assert!(reply.text().contains("plain: no disk\n"), "{}", reply.text());
        std::fs::write(&flag, "hang").expect("a file");
        let reply = probed.ask("/ready");
        assert!(reply.text().contains("awaited: no answer in 0.2 s\n"), "{}", reply.text());
        if workers == "workers=2" {
            assert_eq!(reply.text().matches("worker ").count(), 2, "{}", reply.text());
        }
        assert_eq!(probed.ask("/health").status, 200, "it is alive all the same");
        std::fs::remove_file(&flag).expect("removed");
        assert_eq!(probed.ask("/ready").status, 200);
    }
}

#[test]
fn it_is_ready_through_a_reload_and_while_another_process_takes_over() {
    let probed = Probed::of(PROGRAM, &["workers=2", "loops=1"]);
    let ready = |times: usize| {
        for _ in 0..times {
            let reply = probed.ask("/ready");
            assert_eq!(reply.status, 200, "{}", reply.text());
        }
    };
    probed.app.signal("HUP");
    ready(30);
    probed.app.logged("reloaded: 2 new worker processes");
    probed.app.signal("USR2");
    ready(30);
    let line = probed.app.logged("serves too; TERM to this one");
    ready(10);
    probed.app.signal("TERM");
    probed.app.logged("has taken over");
    ready(10);
    let successor = line.split("process ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a number");
    signal(successor.parse().expect("a number"), "TERM");
    eventually("the end", || TcpStream::connect(probed.health).is_err().then_some(()));
}

#[test]
fn a_loop_that_stands_still_is_no_sign_of_life() {
    let probed = Probed::of(PROGRAM, &["loops=1", "worker_timeout=1"]);
    assert_eq!(probed.ask("/health").status, 200);
    probed.app.connect().ask("GET", "/hold/4000", &[], b"");
    let reply = eventually("503", || Some(probed.ask("/health")).filter(|reply| reply.status == 503));
    assert!(reply.text().contains("an event loop has not turned"), "{}", reply.text());
    eventually("200", || Some(probed.ask("/health")).filter(|reply| reply.status == 200));
}

#[test]
fn only_what_there_is_is_told_and_only_to_be_read() {
    let folder = Folder::new("health-socket");
    let socket = folder.file("health.sock");
    let setting = format!("health_listen=unix:{}", socket.display());
    let app = App::of(PROGRAM, &[&setting]);
    assert_eq!(Client::connect_unix(&socket).get("/ready").status, 200);
    assert_eq!(Client::connect_unix(&socket).get("/secrets").status, 404);
    let refused = Client::connect_unix(&socket).post("/ready", "text/plain", b"x");
    assert_eq!((refused.status, refused.field("allow")), (405, Some("GET, HEAD")));
    // The application does not have it.
    assert_eq!(app.get("/health").status, 404);
    app.signal("TERM");
    assert!(app.end().status.success());
    assert!(!socket.exists(), "the file is removed");
}

#[test]
fn an_address_that_does_not_open_keeps_the_server_from_starting() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for (value, wanted) in [
        (address.as_str(), "health cannot be told at"),
        ("uwsgi://127.0.0.1:0", "expected `HOST:PORT` or `unix:PATH`"),
    ] {
        let setting = format!("health_listen={value}");
        let ended = run(PROGRAM, &["serve", "listen=127.0.0.1:0", &setting], &[]);
        assert_eq!(ended.status.code(), Some(1));
        assert!(ended.complaint.contains(wanted), "{}", ended.complaint);
    }
}

#[test]
fn requests_are_counted_by_method_route_and_class_and_nothing_that_a_client_makes_up() {
    let probed = Probed::of(PROGRAM, &[]);
    for place in 0..50 {
        assert_eq!(probed.app.get(&format!("/slow/{}", place % 2)).status, 200);
        assert_eq!(probed.app.get(&format!("/made/up/{place}")).status, 404);
        probed.app.connect().ask(&format!("MADE{place}"), "/process", &[], b"").reply();
    }
    let figures = eventually("all of them", || {
        let figures = probed.figures();
        (figures.get(r#"http_requests_total{method="GET",route="/slow/{millis}",status="2xx"}"#)
            == Some(&50.0))
        .then_some(figures)
    });
    assert_eq!(figures[r#"http_requests_total{method="GET",route="(none)",status="4xx"}"#], 50.0);
    let series = figures.keys().filter(|series| series.starts_with("http_requests_total")).count();
    assert_eq!(series, 3, "{figures:#?}");
    let count = r#"http_request_duration_seconds_count{method="GET",route="/slow/{millis}"}"#;
    assert_eq!(figures[count], 50.0);
    let last = r#"http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/slow/{millis}"}"#;
    assert_eq!(figures[last], 50.0);
    assert!(figures["aiopyramid_event_loop_lag_seconds_count"] >= 0.0);
    // What the application itself counts.
    assert!(figures["demo_processes_asked_total"] >= 0.0);
}

#[test]
fn what_runs_and_what_waits_is_told_while_it_does() {
    let probed = Probed::of(PROGRAM, &["executor.threads=1", "executor.queue=1"]);
    let mut clients = Vec::new();
    for _ in 0..2 {
        let mut client = probed.app.connect();
        client.ask("GET", "/block/3000", &[], b"");
        clients.push(client);
    }
    let pool = |name: &str| format!("aiopyramid_executor_{name}{{pool=\"default\"}}");
    eventually("one runs and one waits", || {
        let figures = probed.figures();
        (figures[&pool("running")] == 1.0 && figures[&pool("queued")] == 1.0).then_some(())
    });
    assert_eq!(probed.app.get("/block/1").status, 503);
    let figures = probed.figures();
    assert_eq!(figures[&pool("rejected_total")], 1.0);
    assert_eq!(figures["http_requests_running"], 2.0);
    assert!(figures["aiopyramid_connections"] >= 2.0);
    for client in &mut clients {
        assert_eq!(client.reply().status, 200);
    }
    let figures = eventually("the end of both", || {
        Some(probed.figures()).filter(|figures| figures["http_requests_running"] == 0.0)
    });
    assert_eq!(figures[r#"aiopyramid_executor_wait_seconds_count{pool="default"}"#], 2.0);
    // The second one has waited for the first.
    assert!(figures[r#"aiopyramid_executor_wait_seconds_sum{pool="default"}"#] > 1.0, "{figures:#?}");
}

#[test]
fn the_figures_of_all_workers_are_one_and_outlive_them() {
    let probed = Probed::of(PROGRAM, &["workers=3", "loops=1"]);
    let total = r#"http_requests_total{method="GET",route="/process",status="2xx"}"#;
    let mut processes = std::collections::BTreeSet::new();
    let mut asked = 0.0;
    while processes.len() < 3 {
        let reply = probed.app.get("/process");
        processes
            .insert(reply.text().split(' ').next().and_then(|text| text.parse().ok()).expect("a number"));
        asked += 1.0;
        assert!(asked < 5_000.0, "the workers do not share the work: {processes:?}");
    }
    let is = |wanted: f64| {
        eventually("the sum", || (probed.figures().get(total) == Some(&wanted)).then(|| probed.figures()))
    };
    let figures = is(asked);
    assert_eq!(figures["aiopyramid_workers"], 3.0);
    // One is killed, and says nothing at its end.
    let killed: u32 = *processes.first().expect("there are three");
    signal(killed, "KILL");
    probed.app.logged("another one takes its place");
    let restarts = r#"aiopyramid_worker_restarts_total{reason="died"}"#;
    eventually("its replacement", || {
        let figures = probed.figures();
        (figures["aiopyramid_workers"] == 3.0 && figures.get(restarts) == Some(&1.0)).then_some(())
    });
    is(asked);
    // All of them are replaced.
    probed.app.signal("HUP");
    probed.app.logged("reloaded: 3 new worker processes");
    is(asked);
    probed.app.get("/process");
    is(asked + 1.0);
}

#[test]
fn a_socket_is_counted_while_it_is_open() {
    let probed = Probed::of(env!("CARGO_BIN_EXE_socket-app"), &[]);
    let fields = [
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    let mut open = probed.app.connect();
    open.ask("GET", "/echo", &fields, b"");
    assert_eq!(open.head().status, 101);
    let is = |wanted: f64| {
        eventually("the number", || (probed.figures()["aiopyramid_websockets"] == wanted).then_some(()));
    };
    is(1.0);
    drop(open);
    is(0.0);
}
