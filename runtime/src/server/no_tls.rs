//! There is no TLS in a program without the feature `tls`.

use super::{ServerError, TlsConfig};

/// What is never made.
#[derive(Debug, Clone)]
pub(super) enum Tls {}

impl Tls {
    /// # Errors
    /// Always.
    pub(super) fn load(config: &TlsConfig) -> Result<Self, ServerError> {
        let what = "this program is built without the feature `tls` of aiopyramid".to_owned();
        Err(ServerError::Tls { path: config.certificate.clone(), what })
    }
}
