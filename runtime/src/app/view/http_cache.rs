//! `http_cache`: how long others may keep an answer.

use std::time::{Duration, SystemTime};

use http::HeaderValue;
use http::header::{CACHE_CONTROL, EXPIRES, LAST_MODIFIED, PRAGMA};

use crate::app::response::Response;

/// How long caches may keep the answers of a view: its `Cache-Control` and `Expires` (RFC 9111). Pyramid's `http_cache`.
///
/// | written | sent |
/// |---|---|
/// | `http_cache = 3600` | `max-age=3600`, and `Expires` in an hour |
/// | `http_cache = 0` | that nobody is to keep it |
/// | `http_cache = (3600, "public")` | `max-age=3600, public`, and `Expires` |
/// | `http_cache = "public"` | `public` alone |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpCache {
    seconds: Option<u32>,
    directives: &'static str,
}

impl HttpCache {
    /// For so many seconds; 0 means not at all.
    pub const fn seconds(seconds: u32) -> Self {
        Self { seconds: Some(seconds), directives: "" }
    }

    /// With directives of one's own, such as `public`.
    #[must_use]
    pub const fn with(mut self, directives: &'static str) -> Self {
        self.directives = directives;
        self
    }

    /// With directives of one's own, and no time.
    pub const fn directives(directives: &'static str) -> Self {
        Self { seconds: None, directives }
    }

    /// Puts the headers on `response`, unless it has a `Cache-Control` already: whoever made it knew better.
    pub fn apply(&self, response: &mut Response) {
        let headers = response.headers_mut();
        if headers.contains_key(CACHE_CONTROL) {
            return;
        }
        let control = match (self.seconds, self.directives) {
            (Some(0), "") => "max-age=0, must-revalidate, no-cache, no-store".to_owned(),
            (Some(0), more) => format!("max-age=0, must-revalidate, no-cache, no-store, {more}"),
            (Some(seconds), "") => format!("max-age={seconds}"),
            (Some(seconds), more) => format!("max-age={seconds}, {more}"),
            (None, more) => more.to_owned(),
        };
        // Checked at compile time by the attribute, and at start-up where a program says it.
        let Ok(control) = HeaderValue::from_str(&control) else { return };
        headers.insert(CACHE_CONTROL, control);
        if let Some(seconds) = self.seconds {
            let now = SystemTime::now();
            headers.insert(EXPIRES, date(now + Duration::from_secs(seconds.into())));
            if seconds == 0 {
                headers.insert(LAST_MODIFIED, date(now));
                headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
            }
        }
    }
}

/// A date as HTTP writes it (RFC 9110 section 5.6.7).
fn date(time: SystemTime) -> HeaderValue {
    HeaderValue::from_str(&httpdate::fmt_http_date(time)).unwrap_or(HeaderValue::from_static("0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(cache: HttpCache) -> (String, bool) {
        let mut response = Response::text("");
        cache.apply(&mut response);
        let control = response.headers()[CACHE_CONTROL].to_str().unwrap().to_owned();
        (control, response.headers().contains_key(EXPIRES))
    }

    #[test]
    fn the_headers_are_those_of_pyramid() {
        let none = ("max-age=0, must-revalidate, no-cache, no-store".to_owned(), true);
        assert_eq!(control(HttpCache::seconds(0)), none);
        assert_eq!(control(HttpCache::seconds(60)), ("max-age=60".to_owned(), true));
        assert_eq!(control(HttpCache::seconds(60).with("public")), ("max-age=60, public".to_owned(), true));
        assert_eq!(control(HttpCache::directives("public")), ("public".to_owned(), false));
    }

    #[test]
    fn what_the_view_said_itself_stays() {
        let mut response = Response::text("").with_header("cache-control", "private").unwrap();
        HttpCache::seconds(60).apply(&mut response);
        assert_eq!(response.headers()[CACHE_CONTROL], "private");
        assert!(!response.headers().contains_key(EXPIRES));
    }
}
