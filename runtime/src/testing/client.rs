//! A client inside the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;
use http::header::{COOKIE, HeaderValue, SET_COOKIE};

use super::exchange::{Pending, TestResponse};
use crate::app::router::App;
use crate::error::Result;
use crate::protocol::connection_info::ConnectionInfo;
use crate::registry::Configurator;

/// A client that drives an application inside the process. It keeps cookies, as a browser does, and follows no redirects.
///
/// Whatever cannot be sent is a panic, since it is a mistake in a test. A clone shares the cookies.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::testing::Client;
///
/// async fn home() -> &'static str {
///     "home"
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let client = Client::configured(|config| {
///     config.add_route("home", "/");
///     config.add_view(home).route("home");
///     Ok(())
/// })?;
/// assert_eq!(client.get("/").await.text(), "home");
/// # Ok::<(), aiopyramid::Error>(())
/// # })?;
/// # Ok::<(), aiopyramid::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    app: App,
    connection: Arc<ConnectionInfo>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Client {
    /// A client of `app`.
    pub fn new(app: App) -> Self {
        Self { app, connection: Arc::new(ConnectionInfo::default()), cookies: Arc::default() }
    }

    /// A client of the application that `configure` makes: each test can have one of its own.
    ///
    /// # Errors
    /// Those of `configure`, and whatever is wrong with the application.
    pub fn configured(configure: impl FnOnce(&mut Configurator) -> Result<()>) -> Result<Self> {
        let mut config = Configurator::new();
        configure(&mut config)?;
        Ok(Self::new(config.make_app()?))
    }

    /// The same client, with the same cookies, over https.
    #[must_use]
    pub fn https(&self) -> Self {
        let connection = ConnectionInfo { secure: true, ..ConnectionInfo::clone(&self.connection) };
        Self { connection: Arc::new(connection), ..self.clone() }
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// `GET target`; a target is a path, perhaps with a query string.
    pub fn get(&self, target: &str) -> Pending {
        self.request(Method::GET, target)
    }

    /// `POST target`
    pub fn post(&self, target: &str) -> Pending {
        self.request(Method::POST, target)
    }

    /// `PUT target`
    pub fn put(&self, target: &str) -> Pending {
        self.request(Method::PUT, target)
    }

    /// `DELETE target`
    pub fn delete(&self, target: &str) -> Pending {
        self.request(Method::DELETE, target)
    }

    /// A request with any method. The other methods are short for it.
    ///
    /// # Panics
    /// Where `target` cannot stand in a request.
    pub fn request(&self, method: Method, target: &str) -> Pending {
        Pending::new(self.clone(), method, target)
    }

    /// The value of a cookie that the application has set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().get(name).cloned()
    }

    pub(super) async fn exchange(&self, mut request: http::Request<crate::Body>) -> TestResponse {
        if let Some(cookies) = self.cookie_header()
            && !request.headers().contains_key(COOKIE)
        {
            request.headers_mut().insert(COOKIE, cookies);
        }
        let response = self.app.answer(request, &self.connection).await;
        for cookie in response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            self.keep(cookie);
        }
        TestResponse::of(response).await
    }

    /// All cookies, as they are sent.
    pub(super) fn cookie_header(&self) -> Option<HeaderValue> {
        let cookies: Vec<_> = self.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = (!cookies.is_empty()).then(|| cookies.join("; "))?;
        Some(HeaderValue::from_str(&text).expect("what came in a header fits into one"))
    }

    /// Keeps a cookie, or forgets one that is over; neither paths nor hosts are looked at.
    fn keep(&self, text: &str) {
        let Ok(cookie) = cookie::Cookie::parse(text) else { return };
        let over = cookie.max_age().is_some_and(|age| age.whole_seconds() <= 0);
        if over {
            self.cookies().remove(cookie.name());
        } else {
            self.cookies().insert(cookie.name().to_owned(), cookie.value().to_owned());
        }
    }

    fn cookies(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
