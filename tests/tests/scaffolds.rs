//! From nothing to a page: what `aiopyramid new` writes is built, linted and tested by the real Cargo, served, and looked at.
//!
//! The projects are written into folders for temporary files, outside of this workspace, and share what they compile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use browser::Browser;
use front::Front;
use outside::{PROGRAM, Served, aiopyramid, cargo, checkout, complaint, folder, outside, said};
use support::Folder;
use support::peer::{self, peer};

#[path = "support/browser.rs"]
mod browser;
#[path = "support/front.rs"]
mod front;
#[path = "support/outside.rs"]
mod outside;
mod support;

/// A project that was made.
struct Project {
    /// Removed in the end.
    _folder: Folder,
    path: PathBuf,
}

impl Project {
    /// Makes it, and looks whether every file was named.
    fn new(scaffold: &str, name: &str) -> Self {
        let folder = folder(scaffold);
        let made = aiopyramid(folder.path(), &["new", "-s", scaffold, name]);
        assert!(made.status.success(), "{}", complaint(&made));
        let path = folder.path().join(name);
        let said = said(&made);
        let mut named: Vec<_> = said
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.strip_prefix("  ").map(PathBuf::from))
            .collect();
        named.sort();
        assert_eq!(named, files_in(&path), "{said}");
        let (_, next) = said.split_once("Next:\n").expect("what to do next");
        assert!(next.contains("cargo run -- serve development.ini"), "{said}");
        Self { _folder: folder, path }
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        cargo(&self.path).args(arguments).output().expect("a Cargo that can be started")
    }

    /// Its own tests pass, it is built without a warning, and neither clippy nor rustfmt finds anything.
    fn is_in_order(&self) {
        for arguments in [
            &["test", "--quiet"][..],
            &["build", "--quiet"],
            &["clippy", "--quiet", "--all-targets", "--", "--deny=warnings"],
            &["fmt", "--check"],
        ] {
            let output = self.cargo(arguments);
            let (said, complaint) = (said(&output), complaint(&output));
            assert!(output.status.success(), "{arguments:?}\n{said}\n{complaint}");
            assert!(!complaint.contains("warning"), "{arguments:?}\n{complaint}");
            assert!(arguments[0] != "test" || said.contains("test result: ok"), "{said}");
        }
    }

    /// `cargo run -- serve FILE`, at a free port.
    fn serve(&self, file: &str) -> Served {
        let mut command = cargo(&self.path);
        command.args(["run", "--quiet", "--", "serve", file, "http_port=0"]);
        Served::by(command)
    }
}

/// All files in a folder, by their paths in it, in order.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                pending.push(path);
            } else {
                found.push(path.strip_prefix(folder).expect("it is in it").to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_starter_greets_after_a_while() {
    let project = Project::new("aio_starter", "My-App 2");
    project.is_in_order();
    for file in ["development.ini", "production.ini"] {
        let app = project.serve(file);
        assert!(app.address.ip().is_loopback(), "{}", app.address);
        let answer = app.get("/?sleep=0");
        assert_eq!((answer.status, answer.text()), (200, "Welcome to Aiopyramid for Rust.\n"));
        assert_eq!(answer.field("content-type"), Some("text/plain; charset=UTF-8"));

        let asked = Instant::now();
        assert_eq!(app.get("/").status, 200);
        assert!(asked.elapsed() >= Duration::from_millis(100));
        let form = app.connect().post("/", "application/x-www-form-urlencoded", b"sleep=0.3");
        assert_eq!(form.status, 200);
        assert!(asked.elapsed() >= Duration::from_millis(400));

        let refused = app.get("/?sleep=abc");
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("parameter `sleep`"), "{}", refused.text());
    }
}

#[test]
fn nobody_waits_for_somebody_else_in_the_starter() {
    let project = Project::new("aio_starter", "waiting");
    let app = project.serve("development.ini");
    let asked = Instant::now();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(app.get("/?sleep=1").status, 200));
        }
    });
    // One after the other would take twenty.
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
}

/// What the page of `aio_websocket` shows, in order.
async fn shows_its_five_texts(browser: &Browser, url: &str) {
    browser.goto(url).await;
    browser.sees("li", "DISCONNECTED").await;
    let lines = ["CONNECTED", "SENT: Aiopyramid rocks!", "RESPONSE: Aiopyramid rocks!", "DISCONNECTED"];
    assert_eq!(browser.texts("h1").await, ["test-app"]);
    assert_eq!(browser.texts("li").await, lines);
    browser.click("#again").await;
    browser.until("return document.querySelectorAll('li').length === 4 && !document.getElementById('again').disabled", &[]).await;
    assert_eq!(browser.texts("li").await, lines);
}

