//! The setting `includes`: parts of the framework that a file asks for, and the program need not name.

use crate::app::settings::Settings;
use crate::error::Result;
use crate::registry::Configurator;

/// What there is to be included, by the names that it has: ours first, and what Pyramid calls it.
const TOOLBAR: [&str; 2] = ["aiopyramid::toolbar", "pyramid_debugtoolbar"];

/// Whether there is a part of this name.
pub(super) fn is_known(name: &str) -> bool {
    TOOLBAR.contains(&name)
}

/// Includes them, after all that the program itself has included. A name that there is not is a fault.
///
/// # Errors
/// Those of the part that is included.
pub(super) fn include(config: &mut Configurator) -> Result<()> {
    let asked = config.settings().get("includes").unwrap_or_default().to_owned();
    let source = config.settings().source("includes").unwrap_or_default().to_owned();
    for name in Settings::list(&asked) {
        if !is_known(name) {
            let help =
                format!("there is `{}`; what is the program's own says `config.include(...)`", TOOLBAR[0]);
            config.refuse(format!("`includes` (from {source}) names `{name}`, which there is not"), &help);
            continue;
        }
        #[cfg(feature = "toolbar")]
        config.include(crate::toolbar::includeme)?;
        #[cfg(not(feature = "toolbar"))]
        config.refuse(
            format!("`includes` (from {source}) asks for `{name}`, which is not in this program"),
            "build it with the feature `toolbar` of `aiopyramid`, which is on by default",
        );
    }
    Ok(())
}
