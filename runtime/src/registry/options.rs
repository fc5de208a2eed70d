//! What the settings say of limits and switches; each bad one is a fault, and the default takes its place.

use http::HeaderName;

use super::fault::Fault;
use crate::app::limits::Limits;
use crate::app::settings::{BadSetting, Settings};

/// The limits of a request.
pub(super) fn limits(settings: &Settings, faults: &mut Vec<Fault>) -> Limits {
    let mut limits = Limits::default();
    for (name, limit) in [
        ("max_body", &mut limits.body),
        ("max_form_fields", &mut limits.form_fields),
        ("max_multipart_parts", &mut limits.multipart_parts),
    ] {
        *limit = or_default(settings.parse(name), *limit, faults);
    }
    limits
}

/// What is on or off.
pub(super) struct Switches {
    pub(super) development: bool,
    pub(super) method_not_allowed: bool,
    pub(super) prevent_http_cache: bool,
    /// The header in which a proxy says what of the tree it shows.
    pub(super) virtual_root: Option<HeaderName>,
}

impl Switches {
    pub(super) fn read(settings: &Settings, faults: &mut Vec<Fault>) -> Self {
        Self {
            development: or_default(settings.switch("development"), cfg!(debug_assertions), faults),
            method_not_allowed: or_default(settings.switch("method_not_allowed"), true, faults),
            prevent_http_cache: or_default(settings.switch("prevent_http_cache"), false, faults),
            virtual_root: or_default(
                settings.parse::<HeaderName>("virtual_root_header").map(Some),
                None,
                faults,
            ),
        }
    }
}

fn or_default<T>(read: Result<Option<T>, BadSetting>, default: T, faults: &mut Vec<Fault>) -> T {
    match read {
        Ok(value) => value.unwrap_or(default),
        Err(bad) => {
            faults.push(Fault::new(bad.to_string(), []));
            default
        }
    }
}
