//! Who one is and what one may, over real connections: by tickets, by sessions, by names with passwords.

use std::collections::BTreeSet;

use support::{App, Client, Reply, run};

mod support;

const GUARDED: &str = env!("CARGO_BIN_EXE_guarded-app");

const SECRET: &str = "auth_secret=0123456789abcdef0123456789abcdef";

/// Somebody in front of a browser, who may have been let in.
struct Visitor {
    client: Client,
    ticket: Option<String>,
    /// The name of the cookie that it is in.
    cookie: &'static str,
    /// What a server in front says of the connection.
    scheme: &'static str,
}

impl Visitor {
    fn of(app: &App) -> Self {
        Self { client: app.connect(), ticket: None, cookie: "auth_tkt", scheme: "http" }
    }

    fn ask(&mut self, method: &str, target: &str, form: &str) -> Reply {
        let mut fields = vec![format!("x-forwarded-proto: {}", self.scheme)];
        if let Some(ticket) = &self.ticket {
            fields.push(format!("cookie: {}={ticket}", self.cookie));
        }
        if !form.is_empty() {
            fields.push("content-type: application/x-www-form-urlencoded".to_owned());
        }
        let fields: Vec<_> = fields.iter().map(String::as_str).collect();
        let reply = self.client.ask(method, target, &fields, form.as_bytes()).reply();
        // One cookie, or none.
        let cookie = format!("set-cookie: {}=", self.cookie);
        let mut set = reply.lines.iter().filter_map(|line| line.strip_prefix(&cookie));
        if let Some(cookie) = set.next() {
            let value = cookie.split(';').next().unwrap_or_default();
            self.ticket = (!value.is_empty()).then(|| value.to_owned());
        }
        assert_eq!(set.next(), None, "{:?}", reply.lines);
        reply
    }

    fn get(&mut self, target: &str) -> (u16, String) {
        let reply = self.ask("GET", target, "");
        (reply.status, reply.text().to_owned())
    }

    fn log_in(&mut self, name: &str, password: &str) -> Reply {
        self.ask("POST", "/login", &format!("name={name}&password={password}"))
    }

    fn who(&mut self) -> String {
        self.get("/who").1
    }
}

fn refused() -> (u16, String) {
    (403, "not for you".to_owned())
}

