//! Where a request carries its credential.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::HeaderName;

use super::refusal::{Cause, Refusal, Subject};
use crate::request::{Head, Values};
use crate::secret::digest_of;

/// The longest credential that is accepted, in bytes.
const LONGEST: usize = 4096;

/// A header that carries a credential, and how refusals call it.
#[derive(Clone)]
pub(crate) struct NamedHeader {
    name: HeaderName,
    subject: Arc<Subject>,
}

impl NamedHeader {
    /// A header of the gateway's, as its documentation spells it.
    pub(crate) fn new(name: HeaderName, spelled: &'static str) -> Self {
        Self { name, subject: Arc::new(Subject::header(spelled)) }
    }

    /// A header of the caller's.
    fn configured(name: HeaderName) -> Self {
        let subject = Arc::new(Subject::header(name.as_str().to_owned()));
        Self { name, subject }
    }

    /// What its value must begin with, or be.
    pub(crate) fn form(self, form: &'static str) -> Self {
        let subject = Subject::header(self.subject.name().to_owned()).form(form);
        Self { subject: Arc::new(subject), ..self }
    }

    pub(crate) fn subject(&self) -> &Arc<Subject> {
        &self.subject
    }

    pub(crate) fn values<'a>(&self, head: &Head<'a>) -> Values<'a> {
        head.header(&self.name)
    }

    pub(crate) fn refused(&self, cause: Cause) -> Refusal {
        Refusal::from(cause).about(&self.subject)
    }

    /// Its only value, unchanged.
    pub(crate) fn sole<'a>(&self, head: &Head<'a>) -> Result<&'a [u8], Refusal> {
        match self.values(head) {
            Values::One(value) if value.len() > LONGEST => Err(self.refused(Cause::LongHeader)),
            Values::One(value) => Ok(value),
            Values::None => Err(self.refused(Cause::NoHeader)),
            Values::Several => Err(self.refused(Cause::SeveralHeaders)),
        }
    }
}

impl fmt::Debug for NamedHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.name, f)
    }
}

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

#[derive(Clone)]
enum Kind {
    Query(Arc<Subject>),
    Path(Arc<Subject>),
    Header(NamedHeader),
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
        Self { kind: Kind::Query(Arc::new(Subject::query(name.into()))), cut: UNCUT }
    }

    /// The last segment of the path, as in `/hooks/…`, percent-decoded once.
    /// One trailing slash, which many people type, is ignored; a second one
    /// starts an empty segment.
    pub fn path() -> Self {
        Self { kind: Kind::Path(Arc::new(Subject::path())), cut: UNCUT }
    }

    /// The header of this name. Its value is used as it is.
    pub fn header(name: HeaderName) -> Self {
        Self { kind: Kind::Header(NamedHeader::configured(name)), cut: UNCUT }
    }

    /// The same place, for a gateway that changes the path or the query.
    #[must_use]
    pub(crate) fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    fn subject(&self) -> &Arc<Subject> {
        match &self.kind {
            Kind::Query(subject) | Kind::Path(subject) => subject,
            Kind::Header(header) => header.subject(),
        }
    }

    pub(crate) fn refused(&self, cause: Cause) -> Refusal {
        Refusal::from(cause).about(self.subject())
    }

    /// Why what is presented here is not a token: a path of one segment and a
    /// slash (`/hooks/`) has none, unless that segment is one.
    pub(crate) fn mismatch(&self, head: &Head<'_>) -> Refusal {
        let path = (self.cut)(head.path());
        let route = path.strip_suffix('/').map(|path| path.strip_prefix('/').unwrap_or(path));
        match (&self.kind, route) {
            (Kind::Path(_), Some(route)) if !route.contains('/') => self.refused(Cause::NoToken),
            _ => self.refused(Cause::WrongToken),
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
                let query = (self.cut)(head.query().unwrap_or_default());
                let value = parameter(query, name.name()).map_err(|cause| self.refused(cause))?;
                percent_decoded(value)
            }
            Kind::Path(_) => {
                let path = (self.cut)(head.path());
                let path = path.strip_suffix('/').unwrap_or(path);
                percent_decoded(path.rsplit('/').next().unwrap_or_default())
            }
            Kind::Header(header) => Some(Cow::Borrowed(header.sole(head)?)),
        };
        match presented {
            Some(presented) if presented.is_empty() => Err(self.refused(Cause::NoToken)),
            Some(presented) if presented.len() <= LONGEST => Ok(digest_of(&presented)),
            Some(_) => Err(self.refused(Cause::LongToken)),
            None => Err(self.refused(Cause::BadPercent)),
        }
    }
}

impl fmt::Debug for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.subject(), f)
    }
}

/// The value of the only parameter of that name, as received.
fn parameter<'a>(query: &'a str, name: &str) -> Result<&'a str, Cause> {
    let mut found = None;
    for parameter in query.split('&') {
        let (raw, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let named = percent_decoded(raw).is_some_and(|raw| *raw == *name.as_bytes());
        if named && found.replace(value).is_some() {
            return Err(Cause::SeveralParameters);
        }
    }
    found.ok_or(Cause::NoParameter)
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
    fn a_credential_of_4096_bytes_is_the_longest() {
        let header = NamedHeader::configured(HeaderName::from_static("x-token"));
        for (length, fits) in [(1, true), (LONGEST, true), (LONGEST + 1, false)] {
            let token = "a".repeat(length);
            let headers = [("x-token", token.as_str())];
            assert_eq!(header.sole(&Head::new(&headers)).is_ok(), fits, "{length}");
            let none: [(&str, &str); 0] = [];
            let uri = format!("/hooks/{token}?t={token}");
            let head = Head::new(&none).uri(&uri);
            for place in [TokenPlace::path(), TokenPlace::query("t")] {
                assert_eq!(place.digest(&head).is_ok(), fits, "{length}");
            }
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
