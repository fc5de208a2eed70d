//! The list of extensions in a handshake (RFC 6455 section 9.1).

use std::borrow::Cow;

/// An extension, as a client offers it or a server takes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Offer<'a> {
    pub(crate) name: &'a str,
    /// The parameters, in order; some have no value.
    pub(crate) parameters: Vec<(&'a str, Option<Cow<'a, str>>)>,
}

/// The header is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Reads one header.
///
/// # Errors
/// If it is no list of extensions. A list may have empty members (RFC 9110 section 5.6.1).
pub(crate) fn parse(list: &str) -> Result<Vec<Offer<'_>>, Malformed> {
    let mut rest = list;
    let mut offers = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Ok(offers);
        }
        let name = token(&mut rest)?;
        let mut parameters = Vec::new();
        while next_is(&mut rest, ';') {
            let name = token(&mut rest)?;
            let value = if next_is(&mut rest, '=') { Some(value(&mut rest)?) } else { None };
            parameters.push((name, value));
        }
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(Malformed);
        }
        offers.push(Offer { name, parameters });
    }
}

/// Takes the sign, and the space around it.
fn next_is(rest: &mut &str, sign: char) -> bool {
    *rest = rest.trim_start_matches([' ', '\t']);
    let found = rest.strip_prefix(sign);
    if let Some(behind) = found {
        *rest = behind.trim_start_matches([' ', '\t']);
    }
    found.is_some()
}

/// Takes a token (RFC 9110 section 5.6.2).
fn token<'a>(rest: &mut &'a str) -> Result<&'a str, Malformed> {
    let end = rest.bytes().position(|byte| !is_token_byte(byte)).unwrap_or(rest.len());
    let (token, behind) = rest.split_at(end);
    *rest = behind;
    if token.is_empty() { Err(Malformed) } else { Ok(token) }
}

/// Takes a value: a token, or one in quotes, which must be a token without them.
fn value<'a>(rest: &mut &'a str) -> Result<Cow<'a, str>, Malformed> {
    let Some(quoted) = rest.strip_prefix('"') else { return token(rest).map(Cow::Borrowed) };
    let mut value = String::new();
    let mut signs = quoted.char_indices();
    while let Some((at, sign)) = signs.next() {
        let sign = match sign {
            '"' => {
                *rest = &quoted[at + 1..];
                return if value.is_empty() { Err(Malformed) } else { Ok(Cow::Owned(value)) };
            }
            '\\' => signs.next().ok_or(Malformed)?.1,
            sign => sign,
        };
        if !u8::try_from(sign).is_ok_and(is_token_byte) {
            return Err(Malformed);
        }
        value.push(sign);
    }
    Err(Malformed)
}

/// Whether a byte may stand in a token.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The offers, written again in the shortest way.
    fn read(list: &str) -> Result<String, Malformed> {
        let offers = parse(list)?.into_iter().map(|Offer { name, parameters }| {
            parameters.into_iter().fold(name.to_owned(), |offer, (name, value)| match value {
                Some(value) => format!("{offer};{name}={value}"),
                None => format!("{offer};{name}"),
            })
        });
        Ok(offers.collect::<Vec<_>>().join(","))
    }

    #[test]
    fn lists_are_read_with_their_parameters() {
        for (list, expected) in [
            ("", ""),
            ("a", "a"),
            (" , a ,, b\t,", "a,b"),
            ("a; b; c=1", "a;b;c=1"),
            ("a;b=\"1\" ; c = 2 , d", "a;b=1;c=2,d"),
            (r#"a; b="1\5""#, "a;b=15"),
            (
                "permessage-deflate; client_max_window_bits, permessage-deflate",
                "permessage-deflate;client_max_window_bits,permessage-deflate",
            ),
        ] {
            assert_eq!(read(list).as_deref(), Ok(expected), "{list}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for list in [
            "a b",
            ";",
            "a;",
            "a;;b",
            "a; =1",
            "a; b=",
            "a; b=\"",
            "a; b=\"\"",
            "a; b=\"1",
            "a; b=\"1\\",
            "a; b=\"1 2\"",
            "a; b=\"1\"2",
            "a=1",
            "a; b=ä",
            "\"a\"",
            "a; b=1 2",
            "a/b",
        ] {
            assert_eq!(read(list), Err(Malformed), "{list}");
        }
    }
}
