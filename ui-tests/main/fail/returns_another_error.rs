use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main(config: &mut Configurator) -> std::result::Result<(), String> {
    config.scan();
    Ok(())
}
