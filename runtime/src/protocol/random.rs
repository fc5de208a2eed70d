//! What nobody can guess.

use super::hexadecimal::hexadecimal;
use crate::error::{Error, Result};

/// The letters of a [`token`].
pub(crate) const TOKEN_LENGTH: usize = 2 * BYTES;

const BYTES: usize = 20;

/// 160 random bits from the system, as 40 hexadecimal digits. Pyramid's CSRF tokens have as many.
///
/// # Errors
/// Where the system gives none.
pub(crate) fn token() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::msg(format!("the system gives no random numbers: {error}")))?;
    Ok(hexadecimal(&bytes))
}
