//! Where a request carries its credential.

use std::borrow::Cow;
use std::fmt;

use http::HeaderName;

use super::refusal::{Reason, Refusal};
use crate::request::{Head, Values};
use crate::secret::digest_of;

/// The longest credential that is accepted, in bytes.
const LONGEST: usize = 4096;

/// The only value of a header, unchanged.
pub(crate) fn sole_header<'a>(head: &Head<'a>, name: &HeaderName) -> Result<&'a [u8], Refusal> {
    match head.header(name) {
        Values::One(value) if value.len() > LONGEST => {
            Err(Refusal::new(Reason::MalformedCredential, "the header is too long"))
        }
        Values::One(value) => Ok(value),
        Values::None => Err(Refusal::new(Reason::MissingCredential, "there is no such header")),
        Values::Several => {
            Err(Refusal::new(Reason::AmbiguousCredential, "there is more than one such header"))
        }
    }
}

const EMPTY: Refusal = Refusal::new(Reason::MissingCredential, "the token is empty");

/// Where a request carries a token.
///
/// There must be exactly one value: a second parameter or header of that name
/// makes the credential ambiguous, and none at all makes it missing.
///
/// ```
/// use zaphook::auth::TokenPlace;
/// use zaphook::{Head, Token};
///
/// let token = Token::new("9f2c51b7-5a0e-4d8e")?;
/// let headers = [("host", "example.org")];
/// let head = Head::new(&headers).uri("/hooks?secret=9f2c51b7-5a0e-4d8e");
///
/// assert_eq!(TokenPlace::query("secret").digest(&head)?, token.digest());
/// assert!(TokenPlace::query("token").digest(&head).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TokenPlace {
    kind: Kind,
    cut: Cut,
}

#[derive(Clone, Debug)]
enum Kind {
    Query(Box<str>),
    Path,
    Header(HeaderName),
}

/// Removes from the path or the query, as received, what a gateway appends to
/// the configured URL.
pub(crate) type Cut = fn(&str) -> &str;

/// For gateways that call the URL as it was configured.
pub(crate) const UNCUT: Cut = |text| text;

impl TokenPlace {
    /// The query parameter of this name, as in `?secret=…`.
    ///
    /// Parameters are separated by `&`. Name and value are percent-decoded
    /// once, and names are compared byte by byte, so `SECRET` and `secret[]`
    /// are different names. A `+` is a plus sign, as in any URL, not a space as
    /// in HTML forms: gateways call the URL as it was typed in, base64 tokens
    /// contain plus signs, and no token needs a space.
    pub fn query(name: impl Into<String>) -> Self {
        Self { kind: Kind::Query(name.into().into()), cut: UNCUT }
    }

    /// The last segment of the path, as in `/hooks/…`, percent-decoded once.
    /// One trailing slash, which many people type, is ignored; a second one
    /// starts an empty segment.
    pub fn path() -> Self {
        Self { kind: Kind::Path, cut: UNCUT }
    }

    /// The header of this name. Its value is used as it is.
    pub fn header(name: HeaderName) -> Self {
        Self { kind: Kind::Header(name), cut: UNCUT }
    }

    /// The same place, for a gateway that changes the path or the query.
    #[must_use]
    pub(crate) fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// Why nothing presented here is right: a path of one segment and a slash
    /// (`/hooks/`) has no token, unless that segment is one.
    pub(crate) fn refusal(&self, head: &Head<'_>, otherwise: Refusal) -> Refusal {
        let path = (self.cut)(head.path());
        let route = path.strip_suffix('/').map(|path| path.strip_prefix('/').unwrap_or(path));
        match (&self.kind, route) {
            (Kind::Path, Some(route)) if !route.contains('/') => EMPTY,
            _ => otherwise,
        }
    }

    /// The SHA-256 of what a request presents here, not verified: for looking
    /// up the policy of the account that has [a token with that
    /// digest](crate::Token::digest).
    ///
    /// # Errors
    ///
    /// `missing_credential` when there is none, `ambiguous_credential` when
    /// there are two, `malformed_credential` when it is not percent-encoded
    /// properly or is longer than 4 KiB.
    pub fn digest(&self, head: &Head<'_>) -> Result<[u8; 32], Refusal> {
        let presented = match &self.kind {
            Kind::Query(name) => {
                percent_decoded(parameter((self.cut)(head.query().unwrap_or_default()), name)?)
            }
            Kind::Path => {
                let path = (self.cut)(head.path());
                let path = path.strip_suffix('/').unwrap_or(path);
                percent_decoded(path.rsplit('/').next().unwrap_or_default())
            }
            Kind::Header(name) => Some(Cow::Borrowed(sole_header(head, name)?)),
        };
        match presented {
            Some(presented) if presented.is_empty() => Err(EMPTY),
            Some(presented) if presented.len() <= LONGEST => Ok(digest_of(&presented)),
            Some(_) => Err(Refusal::new(Reason::MalformedCredential, "the token is too long")),
            None => Err(Refusal::new(
                Reason::MalformedCredential,
                "the token is not percent-encoded properly",
            )),
        }
    }
}

