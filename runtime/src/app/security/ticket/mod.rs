//! Who somebody is, in a signed cookie.

#[cfg(test)]
mod oracle;
mod reissue;
mod userid;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use http::header::SET_COOKIE;

use super::authentication::Authentication;
use super::erased::Headers;
use crate::app::request::Request;
use crate::app::settings::Settings;
use crate::error::{Error, Result};
use crate::protocol::cookie::{CookieAttributes, LONGEST_VALUE, SameSite, cookie_methods};
use crate::protocol::cookie_value::{quoted, received};
use crate::protocol::signing::{self, HashAlgorithm, check_secrets};
use crate::protocol::ticket::{Content, TicketHash};
use reissue::Reissue;
pub use userid::TicketUserid;

/// The setting that has the secrets.
const SETTING: &str = "auth_secret";

/// How long a ticket is good for unless something else is said.
const TIMEOUT: Duration = Duration::from_hours(12);

/// After what time one that is in use is replaced by a new one.
const REISSUE_TIME: Duration = Duration::from_hours(1);

/// Makes, reads and takes back tickets: cookies that say who somebody is, signed, so that nothing need be kept on the server.
/// Pyramid's class of that name, in whose format they are: an application of Pyramid with the same secret and the same name of the
/// cookie reads them, and ours its.
///
/// Nobody can make a ticket without the secret. Who has one is that user until it is over, which is looked at here and not left to
/// the browser; to log somebody out everywhere, let the policy's function say `None`.
///
/// | what | by default | Pyramid's default |
/// |---|---|---|
/// | [`timeout`](Self::timeout) | 12 hours | none: good for ever |
/// | [`reissue_time`](Self::reissue_time) | an hour | none: one who works on is logged out all the same |
/// | the cookie `auth_tkt` | one: `HttpOnly`, `SameSite=Lax`, `Secure` over https, for this host alone | scripts can read it, and all hosts below get it |
/// | [`include_ip`](Self::include_ip) | no | no |
/// | [`hash_algorithm`](Self::hash_algorithm) | SHA-512 | SHA-512; also those that are broken by now |
///
/// ```
/// use std::time::Duration;
///
/// use aiopyramid::prelude::*;
/// use aiopyramid::security::{AclPolicy, AuthTktCookieHelper};
///
/// fn includeme(config: &mut Configurator) -> Result<()> {
///     // The setting `auth_secret`; several, with spaces between, while a new one takes over.
///     let tickets = AuthTktCookieHelper::from_settings().timeout(Duration::from_mins(20)).reissue_time(Duration::from_mins(2));
///     config.set_security_policy(AclPolicy::new(tickets, |_, _| Some(())));
///     Ok(())
/// }
/// ```
///
/// It is given to an [`AclPolicy`](super::AclPolicy), or used in a [`SecurityPolicy`](super::SecurityPolicy) of one's own, whose
/// `prepare` calls [that of this one](Authentication::prepare). A clone is the same.
#[derive(Clone)]
pub struct AuthTktCookieHelper {
    secrets: Arc<OnceLock<Vec<String>>>,
    cookie: CookieAttributes,
    hash: TicketHash,
    timeout: Option<Duration>,
    reissue_time: Option<Duration>,
    include_ip: bool,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl AuthTktCookieHelper {
    /// With a secret of 32 bytes at least, which nobody else knows; a shorter one keeps the application from starting.
    pub fn new(secret: impl Into<String>) -> Self {
        Self { secrets: Arc::new(OnceLock::from(vec![secret.into()])), ..Self::from_settings() }
    }

    /// With the secrets of the setting `auth_secret`: words, of which the first signs and all are believed.
    pub fn from_settings() -> Self {
        Self {
            secrets: Arc::default(),
            cookie: CookieAttributes::named("auth_tkt"),
            hash: HashAlgorithm::default().into(),
            timeout: Some(TIMEOUT),
            reissue_time: Some(REISSUE_TIME),
            include_ip: false,
            clock: Arc::new(SystemTime::now),
        }
    }

    /// Believes what an older secret has signed, too, so that changing the secret logs nobody out. With
    /// [`from_settings`](Self::from_settings) it is the setting that has them.
    #[must_use]
    pub fn older_secret(mut self, secret: impl Into<String>) -> Self {
        if let Some(secrets) = self.secrets.get() {
            let secrets = secrets.iter().cloned().chain([secret.into()]).collect::<Vec<_>>();
            self.secrets = Arc::new(OnceLock::from(secrets));
        }
        self
    }

    /// How long a ticket is good for: 12 hours; with `None` for ever.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// After what time a ticket that comes with a request is replaced by a new one, so that nobody is logged out while at work: an
    /// hour; with `None` never. It has to be less than the time-out.
    #[must_use]
    pub fn reissue_time(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.reissue_time = time.into();
        self
    }

    /// Whether a ticket is good for the client's address alone: `false`. Clients whose address changes, as those on the move, are
    /// logged out then.
    #[must_use]
    pub fn include_ip(mut self, include_ip: bool) -> Self {
        self.include_ip = include_ip;
        self
    }

    /// What tickets are signed with: SHA-512.
    #[must_use]
    pub fn hash_algorithm(mut self, algorithm: HashAlgorithm) -> Self {
        self.hash = algorithm.into();
        self
    }

    cookie_methods!(cookie);

    /// The clock by which tickets are made and judged. A test that cannot wait twelve hours has one of its own.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The ticket that came with a request; `None` where there is none, it is over, or none of ours. One that is due is replaced
    /// with the response, unless somebody is remembered or forgotten until then.
    pub fn identify(&self, request: &Request) -> Option<Ticket> {
        let value = received(request.headers(), &self.cookie.name)?;
        let content = Content::opened(&value, self.secrets(), self.hash, self.address(request))?;
        let userid = TicketUserid::decoded(&content.userid, &content.user_data)?;
        let tokens = content.tokens.split(',').filter(|token| !token.is_empty()).map(str::to_owned);
        let ticket =
            Ticket { userid, tokens: tokens.collect(), made: Duration::from_secs(content.time.into()) };
        // In the future, where the clocks of several servers differ, its age is none.
        let age = self.now().saturating_sub(ticket.made);
        if self.timeout.is_some_and(|timeout| age > timeout) {
            return None;
        }
        if self.reissue_time.is_some_and(|time| age > time) {
            self.reissue(request, &ticket);
        }
        Some(ticket)
    }

    /// The headers that make the client be remembered as `userid`: a ticket.
    ///
    /// # Errors
    /// Where the ticket would be longer than browsers take.
    pub fn remember(&self, request: &Request, userid: impl Into<TicketUserid>) -> Result<Headers> {
        self.remember_with(request, userid, &[], None)
    }

    /// The same with tokens, words that go with the ticket, and with a time for which the browser keeps the cookie, where that is not
    /// [the usual one](Self::max_age). For "remember me" on a form it is that of the [time-out](Self::timeout).
    ///
    /// # Errors
    /// As there, and where a token has other characters than ASCII letters, digits, `+`, `-` and `_`, or no letter in front.
    pub fn remember_with(
        &self,
        request: &Request,
        userid: impl Into<TicketUserid>,
        tokens: &[&str],
        max_age: Option<Duration>,
    ) -> Result<Headers> {
        request.extension_or_default::<Reissue>().prevent(&self.cookie.name);
        self.made(request, &userid.into(), tokens, max_age)
    }

    /// The headers that make the client be forgotten.
    ///
    /// # Errors
    /// Where the cookie cannot stand in a header, which is found at start-up.
    pub fn forget(&self, request: &Request) -> Result<Headers> {
        request.extension_or_default::<Reissue>().prevent(&self.cookie.name);
        self.header(request, "", Some(Duration::ZERO))
    }

    fn made(
        &self,
        request: &Request,
        userid: &TicketUserid,
        tokens: &[&str],
        max_age: Option<Duration>,
    ) -> Result<Headers> {
        if let Some(token) = tokens.iter().find(|token| !is_token(token)) {
            return Err(Error::msg(format!(
                "`{}` cannot be a token of a ticket: a letter comes first, then letters, digits, `+`, `-` and `_`",
                token.escape_debug()
            )));
        }
        if self.secrets().is_empty() {
            return Err(Error::msg("a ticket cannot be signed: `prepare` of its helper was not called"));
        }
        let (encoded, kind) = userid.encoded();
        let content = Content {
            time: u32::try_from(self.now().as_secs()).unwrap_or(u32::MAX),
            userid: encoded.into(),
            tokens: tokens.join(",").into(),
            user_data: kind.into(),
        };
        let ticket = content.sealed(self.secrets(), self.hash, self.address(request));
        if ticket.len() > LONGEST_VALUE {
            return Err(Error::msg(format!(
                "the ticket has {} characters, of {LONGEST_VALUE}",
                ticket.len()
            )));
        }
        self.header(request, &ticket, max_age)
    }

    /// Has a new ticket go with the response.
    fn reissue(&self, request: &Request, ticket: &Ticket) {
        let state = request.extension_or_default::<Reissue>();
        if !state.begin(&self.cookie.name) {
            return;
        }
        let (helper, ticket) = (self.clone(), ticket.clone());
        request.add_response_callback(move |request, response| {
            if state.is_due(&helper.cookie.name) {
                let tokens: Vec<&str> = ticket.tokens.iter().map(String::as_str).collect();
                let headers = helper.made(request, &ticket.userid, &tokens, None)?;
                response.add_headers(headers);
            }
            Ok(())
        });
    }

    /// The header that sets the cookie.
    fn header(&self, request: &Request, value: &str, max_age: Option<Duration>) -> Result<Headers> {
        let cookie = CookieAttributes { max_age: max_age.or(self.cookie.max_age), ..self.cookie.clone() };
        let cookie = cookie.cookie(quoted(value).into_owned(), request.connection().secure);
        Ok(vec![(SET_COOKIE, HeaderValue::try_from(cookie.to_string())?)])
    }

    /// None before [`prepare`](Authentication::prepare), where they are in a setting.
    fn secrets(&self) -> &[String] {
        self.secrets.get().map_or(&[], Vec::as_slice)
    }

    /// The address that a ticket is bound to.
    fn address(&self, request: &Request) -> Option<IpAddr> {
        self.include_ip.then(|| request.remote_addr().as_ref().map(SocketAddr::ip)).flatten()
    }

    fn now(&self) -> Duration {
        (self.clock)().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

impl Authentication for AuthTktCookieHelper {
    async fn userid(&self, request: &Request) -> Result<Option<String>> {
        Ok(self.identify(request).and_then(|ticket| ticket.userid.text()))
    }

    async fn remember(&self, request: &Request, userid: &str) -> Result<Headers> {
        Self::remember(self, request, userid)
    }

    async fn forget(&self, request: &Request) -> Result<Headers> {
        Self::forget(self, request)
    }

    fn prepare(&mut self, settings: &Settings) -> Result<()> {
        let secrets = self.secrets.get_or_init(|| signing::secrets(settings.get(SETTING).unwrap_or("")));
        check_secrets("tickets", SETTING, secrets).map_err(Error::msg)?;
        self.cookie.check().map_err(Error::msg)?;
        if self.timeout.zip(self.reissue_time).is_some_and(|(timeout, reissue)| reissue >= timeout) {
            return Err(Error::msg(
                "tickets are over before the time comes to replace them\nhelp: let `reissue_time` be less than `timeout`, or `None`",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for AuthTktCookieHelper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthTktCookieHelper").field("cookie", &self.cookie).finish_non_exhaustive()
    }
}

/// What a ticket says that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    userid: TicketUserid,
    tokens: Vec<String>,
    /// Since 1970.
    made: Duration,
}

impl Ticket {
    /// Whose it is.
    pub fn userid(&self) -> &TicketUserid {
        &self.userid
    }

    /// The words that [go with it](AuthTktCookieHelper::remember_with).
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// When it was made.
    pub fn made(&self) -> SystemTime {
        UNIX_EPOCH + self.made
    }
}

fn is_token(token: &str) -> bool {
    token.starts_with(|first: char| first.is_ascii_alphabetic())
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+_-".contains(&byte))
}
