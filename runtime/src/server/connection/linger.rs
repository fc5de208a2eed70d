//! The end of a connection whose client may still be sending.
//!
//! A socket that is closed while bytes lie unread in it, or arrive later, answers them with a reset, and a reset makes the
//! client's system throw away what it has not read yet: the 413 or 400 that said why. So our side is closed, and what still
//! comes is read and thrown away for a while (RFC 9112 section 9.6).

use std::io;
use std::time::Duration;

use super::state::ConnectionState;

/// How long, and how many bytes, at the most.
const PATIENCE: Duration = Duration::from_secs(2);
const MOST: usize = 4 * 1024 * 1024;

/// Closes our side and waits for the other one to do the same.
pub(super) async fn linger(state: &ConnectionState) {
    if state.shut_down().is_err() {
        return;
    }
    let _ = tokio::time::timeout(PATIENCE, async {
        let mut discarded = 0;
        while discarded < MOST && state.socket().readable().await.is_ok() {
            match discard(state) {
                Ok(0) => break,
                Ok(read) => discarded += read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
    })
    .await;
}

/// Reads once. Apart, so that the room for it is no part of the connection's memory.
fn discard(state: &ConnectionState) -> io::Result<usize> {
    state.socket().try_read(&mut [0; 8192])
}
