//! Everything that stands around views, over real sockets: trees, tweens, exception views, events, callbacks, permissions.

mod support;

use support::{App, Reply};

const APP: &str = env!("CARGO_BIN_EXE_tree-app");

fn app() -> App {
    App::of(APP, &["development=false"])
}

fn get(app: &App, target: &str) -> Reply {
    app.connect().get(target)
}

fn with(app: &App, method: &str, target: &str, headers: &[&str]) -> Reply {
    app.connect().ask(method, target, headers, b"").reply()
}

#[test]
fn a_path_leads_through_plain_and_awaited_resources_to_a_context_and_its_view() {
    let app = app();
    for (target, answer) in [
        ("/", "library"),
        ("/poems", "poems at /poems in 2"),
        ("/poems/odes", "odes"),
        ("/poems/odes/page", "page of /poems/odes"),
        ("/poems/odes/@@page", "page of /poems/odes"),
        ("/hybrid/poems/odes", "hybrid odes"),
        ("/by/poems/elegies", "by elegies"),
    ] {
        let reply = get(&app, target);
        assert_eq!((reply.status, reply.text()), (200, answer), "{target}");
    }
    for target in ["/poems/none", "/none", "/poems/odes/nothing", "/hybrid/poems", "/by/poems/none"] {
        assert_eq!(get(&app, target).status, 404, "{target}");
    }
}

#[test]
fn an_error_of_a_resource_is_that_of_the_request() {
    let app = app();
    assert_eq!(get(&app, "/poems/torn").status, 410);
    let damp = get(&app, "/poems/damp/edit");
    assert_eq!(damp.status, 500);
    assert!(!damp.text().contains("damp"), "{}", damp.text());
    assert!(app.logged("the shelf is damp").contains("ERROR"));
}

#[test]
fn permissions_are_asked_of_lists_of_the_lineage_that_may_be_waited_for() {
    let app = app();
    let edit = |card: &str| with(&app, "GET", "/poems/odes/edit/a/b", &[card]);
    let allowed = edit("x-card: ann");
    assert_eq!(allowed.status, 200);
    assert!(allowed.text().starts_with("edit odes a+b http://"), "{}", allowed.text());
    assert!(allowed.text().ends_with("/poems/odes/"), "{}", allowed.text());
    for card in ["x-card: bob", "x-nothing: 1"] {
        let refused = edit(card);
        assert_eq!((refused.status, refused.text()), (403, "not for you: /poems/odes/edit/a/b"), "{card}");
    }
    assert_eq!(with(&app, "GET", "/cellar", &["x-card: ann"]).text(), "dusty");
    assert_eq!(with(&app, "GET", "/cellar", &["x-card: bob"]).status, 403);
    // The list of a child goes first, that of its parent next; one that cannot be had refuses everybody.
    for (target, card, status) in [
        ("/cellar/open", "x-card: bob", 200),
        ("/cellar/plain", "x-card: bob", 403),
        ("/cellar/plain", "x-card: ann", 200),
        ("/cellar/nailed", "x-card: ann", 500),
    ] {
        assert_eq!(with(&app, "GET", target, &[card]).status, status, "{target} {card}");
    }
    assert!(app.logged("the crate is nailed up").contains("ERROR"));
}

#[test]
fn views_are_chosen_by_who_asks() {
    let app = app();
    assert_eq!(with(&app, "GET", "/who", &["x-card: ann"]).text(), "ann");
    assert_eq!(get(&app, "/who").text(), "nobody");
    assert_eq!(with(&app, "GET", "/desk", &["x-card: ann"]).text(), "the editors' desk");
    assert_eq!(with(&app, "GET", "/desk", &["x-card: bob"]).status, 404);
}

#[test]
fn who_asks_is_a_parameter_of_views_of_both_kinds() {
    let app = app();
    for (target, answer) in
        [("/badge", "ann is ann"), ("/badge/printed", "printed for 3"), ("/badge/any", "ann")]
    {
        assert_eq!(with(&app, "GET", target, &["x-card: ann"]).text(), answer, "{target}");
    }
    for target in ["/badge", "/badge/printed"] {
        let refused = get(&app, target);
        assert_eq!((refused.status, refused.text()), (403, &*format!("not for you: {target}")));
    }
    assert_eq!(get(&app, "/badge/any").text(), "no badge");
}

#[test]
fn tweens_of_both_kinds_nest_around_events_and_views() {
    let app = app();
    let reply = get(&app, "/poems/odes");
    assert_eq!(reply.field("x-marks"), Some("S1 A2 S3 A4 new found /A4 /S3 /A2 /S1"));
    assert_eq!(reply.field("x-outermost"), Some("s1"));
}

#[test]
fn callbacks_change_the_response_and_run_when_it_is_over() {
    let app = app();
    let reply = get(&app, "/called-back");
    assert_eq!((reply.text(), reply.field("x-callback")), ("called back", Some("was here")));
    assert_eq!(reply.field("x-marks"), Some("S1 A2 S3 A4 new /A4 /S3 /A2 /S1 callback"));
    assert!(app.logged("finished /called-back").contains("finished"));
}

