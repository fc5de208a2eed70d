//! What a request must be.

use aiopyramid_pattern::Pattern;
use syn::LitStr;

use super::route::Placeholders;
use crate::syntax::arguments::Value;
use crate::syntax::errors::Errors;
use crate::syntax::suggestion;
use crate::view_config::attr::Predicate;

/// The values of a predicate, each checked as far as it can be.
pub(super) fn values(
    predicate: &Predicate,
    placeholders: &Placeholders,
    errors: &mut Errors,
) -> Option<(String, bool, Vec<LitStr>)> {
    let Predicate { argument, negated } = predicate;
    let key = argument.key.to_string();
    let values = match (&argument.value, key.as_str()) {
        (Value::Switch(switch), "xhr") => {
            vec![LitStr::new(if switch.value { "true" } else { "false" }, switch.span)]
        }
        (other, "xhr") => {
            errors.push_with_help(other, "`xhr` is `true` or `false`, without quotes", "`xhr = true`");
            return None;
        }
        (Value::Text(text), _) => vec![text.clone()],
        (Value::Texts(texts, _), _) if !texts.is_empty() => texts.clone(),
        (other, key) => {
            let example = example(key);
            errors.push_with_help(
                other,
                format_args!("`{key}` is a text, or a list of texts"),
                format_args!("`{key} = \"{example}\"`"),
            );
            return None;
        }
    };
    let mut sound = true;
    for value in &values {
        let fault = fault(&key, &value.value()).or_else(|| match placeholders {
            Placeholders::Known(pattern) if key == "match_param" => misnamed(&value.value(), pattern),
            _ => None,
        });
        if let Some((message, help)) = fault {
            errors.push_with_help(value, message, help);
            sound = false;
        }
    }
    sound.then_some((key, *negated, values))
}

/// What is wrong with a `match_param` that nearly names a placeholder. One that names nothing near may mean a placeholder of
/// the prefix under which the module is included.
fn misnamed(value: &str, pattern: &Pattern) -> Option<(String, String)> {
    let (name, wanted) = value.split_once('=')?;
    let name = name.trim();
    let known: Vec<&str> = pattern.placeholders().chain(pattern.groups()).collect();
    let near = suggestion::nearest(name, known.iter().copied()).filter(|_| !known.contains(&name))?;
    Some((
        format!("`{name}` is no placeholder of `{}`", pattern.as_str()),
        format!("did you mean `{near}={}`?", wanted.trim()),
    ))
}

fn example(key: &str) -> &'static str {
    match key {
        "request_method" => "POST",
        "header" => "X-Api-Version:2",
        _ => "kind=book",
    }
}

/// What is wrong with one value, and what to write instead.
fn fault(key: &str, value: &str) -> Option<(String, String)> {
    const METHODS: &[&str] =
        &["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"];
    let is_token = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    match key {
        "request_method" => {
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
            if let Some(near) =
                suggestion::nearest(value, METHODS.iter().copied()).filter(|_| !METHODS.contains(&value))
            {
                return Some((
                    format!("`{value}` is no method that is known"),
                    format!("did you mean `{near}`?"),
                ));
            }
            None
        }
        "header" => {
            let (name, regex) =
                value.split_once(':').map_or((value, None), |(name, regex)| (name, Some(regex)));
            if !is_token(name.trim()) {
                return Some((
                    format!("`{name}` is no name of a header"),
                    "`header = \"X-Api-Version\"`".into(),
                ));
            }
            let regex = regex?;
            let error = Pattern::parse(&format!("/{{value:{regex}}}")).err()?.to_string();
            let reason = error.rsplit_once(" is refused: ").map_or(error.as_str(), |(_, reason)| reason);
            Some((
                format!("`{regex}` after the name of the header is no regular expression: {reason}"),
                format!("`header = \"{}:2\"`", name.trim()),
            ))
        }
        "match_param" => {
            let named = value.split_once('=').is_some_and(|(name, _)| !name.trim().is_empty());
            (!named)
                .then(|| (format!("`{value}` is not `name=value`"), "`match_param = \"kind=book\"`".into()))
        }
        _ => None,
    }
}
