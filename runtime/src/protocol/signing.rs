//! Values that others keep for us, and must not change: HMAC (RFC 2104) with several keys, of which the first signs.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

/// The fewest bytes of a secret: as many as a key of 256 bits has. RFC 2104 (section 3) advises against less than the hash gives.
pub(crate) const SHORTEST_SECRET: usize = 32;

/// What signatures are made with. Pyramid's `hashalg`; older functions that it still allows are not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-512, Pyramid's default.
    #[default]
    Sha512,
}

impl HashAlgorithm {
    /// The length of a signature in bytes.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// The secrets in the text of a setting: words, of which the first signs.
pub(crate) fn secrets(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What is wrong with the secrets that `what` are signed with, which may stand in `setting`.
///
/// # Errors
/// Where there is none, or one is too short.
pub(crate) fn check_secrets(what: &str, setting: &str, secrets: &[String]) -> Result<(), String> {
    if secrets.is_empty() {
        return Err(format!(
            "{what} are signed with the setting `{setting}`, which is not set\nhelp: `{setting} = ` and what `openssl rand -hex 32` prints"
        ));
    }
    secrets.iter().try_for_each(|secret| check_secret(secret))
}

/// What is wrong with a secret that somebody has to guess, and what to do about it.
///
/// # Errors
/// Where it is too short.
fn check_secret(secret: &str) -> Result<(), String> {
    if secret.len() >= SHORTEST_SECRET {
        return Ok(());
    }
    Err(format!(
        "a secret of {} bytes can be guessed: it has {SHORTEST_SECRET} at least\nhelp: `openssl rand -hex 32` makes one; keep it out of the sources, in a setting",
        secret.len()
    ))
}

/// The bytes of a salt and a secret, as Pyramid joins them: in Latin-1 where that has all their letters, else in UTF-8.
pub(crate) fn key(salt: &str, secret: &str) -> Vec<u8> {
    let letters = || salt.chars().chain(secret.chars());
    let latin: Result<Vec<u8>, _> = letters().map(u8::try_from).collect();
    latin.unwrap_or_else(|_| [salt.as_bytes(), secret.as_bytes()].concat())
}

/// Signs, and recognizes what was signed. The keys are set up once.
#[derive(Clone)]
pub(crate) struct Signer {
    algorithm: HashAlgorithm,
    /// The first signs; all recognize.
    keys: Vec<Keyed>,
}

#[derive(Clone)]
enum Keyed {
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl Keyed {
    fn new(algorithm: HashAlgorithm, key: &[u8]) -> Self {
        const ANY: &str = "HMAC takes keys of any length";
        match algorithm {
            HashAlgorithm::Sha256 => Self::Sha256(Hmac::new_from_slice(key).expect(ANY)),
            HashAlgorithm::Sha512 => Self::Sha512(Hmac::new_from_slice(key).expect(ANY)),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256(keyed) => keyed.clone().chain_update(message).finalize().into_bytes().to_vec(),
            Self::Sha512(keyed) => keyed.clone().chain_update(message).finalize().into_bytes().to_vec(),
        }
    }

    /// Takes as long whatever is wrong.
    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Sha256(keyed) => keyed.clone().chain_update(message).verify_slice(signature).is_ok(),
            Self::Sha512(keyed) => keyed.clone().chain_update(message).verify_slice(signature).is_ok(),
        }
    }
}

impl Signer {
    /// With these keys, the one that signs first.
    pub(crate) fn new(algorithm: HashAlgorithm, keys: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self { algorithm, keys: keys.into_iter().map(|key| Keyed::new(algorithm, &key)).collect() }
    }

    /// The message with its signature in front; nothing where there is no key.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let Some(first) = self.keys.first() else { return Vec::new() };
        let mut signed = first.sign(message);
        signed.extend_from_slice(message);
        signed
    }

    /// The message behind its signature, where one of the keys made that.
    pub(crate) fn open<'a>(&self, signed: &'a [u8]) -> Option<&'a [u8]> {
        let (signature, message) = signed.split_at_checked(self.algorithm.length())?;
        self.keys.iter().any(|key| key.has_signed(message, signature)).then_some(message)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({:?}, {} keys)", self.algorithm, self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_signs_and_all_recognize() {
        let old = Signer::new(HashAlgorithm::Sha256, [b"old".to_vec()]);
        let both = Signer::new(HashAlgorithm::Sha256, [b"new".to_vec(), b"old".to_vec()]);
        assert_eq!(both.open(&old.sign(b"text")), Some(&b"text"[..]));
        assert_eq!(old.open(&both.sign(b"text")), None);
        let mut changed = both.sign(b"text");
        changed[40 - 8] ^= 1;
        assert_eq!(both.open(&changed), None);
        assert_eq!(both.open(b"short"), None);
    }

    #[test]
    fn a_short_secret_is_refused_with_what_makes_a_long_one() {
        assert!(check_secret("seekrit").unwrap_err().contains("openssl rand"));
        assert!(check_secret(&"x".repeat(SHORTEST_SECRET)).is_ok());
    }
}