impl fmt::Debug for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

/// The value of the only parameter of that name, as received.
fn parameter<'a>(query: &'a str, name: &str) -> Result<&'a str, Refusal> {
    let mut found = None;
    for parameter in query.split('&') {
        let (raw, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let named = percent_decoded(raw).is_some_and(|raw| *raw == *name.as_bytes());
        if named && found.replace(value).is_some() {
            return Err(Refusal::new(
                Reason::AmbiguousCredential,
                "there is more than one such query parameter",
            ));
        }
    }
    found.ok_or(Refusal::new(Reason::MissingCredential, "there is no such query parameter"))
}

/// The bytes that a part of a URL stands for; `None` when a `%` is not
/// followed by two hexadecimal digits.
pub(crate) fn percent_decoded(text: &str) -> Option<Cow<'_, [u8]>> {
    let mut rest = text.as_bytes();
    if !rest.contains(&b'%') {
        return Some(Cow::Borrowed(rest));
    }
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'%' {
            let (digits, after) = rest.split_first_chunk::<2>()?;
            let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
            decoded.push(u8::try_from(high?.checked_mul(16)?.checked_add(low?)?).ok()?);
            rest = after;
        } else {
            decoded.push(*byte);
        }
    }
    Some(Cow::Owned(decoded))
}

/// The token of a request when the place of tokens is not configured: the value
/// of its only query parameter, or without a query the last segment of its
/// path.
pub(crate) fn likely_token(head: &Head<'_>, cut: Cut) -> Option<[u8; 32]> {
    let place = match head.query().map(cut) {
        None | Some("") => TokenPlace::path().cut(cut),
        Some(query) if query.contains('&') => return None,
        Some(query) => {
            let name = percent_decoded(query.split_once('=')?.0)?;
            TokenPlace::query(String::from_utf8(name.into_owned()).ok()?).cut(cut)
        }
    };
    place.digest(head).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_looked_for_where_it_may_stand() {
        let headers: [(&str, &str); 0] = [];
        let cut: Cut = |text| text.strip_suffix("/call").unwrap_or(text);
        for (uri, token) in [
            ("/hook/abc", Some("abc")),
            ("/hook/abc/call", Some("abc")),
            ("/hook/abc?", Some("abc")),
            ("/hook?t=abc", Some("abc")),
            ("/hook?t=abc/call", Some("abc")),
            ("/hook?a%20b=a%62c", Some("abc")),
            ("/hook?=abc", Some("abc")),
            ("/", None),
            ("/hook/abc/", Some("abc")),
            ("/hook/abc//call", Some("abc")),
            ("/hook/", Some("hook")),
            ("/hook/abc//", None),
            ("/hook/%", None),
            ("/hook/abc?t=", None),
            ("/hook/abc?t", None),
            ("/hook/abc?t=abc&u=abc", None),
            ("/hook/abc?%=abc", None),
            ("/hook/abc?%ff=abc", None),
        ] {
            let found = likely_token(&Head::new(&headers).uri(uri), cut);
            assert_eq!(found, token.map(|token| digest_of(token.as_bytes())), "{uri}");
        }
    }

    #[test]
    fn a_percent_sign_is_followed_by_two_digits() {
        for (text, decoded) in [
            ("", Some(&b""[..])),
            ("a+b", Some(b"a+b")),
            ("%41%4a%4A", Some(b"AJJ")),
            ("%2541", Some(b"%41")),
            ("%00%ff", Some(b"\x00\xFF")),
            ("\u{e9}%C3", Some(b"\xC3\xA9\xC3")),
            ("%", None),
            ("%4", None),
            ("%4g", None),
            ("%+1", None),
            ("% 1", None),
            ("%%41", None),
            ("%\u{e9}1", None),
        ] {
            assert_eq!(percent_decoded(text).as_deref(), decoded, "{text}");
        }
    }
}
