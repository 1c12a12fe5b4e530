//! Shared secrets and tokens: checked when they are created, and never shown.

mod token;

use std::fmt;
use std::sync::Arc;

pub use token::{Token, Tokens};

pub(crate) use token::digest_of;

const SECRET: &str = "secret";

/// A secret shared with a gateway.
///
/// A secret is checked once, here, so no later code has to ask whether one is
/// set: there is no empty secret, and no "verify if configured". `Debug` does
/// not show it, and it cannot be compared.
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
    /// A secret given as text. Its UTF-8 bytes are used literally: prefixes
    /// such as `whs_` are part of it, and nothing is decoded.
    ///
    /// # Errors
    ///
    /// When the text is empty, or has white space at either end, as when a
    /// secret was copied with its line break. Invisible characters (U+200B)
    /// count as white space.
    pub fn new(text: impl AsRef<str>) -> Result<Self, SecretError> {
        checked(text.as_ref(), SECRET).and_then(Self::from_bytes)
    }

    /// A secret given as raw bytes.
    ///
    /// # Errors
    ///
    /// When there are no bytes.
    pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, SecretError> {
        let bytes = bytes.as_ref();
        if bytes.is_empty() {
            return Err(Flaw::Empty.of(SECRET));
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

/// What a test can present as a token: a text, or a [`Secret`].
///
/// A [`Token`] keeps only its digest, so nothing can present it.
#[cfg(feature = "testing")]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the text of a token",
    note = "a `Token` keeps only its digest: give the text that it was made of, or a `Secret`"
)]
pub trait TokenText {
    /// The token, byte by byte.
    #[doc(hidden)]
    fn token_text(&self) -> &[u8];
}

#[cfg(feature = "testing")]
impl<T: AsRef<str>> TokenText for T {
    fn token_text(&self) -> &[u8] {
        self.as_ref().as_bytes()
    }
}

#[cfg(feature = "testing")]
impl TokenText for &Secret {
    fn token_text(&self) -> &[u8] {
        self.expose()
    }
}

/// Declares a list of one or more of something to prove oneself by.
macro_rules! one_or_more {
    ($(#[$doc:meta])* pub struct $List:ident([$Item:ident]); called $what:literal, at most $most:expr) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $List(Box<[$Item]>);

        impl $List {
            #[doc = concat!("A list of ", $what, "s. A [`Proof`](crate::Proof) gives the index of")]
            /// the one that matched.
            ///
            /// # Errors
            ///
            /// When there are none, or too many to try each of them.
            pub fn new(
                list: impl IntoIterator<Item = $Item>,
            ) -> Result<Self, $crate::secret::SecretError> {
                let list: Box<[$Item]> = list.into_iter().collect();
                if list.is_empty() {
                    return Err($crate::secret::Flaw::None.of($what));
                }
                if list.len() > $most {
                    return Err($crate::secret::Flaw::Many.of($what));
                }
                Ok(Self(list))
            }

            pub(crate) fn iter(&self) -> impl Iterator<Item = &$Item> {
                self.0.iter()
            }
        }

        impl From<$Item> for $List {
            fn from(item: $Item) -> Self {
                Self(Box::new([item]))
            }
        }

        impl<const N: usize> From<[$Item; N]> for $List {
            fn from(items: [$Item; N]) -> Self {
                const { assert!(N > 0, concat!("at least one ", $what, " is needed")) };
                const { assert!(N <= $most, concat!("too many ", $what, "s")) };
                Self(Box::new(items))
            }
        }

        impl std::fmt::Debug for $List {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($List), "({})"), self.0.len())
            }
        }
    };
}

use one_or_more;

/// How many secrets are tried per request.
const MOST_SECRETS: usize = 8;

one_or_more! {
    /// One or more [`Secret`]s of one account, any of which may have been used:
    /// the current one and those being rotated out.
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
    /// At most eight, since each costs a signature over the whole body before
    /// anything is verified. This is for rotating one account's secret: every
    /// secret in the list is accepted for every account. For several accounts
    /// with secrets of their own, use
    /// [`AccountSecrets`](crate::auth::AccountSecrets) or
    /// [`Tenants`](crate::Tenants).
    ///
    /// An empty array does not compile:
    ///
    /// ```compile_fail
    /// use zaphook::{EnviaAi, Secret};
    ///
    /// EnviaAi::signed([] as [Secret; 0]);
    /// ```
    pub struct Secrets([Secret]); called "secret", at most MOST_SECRETS
}

/// Why a secret or a token cannot be used. The error does not contain it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretError {
    what: &'static str,
    flaw: Flaw,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Empty,
    OuterWhiteSpace,
    Short,
    None,
    Many,
}

impl Flaw {
    fn of(self, what: &'static str) -> SecretError {
        SecretError { what, flaw: self }
    }
}

impl SecretError {
    pub(crate) fn no_secrets() -> Self {
        Flaw::None.of(SECRET)
    }

    pub(crate) fn no_tokens() -> Self {
        Flaw::None.of("token")
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match self.flaw {
            Flaw::Empty => write!(f, "the {what} is empty"),
            Flaw::OuterWhiteSpace => write!(f, "the {what} has white space at its start or end"),
            Flaw::Short => write!(f, "the {what} is shorter than 16 bytes"),
            Flaw::None => write!(f, "no {what} is given"),
            Flaw::Many => write!(f, "more than {MOST_SECRETS} {what}s are given"),
        }
    }
}

impl std::error::Error for SecretError {}

/// White space, or what cannot be seen at all: it is picked up when text is copied
/// from a page.
fn is_blank(char: char) -> bool {
    let is_invisible = matches!(char,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    char.is_whitespace() || char.is_control() || is_invisible
}

/// Text that someone meant to give: neither empty nor padded.
fn checked<'a>(text: &'a str, what: &'static str) -> Result<&'a str, SecretError> {
    if text.trim_matches(is_blank).len() < text.len() {
        return Err(Flaw::OuterWhiteSpace.of(what));
    }
    if text.is_empty() {
        return Err(Flaw::Empty.of(what));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_neither_empty_nor_padded() {
        let flaw = |text: &str| Secret::new(text).unwrap_err().to_string();
        assert_eq!(flaw(""), "the secret is empty");
        for text in [" ", "abc\n", "\tabc", "abc ", "\u{a0}abc", "\u{200b}", "\u{feff}abc"] {
            assert_eq!(flaw(text), "the secret has white space at its start or end", "{text:?}");
        }
        assert_eq!(Secret::from_bytes([]).unwrap_err().to_string(), "the secret is empty");
        assert_eq!(Secret::from_bytes(b" \n").unwrap().expose(), b" \n");
        assert_eq!(Secret::new("in side").unwrap().expose(), b"in side");
    }

    #[test]
    fn no_secrets_is_an_error() {
        assert_eq!(Secrets::new([]).unwrap_err().to_string(), "no secret is given");
        let many = |count| Secrets::new(vec![Secret::new("a").unwrap(); count]);
        assert!(many(8).is_ok());
        assert_eq!(many(9).unwrap_err().to_string(), "more than 8 secrets are given");
    }
}
