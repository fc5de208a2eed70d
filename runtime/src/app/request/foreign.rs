//! A request on its way through something that knows requests of the `http` crate only.

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use super::{Reading, Request, Surroundings, lock};
use crate::app::http_exception::HttpException;
use crate::error::Result;
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::url;

impl Request {
    /// The request as the `http` crate has it, to be handed to something that knows no other: a copy of its head and its
    /// extensions, with the body, which is not here any more then. A body that was read is there all the same.
    pub(crate) fn to_http(&self) -> http::Request<Body> {
        let mut body = lock(&self.0.body);
        let taken = match &*body {
            Reading::Whole(bytes) => bytes.clone().into(),
            Reading::Gone => Body::empty(),
            Reading::Unread(_) => match mem::replace(&mut *body, Reading::Gone) {
                Reading::Unread(unread) => unread,
                Reading::Gone | Reading::Whole(_) => unreachable!("it was just looked at"),
            },
        };
        drop(body);
        let mut request = http::Request::new(taken);
        *request.method_mut() = self.method().clone();
        *request.uri_mut() = self.uri().clone();
        *request.version_mut() = self.version();
        request.headers_mut().clone_from(self.headers());
        let extensions = lock(&self.0.extensions);
        if !extensions.is_empty() {
            request.extensions_mut().clone_from(&extensions);
        }
        drop(extensions);
        request.extensions_mut().insert(Arc::clone(&self.around().connection));
        request
    }

    /// The same request with another head and body: what else it knows is as in this one.
    ///
    /// # Errors
    /// 400 where the new path is no text in UTF-8.
    pub(crate) fn with_http(&self, request: http::Request<Body>) -> Result<Self> {
        let (mut head, body) = request.into_parts();
        // Whoever is inside asks the request for it.
        head.extensions.remove::<Arc<ConnectionInfo>>();
        let decoded_path = match url::decode_path(head.uri.path()) {
            Ok(Cow::Borrowed(_)) => None,
            Ok(Cow::Owned(text)) => Some(text.into_boxed_str()),
            Err(_) => return Err(HttpException::bad_request("the path is not text in UTF-8").into()),
        };
        let around = self.around();
        let surroundings = Surroundings {
            decoded_path,
            matched: self.matched().cloned(),
            connection: Arc::clone(&around.connection),
            limits: around.limits,
            application: Arc::clone(&around.application),
        };
        let made = Self::new(head, body, surroundings);
        let walked = lock(&self.0.walked).clone();
        if walked.is_some() {
            *lock(&made.0.walked) = walked;
        }
        Ok(made)
    }

    /// Takes over what is attached to the other one, and where its path has led.
    pub(crate) fn take_extensions(&self, other: &Self) {
        let walked = lock(&other.0.walked).clone();
        if walked.is_some() {
            *lock(&self.0.walked) = walked;
        }
        // Never both locks at once.
        let theirs =
            Some(lock(&other.0.extensions)).filter(|theirs| !theirs.is_empty()).map(|theirs| theirs.clone());
        let Some(theirs) = theirs else { return };
        lock(&self.0.extensions).extend(theirs);
    }
}
