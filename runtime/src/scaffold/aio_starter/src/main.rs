//! The application. `cargo run` serves it, `cargo run -- help` tells what else it can do.

mod views;

#[cfg(test)]
mod tests;

use aiopyramid::prelude::*;

/// Makes the application: takes up everything that is annotated, wherever it stands in the package.
#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}
