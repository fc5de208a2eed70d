//! What an application tells Prometheus: how its pools of threads are, and its open sockets.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use super::Application;
use crate::app::executor::{Executor, Pool};
#[cfg(feature = "websocket")]
use crate::app::websocket::WebSocketSettings;

/// What adds figures of an application's own.
pub(crate) type AddFigures = Box<dyn Fn(&mut Registry) + Send + Sync>;

impl Application {
    /// Adds all that there is to know.
    pub(crate) fn add_figures(&self, registry: &mut Registry) {
        for pool in self.executor.pools() {
            let registry = registry.sub_registry_with_label(("pool".into(), pool.name().to_owned().into()));
            let figures = pool.figures();
            registry.register_with_unit(
                "aiopyramid_executor_wait",
                "Time from the submission of blocking work to its start",
                Unit::Seconds,
                figures.wait.clone(),
            );
            registry.register(
                "aiopyramid_executor_rejected",
                "Blocking work that was refused because the pool was full",
                figures.rejected.clone(),
            );
        }
        registry.register_collector(Box::new(Collected {
            executor: self.executor.clone(),
            #[cfg(feature = "websocket")]
            websockets: self.websockets.clone(),
        }));
        for add in &self.observing.figures {
            add(registry);
        }
    }
}

/// What is found out when somebody asks.
#[derive(Debug)]
struct Collected {
    executor: Executor,
    #[cfg(feature = "websocket")]
    websockets: WebSocketSettings,
}

/// A number of a pool, its name and what it is.
type OfPool = (&'static str, &'static str, fn(&Pool) -> usize);

const OF_POOLS: [OfPool; 3] = [
    ("aiopyramid_executor_queued", "Blocking work that waits for a thread.", Pool::queued),
    ("aiopyramid_executor_running", "Blocking work that has begun.", Pool::running),
    ("aiopyramid_executor_threads", "Threads for blocking work, idle ones included.", Pool::threads),
];

impl Collector for Collected {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        for (name, help, number) in OF_POOLS {
            let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for pool in self.executor.pools() {
                gauge(number(pool)).encode(metric.encode_family(&[("pool", pool.name())])?)?;
            }
        }
        #[cfg(feature = "websocket")]
        {
            let open = self.websockets.open.load(std::sync::atomic::Ordering::Relaxed);
            let help = "Websockets that are open.";
            let metric = encoder.encode_descriptor("aiopyramid_websockets", help, None, MetricType::Gauge)?;
            gauge(open).encode(metric)?;
        }
        Ok(())
    }
}

fn gauge(number: usize) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(number).unwrap_or(i64::MAX))
}
