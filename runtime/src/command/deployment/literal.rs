//! The small part of Python that stands in `args = (sys.stderr,)`: a tuple of texts, numbers and names.

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    Text(String),
    /// `sys.stderr`, `True`, `42`: a word that is taken as it is written.
    Word(String),
}

/// Reads a tuple. One value in brackets without a comma, as people write it, is taken for a tuple too.
pub(super) fn tuple(text: &str) -> Option<Vec<Literal>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut rest = text.strip_prefix('(').unwrap_or(text);
    let mut values = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix(')') {
            return behind.trim().is_empty().then_some(values);
        }
        if rest.is_empty() {
            return (!text.starts_with('(')).then_some(values);
        }
        let (value, behind) = literal(rest)?;
        values.push(value);
        rest = behind.trim_start();
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind,
            None if rest.is_empty() || rest.starts_with(')') => {}
            None => return None,
        }
    }
}

fn literal(text: &str) -> Option<(Literal, &str)> {
    let (raw, quoted) = match text.strip_prefix(['r', 'R']) {
        Some(behind) if behind.starts_with(['\'', '"']) => (true, behind),
        _ => (false, text),
    };
    if let Some(quote) = quoted.chars().next().filter(|quote| matches!(quote, '\'' | '"')) {
        return string(&quoted[1..], quote, raw);
    }
    let end = text
        .find(|character: char| !(character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '+')))
        .unwrap_or(text.len());
    (end > 0).then(|| (Literal::Word(text[..end].to_owned()), &text[end..]))
}

fn string(text: &str, quote: char, raw: bool) -> Option<(Literal, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if raw => value.push('\\'),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                escaped @ ('\\' | '\'' | '"') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            _ if character == quote => return Some((Literal::Text(value), &text[at + 1..])),
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tuples_are_read_as_people_write_them() {
        let text = |text: &str| Literal::Text(text.to_owned());
        let word = |word: &str| Literal::Word(word.to_owned());
        for (written, expected) in [
            ("(sys.stderr,)", Some(vec![word("sys.stderr")])),
            ("(sys.stdout)", Some(vec![word("sys.stdout")])),
            ("('app.log', 'a')", Some(vec![text("app.log"), text("a")])),
            ("(\"a'b\", 10, True,)", Some(vec![text("a'b"), word("10"), word("True")])),
            (r"(r'C:\new', 'a\\b\'c')", Some(vec![text(r"C:\new"), text(r"a\b'c")])),
            ("()", Some(vec![])),
            ("", Some(vec![])),
            ("'app.log',", Some(vec![text("app.log")])),
            ("('app.log'", None),
            ("(os.environ['X'],)", None),
            ("('a' 'b')", None),
        ] {
            assert_eq!(tuple(written), expected, "{written}");
        }
    }
}
