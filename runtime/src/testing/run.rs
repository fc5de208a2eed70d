//! What `#[aiopyramid::test]` expands to.

use super::client::Client;
use crate::error::Result;
use crate::registry::Configurator;

/// Runs a test on an event loop of its own, with a client of the application that `configure` makes.
///
/// # Panics
/// Where the application has a fault; the message says which.
pub fn run_test<C, T, F>(configure: C, test: T) -> F::Output
where
    C: FnOnce(&mut Configurator) -> Result<()>,
    T: FnOnce(Client) -> F,
    F: Future,
{
    let client = Client::configured(configure).unwrap_or_else(|error| panic!("{error:?}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("an event loop");
    runtime.block_on(test(client))
}
