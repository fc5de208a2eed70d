//! The question that a view answers.

mod body;
#[cfg(feature = "tower")]
mod foreign;
mod url;

use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::mem;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use http::header::{AUTHORIZATION, AsHeaderName, CONTENT_TYPE, COOKIE, HOST, PROXY_AUTHORIZATION};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, Method, Uri, Version};
use http_body::Body as _;

use crate::app::limits::Limits;
use crate::protocol::answered_by::AnsweredBy;
use crate::protocol::body::Body;
use crate::protocol::connection_info::ConnectionInfo;
use crate::protocol::pattern::Match;
use crate::protocol::spare_headers;

/// The question that a view answers: method, URL, headers, body, and what the application found out about it.
///
/// A request is shared: a clone is the same request, costs next to nothing, and may go to another thread or outlive the
/// view. What can change (the body, which is read once, and the [extensions](Self::extension)) sits behind a lock.
///
/// What it knows of the application, settings and URLs of routes for instance, is in [`RequestExt`](crate::RequestExt).
///
/// ```
/// use aiopyramid::prelude::*;
///
/// #[view_config(route = "/echo/{word}", request_method = "POST")]
/// async fn echo(request: &Request) -> Result<String> {
///     let word = request.match_value("word").unwrap_or_default();
///     let body = request.read_body().await?;
///     Ok(format!("{} bytes for {word}, from {:?}", body.len(), request.remote_addr()))
/// }
/// ```
#[derive(Clone)]
pub struct Request(Arc<Inner>);

struct Inner {
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    /// The path as text, where that differs from what stands in `uri`.
    decoded_path: Option<Box<str>>,
    /// The route that was found before it was made.
    matched: Option<Match>,
    /// The one that was found later, where tweens stand around the search for a route.
    matched_later: OnceLock<Match>,
    /// What came of a walk. Those who walk know its type.
    walked: Mutex<Option<Arc<dyn Any + Send + Sync>>>,
    /// `None` in one that waits to be used again, and only there.
    around: Option<Around>,
    /// Whether there was more than nothing to read.
    has_body: bool,
    body: Mutex<Reading>,
    extensions: Mutex<Extensions>,
    /// Bits of [`CANCELLED`] and [`CALLBACKS`].
    flags: AtomicU8,
}

/// The client left, or the view was given up for another reason.
const CANCELLED: u8 = 1;

/// Somebody wants to be called when the response is there, or the request over.
const CALLBACKS: u8 = 2;

/// What a request shares with others.
struct Around {
    connection: Arc<ConnectionInfo>,
    limits: Limits,
    application: Arc<dyn Any + Send + Sync>,
}

impl Inner {
    /// One that asks for nothing, and owns nothing.
    fn blank() -> Self {
        Self {
            method: Method::GET,
            uri: Uri::default(),
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            decoded_path: None,
            matched: None,
            matched_later: OnceLock::new(),
            walked: Mutex::new(None),
            around: None,
            has_body: false,
            body: Mutex::new(Reading::Gone),
            extensions: Mutex::new(Extensions::new()),
            flags: AtomicU8::new(0),
        }
    }

    /// Lets go of all that it has, and makes it as [`blank`](Self::blank) does.
    #[inline]
    fn clear(&mut self) {
        spare_headers::give(&mut self.headers);
        self.method = Method::GET;
        self.uri = Uri::default();
        self.decoded_path = None;
        self.matched = None;
        self.matched_later.take();
        *self.walked.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        self.around = None;
        *self.body.get_mut().unwrap_or_else(PoisonError::into_inner) = Reading::Gone;
        let extensions = self.extensions.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !extensions.is_empty() {
            extensions.clear();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        spare_headers::give(&mut self.headers);
    }
}

/// How many requests that were answered one thread keeps, to use their memory again. More only pile up where many end at once.
const KEPT: usize = 16;

thread_local! {
    /// Blank, and known to nobody else.
    static SPARE: RefCell<Vec<Arc<Inner>>> = const { RefCell::new(Vec::new()) };
}

/// Puts a value where one is that owns nothing: an assignment would look whether there is something to be dropped, and that
/// costs more than all the rest.
#[inline]
fn put<T>(place: &mut T, value: T) {
    mem::forget(mem::replace(place, value));
}

/// Headers whose values are nobody's business: they are shown on no page, not even in development.
pub(crate) const SECRET_HEADERS: [HeaderName; 3] = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];

