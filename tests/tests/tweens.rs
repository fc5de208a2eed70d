//! Tweens around views of a whole application: plain ones, coroutines, and layers of tower.

use std::sync::{Arc, Mutex};

use aiopyramid::executor::Executor;
use aiopyramid::prelude::*;
use aiopyramid::testing::Client;
use aiopyramid::tween::{Chain, IntoTween, LayerTween, Tween};
use aiopyramid::view::{Callable, CoroutineOrExecutor, View, ViewInfo, ViewMapper};
use http::header::{ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_ENCODING, ORIGIN};
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

#[derive(Clone, PartialEq, Debug)]
struct Seen(&'static str);

/// What the view sees of the request that came through all layers.
fn view(request: Request) -> Result<String> {
    request.set_extension(Seen("by the view"));
    let outside = request.extension::<Mark>().map(|mark| mark.0);
    let shelf = request.match_value("shelf").unwrap_or_default().to_owned();
    let text = format!("{shelf} {:?} {outside:?}", request.header("x-layer"));
    request.add_response_callback(|_, _| Ok(()));
    Ok(text + &" and a text that is long enough to be worth compressing".repeat(20))
}

#[derive(Clone)]
struct Mark(&'static str);

fn client(log: &Arc<Mutex<Vec<Option<Seen>>>>) -> Client {
    let outermost = {
        let log = Arc::clone(log);
        move |request: Request, next: BlockingNext| {
            request.set_extension(Mark("outside"));
            let answer = next.run(request.clone());
            log.lock().unwrap().push(request.extension::<Seen>());
            answer
        }
    };
    let failing = async |request: Request, next: Next| match request.header("x-fail") {
        Some(_) => Err(HttpException::forbidden().into()),
        None => next.run(request).await,
    };
    let value = http::HeaderValue::from_static("through");
    let name = http::HeaderName::from_static("x-layer");
    let mut config = Configurator::new();
    config.add_route("shelf", "/shelves/{shelf}");
    config.add_view(view).route("shelf").mapper(Around(vec![
        made(outermost),
        made(LayerTween::new(CompressionLayer::new())),
        made(LayerTween::new(CorsLayer::new().allow_origin(Any))),
        made(failing),
        made(LayerTween::new(SetRequestHeaderLayer::overriding(name, value))),
    ]));
    Client::new(&config.make_app().unwrap())
}
