//! What stands around a view: who may have it, how long its answers may be kept, functions.

use syn::{LitInt, LitStr, Path};

use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::predicate::is_token;
use crate::syntax::suggestion;

/// What the client must be permitted.
#[derive(Debug)]
pub(crate) enum Permission {
    Text(LitStr),
    /// A constant.
    Path(Path),
}

/// How long answers may be kept.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(crate) seconds: Option<LitInt>,
    pub(crate) directives: Option<LitStr>,
}

pub(super) fn permission(argument: &Argument, errors: &mut Errors) -> Option<Permission> {
    match &argument.value {
        Value::Text(text) if text.value().trim().is_empty() => {
            errors.push_with_help(text, "a permission has a name", "`permission = \"edit\"`");
            None
        }
        Value::Text(text) => Some(Permission::Text(text.clone())),
        Value::Path(path) => Some(Permission::Path(path.clone())),
        other => {
            errors.push_with_help(
                other,
                "`permission` is a text, or the path to a constant that is one",
                "`permission = \"edit\"`",
            );
            None
        }
    }
}

/// Whether a request that may change something must bring a token.
pub(super) fn require_csrf(argument: &Argument, errors: &mut Errors) -> Option<bool> {
    if let Value::Switch(switch) = &argument.value {
        return Some(switch.value);
    }
    errors.push_with_help(
        &argument.value,
        "`require_csrf` is `true` or `false`, without quotes",
        "`require_csrf = true`",
    );
    None
}

pub(super) fn decorators(argument: &Argument, errors: &mut Errors) -> Vec<Path> {
    match argument.value.paths() {
        Ok(paths) => paths,
        Err(other) => {
            errors.push_with_help(
                other,
                "`decorator` is the path to a `fn(View) -> View`, or a list of paths",
                "`decorator = stamped` or `decorator = [outer, inner]`",
            );
            Vec::new()
        }
    }
}

pub(super) fn http_cache(argument: &Argument, errors: &mut Errors) -> Option<Cache> {
    let (seconds, directives) = match &argument.value {
        Value::Number(number) => (Some(number), None),
        Value::Text(text) => (None, Some(text)),
        Value::List(values, _) if let [Value::Number(number), Value::Text(text)] = values.as_slice() => {
            (Some(number), Some(text))
        }
        other => {
            errors.push_with_help(
                other,
                "`http_cache` is a number of seconds, a text of directives, or both",
                "`http_cache = 3600`, `\"public\"` or `(3600, \"public\")`",
            );
            return None;
        }
    };
    let before = errors.count();
    if let Some(number) = seconds
        && (!number.suffix().is_empty() || number.base10_parse::<u32>().is_err())
    {
        errors.push_with_help(
            number,
            "`http_cache` is a whole number of seconds that fits a `u32`",
            "`http_cache = 3600`",
        );
    }
    if let Some(text) = directives
        && let Some((message, help)) = fault(&text.value())
    {
        errors.push_with_help(text, message, help);
    }
    (errors.count() == before).then(|| Cache { seconds: seconds.cloned(), directives: directives.cloned() })
}

/// What is wrong with a text of directives, and what to write instead.
fn fault(text: &str) -> Option<(String, String)> {
    const KNOWN: &[&str] = &[
        "public",
        "private",
        "no-cache",
        "no-store",
        "no-transform",
        "must-revalidate",
        "proxy-revalidate",
        "must-understand",
        "max-age",
        "s-maxage",
        "immutable",
        "stale-while-revalidate",
        "stale-if-error",
    ];
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((
            format!("`{text}` is no directive for caches, but a number"),
            format!("`http_cache = {text}`"),
        ));
    }
    let mut in_quotes = false;
    let directives = text.split(|letter| {
        in_quotes ^= letter == '"';
        letter == ',' && !in_quotes
    });
    for directive in directives.map(str::trim) {
        let (name, value) =
            directive.split_once('=').map_or((directive, None), |(name, value)| (name, Some(value)));
        let quoted = |value: &str| {
            value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).is_some_and(|inside| {
                inside.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic() && byte != b'"')
            })
        };
        if !is_token(name) || value.is_some_and(|value| !is_token(value) && !quoted(value)) {
            let what = if directive.is_empty() { text } else { directive };
            return Some((
                format!("`{what}` is no directive for caches"),
                "`http_cache = \"public\"`".into(),
            ));
        }
        let near = suggestion::nearest(name, KNOWN.iter().copied());
        if let Some(near) = near.filter(|_| !KNOWN.contains(&name)) {
            return Some((
                format!("`{name}` is no directive for caches that is known"),
                format!("did you mean `{near}`?"),
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn directives_are_tokens_with_values() {
        for sound in ["public", "private, s-maxage=3", "private=\"set-cookie, x\"", "community=\"UCI\""] {
            assert_eq!(fault(sound), None, "{sound}");
        }
        for broken in ["", "public,", "pubic", "3600", "public\r\nx: y", "max age", "s-maxage=\"3", "=3"] {
            assert!(fault(broken).is_some(), "{broken}");
        }
    }
}
