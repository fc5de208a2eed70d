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
