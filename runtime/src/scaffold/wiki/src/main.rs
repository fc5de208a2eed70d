//! A wiki: pages that everybody may read, link and change. `cargo run` serves it, `cargo run --
//! help` tells what else it can do.

mod store;
mod text;
mod views;

#[cfg(test)]
mod tests;

use aiopyramid::ApplicationCreated;
use aiopyramid::prelude::*;

use crate::store::Store;

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.set_default("wiki.database", "wiki.sqlite");
    let file = config.settings().get("wiki.database").unwrap_or_default();
    // Nothing is opened before it is needed.
    let store = Store::open(file);
    configure(config, store)
}

/// Makes the application over a database.
fn configure(config: &mut Configurator, store: Store) -> Result<()> {
    config.manage(store.clone());
    // The table is there before the first request is taken.
    config.add_subscriber(move |_: &ApplicationCreated| {
        let store = store.clone();
        async move { store.prepare().await }
    });
    config.scan();
    Ok(())
}
