//! Who is told of requests: the access log, and what counts them.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http::{Extensions, HeaderMap, Method, Response, StatusCode};

use super::access_log::{AccessLog, Captured, Exchanged, Head};
use super::metrics::Metrics;
use crate::protocol::answered_by::AnsweredBy;
use crate::protocol::connection_info::ConnectionInfo;

/// The status of a request that was not answered, in nginx's words: its client has left, or a stop that waits no longer has
/// cut it.
const NOT_ANSWERED: u16 = 499;

/// Who is told of the requests of a process.
#[derive(Debug)]
pub(super) struct Recorder {
    access_log: Option<AccessLog>,
    metrics: Option<Arc<Metrics>>,
}

impl Recorder {
    /// `None` where nobody is to be told, so that nothing is taken down.
    pub(super) fn new(access_log: Option<AccessLog>, metrics: Option<Arc<Metrics>>) -> Option<Arc<Self>> {
        let wanted = access_log.is_some() || metrics.is_some();
        wanted.then(|| Arc::new(Self { access_log, metrics }))
    }

    /// What is counted, if anything is.
    pub(super) fn metrics(&self) -> Option<&Arc<Metrics>> {
        self.metrics.as_ref()
    }

    /// Begins with a request, into whose extensions goes what the application is to fill in.
    pub(super) fn begin(self: &Arc<Self>, head: &Head<'_>) -> Box<Record> {
        if let Some(metrics) = &self.metrics {
            metrics.begins();
        }
        Box::new(Record {
            recorder: Arc::clone(self),
            started: Instant::now(),
            captured: self.access_log.as_ref().map(|log| log.capture(head)).unwrap_or_default(),
            answered_by: AnsweredBy::default(),
            status: None,
            bytes: 0,
            whole: false,
            method: head.line.map_or(Method::GET, |line| line.method.clone()),
            head_alone: head.line.is_some_and(|line| *line.method == Method::HEAD),
        })
    }

    /// Tells of a head that was no request, and of what its client was answered.
    pub(super) fn refused(self: &Arc<Self>, connection: &ConnectionInfo, status: StatusCode) {
        let mut record = self.begin(&Head { line: None, headers: &HeaderMap::new(), connection });
        record.status = Some(status);
        record.whole = true;
        record.tell(None);
    }
}

/// What is taken down of a request while it is answered.
#[derive(Debug)]
pub(super) struct Record {
    recorder: Arc<Recorder>,
    started: Instant,
    method: Method,
    captured: Captured,
    answered_by: AnsweredBy,
    status: Option<StatusCode>,
    /// Bytes of the body that were handed over.
    bytes: u64,
    /// Whether all of the answer was handed over.
    whole: bool,
    /// Whether an answer has no body, whatever it says.
    head_alone: bool,
}

impl Record {
    /// Has the application say by whom the request is answered.
    pub(super) fn attach(&self, extensions: &mut Extensions) {
        extensions.insert(self.answered_by.clone());
    }

    /// There is an answer.
    pub(super) fn answers<B>(&mut self, response: &Response<B>) {
        let status = response.status();
        self.status = Some(status);
        // hyper does not ask for a body that may not be sent.
        self.whole = self.head_alone
            || status.is_informational()
            || status == StatusCode::NO_CONTENT
            || status == StatusCode::NOT_MODIFIED;
        if let Some(log) = &self.recorder.access_log {
            log.capture_answer(&mut self.captured, response.headers());
        }
    }

    /// A piece of the body is handed over.
    pub(super) fn hands(&mut self, data: Option<&Bytes>) {
        self.bytes += data.map_or(0, |data| data.len() as u64);
    }

    /// All of the answer was handed over.
    pub(super) fn ends(&mut self) {
        self.whole = true;
    }

    /// Tells who is to be told. `sent` is how much of the body the system has taken, where that is known and the answer was cut.
    pub(super) fn tell(self, sent: Option<u64>) {
        let cut = StatusCode::from_u16(NOT_ANSWERED).unwrap_or(StatusCode::BAD_REQUEST);
        let exchanged = Exchanged {
            status: self.status.unwrap_or(cut),
            bytes: sent.map_or(self.bytes, |sent| sent.min(self.bytes)),
            duration: self.started.elapsed(),
            complete: self.whole && sent.is_none(),
            names: self.answered_by.names(),
        };
        if let Some(log) = &self.recorder.access_log {
            log.write(&self.captured, &exchanged);
        }
        if let Some(metrics) = &self.recorder.metrics {
            metrics.ends(&self.method, exchanged.status.as_u16(), exchanged.duration, &exchanged.names);
        }
    }
}
