//! Each folder is looked at by itself, so all mistakes are shown at once.

use aiopyramid::prelude::*;

fn includeme(config: &mut Configurator) -> Result<()> {
    config.add_static_view("a", aiopyramid::embedded!("statics/of/nobody"));
    config.add_static_view("b", aiopyramid::embedded!("Cargo.toml"));
    config.add_static_view("c", aiopyramid::embedded!(""));
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.include(includeme)?;
    Ok(())
}
