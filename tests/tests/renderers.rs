//! What makes a response of a value that is none.

use aiopyramid::prelude::*;
use aiopyramid::testing::run_test;
use aiopyramid::{Renderer, StatusCode};

#[view_config(route = "/jsonp", renderer = "jsonp")]
async fn jsonp() -> Vec<&'static str> {
    vec!["a\u{2028}b"]
}

/// Lines with the path in front.
struct Lines;

static LINES: Lines = Lines;

impl Renderer<Vec<u32>> for Lines {
    fn render(&self, rows: Vec<u32>, request: &Request) -> Result<Response> {
        if rows.is_empty() {
            return Err(HttpException::not_found().with_detail("no rows").into());
        }
        Ok(Response::text(format!("{}: {rows:?}", request.path())))
    }
}

#[view_config(route = "/lines/{count}", renderer = LINES)]
fn lines(count: u32) -> Vec<u32> {
    (0..count).collect()
}

#[view_config(route = "/several", renderer = ("string", "json"))]
async fn several() -> &'static str {
    "hello"
}

#[view_config(route = "/several/response", renderer = ("string", "json"))]
async fn several_response() -> Response {
    Response::no_content()
}

fn scan(config: &mut Configurator) -> Result<()> {
    config.scan_module(module_path!());
    Ok(())
}

#[test]
fn a_script_calls_the_function_that_the_query_names() {
    run_test(scan, |client| async move {
        let script = client.get("/jsonp?callback=shelves%5B0%5D.show").await;
        assert_eq!(script.header("content-type"), "application/javascript");
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        assert_eq!(script.text(), r#"/**/shelves[0].show(["a\u2028b"]);"#);
        let plain = client.get("/jsonp").await;
        assert_eq!(plain.header("content-type"), "application/json");
        assert_eq!(plain.text(), "[\"a\u{2028}b\"]");
    });
}

#[test]
fn what_names_no_function_is_refused_and_not_repeated() {
    run_test(scan, |client| async move {
        for callback in ["", "ab(", "alert(1)//", "%3Cscript%3E", "a.", "1a"] {
            let refused = client.get(&format!("/jsonp?callback={callback}")).await;
            assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{callback}");
            assert!(!refused.text().contains("alert") && !refused.text().contains("script"), "{callback}");
        }
    });
}

#[test]
fn a_renderer_of_ones_own_sees_the_request_and_may_fail() {
    run_test(scan, |client| async move {
        assert_eq!(client.get("/lines/2").await.text(), "/lines/2: [0, 1]");
        assert_eq!(client.get("/lines/0").await.status(), 404);
    });
}

#[test]
fn the_client_chooses_among_several_renderers_and_is_never_sent_away() {
    run_test(scan, |client| async move {
        for (accept, media_type) in [
            ("application/json", "application/json"),
            ("text/plain;q=0.1, application/json;q=0.2", "application/json"),
            ("application/*", "application/json"),
            ("*/*", "text/plain; charset=UTF-8"),
            ("image/png", "text/plain; charset=UTF-8"),
            ("nonsense", "text/plain; charset=UTF-8"),
        ] {
            let page = client.get("/several").accept(accept).await;
            assert_eq!(page.header("content-type"), media_type, "{accept}");
            assert_eq!(page.header("vary"), "Accept", "{accept}");
        }
        assert_eq!(client.get("/several").await.text(), "hello");
        assert_eq!(client.get("/several/response").await.status(), 204);
    });
}