#[test]
fn errors_are_answered_by_the_closest_view_and_pass_the_tweens_as_responses() {
    let app = app();
    let paper = get(&app, "/wrong/paper");
    assert_eq!((paper.status, paper.text()), (503, "printer: out of paper"));
    assert_eq!(paper.field("x-outermost"), Some("s1"), "{paper:?}");
    let posted = with(&app, "POST", "/wrong/other", &[]);
    assert_eq!((posted.status, posted.text()), (409, "posted: wrong: other"));
    // A view for errors that fails is not answered by another.
    let both = get(&app, "/wrong/both");
    assert_eq!(both.status, 500);
    assert!(app.logged("the view for `").contains("ERROR"));
    for how in ["other", "panic"] {
        let reply = get(&app, &format!("/wrong/{how}"));
        assert_eq!(reply.status, 500, "{how}");
        assert!(
            !reply.text().contains("wrong:") && !reply.text().contains("expected this"),
            "{}",
            reply.text()
        );
    }
}

#[test]
fn an_http_exception_that_no_view_answers_is_its_stock_page_inside_of_the_outer_tweens() {
    for development in ["development=false", "development=true"] {
        let app = App::of(APP, &[development]);
        for (how, status) in [("gateway", 502), ("gone", 410)] {
            let reply = get(&app, &format!("/wrong/{how}"));
            assert_eq!(reply.status, status);
            assert_eq!(reply.field("x-outermost"), Some("s1"), "{reply:?}");
            // And whatever is told of responses is told of it.
            assert_eq!(reply.field("x-marks"), Some("S1 A2 S3 A4 new /A4 /S3 /A2 /S1"));
        }
        assert!(app.logged("nobody behind").contains("WARN"));
        assert_eq!(app.log_lines("nobody behind").len(), 1);
        // An error that is no answer passes those tweens as what it is.
        assert_eq!(get(&app, "/wrong/other").field("x-outermost"), None);
    }
}

#[test]
fn what_is_not_found_is_first_tried_with_a_slash() {
    let app = app();
    let redirect = get(&app, "/slashed?a=1");
    assert_eq!((redirect.status, redirect.field("location")), (307, Some("/slashed/?a=1")));
    assert_eq!(get(&app, "/slashed/").text(), "slashed");
    let lost = get(&app, "/lost/and/found");
    assert_eq!((lost.status, lost.text()), (404, "nothing at /lost/and/found"));
    let elsewhere = get(&app, "//evil.example");
    assert!(elsewhere.field("location").is_none_or(|location| !location.starts_with("//")), "{elsewhere:?}");
}

/// A frame of a client with the text `hi`: final, masked (RFC 6455 section 5.2).
const HI: [u8; 8] = [0x81, 0x82, 1, 2, 3, 4, b'h' ^ 1, b'i' ^ 2];

#[test]
fn a_handshake_passes_tweens_of_both_kinds() {
    let app = app();
    let mut client = app.connect();
    client.ask(
        "GET",
        "/foreign/echo",
        &[
            "connection: upgrade",
            "upgrade: websocket",
            "sec-websocket-version: 13",
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        ],
        b"",
    );
    let head = client.head();
    assert_eq!(head.status, 101, "{head:?}");
    assert_eq!(head.field("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(head.field("x-marks"), Some("S1 A2 S3 A4 new /A4 /S3 /A2 /S1"));
    assert_eq!(head.field("x-outermost"), Some("s1"));
    // A server does not mask what it sends. Twice, because a thread that a tween kept would be needed for the second.
    for _ in 0..2 {
        client.say(HI);
        assert_eq!(client.bytes(4), [0x81, 2, b'h', b'i']);
    }
    // Without an upgrade the router refuses, as it would alone.
    assert_eq!(get(&app, "/foreign/echo").status, 400);
}

#[test]
fn subscribers_learn_that_the_application_is_made_before_it_serves() {
    let app = app();
    assert!(app.logged("made with 5 tweens").contains("made"));
}

#[test]
fn in_development_a_404_says_what_was_tried_and_a_500_what_went_wrong() {
    let app = App::of(APP, &["development=true"]);
    let declined = with(&app, "GET", "/desk", &["x-card: bob", "accept: text/html", "cookie: a=secret"]);
    assert_eq!(declined.status, 404);
    // An exception view of the application's own goes first.
    assert_eq!(declined.text(), "nothing at /desk");
    let html = with(&app, "GET", "/wrong/%3Cother%3E", &["accept: text/html", "cookie: a=secret"]);
    assert_eq!(html.status, 500);
    for told in ["wrong: &lt;other&gt;", "tree_app::wrong::wrong", "/wrong/{how}", "how = &lt;other&gt;"] {
        assert!(html.text().contains(told), "{told} is missing in {}", html.text());
    }
    assert!(!html.text().contains("secret"), "{}", html.text());
    let json = with(&app, "GET", "/wrong/other", &["accept: application/json"]).json();
    assert_eq!(json["error"], "wrong: other");
}
