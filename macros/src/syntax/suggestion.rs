//! The word that was probably meant.

/// The word of `known` that is nearest to `written`, if one is near.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .filter(|word| is_near(written, word))
        .min_by_key(|word| strsim::damerau_levenshtein(written, word))
}

/// Whether one word could be the other with a slip of the pen: a third of its letters at most may differ.
pub(crate) fn is_near(written: &str, known: &str) -> bool {
    let letters = written.chars().count().max(known.chars().count());
    written != known && strsim::damerau_levenshtein(written, known) <= (letters / 3).max(1)
}

/// `a`, `b` and `c`
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        assert_eq!(nearest("renderr", ["route", "renderer", "mapper"]), Some("renderer"));
        assert_eq!(nearest("ids", ["id", "slug"]), Some("id"));
        assert_eq!(nearest("permission", ["route", "renderer"]), None);
    }

    #[test]
    fn words_are_listed_as_a_person_would() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
