//! The query string as a value.

use std::ops::{Deref, DerefMut};

use super::{Deserializable, FromRequest, form};
use crate::app::request::Request;
use crate::error::Result;

/// The query string as a `T`; a field that is a `Vec` takes every value of that name.
///
/// 400 where it is not a `T`; the reason names the parameter.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// struct Page { #[serde(default)] offset: u32, #[serde(default)] tag: Vec<String> }
///
/// #[view_config(route = "/articles")]
/// async fn articles(page: Query<Page>) -> String {
///     format!("from {} with {:?}", page.offset, page.tag)
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: Deserializable> FromRequest for Query<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        form::parse(request.query_string().as_bytes(), request.limits().form_fields, "parameter").map(Self)
    }
}

impl<T> Deref for Query<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Query<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
