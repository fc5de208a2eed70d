use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main(mut config: Configurator) -> Result<()> {
    config.scan();
    Ok(())
}
