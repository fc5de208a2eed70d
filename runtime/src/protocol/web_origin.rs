//! Where a page comes from, as a browser says it (RFC 6454).

/// Whether `origin` (RFC 6454 section 6.2) names `host`, and its port or the one that its scheme has.
pub(crate) fn is_of_host(origin: &str, host: &str) -> bool {
    let Some((scheme, place)) = origin.split_once("://") else { return false };
    let default = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let without = |text: &str| text.strip_suffix(default).unwrap_or(text).to_ascii_lowercase();
    without(place) == without(host)
}
