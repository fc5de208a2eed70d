//! Records of requests that are over for the application, and wait until their answers have left.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http::StatusCode;

use crate::protocol::connection_info::ConnectionInfo;
use crate::server::recorder::{Record, Recorder};

/// What is between the head of an answer and its body.
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// How far the answers of one connection of HTTP/1.1 are on their way to the system: hyper lets go of a body as soon as it has
/// a copy of it, which may then wait for the client for long, or for ever.
///
/// Bytes are counted as hyper gives them, before TLS. HTTP/2 mixes answers, whose records do not wait.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// Bytes that hyper has given, and those of them that the system (or TLS) has taken.
    given: AtomicU64,
    taken: AtomicU64,
    /// Whether the next bytes are the head of an answer.
    begins: AtomicBool,
    /// At which of the bytes given the body of the last answer begins.
    body: AtomicU64,
    /// Whether a record waits.
    waits: AtomicBool,
    records: Mutex<Vec<Record>>,
    /// Whose it is.
    connection: OnceLock<Arc<ConnectionInfo>>,
}

impl Recording {
    /// Says whose connection it is.
    pub(super) fn belongs_to(&self, connection: &Arc<ConnectionInfo>) {
        let _ = self.connection.set(Arc::clone(connection));
    }

    /// A head that is no request was answered so.
    pub(super) fn refused(&self, recorder: Option<&Arc<Recorder>>, status: StatusCode) {
        if let (Some(recorder), Some(connection)) = (recorder, self.connection.get()) {
            recorder.refused(connection, status);
        }
    }

    /// An answer is given to hyper.
    pub(super) fn begins_answer(&self) {
        self.begins.store(true, Relaxed);
    }

    /// hyper wants these bytes to be written.
    pub(super) fn is_given(&self, bytes: &[u8]) {
        if self.begins.load(Relaxed)
            && let Some(end) = bytes.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD)
        {
            self.begins.store(false, Relaxed);
            self.body.store(self.given.load(Relaxed) + (end + END_OF_HEAD.len()) as u64, Relaxed);
        }
    }

    /// So many of them need not be given again.
    pub(super) fn has_given(&self, bytes: usize) {
        self.given.fetch_add(bytes as u64, Relaxed);
    }

    /// So many have left.
    pub(super) fn has_taken(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Relaxed);
    }

    /// Keeps the record of a request that is over, until its answer has left.
    pub(super) fn wait(&self, record: Record) {
        self.records().push(record);
        self.waits.store(true, Relaxed);
    }

    /// All that was given has left.
    pub(super) fn flushed(&self) {
        if self.waits.load(Relaxed) {
            self.waits.store(false, Relaxed);
            self.records().drain(..).for_each(|record| record.tell(None));
        }
    }

    fn records(&self) -> MutexGuard<'_, Vec<Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has not left when the connection ends never does.
impl Drop for Recording {
    fn drop(&mut self) {
        let sent = if self.begins.load(Relaxed) {
            0
        } else {
            self.taken.load(Relaxed).saturating_sub(self.body.load(Relaxed))
        };
        self.records().drain(..).for_each(|record| record.tell(Some(sent)));
    }
}
