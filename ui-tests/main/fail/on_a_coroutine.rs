use aiopyramid::prelude::*;

#[aiopyramid::main]
async fn main(config: &mut Configurator) -> Result<()> {
    config.scan();
    Ok(())
}
