//! Real browsers: headless Chromium, driven by `ChromeDriver`.
//!
//! A file of its own without the rest of this folder, so that the tests of examples can have it too:
//! `#[path = "../../../tests/tests/support/browser.rs"] mod browser;`, with `peer` beside it.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use futures_util::FutureExt;
use futures_util::future::join_all;
use hyper_util::client::legacy::connect::HttpConnector;

use super::peer::peer;

/// Long enough for anything that happens at all.
const EVENTUALLY: Duration = Duration::from_mins(1);

/// What Chromium is started with. It must not look for anything outside, and as root it has no sandbox.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--ignore-certificate-errors",
    "--window-size=1100,760",
];

/// Opens so many browsers that know nothing of each other, and closes them when the conversation is over, however it ends. Does
/// nothing where Chromium or its driver are missing and may be, and then returns false.
pub(crate) fn converse<F>(browsers: usize, conversation: impl FnOnce(Vec<Browser>) -> F) -> bool
where
    F: Future<Output = ()>,
{
    let (Some(chromium), Some(driver)) = (peer("chromium"), peer("chromedriver")) else { return false };
    let driver = Driver::start(&driver);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event loop");
    runtime.block_on(async {
        let opened = join_all((0..browsers).map(|_| driver.open(&chromium))).await;
        let outcome = AssertUnwindSafe(conversation(opened.clone())).catch_unwind().await;
        for browser in opened {
            // What cannot be closed is gone.
            let _ = browser.0.close().await;
        }
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
    true
}

/// One browser, with a profile of its own.
#[derive(Clone)]
pub(crate) struct Browser(Client);

impl Browser {
    /// Goes to a page, and waits until it is loaded.
    pub(crate) async fn goto(&self, url: &str) {
        self.0.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Waits for an element, named as in a style sheet, that has this text somewhere in it.
    pub(crate) async fn sees(&self, selector: &str, text: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])].some((e) => e.textContent.includes(arguments[1]))";
        self.until(script, &[selector, text]).await;
    }

    /// Waits until a script, the body of a function, returns true.
    pub(crate) async fn until(&self, script: &str, arguments: &[&str]) {
        let deadline = tokio::time::Instant::now() + EVENTUALLY;
        while self.run(script, arguments).await != true {
            if tokio::time::Instant::now() > deadline {
                let page = self.run("return document.body.innerText", &[]).await;
                panic!("{arguments:?} does not come to be on the page: {page}");
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// What a script, the body of a function, returns.
    pub(crate) async fn run(&self, script: &str, arguments: &[&str]) -> serde_json::Value {
        let arguments = arguments.iter().map(|text| (*text).into()).collect();
        self.0.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// What can be read on the page, line by line; how far words are apart is not told.
    pub(crate) async fn lines(&self) -> Vec<String> {
        let text = self.run("return document.body.innerText", &[]).await;
        let lines = text.as_str().expect("a text").lines();
        let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        words.filter(|line| !line.is_empty()).collect()
    }

    /// The texts of all such elements, in order.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent.trim())";
        serde_json::from_value(self.run(script, &[selector]).await).expect("texts")
    }

    /// Types where the cursor is; `\n` is the key.
    pub(crate) async fn types_on(&self, text: &str) {
        let typed = async { self.0.active_element().await?.send_keys(text).await };
        typed.await.unwrap_or_else(|error: CmdError| panic!("{text}: {error}"));
    }

    /// Types into a field, as at a keyboard; `\n` is the key.
    pub(crate) async fn types(&self, selector: &str, text: &str) {
        let typed = async {
            self.0.wait().at_most(EVENTUALLY).for_element(Locator::Css(selector)).await?.send_keys(text).await
        };
        typed.await.unwrap_or_else(|error: CmdError| panic!("{selector}: {error}"));
    }

    /// Clicks.
    pub(crate) async fn click(&self, selector: &str) {
        let clicked = async {
            self.0.wait().at_most(EVENTUALLY).for_element(Locator::Css(selector)).await?.click().await
        };
        clicked.await.unwrap_or_else(|error: CmdError| panic!("{selector}: {error}"));
    }

    /// Where it is.
    pub(crate) async fn url(&self) -> String {
        self.0.current_url().await.expect("an address").to_string()
    }

    /// Keeps a picture of the page in the folder that `BROWSER_PICTURES` names, for people; without it, does nothing.
    pub(crate) async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("BROWSER_PICTURES") {
            let picture = self.0.screenshot().await.expect("a picture");
            std::fs::write(PathBuf::from(folder).join(name), picture).expect("a file for a picture");
        }
    }
}

/// `ChromeDriver`, running until this is dropped.
struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    fn start(path: &PathBuf) -> Self {
        let mut process = Command::new(path)
            .args(["--port=0", "--allowed-ips=127.0.0.1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver starts");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            Some(port.trim_end_matches('.').to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: format!("http://127.0.0.1:{}", port.expect("it says its port")) }
    }

    async fn open(&self, chromium: &PathBuf) -> Browser {
        let wanted = serde_json::json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": chromium, "args": FLAGS },
        });
        let serde_json::Value::Object(wanted) = wanted else { unreachable!("it is an object") };
        let browser =
            ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&self.address).await;
        Browser(browser.expect("a browser"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
