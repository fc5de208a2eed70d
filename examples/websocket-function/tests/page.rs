//! The page, in a real browser.

#[path = "../../../tests/tests/support/browser.rs"]
mod browser;
#[path = "../../../tests/tests/support/front.rs"]
mod front;
#[path = "../../../tests/tests/support/peer.rs"]
mod peer;
#[path = "../../../tests/tests/support/site.rs"]
mod site;

use browser::Browser;
use front::Front;
use peer::peer;
use site::Site;

#[test]
fn the_page_shows_how_its_socket_lived() {
    let site = Site::start(env!("CARGO_BIN_EXE_websocket-function"), &[]);
    browser::converse(1, async |browsers| {
        let browser = &browsers[0];
        browser.goto(&site.url("/")).await;
        browser.sees("h1", "Echo, by a function").await;
        browser.sees("li", "DISCONNECTED").await;
        let expected =
            ["CONNECTED", "SENT: Aiopyramid rocks!", "RESPONSE: Aiopyramid rocks!", "DISCONNECTED"];
        assert_eq!(browser.texts("li").await, expected);
        browser.picture("websocket-function.png").await;
    });
}

/// The lines that the page writes while its socket lives, in order.
async fn shows_its_life(browser: &Browser, url: &str) {
    browser.goto(url).await;
    browser.sees("h1", "Echo, by a function").await;
    browser.sees("li", "DISCONNECTED").await;
    let expected = ["CONNECTED", "SENT: Aiopyramid rocks!", "RESPONSE: Aiopyramid rocks!", "DISCONNECTED"];
    assert_eq!(browser.texts("li").await, expected);
}

#[test]
fn the_page_works_below_a_path_and_where_it_is_encrypted() {
    let (Some(nginx), Some(openssl)) = (peer("nginx"), peer("openssl")) else {
        return;
    };
    let site = Site::start(env!("CARGO_BIN_EXE_websocket-function"), &[]);
    let front = Front::start((&nginx, &openssl), site.address());
    browser::converse(1, async |browsers| {
        shows_its_life(&browsers[0], &front.url()).await;
    });
}
