//! Shared secrets: checked when they are made, and never shown.

use std::fmt;
use std::sync::Arc;

/// A secret shared with a gateway.
///
/// A secret is checked once, here, so that nothing later has to ask whether
/// one is set: there is no empty secret, and no "verify if configured".
/// `Debug` shows no byte of it, and it cannot be compared.
///
/// ```
/// use zaphook::Secret;
///
/// let secret = Secret::new("whs_4fd0a6c2")?;
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert!(Secret::new("").is_err());
/// # Ok::<(), zaphook::SecretError>(())
/// ```
#[derive(Clone)]
pub struct Secret(Arc<[u8]>);

impl Secret {
    /// A secret given as text, used as its UTF-8 bytes and taken literally:
    /// prefixes such as `whs_` belong to it, nothing is decoded.
    ///
    /// # Errors
    ///
    /// When the text is empty, or has white space at either end (which is
    /// what a secret copied with its line break looks like).
    pub fn new(text: impl AsRef<str>) -> Result<Self, SecretError> {
        let text = text.as_ref();
        if text.trim().len() != text.len() {
            return Err(SecretError(Flaw::OuterWhiteSpace));
        }
        Self::from_bytes(text)
    }

    /// A secret given as raw bytes.
    ///
    /// # Errors
    ///
    /// When there are no bytes.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        let bytes = bytes.as_ref();
        if bytes.is_empty() {
            return Err(SecretError(Flaw::Empty));
        }
        Ok(Self(bytes.into()))
    }

    /// The bytes themselves, for the modules that compute with them.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// One or more [`Secret`]s, of which any may have been used: the current one
/// and those being rotated out.
///
/// Everything that takes secrets takes `impl Into<Secrets>`, so a single
/// secret, an array and a list all fit:
///
/// ```
/// use zaphook::{EnviaAi, Secret, Secrets};
///
/// let current = Secret::new("whs_current")?;
/// let previous = Secret::new("whs_previous")?;
///
/// EnviaAi::signed(current.clone());
/// EnviaAi::signed([current.clone(), previous]);
/// EnviaAi::signed(Secrets::new(vec![current])?);
/// # Ok::<(), zaphook::SecretError>(())
/// ```
///
/// An empty array does not compile:
///
/// ```compile_fail
/// use zaphook::{EnviaAi, Secret};
///
/// EnviaAi::signed([] as [Secret; 0]);
/// ```
#[derive(Clone)]
pub struct Secrets(Box<[Secret]>);

impl Secrets {
    /// The secrets in the order in which a [`Proof`](crate::Proof) counts
    /// them.
    ///
    /// # Errors
    ///
    /// When there are none.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Result<Self, SecretError> {
        let secrets: Box<[Secret]> = secrets.into_iter().collect();
        if secrets.is_empty() {
            return Err(SecretError(Flaw::None));
        }
        Ok(Self(secrets))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }
}

impl From<Secret> for Secrets {
    fn from(secret: Secret) -> Self {
        Self(Box::new([secret]))
    }
}

impl<const N: usize> From<[Secret; N]> for Secrets {
    fn from(secrets: [Secret; N]) -> Self {
        const { assert!(N > 0, "at least one secret is needed") };
        Self(Box::new(secrets))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

/// Why a secret cannot be used. Says nothing of the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SecretError(Flaw);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Flaw {
    #[error("the secret is empty")]
    Empty,
    #[error("the secret has white space at its start or end")]
    OuterWhiteSpace,
    #[error("no secret is given")]
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_neither_empty_nor_padded() {
        let flaw = |text: &str| Secret::new(text).unwrap_err().to_string();
        assert_eq!(flaw(""), "the secret is empty");
        for text in [" ", "abc\n", "\tabc", "abc ", "\u{a0}abc"] {
            assert_eq!(flaw(text), "the secret has white space at its start or end", "{text:?}");
        }
        assert_eq!(Secret::from_bytes([]).unwrap_err().to_string(), "the secret is empty");
        assert_eq!(Secret::from_bytes(b" \n").unwrap().expose(), b" \n");
        assert_eq!(Secret::new("in side").unwrap().expose(), b"in side");
    }

    #[test]
    fn no_secrets_is_an_error() {
        assert_eq!(Secrets::new([]).unwrap_err().to_string(), "no secret is given");
    }
}
