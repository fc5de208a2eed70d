use aiopyramid::prelude::*;

#[aiopyramid::main]
fn main() -> Result<()> {
    Ok(())
}
