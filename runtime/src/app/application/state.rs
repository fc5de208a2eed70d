//! `State<T>` as a parameter.

use super::RequestExt;
use crate::app::extract::{FromRequest, Need, Shareable, State};
use crate::app::request::Request;
use crate::error::{Error, Result};

impl<T: Shareable> FromRequest for State<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        // Views that were annotated have been checked at start-up; only an extractor that asks for a state from inside its own
        // `from_request` can come here in vain.
        request
            .state()
            .ok_or_else(|| Error::msg(format!("nobody manages a `{}`", std::any::type_name::<T>())))
    }

    fn need() -> Option<Need> {
        Some(Need::of::<T>())
    }
}
