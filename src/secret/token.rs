//! Tokens: secrets that are sent as they are.

use std::fmt;

use sha2::{Digest, Sha256};

use super::{Flaw, SecretError, checked, one_or_more};

/// A secret that a request carries as it is: in its URL, in a header, or in its
/// body.
///
/// Only its SHA-256 is kept. What a request presents is hashed as well, and the
/// two digests are compared in constant time, so timing reveals neither the
/// length nor the beginning of the configured token. `Debug` does not show it, and
/// it cannot be compared.
///
/// ```
/// use zaphook::Token;
///
/// let token = Token::new("9f2c51b7-5a0e-4d8e")?;
/// assert_eq!(format!("{token:?}"), "Token(..)");
/// assert!(Token::new("1234").is_err());
/// # Ok::<(), zaphook::SecretError>(())
/// ```
#[derive(Clone)]
pub struct Token([u8; 32]);

const TOKEN: &str = "token";

impl Token {
    /// The fewest bytes that [`new`](Self::new) takes.
    pub const SHORTEST: usize = 16;

    /// A token given as text, used as its UTF-8 bytes. Give it as it is before
    /// it is percent-encoded into a URL.
    ///
    /// # Errors
    ///
    /// When the text has fewer than 16 bytes, which can be guessed, or white
    /// space at either end, as when it was copied with its line break.
    pub fn new(text: impl AsRef<str>) -> Result<Self, SecretError> {
        let text = checked(text.as_ref(), TOKEN)?;
        if text.len() < Self::SHORTEST {
            return Err(Flaw::Short.of(TOKEN));
        }
        Ok(Self(digest_of(text.as_bytes())))
    }

    /// As [`new`](Self::new), for tokens that have to be shorter than 16 bytes.
    ///
    /// # Errors
    ///
    /// When the text is empty, or has white space at either end.
    pub fn short(text: impl AsRef<str>) -> Result<Self, SecretError> {
        checked(text.as_ref(), TOKEN).map(|text| Self(digest_of(text.as_bytes())))
    }

    /// A token of which only the SHA-256 is known, for instance from a
    /// database.
    pub fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The SHA-256 of the token: the same as
    /// [`Unverified::token_digest`](crate::Unverified::token_digest) of a
    /// request that presents it, so it can be used to look up an account. The
    /// token cannot be recovered from it.
    pub fn digest(&self) -> [u8; 32] {
        self.0
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// The SHA-256 of what may be a token.
pub(crate) fn digest_of(candidate: &[u8]) -> [u8; 32] {
    Sha256::digest(candidate).into()
}

one_or_more! {
    /// One or more [`Token`]s, any of which may be presented: the current one
    /// and those being rotated out.
    ///
    /// Everything that takes tokens takes `impl Into<Tokens>`, so a single
    /// token, an array and a list all fit. An empty array does not compile:
    ///
    /// ```compile_fail
    /// use zaphook::auth::Path;
    /// use zaphook::{EnviaAi, Token};
    ///
    /// EnviaAi::by(Path::new([] as [Token; 0]));
    /// ```
    pub struct Tokens([Token]); called "token", at most usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_not_padded() {
        let flaw = |text: &str| Token::new(text).unwrap_err().to_string();
        assert_eq!(flaw(""), "the token is empty");
        assert_eq!(flaw("0123456789abcde"), "the token is shorter than 16 bytes");
        assert_eq!(flaw(" 0123456789abcdef"), "the token has white space at its start or end");
        assert_eq!(flaw("0123456789abcdef\n"), "the token has white space at its start or end");
        assert!(Token::new("0123456789abcdef").is_ok());
        // Bytes count, not characters.
        assert!(Token::new("éééééééé").is_ok());

        assert!(Token::short("a").is_ok());
        for text in ["", " ", "a ", "\ta"] {
            assert!(Token::short(text).is_err(), "{text:?}");
        }
        assert_eq!(Tokens::new([]).unwrap_err().to_string(), "no token is given");
    }

    #[test]
    fn a_token_is_its_digest() {
        // SHA-256 of `abc`, from FIPS 180-4's examples.
        let digest = Token::short("abc").unwrap().digest();
        assert_eq!(digest[..4], [0xBA, 0x78, 0x16, 0xBF]);
        assert_eq!(Token::from_digest(digest).expose(), &digest);
    }

    #[test]
    fn debug_shows_no_token() {
        let token = Token::short("abc").unwrap();
        let shown = format!("{token:?} {:?}", Tokens::from([token.clone(), token.clone()]));
        assert_eq!(shown, "Token(..) Tokens(2)");
    }
}
