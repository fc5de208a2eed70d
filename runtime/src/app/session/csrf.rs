//! The token of a session, which its forms bring back.

use super::session::Session;
use crate::error::Result;
use crate::protocol::random;

/// Where it is among the values.
const PLACE: &str = "_csrft_";

/// The token that only pages of the application know, so that a form of another site's is told from one of its own (Pyramid's
/// narrative chapter "Preventing Cross-Site Request Forgery Attacks").
impl Session {
    /// The token; made now where there is none.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn get_csrf_token(&self) -> Result<String> {
        self.csrf_token().map_or_else(|| self.new_csrf_token(), Ok)
    }

    /// A new token instead of the one that there is: forms that were shown before are refused from now on.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub fn new_csrf_token(&self) -> Result<String> {
        Ok(self.set_csrf_token(random::token()?))
    }

    /// The token, where there is one.
    pub(crate) fn csrf_token(&self) -> Option<String> {
        self.get(PLACE).ok().flatten()
    }

    /// Sets the token, and gives it back.
    pub(super) fn set_csrf_token(&self, token: String) -> String {
        // A text is JSON.
        let _ = self.insert(PLACE, &token);
        token
    }
}
