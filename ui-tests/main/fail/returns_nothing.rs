use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main(config: &mut Configurator) {
    config.scan();
}
