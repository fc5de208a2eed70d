//! A body of `application/json`, both ways.

use std::ops::{Deref, DerefMut};

use serde::Serialize;

use super::{Deserializable, FromRequest};
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::view::IntoResponse;
use crate::error::Result;

/// A JSON document: as a parameter the request's body, as a return value the response's.
///
/// As a parameter: 415 where the body says that it is something else, 400 where it is no JSON, nested deeper than 128
/// levels, or not a `T`; the reason names the place.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[derive(serde::Deserialize, serde::Serialize)]
/// struct Point { x: i32, y: i32 }
///
/// #[view_config(route = "/mirror", request_method = "POST")]
/// async fn mirror(Json(point): Json<Point>) -> Json<Point> {
///     Json(Point { x: point.y, y: point.x })
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Deserializable> FromRequest for Json<T> {
    async fn from_request(request: &Request) -> Result<Self> {
        if !is_json(&request.content_type()) {
            return Err(HttpException::unsupported_media_type("application/json").into());
        }
        let body = request.read_body().await?;
        // Keeping account of the place costs a fifth of all the work, so that is done only where there is something to tell.
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Self(value)),
            Err(_) => read_with_places(&body).map(Self),
        }
    }
}

/// Reads the document again, now so that the error names the place.
#[cold]
fn read_with_places<T: Deserializable>(body: &[u8]) -> Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner();
        HttpException::bad_request(if path == "." {
            format!("the JSON cannot be read: {reason}")
        } else {
            format!("the JSON cannot be read: `{path}`: {reason}")
        })
    })?;
    deserializer.end().map_err(|_| HttpException::bad_request("something follows after the JSON"))?;
    Ok(value)
}

/// `application/json`, or a type built on it (RFC 6839 section 3.1).
fn is_json(media_type: &str) -> bool {
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Result<Response> {
        Ok(Response::json(serde_json::to_vec(&self.0)?))
    }
}

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
