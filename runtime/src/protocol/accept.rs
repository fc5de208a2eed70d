//! Which of several media types suits a client (RFC 9110 section 12.5.1).

use std::fmt;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};

/// A media type as a server offers it: `text/html`, `text/html;level=1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaType {
    /// `text/html`, in lower case.
    essence: String,
    /// In lower case but for the values.
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads one; `None` for a list, a range, or what is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim();
        let parsed = media_range(&mut rest)?;
        let is_whole = rest.is_empty() && parsed.quality.is_none();
        (is_whole && !parsed.media_type.essence.contains('*')).then_some(parsed.media_type)
    }

    /// Type and subtype.
    pub(crate) fn essence(&self) -> &str {
        &self.essence
    }

    /// Whether it has parameters.
    pub(crate) fn has_parameters(&self) -> bool {
        !self.parameters.is_empty()
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.essence)?;
        self.parameters.iter().try_for_each(|(name, value)| write!(f, ";{name}={value}"))
    }
}

/// What a client accepts.
#[derive(Debug)]
pub(crate) struct Accept(Vec<Range>);

#[derive(Debug)]
struct Range {
    media_type: MediaType,
    /// In thousandths; `None` where it is not said, which means 1000.
    quality: Option<u16>,
}

impl Accept {
    /// Of a request's headers; `None` where the client does not say, or what it says is no such list: then it takes anything.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(ACCEPT).iter().map(HeaderValue::to_str);
        let first = values.next()?.ok()?;
        let mut accept = Self::parse(first)?;
        for value in values {
            accept.0.extend(Self::parse(value.ok()?)?.0);
        }
        Some(accept)
    }

    fn parse(list: &str) -> Option<Self> {
        let mut ranges = Vec::new();
        let mut rest = list;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                return Some(Self(ranges));
            }
            ranges.push(media_range(&mut rest)?);
            rest = rest.trim_start_matches([' ', '\t']);
            if !rest.is_empty() && !rest.starts_with(',') {
                return None;
            }
        }
    }

    /// How much `offer` is wanted, in thousandths; 0 is not at all. The most specific range decides.
    pub(crate) fn quality(&self, offer: &MediaType) -> u16 {
        let kind = offer.essence.split('/').next().unwrap_or_default();
        let mut best = (0, 0);
        for Range { media_type: range, quality } in &self.0 {
            let specificity = if range.essence == offer.essence {
                match range.parameters.is_empty() {
                    true => 3,
                    false if range.parameters == offer.parameters => 4,
                    false => continue,
                }
            } else if range.essence.strip_suffix("/*") == Some(kind) {
                2
            } else if range.essence == "*/*" {
                1
            } else {
                continue;
            };
            if specificity > best.0 {
                best = (specificity, quality.unwrap_or(1000));
            }
        }
        best.1
    }
}

/// Takes one range from the front of `rest`.
fn media_range(rest: &mut &str) -> Option<Range> {
    let kind = token(rest)?;
    *rest = rest.strip_prefix('/')?;
    let subtype = token(rest)?;
    if kind == "*" && subtype != "*" {
        return None;
    }
    let essence = format!("{kind}/{subtype}").to_ascii_lowercase();
    let mut range = Range { media_type: MediaType { essence, parameters: Vec::new() }, quality: None };
    loop {
        let before = *rest;
        let Some(parameter) = rest.trim_start_matches([' ', '\t']).strip_prefix(';') else {
            *rest = before;
            return Some(range);
        };
        *rest = parameter.trim_start_matches([' ', '\t']);
        let name = token(rest)?.to_ascii_lowercase();
        let value = match rest.strip_prefix('=') {
            Some(value) => {
                *rest = value;
                parameter_value(rest)?
            }
            // Only behind the quality a word may stand alone.
            None if range.quality.is_some() => continue,
            None => return None,
        };
        if range.quality.is_some() {
            // Extensions, which nobody has defined.
        } else if name == "q" {
            range.quality = Some(thousandths(&value)?);
        } else {
            range.media_type.parameters.push((name, value));
        }
    }
}

fn token<'t>(rest: &mut &'t str) -> Option<&'t str> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = rest.find(|c| !is_token(c)).unwrap_or(rest.len());
    let (token, behind) = rest.split_at(end);
    *rest = behind;
    (!token.is_empty()).then_some(token)
}

/// A token, or a text in quotes, without them.
fn parameter_value(rest: &mut &str) -> Option<String> {
    let Some(quoted) = rest.strip_prefix('"') else {
        return token(rest).map(str::to_owned);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    loop {
        match characters.next()? {
            (end, '"') => {
                *rest = &quoted[end + 1..];
                return Some(value);
            }
            (_, '\\') => value.push(characters.next()?.1),
            (_, other) => value.push(other),
        }
    }
}

/// `0.5` as 500; `None` for what is no `qvalue`.
pub(super) fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let fraction =
        fraction.bytes().chain(*b"000").take(3).fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(accept: &str, offer: &str) -> u16 {
        Accept::parse(accept).unwrap().quality(&MediaType::parse(offer).unwrap())
    }

    #[test]
    fn the_most_specific_range_decides() {
        let accept = "text/*;q=0.3, text/html;q=0.7, text/html;level=1, */*;q=0.5";
        assert_eq!(quality(accept, "text/html;level=1"), 1000);
        assert_eq!(quality(accept, "Text/HTML"), 700);
        assert_eq!(quality(accept, "text/plain"), 300);
        assert_eq!(quality(accept, "image/jpeg"), 500);
        assert_eq!(quality("text/html", "text/html;level=3"), 1000);
        assert_eq!(quality("text/html;q=0, */*", "text/html"), 0);
    }

    #[test]
    fn what_is_no_list_of_ranges_is_none() {
        for header in ["text", "text/html;q=2", "text/html text/plain", "*/html", "a/b;c", "a/b;c=\"d"] {
            assert!(Accept::parse(header).is_none(), "{header}");
        }
        for header in ["", ",, text/html ,", "text/html ; q=0.5 ; ext ; x=\"a,b\", */*"] {
            assert!(Accept::parse(header).is_some(), "{header}");
        }
    }

    #[test]
    fn an_offer_is_one_type() {
        for offer in ["text/html", "text/html;level=1", " text/html ", "a/b;c=\"d e\""] {
            assert!(MediaType::parse(offer).is_some(), "{offer}");
        }
        for offer in ["", "text", "text/*", "*/*", "text/html, text/plain", "text/html;q=1"] {
            assert!(MediaType::parse(offer).is_none(), "{offer}");
        }
    }
}
