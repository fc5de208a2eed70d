//! Things to do: a list that all who look at it share, and see change while they look.
//!
//! Run with `cargo run -p todo`, look at <http://127.0.0.1:6543/> in two windows. The list is kept in a database of `SQLite`, a file
//! in the folder for temporary files; `cargo run -p todo -- serve todo.database=postgres://USER@HOST/DATABASE` keeps it in
//! `PostgreSQL`. `development.ini` says such things in a file: `cargo run -p todo -- serve examples/todo/development.ini`.
//!
//! Forms do everything, so the page works where there is no JavaScript. Where there is, `static/todo.js` sends the same forms without
//! leaving the page, and a websocket brings what others do.

mod live;
mod pages;
mod store;
mod task;
#[cfg(test)]
mod tests;

use aiopyramid::ApplicationCreated;
use aiopyramid::prelude::*;

use crate::store::Store;

/// The tables are made before the first request is taken.
#[subscriber]
async fn prepare(event: &ApplicationCreated) -> Result<()> {
    Store::of(event.app.application().settings())?.prepare().await
}

fn includeme(config: &mut Configurator) -> Result<()> {
    let file = std::env::temp_dir().join("aiopyramid-todo.sqlite");
    config.set_default("todo.database", file.display());
    let store = Store::of(config.settings())?;
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
