//! Blocking views over a real socket: how many run at once, what they cannot hold up, and the ways across.

use support::{App, Client};

mod support;

/// A client that waits for the answer of a view that is held up at a gate.
fn held(app: &App, target: &str) -> Client {
    let mut client = app.connect();
    client.ask("GET", target, &[], b"");
    client
}

fn thread_number(thread: &str) -> usize {
    let (_, number) = thread.rsplit_once('-').expect("a number at the end");
    number.parse().expect("a number at the end")
}

#[test]
fn of_four_blocking_views_three_run_at_once_in_a_pool_of_three() {
    let app = App::start(&["executor.threads=3"]);
    let mut clients: Vec<Client> = (0..4).map(|_| held(&app, "/hold/gate")).collect();
    app.wait("arrived", 4);
    app.wait("entered", 3);
    app.open("gate");
    let threads: Vec<usize> = clients.iter_mut().map(|client| thread_number(client.reply().text())).collect();
    assert!(threads.iter().all(|thread| (1..=3).contains(thread)), "{threads:?}");
    let events = app.events();
    let fourth = events.iter().enumerate().filter(|(_, event)| *event == "entered").nth(3);
    let left = events.iter().position(|event| event == "left");
    assert!(fourth.map(|(place, _)| place) > left, "the fourth did not wait for a thread: {events:?}");
}

#[test]
fn four_blocking_views_run_at_once_in_a_pool_of_four() {
    let app = App::start(&["executor.threads=4"]);
    let mut clients: Vec<Client> = (0..4).map(|_| held(&app, "/hold/gate")).collect();
    // All four are in before any may leave.
    app.wait("entered", 4);
    app.open("gate");
    let mut threads: Vec<String> =
        clients.iter_mut().map(|client| client.reply().text().to_owned()).collect();
    threads.sort();
    threads.dedup();
    assert_eq!(threads.len(), 4, "{threads:?}");
}

#[test]
fn coroutines_go_on_while_blocking_views_hold_the_whole_pool() {
    let app = App::start(&["executor.threads=2", "executor.queue=1"]);
    let mut clients: Vec<Client> = (0..2).map(|_| held(&app, "/hold/gate")).collect();
    app.wait("entered", 2);
    let mut waiting = held(&app, "/hold/gate");
    app.wait("arrived", 3);
    for _ in 0..20 {
        assert!(app.get("/thread/coroutine").text().starts_with("aiopyramid-loop-"));
        assert!(app.get("/thread/inline").text().starts_with("aiopyramid-loop-"));
    }
    assert!(!app.events().contains(&"left".to_owned()));
    app.open("gate");
    for client in clients.iter_mut().chain([&mut waiting]) {
        assert_eq!(client.reply().status, 200);
    }
}

#[test]
fn one_pool_does_not_starve_another() {
    let app = App::start(&["executor.threads=1", "executor.reports.threads=1", "executor.reports.queue=0"]);
    let mut report = held(&app, "/hold-report/gate");
    app.wait("entered report", 1);
    assert_eq!(app.get("/thread/named-pool").status, 503);
    assert!(app.get("/thread/plain").text().starts_with("aio-default-"));
    app.open("gate");
    assert!(report.reply().text().starts_with("aio-reports-"));
}

#[test]
fn a_full_pool_refuses_at_once_and_says_when_to_come_back() {
    // On one event loop, whoever sees that a request has arrived comes after it has been given to the pool.
    let app = App::start(&["executor.threads=1", "executor.queue=1", "loops=1"]);
    let mut running = held(&app, "/hold/gate");
    app.wait("entered", 1);
    let mut queued = held(&app, "/hold/gate");
    app.wait("arrived", 2);

    let mut client = app.connect();
    let refused = client.get("/thread/plain");
    assert_eq!((refused.status, refused.field("retry-after")), (503, Some("1")));
    let refused = client.ask("GET", "/thread/plain", &["accept: application/json"], b"").reply();
    assert_eq!(refused.json()["code"], "503 Service Unavailable");
    // It refuses blocking views only, and the connection is as good as before.
    assert!(client.get("/thread/coroutine").text().starts_with("aiopyramid-loop-"));

    app.open("gate");
    assert_eq!((running.reply().status, queued.reply().status), (200, 200));
    assert_eq!(client.get("/thread/plain").status, 200);
}

#[test]
fn a_pool_without_a_queue_takes_the_next_request_once_it_has_answered_the_last() {
    let app = App::start(&["executor.threads=1", "executor.queue=0"]);
    let mut client = app.connect();
    for number in 0..200 {
        assert_eq!(client.get("/thread/plain").status, 200, "request {number}");
    }
}

