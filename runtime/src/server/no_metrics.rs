//! Nothing is counted in a program without the feature `metrics`.

use std::sync::Arc;
use std::time::Duration;

use http::Method;

use super::ServerConfig;
use super::roster::Roster;
use crate::protocol::answered_by::Names;

/// What is never made.
#[derive(Debug)]
pub(super) enum Metrics {}

/// What an application has to say: nothing.
#[derive(Debug, Default)]
pub(super) struct Contribution(());

impl Metrics {
    #[allow(clippy::unnecessary_wraps, reason = "as with the feature")]
    pub(super) const fn wanted(_: &ServerConfig, _: Contribution) -> Option<Arc<Self>> {
        None
    }

    pub(super) fn watches(&self, _: &[Arc<Roster>]) {
        match *self {}
    }

    pub(super) fn begins(&self) {
        match *self {}
    }

    pub(super) fn ends(&self, _: &Method, _: u16, _: Duration, _: &Names) {
        match *self {}
    }

    pub(super) fn is_late(&self, _: Duration) {
        match *self {}
    }

    pub(super) fn text(&self) -> String {
        match *self {}
    }
}
