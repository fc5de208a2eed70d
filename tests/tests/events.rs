//! Events of an application's own, from a view to its subscribers.

use std::sync::Mutex;

use aiopyramid::event::Event;
use aiopyramid::prelude::*;
use aiopyramid::testing::Client;

/// Who heard of what, and where.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Ordered {
    number: u32,
}

impl Event for Ordered {}

fn note(who: &str, order: &Ordered) {
    let thread = std::thread::current();
    let place =
        if thread.name().is_some_and(|name| name.starts_with("aio-default-")) { "pool" } else { "loop" };
    HEARD.lock().unwrap().push(format!("{who} heard of {} in the {place}", order.number));
}

#[subscriber]
async fn first(order: &Ordered) {
    tokio::task::yield_now().await;
    note("first", order);
}

#[subscriber]
fn second(order: &Ordered) -> Result<()> {
    note("second", order);
    if order.number == 13 { Err(HttpException::forbidden())? } else { Ok(()) }
}

struct Sold;

impl Event for Sold {}

#[subscriber]
fn of_something_else(_: &Sold) {
    unreachable!("no such event was told of");
}

#[view_config(route = "/order/{number}")]
async fn order(number: u32, request: &Request) -> Result<&'static str> {
    request.notify(Ordered { number }).await?;
    Ok("thank you")
}

async fn third(order: &Ordered) -> Result<()> {
    note("third", order);
    Ok(())
}

fn fourth(order: &Ordered) {
    note("fourth", order);
}

#[test]
fn subscribers_of_both_kinds_are_told_in_order_until_one_fails() {
    let mut config = Configurator::new();
    config.scan().add_subscriber(third).add_subscriber(fourth);
    let app = config.make_app().unwrap();
    assert!(app.application().subscribers().want::<Ordered>());
    assert!(!app.application().subscribers().want::<aiopyramid::event::NewResponse>());
    let client = Client::new(app);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(async { client.get("/order/7").await }).text(), "thank you");
    let heard = std::mem::take(&mut *HEARD.lock().unwrap());
    assert_eq!(
        heard,
        [
            "first heard of 7 in the loop",
            "second heard of 7 in the pool",
            "third heard of 7 in the loop",
            "fourth heard of 7 in the pool",
        ]
    );
    // An error goes to whoever told of the event, and those after it do not hear of it.
    assert_eq!(runtime.block_on(async { client.get("/order/13").await }).status(), 403);
    let heard = std::mem::take(&mut *HEARD.lock().unwrap());
    assert_eq!(heard, ["first heard of 13 in the loop", "second heard of 13 in the pool"]);
}