#[test]
fn the_page_of_the_websocket_shows_how_that_lived() {
    let project = Project::new("aio_websocket", "test");
    project.is_in_order();
    let app = project.serve("development.ini");
    browser::converse(1, async |browsers| {
        shows_its_five_texts(&browsers[0], &format!("http://{}/", app.address)).await;
        browsers[0].picture("scaffold-websocket.png").await;
        // All that it needs is in it; what the toolbar brings is not the page's.
        let others = "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !/\\/favicon.ico$|\\/_debug_toolbar\\//.test(name))";
        assert_eq!(browsers[0].run(others, &[]).await, serde_json::json!([]));
    });
    // Below a path, and where it is encrypted.
    let (Some(nginx), Some(openssl)) = (peer("nginx"), peer("openssl")) else {
        return;
    };
    let front = Front::start((&nginx, &openssl), &app.address.to_string());
    browser::converse(1, async |browsers| shows_its_five_texts(&browsers[0], &front.url()).await);
}

#[test]
fn a_page_of_the_wiki_is_added_by_whoever_logs_in_at_the_link_that_leads_to_it() {
    let project = Project::new("wiki", "größe");
    project.is_in_order();
    let app = project.serve("development.ini");
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&format!("http://{}/", app.address)).await;
        browser.sees("h1", "FrontPage").await;
        browser.picture("scaffold-wiki.png").await;
        browser.click("a.missing").await;
        browser.sees("h1", "Log in").await;
        browser.types("#login", "basic").await;
        browser.types("#password", "wrong").await;
        browser.click("main button").await;
        browser.sees(".wrong", "Name or password is wrong.").await;
        browser.picture("scaffold-wiki-login.png").await;
        browser.types("#password", "basic").await;
        browser.click("main button").await;
        browser.sees("h1", "Add AboutThisWiki").await;
        browser.types("#text", "It is <b>small</b>. Back to FrontPage").await;
        browser.picture("scaffold-wiki-form.png").await;
        browser.click("main button").await;
        browser.sees("h1", "AboutThisWiki").await;
        browser.sees("p", "It is <b>small</b>.").await;
        browser.click("main p a").await;
        browser.sees("h1", "FrontPage").await;
        assert_eq!(browser.texts("a.missing").await, [""; 0]);
        browser.picture("scaffold-wiki-known.png").await;
        browser.click("header button").await;
        browser.sees("header a", "Log in").await;
    });
    drop(app);
    assert!(project.path.join("wiki.sqlite").is_file(), "{:?}", files_in(&project.path));
    // What was written is still there, whoever serves it.
    let app = project.serve("production.ini");
    assert_eq!(app.get("/AboutThisWiki").status, 200);
    assert_eq!(app.get("/NoSuchPage").status, 404);
}

