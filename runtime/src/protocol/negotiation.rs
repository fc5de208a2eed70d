//! What a client accepts (RFC 9110 section 12.5.1).

use http::HeaderValue;

use super::accept::thousandths;

/// The type of a page that the framework makes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageType {
    /// `text/html`
    Html,
    /// `application/json`
    Json,
    /// `text/plain`
    Text,
}

/// The type of page that suits a client with this `Accept`.
///
/// As Pyramid's HTTP exceptions have it: HTML where it is wanted at least as much as JSON, else JSON where that is wanted,
/// else plain text; a client that says nothing, or nothing that can be read, gets plain text.
pub(crate) fn page_type(accept: Option<&HeaderValue>) -> PageType {
    let Some(accept) =
        accept.and_then(|value| value.to_str().ok()).filter(|accept| !accept.trim().is_empty())
    else {
        return PageType::Text;
    };
    let html = quality(accept, "text", "html");
    let json = quality(accept, "application", "json");
    let text = quality(accept, "text", "plain");
    if html > 0 && html >= json && html >= text {
        PageType::Html
    } else if json > 0 && json >= text {
        PageType::Json
    } else {
        PageType::Text
    }
}

/// How much `kind/subtype` is wanted by a client with this `Accept`, in thousandths; 0 is refused.
///
/// The most specific range decides, wherever it stands in the list. A range that cannot be read counts for nothing.
pub(crate) fn quality(accept: &str, kind: &str, subtype: &str) -> u16 {
    let mut best = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let Some((range_kind, range_subtype)) = parts.next().and_then(|name| name.split_once('/')) else {
            continue;
        };
        let specificity =
            if range_kind.eq_ignore_ascii_case(kind) && range_subtype.eq_ignore_ascii_case(subtype) {
                3
            } else if range_kind.eq_ignore_ascii_case(kind) && range_subtype == "*" {
                2
            } else if range_kind == "*" && range_subtype == "*" {
                1
            } else {
                continue;
            };
        let wanted = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1000), |(_, value)| thousandths(value.trim()));
        if let Some(wanted) = wanted
            && specificity > best.0
        {
            best = (specificity, wanted);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(accept: &str) -> PageType {
        page_type(Some(&HeaderValue::from_str(accept).unwrap()))
    }

    #[test]
    fn a_browser_gets_html_and_a_program_json() {
        assert_eq!(page("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), PageType::Html);
        assert_eq!(page("application/json"), PageType::Json);
        assert_eq!(page("application/json, text/html;q=0.5"), PageType::Json);
    }

    #[test]
    fn anything_will_do_is_html_and_silence_is_text() {
        assert_eq!(page("*/*"), PageType::Html);
        assert_eq!(page_type(None), PageType::Text);
        assert_eq!(page("nonsense"), PageType::Text);
    }

    #[test]
    fn the_most_specific_range_decides() {
        assert_eq!(quality("*/*, text/*;q=0.5, text/html;q=0.2", "text", "html"), 200);
        assert_eq!(quality("text/html;q=0, */*", "text", "html"), 0);
        assert_eq!(quality("text/html;level=1;q=0.7", "text", "html"), 700);
    }

    #[test]
    fn a_quality_that_cannot_be_read_counts_for_nothing() {
        for bad in ["2", "1.001", "0.5555", "-1", "x", "0.x"] {
            assert_eq!(quality(&format!("text/html;q={bad}"), "text", "html"), 0, "{bad}");
        }
    }
}
