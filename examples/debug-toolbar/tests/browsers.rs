//! The toolbar, in a real browser.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use site::Site;

#[test]
fn the_button_leads_to_all_that_is_known_of_a_request() {
    let site = Site::start(env!("CARGO_BIN_EXE_debug-toolbar"), &["includes=aiopyramid::toolbar"]);
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&site.url("/report")).await;
        let record = browser.run("return document.querySelector('.aiopyramid-toolbar').href", &[]).await;
        let record = record.as_str().expect("an address");
        browser.goto(&format!("{record}/shelf")).await;
        browser.sees("tr", "looked3").await;
        browser.goto(&format!("{record}/performance")).await;
        browser.sees("td", "aio-default-").await;
        browser.goto(&site.url("/broken")).await;
        browser.sees(".error", "ParseIntError: invalid digit").await;
        browser.sees(".source .here", "\"two\".parse()?").await;
    });
}
