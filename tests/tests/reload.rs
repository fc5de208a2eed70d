//! `serve --reload`: real packages, changed while they are served, built by the real Cargo.
#![cfg(unix)]

#[path = "support/browser.rs"]
mod browser;
mod support;
#[path = "support/workspace.rs"]
mod workspace;

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::{App, Client, EVENTUALLY, Load, Outcome, peer, signal};
use workspace::{Workspace, complaint, framework, manifest};

const SERVES: &str = "the new version serves";

const MAIN: &str = r#"
use std::collections::BTreeMap;

use aiopyramid::prelude::*;

mod word;

#[view_config(route = "/word")]
async fn word() -> &'static str {
    word::WORD
}

#[view_config(route = "/setting")]
async fn setting(request: &Request) -> String {
    request.settings().get("demo.greeting").unwrap_or("none").to_owned()
}

#[view_config(route = "/", renderer = "templates/page.jinja2")]
async fn page() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([("word", word::WORD)])
}

#[view_config(route = "/slow")]
fn slow() -> &'static str {
    std::thread::sleep(std::time::Duration::from_secs(600));
    "late"
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.add_static_view("static", "static");
    config.scan();
    Ok(())
}
"#;

const PAGE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<link rel=\"stylesheet\" href=\"/static/site.css\">\n</head>\n\
<body>\n<h1>{{ word }}</h1>\n</body>\n</html>\n";

/// A package under the eyes of who changes it.
struct Project {
    workspace: Workspace,
    name: &'static str,
}

impl Project {
    /// Writes it and builds it.
    fn new(name: &'static str) -> Self {
        let workspace = Workspace::new(&format!("reload/{name}"), &[name]);
        let project = Self { workspace, name };
        project.write("Cargo.toml", &manifest(name, &framework(&["reload", "static", "templates"])));
        project.write("src/main.rs", MAIN);
        project.write("templates/page.jinja2", PAGE);
        project.write("static/site.css", "h1 { color: rgb(1, 2, 3) }\n");
        project.says("one");
        project.workspace.build(name);
        project
    }

    fn write(&self, file: &str, text: &str) {
        self.workspace.write(&format!("{}/{file}", self.name), text);
    }

    /// Changes a source: what the application says.
    fn says(&self, word: &str) {
        self.write("src/word.rs", &format!("pub const WORD: &str = \"{word}\";\n"));
    }

    fn folder(&self) -> std::path::PathBuf {
        self.workspace.dir().join(self.name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(Workspace::program(self.name));
        self.workspace.prepare(&mut command);
        command.current_dir(self.folder()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn serve(&self) -> App {
        App::started_by(self.command(&["serve", "--reload", "listen=127.0.0.1:0", "loops=2"]))
    }
}

/// Waits until a path answers with this text: the one before may take what comes until it knows that it is over.
fn comes_to_say(app: &App, path: &str, text: &str) {
    eventually(text, || app.get(path).text() == text);
}

fn word(app: &App) -> String {
    app.get("/word").text().to_owned()
}

/// What a browser is shown that goes to the page.
fn shown(app: &App) -> String {
    let mut client = app.connect();
    client
        .ask("GET", "/", &["accept: text/html,*/*;q=0.8", "accept-encoding: gzip"], b"")
        .reply()
        .text()
        .to_owned()
}

/// Waits until something is so.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + EVENTUALLY;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn nothing_is_lost(outcome: &Outcome) {
    assert!(outcome.lost.is_empty(), "{:?}", outcome.lost);
    assert!(outcome.answered > 0);
}

/// The version that a page bears.
fn version(page: &str) -> &str {
    let source = page.split_once("reload.js?version=").expect("a script in the page").1;
    &source[..source.find('"').expect("the end of its address")]
}

/// Listens as a page does, up to the next event of this name; again where a worker that makes room for another one ends.
fn hears(app: &App, version: &str, event: &str) -> String {
    let mut said = String::new();
    loop {
        let mut client = app.connect();
        client.ask("GET", &format!("/_aiopyramid/reload?version={version}"), &[], b"");
        assert_eq!(client.head().field("content-type"), Some("text/event-stream"));
        while let Some(chunk) = client.chunk() {
            said += &String::from_utf8(chunk).expect("text");
            if said.contains(&format!("event: {event}\n")) {
                return said;
            }
        }
    }
}

/// The numbers of the processes that run this program.
fn processes(program: &Path) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("processes").flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse() else { continue };
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if line.split(|byte| *byte == 0).next() == Some(program.to_string_lossy().as_bytes()) {
            found.push(process);
        }
    }
    found
}

