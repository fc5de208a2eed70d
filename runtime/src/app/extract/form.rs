//! A form's body as a value.

use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;

use super::{Deserializable, FromRequest, Multipart};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::error::Result;

/// The body of a form as a `T`: `application/x-www-form-urlencoded`, or the text fields of `multipart/form-data`. A field
/// that is a `Vec` takes every value of that name.
///
/// 415 where the body says that it is something else, 400 where it is not a `T` (the reason names the field) or has more
/// fields than `max_form_fields`.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[derive(serde::Deserialize)]
/// struct Login { name: String, password: String }
///
/// #[view_config(route = "/login", request_method = "POST")]
/// fn login(form: Form<Login>) -> String {
///     format!("hello {}, your password has {} bytes", form.name, form.password.len())
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<T: Deserializable> FromRequest for Form<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        let limit = request.limits().form_fields;
        match &*request.content_type() {
            "application/x-www-form-urlencoded" => {
                parse(&request.read_body().await?, limit, "field").map(Self)
            }
            "multipart/form-data" => {
                let fields = Multipart::from_request(request).await?.urlencoded_texts();
                parse(fields.as_bytes(), limit, "field").map(Self)
            }
            _ => Err(HttpException::unsupported_media_type("application/x-www-form-urlencoded").into()),
        }
    }
}

/// Reads `a=1&b=2`; `what` is what one of them is called.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8], limit: usize, what: &str) -> Result<T> {
    let fields = bytes.split(|byte| *byte == b'&').count();
    if fields > limit {
        let reason = format!("{fields} {what}s, of which there may be {limit}");
        return Err(HttpException::bad_request(reason).into());
    }
    let deserializer = serde_html_form::Deserializer::from_bytes(bytes);
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner();
        HttpException::bad_request(if path == "." {
            reason.to_string()
        } else {
            format!("{what} `{path}`: {reason}")
        })
        .into()
    })
}

impl<T> Deref for Form<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Form<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
