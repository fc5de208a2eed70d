//! What carries rooms over several processes.

use std::sync::Arc;

use super::Configurator;
use crate::app::websocket::Broker;

impl Configurator {
    /// Sets what carries [rooms](crate::websocket::Rooms) over several processes. Without one they are those of the process.
    #[track_caller]
    pub fn set_broker(&mut self, broker: impl Broker) -> &mut Self {
        let broker: Arc<dyn Broker> = Arc::new(broker);
        self.set_once("the broker of rooms", |config| &mut config.broker, broker);
        self
    }
}