/// Whether a process works in this folder: the program, Cargo, a compiler.
fn is_worked_in(folder: &Path) -> bool {
    let processes = fs::read_dir("/proc").expect("processes").flatten();
    processes
        .filter_map(|entry| fs::read_link(entry.path().join("cwd")).ok())
        .any(|place| place.starts_with(folder))
}

#[test]
fn edits_under_load_lose_nothing() {
    let project = Project::new("edited");
    let app = project.serve();
    assert_eq!(word(&app), "one");
    let kept = Load::start(app.address(), "/word", 2, true);
    let fresh = Load::start(app.address(), "/word", 2, false);
    for (count, text) in [(1, "two"), (2, "three"), (3, "four")] {
        project.says(text);
        app.logged_times(SERVES, count);
        comes_to_say(&app, "/word", text);
        fresh.wait(20);
    }
    for outcome in [kept.stop(), fresh.stop()] {
        nothing_is_lost(&outcome);
        for text in ["one", "two", "three", "four"] {
            assert!(outcome.bodies.contains(text), "{:?}", outcome.bodies);
        }
    }
    app.logged("src/word.rs has changed: building");

    // A change while it is built is built too.
    project.says("five");
    app.logged_times("has changed: building", 4);
    project.says("six");
    comes_to_say(&app, "/word", "six");

    // What is only written is no change.
    let before = app.log_lines("has changed").len();
    project.says("six");
    project.write("templates/page.jinja2", &PAGE.replace("<h1>", "<h1 id=\"title\">"));
    app.logged("templates/page.jinja2 has changed: refreshing");
    assert_eq!(app.log_lines("has changed").len(), before + 1);
}

#[test]
fn what_does_not_compile_is_shown_until_it_is_mended() {
    let project = Project::new("broken");
    let app = project.serve();
    assert!(shown(&app).contains("<h1>one</h1>"));
    project.write("src/word.rs", "pub const WORD: &str = 7;\n");
    app.logged("not built: the old version goes on");
    app.logged("error[E0308]: mismatched types");
    assert_eq!(word(&app), "one");
    eventually("the errors are shown", || shown(&app).contains("The program does not compile"));
    let page = shown(&app);
    assert!(page.contains("E0308"), "{page}");
    assert!(page.contains("src/word.rs:1:24"), "{page}");
    // Who has seen it may go on with what there is.
    let cookie = format!("cookie: aiopyramid_reload={}", version(&page));
    let old = app.connect().ask("GET", "/", &["accept: text/html", &cookie], b"").reply();
    assert!(old.text().contains("<h1>one</h1>"));

    // A file that nobody knows of before it is there.
    project.write("src/word.rs", "mod deep;\npub use deep::WORD;\n");
    app.logged_times("not built", 2);
    project.write("src/word/deep.rs", "pub const WORD: &str = \"mended\";\n");
    app.logged_times(SERVES, 1);
    comes_to_say(&app, "/word", "mended");
    eventually("the page is back", || shown(&app).contains("<h1>mended</h1>"));

    // Who has the page open hears of what is wrong, and of its end.
    let page = shown(&app);
    let file = "pub const WORD: &str = \"mended\";\n";
    project.write("src/word/deep.rs", "pub const WORD: &str = nothing;\n");
    app.logged_times("not built", 3);
    hears(&app, version(&page), "page");
    let page = shown(&app);
    assert!(page.contains("cannot find value `nothing`"), "{page}");
    project.write("src/word/deep.rs", file);
    hears(&app, version(&page), "page");
    eventually("the page is back", || shown(&app).contains("<h1>mended</h1>"));

    project.write("Cargo.toml", "[package]\nname = 7\n");
    app.logged_times("not built", 4);
    eventually("the manifest is blamed", || shown(&app).contains("Cargo.toml"));
    assert_eq!(word(&app), "mended");
}

