//! Two real browsers that see what each other does: with `SQLite` in one process, and in two that share `PostgreSQL` and Redis.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/postgresql.rs"]
mod postgresql;
#[path = "../../../tests/tests/support/redis.rs"]
mod redis;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use std::path::PathBuf;

use browser::Browser;
use postgresql::Postgresql;
use redis::Redis;
use site::Site;

const TODO: &str = env!("CARGO_BIN_EXE_todo");

/// A folder for a database, which is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("aiopyramid-todo-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// The setting that names the database.
    fn database(&self) -> String {
        format!("todo.database={}", self.0.join("todo.sqlite").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until these tasks are on the page, in this order; a `+` before those that are done.
async fn shows(browser: &Browser, tasks: &[&str]) {
    let script = "return JSON.stringify([...document.querySelectorAll('.mark')].map(
        (mark) => (mark.ariaChecked === 'true' ? '+' : '') + mark.textContent)) === arguments[0]";
    browser.until(script, &[&serde_json::to_string(tasks).expect("texts")]).await;
}

async fn look(browser: &Browser, site: &Site) {
    browser.goto(&site.url("/")).await;
    browser.sees("#status", "Live").await;
}

/// What Ann and Bob do, wherever they are.
async fn work(ann: &Browser, bob: &Browser) {
    ann.types("#title", "Water the plants\n").await;
    shows(ann, &["Water the plants"]).await;
    shows(bob, &["Water the plants"]).await;
    // The field is empty again, and takes the next one.
    ann.types("#title", "Call <b>Theo</b> & co\n").await;
    bob.types("#title", "Buy milk").await;
    shows(bob, &["Water the plants", "Call <b>Theo</b> & co"]).await;
    bob.types("#title", "\n").await;
    let all = ["Water the plants", "Call <b>Theo</b> & co", "Buy milk"];
    shows(ann, &all).await;
    shows(bob, &all).await;

    bob.click("#tasks li:nth-child(2) .mark").await;
    for browser in [ann, bob] {
        shows(browser, &["Water the plants", "+Call <b>Theo</b> & co", "Buy milk"]).await;
        browser.sees("#summary", "2 of 3 still to do").await;
    }
    ann.picture("todo.png").await;
    ann.click("#tasks li:nth-child(1) .remove").await;
    shows(bob, &["+Call <b>Theo</b> & co", "Buy milk"]).await;
    bob.click("#clear button").await;
    shows(ann, &["Buy milk"]).await;
}

#[test]
fn two_browsers_see_what_each_other_does() {
    let folder = Folder::new("one");
    // As the file says, but for where the list is kept.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/development.ini");
    let site = Site::start(TODO, &[file, &folder.database()]);
    browser::converse(2, async |browsers| {
        let [ann, bob] = &browsers[..] else { unreachable!("two were opened") };
        look(ann, &site).await;
        look(bob, &site).await;
        work(ann, bob).await;

        // The focus stays where it is while others work, and does not get lost with what they remove.
        ann.run("document.querySelector('.remove').focus()", &[]).await;
        bob.click(".mark").await;
        shows(ann, &["+Buy milk"]).await;
        assert_eq!(ann.run("return document.activeElement.className", &[]).await, "remove");
        bob.click(".remove").await;
        shows(ann, &[]).await;
        assert_eq!(ann.run("return document.activeElement.id", &[]).await, "list");
        ann.sees("#summary", "Nothing is to be done.").await;
    });
}

#[test]
fn what_cannot_be_added_is_told_without_leaving_the_page() {
    let folder = Folder::new("refused");
    let site = Site::start(TODO, &[&folder.database()]);
    browser::converse(1, async |browsers| {
        let ann = &browsers[0];
        look(ann, &site).await;
        ann.run("window.still = true", &[]).await;
        ann.types("#title", "  \n").await;
        ann.sees("#error", "Say what is to be done.").await;
        assert_eq!(ann.run("return document.activeElement.id", &[]).await, "title");
        ann.types("#title", "Sleep\n").await;
        shows(ann, &["Sleep"]).await;
        ann.until("return !document.getElementById('error')", &[]).await;
        assert_eq!(ann.run("return window.still", &[]).await, true);
    });
}

#[test]
fn forms_do_without_the_script() {
    let folder = Folder::new("plain");
    let site = Site::start(TODO, &[&folder.database()]);
    browser::converse(1, async |browsers| {
        let ann = &browsers[0];
        // The script hears of no form on this page, so the browser sends it and goes on to the page that comes back.
        let deafen = async || {
            ann.until("return document.readyState === 'complete' && !window.deaf", &[]).await;
            ann.run(
                "addEventListener('submit', (event) => event.stopImmediatePropagation(), window.deaf = true)",
                &[],
            )
            .await;
        };
        ann.goto(&site.url("/")).await;
        deafen().await;
        ann.types("#title", "  \n").await;
        ann.sees("#error", "Say what is to be done.").await;
        for (step, expected) in [("Sleep\n", "Sleep"), (".mark", "+Sleep")] {
            deafen().await;
            if step.starts_with('.') {
                ann.click(step).await;
            } else {
                ann.types("#title", step).await;
            }
            shows(ann, &[expected]).await;
            ann.until("return !window.deaf", &[]).await;
            assert_eq!(ann.url().await, site.url("/"));
        }
        deafen().await;
        ann.click(".remove").await;
        shows(ann, &[]).await;
    });
}

#[test]
fn a_page_that_has_lost_the_server_catches_up() {
    let folder = Folder::new("back");
    let site = Site::start(TODO, &[&folder.database()]);
    browser::converse(2, async |browsers| {
        let [ann, bob] = &browsers[..] else { unreachable!("two were opened") };
        look(ann, &site).await;
        let address = site.address().to_owned();
        drop(site);
        ann.sees("#status", "Connection lost").await;
        // What cannot be sent stays in the field.
        ann.types("#title", "Sleep\n").await;
        let site = Site::start_at(TODO, &address, &[&folder.database()]);
        look(bob, &site).await;
        bob.types("#title", "Work\n").await;
        ann.sees(".mark", "Work").await;
        ann.sees("#status", "Live").await;
        ann.types("#title", "\n").await;
        shows(bob, &["Work", "Sleep"]).await;
    });
}

#[test]
fn two_browsers_see_each_other_through_two_processes_and_postgresql() {
    let (Some(postgresql), Some(redis)) = (Postgresql::start("browsers"), Redis::start()) else { return };
    let settings =
        [format!("todo.database={}", postgresql.url()), format!("websocket_rooms={}", redis.url())];
    // At the same time: only one of them can make the tables.
    let start = || Site::start(TODO, &[&settings[0], &settings[1]]);
    let (here, there) = std::thread::scope(|scope| {
        let there = scope.spawn(start);
        (start(), there.join().expect("it starts"))
    });
    browser::converse(2, async |browsers| {
        let [ann, bob] = &browsers[..] else { unreachable!("two were opened") };
        look(ann, &here).await;
        look(bob, &there).await;
        work(ann, bob).await;
    });
}
