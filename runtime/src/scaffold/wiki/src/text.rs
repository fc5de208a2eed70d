//! The text of a page: paragraphs, with words in them that are links.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// A word that is made of several, each with a capital: `FrontPage`.
static WIKI_WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b\p{Lu}\w+\p{Lu}+\w+\b").expect("a regular expression"));

/// A piece of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// The name of a page, whether there is one or not.
    WikiWord(&'a str),
}

/// Whether a page can be called like that.
pub(crate) fn is_wiki_word(name: &str) -> bool {
    WIKI_WORD
        .find(name)
        .is_some_and(|found| found.as_str() == name)
}

/// The paragraphs, between which there are empty lines.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<Piece<'_>>> {
    let mut paragraphs = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = end_of_paragraph(rest);
        paragraphs.push(pieces(&rest[..end]));
        rest = rest[end..].trim_start();
    }
    paragraphs
}

fn end_of_paragraph(text: &str) -> usize {
    // Forms are sent with CR and LF.
    static EMPTY_LINE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\r?\n[ \t]*\r?\n").expect("a regular expression"));
    EMPTY_LINE
        .find(text)
        .map_or(text.len(), |found| found.start())
}

fn pieces(paragraph: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for word in WIKI_WORD.find_iter(paragraph) {
        if end < word.start() {
            pieces.push(Piece::Text(&paragraph[end..word.start()]));
        }
        pieces.push(Piece::WikiWord(word.as_str()));
        end = word.end();
    }
    if end < paragraph.len() {
        pieces.push(Piece::Text(&paragraph[end..]));
    }
    pieces
}

/// The pages that a text names.
pub(crate) fn named<'a>(paragraphs: &[Vec<Piece<'a>>]) -> BTreeSet<&'a str> {
    let words = paragraphs.iter().flatten().filter_map(|piece| match piece {
        Piece::WikiWord(word) => Some(*word),
        Piece::Text(_) => None,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_several_capitals_are_names_of_pages() {
        for name in ["FrontPage", "AboutThisWiki", "Page2Go", "ÜberUns"] {
            assert!(is_wiki_word(name), "{name}");
        }
        for name in [
            "",
            "Frontpage",
            "frontPage",
            "FrontPage!",
            "A B",
            "FrontPage OtherPage",
        ] {
            assert!(!is_wiki_word(name), "{name}");
        }
    }

    #[test]
    fn a_text_falls_into_paragraphs_and_these_into_pieces() {
        use Piece::{Text, WikiWord};
        assert_eq!(
            paragraphs(" See FrontPage, please.\r\n\r\n\r\nOr\nOtherPage\n \nend "),
            [
                vec![Text("See "), WikiWord("FrontPage"), Text(", please.")],
                vec![Text("Or\n"), WikiWord("OtherPage")],
                vec![Text("end")],
            ]
        );
        assert_eq!(paragraphs(" \n "), Vec::<Vec<Piece<'_>>>::new());
        assert_eq!(
            named(&paragraphs("FrontPage and FrontPage")),
            ["FrontPage"].into()
        );
    }
}
