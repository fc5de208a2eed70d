//! Services of tower's inside an application, and an application inside of one.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use aiopyramid::prelude::*;
use aiopyramid::testing::Client;
use aiopyramid::{App, Body, ConnectionInfo};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery};
use axum::http::{HeaderMap, Uri};
use axum::routing::{any, get, post};
use http::Method;
use http_body_util::{BodyExt, Channel, Full};
use tower_service::Service;

/// Runs a test on an event loop of its own.
fn run<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

fn mounted<S, B>(path: &str, service: S) -> Client
where
    S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    Client::configured(|config| {
        config.mount(path, service);
        config.add_route("rest", "/*rest");
        config.add_view(async || "ours").route("rest");
        Ok(())
    })
    .unwrap()
}

async fn seen(method: Method, uri: Uri, RawQuery(query): RawQuery, headers: HeaderMap) -> String {
    let name = headers.get("x-name").and_then(|name| name.to_str().ok()).unwrap_or("-");
    format!("{method} {} {} {name}", uri.path(), query.unwrap_or_default())
}

fn router() -> Router {
    Router::new()
        .route("/", any(seen))
        .route("/seen", any(seen))
        .route("/users/{name}", get(|Path(name): Path<String>| async move { name }))
        .route("/length", post(|body: Bytes| async move { body.len().to_string() }))
}

#[test]
fn a_router_of_axum_answers_below_its_path_and_sees_what_is_below() {
    run(async {
        let client = mounted("/axum", router());
        for (target, expected) in [
            ("/axum", "GET /  -"),
            ("/axum/", "GET /  -"),
            ("/axum?a=1", "GET / a=1 -"),
            ("/axum/seen?b=%2F&c", "GET /seen b=%2F&c -"),
            ("/%61xum/seen", "GET /seen  -"),
            ("/axum/users/Ann%20B%2Fc", "Ann B/c"),
            ("/axums", "ours"),
            ("/", "ours"),
        ] {
            assert_eq!(client.get(target).await.text(), expected, "{target}");
        }
        let patched = client.request(Method::PATCH, "/axum/seen").header("x-name", "Ann").await;
        assert_eq!(patched.text(), "PATCH /seen  Ann");
        assert_eq!(client.get("/axum/none").await.status(), 404);
        assert_eq!(client.get("/axum/length").await.status(), 405);
        assert_eq!(client.post("/axum/length").body("twelve bytes").await.text(), "12");
    });
}

#[test]
fn a_prefix_is_that_of_the_include_and_the_root_is_a_path_too() {
    run(async {
        let client = Client::configured(|config| {
            config.include_at("/{tenant}", |config| {
                config.mount("/api/v1/", router());
                Ok(())
            })?;
            config.mount("/", router());
            Ok(())
        })
        .unwrap();
        assert_eq!(client.get("/acme/api/v1/seen").await.text(), "GET /seen  -");
        assert_eq!(client.get("/a%20b/api/v1").await.text(), "GET /  -");
        assert_eq!(client.get("/seen").await.text(), "GET /seen  -");
        assert_eq!(client.get("/").await.text(), "GET /  -");
    });
}

/// Answers each piece of the body when it comes.
#[derive(Clone)]
struct Echo;

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        std::future::ready(Ok(http::Response::new(request.into_body())))
    }
}

#[test]
fn bodies_stream_in_both_directions() {
    run(async {
        let client = mounted("/echo", Echo);
        let (mut sender, body) = Channel::<Bytes>::new(1);
        let request = http::Request::post("/echo").header("host", "a").body(Body::new(body)).unwrap();
        let response = client.app().answer(request, &Arc::new(ConnectionInfo::default())).await;
        let mut echoed = response.into_http().into_body();
        // The first piece is back before the second is sent, so nobody waits for the whole.
        for piece in ["one", "two"] {
            sender.send_data(Bytes::from(piece)).await.unwrap();
            let frame = echoed.frame().await.unwrap().unwrap();
            assert_eq!(frame.into_data().unwrap(), piece);
        }
        drop(sender);
        assert!(echoed.frame().await.is_none());
    });
}

