//! A script in a page.

use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, Response};

use crate::protocol::body::Body;
use crate::protocol::page_end;

/// Puts a script with this source before the last `</body>` of a page, or to the end of a document without one. What is no page
/// stays as it is.
pub(super) fn inject(response: &mut Response<Body>, source: &str, is_document: bool) {
    let nonce = nonce(response.headers()).map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
    let script = format!("<script src=\"{source}\"{nonce} defer></script>\n");
    page_end::insert(response, script, is_document);
}

/// The nonce that scripts have to bear, where the page's policy names one.
fn nonce(headers: &HeaderMap) -> Option<&str> {
    let policies = headers.get_all(CONTENT_SECURITY_POLICY).iter().filter_map(|value| value.to_str().ok());
    let mut directives = policies.flat_map(|policy| policy.split(';'));
    let scripts = directives.find(|directive| directive.trim_start().starts_with("script-src"))?;
    let quoted = scripts.split_whitespace().find_map(|source| source.strip_prefix("'nonce-"))?;
    let nonce = quoted.strip_suffix('\'')?;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte);
    nonce.bytes().all(is_base64).then_some(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_strict_policy_has_its_nonce_on_the_script() {
        let with = |policy: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_SECURITY_POLICY, policy.parse().unwrap());
            nonce(&headers).map(str::to_owned)
        };
        let policy = "default-src 'self'; script-src 'strict-dynamic' 'nonce-aB3+/='";
        assert_eq!(with(policy).as_deref(), Some("aB3+/="));
        assert_eq!(with("script-src 'self'"), None);
        assert_eq!(with("script-src 'nonce-\"><b'"), None);
    }
}
