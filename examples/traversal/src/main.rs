//! Folders and documents in a database of `SQLite`, as a tree that paths lead through.
//!
//! Run with `cargo run -p traversal`, look at <http://127.0.0.1:6543/>. The database is a file in the folder for temporary files;
//! `cargo run -p traversal -- serve documents.database=FILE` takes another one.

mod pages;
mod store;
mod tree;

use aiopyramid::ApplicationCreated;
use aiopyramid::prelude::*;

use crate::store::Store;
use crate::tree::Cabinet;

/// The tables are made, and filled where there is nothing in them, before the first request is taken.
#[subscriber]
async fn prepare(event: &ApplicationCreated) -> Result<()> {
    let settings = event.app.application().settings();
    Store::open(settings.get("documents.database").unwrap_or_default()).prepare().await
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    let file = std::env::temp_dir().join("aiopyramid-documents.sqlite");
    config.set_default("documents.database", file.display());
    // Nothing is opened before it is needed.
    let store = Store::open(config.settings().get("documents.database").unwrap_or_default());
    config.manage(store.clone());
    config.set_root_factory(move |_| Cabinet::new(store.clone()));
    config.scan();
    Ok(())
}