#[test]
fn the_size_of_a_pool_can_come_from_the_environment_and_the_command_line_wins() {
    let one = App::start_in(&[("AIOPYRAMID_EXECUTOR__THREADS", "1")], &["executor.queue=0"]);
    let mut running = held(&one, "/hold/gate");
    one.wait("entered", 1);
    assert_eq!(one.get("/thread/plain").status, 503);
    one.open("gate");
    assert_eq!(running.reply().status, 200);

    let two = App::start_in(
        &[("AIOPYRAMID_EXECUTOR__THREADS", "1"), ("AIOPYRAMID_EXECUTOR__QUEUE", "0")],
        &["executor.threads=2"],
    );
    let mut running = held(&two, "/hold/gate");
    two.wait("entered", 1);
    assert_eq!(two.get("/thread/plain").status, 200);
    two.open("gate");
    assert_eq!(running.reply().status, 200);
}

#[test]
fn a_request_that_waits_for_a_thread_in_vain_never_begins() {
    let app = App::start(&["executor.threads=1", "executor.queue=1", "half_close_grace=0", "loops=1"]);
    let mut running = held(&app, "/hold/gate");
    app.wait("entered", 1);
    let queued = held(&app, "/hold/gate");
    app.wait("arrived", 2);
    drop(queued);
    app.wait("let go", 1);
    // A client that has left keeps nobody out.
    let mut next = held(&app, "/hold/gate");
    app.wait("arrived", 3);
    assert_eq!(app.get("/thread/plain").status, 503);
    app.open("gate");
    assert_eq!((running.reply().status, next.reply().status), (200, 200));
    assert_eq!(app.events().iter().filter(|event| *event == "entered").count(), 2);
}

#[test]
fn code_of_every_kind_knows_the_pools_of_its_application() {
    let app = App::start(&[]);
    let mut client = app.connect();
    for target in ["/pools", "/pools/finish", "/pools/plain", "/pools/plain/finish"] {
        assert_eq!(client.get(target).text(), r#"["default","reports"]"#, "{target}");
    }
}

#[test]
fn a_coroutine_may_call_blocking_code_in_the_pool() {
    let app = App::start(&["executor.threads=1"]);
    let json = app.get("/bridge/use-executor").json();
    assert!(json[0].as_str().is_some_and(|thread| thread.starts_with("aiopyramid-loop-")), "{json}");
    assert_eq!(json[1][0], "given");
    assert_eq!(json[1][1], "aio-default-1");
}

#[test]
fn blocking_code_may_wait_for_a_coroutine_on_the_event_loop() {
    let app = App::start(&["executor.threads=1", "executor.queue=0"]);
    assert_eq!(app.get("/bridge/synchronize").text(), "aio-default-1");
    assert_eq!(app.events(), ["waited"]);
    // The one thread waits for a coroutine that needs a thread.
    assert_eq!(app.get("/bridge/nested").text(), "nested");
}

#[test]
fn waiting_on_the_event_loop_itself_is_an_error_that_says_what_to_write() {
    let app = App::start(&[]);
    let mut client = app.connect();
    let error = client.get("/bridge/scope-error");
    assert!(error.text().starts_with("blocking code waited for a coroutine on the event loop"), "{error:?}");
    assert!(
        error.text().contains("help: `.await` the coroutine here, or make the calling view a plain `fn`")
    );
    assert_eq!(client.get("/bridge/scope-error/raised").status, 500);
    app.logged("blocking code waited for a coroutine");
    assert_eq!(app.events(), [""; 0], "the coroutine has not begun");
    assert_eq!(client.get("/thread/coroutine").status, 200);
}

#[test]
fn a_panic_is_a_500_for_its_own_request_and_the_connection_lives_on() {
    let app = App::start(&["executor.threads=1", "development=false"]);
    let mut client = app.connect();
    for (target, message) in [
        ("/panic/coroutine", "a coroutine fell over"),
        ("/panic/plain", "a plain function fell over"),
        ("/panic/inline", "an inline function fell over"),
        ("/panic/finish", "a task fell over"),
    ] {
        let reply = client.ask("GET", target, &["accept: application/json"], b"").reply();
        assert_eq!(reply.status, 500, "{target}");
        assert_eq!(reply.json()["code"], "500 Internal Server Error");
        assert!(!reply.text().contains("fell over"), "{}", reply.text());
        assert!(app.logged(&format!("panicked: {message}")).contains("ERROR"));
        assert_eq!(client.get("/thread/plain").text(), "aio-default-1", "after {target}");
    }
}

#[test]
fn a_panic_leaves_requests_beside_it_alone() {
    let app = App::start(&["executor.threads=2", "loops=1"]);
    let mut coroutine = held(&app, "/linger/here");
    let mut blocking = held(&app, "/hold/here");
    app.wait("here lingers", 1);
    app.wait("entered", 1);
    for target in ["/panic/coroutine", "/panic/plain", "/panic/inline", "/panic/finish"] {
        assert_eq!(app.get(target).status, 500);
    }
    app.open("here");
    assert_eq!(coroutine.reply().text(), "stayed\n");
    assert_eq!(blocking.reply().status, 200);
}
