use aiopyramid::prelude::*;

/// Nothing is known of what it is rendered with; a function is missing all the same.
#[view_config(route = "/page", renderer = "./../templates/system/calls.jinja2")]
async fn page() -> Vec<u32> {
    Vec::new()
}

fn main() {}
