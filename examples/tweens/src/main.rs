//! Coroutines and plain functions around everything, nested as one likes, with layers of tower's among them.
//!
//! Run with `cargo run -p tweens`, then `curl -i http://127.0.0.1:6543/`: the header `x-passed` says what the request went through.
//!
//! `cargo run -p tweens -- tweens` prints the order. The setting `tweens` says another one, and leaves out what it does not list:
//! `cargo run -p tweens -- serve tweens='timed a4 s1 EXCVIEW'`.

use std::time::Instant;

use aiopyramid::prelude::*;
use aiopyramid::tween::LayerTween;
use aiopyramid::{HeaderValue, StatusCode};
use http::Method;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};

/// A plain function: it runs in a pool of threads, may block, and calls the next one as it would call any function.
#[tween(over = a2)]
fn s1(request: Request, next: BlockingNext) -> Result<Response> {
    passed(next.run(request)?, "S1")
}

/// A coroutine: it is polled on the event loop.
#[tween(over = s3)]
async fn a2(request: Request, next: Next) -> Result<Response> {
    passed(next.run(request).await?, "A2")
}

/// Neither can tell what is inside of it: this one stands inside of a coroutine, and around another.
#[tween(over = a4)]
fn s3(request: Request, next: BlockingNext) -> Result<Response> {
    passed(next.run(request)?, "S3")
}

/// Over `EXCVIEW`, which asks the exception views, errors have become responses already.
#[tween(over = EXCVIEW)]
async fn a4(request: Request, next: Next) -> Result<Response> {
    passed(next.run(request).await?, "A4")
}

/// How long it all took, for the developer's tools of a browser.
#[tween(over = s1)]
async fn timed(request: Request, next: Next) -> Result<Response> {
    let begun = Instant::now();
    let response = next.run(request).await?;
    let milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    response.with_header("server-timing", &format!("app;dur={milliseconds:.3}"))
}

/// Puts a name before those that are there: a response comes to the innermost tween first.
fn passed(response: Response, name: &str) -> Result<Response> {
    let inner = response.headers().get("x-passed").and_then(|value| value.to_str().ok());
    let names = inner.map_or_else(|| name.to_owned(), |inner| format!("{name} {inner}"));
    response.with_header("x-passed", &names)
}

#[view_config(route = "/")]
async fn home() -> &'static str {
    "Look at the headers.\n"
}

/// Long enough to be compressed.
#[view_config(route = "/poem")]
async fn poem() -> String {
    "Rose is a rose is a rose is a rose.\n".repeat(100)
}

#[view_config(route = "/broken")]
fn broken() -> Result<String> {
    Ok(std::fs::read_to_string("/there/is/no/such/file")?)
}

/// Called by `EXCVIEW`, so that what stands over that sees a response.
#[exception_view_config]
async fn no_such_file(_: &std::io::Error) -> (StatusCode, &'static str) {
    (StatusCode::SERVICE_UNAVAILABLE, "It is being looked for.\n")
}

fn includeme(config: &mut Configurator) -> Result<()> {
    config.scan();
    let origin = HeaderValue::from_static("https://shop.example");
    let cors = CorsLayer::new().allow_origin(origin).allow_methods([Method::GET]).allow_headers(Any);
    config.add_tween(LayerTween::new(cors)).name("cors").over("timed");
    config.add_tween(LayerTween::new(CompressionLayer::new())).name("compression").over("cors");
    Ok(())
}

#[aiopyramid::main]
fn main(config: &mut Configurator) -> Result<()> {
    config.include(includeme)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use aiopyramid::prelude::*;
    use aiopyramid::testing::Client;

    use super::includeme;

    #[aiopyramid::test(configure = includeme)]
    async fn tweens_of_both_kinds_are_passed_in_their_order(client: Client) {
        let home = client.get("/").await;
        assert_eq!((home.text(), home.header("x-passed")), ("Look at the headers.\n", "S1 A2 S3 A4"));
        assert!(home.header("server-timing").starts_with("app;dur="), "{home:?}");
    }

    #[aiopyramid::test(configure = includeme)]
    async fn an_error_passes_them_as_a_response(client: Client) {
        let broken = client.get("/broken").await;
        assert_eq!((broken.status().as_u16(), broken.header("x-passed")), (503, "S1 A2 S3 A4"));
    }

    fn in_another_order(config: &mut Configurator) -> Result<()> {
        config.set_default("tweens", "a4 s1 EXCVIEW").include(includeme)?;
        Ok(())
    }

    #[aiopyramid::test(configure = in_another_order)]
    async fn the_setting_says_another_order(client: Client) {
        let home = client.get("/").await;
        assert_eq!((home.header("x-passed"), home.header("server-timing")), ("A4 S1", ""));
    }
}
