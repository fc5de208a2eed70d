//! What a test needs that is not there on every machine: servers, browsers and shells of others. Usable by the tests of examples
//! too, as `browser` is.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::PathBuf;

/// Says that a test is skipped, and what it lacks.
///
/// # Panics
/// Where the environment says that nothing may be lacking.
pub(crate) fn lacks(what: &str) {
    assert!(std::env::var_os("REQUIRE_PEERS").is_none(), "{what}");
    println!("skipped: {what}");
}

/// Where a program is; `None` where it is missing and may be.
pub(crate) fn peer(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = folders.map(|folder: PathBuf| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        lacks(&format!("`{name}` is not installed"));
    }
    found
}
