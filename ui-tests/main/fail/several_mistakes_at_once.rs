use aiopyramid::prelude::*;

#[aiopyramid::main(workers = 4)]
async fn main() -> Result<()> {
    Ok(())
}
