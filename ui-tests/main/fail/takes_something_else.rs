use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main(config: &mut String) -> Result<()> {
    config.clear();
    Ok(())
}