enum Reading {
    Unread(Body),
    /// Somebody is at it, or has taken it, or it broke off.
    Gone,
    Whole(Bytes),
}

/// What a request is made of besides its head and body.
pub(crate) struct Surroundings {
    pub(crate) decoded_path: Option<Box<str>>,
    pub(crate) matched: Option<Match>,
    pub(crate) connection: Arc<ConnectionInfo>,
    pub(crate) limits: Limits,
    pub(crate) application: Arc<dyn Any + Send + Sync>,
}

#[cfg(test)]
impl Surroundings {
    /// Of a request that came by no connection and that no application answers.
    pub(crate) fn none() -> Self {
        Self {
            decoded_path: None,
            matched: None,
            connection: Arc::default(),
            limits: Limits::default(),
            application: Arc::new(()),
        }
    }
}

impl Request {
    #[inline]
    pub(crate) fn new(head: Parts, body: Body, surroundings: Surroundings) -> Self {
        let Surroundings { decoded_path, matched, connection, limits, application } = surroundings;
        let kept = SPARE.try_with(|spare| spare.borrow_mut().pop()).ok().flatten();
        let mut shared = kept.unwrap_or_else(|| Arc::new(Inner::blank()));
        let inner = Arc::get_mut(&mut shared).expect("nobody else knows it");
        put(&mut inner.method, head.method);
        put(&mut inner.uri, head.uri);
        inner.version = head.version;
        put(&mut inner.headers, head.headers);
        put(&mut inner.decoded_path, decoded_path);
        put(&mut inner.matched, matched);
        put(&mut inner.around, Some(Around { connection, limits, application }));
        inner.has_body = !body.is_end_stream();
        put(inner.body.get_mut().unwrap_or_else(PoisonError::into_inner), Reading::Unread(body));
        // These may have kept memory, so they are not forgotten.
        if !head.extensions.is_empty() {
            *inner.extensions.get_mut().unwrap_or_else(PoisonError::into_inner) = head.extensions;
        }
        *inner.flags.get_mut() = 0;
        Self(shared)
    }

    /// Gives the request up after it was answered. If nobody else has it, its memory is used for the next one of this thread.
    #[inline]
    pub(crate) fn let_go(mut self) {
        let Some(inner) = Arc::get_mut(&mut self.0) else { return };
        // Before the store is borrowed: dropping a value could run anybody's code.
        inner.clear();
        let _ = SPARE.try_with(|spare| {
            let mut spare = spare.borrow_mut();
            if spare.len() < KEPT {
                spare.push(self.0);
            }
        });
    }

