//! Passwords, of which only hashes are kept.

use std::sync::LazyLock;

use aiopyramid::prelude::*;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// Argon2id as it is recommended, which takes long on purpose; in tests as quick as can be.
static HASHER: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let quick = || Params::new(Params::MIN_M_COST, Params::MIN_T_COST, 1, None).ok();
    let params = if cfg!(test) { quick() } else { None };
    Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        params.unwrap_or_default(),
    )
});

/// What is kept of a password.
pub(crate) fn hash(password: &str) -> Result<String> {
    let hash: PasswordHash = HASHER
        .hash_password(password.as_bytes())
        .map_err(|error| Error::msg(format!("a password cannot be hashed: {error}")))?;
    Ok(hash.to_string())
}

/// Whether a password is that of which `hash` is kept. It takes as long where there is no user, so
/// that nobody finds out who there is; and it runs in a thread, where nobody else waits for it.
#[use_executor]
pub(crate) fn is_right(typed: String, hash: Option<String>) -> bool {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| self::hash("nobody's").unwrap_or_default());
    let is_known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODYS.clone());
    let Ok(hash) = PasswordHash::new(&hash) else {
        return false;
    };
    HASHER.verify_password(typed.as_bytes(), &hash).is_ok() && is_known
}

#[cfg(test)]
mod tests {
    use aiopyramid::testing::Client;

    use super::*;

    #[test]
    fn nothing_of_a_password_is_kept_but_a_hash_of_its_own() {
        let (one, other) = (hash("foo").unwrap(), hash("foo").unwrap());
        assert!(one.starts_with("$argon2id$"), "{one}");
        assert_ne!(one, other);
    }

    #[aiopyramid::test(configure = crate::tests::configure)]
    async fn a_password_is_right_or_wrong(_: Client) {
        let hash = hash("foo").unwrap();
        assert!(is_right("foo".to_owned(), Some(hash.clone())).await);
        for (typed, hash) in [
            ("bar", Some(hash.clone())),
            ("", Some(hash)),
            ("foo", Some(String::new())),
            ("foo", None),
            ("nobody's", None),
        ] {
            assert!(!is_right(typed.to_owned(), hash).await, "{typed}");
        }
    }
}
