use aiopyramid::event::{BeforeTraversal, ContextFound, Event, NewRequest, NewResponse};
use aiopyramid::prelude::*;

struct Own;

impl Event for Own {}

#[subscriber]
async fn request(_: &NewRequest) {}

#[subscriber]
fn response(event: &NewResponse) -> Result<()> {
    event.with_response(|response| response.headers_mut().clear());
    Ok(())
}

#[subscriber]
async fn traversal(_: &BeforeTraversal) -> Result<(), std::fmt::Error> {
    Ok(())
}

#[subscriber]
fn context(_: &ContextFound) {}

#[subscriber]
fn own(_: &Own) {}

fn main() {
    let mut config = Configurator::new();
    config.scan();
    config.make_app().unwrap();
    own(&Own);
}
