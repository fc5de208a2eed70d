//! The values of predicates that are texts.

use aiopyramid_pattern::Pattern;
use syn::LitStr;

use super::Owner;
use crate::syntax::arguments::{Argument, Value};
use crate::syntax::errors::Errors;
use crate::syntax::function::written;
use crate::syntax::suggestion;

/// What is wrong with a value, and what to write instead.
type Fault = (String, String);

/// The values of one predicate as texts; nothing if one of them is wrong, which is noted.
pub(super) fn check(
    argument: &Argument,
    negated: bool,
    owner: Owner,
    pattern: Option<&Pattern>,
    errors: &mut Errors,
) -> Option<Vec<LitStr>> {
    let key = argument.key.to_string();
    if key == "accept" && owner == Owner::View && negated {
        errors.push_with_help(
            &argument.key,
            "`accept` cannot be negated: it decides between views by what the client likes best",
            "give the other view its own `accept`, or none",
        );
        return None;
    }
    let values = match (&argument.value, key.as_str()) {
        (Value::Switch(switch), "xhr" | "is_authenticated") => {
            return Some(vec![LitStr::new(if switch.value { "true" } else { "false" }, switch.span)]);
        }
        (other, "xhr" | "is_authenticated") => {
            errors.push_with_help(
                other,
                format_args!("`{key}` is `true` or `false`, without quotes"),
                format_args!("`{key} = true`"),
            );
            return None;
        }
        (Value::Text(text), _) => vec![text.clone()],
        (other, _) if is_single(&key, owner) => {
            errors.push_with_help(
                other,
                format_args!("`{key}` is one text"),
                format_args!("`{key} = \"{}\"`", example(&key)),
            );
            return None;
        }
        (Value::Texts(texts, _), _) if !texts.is_empty() => texts.clone(),
        (Value::List(values, _), _) => {
            let quoted: Vec<_> = values.iter().map(|value| format!("\"{}\"", plain(value))).collect();
            errors.push_with_help(
                values.iter().find(|value| value.text().is_none()),
                format_args!("`{key}` is a text, or a list of texts"),
                format_args!("`{key} = ({})`", quoted.join(", ")),
            );
            return None;
        }
        (other, _) => {
            errors.push_with_help(
                other,
                format_args!("`{key}` is a text, or a list of texts"),
                format_args!("`{key} = \"{}\"`", example(&key)),
            );
            return None;
        }
    };
    let mut sound = true;
    for value in &values {
        let text = value.value();
        let fault = fault(&key, &text).or_else(|| match pattern {
            Some(pattern) if key == "match_param" => misnamed(&text, pattern),
            _ => None,
        });
        if let Some((message, help)) = fault {
            errors.push_with_help(value, message, help);
            sound = false;
        }
    }
    sound.then_some(values)
}

/// What stands in a list, without the quotes of a text.
fn plain(value: &Value) -> String {
    value.text().map_or_else(|| written(value), LitStr::value)
}

/// Whether a predicate has one value only.
fn is_single(key: &str, owner: Owner) -> bool {
    matches!(key, "path_info" | "physical_path") || (key == "accept" && owner == Owner::View)
}

fn example(key: &str) -> &'static str {
    match key {
        "request_method" => "POST",
        "request_param" => "page",
        "header" => "X-Api-Version:2",
        "accept" => "text/html",
        "path_info" => "/admin",
        "physical_path" => "/a/b",
        "effective_principals" => "group:editors",
        _ => "kind=book",
    }
}

/// What is wrong with one value, and what to write instead.
fn fault(key: &str, value: &str) -> Option<Fault> {
    match key {
        "request_method" => method(value),
        "request_param" => {
            // A `=` at the beginning belongs to the name.
            let name = match value.get(1..).and_then(|rest| rest.split_once('=')) {
                Some((rest, _)) => &value[..=rest.len()],
                None => value,
            };
            name.trim().is_empty().then(|| {
                (format!("`{value}` names no parameter"), "`request_param = \"page\"` or `\"page=2\"`".into())
            })
        }
        "header" => header(value),
        "accept" => media_type(value),
        "path_info" => {
            let reason = expression(value)?;
            Some((
                format!("`{value}` is no regular expression: {reason}"),
                "`path_info = \"/admin(/|$)\"`".into(),
            ))
        }
        "physical_path" => (!value.starts_with('/')).then(|| {
            (
                format!("`{value}` is no path from the root"),
                format!("`physical_path = \"/{}\"`", value.trim()),
            )
        }),
        "effective_principals" => value
            .trim()
            .is_empty()
            .then(|| ("a principal has a name".into(), "`effective_principals = \"group:editors\"`".into())),
        "match_param" => {
            let named = value.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty());
            (!named)
                .then(|| (format!("`{value}` is not `name=value`"), "`match_param = \"kind=book\"`".into()))
        }
        _ => None,
    }
}

