//! Lines as Python's `logging` writes them, `%(asctime)s %(levelname)-5.5s [%(name)s] %(message)s`.
//!
//! What Python means by an attribute of a record is looked up in its manual, section "`LogRecord` attributes". The name of a
//! logger is the target of an event, with Python's dots; a place in the source is that of the event.

use std::fmt::Write;
use std::path::Path;

use jiff::ZonedDateTime;
use tracing::Level;

use crate::suggestion::nearest;

/// What `logging` uses where a formatter has no format.
const PLAIN: &str = "%(message)s";

/// A format, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command) struct PythonFormat {
    pieces: Vec<Piece>,
    /// The format of `%(asctime)s`, where it is not the usual one.
    datefmt: Option<String>,
}

/// What is known of an event.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) target: &'a str,
    pub(super) level: Level,
    pub(super) file: &'a str,
    pub(super) line: u32,
    pub(super) time: ZonedDateTime,
    /// Milliseconds since the log was started.
    pub(super) relative: f64,
    pub(super) thread_name: &'a str,
    pub(super) thread: u64,
    pub(super) process: u32,
    pub(super) message: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Attribute(Attribute, Conversion),
}

/// `-05.5s`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each flag stands alone, as in C")]
struct Conversion {
    left: bool,
    zero: bool,
    plus: bool,
    blank: bool,
    width: usize,
    precision: Option<usize>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Integer,
    Float,
}

