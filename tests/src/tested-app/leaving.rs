//! Views whose client may leave before they have answered.

use aiopyramid::prelude::*;

use crate::board::{Board, opened};

/// Records that it is dropped: what a coroutine holds while it waits.
struct Guard(State<Board>, String);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.record(std::mem::take(&mut self.1));
    }
}

/// Waits for its gate; given up when the client leaves.
#[view_config(route = "/linger/{gate}")]
async fn linger(gate: String, board: State<Board>) -> &'static str {
    let _guard = Guard(board.clone(), format!("{gate} dropped"));
    board.record(format!("{gate} lingers"));
    board.wait(&opened(&gate), 1).await;
    board.record(format!("{gate} finished"));
    "stayed\n"
}

/// The same, but it goes on to its end.
#[view_config(route = "/finish/{gate}", on_disconnect = finish)]
async fn finish(gate: String, board: State<Board>) -> &'static str {
    board.record(format!("{gate} lingers"));
    board.wait(&opened(&gate), 1).await;
    "finished\n"
}

/// Goes on to its end, and waits for nothing until its client has left.
#[view_config(route = "/outlive/{gate}", on_disconnect = finish)]
async fn outlive(gate: String, request: Request, board: State<Board>) -> &'static str {
    board.record(format!("{gate} lingers"));
    while !request.is_cancelled() {
        tokio::task::yield_now().await;
    }
    board.record(format!("{gate} is alone"));
    board.wait(&opened(&gate), 1).await;
    board.record(format!("{gate} finished"));
    "finished\n"
}

/// Goes on for a while after its client has left, and says so on standard output when it has done its work.
#[view_config(route = "/outlive-a-stop", on_disconnect = finish)]
async fn outlive_a_stop(request: Request, board: State<Board>) {
    board.record("working");
    while !request.is_cancelled() {
        tokio::task::yield_now().await;
    }
    board.record("working alone");
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    println!("the work is done");
}

/// Blocking work that asks now and then whether anybody still wants it.
#[view_config(route = "/toil/{name}")]
fn toil(name: String, request: &Request, board: State<Board>) -> &'static str {
    board.record(format!("{name} toils"));
    while !request.is_cancelled() {
        std::thread::yield_now();
    }
    board.record(format!("{name} gave up"));
    "given up\n"
}