/// What `Failing` fails with.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the password is 1234")
    }
}

impl std::error::Error for Broken {}

#[derive(Clone)]
struct Failing {
    ready: bool,
}

impl Service<http::Request<Body>> for Failing {
    type Response = http::Response<Body>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = std::future::Ready<Result<http::Response<Body>, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(if self.ready { Ok(()) } else { Err(HttpException::service_unavailable(3).into()) })
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        std::future::ready(Err(Broken.into()))
    }
}

#[test]
fn an_error_of_the_service_is_one_of_the_view_and_keeps_its_type() {
    run(async {
        let broken = Client::configured(|config| {
            config.set_default("development", false);
            config.mount("/x", Failing { ready: true });
            Ok(())
        });
        let broken = broken.unwrap().get("/x").await;
        assert_eq!(broken.status(), 500);
        assert!(!broken.text().contains("1234"));
        let busy = mounted("/x", Failing { ready: false }).get("/x").await;
        assert_eq!((busy.status().as_u16(), busy.header("retry-after")), (503, "3"));
    });
}

#[test]
fn a_body_that_is_too_large_is_refused_inside_too() {
    run(async {
        let client = Client::configured(|config| {
            config.set_default("max_body", 10);
            config.mount("/axum", router());
            Ok(())
        })
        .unwrap();
        let announced = client.post("/axum/length").header("content-length", "11").body("elevenbytes").await;
        assert_eq!(announced.status(), 413);
    });
}

fn greeting() -> App {
    async fn hello(request: Request) -> Result<String> {
        let name = request.match_value("name").unwrap_or_default().to_owned();
        let from = request.remote_addr().map(|address| address.to_string());
        Ok(format!("{name} {} {}", request.read_body().await?.len(), from.unwrap_or_default()))
    }
    let mut config = Configurator::new();
    config.add_route("hello", "/hello/{name}");
    config.add_view(hello).route("hello");
    config.make_app().unwrap()
}

async fn called(mut router: Router, request: http::Request<Full<Bytes>>) -> (u16, String) {
    let response = router.call(request).await.unwrap();
    let status = response.status().as_u16();
    (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

#[test]
fn an_application_is_a_part_of_a_router_of_axum() {
    run(async {
        let router = || Router::new().route("/", get(|| async { "axum's" })).fallback_service(greeting());
        let ask = |method: &str, target: &str, body: &'static str| {
            called(router(), http::Request::builder().method(method).uri(target).body(body.into()).unwrap())
        };
        assert_eq!(ask("GET", "/", "").await, (200, "axum's".into()));
        assert_eq!(ask("POST", "/hello/Ann", "four").await, (200, "Ann 4 ".into()));
        assert_eq!(ask("GET", "/none", "").await.0, 404);
        let nested = Router::new().nest_service("/inner", greeting());
        let request = http::Request::get("/inner/hello/Bob").body(Full::default()).unwrap();
        assert_eq!(called(nested, request).await, (200, "Bob 0 ".into()));
    });
}

#[test]
fn an_application_inside_another_knows_the_connection_and_what_was_attached() {
    #[derive(Clone)]
    struct Ticket(u32);

    let inside = Router::new()
        .route(
            "/ticket",
            get(|Extension(Ticket(number)): Extension<Ticket>| async move { number.to_string() }),
        )
        .fallback_service(greeting());
    run(async {
        let client = mounted("/inner", inside);
        let connection = ConnectionInfo::new(Some("192.0.2.7:1234".parse().unwrap()), None);
        let request = http::Request::get("/inner/hello/Cy").body(Body::empty()).unwrap();
        let response = client.app().answer(request, &Arc::new(connection)).await;
        let body = response.into_http().into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "Cy 0 192.0.2.7:1234");
        let mut request = http::Request::get("/inner/ticket").body(Body::empty()).unwrap();
        request.extensions_mut().insert(Ticket(7));
        let response = client.app().answer(request, &Arc::default()).await;
        assert_eq!(response.into_http().into_body().collect().await.unwrap().to_bytes(), "7");
    });
}
