//! What nobody can guess.

use std::fmt::Write as _;

use crate::error::{Error, Result};

/// 160 random bits from the system, as 40 hexadecimal digits. Pyramid's CSRF tokens have as many.
///
/// # Errors
/// Where the system gives none.
pub(crate) fn token() -> Result<String> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::msg(format!("the system gives no random numbers: {error}")))?;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
