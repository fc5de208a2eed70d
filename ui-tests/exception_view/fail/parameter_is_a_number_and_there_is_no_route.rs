use aiopyramid::prelude::*;

#[notfound_view_config]
async fn missing(id: u64) -> String {
    id.to_string()
}

fn main() {}
