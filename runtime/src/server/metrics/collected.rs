//! What is found out when somebody asks.

use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;

use crate::server::roster::Roster;

/// The connections of event loops.
#[derive(Debug)]
pub(super) struct Connections(pub(super) Vec<Arc<Roster>>);

impl Collector for Connections {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let open: usize = self.0.iter().map(|roster| roster.load()).sum();
        let open = ConstGauge::new(i64::try_from(open).unwrap_or(i64::MAX));
        let help = "Connections that are open.";
        let encoder = encoder.encode_descriptor("aiopyramid_connections", help, None, open.metric_type())?;
        open.encode(encoder)
    }
}
