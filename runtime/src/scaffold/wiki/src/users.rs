//! Who there is, and what users count as.

use aiopyramid::prelude::*;
use aiopyramid::security::HasPrincipals;

use crate::store::Store;

/// Somebody who has logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// `editor` or `basic`
    pub(crate) role: String,
}

/// What the user of this id counts as in the lists of pages.
pub(crate) fn principal(user: i64) -> String {
    format!("user:{user}")
}

impl HasPrincipals for User {
    fn principals(&self) -> Vec<String> {
        vec![format!("role:{}", self.role), principal(self.id)]
    }
}

/// Whose ticket it is; `None` where there is no such user any more.
pub(crate) async fn by_ticket(id: String, request: Request) -> Result<Option<User>> {
    let (Ok(id), Some(store)) = (id.parse(), request.state::<Store>()) else {
        return Ok(None);
    };
    store.user(id).await
}
