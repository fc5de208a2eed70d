//! JSON as Python's `json.dumps` writes it: what Pyramid signs, letter for letter.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// The text of a value.
///
/// # Errors
/// Where serde cannot make JSON of it.
pub(crate) fn to_string(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    let mut text = Vec::with_capacity(64);
    value.serialize(&mut Serializer::with_formatter(&mut text, Python))?;
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

/// Spaces behind commas and colons, nothing beyond ASCII, and its own way with floating point numbers.
struct Python;

impl Formatter for Python {
    fn write_f64<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(float(value).as_bytes())
    }

    fn write_f32<W: io::Write + ?Sized>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        self.write_f64(writer, f64::from(value))
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    /// A stretch without anything that JSON itself wants escaped.
    fn write_string_fragment<W: io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0; 2];
        for character in fragment.chars() {
            if matches!(character, ' '..='~') {
                writer.write_all(&[character as u8])?;
            } else {
                for unit in character.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

/// A finite number as Python's `repr` has it: the fewest digits that tell it from others, with an exponent from 1e16 on and below
/// 1e-4.
pub(crate) fn float(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let mut plain = value.to_string();
        if !plain.contains('.') {
            plain.push_str(".0");
        }
        return plain;
    }
    let mut text = digits.to_owned();
    // Writing into a string cannot fail.
    let _ = write!(text, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_pythons() {
        for (value, text) in [
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.1, "0.1"),
            (1_700_000_000.25, "1700000000.25"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e100, "1.5e+100"),
            (0.0001, "0.0001"),
            (0.000_015, "1.5e-05"),
        ] {
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn texts_are_pythons() {
        let value = serde_json::json!({"é": ["ü😀\n\"\\/\u{7f}", null, true, 2]});
        assert_eq!(
            to_string(&value).unwrap(),
            r#"{"\u00e9": ["\u00fc\ud83d\ude00\n\"\\/\u007f", null, true, 2]}"#
        );
    }
}
