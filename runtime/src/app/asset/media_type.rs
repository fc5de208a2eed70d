//! The media type of a file, by the ending of its name.

use http::HeaderValue;

/// The value of `Content-Type` for a file of that name. Text is in UTF-8, and says so: the standard's own default is another
/// one, and a browser would guess.
pub(super) fn media_type(name: &str) -> HeaderValue {
    let Some(known) = mime_guess::from_path(name).first_raw() else {
        return HeaderValue::from_static("application/octet-stream");
    };
    if known.starts_with("text/") {
        // A letter of ASCII each, so it can stand in a header.
        HeaderValue::from_str(&format!("{known}; charset=UTF-8")).unwrap_or(HeaderValue::from_static(known))
    } else {
        HeaderValue::from_static(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_its_charset_and_the_unknown_is_only_bytes() {
        for (name, expected) in [
            ("site.css", "text/css; charset=UTF-8"),
            ("index.HTML", "text/html; charset=UTF-8"),
            ("app.js", "text/javascript; charset=UTF-8"),
            ("data.json", "application/json"),
            ("logo.svg", "image/svg+xml"),
            ("logo.png", "image/png"),
            ("module.wasm", "application/wasm"),
            ("font.woff2", "font/woff2"),
            ("LICENSE", "application/octet-stream"),
            ("a.unheard-of", "application/octet-stream"),
        ] {
            assert_eq!(media_type(name), expected, "{name}");
        }
    }
}
