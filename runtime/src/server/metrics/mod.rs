//! What a process counts, and how it is told to Prometheus.

mod collected;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use self::collected::Connections;
use super::ServerConfig;
use super::roster::Roster;
use crate::protocol::answered_by::Names;

/// From a millisecond to ten seconds: what a view takes.
const LATENCIES: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The label of what no route matched.
const NO_ROUTE: &str = "(none)";

/// What of a request tells its figures apart. The values are few, whatever clients ask for: methods that have a name, patterns and
/// not paths, a class and not a status.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Arc<str>,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    method: &'static str,
    route: Arc<str>,
}

type Timings = Family<Timed, Histogram, fn() -> Histogram>;

/// What one process counts.
pub(super) struct Metrics {
    registry: Mutex<Registry>,
    requests: Family<Answered, Counter>,
    durations: Timings,
    running: Gauge,
    lag: Histogram,
    no_route: Arc<str>,
}

type Add = Box<dyn FnOnce(&mut Registry) + Send>;

/// What an application adds to the figures.
#[derive(Default)]
pub(super) struct Contribution(Option<Add>);

impl Contribution {
    pub(super) fn new(add: impl FnOnce(&mut Registry) + Send + 'static) -> Self {
        Self(Some(Box::new(add)))
    }
}

impl fmt::Debug for Contribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Contribution").field(&self.0.is_some()).finish()
    }
}

impl Metrics {
    /// Those that are to be counted: some only where there is a listener that tells them.
    pub(super) fn wanted(config: &ServerConfig, contribution: Contribution) -> Option<Arc<Self>> {
        if config.health_listen.is_empty() {
            return None;
        }
        let mut registry = Registry::default();
        let requests = Family::default();
        registry.register(
            "http_requests",
            "Requests that were answered, or whose clients left",
            requests.clone(),
        );
        let durations = Timings::new_with_constructor(|| Histogram::new(LATENCIES));
        registry.register_with_unit(
            "http_request_duration",
            "Time from the head of a request to the last byte of its answer",
            Unit::Seconds,
            durations.clone(),
        );
        let running = Gauge::default();
        registry.register("http_requests_running", "Requests that are being answered", running.clone());
        let lag = Histogram::new(LATENCIES);
        registry.register_with_unit(
            "aiopyramid_event_loop_lag",
            "How late an event loop came to what was due, looked at twice a second",
            Unit::Seconds,
            lag.clone(),
        );
        if let Some(add) = contribution.0 {
            add(&mut registry);
        }
        let registry = Mutex::new(registry);
        Some(Arc::new(Self { registry, requests, durations, running, lag, no_route: NO_ROUTE.into() }))
    }

    /// Counts the connections of these loops too.
    pub(super) fn watches(&self, rosters: &[Arc<Roster>]) {
        let connections = Connections(rosters.to_vec());
        self.registry
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .register_collector(Box::new(connections));
    }

    /// A request begins.
    pub(super) fn begins(&self) {
        self.running.inc();
    }

    /// A request has ended.
    pub(super) fn ends(&self, method: &Method, status: u16, duration: Duration, names: &Names) {
        self.running.dec();
        let method = known(method);
        let route = names.route.as_ref().unwrap_or(&self.no_route);
        let answered = Answered { method, route: Arc::clone(route), status: class(status) };
        self.requests.get_or_create(&answered).inc();
        let timed = Timed { method, route: answered.route };
        self.durations.get_or_create(&timed).observe(duration.as_secs_f64());
    }

    /// An event loop came so late to what was due.
    pub(super) fn is_late(&self, lag: Duration) {
        self.lag.observe(lag.as_secs_f64());
    }

    /// All of it, as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        if prometheus_client::encoding::text::encode(&mut text, &registry).is_err() {
            tracing::error!("figures could not be written down");
        }
        text
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// The methods of RFC 9110 and RFC 5789; a client may make up others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "other",
    }
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