#[test]
fn a_configuration_file_starts_the_program_anew() {
    let project = Project::new("configured");
    let ini = |greeting: &str| {
        format!("[app:main]\ndemo.greeting = {greeting}\n\n[server:main]\nlisten = 127.0.0.1:0\n")
    };
    project.write("development.ini", &ini("hello"));
    let app = App::started_by(project.command(&["serve", "development.ini", "--reload"]));
    assert_eq!(app.get("/setting").text(), "hello");
    project.write("development.ini", &ini("good day"));
    app.logged("development.ini has changed: starting anew");
    app.logged_times(SERVES, 1);
    comes_to_say(&app, "/setting", "good day");

    project.write("development.ini", &ini("x").replace("listen", "lisen"));
    let line = app.logged("there is no `lisen`");
    assert!(line.contains("development.ini:5") && line.contains("did you mean `listen`?"), "{line}");
    app.logged("the old version goes on");
    assert_eq!(app.get("/setting").text(), "good day");
    eventually("the fault is shown", || shown(&app).contains("there is no `lisen`"));
    project.write("development.ini", &ini("again"));
    app.logged_times(SERVES, 2);
    comes_to_say(&app, "/setting", "again");

    // Another address is listened at, and the old one no more.
    let old = app.address();
    project.write("development.ini", &ini("moved").replace("listen = 127.0.0.1:0", "listen = localhost:0"));
    let lines = app.logged_times("listening at http://", 2);
    let new = lines[1].rsplit_once("://").expect("an address").1.parse().expect("an address");
    assert_eq!(Client::connect(new).get("/setting").text(), "moved");
    eventually("the old address is closed", || TcpStream::connect(old).is_err());
    assert!(app.log_lines("building").is_empty());

    // The file may ask for it, too; and it may name others.
    project.write(".env", "one\n");
    let asking = format!("{}reload = true\nreload_extra_files = .env\n", ini("extra"));
    project.write("asking.ini", &asking);
    let app = App::started_by(project.command(&["serve", "asking.ini"]));
    project.write(".env", "two\n");
    app.logged(".env has changed: starting anew");
    app.logged_times(SERVES, 1);
}

#[test]
fn templates_and_static_files_need_no_build() {
    let project = Project::new("dressed");
    let app = project.serve();
    let page = shown(&app);
    assert!(page.ends_with("defer></script>\n</body>\n</html>"), "{page}");
    project.write("templates/page.jinja2", &PAGE.replace("{{ word }}", "{{ word }}, anew"));
    hears(&app, version(&page), "page");
    let page = shown(&app);
    assert!(page.contains("<h1>one, anew</h1>"), "{page}");

    project.write("static/site.css", "h1 { color: rgb(3, 2, 1) }\n");
    let said = hears(&app, version(&page), "style");
    assert!(!said.contains("event: page"), "{said}");
    let sheet = app.connect().ask("GET", "/static/site.css", &["sec-fetch-dest: style"], b"").reply();
    assert_eq!(
        (sheet.field("cache-control"), sheet.text()),
        (Some("no-cache"), "h1 { color: rgb(3, 2, 1) }\n")
    );
    let page = shown(&app);
    project.write("static/site.js", "alert(1)\n");
    hears(&app, version(&page), "page");
    assert!(app.log_lines("building").is_empty());

    // Nobody but a browser sees any of that.
    let plain = app.get("/");
    assert!(!plain.text().contains("_aiopyramid"), "{}", plain.text());
    assert_eq!(app.get("/static/site.css").field("cache-control"), None);
}

#[test]
fn a_program_that_does_not_start_is_shown() {
    let project = Project::new("failing");
    let panics = MAIN.replace("    config.scan();", "    panic!(\"no cellar {}\", 1 + 1);");
    project.write("src/main.rs", &panics);
    project.workspace.build(project.name);
    let app = project.serve();
    app.logged("no cellar 2");
    app.logged("before it served: waiting for a change");
    let page = shown(&app);
    assert!(page.contains("The program does not start") && page.contains("no cellar 2"), "{page}");
    let plain = app.get("/word");
    assert_eq!(plain.status, 503);
    assert!(plain.text().contains("no cellar 2"), "{}", plain.text());
    project.write("src/main.rs", MAIN);
    hears(&app, version(&page), "page");
    eventually("the program answers", || app.get("/word").status == 200);

    // The old version goes on where there is one.
    project.write("src/main.rs", &panics);
    app.logged("before it served: the old version goes on");
    assert_eq!(word(&app), "one");
    eventually("the panic is shown", || shown(&app).contains("no cellar 2"));
    let fault = MAIN.replace("\"/setting\"", "\"/word\"");
    project.write("src/main.rs", &fault);
    app.logged_times("before it served: the old version goes on", 2);
    eventually("both places are shown", || {
        let page = shown(&app);
        page.contains("src/main.rs:8") && page.contains("src/main.rs:13")
    });
    project.write("src/main.rs", MAIN);
    eventually("the page is back", || shown(&app).contains("<h1>one</h1>"));
}

