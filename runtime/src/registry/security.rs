//! Who clients are and what they may, when an application starts.

use std::sync::Arc;

use super::configurator::Configurator;
use super::fault::Fault;
use super::needs;

/// Lets the security policy get ready, and looks whether what it needs is there.
pub(super) fn prepare(config: &mut Configurator) {
    let Some((policy, origin)) = &mut config.policy else { return };
    let origin = *origin;
    // Nobody else has it yet.
    let ready = Arc::get_mut(policy).map(|policy| policy.prepare(&config.settings));
    let need = policy.need();
    let mut faults: Vec<_> =
        ready.and_then(Result::err).map(|error| Fault::of_error(&error, [origin])).into_iter().collect();
    needs::refuse_unmet(("the security policy", origin), need.as_slice(), config, &mut faults);
    config.faults.append(&mut faults);
}
