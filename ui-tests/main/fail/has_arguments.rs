use aiopyramid::prelude::*;

#[aiopyramid::main(workers = 4)]
fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}
