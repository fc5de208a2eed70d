use aiopyramid::prelude::*;

#[notfound_view_config(context = HttpException)]
async fn missing() -> &'static str {
    "missing"
}

fn main() {}
