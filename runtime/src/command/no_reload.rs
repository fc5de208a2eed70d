//! Nothing is built anew in a program without the feature `reload`, and on systems where sockets cannot be handed over.

use super::arguments::Arguments;
use super::built_from::BuiltFrom;
use super::deployment::Deployment;
use crate::app::settings::Settings;
use crate::error::{Error, Result};

/// Whether the program is to be built and started anew as it is written.
pub(super) fn is_asked_for(settings: &Settings) -> bool {
    matches!(settings.switch("reload"), Ok(Some(true)))
}

/// # Errors
/// Always.
pub(super) fn supervise(
    _: &Arguments,
    _: &Deployment,
    _: &Settings,
    built_from: Option<BuiltFrom>,
) -> Result<()> {
    let package = built_from.map(|BuiltFrom { package, .. }| format!(" of {package}")).unwrap_or_default();
    Err(Error::msg(if cfg!(unix) {
        format!("this program{package} is built without the feature `reload` of aiopyramid")
    } else {
        "`reload` hands sockets over as only Unix can".to_owned()
    }))
}
