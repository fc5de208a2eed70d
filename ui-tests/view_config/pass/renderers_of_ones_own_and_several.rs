use aiopyramid::prelude::*;
use aiopyramid::view::JsonpRenderer;

mod csv {
    use aiopyramid::prelude::*;

    pub struct Csv;

    pub static CSV: Csv = Csv;

    impl<T: serde::Serialize> aiopyramid::Renderer<Vec<T>> for Csv {
        fn render(&self, rows: Vec<T>, request: &Request) -> Result<Response> {
            Ok(Response::text(format!("{} rows for {}", rows.len(), request.path())))
        }
    }
}

const JSONP: JsonpRenderer = JsonpRenderer::with_parameter("jsonp");

#[view_config(route = "/own", renderer = csv::CSV)]
async fn own() -> Vec<u32> {
    Vec::new()
}

#[view_config(route = "/own/fallible", renderer = csv::CSV)]
fn own_fallible() -> Result<Vec<u32>> {
    Ok(Vec::new())
}

#[view_config(route = "/own/response", renderer = csv::CSV)]
async fn own_response() -> Response {
    Response::no_content()
}

#[view_config(route = "/jsonp", renderer = "jsonp")]
async fn jsonp() -> Vec<u32> {
    Vec::new()
}

#[view_config(route = "/jsonp/own", renderer = JSONP)]
async fn jsonp_own() -> Vec<u32> {
    Vec::new()
}

#[view_config(route = "/several", renderer = ("string", "json", "jsonp"))]
async fn several() -> Result<String, HttpException> {
    Ok(String::new())
}

#[view_config(route = "/several/response", renderer = ("string", "json"))]
fn several_response() -> Response {
    Response::no_content()
}

fn main() {}
