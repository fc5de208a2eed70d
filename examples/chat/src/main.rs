//! Rooms to talk in: who is there, what was said, also where several processes serve the same rooms.
//!
//! Run with `cargo run -p chat`, look at <http://127.0.0.1:6543/> in two windows. What is said is kept in a database of `SQLite`,
//! a file in the folder for temporary files; `cargo run -p chat -- serve chat.database=FILE` takes another one.
//!
//! With `websocket_rooms=redis://127.0.0.1/` several processes that have the same database share their rooms.

mod lobby;
mod message;
mod room;
mod store;

use aiopyramid::ApplicationCreated;
use aiopyramid::prelude::*;

use crate::store::Store;

/// The tables are made before the first request is taken.
#[subscriber]
async fn prepare(event: &ApplicationCreated) -> Result<()> {
    let settings = event.app.application().settings();
    Store::open(settings.get("chat.database").unwrap_or_default()).prepare().await
}

fn includeme(config: &mut Configurator) -> Result<()> {
    let file = std::env::temp_dir().join("aiopyramid-chat.sqlite");
    config.set_default("chat.database", file.display());
    // Nothing is opened before it is needed.
    let store = Store::open(config.settings().get("chat.database").unwrap_or_default());
    config.manage(store);
    config.add_static_view("static", "static");
    config.scan();
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.include(includeme)?;
    Ok(())
}