#[test]
fn a_project_works_whatever_it_is_called_and_as_a_part_of_a_workspace() {
    let folder = folder("names");
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"apps/*\"]\n";
    fs::write(folder.file("Cargo.toml"), manifest).expect("a file");
    fs::copy(checkout().join("Cargo.lock"), folder.file("Cargo.lock")).expect("a file");
    let names = ["aiopyramid", "async", "2048", "self", "std", "serde", "http", "日本語", "it's", "build"];
    for (name, scaffold) in names.iter().zip(["aio_starter", "aio_websocket"].into_iter().cycle()) {
        let made = aiopyramid(folder.path(), &["new", "-s", scaffold, &format!("apps/{name}")]);
        assert!(made.status.success(), "{}", complaint(&made));
    }
    let tested =
        cargo(folder.path()).args(["test", "--workspace"]).output().expect("a Cargo that can be started");
    let (said, complaint) = (said(&tested), complaint(&tested));
    assert!(tested.status.success() && !complaint.contains("warning"), "{said}\n{complaint}");
    assert_eq!(said.matches("test result: ok").count(), names.len(), "{said}");

    // One that the workspace does not know stands alone.
    let made = aiopyramid(folder.path(), &["new", "alone"]);
    assert!(made.status.success());
    let known =
        cargo(&folder.path().join("alone")).args(["metadata", "--format-version=1", "--no-deps"]).output();
    let known = known.expect("a Cargo that can be started");
    assert!(known.status.success(), "{}", String::from_utf8_lossy(&known.stderr));
    let known: serde_json::Value = serde_json::from_slice(&known.stdout).expect("JSON");
    assert_eq!(known["packages"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_folder_that_has_something_in_it_is_left_alone() {
    let folder = Folder::new("scaffold-refused");
    fs::create_dir(folder.file("full")).expect("a folder");
    fs::write(folder.file("full/notes.txt"), "mine").expect("a file");
    fs::create_dir(folder.file("empty")).expect("a folder");
    for (arguments, status, complaint_start) in [
        (&["new", "full"][..], 1, "error: the folder `full` is not empty"),
        (&["new", "full/notes.txt"], 1, "error: `full/notes.txt` is there, and no folder"),
        (&["new", "full/notes.txt/x"], 1, "error: `full/notes.txt/x`: "),
        (
            &["new", "-s", "starter", "x"],
            2,
            "error: there is no scaffold `starter`; did you mean `aio_starter`?",
        ),
        (&["new", "x", "--path", "full"], 1, "error: `"),
        (&["new", "+"], 1, "error: `+` has no letter in it"),
        (&[], 2, "error: there is no command"),
    ] {
        let refused = aiopyramid(folder.path(), arguments);
        let complaint = complaint(&refused);
        assert_eq!(refused.status.code(), Some(status), "{arguments:?}: {complaint}");
        assert!(complaint.starts_with(complaint_start), "{arguments:?}: {complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
    assert_eq!(files_in(folder.path()), [Path::new("full/notes.txt")]);
    // An empty one is taken, also from inside.
    let made = aiopyramid(&folder.file("empty"), &["new", "."]);
    assert!(made.status.success(), "{}", complaint(&made));
    let manifest = fs::read_to_string(folder.file("empty/Cargo.toml")).expect("a file");
    assert!(manifest.contains("name = \"empty\""), "{manifest}");
}

#[test]
fn nothing_stays_of_a_project_that_could_not_be_written() {
    let folder = Folder::new("scaffold-half");
    let program = PROGRAM.display();
    for (script, wanted) in [
        // A limit that the smaller files keep.
        (format!("trap '' XFSZ; ulimit -f 4; exec '{program}' new a/deep/shop"), "error: cannot write "),
        (format!("exec '{program}' new shop > /dev/full"), "error: cannot print: "),
        (format!("set -o pipefail; '{program}' new shop | true"), ""),
    ] {
        let failed = outside("bash", folder.path()).args(["-c", &script]).output().expect("bash");
        let complaint = complaint(&failed);
        assert!(complaint.starts_with(wanted), "{script}: {complaint}");
        // Whether the pipe is closed before the last line is written is chance.
        if !failed.status.success() {
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "{script}");
        }
        assert!(!failed.status.success() || wanted.is_empty(), "{script}");
    }
}

#[test]
fn the_program_explains_itself() {
    let here = checkout();
    let help = said(&aiopyramid(here, &["--help"]));
    for text in
        ["aiopyramid new shop", "aio_starter", "aio_websocket", "wiki", "--path CHECKOUT", "cargo test"]
    {
        assert!(help.contains(text), "{text}: {help}");
    }
    assert_eq!(
        said(&aiopyramid(here, &["--version"])),
        format!("aiopyramid {}\n", env!("CARGO_PKG_VERSION"))
    );
    let scaffolds = said(&aiopyramid(here, &["scaffolds"]));
    let names: Vec<_> = scaffolds.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["aio_starter", "aio_websocket", "wiki"]);
}

/// The first block of commands after a heading.
fn commands(path: &str, heading: &str) -> String {
    let text = fs::read_to_string(checkout().join(path)).expect("a text");
    let (_, after) = text.split_once(heading).expect("the heading");
    let (_, block) = after.split_once("```sh\n").expect("a block of commands");
    block.split_once("```").expect("its end").0.to_owned()
}

/// Types commands as they are, in a shell of somebody whose home is elsewhere. The last one serves.
fn type_in(commands: &str, home: &Path) -> Served {
    let mut shell = outside("bash", checkout());
    for (name, usual) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let kept = std::env::var_os(name).map(PathBuf::from);
        let usual = || std::env::home_dir().expect("a home").join(usual);
        shell.env(name, kept.unwrap_or_else(usual));
    }
    shell.env("HOME", home).env("AIOPYRAMID_LISTEN", "127.0.0.1:0").args(["-e", "-c", commands]);
    Served::by(shell)
}

#[test]
fn the_commands_of_the_readme_and_of_the_guide_lead_to_a_page() {
    let readme = commands("README.md", "## From nothing to a page");
    assert!(readme.lines().count() <= 4, "{readme}");
    let (readme, look) = readme.trim_end().rsplit_once('\n').expect("several");
    assert_eq!(look, "curl http://127.0.0.1:6543/");
    let guide = commands("runtime/src/guide/quick_start.md", "# A project");
    for commands in [readme, &guide] {
        let home = folder("home");
        let served = type_in(commands, home.path());
        let greeting = "Welcome to Aiopyramid for Rust.";
        assert_eq!(served.get("/").text(), format!("{greeting}\n"));
        browser::converse(1, async |browsers| {
            browsers[0].goto(&format!("http://{}/", served.address)).await;
            assert_eq!(browsers[0].lines().await, [greeting]);
        });
    }
}
