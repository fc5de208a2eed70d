//! A body of several parts, as a form with files sends it (RFC 7578).

use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::FromRequest;
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::error::{Error, Result};
use crate::protocol::url;

/// The parts of a `multipart/form-data` body, whole and in memory: bounded by `max_body` and `max_multipart_parts`.
///
/// 415 where the body is something else, 400 where it is malformed.
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[view_config(route = "/upload", request_method = "POST")]
/// fn upload(form: Multipart) -> Result<String> {
///     let file = form.part("file").ok_or_else(|| HttpException::bad_request("no part named `file`"))?;
///     Ok(format!("{:?} has {} bytes", file.file_name(), file.bytes().len()))
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Multipart {
    parts: Vec<Part>,
}

/// One part of a [`Multipart`] body: a field of the form, or a file.
#[derive(Debug, Clone)]
pub struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    bytes: Bytes,
}

impl Multipart {
    /// All parts as they came.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The first part named `name`.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// The parts that are text and no files, as a form without files would have sent them.
    pub(crate) fn urlencoded_texts(&self) -> String {
        let texts = self.parts.iter().filter(|part| part.file_name.is_none());
        url::form_urlencoded(texts.filter_map(|part| Some((part.name.as_str(), part.text()?))))
    }
}

impl Part {
    /// The name of the form's field.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's name as the client gave it: not to be trusted as a path.
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The part's media type, where the client said one.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What is in it.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// What is in it, where that is text in UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

impl FromRequest for Multipart {
    async fn from_request(request: &Request) -> Result<Self> {
        if request.content_type() != "multipart/form-data" {
            return Err(HttpException::unsupported_media_type("multipart/form-data").into());
        }
        let content_type = request.header(CONTENT_TYPE).unwrap_or("");
        let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
        let limit = request.limits().multipart_parts;
        let body = request.read_body().await?;
        let mut reader = multer::Multipart::new(Once(Some(body)), boundary);
        let mut parts = Vec::new();
        while let Some(field) = reader.next_field().await.map_err(malformed)? {
            if parts.len() == limit {
                return Err(HttpException::bad_request(format!("more than {limit} parts")).into());
            }
            let name = field.name().unwrap_or("").to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let content_type = field.content_type().map(ToString::to_string);
            let bytes = field.bytes().await.map_err(malformed)?;
            parts.push(Part { name, file_name, content_type, bytes });
        }
        Ok(Self { parts })
    }
}

fn malformed(error: multer::Error) -> Error {
    HttpException::bad_request(format!("malformed multipart body: {error}")).into()
}

/// A body that is there already, as the stream that the parser reads.
struct Once(Option<Bytes>);

impl futures_core::Stream for Once {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Ok))
    }
}
