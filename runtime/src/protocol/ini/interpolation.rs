//! `%(name)s` in a value.

use std::fmt;

/// How deep values may name each other, as in Python.
const DEEPEST: usize = 10;

/// The longest value, in bytes, that comes out: a few lines that name each other tenfold could fill the memory.
const LONGEST: usize = 64 * 1024;

/// Why a value could not be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Interpolation {
    /// Nobody gives this name a value.
    Missing(String),
    /// `%` with something else than `%` or `(` behind it, or no `)s`.
    Syntax(String),
    /// Values name each other in a circle.
    Depth,
    /// The value would be longer than any that is meant.
    Length,
}

impl fmt::Display for Interpolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(
                f,
                "`%({name})s` has no value: give it one on the command line, `{name}=...`, in this section or in `[DEFAULT]`"
            ),
            Self::Syntax(text) => {
                write!(f, "`{text}` is no `%(name)s`; a per cent sign itself is written `%%`")
            }
            Self::Depth => write!(f, "it names itself, or goes through more than {DEEPEST} other values"),
            Self::Length => {
                write!(f, "with its `%(name)s` filled in it would be longer than {LONGEST} bytes")
            }
        }
    }
}

/// `value` with every `%(name)s` replaced by what `named` says, and `%%` by a per cent sign.
pub(crate) fn expand<'a>(
    value: &str,
    named: &impl Fn(&str) -> Option<&'a str>,
) -> Result<String, Interpolation> {
    let mut expanded = String::new();
    expand_into(&mut expanded, value, named, 1)?;
    Ok(expanded)
}

fn expand_into<'a>(
    expanded: &mut String,
    value: &str,
    named: &impl Fn(&str) -> Option<&'a str>,
    depth: usize,
) -> Result<(), Interpolation> {
    if depth > DEEPEST {
        return Err(Interpolation::Depth);
    }
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        expanded.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("%%") {
            expanded.push('%');
            rest = behind;
            continue;
        }
        let inside = rest.strip_prefix("%(").and_then(|inside| inside.split_once(')'));
        let found = inside.and_then(|(name, behind)| Some((name, behind.strip_prefix('s')?)));
        let Some((name, behind)) = found.filter(|(name, _)| !name.is_empty()) else {
            let shown = rest.split_whitespace().next().unwrap_or(rest);
            return Err(Interpolation::Syntax(shown.to_owned()));
        };
        let value = named(name).ok_or_else(|| Interpolation::Missing(name.to_owned()))?;
        if value.contains('%') {
            expand_into(expanded, value, named, depth + 1)?;
        } else {
            expanded.push_str(value);
        }
        if expanded.len() > LONGEST {
            return Err(Interpolation::Length);
        }
        rest = behind;
    }
    expanded.push_str(rest);
    if expanded.len() > LONGEST { Err(Interpolation::Length) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_multiply_each_other_end() {
        let tenfold = "%(a)s".repeat(10);
        let named = |name: &str| match name {
            "a" => Some("%(b)s%(b)s%(b)s%(b)s%(b)s%(b)s%(b)s%(b)s"),
            "b" => Some("%(c)s%(c)s%(c)s%(c)s%(c)s%(c)s%(c)s%(c)s"),
            "c" => Some("%(d)s%(d)s%(d)s%(d)s%(d)s%(d)s%(d)s%(d)s"),
            "d" => Some("eight eight eight eight eight eight eight eight eight eight eight eight"),
            _ => None,
        };
        assert_eq!(expand(&tenfold, &named), Err(Interpolation::Length));
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let named = |name: &str| (name == "round").then_some("%(round)s");
        assert_eq!(expand("%(port)s", &named), Err(Interpolation::Missing("port".into())));
        assert_eq!(expand("100% sure", &named), Err(Interpolation::Syntax("%".into())));
        assert_eq!(expand("%(port)d x", &named), Err(Interpolation::Syntax("%(port)d".into())));
        assert_eq!(expand("%(round)s", &named), Err(Interpolation::Depth));
    }
}
