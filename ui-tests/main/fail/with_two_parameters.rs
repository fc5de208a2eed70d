use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main(config: &mut Configurator, workers: usize) -> Result<()> {
    config.scan();
    println!("{workers}");
    Ok(())
}