#[test]
fn a_signal_ends_all_processes() {
    let project = Project::new("ended");
    let program = Workspace::program(project.name);
    for name in ["INT", "TERM", "QUIT", "HUP", "KILL"] {
        let app = project.serve();
        let address = app.address();
        assert_eq!(processes(&program).len(), 2, "{name}");
        // A page that listens, and a build that has begun.
        let mut page = app.connect();
        page.ask("GET", "/_aiopyramid/reload", &[], b"").head();
        project.says(name);
        app.logged("building");
        // At the keyboard nobody waits for anything.
        let mut slow = app.connect();
        if name == "INT" {
            slow.ask("GET", "/slow", &[], b"");
        }
        app.signal(name);
        let ended = app.end();
        assert_eq!(ended.status.success(), name != "KILL", "{name}: {}", ended.complaint);
        assert!(!ended.complaint.contains("panicked"), "{}", ended.complaint);
        eventually("no process is left", || !is_worked_in(project.workspace.dir()));
        assert!(TcpStream::connect(address).is_err(), "{name}");
    }
}

#[test]
fn a_program_that_cargo_cannot_build_again_is_refused_in_one_line() {
    let project = Project::new("refused");
    let said = |command: &mut Command| {
        let output = command.output().expect("a program that can be started");
        assert_eq!(output.status.code(), Some(1));
        let said = complaint(&output);
        assert_eq!(said.lines().count(), 1, "{said}");
        said
    };
    let mut without_cargo = project.command(&["serve", "--reload", "listen=127.0.0.1:0"]);
    let said_without = said(without_cargo.env_remove("CARGO").env("PATH", "/nowhere"));
    assert!(said_without.contains("there is no `cargo` on the PATH"), "{said_without}");

    let installed = project.folder().join("installed");
    fs::copy(Workspace::program(project.name), &installed).expect("a copy");
    let mut elsewhere = Command::new(&installed);
    project.workspace.prepare(&mut elsewhere);
    let said_elsewhere = said(elsewhere.args(["serve", "--reload", "listen=127.0.0.1:0"]));
    assert!(said_elsewhere.contains("is not where Cargo builds it"), "{said_elsewhere}");

    let mut check = project.command(&["check", "--reload"]);
    let output = check.output().expect("a program that can be started");
    assert_eq!(output.status.code(), Some(2));
    assert!(complaint(&output).contains("`--reload` is no option of `check`"), "{}", complaint(&output));
}

#[test]
fn a_page_that_is_open_refreshes_itself() {
    let project = Project::new("opened");
    let app = project.serve();
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&format!("http://{}/", app.address())).await;
        browser.sees("h1", "one").await;
        browser.run("window.marked = true", &[]).await;

        // A style sheet comes into the page as it is.
        project.write("static/site.css", "h1 { color: rgb(7, 8, 9) }\n");
        let colour = "return getComputedStyle(document.querySelector('h1')).color === arguments[0]";
        browser.until(colour, &["rgb(7, 8, 9)"]).await;
        assert_eq!(browser.run("return window.marked", &[]).await, true);

        project.says("two");
        browser.sees("h1", "two").await;
        assert_eq!(browser.run("return window.marked === undefined", &[]).await, true);
        project.write("templates/page.jinja2", &PAGE.replace("{{ word }}", "{{ word }} and more"));
        browser.sees("h1", "two and more").await;

        project.write("src/word.rs", "pub const WORD: &str = three;\n");
        browser.sees("h1", "The program does not compile").await;
        browser.sees("pre .error", "cannot find value `three`").await;
        browser.picture("reload-errors.png").await;
        browser.click("#dismiss").await;
        browser.sees("h1", "two and more").await;
        project.write("src/word.rs", "pub const WORD: &str = four;\n");
        browser.sees("pre .error", "cannot find value `four`").await;
        project.says("four");
        browser.sees("h1", "four and more").await;

        let panics = MAIN.replace("    config.scan();", "    panic!(\"no cellar\");");
        project.write("src/main.rs", &panics);
        browser.sees("pre .error", "panicked at").await;
        project.write("src/main.rs", MAIN);
        browser.sees("h1", "four and more").await;
    });
}

#[test]
fn a_program_that_dies_is_started_again_once() {
    let project = Project::new("wounded");
    let app = project.serve();
    let kill = || {
        let processes = processes(&Workspace::program(project.name));
        let worker = processes.iter().find(|process| **process != app.process()).expect("a worker");
        signal(*worker, "KILL");
    };
    kill();
    app.logged("the program was killed by signal 9; is there enough memory?: it is started again");
    assert_eq!(word(&app), "one");
    kill();
    app.logged("waiting for a change");
    // A file that is written asks for another attempt, though nothing has changed.
    eventually("how it ended is shown", || shown(&app).contains("was killed by signal 9"));
    project.says("one");
    eventually("the program answers", || app.get("/word").status == 200);
}
