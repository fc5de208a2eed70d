//! Name and password with every request (RFC 7617).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};

use super::authentication::Authentication;
use super::erased::Headers;
use super::lookup::{Asked, Lookup};
use crate::app::request::Request;
use crate::app::settings::Settings;
use crate::error::{Error, Result};

/// A name and a password, as a client has sent them. Nobody has looked at the password yet.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpBasicCredentials {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for HttpBasicCredentials {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBasicCredentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The name and the password in the `Authorization` of a request; `None` where there are none, or it is malformed. Bytes that are
/// not UTF-8 are taken for Latin-1. Pyramid's function of that name.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::security::extract_http_basic_credentials;
///
/// #[view_config(route = "/name")]
/// async fn name(request: &Request) -> String {
///     extract_http_basic_credentials(request).map_or_else(|| "nobody".to_owned(), |sent| sent.username)
/// }
/// ```
pub fn extract_http_basic_credentials(request: &Request) -> Option<HttpBasicCredentials> {
    credentials(request.header(AUTHORIZATION)?)
}

fn credentials(authorization: &str) -> Option<HttpBasicCredentials> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    let (username, password) = text.split_once(':')?;
    Some(HttpBasicCredentials { username: username.to_owned(), password: password.to_owned() })
}

/// Name and password with every request, which browsers ask their users for; over https only, since whoever listens has both.
/// Pyramid's `BasicAuthAuthenticationPolicy`, as one half of an [`AclPolicy`](super::AclPolicy).
///
/// A browser asks where it is told to: [`forget`](Request::forget) gives the header that does, and the forbidden view sends it with
/// a 401. Where passwords are hashed as they should be, each request takes as long as that; a
/// [ticket](super::AuthTktCookieHelper) does not.
///
/// ```
/// use aiopyramid::prelude::*;
/// use aiopyramid::StatusCode;
/// use aiopyramid::security::{Acl, AclPolicy, AUTHENTICATED, HttpBasicAuthentication, HttpBasicCredentials};
///
/// /// Hashing takes long: a plain function runs in the executor.
/// fn is_right(sent: HttpBasicCredentials, _: Request) -> bool {
///     sent.username == "ann" && sent.password == "wonderland"       // compared with a hash, in fact
/// }
///
/// #[view_config(route = "/backups", permission = "view")]
/// async fn backups() -> &'static str {
///     "three of them"
/// }
///
/// #[forbidden_view_config]
/// async fn ask(request: &Request) -> Result<Response> {
///     Ok(Response::text("Who are you?").with_status(StatusCode::UNAUTHORIZED).with_headers(request.forget().await?))
/// }
///
/// fn configure(config: &mut Configurator) -> Result<()> {
///     let basic = HttpBasicAuthentication::new("backups", is_right);
///     let policy = AclPolicy::new(basic, |_, _| Some(()));
///     config.set_security_policy(policy.acl(Acl::new().allow(AUTHENTICATED, "view")));
///     config.scan_module(module_path!());
///     Ok(())
/// }
/// #
/// # aiopyramid::testing::run_test(configure, |client| async move {
/// #     let asked = client.get("/backups").await;
/// #     assert_eq!((asked.status().as_u16(), asked.header("www-authenticate")), (401, r#"Basic realm="backups", charset="UTF-8""#));
/// #     let sent = |text| client.get("/backups").header("authorization", text);
/// #     assert_eq!(sent("Basic YW5uOndvbmRlcmxhbmQ=").await.text(), "three of them");
/// #     assert_eq!(sent("Basic YW5uOndyb25n").await.status(), 401);
/// # });
/// ```
pub struct HttpBasicAuthentication {
    realm: String,
    check: Asked<HttpBasicCredentials, bool>,
}

impl HttpBasicAuthentication {
    /// For what is called `realm` before the user; `check` says whether a name and a password belong together.
    pub fn new<M>(
        realm: impl Into<String>,
        check: impl Lookup<HttpBasicCredentials, M, Value = bool>,
    ) -> Self {
        Self { realm: realm.into(), check: check.into_asked() }
    }

    /// What asks for name and password: the value of a `WWW-Authenticate`.
    fn challenge(&self) -> Result<HeaderValue> {
        // RFC 9110 section 5.6.4.
        let realm = self.realm.replace('\\', r"\\").replace('"', r#"\""#);
        let challenge = HeaderValue::try_from(format!(r#"Basic realm="{realm}", charset="UTF-8""#));
        challenge.map_err(|_| Error::msg(format!("`{}` cannot be a realm", self.realm.escape_debug())))
    }
}

impl Authentication for HttpBasicAuthentication {
    async fn userid(&self, request: &Request) -> Result<Option<String>> {
        let Some(sent) = extract_http_basic_credentials(request) else { return Ok(None) };
        let username = sent.username.clone();
        Ok((self.check)(sent, request.clone()).await?.then_some(username))
    }

    async fn forget(&self, _: &Request) -> Result<Headers> {
        Ok(vec![(WWW_AUTHENTICATE, self.challenge()?)])
    }

    fn prepare(&mut self, _: &Settings) -> Result<()> {
        self.challenge().map(drop)
    }
}

impl fmt::Debug for HttpBasicAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpBasicAuthentication").field("realm", &self.realm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_password_are_found_or_nothing() {
        let sent = |text: &str| credentials(text).map(|sent| (sent.username, sent.password));
        let pair = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        let basic = |bytes: &[u8]| format!("Basic {}", STANDARD.encode(bytes));
        assert_eq!(sent(&basic(b"ann:a:b")), pair("ann", "a:b"));
        assert_eq!(sent(&basic("größe:é".as_bytes())), pair("größe", "é"));
        assert_eq!(sent(&basic(b"gr\xf6\xdfe:\xe9")), pair("größe", "é"));
        assert_eq!(sent(&basic(b":")), pair("", ""));
        assert_eq!(sent("bAsIc   YTpi "), pair("a", "b"));
        for text in ["", "Basic", "Basic ", "Basic !", "Bearer YTpi", "YTpi", &basic(b"ann")] {
            assert_eq!(sent(text), None, "{text}");
        }
        let shown = format!("{:?}", credentials("Basic YTpzZWNyZXQ="));
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_realm_may_have_quotes_in_it_and_no_line_ends() {
        let realm =
            |text: &str| HttpBasicAuthentication::new(text, |_: HttpBasicCredentials, _: Request| false);
        assert_eq!(realm("a \"b\"").challenge().unwrap(), r#"Basic realm="a \"b\"", charset="UTF-8""#);
        assert!(realm("a\nb").prepare(&Settings::new()).is_err());
    }
}
