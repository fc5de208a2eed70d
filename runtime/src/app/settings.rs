//! What is set from outside: names and texts, read as what they should be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// What stands in the place of a value that is nobody's business.
const HIDDEN: &str = "******";

/// Words in the names of what is not shown.
const SECRET: &[&str] = &["secret", "password", "passwd", "token", "api_key", "private_key", "credential"];

/// The settings of an application: names with texts, which are read as what they should be.
///
/// They come, later ones winning, from the program ([`Configurator::set_default`](crate::Configurator::set_default)), from a
/// [file](crate::guide::configuration), from the environment (`AIOPYRAMID_MAX_BODY` is `max_body`) and from the command line
/// (`max_body=65536`). The [guide](crate::guide::configuring#the-settings) lists those of the framework; an application's own
/// have a dot in their names, unless they stand in a file.
///
/// ```
/// use aiopyramid::Settings;
///
/// let mut settings = Settings::new();
/// settings.set("shop.decimals", "2", "the command line");
/// assert_eq!(settings.parse::<u8>("shop.decimals")?, Some(2));
/// assert_eq!(settings.parse::<u8>("shop.digits")?, None);
/// assert!(settings.switch("shop.decimals").is_err());
/// # Ok::<(), aiopyramid::BadSetting>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Settings {
    given: BTreeMap<String, Setting>,
    /// The names that the program itself gives a value.
    declared: BTreeSet<String>,
}

#[derive(Debug, Clone)]
struct Setting {
    value: String,
    source: String,
    /// How the name was written, where that is in a file.
    written: Option<String>,
}

impl Settings {
    /// None at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `name`; `source` says where this comes from, for messages: `"the command line"`.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>, source: impl Into<String>) {
        self.given.insert(name.into(), Setting { value: value.into(), source: source.into(), written: None });
    }

    /// Sets `name`, which `place`, file and line, calls `written`.
    pub(crate) fn set_in_file(&mut self, name: &str, value: &str, place: String, written: &str) {
        let setting = Setting { value: value.to_owned(), source: place, written: Some(written.to_owned()) };
        self.given.insert(name.to_owned(), setting);
    }

    /// Sets `name` unless it is set. A name of the application's own is known from now on, so that one that is nearly this one
    /// is found to be a slip of the pen.
    pub fn set_default(
        &mut self,
        name: impl Into<String>,
        value: impl Into<String>,
        source: impl Into<String>,
    ) {
        let name = name.into();
        self.declared.insert(name.clone());
        self.given.entry(name).or_insert_with(|| Setting {
            value: value.into(),
            source: source.into(),
            written: None,
        });
    }

    /// The names that the program itself gives a value, whether or not that is the one which counts.
    pub(crate) fn declared(&self) -> impl Iterator<Item = &str> {
        self.declared.iter().map(String::as_str)
    }

    /// File and line of `name`, where it stands in a file.
    pub(crate) fn place(&self, name: &str) -> Option<&str> {
        self.given
            .get(name)
            .filter(|setting| setting.written.is_some())
            .map(|setting| setting.source.as_str())
    }

    /// The text of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(|setting| setting.value.as_str())
    }

    /// All names with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.given.iter().map(|(name, setting)| (name.as_str(), setting.value.as_str()))
    }

    /// Where the value of `name` came from.
    pub fn source(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(|setting| setting.source.as_str())
    }

    /// The text of `name` as it may be shown to whoever looks over a shoulder: [`masked`](Self::masked).
    pub fn shown(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| Self::masked(name, value))
    }

    /// `value`, on one line, as it may be shown where it is called `name`: six stars where the name is that of a secret, and in place
    /// of the password in a URL. For settings, and for whatever else has names: headers, fields of a form.
    ///
    /// ```
    /// use aiopyramid::Settings;
    ///
    /// assert_eq!(Settings::masked("session.secret", "seasalt"), "******");
    /// assert_eq!(Settings::masked("db.url", "postgres://me:pw@host/db"), "postgres://me:******@host/db");
    /// ```
    pub fn masked(name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase().replace('-', "_");
        if SECRET.iter().any(|word| name.contains(word)) {
            return HIDDEN.to_owned();
        }
        let value = value.replace('\n', "\\n");
        // `postgres://user:password@host/db`
        let password = value.split_once("://").and_then(|(scheme, rest)| {
            let (login, place) = rest.split_once('@')?;
            let (user, _) = login.split_once(':')?;
            (!user.contains('/')).then(|| format!("{scheme}://{user}:{HIDDEN}@{place}"))
        });
        password.unwrap_or(value)
    }

    /// `name` as a `T`; `None` where it is not set.
    ///
    /// # Errors
    /// [`BadSetting`] where its text is no `T`.
    pub fn parse<T: FromStr>(&self, name: &str) -> Result<Option<T>, BadSetting> {
        self.read(name, std::any::type_name::<T>(), |text| text.parse().ok())
    }

    /// `name` as a switch: Pyramid's `asbool`, but for a text that is neither, which is refused.
    ///
    /// # Errors
    /// [`BadSetting`] where its text is neither yes nor no.
    pub fn switch(&self, name: &str) -> Result<Option<bool>, BadSetting> {
        self.read(name, "`true` or `false`", |text| match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Some(true),
            "false" | "f" | "no" | "n" | "off" | "0" => Some(false),
            _ => None,
        })
    }

    /// `name` as a time: a number of seconds, which may have a fraction.
    ///
    /// # Errors
    /// [`BadSetting`] where its text is no such number.
    pub fn seconds(&self, name: &str) -> Result<Option<Duration>, BadSetting> {
        self.read(name, "a number of seconds", |text| Duration::try_from_secs_f64(text.parse().ok()?).ok())
    }

    /// `name` as what `read` makes of its text; `expected` says what that may be, for the message.
    ///
    /// # Errors
    /// [`BadSetting`] where `read` makes nothing of it.
    pub fn words<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, BadSetting> {
        self.read(name, expected, read)
    }

    /// The items of a list, as settings have them: with blanks, line breaks or commas between.
    ///
    /// ```
    /// # use aiopyramid::Settings;
    /// assert!(Settings::list("headers, log\n  sql").eq(["headers", "log", "sql"]));
    /// ```
    pub fn list(text: &str) -> impl Iterator<Item = &str> {
        text.split(|character: char| character == ',' || character.is_whitespace())
            .filter(|item| !item.is_empty())
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, BadSetting> {
        let Some(setting) = self.given.get(name) else { return Ok(None) };
        read(setting.value.trim()).map(Some).ok_or_else(|| BadSetting::new(self, name, expected))
    }
}

