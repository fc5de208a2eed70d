//! Properties of requests: found out once, by whoever asks first.

use std::sync::atomic::{AtomicUsize, Ordering};

use aiopyramid::extract::{Property, RequestProperty};
use aiopyramid::prelude::*;
use aiopyramid::testing::Client;

static COMPUTED: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone)]
struct Number(usize);

impl RequestProperty for Number {
    async fn compute(request: &Request) -> Result<Self> {
        let number = COMPUTED.fetch_add(1, Ordering::Relaxed) + 1;
        // So that another one asks while this one is at it.
        tokio::task::yield_now().await;
        match request.header("x-fail") {
            Some(_) => Err(HttpException::bad_request("no number"))?,
            None => Ok(Self(number)),
        }
    }
}

async fn together(request: Request, first: Property<Number>) -> Result<String> {
    let (second, third) = tokio::join!(request.property::<Number>(), request.property::<Number>());
    Ok(format!("{} {} {}", first.0.0, second?.0, third?.0))
}

fn blocking(number: Property<Number>) -> String {
    number.0.0.to_string()
}

async fn at_once(request: Request) -> Result<String> {
    let (first, second) = tokio::join!(request.property::<Number>(), request.property::<Number>());
    Ok(format!("{} {}", first?.0, second?.0))
}

async fn again(request: Request) -> String {
    let (first, second) = (request.property::<Number>().await, request.property::<Number>().await);
    format!("{} {}", first.is_err(), second.is_err())
}

#[test]
fn a_property_is_found_out_once_for_each_request() {
    let mut config = Configurator::new();
    config.add_route("together", "/together");
    config.add_route("blocking", "/blocking");
    config.add_route("at_once", "/at-once");
    config.add_route("again", "/again");
    config.add_view(together).route("together");
    config.add_view(blocking).route("blocking");
    config.add_view(at_once).route("at_once");
    config.add_view(again).route("again");
    let client = Client::new(config.make_app().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(client.get("/together").await.text(), "1 1 1");
        assert_eq!(client.get("/blocking").await.text(), "2");
        assert_eq!(client.get("/at-once").await.text(), "3 3");
        // A failure is the answer of whoever asked, and not kept.
        assert_eq!(client.get("/blocking").header("x-fail", "yes").await.status(), 400);
        assert_eq!(client.get("/again").header("x-fail", "yes").await.text(), "true true");
    });
    assert_eq!(COMPUTED.load(Ordering::Relaxed), 6);
}
