//! The part of a [`ServerConfig`] that is about processes: how many there are, who they are, what ends them.

use std::path::PathBuf;
use std::time::Duration;

use super::ServerConfig;

impl ServerConfig {
    /// Sets [`pid_file`](Self::pid_file).
    #[must_use]
    pub fn pid_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.pid_file = Some(path.into());
        self
    }

    /// Sets [`user`](Self::user).
    #[must_use]
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = Some(name.into());
        self
    }

    /// Sets [`group`](Self::group).
    #[must_use]
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.group = Some(name.into());
        self
    }

    /// Sets [`umask`](Self::umask).
    #[must_use]
    pub fn umask(mut self, rights: u32) -> Self {
        self.umask = Some(rights);
        self
    }

    /// Sets [`workers`](Self::workers).
    #[must_use]
    pub fn workers(mut self, processes: usize) -> Self {
        self.workers = Some(processes);
        self
    }

    /// Sets [`worker_timeout`](Self::worker_timeout).
    #[must_use]
    pub fn worker_timeout(mut self, limit: Duration) -> Self {
        self.worker_timeout = limit;
        self
    }

    /// Sets [`max_requests`](Self::max_requests).
    #[must_use]
    pub fn max_requests(mut self, most: usize) -> Self {
        self.max_requests = Some(most);
        self
    }

    /// Sets [`max_requests_jitter`](Self::max_requests_jitter).
    #[must_use]
    pub fn max_requests_jitter(mut self, most: usize) -> Self {
        self.max_requests_jitter = most;
        self
    }

    /// Sets [`signals`](Self::signals).
    #[must_use]
    pub fn signals(mut self, handled: bool) -> Self {
        self.signals = handled;
        self
    }
}