/// A setting's text is not what it should be. Displayed as one line with name, text, where that came from, and what it
/// should be; where it came from a file, file and line come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSetting {
    name: String,
    value: String,
    source: String,
    /// Whether the source is file and line.
    in_file: bool,
    expected: String,
}

impl BadSetting {
    /// For a setting that is read in a way of its own.
    pub fn new(settings: &Settings, name: &str, expected: impl Into<String>) -> Self {
        let setting = settings.given.get(name);
        let written = setting.and_then(|setting| setting.written.as_deref());
        Self {
            name: written.unwrap_or(name).to_owned(),
            value: settings.get(name).unwrap_or("").to_owned(),
            source: settings.source(name).unwrap_or("").to_owned(),
            in_file: written.is_some(),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, source, in_file, expected } = self;
        // Rust's own names for numbers say what is expected well enough, if one says that they are numbers.
        let expected = match expected.as_str() {
            "usize" | "u64" | "u32" | "u16" => "a whole number",
            other => other,
        };
        if !in_file {
            return write!(f, "setting `{name}` is `{value}` (from {source}), but should be {expected}");
        }
        write!(f, "{source}: `{name}` is `{}`, but should be {expected}", value.escape_debug())?;
        // As in Python: `port = 6543 ; the usual one` is all value.
        if value.contains(" ;") || value.contains(" #") {
            write!(f, " (a comment needs a line of its own)")?;
        }
        Ok(())
    }
}

impl std::error::Error for BadSetting {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_source_wins_and_a_default_does_not() {
        let mut settings = Settings::new();
        settings.set("max_body", "1", "the environment");
        settings.set("max_body", "2", "the command line");
        settings.set_default("max_body", "3", "the program");
        assert_eq!(settings.parse::<usize>("max_body"), Ok(Some(2)));
        assert_eq!(settings.source("max_body"), Some("the command line"));
    }

    #[test]
    fn a_bad_text_is_named_with_where_it_came_from() {
        let mut settings = Settings::new();
        settings.set("loops", "many", "the environment");
        let bad = settings.parse::<usize>("loops").unwrap_err();
        assert_eq!(
            bad.to_string(),
            "setting `loops` is `many` (from the environment), but should be a whole number"
        );
        settings.set("development", "perhaps", "x");
        assert!(settings.switch("development").is_err());
    }

    #[test]
    fn what_a_file_says_wrongly_is_named_as_the_file_names_it() {
        let mut settings = Settings::new();
        settings.set_in_file("keep_alive", "5 ; seconds", "development.ini:7".to_owned(), "keepalive");
        assert_eq!(
            settings.seconds("keep_alive").unwrap_err().to_string(),
            "development.ini:7: `keepalive` is `5 ; seconds`, but should be a number of seconds (a comment needs a line of its own)"
        );
        assert_eq!(settings.place("keep_alive"), Some("development.ini:7"));
        settings.set("keep_alive", "5", "the command line");
        assert_eq!(settings.place("keep_alive"), None);
    }

    #[test]
    fn times_are_seconds_with_a_fraction() {
        let mut settings = Settings::new();
        settings.set("keep_alive", "0.5", "x");
        assert_eq!(settings.seconds("keep_alive"), Ok(Some(Duration::from_millis(500))));
        settings.set("keep_alive", "-1", "x");
        assert!(settings.seconds("keep_alive").is_err());
    }

    #[test]
    fn secrets_are_not_shown() {
        for (name, value, expected) in [
            ("session.secret", "s", HIDDEN),
            ("X-API-Key", "s", HIDDEN),
            ("sqlalchemy.url", "postgres://me:pw@host/db", "postgres://me:******@host/db"),
            ("sqlalchemy.url", "sqlite:///db.sqlite", "sqlite:///db.sqlite"),
            ("tweens", "\na\nb", "\\na\\nb"),
        ] {
            assert_eq!(Settings::masked(name, value), expected);
        }
    }
}
