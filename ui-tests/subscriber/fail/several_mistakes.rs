use aiopyramid::event::NewRequest;
use aiopyramid::prelude::*;

#[subscriber(NewRequest)]
async fn with_an_argument(_: &NewRequest) {}

#[subscriber]
async fn owned(_: NewRequest) {}

#[subscriber]
async fn changing(_: &mut NewRequest) {}

#[subscriber]
fn of_nothing() {}

#[subscriber]
fn of_two(_: &NewRequest, _: &Request) {}

#[subscriber]
struct Listener;

fn main() {}
