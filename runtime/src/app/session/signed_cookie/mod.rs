//! Sessions that the client itself keeps, in a cookie that only we can write.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::factory::SessionFactory;
use super::record::SessionRecord;
use super::session::{Session, SessionLife, life_methods};
use crate::app::request::Request;
use crate::app::response::Response;
use crate::app::settings::Settings;
use crate::error::{Error, Result};
use crate::protocol::cookie::{CookieAttributes, LONGEST_VALUE, SameSite, cookie_methods};
use crate::protocol::signing::{self, HashAlgorithm, Signer, check_secrets, key};

/// The setting that has the secrets.
const SETTING: &str = "session_secret";

/// Sessions that the client keeps itself, in a signed cookie. Pyramid's factory of that name, whose cookies it reads and writes: an
/// application of Pyramid's and one of these share sessions where secret, salt and algorithm are the same.
///
/// What is in such a session can be read by the client, and is sent with each request: little belongs in there, and nothing secret.
/// Over 4,064 characters it is an error. Nor can it be taken back: who keeps an old cookie has an old session, until it times out.
///
/// ```
/// use std::time::Duration;
/// use aiopyramid::prelude::*;
/// use aiopyramid::session::SignedCookieSessionFactory;
///
/// fn includeme(config: &mut Configurator) -> Result<()> {
///     // The setting `session_secret`; several, with spaces between, while a new one takes over.
///     config.set_session_factory(SignedCookieSessionFactory::from_settings().timeout(Duration::from_secs(3600)));
///     Ok(())
/// }
/// ```
///
/// Unlike in Pyramid the cookie is `HttpOnly`, and `Secure` where it is set over https.
#[derive(Debug, Clone)]
pub struct SignedCookieSessionFactory {
    secrets: Secrets,
    salt: String,
    algorithm: HashAlgorithm,
    life: SessionLife,
    cookie: CookieAttributes,
    set_on_exception: bool,
    signer: Signer,
}

#[derive(Clone)]
enum Secrets {
    Given(Vec<String>),
    FromSettings,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Given(_) => "given",
            Self::FromSettings => SETTING,
        })
    }
}

impl SignedCookieSessionFactory {
    /// With a secret of 32 bytes at least, which nobody else knows; a shorter one keeps the application from starting.
    pub fn new(secret: impl Into<String>) -> Self {
        Self::with(Secrets::Given(vec![secret.into()]))
    }

    /// With the secrets of the setting `session_secret`: words, of which the first signs and all are believed.
    pub fn from_settings() -> Self {
        Self::with(Secrets::FromSettings)
    }

    fn with(secrets: Secrets) -> Self {
        Self {
            secrets,
            salt: "pyramid.session.".to_owned(),
            algorithm: HashAlgorithm::default(),
            life: SessionLife::default(),
            cookie: CookieAttributes::named("session"),
            set_on_exception: true,
            signer: Signer::new(HashAlgorithm::default(), []),
        }
    }

    /// Believes what an older secret signed, too, so that changing the secret ends no session. With
    /// [`from_settings`](Self::from_settings) it is the setting that has them.
    #[must_use]
    pub fn older_secret(mut self, secret: impl Into<String>) -> Self {
        match &mut self.secrets {
            Secrets::Given(secrets) => secrets.push(secret.into()),
            Secrets::FromSettings => {}
        }
        self
    }

    /// What is mixed into the secret, so that what is signed for another purpose is no session: `pyramid.session.`
    #[must_use]
    pub fn salt(mut self, salt: impl Into<String>) -> Self {
        self.salt = salt.into();
        self
    }

    /// What the signature is made with: SHA-512.
    #[must_use]
    pub fn hash_algorithm(mut self, algorithm: HashAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    life_methods!(life);
    cookie_methods!(cookie);

    /// Whether a session is kept also where the request ended in an exception, which somebody made a response of: `true`
    #[must_use]
    pub fn set_on_exception(mut self, set: bool) -> Self {
        self.set_on_exception = set;
        self
    }

    /// Sets the keys up.
    fn sign_with<'a>(&mut self, secrets: impl IntoIterator<Item = &'a str>) {
        let keys = secrets.into_iter().map(|secret| key(&self.salt, secret));
        self.signer = Signer::new(self.algorithm, keys);
    }

    /// The session in a cookie's value, if it is one that we have signed.
    fn read(&self, value: &str) -> Option<Session> {
        // More than this we have never sent.
        if value.len() > LONGEST_VALUE {
            return None;
        }
        // Quotes are what a client may have put around it.
        let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        let signed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let text = std::str::from_utf8(self.signer.open(&signed)?).ok()?;
        Some(Session::resume(SessionRecord::from_json(text).ok()?, self.life))
    }

    fn write(&self, session: &Session) -> Result<String> {
        let value = URL_SAFE_NO_PAD.encode(self.signer.sign(session.record().to_json()?.as_bytes()));
        if value.len() <= LONGEST_VALUE {
            return Ok(value);
        }
        let largest = session.largest().map_or_else(String::new, |(name, size)| {
            format!("; the largest value is `{name}` with {size} bytes")
        });
        Err(Error::msg(format!(
            "the session is too large for a cookie: {} characters of {LONGEST_VALUE}{largest}. Keep what is large on the server, and \
             in the session only what it is found by",
            value.len()
        )))
    }
}

impl SessionFactory for SignedCookieSessionFactory {
    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        self.cookie.check().map_err(Error::msg)?;
        let secrets: Vec<String> = match &self.secrets {
            Secrets::Given(secrets) => secrets.clone(),
            Secrets::FromSettings => signing::secrets(settings.get(SETTING).unwrap_or("")),
        };
        check_secrets("sessions", SETTING, &secrets).map_err(Error::msg)?;
        self.sign_with(secrets.iter().map(String::as_str));
        Ok(())
    }

    async fn load(&self, request: &Request) -> Result<Session> {
        let kept = request.cookie(&self.cookie.name).and_then(|value| self.read(&value));
        Ok(kept.unwrap_or_else(|| Session::begin(self.life)))
    }

    async fn save(&self, request: &Request, session: &Session, response: &mut Response) -> Result<()> {
        if !self.set_on_exception && request.exception().is_some() {
            return Ok(());
        }
        let value = self.write(session)?;
        response.add_cookie(&self.cookie.cookie(value, request.scheme() == "https"))
    }
}

#[cfg(test)]
mod oracle;
