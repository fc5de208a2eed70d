//! Words, punctuation and string literals of Rust source text.
//!
//! A proc macro may not ask the compiler for other files, and a full parse of a file costs a hundred times what is asked
//! here: where modules are declared and whether an attribute of the framework occurs. What has to be right for that is
//! where comments, strings and character literals end, so that nothing inside them is taken for code.

/// A piece of source text that matters to the scan; numbers, lifetimes and character literals are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An identifier or keyword; `r#name` is given without its prefix.
    Word(&'a str),
    /// What stands between the quotes of a string literal, escapes left as they are.
    Literal(&'a str),
    /// Any other visible character.
    Mark(u8),
}

/// Iterates over the tokens of a text; text that is not Rust yields some tokens or other, but ends.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Moves behind the next `needle`, or to the end.
    fn skip_past(&mut self, needle: &str) {
        self.at = match self.text.get(self.at..).and_then(|rest| rest.find(needle)) {
            Some(found) => self.at + found + needle.len(),
            None => self.text.len(),
        };
    }

    /// Stands behind `/*`; block comments nest.
    fn skip_block_comment(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 1;
        while depth > 0 && self.at < bytes.len() {
            match (self.byte(0), self.byte(1)) {
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Stands behind the opening quote of a string with escapes.
    fn string(&mut self) -> Token<'a> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        while self.at < bytes.len() && bytes[self.at] != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        let end = self.at.min(bytes.len());
        self.at = end + 1;
        Token::Literal(self.text.get(start..end).unwrap_or(""))
    }

    /// Stands on the first `#` or the quote of a raw string; `None` where it is none (`r#name`).
    fn raw_string(&mut self) -> Option<Token<'a>> {
        let mut hashes = 0;
        while self.byte(hashes) == b'#' {
            hashes += 1;
        }
        if self.byte(hashes) != b'"' {
            return None;
        }
        self.at += hashes + 1;
        let start = self.at;
        let close = format!("\"{}", "#".repeat(hashes));
        self.skip_past(&close);
        let end = self.at.saturating_sub(close.len()).max(start);
        Some(Token::Literal(self.text.get(start..end).unwrap_or("")))
    }

    /// Stands behind a single quote, which begins a character or a lifetime.
    fn skip_quote(&mut self) {
        if self.byte(0) == b'\\' {
            self.at += 2;
            self.skip_past("'");
            return;
        }
        let width = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if self.byte(width) == b'\'' {
            self.at += width + 1;
        } else {
            self.skip_word();
        }
    }

    fn skip_word(&mut self) {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() && is_word(bytes[self.at]) {
            self.at += 1;
        }
    }

    /// Stands on the first byte of a word or number; `None` for what is no word of its own.
    fn word(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        self.skip_word();
        let word = &self.text[start..self.at];
        match (word, self.byte(0)) {
            ("r" | "br" | "cr", b'"' | b'#') => match self.raw_string() {
                Some(literal) => return Some(literal),
                None if self.byte(0) == b'#' && is_word(self.byte(1)) => {
                    self.at += 1;
                    return self.word();
                }
                None => {}
            },
            ("b" | "c", b'"') => {
                self.at += 1;
                return Some(self.string());
            }
            ("b", b'\'') => {
                self.at += 1;
                self.skip_quote();
                return None;
            }
            _ => {}
        }
        (!word.as_bytes()[0].is_ascii_digit()).then_some(Token::Word(word))
    }
}

/// Every byte of a character beyond ASCII counts: identifiers may hold them, and nothing else outside literals does.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            let byte = bytes[self.at];
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if self.byte(1) == b'/' => self.skip_past("\n"),
                b'/' if self.byte(1) == b'*' => {
                    self.at += 2;
                    self.skip_block_comment();
                }
                b'"' => {
                    self.at += 1;
                    return Some(self.string());
                }
                b'\'' => {
                    self.at += 1;
                    self.skip_quote();
                }
                _ if is_word(byte) => {
                    if let Some(token) = self.word() {
                        return Some(token);
                    }
                }
                _ => {
                    self.at += 1;
                    return Some(Token::Mark(byte));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Lexer, Token};

    fn words(text: &str) -> Vec<&str> {
        Lexer::new(text)
            .filter_map(|token| match token {
                Token::Word(word) => Some(word),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn comments_hold_no_words() {
        assert_eq!(words("a // b \"\n c /* d /* e */ f */ g /// h"), ["a", "c", "g"]);
    }

    #[test]
    fn strings_hold_no_words_whatever_their_kind() {
        let text = r###"a "b \" c" r"d \" e r#"f " g"# br##"h "# i"## b"j" c"k" z"###;
        assert_eq!(words(text), ["a", "e", "z"]);
    }

    #[test]
    fn a_quote_begins_a_character_or_a_lifetime() {
        assert_eq!(
            words(r#"a '"' b '\'' c '\u{1F600}' d 'ä' e &'static f b'"' g b'\\' h"#),
            ["a", "b", "c", "d", "e", "f", "g", "h"]
        );
    }

    #[test]
    fn a_raw_identifier_loses_its_prefix() {
        assert_eq!(words("mod r#match; r # x"), ["mod", "match", "r", "x"]);
    }

    #[test]
    fn numbers_are_no_words_and_ranges_do_not_swallow_what_follows() {
        assert_eq!(words("1.0e5 0xffu8 1..name"), ["name"]);
    }

    #[test]
    fn unfinished_text_ends() {
        for text in ["\"abc\\", "r#\"abc", "/* /*", "'", "'\\", "b'", "r#", "ä\u{301}'ä"] {
            assert!(Lexer::new(text).count() <= 4, "{text}");
        }
    }
}
