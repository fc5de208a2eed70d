//! Content codings (RFC 9110 section 8.4.1) that a file may lie beside itself in.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// A coding, by the name that headers have for it and the ending that files have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentEncoding {
    pub(crate) name: &'static str,
    pub(crate) ending: &'static str,
}

/// All that are known here.
pub(crate) const KNOWN: &[ContentEncoding] = &[
    ContentEncoding { name: "br", ending: ".br" },
    ContentEncoding { name: "zstd", ending: ".zst" },
    ContentEncoding { name: "gzip", ending: ".gz" },
    ContentEncoding { name: "xz", ending: ".xz" },
    ContentEncoding { name: "bzip2", ending: ".bz2" },
    ContentEncoding { name: "compress", ending: ".Z" },
];

impl ContentEncoding {
    /// The coding of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        KNOWN.iter().copied().find(|known| known.name.eq_ignore_ascii_case(name))
    }

    /// Whether a client with these headers takes it. One that says nothing takes none.
    pub(crate) fn is_accepted(self, headers: &HeaderMap) -> bool {
        let (mut own, mut any) = (None, None);
        let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
        for coding in lists.flat_map(|list| list.split(',')) {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let name = name.trim();
            // RFC 9110 has `x-` in two names that older clients say.
            let name = name.strip_prefix("x-").unwrap_or(name);
            if name.eq_ignore_ascii_case(self.name) {
                own = Some(is_wanted(parameters));
            } else if name == "*" {
                any = Some(is_wanted(parameters));
            }
        }
        own.or(any).unwrap_or(false)
    }
}

/// Whether the quality among `parameters` is more than none.
fn is_wanted(parameters: &str) -> bool {
    let quality = parameters.split(';').filter_map(|parameter| parameter.split_once('='));
    let mut quality = quality.filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    quality.next().is_none_or(|(_, quality)| quality.bytes().any(|byte| matches!(byte, b'1'..=b'9')))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_coding_is_taken_where_it_is_named_or_all_are_and_not_refused() {
        for (list, expected) in [
            ("gzip", true),
            ("deflate, GZIP;q=0.5", true),
            ("x-gzip", true),
            ("*", true),
            ("br, *;q=0.1", true),
            ("", false),
            ("br", false),
            ("gzip;q=0", false),
            ("gzip; Q=0.000, *", false),
            ("*;q=0", false),
            ("gzipped", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(list))]);
            let gzip = ContentEncoding::named("gzip").unwrap();
            assert_eq!(gzip.is_accepted(&headers), expected, "{list}");
        }
        assert!(!KNOWN[0].is_accepted(&HeaderMap::new()));
    }
}