macro_rules! attributes {
    ($($name:literal => $variant:ident,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Attribute {
            $($variant,)*
        }

        /// The names of all attributes.
        const NAMES: &[&str] = &[$($name),*];

        impl Attribute {
            fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

attributes! {
    "asctime" => Asctime,
    "created" => Created,
    "filename" => Filename,
    "funcName" => FuncName,
    "levelname" => Levelname,
    "levelno" => Levelno,
    "lineno" => Lineno,
    "message" => Message,
    "module" => Module,
    "msecs" => Msecs,
    "name" => Name,
    "pathname" => Pathname,
    "process" => Process,
    "processName" => ProcessName,
    "relativeCreated" => RelativeCreated,
    "taskName" => TaskName,
    "thread" => Thread,
    "threadName" => ThreadName,
}

/// A value before it has its width.
enum Value<'a> {
    Text(&'a str),
    Owned(String),
    Integer(i128),
    Float(f64),
}

impl PythonFormat {
    /// Reads a format. The complaint about a bad one has no place in it.
    pub(in crate::command) fn parse(format: Option<&str>, datefmt: Option<&str>) -> Result<Self, String> {
        let format = format.filter(|format| !format.is_empty()).unwrap_or(PLAIN);
        let mut pieces = Vec::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            text(&mut pieces, &rest[..at]);
            rest = &rest[at + 1..];
            if let Some(behind) = rest.strip_prefix('%') {
                text(&mut pieces, "%");
                rest = behind;
                continue;
            }
            let inside = rest.strip_prefix('(').and_then(|inside| inside.split_once(')'));
            let Some((name, behind)) = inside else {
                let shown: String = rest.chars().take(10).collect();
                return Err(format!(
                    "`%{shown}` is no `%(attribute)s` of a line in the log; a per cent sign itself is written `%%`"
                ));
            };
            let Some(attribute) = Attribute::named(name) else {
                let near = nearest(name, NAMES.iter().copied());
                return Err(near.map_or_else(
                    || format!("a line in the log has no `%({name})s`; it has {}", NAMES.join(", ")),
                    |near| format!("a line in the log has no `%({name})s`; did you mean `%({near})s`?"),
                ));
            };
            let (conversion, behind) = Conversion::parse(behind).ok_or_else(|| {
                format!("what follows `%({name})` is no conversion that is known here, such as `s`, `-5.5s`, `d` or `03d`")
            })?;
            if conversion.kind != Kind::Text && !attribute.is_number() {
                return Err(format!("`%({name})` is text; write `%({name})s`"));
            }
            pieces.push(Piece::Attribute(attribute, conversion));
            rest = behind;
        }
        text(&mut pieces, rest);
        let datefmt = datefmt.filter(|datefmt| !datefmt.is_empty()).map(str::to_owned);
        if let Some(datefmt) = &datefmt {
            jiff::fmt::strtime::format(datefmt, &ZonedDateTime::now())
                .map_err(|error| format!("`{datefmt}` is no format of a time: {error}"))?;
        }
        Ok(Self { pieces, datefmt })
    }

    /// The line, without its end.
    pub(super) fn render(&self, record: &Record<'_>) -> String {
        let mut line = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => line.push_str(text),
                Piece::Attribute(attribute, conversion) => {
                    conversion.write(&mut line, attribute.value(record, self.datefmt.as_deref()));
                }
            }
        }
        line
    }
}

fn text(pieces: &mut Vec<Piece>, more: &str) {
    match pieces.last_mut() {
        _ if more.is_empty() => {}
        Some(Piece::Text(text)) => text.push_str(more),
        _ => pieces.push(Piece::Text(more.to_owned())),
    }
}

impl Attribute {
    const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Created
                | Self::Levelno
                | Self::Lineno
                | Self::Msecs
                | Self::Process
                | Self::RelativeCreated
                | Self::Thread
        )
    }

    fn value<'a>(self, record: &Record<'a>, datefmt: Option<&str>) -> Value<'a> {
        let Record { time, .. } = record;
        let (target, file) = (record.target, record.file);
        match self {
            Self::Asctime => Value::Owned(match datefmt {
                // It was tried when it was read.
                Some(datefmt) => jiff::fmt::strtime::format(datefmt, time).unwrap_or_default(),
                None => format!("{},{:03}", time.strftime("%Y-%m-%d %H:%M:%S"), time.millisecond()),
            }),
            Self::Created => Value::Float(time.timestamp().as_duration().as_secs_f64()),
            Self::Filename => {
                Value::Text(Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or(""))
            }
            Self::Module => {
                Value::Text(Path::new(file).file_stem().and_then(|name| name.to_str()).unwrap_or(""))
            }
            Self::Pathname => Value::Text(file),
            // An event does not know the function that it is in; Python has no other word for that either.
            Self::FuncName => Value::Text("<module>"),
            Self::TaskName => Value::Text("None"),
            Self::Levelname => Value::Text(match record.level {
                Level::ERROR => "ERROR",
                Level::WARN => "WARNING",
                Level::INFO => "INFO",
                Level::DEBUG => "DEBUG",
                Level::TRACE => "TRACE",
            }),
            Self::Levelno => Value::Integer(match record.level {
                Level::ERROR => 40,
                Level::WARN => 30,
                Level::INFO => 20,
                Level::DEBUG => 10,
                Level::TRACE => 5,
            }),
            Self::Lineno => Value::Integer(record.line.into()),
            Self::Message => Value::Text(record.message),
            Self::Msecs => Value::Float(f64::from(time.subsec_nanosecond()) / 1e6),
            Self::Name => Value::Owned(target.replace("::", ".")),
            Self::Process => Value::Integer(record.process.into()),
            Self::ProcessName => Value::Text("MainProcess"),
            Self::RelativeCreated => Value::Float(record.relative),
            Self::Thread => Value::Integer(record.thread.into()),
            Self::ThreadName if record.thread_name == "main" => Value::Text("MainThread"),
            Self::ThreadName => Value::Text(record.thread_name),
        }
    }
}

