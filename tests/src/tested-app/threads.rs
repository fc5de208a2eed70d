//! Views that say on which thread they run, or hold it.

use std::pin::Pin;
use std::thread;
use std::time::Duration;

use aiopyramid::executor::Executor;
use aiopyramid::prelude::*;

use crate::board::{Board, opened};

fn this_thread() -> String {
    thread::current().name().unwrap_or("(no name)").to_owned()
}

#[view_config(route = "/thread/coroutine")]
#[view_config(route = "/thread/coroutine-mapper", mapper = coroutine)]
async fn coroutine() -> String {
    tokio::task::yield_now().await;
    this_thread()
}

#[view_config(route = "/thread/plain")]
#[view_config(route = "/thread/executor-mapper", mapper = executor)]
#[view_config(route = "/thread/named-pool", mapper = executor("reports"))]
#[view_config(route = "/thread/inline", mapper = inline)]
fn plain() -> String {
    this_thread()
}

/// A function that only returns a future is a coroutine as well.
#[view_config(route = "/thread/future")]
fn future() -> Pin<Box<dyn Future<Output = String> + Send>> {
    Box::pin(async { this_thread() })
}

struct Methods {
    path: String,
}

#[view_defaults]
impl Methods {
    fn new(request: &Request) -> Self {
        Self { path: request.path().to_owned() }
    }

    #[view_config(route = "/thread/method/coroutine")]
    async fn coroutine(&self) -> String {
        format!("{} for {}", this_thread(), self.path)
    }

    #[view_config(route = "/thread/method/plain")]
    #[view_config(route = "/thread/method/executor-mapper", mapper = executor)]
    fn plain(&self) -> String {
        format!("{} for {}", this_thread(), self.path)
    }
}

/// Records, on the event loop and just before the executor is asked, that a request is here; and later that it is gone.
struct Arrival(State<Board>);

impl FromRequest for Arrival {
    async fn from_request(request: &Request) -> Result<Self> {
        let board = State::<Board>::from_request(request).await?;
        board.record("arrived");
        Ok(Self(board))
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.0.record("let go");
    }
}

/// Holds a thread of the pool until its gate opens.
#[view_config(route = "/hold/{gate}")]
fn hold(gate: String, _arrival: Arrival, board: State<Board>) -> String {
    board.record("entered");
    board.block(&opened(&gate));
    board.record("left");
    this_thread()
}

/// The same in the other pool.
#[view_config(route = "/hold-report/{gate}", mapper = executor("reports"))]
fn hold_report(gate: String, board: State<Board>) -> String {
    board.record("entered report");
    board.block(&opened(&gate));
    this_thread()
}

#[use_executor]
fn blocking_code(text: String) -> (String, String) {
    (text, this_thread())
}

#[view_config(route = "/bridge/use-executor", renderer = "json")]
async fn coroutine_that_calls_blocking_code() -> (String, (String, String)) {
    (this_thread(), blocking_code("given".to_owned()).await)
}

/// Needs the timer of the event loop, so something has to drive it.
#[synchronize]
async fn a_coroutine(board: State<Board>) -> String {
    tokio::time::sleep(Duration::from_millis(1)).await;
    board.record("waited");
    this_thread()
}

#[view_config(route = "/bridge/synchronize")]
fn blocking_code_that_waits(board: State<Board>) -> Result<String> {
    Ok(a_coroutine(board)?)
}

/// Both ways in one another: blocking, a coroutine, blocking again.
#[synchronize]
async fn there_and_back() -> String {
    blocking_code("nested".to_owned()).await.0
}

#[view_config(route = "/bridge/nested")]
fn nested() -> Result<String> {
    Ok(there_and_back()?)
}

#[view_config(route = "/bridge/scope-error")]
async fn waits_on_the_event_loop(board: State<Board>) -> String {
    match a_coroutine(board) {
        Ok(thread) => thread,
        Err(error) => error.to_string(),
    }
}

/// The same, where the error is not looked at.
#[view_config(route = "/bridge/scope-error/raised")]
async fn waits_on_the_event_loop_and_fails(board: State<Board>) -> Result<String> {
    Ok(a_coroutine(board)?)
}

/// The pools of the application whose code this is, by name.
#[view_config(route = "/pools", renderer = "json")]
#[view_config(route = "/pools/finish", renderer = "json", on_disconnect = finish)]
async fn pools() -> Result<Vec<String>> {
    let executor = Executor::current().ok_or_else(|| Error::msg("this is the code of no application"))?;
    Ok(executor.pools().map(|pool| pool.name().to_owned()).collect())
}

/// The same, seen from a thread of a pool.
#[view_config(route = "/pools/plain", renderer = "json")]
#[view_config(route = "/pools/plain/finish", renderer = "json", on_disconnect = finish)]
fn pools_from_a_pool() -> Result<Vec<String>> {
    let executor = Executor::current().ok_or_else(|| Error::msg("this is the code of no application"))?;
    Ok(executor.pools().map(|pool| pool.name().to_owned()).collect())
}
