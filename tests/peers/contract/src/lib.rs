//! What every peer shares: how it is told where to listen, the JSON shapes, and the blocking work.
//! Keeping these in one place makes sure that the peers differ in their framework and in nothing else.

#[cfg(feature = "tokio")]
pub mod rt;

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// Where to listen and with how many threads.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The loopback address with the port that `PORT` names.
    pub addr: SocketAddr,
    /// Worker threads: `WORKERS`, 1 unless told.
    pub workers: usize,
}

/// The settings that `bench.py` passes in the environment.
///
/// # Panics
///
/// Where `PORT` is not set: a peer started by hand should say so at once.
#[must_use]
pub fn settings() -> Settings {
    let port = env_number("PORT").expect("PORT must be set");
    Settings {
        addr: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        workers: env_number("WORKERS").unwrap_or(1),
    }
}

/// A number from the environment, or `None` where the variable is unset or not a number.
#[must_use]
pub fn env_number<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// True where the variable is set to `1`.
#[must_use]
pub fn env_flag(name: &str) -> bool {
    std::env::var(name).is_ok_and(|v| v == "1")
}

/// How many numbered routes, `/r0000/{x}` and on, a peer registers: `ROUTES`, 1000 unless told.
#[must_use]
pub fn numbered_routes() -> usize {
    env_number("ROUTES").unwrap_or(1000)
}

/// The folder whose files are served below `/files/`: `FILES`, or `None` where a peer was started without.
#[must_use]
pub fn files() -> Option<PathBuf> {
    std::env::var_os("FILES").map(PathBuf::from)
}

/// The body of `GET /plaintext`.
pub const HELLO: &str = "Hello, World!";

/// What a websocket at `/room` is sent when it has come into the room.
pub const GREETING: &str = "a";

/// The document of `GET /json`.
#[derive(Debug, Serialize)]
pub struct Message {
    /// [`HELLO`].
    pub message: &'static str,
}

/// What `GET /json` answers; to be serialised for each request.
pub const MESSAGE: Message = Message { message: HELLO };

/// What `GET /page` is rendered from, for each request, with the template `page.html.jinja2` beside this package's manifest.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Page {
    /// What the page is called.
    pub title: &'static str,
    /// The rows of its table.
    pub rows: &'static [Row],
}

/// A row of [`Page`].
#[allow(missing_docs, reason = "the fields have no meaning beyond their types")]
#[derive(Debug, Serialize)]
pub struct Row {
    pub number: u32,
    pub name: String,
    pub in_stock: bool,
}

/// The page of twenty rows; each name has a character that HTML escapes.
#[must_use]
pub fn page() -> Page {
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
        let row = |number| Row { number, name: format!("Tom & Jerry {number}"), in_stock: number % 3 > 0 };
        (1..=20).map(row).collect()
    });
    Page { title: "What there is", rows: &ROWS }
}

/// The document of `POST /echo-json`; `bench.py` sends one of about 1 KB with these fields in this order.
#[allow(missing_docs, reason = "the fields have no meaning beyond their types")]
#[derive(Debug, Serialize, Deserialize)]
pub struct Doc {
    pub id: u64,
    pub title: String,
    pub author: Author,
    pub tags: Vec<String>,
    pub scores: Vec<f64>,
    pub published: bool,
    pub body: String,
    pub parent: Option<u64>,
}

/// The object inside [`Doc`].
#[allow(missing_docs, reason = "the fields have no meaning beyond their types")]
#[derive(Debug, Serialize, Deserialize)]
pub struct Author {
    pub name: String,
    pub email: String,
    pub age: u32,
}

/// A few microseconds of arithmetic that the optimiser cannot fold away: what `GET /blocking` runs on the pool for
/// blocking work, and `GET /inline` where it stands.
#[must_use]
pub fn blocking_compute() -> u64 {
    let mut x = std::hint::black_box(0x9e37_79b9_7f4a_7c15_u64);
    for _ in 0..1000 {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    x
}

/// One millisecond of waiting: what `GET /blocking-sleep` runs on the pool.
#[must_use]
pub fn blocking_sleep() -> u64 {
    std::thread::sleep(std::time::Duration::from_millis(1));
    1
}

/// A folder of the tree that paths like `/d1/d2/d3` lead through: what it is called, and the folders in it.
#[derive(Debug)]
pub struct Folder {
    /// Its name, which `GET` of its path answers.
    pub name: String,
    /// What is in it, by name.
    pub folders: HashMap<String, Arc<Folder>>,
}

/// The root of a tree of folders, each with the next one in it: `/d1`, `/d1/d2` and so on, sixteen deep.
#[must_use]
pub fn tree() -> Arc<Folder> {
    fn below(depth: u32) -> HashMap<String, Arc<Folder>> {
        if depth == 16 {
            return HashMap::new();
        }
        let name = format!("d{}", depth + 1);
        HashMap::from([(name.clone(), Arc::new(Folder { name, folders: below(depth + 1) }))])
    }
    Arc::new(Folder { name: String::new(), folders: below(0) })
}

/// How the two path parameters of `/user/{id}/post/{slug}` are echoed.
#[must_use]
pub fn user_post(id: &str, slug: &str) -> String {
    let mut out = String::with_capacity(id.len() + slug.len() + 9);
    out.push_str("id=");
    out.push_str(id);
    out.push_str(" slug=");
    out.push_str(slug);
    out
}
