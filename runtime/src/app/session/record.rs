//! What of a session outlives a request.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::values::Values;
use crate::error::{Error, Result};
use crate::protocol::python_json;

/// What of a session outlives a request: when it began, when it was last used, and what is in it. Its text is what
/// [`SignedCookieSessionFactory`](super::SignedCookieSessionFactory) signs, and what a factory of one's own keeps.
///
/// ```
/// use aiopyramid::session::SessionRecord;
///
/// let record = SessionRecord::from_json(r#"[1700000000, 1699999000.5, {"cart": [7, 12]}]"#)?;
/// assert_eq!(record.to_json()?, r#"[1700000000.0, 1699999000.5, {"cart": [7, 12]}]"#);
/// # Ok::<(), aiopyramid::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SessionRecord {
    /// Seconds since 1970.
    pub(super) accessed: f64,
    pub(super) created: f64,
    /// Whether somebody looked into it since it was read, so that its time is a whole number, as Pyramid's is then.
    pub(super) touched: bool,
    pub(super) values: Values,
}

impl SessionRecord {
    /// Reads `[accessed, created, {name: value, ...}]`; the times are seconds since 1970.
    ///
    /// # Errors
    /// Where the text is something else.
    pub fn from_json(text: &str) -> Result<Self> {
        let (accessed, created, values): (f64, f64, Values) = serde_json::from_str(text)?;
        for time in [accessed, created] {
            if time_of(time).is_none() {
                return Err(Error::msg(format!("{time} is no time")));
            }
        }
        Ok(Self { accessed, created, touched: false, values })
    }

    /// The text of it.
    ///
    /// # Errors
    /// Never for what came out of a [`Session`](super::Session).
    pub fn to_json(&self) -> Result<String> {
        let accessed =
            if self.touched { format!("{:.0}", self.accessed) } else { python_json::float(self.accessed) };
        let created = python_json::float(self.created);
        Ok(format!("[{accessed}, {created}, {}]", python_json::to_string(&self.values)?))
    }

    /// When it began.
    pub fn created(&self) -> SystemTime {
        time_of(self.created).unwrap_or(UNIX_EPOCH)
    }

    /// When it was last used.
    pub fn accessed(&self) -> SystemTime {
        time_of(self.accessed).unwrap_or(UNIX_EPOCH)
    }
}

/// The moment so many seconds after 1970.
pub(super) fn time_of(seconds: f64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}
