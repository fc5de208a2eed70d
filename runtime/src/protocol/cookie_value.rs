//! The value of a cookie on the wire: one that has other characters than cookies may have is put into quotes and escaped, as by
//! Python's `http.cookies`, so that Pyramid reads it.

use std::borrow::Cow;
use std::fmt::Write;

use http::HeaderMap;
use http::header::COOKIE;

/// The value of the cookie `name` that came with a request, as it was before it was [`quoted`]; the last one where there are several.
pub(crate) fn received<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.rfind(|(sent, _)| sent.trim() == name).map(|(_, value)| unquoted(value.trim()))
}

/// Whether a character stands for itself in a value, as in Pyramid.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'()*+-./:<=>?@[]^_`{|}~".contains(&byte)
}

/// A value as it is sent: as it is where it can be, else in quotes and with octal escapes.
pub(crate) fn quoted(value: &str) -> Cow<'_, str> {
    if value.bytes().all(is_plain) {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len() + 8);
    text.push('"');
    for byte in value.bytes() {
        match byte {
            byte if is_plain(byte) || byte == b' ' => text.push(char::from(byte)),
            // Writing into a string cannot fail.
            byte => {
                let _ = write!(text, "\\{byte:03o}");
            }
        }
    }
    text.push('"');
    Cow::Owned(text)
}

/// The value that was quoted like that.
fn unquoted(text: &str) -> Cow<'_, str> {
    let Some(mut rest) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else {
        return Cow::Borrowed(text);
    };
    if !rest.contains('\\') {
        return Cow::Borrowed(rest);
    }
    let mut value = Vec::with_capacity(rest.len());
    while let Some((plain, escaped)) = rest.split_once('\\') {
        value.extend(plain.bytes());
        let octal = escaped.get(..3).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        rest = if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            value.push(byte);
            &escaped[3..]
        } else {
            // Any other character stands for itself.
            let mut characters = escaped.chars();
            value.extend(characters.next().map(String::from).unwrap_or_default().bytes());
            characters.as_str()
        };
    }
    value.extend(rest.bytes());
    Cow::Owned(String::from_utf8_lossy(&value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_as_it_was_sent() {
        for value in ["", "a", "50%3D!x:y/z", "a,b", "say \"no\";", "\\", "größe", "a b"] {
            let mut headers = HeaderMap::new();
            let sent = format!("other=1; login={}; more=2", quoted(value));
            headers.insert(COOKIE, sent.parse().expect("a header"));
            assert_eq!(received(&headers, "login").as_deref(), Some(value), "{sent}");
        }
    }

    #[test]
    fn the_last_of_several_counts_and_others_are_not_meant() {
        let mut headers = HeaderMap::new();
        assert_eq!(received(&headers, "login"), None);
        headers.append(COOKIE, "login=1; login=2;login2=3".parse().expect("a header"));
        assert_eq!(received(&headers, "login").as_deref(), Some("2"));
        headers.append(COOKIE, "xlogin=4; login =5".parse().expect("a header"));
        assert_eq!(received(&headers, "login").as_deref(), Some("5"));
    }

    #[test]
    fn escapes_that_are_none_stand_for_themselves() {
        for (text, value) in
            [(r#""\9""#, "9"), (r#""\"#, r#""\"#), (r#""\7""#, "7"), (r#""\777""#, "777"), ("\"", "\"")]
        {
            assert_eq!(unquoted(text), value, "{text}");
        }
    }
}
