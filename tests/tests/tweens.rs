//! Tweens around a view: plain ones, coroutines, and layers of tower.

use std::sync::{Arc, Mutex};

use aiopyramid::executor::Executor;
use aiopyramid::prelude::*;
use aiopyramid::testing::{Client, TestResponse};
use aiopyramid::tween::{Chain, IntoTween, LayerTween, Tween};
use aiopyramid::view::{Callable, CoroutineOrExecutor, View, ViewInfo, ViewMapper};
use http::{HeaderName, HeaderValue};
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetRequestHeaderLayer;

/// Puts tweens around a single view.
struct Around(Vec<Arc<dyn Tween>>);

impl ViewMapper for Around {
    fn map(&self, view: Callable, info: &ViewInfo<'_>) -> Result<View> {
        Ok(Chain::new(self.0.iter().cloned()).around(CoroutineOrExecutor.map(view, info)?))
    }
}

fn made<M>(tween: impl IntoTween<M>) -> Arc<dyn Tween> {
    tween.into_tween().tween(Executor::process_wide().default_pool())
}

/// What is attached outside of the layers.
#[derive(Clone)]
struct Outside(&'static str);

/// What is attached inside of them.
#[derive(Clone, Debug, PartialEq)]
struct Inside(&'static str);

/// Says what came through all layers. A plain function, so that its body was read before.
fn view(request: Request) -> Result<String> {
    request.set_extension(Inside("by the view"));
    let shelf = request.match_value("shelf").unwrap_or_default().to_owned();
    let layer = request.header("x-layer").unwrap_or_default().to_owned();
    let outside = request.extension::<Outside>().map_or("nothing", |outside| outside.0);
    let body = request.body_bytes()?;
    Ok(format!("{shelf}, {layer}, {outside}, {}", String::from_utf8_lossy(&body)))
}

/// Answers to one request, and what the outermost tween found attached to it afterwards.
fn ask(ask: impl AsyncFnOnce(Client) -> TestResponse) -> (TestResponse, Option<Inside>) {
    let found = Arc::new(Mutex::new(None));
    let outermost = {
        let found = Arc::clone(&found);
        move |request: Request, next: BlockingNext| {
            request.set_extension(Outside("attached outside"));
            let answer = next.run(request.clone());
            *found.lock().unwrap() = request.extension::<Inside>();
            answer
        }
    };
    let closed = async |request: Request, next: Next| match request.header("x-closed") {
        Some(_) => Err(HttpException::forbidden().into()),
        None => next.run(request).await,
    };
    let (name, value) = (HeaderName::from_static("x-layer"), HeaderValue::from_static("by a layer"));
    let mut config = Configurator::new();
    config.add_route("shelf", "/shelves/{shelf}");
    config.add_view(view).route("shelf").mapper(Around(vec![
        made(outermost),
        made(LayerTween::new(CompressionLayer::new())),
        made(LayerTween::new(CorsLayer::new().allow_origin(Any))),
        made(closed),
        made(LayerTween::new(SetRequestHeaderLayer::overriding(name, value))),
    ]));
    let client = Client::new(config.make_app().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(ask(client));
    let found = found.lock().unwrap().take();
    (answer, found)
}

#[test]
fn layers_of_tower_change_requests_and_responses_and_keep_what_else_a_request_knows() {
    let (answer, inside) = ask(async |client| {
        client.post("/shelves/seven").header("origin", "http://example.com").body("the body").await
    });
    assert_eq!(answer.text(), "seven, by a layer, attached outside, the body");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(inside, Some(Inside("by the view")));
}

#[test]
fn a_layer_compresses_what_is_inside_of_it() {
    let long = "a text that is repeated, ".repeat(100);
    let body = long.clone();
    let (answer, _) =
        ask(async |client| client.post("/shelves/1").header("accept-encoding", "gzip").body(body).await);
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert_eq!(answer.bytes()[..2], [0x1f, 0x8b]);
    assert!(answer.bytes().len() < long.len() / 4, "{} bytes", answer.bytes().len());
}

#[test]
fn an_error_keeps_its_type_through_layers() {
    let (answer, inside) = ask(async |client| client.get("/shelves/1").header("x-closed", "yes").await);
    assert_eq!(answer.status(), 403);
    assert_eq!(inside, None);
}

#[test]
fn a_layer_that_answers_itself_calls_nothing_inside() {
    let (answer, inside) = ask(async |client| {
        let preflight = client.request(http::Method::OPTIONS, "/shelves/1");
        preflight.header("origin", "http://example.com").header("access-control-request-method", "PUT").await
    });
    assert_eq!((answer.status().as_u16(), answer.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(inside, None);
}
