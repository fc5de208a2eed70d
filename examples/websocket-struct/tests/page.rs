//! The page, in a real browser.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use site::Site;

#[test]
fn the_page_shows_how_its_socket_lived() {
    let site = Site::start(env!("CARGO_BIN_EXE_websocket-struct"), &[]);
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&site.url("/")).await;
        browser.sees("h1", "Echo, by a struct").await;
        browser.sees("li", "DISCONNECTED").await;
        let expected =
            ["CONNECTED", "SENT: Aiopyramid rocks!", "RESPONSE: Aiopyramid rocks!", "DISCONNECTED"];
        assert_eq!(browser.texts("li").await, expected);
        browser.picture("websocket-struct.png").await;
    });
}