impl Conversion {
    /// Reads `-5.5s`, and says what follows it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let mut conversion = Self::default();
        let flags = text.len() - text.trim_start_matches(['-', '0', '+', ' ', '#']).len();
        for flag in text[..flags].chars() {
            match flag {
                '-' => conversion.left = true,
                '0' => conversion.zero = true,
                '+' => conversion.plus = true,
                ' ' => conversion.blank = true,
                _ => {}
            }
        }
        let (width, rest) = number(&text[flags..])?;
        conversion.width = width.unwrap_or(0);
        let rest = match rest.strip_prefix('.') {
            Some(behind) => {
                let (precision, rest) = number(behind)?;
                conversion.precision = Some(precision.unwrap_or(0));
                rest
            }
            None => rest,
        };
        conversion.kind = match rest.chars().next()? {
            's' => Kind::Text,
            'd' | 'i' | 'u' => Kind::Integer,
            'f' | 'F' => Kind::Float,
            _ => return None,
        };
        Some((conversion, &rest[1..]))
    }

    fn write(self, line: &mut String, value: Value<'_>) {
        let (sign, body) = match (self.kind, &value) {
            (Kind::Text, Value::Text(text)) => ("", self.cut(text)),
            (Kind::Text, Value::Owned(text)) => ("", self.cut(text)),
            (Kind::Text, Value::Integer(number)) => ("", self.cut(&number.to_string())),
            (Kind::Text, Value::Float(number)) => ("", self.cut(&format!("{number:?}"))),
            // No attribute is negative.
            #[expect(
                clippy::cast_possible_truncation,
                reason = "as in Python, `%d` leaves the fraction away"
            )]
            (Kind::Integer, Value::Float(number)) => (self.sign(), self.digits(*number as i128)),
            (Kind::Integer, Value::Integer(number)) => (self.sign(), self.digits(*number)),
            (Kind::Float, Value::Float(number)) => {
                (self.sign(), format!("{number:.*}", self.precision.unwrap_or(6)))
            }
            #[expect(clippy::cast_precision_loss, reason = "as in Python")]
            (Kind::Float, Value::Integer(number)) => {
                (self.sign(), format!("{:.*}", self.precision.unwrap_or(6), *number as f64))
            }
            // `parse` lets no text through with another conversion.
            (_, Value::Text(_) | Value::Owned(_)) => ("", String::new()),
        };
        let missing = self.width.saturating_sub(sign.chars().count() + body.chars().count());
        // Writing into a string cannot fail.
        let _ = if self.left {
            write!(line, "{sign}{body}{:missing$}", "")
        } else if self.zero && self.kind != Kind::Text {
            write!(line, "{sign}{:0>missing$}{body}", "")
        } else {
            write!(line, "{:missing$}{sign}{body}", "")
        };
    }

    const fn sign(self) -> &'static str {
        match (self.plus, self.blank) {
            (true, _) => "+",
            (false, true) => " ",
            (false, false) => "",
        }
    }

    fn cut(self, text: &str) -> String {
        self.precision.map_or_else(|| text.to_owned(), |precision| text.chars().take(precision).collect())
    }

    fn digits(self, number: i128) -> String {
        format!("{number:0>width$}", width = self.precision.unwrap_or(0))
    }
}

/// The digits at the start, bounded as no line needs more, and what follows.
fn number(text: &str) -> Option<(Option<usize>, &str)> {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    if digits == 0 {
        return Some((None, text));
    }
    let number = text[..digits].parse().ok().filter(|number| *number <= 1000)?;
    Some((Some(number), &text[digits..]))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Oracle {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        format: String,
        datefmt: Option<String>,
        record: Recorded,
        line: String,
    }

    /// A record as Python was given it.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Recorded {
        name: String,
        level: u32,
        pathname: String,
        lineno: u32,
        msg: String,
        created: f64,
        thread: u64,
        thread_name: String,
        process: u32,
        relative: f64,
    }

    #[test]
    fn lines_are_those_of_pythons() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/oracle/log_format.json");
        let oracle: Oracle = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(oracle.cases.len() > 30);
        for case in oracle.cases {
            let format = PythonFormat::parse(Some(&case.format), case.datefmt.as_deref()).unwrap();
            let Recorded {
                name,
                level,
                pathname,
                lineno,
                msg,
                created,
                thread,
                thread_name,
                process,
                relative,
            } = case.record;
            let time =
                Timestamp::try_from(std::time::UNIX_EPOCH + std::time::Duration::from_secs_f64(created));
            let line = format.render(&Record {
                target: &name.replace('.', "::"),
                level: if level == 20 { Level::INFO } else { Level::WARN },
                file: &pathname,
                line: lineno,
                time: ZonedDateTime::new(time.unwrap(), TimeZone::UTC),
                relative,
                thread_name: &thread_name,
                thread,
                process,
                message: &msg,
            });
            assert_eq!(line, case.line, "{:?}", case.format);
        }
    }

    #[test]
    fn a_format_that_cannot_be_written_is_refused_when_it_is_read() {
        for (format, complaint) in [
            ("%(mesage)s", "a line in the log has no `%(mesage)s`; did you mean `%(message)s`?"),
            ("%(message)d", "`%(message)` is text; write `%(message)s`"),
            ("%(message)q", "what follows `%(message)` is no conversion"),
            ("%(message)", "what follows `%(message)` is no conversion"),
            ("%(lineno)99999d", "what follows `%(lineno)` is no conversion"),
            ("100% %(message)s", "`% %(message` is no `%(attribute)s`"),
        ] {
            let found = PythonFormat::parse(Some(format), None).unwrap_err();
            assert!(found.starts_with(complaint), "{format}: {found}");
        }
        assert!(PythonFormat::parse(None, Some("%Y-%!")).is_err());
    }
}
