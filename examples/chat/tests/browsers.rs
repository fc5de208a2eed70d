//! Two real browsers that talk to each other: in one process, and in two that share their rooms over Redis.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/redis.rs"]
mod redis;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use std::path::PathBuf;

use browser::Browser;
use redis::Redis;
use site::Site;

const CHAT: &str = env!("CARGO_BIN_EXE_chat");

/// A folder for a database, which is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("aiopyramid-chat-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    /// The setting that names the database.
    fn database(&self) -> String {
        format!("chat.database={}", self.0.join("chat.sqlite").display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Goes into a room under a name.
async fn come_in(browser: &Browser, site: &Site, name: &str) {
    browser.goto(&site.url("/rooms/tea")).await;
    browser.types("#name", &format!("{name}\n")).await;
    browser.sees("#status", "connected").await;
    browser.sees("#people li", &format!("{name} (you)")).await;
}

async fn say(browser: &Browser, text: &str) {
    browser.types("#text", &format!("{text}\n")).await;
}

/// What Ann and Bob do, wherever they are.
async fn talk(ann: &Browser, bob: &Browser, (here, there): (&Site, &Site)) {
    come_in(ann, here, "Ann").await;
    say(ann, "Is anybody here?").await;
    ann.sees(".message.mine .text", "Is anybody here?").await;

    come_in(bob, there, "Bob").await;
    bob.sees(".message .text", "Is anybody here?").await;
    ann.sees("#people li", "Bob").await;
    bob.sees("#people li", "Ann").await;

    say(bob, "I am. <b>Hello</b> & welcome!").await;
    ann.sees(".message .text", "I am. <b>Hello</b> & welcome!").await;
    say(ann, "How nice.").await;
    say(ann, "Tea?").await;
    bob.sees(".message .text", "Tea?").await;
    let expected = ["Is anybody here?", "I am. <b>Hello</b> & welcome!", "How nice.", "Tea?"];
    for browser in [ann, bob] {
        assert_eq!(browser.texts(".message .text").await, expected);
    }
}

#[test]
fn two_browsers_talk_to_each_other() {
    let folder = Folder::new("one");
    let site = Site::start(CHAT, &[&folder.database()]);
    browser::converse(2, async |browsers| {
        let [ann, bob] = &browsers[..] else { unreachable!("two were opened") };
        talk(ann, bob, (&site, &site)).await;
        ann.picture("chat.png").await;
        bob.goto(&site.url("/")).await;
        ann.until("return document.querySelectorAll('#people li').length === 1", &[]).await;
        bob.goto(&site.url("/")).await;
        bob.sees(".rooms li", "1 here").await;
        bob.picture("chat-lobby.png").await;
    });
}

#[test]
fn a_browser_comes_back_when_the_server_does() {
    let folder = Folder::new("back");
    let site = Site::start(CHAT, &[&folder.database()]);
    browser::converse(1, async |browsers| {
        let ann = &browsers[0];
        come_in(ann, &site, "Ann").await;
        say(ann, "one").await;
        ann.sees(".message .text", "one").await;
        let address = site.address().to_owned();
        drop(site);
        ann.sees("#status", "connection lost").await;
        let _site = Site::start_at(CHAT, &address, &[&folder.database()]);
        ann.sees("#status", "connected").await;
        say(ann, "two").await;
        ann.sees(".message .text", "two").await;
        assert_eq!(ann.texts(".message .text").await, ["one", "two"]);
    });
}

#[test]
fn two_browsers_talk_to_each_other_through_two_processes() {
    let Some(redis) = Redis::start() else { return };
    let folder = Folder::new("two");
    let rooms = format!("websocket_rooms={}", redis.url());
    let start = || Site::start(CHAT, &[&folder.database(), &rooms]);
    let (here, there) = (start(), start());
    browser::converse(2, async |browsers| {
        let [ann, bob] = &browsers[..] else { unreachable!("two were opened") };
        talk(ann, bob, (&here, &there)).await;
    });
}
