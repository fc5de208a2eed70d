use aiopyramid::prelude::*;

struct Csv;

static CSV: Csv = Csv;

impl aiopyramid::Renderer<Vec<u32>> for Csv {
    fn render(&self, rows: Vec<u32>, _: &Request) -> Result<Response> {
        Ok(Response::text(format!("{rows:?}")))
    }
}

#[view_config(route = "/stock", renderer = CSV)]
async fn stock() -> Vec<String> {
    Vec::new()
}

fn main() {}
