//! What is remembered of clients, when an application starts.

use super::configurator::Configurator;
use super::fault::Fault;

/// Lets the session factory get ready.
pub(super) fn prepare(config: &mut Configurator, faults: &mut Vec<Fault>) {
    if let Some((factory, origin)) = &mut config.sessions
        && let Err(error) = factory.prepare(&config.settings)
    {
        faults.push(Fault::of_error(&error, [*origin]));
    }
}
