//! The listeners at which it is told how the server is.

use std::io;

use super::address::{Address, Place};
use super::{Handed, Listener, Speaks};
use crate::server::{ServerConfig, ServerError};

impl Listener {
    /// Opens the addresses of [`ServerConfig::health_listen`], those that are `open` not again.
    ///
    /// # Errors
    /// As [`open_all`](Self::open_all), and for one that is no `HOST:PORT` or `unix:PATH`.
    pub(in crate::server) fn open_health(
        config: &ServerConfig,
        open: &[Self],
    ) -> Result<Vec<Self>, ServerError> {
        let mut listeners = Vec::new();
        for text in &config.health_listen {
            let unreadable = |source| ServerError::Health { address: text.clone(), source };
            let kept: io::Result<Vec<_>> =
                open.iter().filter(|listener| listener.text == *text).map(Self::share_with_file).collect();
            let kept = kept.map_err(unreadable)?;
            if !kept.is_empty() {
                listeners.extend(kept);
                continue;
            }
            let address = Address::read(text).map_err(unreadable)?;
            if !matches!(
                address,
                Address { speaks: None | Some(Speaks::Http), place: Place::Tcp(_) | Place::Unix(_) }
            ) {
                let what = "expected `HOST:PORT` or `unix:PATH`";
                return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, what)));
            }
            let address = Address { speaks: Some(Speaks::Health), ..address };
            let opened =
                Self::open(text, address, config, &mut Handed::default()).map_err(|error| match error {
                    ServerError::Address { source, .. } | ServerError::Listen { source, .. } => {
                        unreadable(source)
                    }
                    other => other,
                });
            listeners.extend(opened?);
        }
        Ok(listeners)
    }
}
