//! The debug toolbar, over sockets and in a browser.
#![cfg(unix)]

#[path = "support/browser.rs"]
mod browser;
mod support;

use std::time::{Duration, Instant};

use support::{App, Client, EVENTUALLY, Folder, Reply, peer, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_toolbar-app");

/// The program with the toolbar, and these settings. Its clients call it `example.com`.
fn start(settings: &[&str]) -> App {
    let with = ["includes=aiopyramid::toolbar", "debugtoolbar.server_names=example.com"];
    App::of(PROGRAM, &[&with[..], settings].concat())
}

/// Where the button of a page leads.
fn button(page: &Reply) -> Option<String> {
    let (_, rest) = page.text().split_once("<a class=\"aiopyramid-toolbar\" href=\"")?;
    rest.split('"').next().map(str::to_owned)
}

/// Asks for a page, and for a panel of what the toolbar knows about it.
fn panel(app: &App, target: &str, panel: &str) -> String {
    let record = button(&app.get(target)).expect("a button");
    shown(app, &format!("{record}/{panel}"))
}

fn shown(app: &App, address: &str) -> String {
    let page = app.get(address);
    assert_eq!(page.status, 200, "{address}: {page:?}");
    page.text().to_owned()
}

/// The address below which the toolbar is, which ends with a slash.
fn base(app: &App) -> String {
    let record = button(&app.get("/page")).expect("a button");
    let (base, _) = record.split_once("request/").expect("the address of a request");
    base.to_owned()
}

/// The newest requests as the script has them, the newest first.
fn requests(app: &App, base: &str) -> Vec<String> {
    let list = app.get(&format!("{base}requests.json")).json();
    let requests = list["requests"].as_array().expect("requests").clone();
    requests
        .iter()
        .map(|request| format!("{} {}", request["what"], request["status"]).replace('"', ""))
        .collect()
}

#[test]
fn the_button_stands_before_the_last_end_of_a_page_and_nowhere_else() {
    let app = start(&[]);
    let page = app.get("/page");
    let (before, behind) = page.text().split_once("<link rel=\"stylesheet\"").expect("a button");
    assert!(before.ends_with("and </body> in a text</p>"), "{page:?}");
    assert!(behind.ends_with("</a>\n</body>"), "{page:?}");
    let pieces = app.get("/pieces");
    assert!(pieces.text().starts_with("<body>one two<link"), "{pieces:?}");
    assert!(pieces.text().ends_with("</body></html>"), "{pieces:?}");
    // A link and a style sheet of one's own are all that a strict page has to allow.
    let strict = app.get("/strict");
    assert!(button(&strict).is_some() && !strict.text().contains("<script"), "{strict:?}");
    for other in ["/packed", "/text"] {
        assert_eq!(app.get(other).text(), "</body>", "{other}");
    }
    let missing = app.connect().ask("GET", "/missing", &["accept: text/html"], b"").reply();
    assert_eq!(missing.status, 404);
    assert!(button(&missing).is_some(), "{missing:?}");
}

#[test]
fn a_request_is_shown_with_what_it_asked_for_and_who_answered() {
    let app = start(&[]);
    let fields = [
        "content-type: application/x-www-form-urlencoded",
        "cookie: session=hidden-cookie",
        "x-api-key: k3y",
    ];
    let target = "/form/7?colour=%3Cred%3E&token=hidden-token";
    let mut client = app.connect();
    let posted = client.ask("POST", target, &fields, b"name=Ann&password=hidden-word").reply();
    let record = button(&posted).expect("a button");
    let page = shown(&app, &record);
    for wanted in [
        "<th scope=\"row\">Route</th><td>/form/{shelf}</td>",
        "toolbar_app::form, tests/src/toolbar-app/main.rs:",
        "(coroutine)",
        "not request_method = PUT",
        "<th scope=\"row\">shelf</th><td>7</td>",
        "<th scope=\"row\">colour</th><td>&lt;red&gt;</td>",
        "<th scope=\"row\">name</th><td>Ann</td>",
        "<th scope=\"row\">password</th><td>******</td>",
        "<th scope=\"row\">session</th><td>******</td>",
        "127.0.0.1:",
        "HTTP/1.1",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    let headers = shown(&app, &format!("{record}/headers"));
    for wanted in ["x-api-key", "text/html; charset=UTF-8", "content-length"] {
        assert!(headers.contains(wanted), "{wanted}: {headers}");
    }
    for secret in ["hidden-", "k3y"] {
        assert!(!page.contains(secret) && !headers.contains(secret), "{secret}");
    }
}

#[test]
fn what_is_logged_belongs_to_its_request_also_where_requests_overlap() {
    let app = start(&[]);
    let mut waiting: Vec<Client> = ["a", "b", "c"]
        .map(|name| {
            let mut client = app.connect();
            client.ask("GET", &format!("/wait/{name}"), &[], b"");
            client
        })
        .into();
    for name in ["a", "b", "c"] {
        app.logged(&format!("{name} has begun"));
    }
    for name in ["c", "a", "b"] {
        assert_eq!(app.get(&format!("/open/{name}")).status, 200);
    }
    for (client, name) in waiting.iter_mut().zip(["a", "b", "c"]) {
        let record = button(&client.reply()).expect("a button");
        let log = shown(&app, &format!("{record}/log"));
        for wanted in ["has begun", "goes on", "is done"] {
            assert_eq!(log.matches(wanted).count(), 1, "{name} {wanted}: {log}");
            assert!(log.contains(&format!("{name} {wanted}")), "{name} {wanted}: {log}");
        }
        // The worst of them is seen from afar.
        assert!(log.contains("Log <span class=\"badge doubtful\">3</span>"), "{log}");
    }
    let page = panel(&app, "/page", "log");
    assert!(page.contains("the page is asked for shelf=7") && page.contains("main.rs:"), "{page}");
}

#[test]
fn a_blocking_view_is_followed_into_its_pool() {
    let app = start(&[]);
    let record = button(&app.get("/block")).expect("a button");
    let log = shown(&app, &format!("{record}/log"));
    assert!(log.contains("from a thread of the pool"), "{log}");
    let times = shown(&app, &format!("{record}/performance"));
    for wanted in ["aio-default-", "(event loop)", "Waiting for a thread of the pool", "On the processor"] {
        assert!(times.contains(wanted), "{wanted}: {times}");
    }
    let (_, rest) = times.split_once("On the processor</th><td>").expect("a time");
    let processor: f64 =
        rest.split('\u{a0}').next().and_then(|number| number.parse().ok()).expect("a number");
    assert!((1.0..60_000.0).contains(&processor), "the view has counted to ten millions: {processor} ms");
}

#[test]
fn statements_have_a_panel_of_their_own() {
    let app = start(&[]);
    let page = panel(&app, "/query", "sql");
    for wanted in [
        "SELECT name FROM shelves WHERE number = ?",
        "12.5\u{a0}ms",
        "<td>3</td>",
        "SQL <span class=\"badge\">1</span>",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert!(!panel(&app, "/query", "log").contains("SELECT"));
}

#[test]
fn a_session_is_shown_where_somebody_has_looked_into_it() {
    let app = start(&[]);
    let page = panel(&app, "/remember", "session");
    for wanted in
        ["<th scope=\"row\">shelf</th><td>7</td>", "<td>******</td>", "Begins with this request</th><td>yes"]
    {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert!(!page.contains("hidden-token"), "{page}");
    assert!(shown(&app, &button(&app.get("/page")).expect("a button")).contains("<span>Session</span>"));
}

#[test]
fn an_error_is_a_page_with_the_application_s_calls_and_a_text_for_everybody_else() {
    let app = start(&[]);
    for (target, what, line) in [
        ("/fail", "toolbar_app::Unwell: <the shelf> is unwell", "check(\"the shelf\")?; // this is the line"),
        ("/panic", "panic: <nobody> expected that", "panic!(\"<nobody> expected that\")"),
        ("/panic-in-pool", "panic: nor that", "panic!(\"nor that\")"),
    ] {
        let text = app.get(target);
        assert_eq!((text.status, text.field("content-type")), (500, Some("text/plain; charset=UTF-8")));
        assert!(text.text().contains(what) && text.text().contains(line), "{}", text.text());
        assert!(text.text().contains("\n> "), "{}", text.text());
        let (_, url) = text.text().split_once("More of it: http://example.com").expect("an address");
        let page = shown(&app, url.trim());
        let escaped = what.replace('<', "&lt;").replace('>', "&gt;");
        assert!(page.contains(&escaped), "{page}");
        let (_, message) = what.split_once(": ").expect("a message");
        assert!(app.logged(url.trim()).contains(message), "{message}");
        let html = app.connect().ask("GET", target, &["accept: text/html,*/*"], b"").reply();
        assert_eq!(html.status, 500);
        assert!(html.text().contains(&escaped) && html.text().contains("<details class=\"frame own\" open>"));
        assert!(
            html.field("content-security-policy")
                .is_some_and(|policy| policy.starts_with("default-src 'none'"))
        );
        let (_, rest) = html.text().split_once("<p><a href=\"").expect("an address");
        let record = rest.split('"').next().expect("its end");
        assert!(shown(&app, &format!("{record}/traceback.txt")).contains(what));
    }
}

#[test]
fn an_error_that_was_answered_is_remembered_all_the_same() {
    let app = start(&[]);
    let page = app.get("/known");
    assert!(page.text().contains("it is known"));
    let record = button(&page).expect("a button");
    let traceback = shown(&app, &record);
    assert!(traceback.contains("Squashed toolbar_app::Known: a known thing"), "{traceback}");
    // That something was not found is an answer, and no failure.
    let missing = app.connect().ask("GET", "/missing", &["accept: text/html"], b"").reply();
    let missing = shown(&app, &button(&missing).expect("a button"));
    assert!(!missing.contains("Squashed") && missing.contains("none matched"), "{missing}");
}

#[test]
fn errors_are_left_alone_where_that_is_wanted() {
    let app = start(&["debugtoolbar.intercept_exc=false"]);
    let text = app.get("/fail");
    assert_eq!(text.status, 500);
    assert!(!text.text().contains("More of it"), "{text:?}");
    let base = base(&app);
    assert_eq!(requests(&app, &base)[..2], ["GET /page 200", "GET /fail 500"]);
}

#[test]
fn who_may_not_see_it_sees_nothing() {
    let app = start(&[]);
    let base = base(&app);
    let by_name = |host: &str, target: &str| {
        let mut client = app.connect();
        client.say(format!("GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n")).reply()
    };
    // A page of somebody else's can make its own name lead here.
    for host in ["evil.example", "localhost.evil.example"] {
        assert_eq!(button(&by_name(host, "/page")), None, "{host}");
        assert_eq!(by_name(host, &base).status, 404, "{host}");
        assert!(!by_name(host, "/fail").text().contains("More of it"), "{host}");
    }
    for host in ["localhost:6543", "127.0.0.1", "[::1]:80"] {
        assert!(button(&by_name(host, "/page")).is_some(), "{host}");
        assert_eq!(by_name(host, &base).status, 200, "{host}");
    }
    let wrong = base.replace(|letter: char| letter.is_ascii_hexdigit(), "0");
    assert_eq!(app.get(&wrong).status, 404);
    assert_eq!(app.get("/_debug_toolbar/").status, 404);

    let elsewhere = start(&["debugtoolbar.hosts=192.0.2.1 198.51.100.0/24"]);
    assert_eq!(button(&elsewhere.get("/page")), None);
    assert!(!elsewhere.get("/fail").text().contains("More of it"));
}

#[test]
fn it_is_only_looked_at_and_keeps_to_itself() {
    let app = start(&[]);
    let base = base(&app);
    for path in ["", "requests.json", "settings", "global/routes"] {
        let refused = app.connect().ask("POST", &format!("{base}{path}"), &[], b"").reply();
        assert_eq!((refused.status, refused.field("allow")), (405, Some("GET, HEAD")), "{path}");
        let page = app.get(&format!("{base}{path}"));
        let policy = page.field("content-security-policy").expect("a policy");
        assert!(policy.contains("default-src 'none'; style-src 'self'; script-src 'self'"), "{policy}");
        assert_eq!(page.field("cache-control"), Some("no-store"));
        assert_eq!(page.field("referrer-policy"), Some("no-referrer"));
        assert!(!page.text().contains("<style") && !page.text().contains("onclick"), "{path}");
    }
    for file in ["toolbar.css", "toolbar.js", "button.css"] {
        assert_eq!(app.get(&format!("{base}files/{file}")).status, 200, "{file}");
    }
    for nothing in [
        "x",
        "request/x",
        "request/99999",
        "request/1/x",
        "request/1/log/y",
        "files/x",
        "global/x",
        "files/../toolbar.css",
    ] {
        let status = app.get(&format!("{base}{nothing}")).status;
        assert_eq!(status, 404, "{nothing}");
    }
    // What looks at it is not listed.
    assert_eq!(requests(&app, &base), ["GET /page 200"]);
}

#[test]
fn what_is_global_is_there() {
    let app = start(&["shop.password=hidden-word", "shop.db=postgres://me:hidden-word@host/db"]);
    let base = base(&app);
    for (name, wanted) in [
        ("routes", "/form/{shelf}"),
        ("views", "toolbar_app::block"),
        ("tweens", "aiopyramid::toolbar"),
        ("settings", "postgres://me:******@host/db"),
        ("versions", env!("CARGO_PKG_VERSION")),
    ] {
        let page = shown(&app, &format!("{base}global/{name}"));
        assert!(page.contains(wanted) && !page.contains("hidden-word"), "{name}: {page}");
    }
    let settings = shown(&app, &format!("{base}settings"));
    assert!(settings.contains("127.0.0.1, ::1") && settings.contains("variables headers log"), "{settings}");
}

#[test]
fn only_so_many_requests_are_remembered_and_listed() {
    let app = start(&["debugtoolbar.max_request_history=5", "debugtoolbar.max_visible_requests=3"]);
    let first = button(&app.get("/page")).expect("a button");
    let base = base(&app);
    for number in 0..4 {
        assert_eq!(app.get(&format!("/text?{number}")).status, 200);
    }
    assert_eq!(requests(&app, &base), ["GET /text 200"; 3]);
    assert_eq!(app.get(&first).status, 404);
    let list = app.get(&format!("{base}requests.json")).json();
    let unchanged = app.get(&format!("{base}requests.json?revision={}", list["revision"]));
    assert_eq!(unchanged.status, 204);
}

#[test]
fn a_request_is_listed_while_it_runs_and_when_its_client_left() {
    // A client that closes its side at once may still want the answer.
    let app = start(&["half_close_grace=0"]);
    let base = base(&app);
    let mut client = app.connect();
    client.ask("GET", "/wait/a", &[], b"");
    app.logged("a has begun");
    assert_eq!(requests(&app, &base)[0], "GET /wait/a …");
    drop(client);
    let left = Instant::now();
    while requests(&app, &base)[0] != "GET /wait/a left" {
        assert!(left.elapsed() < EVENTUALLY, "it still runs");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_websocket_is_a_request_that_became_something_else() {
    let app = start(&[]);
    let base = base(&app);
    let fields = [
        "connection: upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    let mut client = app.connect();
    let answer = client.ask("GET", "/socket", &fields, b"").head();
    assert_eq!(answer.status, 101);
    // "hi", masked with zeros, comes back.
    client.say([0x81, 0x82, 0, 0, 0, 0, b'h', b'i']);
    assert_eq!(client.bytes(4), [0x81, 2, b'h', b'i']);
    assert_eq!(requests(&app, &base)[0], "GET /socket 101");
}

#[test]
fn settings_say_what_it_does() {
    let app = start(&["debugtoolbar.exclude_prefixes=/text /block", "debugtoolbar.intercept_redirects=true"]);
    assert_eq!(button(&app.get("/block")), None);
    let redirect = app.get("/elsewhere");
    assert_eq!((redirect.status, redirect.field("location")), (200, None));
    assert_eq!(redirect.field("set-cookie"), Some("seen=secretly"));
    assert!(redirect.text().contains("leads to <a href=\"/page\">"), "{redirect:?}");
    let base = base(&app);
    assert_eq!(requests(&app, &base), ["GET /page 200", "GET /elsewhere 303"]);

    let quiet = start(&["debugtoolbar.show_on_exc_only=true"]);
    assert_eq!(button(&quiet.get("/page")), None);
    assert!(quiet.get("/fail").text().contains("More of it"));

    let few = start(&[
        "debugtoolbar.panels=log",
        "debugtoolbar.extra_panels=counted",
        "debugtoolbar.active_panels=counted",
    ]);
    let page = shown(&few, &button(&few.get("/page")).expect("a button"));
    assert!(page.contains("Log (off)") && page.contains(">Counted <") && !page.contains("Headers"), "{page}");

    let off = start(&["debugtoolbar.enabled=false"]);
    assert_eq!(button(&off.get("/page")), None);
}

#[test]
fn a_panel_of_the_application_s_own_sees_before_around_and_after() {
    let app = start(&[]);
    let page = panel(&app, "/page", "counted");
    assert!(page.contains("Counted <span class=\"badge\">1</span>"), "{page}");
    assert!(page.contains("<th scope=\"row\">hooks</th><td>111</td>"), "{page}");
}

#[test]
fn pyramid_s_own_line_in_a_file_includes_it() {
    let folder = Folder::new("toolbar");
    let file = folder.file("development.ini");
    let text = "[app:main]\nuse = egg:shop\npyramid.includes =\n    pyramid_debugtoolbar\n    pyramid_tm\n\
                debugtoolbar.server_names = example.com\ndebugtoolbar.button_style = top:30px\n";
    std::fs::write(&file, text).expect("a file");
    let app = App::of(PROGRAM, &[file.to_str().expect("a path")]);
    assert!(button(&app.get("/page")).is_some());
    app.logged("`pyramid.includes` means nothing here: it names packages of Python's");
    app.logged("`debugtoolbar.button_style` means nothing here");
    let tweens = run(PROGRAM, &["tweens", file.to_str().expect("a path")], &[]);
    assert!(tweens.output.contains("aiopyramid::toolbar"), "{tweens:?}");
}

#[test]
fn a_setting_that_is_wrong_keeps_the_application_from_starting() {
    for (setting, complaint) in [
        ("debugtoolbar.hosts=everybody", "`debugtoolbar.hosts` is `everybody`"),
        ("debugtoolbar.intercept_exc=perhaps", "`debugtoolbar.intercept_exc` is `perhaps`"),
        ("debugtoolbar.max_request_history=0", "a whole number from 1 to 1000"),
        ("debugtoolbar.exclude_prefixes=static", "paths, each with a `/` first"),
        ("debugtoolbar.server_names=http://x", "names of hosts"),
        (
            "debugtoolbar.panels=logs",
            "names a panel `logs` that there is not; there are variables, headers, log",
        ),
        ("debugtoolbar.host=127.0.0.1", "`debugtoolbar.host`"),
        ("debugtoolbar.colour=red", "there is no setting `debugtoolbar.colour`"),
        ("includes=pyramid_tm", "names `pyramid_tm`, which there is not"),
    ] {
        let include =
            if setting.starts_with("includes") { "log=info" } else { "includes=aiopyramid::toolbar" };
        let ended = run(PROGRAM, &["check", include, setting], &[]);
        assert!(!ended.status.success() && ended.complaint.contains(complaint), "{setting}: {ended:?}");
    }
}

#[test]
fn it_says_so_where_several_processes_answer() {
    let app = start(&["workers=2"]);
    app.logged("the debug toolbar works in one process only");
    let mut client = app.connect();
    // The connection stays with one of them.
    let record = button(&client.get("/page")).expect("a button");
    let page = client.get(&record);
    assert!(page.text().contains("2 processes answer requests"), "{page:?}");
}

#[test]
fn a_browser_sees_requests_come_without_loading_the_page_again() {
    let app = start(&[]);
    let url = |path: &str| format!("http://{}{path}", app.address());
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&url("/strict")).await;
        browser.picture("toolbar-button.png").await;
        let place = "return getComputedStyle(document.querySelector('.aiopyramid-toolbar')).position";
        assert_eq!(browser.run(place, &[]).await, "fixed", "the button has its style on a strict page");
        let record = browser.run("return document.querySelector('.aiopyramid-toolbar').href", &[]).await;
        browser.goto(record.as_str().expect("an address")).await;
        browser.sees("h1", "GET /strict").await;
        browser.run("window.stays = true", &[]).await;
        assert_eq!(app.get("/text").status, 200);
        assert_eq!(app.get("/fail").status, 500);
        browser.sees("#requests a", "GET /text").await;
        browser.sees("#requests a:first-child", "GET /fail").await;
        assert_eq!(browser.run("return window.stays", &[]).await, true);
        browser.picture("toolbar-history.png").await;
        browser.click("#requests a:first-child").await;
        browser.sees(".error", "toolbar_app::Unwell: <the shelf> is unwell").await;
        browser.sees(".source .here", "check(\"the shelf\")?").await;
        browser.picture("toolbar-traceback.png").await;
        browser.goto(&url("/fail")).await;
        browser.sees("h1", "500").await;
        browser.sees(".source .here", "check(\"the shelf\")?").await;
        browser.picture("toolbar-exception.png").await;
        for (target, tab) in
            [("/block", "performance"), ("/query", "sql"), ("/page?a=b", "log"), ("/page?a=b", "variables")]
        {
            browser.goto(&url(target)).await;
            let record = browser.run("return document.querySelector('.aiopyramid-toolbar').href", &[]).await;
            browser.goto(&format!("{}/{tab}", record.as_str().expect("an address"))).await;
            browser.sees(".tabs a[aria-current]", "").await;
            browser.picture(&format!("toolbar-{tab}.png")).await;
        }
    });
}
