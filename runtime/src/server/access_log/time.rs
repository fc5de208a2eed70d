//! The time as text, made once a second.

use std::cell::RefCell;

use jiff::{Timestamp, ZonedDateTime};

thread_local! {
    static LAST: RefCell<Option<Texts>> = const { RefCell::new(None) };
}

struct Texts {
    second: i64,
    apache: String,
    /// Before and behind the milliseconds.
    rfc3339: (String, String),
}

impl Texts {
    fn of(now: Timestamp) -> Self {
        let time = ZonedDateTime::new(now, jiff::tz::TimeZone::system());
        Self {
            second: now.as_second(),
            apache: time.strftime("[%d/%b/%Y:%H:%M:%S %z]").to_string(),
            rfc3339: (time.strftime("%Y-%m-%dT%H:%M:%S").to_string(), time.strftime("%:z").to_string()),
        }
    }
}

fn with<T>(now: Timestamp, show: impl FnOnce(&Texts) -> T) -> T {
    LAST.with_borrow_mut(|last| {
        if last.as_ref().is_none_or(|texts| texts.second != now.as_second()) {
            *last = None;
        }
        show(last.get_or_insert_with(|| Texts::of(now)))
    })
}

/// `[23/Nov/2026:17:30:47 +0000]`, in the time zone of the machine.
pub(super) fn apache(line: &mut Vec<u8>) {
    with(Timestamp::now(), |texts| line.extend_from_slice(texts.apache.as_bytes()));
}

/// `2026-11-23T17:30:47.123+00:00`
pub(super) fn rfc3339(line: &mut Vec<u8>) {
    let now = Timestamp::now();
    with(now, |texts| {
        let (before, behind) = &texts.rfc3339;
        line.extend_from_slice(before.as_bytes());
        let milliseconds = now.subsec_millisecond().unsigned_abs();
        line.extend([b'.', digit(milliseconds / 100), digit(milliseconds / 10), digit(milliseconds)]);
        line.extend_from_slice(behind.as_bytes());
    });
}

fn digit(number: u32) -> u8 {
    b'0' + u8::try_from(number % 10).unwrap_or(0)
}