fn said(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

fn ticket_of(name: &str, password: &str, settings: &[&str]) -> String {
    let app = App::of(GUARDED, settings);
    let mut visitor = Visitor::of(&app);
    visitor.log_in(name, password);
    visitor.ticket.expect("a ticket")
}

#[test]
fn ann_is_an_editor_bob_is_not_and_who_is_neither_may_look() {
    let app = App::of(GUARDED, &[SECRET]);
    let (mut ann, mut bob, mut anybody) = (Visitor::of(&app), Visitor::of(&app), Visitor::of(&app));
    let answer = ann.log_in("ann", "wonderland");
    assert_eq!((answer.status, answer.field("location")), (303, Some("/who")));
    bob.log_in("bob", "builder");
    assert_eq!((ann.who(), bob.who(), anybody.who()), ("ann".into(), "bob".into(), "nobody".into()));

    for visitor in [&mut ann, &mut bob, &mut anybody] {
        assert_eq!(visitor.get("/"), said("the site"));
    }
    for (target, text) in [
        (
            "/edit",
            "ann of [\"group:editors\"] is system.Everyone system.Authenticated ann group:editors; asked 1",
        ),
        ("/print", "printed for ann"),
        ("/report", "the report"),
    ] {
        assert_eq!(ann.get(target), said(text));
        assert_eq!(bob.get(target), refused(), "{target}");
        assert_eq!(anybody.get(target), refused(), "{target}");
    }
}

#[test]
fn every_kind_of_view_lets_in_and_out() {
    let app = App::of(GUARDED, &[SECRET]);
    for (login, logout) in
        [("/login", "/logout"), ("/login/blocking", "/logout/blocking"), ("/login/raised", "/logout")]
    {
        let mut visitor = Visitor::of(&app);
        let answer = visitor.ask("POST", login, "name=ann&password=wonderland");
        assert_eq!((answer.status, visitor.who()), (303, "ann".into()), "{login}");
        let answer = visitor.ask("POST", logout, "");
        assert_eq!((answer.text(), visitor.who()), ("gone", "nobody".into()), "{logout}");
        assert_eq!(visitor.ticket, None);
    }
}

#[test]
fn a_wrong_password_and_one_who_is_not_there_any_more_get_nowhere() {
    let app = App::of(GUARDED, &[SECRET]);
    let mut visitor = Visitor::of(&app);
    let answer = visitor.log_in("ann", "underland");
    assert_eq!((answer.status, answer.field("set-cookie")), (422, None));
    assert_eq!(visitor.who(), "nobody");
    // The ticket is a good one, but nobody knows its user.
    visitor.log_in("gone", "away");
    assert!(visitor.ticket.is_some());
    assert_eq!((visitor.who(), visitor.get("/edit")), ("nobody".into(), refused()));
}

#[test]
fn the_cookie_is_one_and_out_of_reach_for_scripts_and_other_sites() {
    let app = App::of(GUARDED, &[SECRET, "trusted_proxies=127.0.0.1"]);
    let attributes = |visitor: &mut Visitor| {
        let reply = visitor.log_in("ann", "wonderland");
        let cookie = reply.field("set-cookie").expect("a cookie").to_owned();
        cookie.split("; ").skip(1).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let set = |attributes: &[&str]| attributes.iter().copied().map(str::to_owned).collect::<BTreeSet<_>>();
    let mut visitor = Visitor::of(&app);
    assert_eq!(attributes(&mut visitor), set(&["HttpOnly", "SameSite=Lax", "Path=/"]));
    visitor.scheme = "https";
    assert_eq!(attributes(&mut visitor), set(&["HttpOnly", "SameSite=Lax", "Path=/", "Secure"]));
}

#[test]
fn a_forged_ticket_is_none() {
    let app = App::of(GUARDED, &[SECRET]);
    let mut visitor = Visitor::of(&app);
    visitor.log_in("bob", "builder");
    let ticket = visitor.ticket.clone().expect("a ticket");
    let (digest, rest) = ticket.split_at(128);
    assert_eq!(&rest[8..], "Ym9i!userid_type:b64unicode");
    let theirs = ticket_of("ann", "wonderland", &["auth_secret=ffffffffffffffffffffffffffffffff"]);
    for forged in [
        String::new(),
        "x".repeat(4000),
        rest.to_owned(),
        ticket.replace("Ym9i", "YW5u"),
        format!("{digest}{}{}", "ffffffff", &rest[8..]),
        format!("{}{rest}", "0".repeat(128)),
        ticket.replace("userid_type:b64unicode", "userid_type:int"),
        format!("{}%", &ticket[..ticket.len() - 1]),
        theirs,
    ] {
        visitor.ticket = Some(forged.clone());
        assert_eq!(visitor.who(), "nobody", "{forged}");
        assert_eq!(visitor.get("/edit"), refused(), "{forged}");
    }
    visitor.ticket = Some(format!("\"{ticket}\""));
    assert_eq!(visitor.who(), "bob");
}

#[test]
fn a_ticket_is_over_after_twelve_hours_unless_it_is_used() {
    let app = App::of(GUARDED, &[SECRET]);
    let (mut idle, mut busy) = (Visitor::of(&app), Visitor::of(&app));
    idle.log_in("ann", "wonderland");
    busy.log_in("ann", "wonderland");
    let first = busy.ticket.clone();
    let wait = |seconds: u32| {
        assert_eq!(app.connect().ask("POST", &format!("/wait/{seconds}"), &[], b"").reply().status, 204);
    };
    assert_eq!(busy.who(), "ann");
    assert_eq!(busy.ticket, first, "it is new enough");
    for _ in 0..4 {
        wait(3 * 3600 + 1);
        let before = busy.ticket.clone();
        assert_eq!(busy.who(), "ann");
        assert_ne!(busy.ticket, before, "it is replaced");
    }
    assert_eq!(idle.who(), "nobody");
    // Who leaves is not let in again by the ticket that was due.
    wait(2 * 3600);
    assert_eq!(busy.ask("POST", "/logout", "").text(), "gone");
    assert_eq!(busy.ticket, None);
    busy.ticket = first;
    assert_eq!(busy.who(), "nobody");
}

#[test]
fn a_secret_is_changed_without_logging_anybody_out() {
    let old = "0123456789abcdef0123456789abcdef";
    let new = "fedcba9876543210fedcba9876543210";
    let ticket = ticket_of("ann", "wonderland", &[&format!("auth_secret={old}")]);
    for (secrets, known) in [(format!("{new} {old}"), "ann"), (new.to_owned(), "nobody")] {
        let app = App::of(GUARDED, &[&format!("auth_secret={secrets}")]);
        let mut visitor = Visitor::of(&app);
        visitor.ticket = Some(ticket.clone());
        assert_eq!(visitor.who(), known, "{secrets}");
    }
    // What is signed now is signed by the new one.
    let ticket = ticket_of("ann", "wonderland", &[&format!("auth_secret={new} {old}")]);
    let app = App::of(GUARDED, &[&format!("auth_secret={new}")]);
    let mut visitor = Visitor::of(&app);
    visitor.ticket = Some(ticket);
    assert_eq!(visitor.who(), "ann");
}

#[test]
fn a_socket_is_refused_before_it_is_opened() {
    let app = App::of(GUARDED, &[SECRET]);
    let mut bob = Visitor::of(&app);
    bob.log_in("bob", "builder");
    let cookie = format!("cookie: auth_tkt={}", bob.ticket.expect("a ticket"));
    let opening = [
        "upgrade: websocket",
        "connection: Upgrade",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        &cookie,
    ];
    let mut client = app.connect();
    assert_eq!(client.ask("GET", "/talk", &opening[..4], b"").reply().status, 403);
    // The connection is one for requests still.
    assert_eq!(client.ask("GET", "/talk", &opening, b"").head().status, 101);
    let frame = client.bytes(2 + "hello, bob".len());
    assert_eq!(&frame[2..], b"hello, bob");
}

#[test]
fn without_a_secret_that_nobody_guesses_nothing_starts() {
    for (settings, complaint) in [
        (&[][..], "tickets are signed with the setting `auth_secret`, which is not set"),
        (&["auth_secret=seekrit"], "a secret of 7 bytes can be guessed"),
        (&["auth_secret=0123456789abcdef0123456789abcdef short"], "a secret of 5 bytes can be guessed"),
    ] {
        let ended = run(GUARDED, &[&["check"], settings].concat(), &[]);
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        let said = format!("{}{}", ended.output, ended.complaint);
        for text in [complaint, "src/guarded-app/main.rs:", "help: ", "openssl rand -hex 32"] {
            assert!(said.contains(text), "{text}: {said}");
        }
    }
    let shown = run(GUARDED, &["settings", SECRET], &[]);
    assert!(shown.output.contains("auth_secret = ******"), "{}", shown.output);
}

#[test]
fn views_tells_what_permission_one_needs() {
    let shown = run(GUARDED, &["views", "/edit", SECRET], &[]);
    assert!(shown.output.contains("required permission = edit"), "{}", shown.output);
}

#[test]
fn a_name_and_a_password_go_with_every_request() {
    let app = App::of(GUARDED, &["guarded.by=basic"]);
    let ask = |target: &str, fields: &[&str]| app.connect().ask("GET", target, fields, b"").reply();
    // YW5uOndvbmRlcmxhbmQ= is ann:wonderland.
    let ann = "authorization: Basic YW5uOndvbmRlcmxhbmQ=";
    assert_eq!(ask("/print", &[ann]).text(), "printed for ann");
    assert_eq!(ask("/report", &[ann]).text(), "the report");
    // Ym9iOmJ1aWxkZXI= is bob:builder, whom nobody need ask again.
    let bob = ask("/print", &["authorization: Basic Ym9iOmJ1aWxkZXI="]);
    assert_eq!((bob.status, bob.field("www-authenticate")), (403, None));
    // Z29uZTphd2F5 is gone:away, YW5uOng= is ann:x.
    for fields in [
        &[][..],
        &["authorization: Basic Z29uZTphd2F5"],
        &["authorization: Basic YW5uOng="],
        &["authorization: Basic ann:wonderland"],
        &["authorization: Bearer YW5uOndvbmRlcmxhbmQ="],
    ] {
        let asked = ask("/print", fields);
        assert_eq!(
            (asked.status, asked.field("www-authenticate")),
            (401, Some(r#"Basic realm="the guarded application", charset="UTF-8""#)),
            "{fields:?}"
        );
    }
}

#[test]
fn a_session_knows_who_one_is() {
    let app = App::of(GUARDED, &["guarded.by=session", "session_secret=0123456789abcdef0123456789abcdef"]);
    for (login, logout) in [("/login", "/logout"), ("/login/blocking", "/logout/blocking")] {
        let (mut ann, mut bob) = (Visitor::of(&app), Visitor::of(&app));
        for (visitor, form) in
            [(&mut ann, "name=ann&password=wonderland"), (&mut bob, "name=bob&password=builder")]
        {
            visitor.cookie = "session";
            assert_eq!(visitor.ask("POST", login, form).status, 303, "{login}");
        }
        assert_eq!((ann.who(), bob.who()), ("ann".into(), "bob".into()), "{login}");
        assert_eq!(ann.get("/print"), said("printed for ann"));
        assert_eq!(bob.get("/print"), refused());
        assert_eq!(ann.ask("POST", logout, "").text(), "gone");
        assert_eq!((ann.who(), ann.get("/print")), ("nobody".into(), refused()), "{logout}");
    }
    let ended = run(GUARDED, &["check", "guarded.by=session"], &[]);
    let said = format!("{}{}", ended.output, ended.complaint);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    let complaint = "the security policy asks for `Session`, but no session factory is set";
    for text in [
        complaint,
        "src/guarded-app/main.rs:",
        "help: give the application one: `config.set_session_factory(",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
}
