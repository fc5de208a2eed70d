//! The word that was probably meant.

/// The word of `known` that is nearest to `written`, where one is near: a third of its letters at most may differ.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    within(written, known, |letters| (letters / 3).max(1))
}

/// The same, where `farthest` says of how many letters how many may differ.
pub(crate) fn within<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
    farthest: impl Fn(usize) -> usize,
) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(written, word), word))
        .filter(|(distance, word)| *distance <= farthest(word.chars().count()))
        .min()
        .map(|(_, word)| word)
}

/// `a`, `b`, `c`
#[cfg(any(feature = "scaffold", feature = "templates"))]
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        assert_eq!(nearest("shlf", ["book", "shelf"]), Some("shelf"));
        assert_eq!(nearest("ids", ["id"]), Some("id"));
        assert_eq!(nearest("home", ["book", "shelf"]), None);
    }
}
