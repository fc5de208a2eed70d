use aiopyramid::prelude::*;

#[use_executor("reports")]
async fn count(path: &str, name: &str) -> usize {
    path.len() + name.len()
}

fn main() {}
