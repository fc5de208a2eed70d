//! The application that the tests of this package ask over real sockets.
//!
//! A test never waits for time to pass: it waits for what the application [records](board::Board), and holds views up at gates
//! that it opens itself.

mod board;
mod bodies;
mod failures;
mod leaving;
mod methods;
mod threads;
mod websockets;

use aiopyramid::prelude::*;

use board::Board;

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.executor(PoolConfig::new("reports").threads(1));
    config.manage(Board::default());
    if let Some(folder) = config.settings().get("tested.folder").map(str::to_owned) {
        config.add_static_view("files", folder);
    }
    config.scan();
    Ok(())
}
