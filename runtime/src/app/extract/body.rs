//! The body as it came.

use bytes::Bytes;

use super::FromRequest;
use crate::app::http_exception::HttpException;
use crate::app::request::Request;
use crate::error::Result;
use crate::protocol::body::Body;

impl FromRequest for Bytes {
    async fn from_request(request: &Request) -> Result<Self> {
        request.read_body().await
    }
}

impl FromRequest for String {
    /// 400 where the body is not UTF-8.
    async fn from_request(request: &Request) -> Result<Self> {
        let bytes = request.read_body().await?;
        String::from_utf8(bytes.into())
            .map_err(|_| HttpException::bad_request("the body is not text in UTF-8").into())
    }
}

#[diagnostic::do_not_recommend]
impl FromRequest for Body {
    async fn from_request(request: &Request) -> Result<Self> {
        request.take_body()
    }
}