    fn around(&self) -> &Around {
        self.0.around.as_ref().expect("a request that somebody has is not blank")
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The target as it was sent, still percent-encoded.
    pub fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// The version of HTTP that the client speaks.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// The path as text: percent-decoded once, as routes see it. Pyramid's `path_info`.
    pub fn path(&self) -> &str {
        self.0.decoded_path.as_deref().unwrap_or_else(|| self.0.uri.path())
    }

    /// What stands behind the `?`, as it was sent; empty where there is none.
    pub fn query_string(&self) -> &str {
        self.0.uri.query().unwrap_or("")
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The header `name` as text; `None` where it is absent or not visible ASCII.
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.0.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value of the cookie `name`; the last one where the client sends several.
    ///
    /// Escapes (RFC 6265 has none, but [`Response::set_cookie`](crate::Response::set_cookie) needs them) are undone.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.0
            .headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(cookie::Cookie::split_parse_encoded)
            .filter_map(Result::ok)
            .filter(|cookie| cookie.name() == name)
            .last()
            .map(|cookie| cookie.value().to_owned())
    }

    /// The media type of the body, without parameters, in lower case; empty where the client does not say.
    pub fn content_type(&self) -> Cow<'_, str> {
        let text = self.header(CONTENT_TYPE).unwrap_or("");
        let essence = text.split(';').next().unwrap_or("").trim();
        if essence.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(essence.to_ascii_lowercase())
        } else {
            Cow::Borrowed(essence)
        }
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.around().connection.secure { "https" } else { "http" }
    }

    /// The host that the client asked for, with its port where it named one; empty for HTTP/1.0 without one.
    pub fn host(&self) -> &str {
        match self.0.uri.authority() {
            Some(authority) => authority.as_str(),
            None => self.header(HOST).unwrap_or(""),
        }
    }

    /// What stands before the application's paths where a server in front takes it off, decoded: empty, or `/app`. URLs of
    /// routes and resources begin with it, [`path`](Self::path) does not. Pyramid's `script_name`.
    pub fn script_name(&self) -> &str {
        &self.around().connection.script_name
    }

    /// The client's address, where it came over TCP.
    pub fn remote_addr(&self) -> Option<SocketAddr> {
        self.around().connection.remote
    }

    /// The connection that the request came by.
    pub fn connection(&self) -> &ConnectionInfo {
        &self.around().connection
    }

    /// The text that the placeholder `name` of the matched route took. Pyramid's `matchdict[name]`.
    ///
    /// A final `*name` gives its whole text; a parameter of that name that is a `Vec<String>` has it segment by segment.
    pub fn match_value(&self, name: &str) -> Option<&str> {
        let matched = self.matched()?;
        matched.value_of(name, self.path())
    }

    /// What is told which route and which view it leads to, where somebody wants to know.
    #[inline]
    pub(crate) fn answered_by(&self) -> Option<AnsweredBy> {
        if self.around().connection.recorded { self.attached_record() } else { None }
    }

    #[cold]
    fn attached_record(&self) -> Option<AnsweredBy> {
        self.extension()
    }

    pub(crate) fn matched(&self) -> Option<&Match> {
        self.0.matched.as_ref().or_else(|| self.0.matched_later.get())
    }

    /// Notes the route that was found. Done once, before anybody can ask.
    pub(crate) fn set_matched(&self, matched: Match) {
        let known = self.0.matched_later.set(matched);
        debug_assert!(known.is_ok(), "a route is looked for once");
    }

    /// What was noted of a walk, if that is a `T`.
    pub(crate) fn walked<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let walked = lock(&self.0.walked).clone();
        walked.and_then(|walked| walked.downcast().ok())
    }

    /// Notes what came of a walk. Not among the extensions, where everything costs three allocations.
    pub(crate) fn set_walked(&self, walked: Arc<dyn Any + Send + Sync>) {
        *lock(&self.0.walked) = Some(walked);
    }

    /// A value that was [set](Self::set_extension) on this request.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        lock(&self.0.extensions).get().cloned()
    }

    /// Attaches a value to this request, for whatever handles it later; gives back the one of this type that was there.
    ///
    /// An extractor can keep here what is dear to find out, and find it there when it is asked again.
    pub fn set_extension<T: Clone + Send + Sync + 'static>(&self, value: T) -> Option<T> {
        lock(&self.0.extensions).insert(value)
    }

    /// The value of this type that was [set](Self::set_extension), or a default one, which is set from now on.
    pub(crate) fn extension_or_default<T: Clone + Default + Send + Sync + 'static>(&self) -> T {
        lock(&self.0.extensions).get_or_insert_default::<T>().clone()
    }

    /// Whether the client left, or the view was given up for another reason. What a blocking view that takes long asks now
    /// and then, because nobody can stop a thread from outside.
    pub fn is_cancelled(&self) -> bool {
        self.0.flags.load(Ordering::Relaxed) & CANCELLED != 0
    }

    pub(crate) fn cancel(&self) {
        self.0.flags.fetch_or(CANCELLED, Ordering::Relaxed);
    }

    /// Whether somebody wants to be called when the response is there, or the request over.
    #[inline]
    pub(crate) fn has_callbacks(&self) -> bool {
        self.0.flags.load(Ordering::Relaxed) & CALLBACKS != 0
    }

    pub(crate) fn note_callbacks(&self) {
        self.0.flags.fetch_or(CALLBACKS, Ordering::Relaxed);
    }

    /// Takes off what was [set](Self::set_extension).
    pub(crate) fn remove_extension<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        lock(&self.0.extensions).remove()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.around().limits
    }

    pub(crate) fn application_any(&self) -> &Arc<dyn Any + Send + Sync> {
        &self.around().application
    }
}

/// What sits behind these locks is valid after each single statement, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", self.method())
            .field("uri", self.uri())
            .finish_non_exhaustive()
    }
}
