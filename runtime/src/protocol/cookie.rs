//! What a cookie of the framework's own says besides its value (RFC 6265 section 4.1).

use std::time::Duration;

pub use cookie::SameSite;
use cookie::time;
use cookie::{Cookie, CookieBuilder};

/// The longest value that a cookie of the framework's own may have, in characters: browsers keep 4,096 bytes of name, value and
/// attributes (RFC 6265 section 6.1). Pyramid's number.
pub(crate) const LONGEST_VALUE: usize = 4064;

/// What a cookie says besides its value.
#[derive(Debug, Clone)]
pub(crate) struct CookieAttributes {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) domain: Option<String>,
    /// How long the browser keeps it; without this until it is closed.
    pub(crate) max_age: Option<Duration>,
    /// Whether it is sent over https only; without this where it was set over https.
    pub(crate) secure: Option<bool>,
    pub(crate) http_only: bool,
    pub(crate) same_site: Option<SameSite>,
}

impl CookieAttributes {
    /// The safe ones: no script reads it, and no other site's form brings it along.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            path: "/".to_owned(),
            domain: None,
            max_age: None,
            secure: None,
            http_only: true,
            same_site: Some(SameSite::Lax),
        }
    }

    /// What is wrong with them, with the line to write instead.
    ///
    /// # Errors
    /// Where browsers would refuse such a cookie, or it could not stand in a header.
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if self.name.is_empty() || !self.name.bytes().all(is_token) {
            return Err(format!(
                "`{}` is no name of a cookie\nhelp: letters, digits, `-` and `_` can stand in one",
                self.name
            ));
        }
        let is_text = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b';');
        if !is_text(&self.path) || !self.domain.as_deref().is_none_or(is_text) {
            return Err(format!(
                "the path or the domain of the cookie `{}` cannot stand in a header",
                self.name
            ));
        }
        if self.same_site == Some(SameSite::None) && self.secure == Some(false) {
            return Err(format!(
                "browsers refuse the cookie `{}`: `SameSite=None` goes with `Secure` only\nhelp: `.secure(true)`, or `.same_site(SameSite::Lax)`",
                self.name
            ));
        }
        Ok(())
    }

    /// The cookie with a value, for an answer that goes over https or not.
    pub(crate) fn cookie(&self, value: String, is_https: bool) -> Cookie<'static> {
        let needs_secure = self.same_site == Some(SameSite::None);
        let mut cookie: CookieBuilder<'static> = Cookie::build((self.name.clone(), value))
            .path(self.path.clone())
            .http_only(self.http_only)
            .secure(self.secure.unwrap_or(is_https || needs_secure));
        if let Some(domain) = &self.domain {
            cookie = cookie.domain(domain.clone());
        }
        if let Some(age) = self.max_age {
            cookie = cookie.max_age(time::Duration::seconds(age.as_secs().try_into().unwrap_or(i64::MAX)));
        }
        if let Some(same_site) = self.same_site {
            cookie = cookie.same_site(same_site);
        }
        cookie.build()
    }
}

/// The methods of a type that has [`CookieAttributes`] in a field, which say what they are. It names [`SameSite`] and `Duration`.
macro_rules! cookie_methods {
    ($($field:tt)+) => {
        /// The name of the cookie.
        #[must_use]
        pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
            self.$($field)+.name = name.into();
            self
        }

        /// How long the browser keeps the cookie. Without this, until it is closed.
        #[must_use]
        pub fn max_age(mut self, age: impl Into<Option<Duration>>) -> Self {
            self.$($field)+.max_age = age.into();
            self
        }

        /// The path below which the cookie is sent: `/`
        #[must_use]
        pub fn path(mut self, path: impl Into<String>) -> Self {
            self.$($field)+.path = path.into();
            self
        }

        /// The domain whose hosts the cookie is sent to. Without this it is the one host that has set it.
        #[must_use]
        pub fn domain(mut self, domain: impl Into<String>) -> Self {
            self.$($field)+.domain = Some(domain.into());
            self
        }

        /// Whether the cookie is sent over https only. Without this it is where it was set over https.
        #[must_use]
        pub fn secure(mut self, secure: bool) -> Self {
            self.$($field)+.secure = Some(secure);
            self
        }

        /// Whether the cookie is kept from scripts: `true`, unlike in Pyramid.
        #[must_use]
        pub fn http_only(mut self, http_only: bool) -> Self {
            self.$($field)+.http_only = http_only;
            self
        }

        /// Whether the cookie comes along where another site leads here: [`SameSite::Lax`]. `None` leaves it to the browser.
        #[must_use]
        pub fn same_site(mut self, same_site: impl Into<Option<SameSite>>) -> Self {
            self.$($field)+.same_site = same_site.into();
            self
        }
    };
}
pub(crate) use cookie_methods;
