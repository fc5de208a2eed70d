//! A real browser: its form brings the token, its cookie the list.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use site::Site;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sessions-and-flash");

#[test]
fn a_list_is_written_and_forgotten_and_every_message_is_shown_once() {
    let site = Site::start(PROGRAM, &["session_secret=a-secret-for-the-tests-of-this-example"]);
    browser::converse(2, async |browsers| {
        let (ann, bob) = (&browsers[0], &browsers[1]);
        ann.goto(&site.url("/")).await;
        ann.types("#item", "Tea\n").await;
        ann.sees(".message", "Tea is on your list.").await;
        ann.types("#item", "Milk\n").await;
        ann.sees("#items", "Milk").await;
        ann.until("return document.querySelectorAll('.message').length === 1", &[]).await;
        // Another browser has a list of its own.
        bob.goto(&site.url("/")).await;
        bob.sees("main", "There is nothing on your list yet.").await;
        // A page that was loaded before the token changed is refused, and says so.
        ann.click("#forget").await;
        ann.sees(".message", "Your list is empty again.").await;
        ann.until("document.querySelector('[name=csrf_token]').value = 'old'; return true", &[]).await;
        ann.types("#item", "Bread\n").await;
        ann.sees(".warning", "Nothing was changed.").await;
    });
}
