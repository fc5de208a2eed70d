//! The page that a request comes from.

use http::Uri;
use http::header::{ORIGIN, REFERER};

use super::options::CsrfOptions;
use super::refusal::BadCsrfOrigin;
use crate::app::request::Request;
use crate::protocol::web_origin::is_of_host;

/// A site that is believed as this one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TrustedOrigin {
    /// `example.com`, `example.com:8443`
    Host(String),
    /// `.example.com`: the domain and all that is in it. With the dot.
    Domain(String),
    /// `null`, which pages without an origin send: from files, from frames in a sandbox.
    Null,
}

impl TrustedOrigin {
    /// Reads one.
    ///
    /// # Errors
    /// Where it is no host, with what to write instead.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        if text == "null" {
            return Ok(Self::Null);
        }
        let (is_domain, host) = match text.strip_prefix('.') {
            Some(domain) => (true, domain),
            None => (false, text),
        };
        let is_host = host.parse::<http::uri::Authority>().is_ok_and(|host| !host.as_str().contains('@'));
        if !is_host {
            let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
            let bare = bare.split('/').next().unwrap_or("");
            let meant = if bare.is_empty() { "example.com" } else { bare };
            return Err(format!(
                "`{text}` is no host that requests may come from\nhelp: `{meant}`, or `.{meant}` with all below it"
            ));
        }
        let host = host.to_ascii_lowercase();
        Ok(if is_domain { Self::Domain(format!(".{host}")) } else { Self::Host(host) })
    }

    fn is_of(&self, origin: &str) -> bool {
        match self {
            Self::Host(host) => is_of_host(origin, host),
            Self::Domain(domain) => {
                let place = origin.split_once("://").map_or("", |(_, place)| place).to_ascii_lowercase();
                let place = place.strip_suffix(":443").unwrap_or(&place);
                place == &domain[1..] || place.ends_with(&**domain)
            }
            Self::Null => false,
        }
    }
}

impl CsrfOptions {
    /// Looks whether a request that came over https comes from a page of this site, or of one that is believed.
    ///
    /// # Errors
    /// Where it does not, or does not say.
    pub(crate) fn check_origin_of(
        &self,
        request: &Request,
        more: &[TrustedOrigin],
    ) -> Result<(), BadCsrfOrigin> {
        if request.scheme() != "https" {
            return Ok(());
        }
        let refused = |reason: String| Err(BadCsrfOrigin { reason });
        // Of several the last one is that of whoever sent the request on (RFC 6454 section 7.1).
        let origin = request.header(ORIGIN).and_then(|origins| origins.split(' ').next_back());
        let Some(page) = origin.or_else(|| request.header(REFERER)).filter(|page| !page.is_empty()) else {
            return if self.allow_no_origin {
                Ok(())
            } else {
                refused("it names neither `Origin` nor `Referer`".to_owned())
            };
        };
        let mut trusted = self.trusted_origins.iter().chain(more);
        if page == "null" {
            return if trusted.any(|origin| *origin == TrustedOrigin::Null) {
                Ok(())
            } else {
                refused("its origin is `null`".to_owned())
            };
        }
        let url = page.parse::<Uri>().ok();
        let authority = url.as_ref().and_then(Uri::authority);
        let Some((url, authority)) = url.as_ref().zip(authority) else {
            return refused("its origin is malformed".to_owned());
        };
        if url.scheme_str() != Some("https") {
            return refused("its origin is not on https, and this site is".to_owned());
        }
        let origin = format!("https://{authority}");
        if is_of_host(&origin, request.host()) || trusted.any(|trusted| trusted.is_of(&origin)) {
            return Ok(());
        }
        refused(format!("`{origin}` is not among the trusted origins"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trusted_origin_is_a_host_or_a_domain() {
        let of = |trusted: &str, origin: &str| TrustedOrigin::read(trusted).unwrap().is_of(origin);
        assert!(of("example.com", "https://EXAMPLE.com:443"));
        assert!(!of("example.com", "https://a.example.com"));
        assert!(of("example.com:8443", "https://example.com:8443"));
        assert!(of(".example.com", "https://example.com"));
        assert!(of(".example.com", "https://a.b.Example.com:443"));
        assert!(!of(".example.com", "https://badexample.com"));
        assert!(!of(".example.com", "https://a.example.com:8443"));
        for wrong in ["https://example.com", "", ".", "a b", "user@example.com"] {
            assert!(TrustedOrigin::read(wrong).unwrap_err().contains("help: "), "{wrong}");
        }
    }
}