/// Whether `text` is what HTTP calls a token.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn method(value: &str) -> Option<Fault> {
    const METHODS: &[&str] =
        &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];
    let upper = value.trim().to_ascii_uppercase();
    if value != upper && METHODS.contains(&upper.as_str()) {
        return Some((
            format!("`{value}` is no method: methods are in capitals"),
            format!("write `\"{upper}\"`"),
        ));
    }
    if !is_token(value) {
        return Some((format!("`{value}` is no method"), "write, for instance, `\"GET\"`".into()));
    }
    let near = suggestion::nearest(value, METHODS.iter().copied()).filter(|_| !METHODS.contains(&value))?;
    Some((format!("`{value}` is no method that is known"), format!("did you mean `{near}`?")))
}

fn header(value: &str) -> Option<Fault> {
    let (name, regex) = value.split_once(':').map_or((value, None), |(name, regex)| (name, Some(regex)));
    if !is_token(name.trim()) {
        return Some((format!("`{name}` is no name of a header"), "`header = \"X-Api-Version\"`".into()));
    }
    let regex = regex?;
    let reason = expression(regex.trim())?;
    Some((
        format!("`{regex}` after the name of the header is no regular expression: {reason}"),
        format!("`header = \"{}:2\"`", name.trim()),
    ))
}

/// Why `text` is no regular expression.
fn expression(text: &str) -> Option<String> {
    Some(match regex_syntax::parse(text).err()? {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        _ => "it cannot be read".to_owned(),
    })
}

/// What keeps `value` from being one media type, such as `text/html;level=1`.
fn media_type(value: &str) -> Option<Fault> {
    let help = || "`accept = \"text/html\"`".to_owned();
    let mut parts = value.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/').unwrap_or_default();
    if kind == "*" || subtype == "*" {
        return Some((format!("`{value}` is a range of media types, and not one of them"), help()));
    }
    if value.contains(',') {
        return Some((format!("`{value}` is more than one media type"), help()));
    }
    let quoted = |text: &str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    let mut weighted = false;
    let parameters = parts.all(|parameter| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            weighted |= name.eq_ignore_ascii_case("q");
            is_token(name) && (is_token(value) || quoted(value))
        })
    });
    if weighted {
        return Some((format!("`{value}` has a weight, which only a client gives"), help()));
    }
    (!is_token(kind) || !is_token(subtype) || !parameters)
        .then(|| (format!("`{value}` is no media type"), help()))
}

/// What is wrong with a `match_param` that nearly names a placeholder. One that names nothing near may mean a placeholder of
/// the prefix under which the module is included.
fn misnamed(value: &str, pattern: &Pattern) -> Option<Fault> {
    let (name, wanted) = value.split_once('=')?;
    let name = name.trim();
    let known: Vec<&str> = pattern.placeholders().chain(pattern.groups()).collect();
    let near = suggestion::nearest(name, known.iter().copied()).filter(|_| !known.contains(&name))?;
    Some((
        format!("`{name}` is no placeholder of `{}`", pattern.as_str()),
        format!("did you mean `{near}={}`?", wanted.trim()),
    ))
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn a_value_is_sound_or_told_why_not() {
        for (key, sound, broken) in [
            ("request_method", vec!["GET", "PURGE"], vec!["get", "G T", "GTE", ""]),
            ("request_param", vec!["a", "a=", "a=1", "=a", "=a=1", " a = 1 "], vec!["", " ", " =1"]),
            ("header", vec!["Host", "X:2", "X: (?i)a{2}"], vec!["", "X Y", "X:("]),
            (
                "accept",
                vec!["text/html", "text/html; level=1", "a/b;c=\"d e\""],
                vec![
                    "text",
                    "text/*",
                    "*/*",
                    "text/html, text/plain",
                    "text/html;q=0.5",
                    "text/html;level",
                    "a /b",
                    "",
                ],
            ),
            ("path_info", vec!["/a", "(?i)/a{2}$"], vec!["/(", "(?=a)"]),
            ("physical_path", vec!["/", "/a/b"], vec!["", "a/b"]),
            ("effective_principals", vec!["group:x"], vec!["", " "]),
            ("match_param", vec!["a=1", "a="], vec!["a", "=1"]),
        ] {
            for value in sound {
                assert_eq!(fault(key, value), None, "{key} {value:?}");
            }
            for value in broken {
                assert!(fault(key, value).is_some(), "{key} {value:?}");
            }
        }
    }
}
