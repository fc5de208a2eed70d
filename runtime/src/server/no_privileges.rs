//! There are no users here that a process could become.

use super::{ServerConfig, ServerError};

/// What is never made.
#[derive(Debug, Clone)]
pub(super) enum Privileges {}

impl Privileges {
    /// # Errors
    /// [`ServerError::Identity`] where `config` asks for a user or a group.
    pub(super) fn of(config: &ServerConfig) -> Result<Option<Self>, ServerError> {
        match config.user.as_ref().or(config.group.as_ref()) {
            Some(name) => {
                let what = "this system has no users of that kind".to_owned();
                Err(ServerError::Identity { who: name.clone(), what })
            }
            None => Ok(None),
        }
    }

    /// # Errors
    /// Never.
    pub(super) fn take(&self) -> Result<(), ServerError> {
        match *self {}
    }
}

/// Does nothing.
pub(super) fn set_umask(_: &ServerConfig) {}
