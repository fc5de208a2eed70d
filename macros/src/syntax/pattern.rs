//! Route patterns in attributes.

use aiopyramid_pattern::Pattern;
use syn::LitStr;

use super::errors::Errors;

/// Parses a pattern; what Pyramid would take as text or drop in silence, though it is hardly ever meant, is refused too.
pub(crate) fn read(text: &LitStr, errors: &mut Errors) -> Option<Pattern> {
    let pattern = match Pattern::parse(&text.value()) {
        Ok(pattern) => pattern,
        Err(error) => {
            note(text, &error, errors);
            return None;
        }
    };
    let suspicions = pattern.suspicions();
    for suspicion in &suspicions {
        note(text, suspicion, errors);
    }
    suspicions.is_empty().then_some(pattern)
}

fn note(text: &LitStr, error: &aiopyramid_pattern::PatternError, errors: &mut Errors) {
    match error.help() {
        Some(help) => errors.push_with_help(text, error, help),
        None => errors.push(text, error),
    }
}
