//! What an application tells those who look after it.

use std::panic::Location;

use tracing_subscriber::{Layer, Registry};

use super::Configurator;
use crate::app::application::ReadinessCheck;
use crate::app::origin::Origin;
use crate::registry::fault::Fault;

/// What gets to see what is logged, and spans.
pub(crate) type LogLayer = Box<dyn Layer<Registry> + Send + Sync>;

impl Configurator {
    /// Adds a layer of `tracing-subscriber`'s to the log that the program starts: one that sends spans to OpenTelemetry, for
    /// instance. It sees all that is logged, whatever the settings of the log say, so it should have a filter of its own.
    ///
    /// A program that has set up a subscriber of its own before, in `main`, has no other log, and this changes nothing.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use tracing_subscriber::Layer as _;
    /// use tracing_subscriber::filter::{LevelFilter, Targets};
    ///
    /// # fn configure(config: &mut Configurator) {
    /// let spans = Targets::new().with_target("aiopyramid::request", LevelFilter::DEBUG);
    /// config.add_log_layer(tracing_subscriber::fmt::layer().with_target(false).with_filter(spans));
    /// # }
    /// ```
    pub fn add_log_layer(&mut self, layer: impl Layer<Registry> + Send + Sync) -> &mut Self {
        self.log_layers.push(Box::new(layer));
        self
    }

    /// Takes the layers out, to start the log with them.
    pub(crate) fn take_log_layers(&mut self) -> Vec<LogLayer> {
        std::mem::take(&mut self.log_layers)
    }

    /// Adds something that says whether the application is ready to be sent requests: while one of them fails, `/ready` at the
    /// [listener for health](crate::guide::observing#health-and-readiness) is a 503 with the name and the error.
    ///
    /// A plain function or an `async` one. It is asked for each `/ready`, all of them at once, in each process that serves, and may
    /// take as long as the setting `readiness_timeout` says (2 s). Two of the same name are a fault.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    ///
    /// use aiopyramid::prelude::*;
    ///
    /// # fn configure(config: &mut Configurator) {
    /// let warm = Arc::new(AtomicBool::new(false));
    /// config.add_readiness_check("cache", {
    ///     let warm = Arc::clone(&warm);
    ///     move || if warm.load(Ordering::Relaxed) { Ok(()) } else { Err(aiopyramid::Error::msg("not warm yet")) }
    /// });
    /// config.add_readiness_check("database", || async {
    ///     tokio::net::TcpStream::connect("127.0.0.1:5432").await.map(drop)
    /// });
    /// # }
    /// ```
    #[track_caller]
    pub fn add_readiness_check<M>(
        &mut self,
        name: impl Into<String>,
        check: impl ReadinessCheck<M>,
    ) -> &mut Self {
        let name = name.into();
        if self.observing.readiness.has(&name) {
            let here = Origin::from(Location::caller());
            self.faults.push(Fault::new(format!("two checks of readiness are called `{name}`"), [here]));
        } else {
            self.observing.readiness.add(name, check);
        }
        self
    }

    /// Adds figures of the application's own to those that `/metrics` tells: `add` registers them with
    /// [`prometheus_client`](crate::prometheus_client), once in each process that serves. With several worker processes the figures of all are
    /// added up, gauges too.
    ///
    /// ```
    /// use aiopyramid::prometheus_client::metrics::counter::Counter;
    /// use aiopyramid::prelude::*;
    ///
    /// # fn configure(config: &mut Configurator) {
    /// let orders = Counter::<u64>::default();
    /// config.add_metrics({
    ///     let orders = orders.clone();
    ///     move |registry| registry.register("shop_orders", "Orders that were placed", orders.clone())
    /// });
    /// # }
    /// ```
    #[cfg(feature = "metrics")]
    pub fn add_metrics(
        &mut self,
        add: impl Fn(&mut prometheus_client::registry::Registry) + Send + Sync + 'static,
    ) -> &mut Self {
        self.observing.figures.push(Box::new(add));
        self
    }
}
