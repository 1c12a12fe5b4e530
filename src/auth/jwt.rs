//! JSON Web Tokens, read as strictly as possible.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::hmac::Hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::Sha256;

use super::hmac::{matching, prepare_sha256, sign};
use super::refusal::{Cause, Refusal};
use crate::moment::Moment;
use crate::secret::Secrets;
use crate::wire::json::{Members, Name};

/// JSON Web Tokens signed with HMAC-SHA256 (`HS256`): signs and verifies them.
///
/// The algorithm is fixed. A token that names another one, including `none`, is
/// refused before anything is computed. `exp` and `iat` are required and must
/// be whole numbers of seconds; so must `nbf` if present. No name may be
/// repeated in the token's header or among its claims, and only the strict
/// encoding is accepted.
///
/// A token proves who made it. It says nothing about the body it comes with,
/// unless one of its claims does, and anyone who sees it can present it again
/// until it expires.
///
/// ```
/// use std::time::Duration;
///
/// use chrono::DateTime;
/// use zaphook::Secret;
/// use zaphook::auth::Jwt;
///
/// let jwt = Jwt::hs256(Secret::new("jwt-secret")?)
///     .expecting("app", "evolution")
///     .leeway(Duration::from_secs(60));
///
/// let token = jwt.sign(r#"{"iat":1705312500,"exp":1705313100,"app":"evolution"}"#);
/// let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
/// assert_eq!(jwt.verify(&token, at(1705312500))?, 0);
/// assert_eq!(jwt.verify(&token, at(1705313200)).unwrap_err().reason().as_str(), "expired");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Jwt {
    // At least one, since there is no empty `Secrets`.
    keys: Arc<[Hmac<Sha256>]>,
    leeway: Duration,
    expected: Vec<(&'static str, &'static str)>,
}

/// What a token that holds says.
pub(super) struct Verified {
    /// The secret that made it.
    pub(super) secret: u32,
    /// Its `iat`, in seconds since 1970.
    pub(super) issued_at: u64,
}

/// What this library writes, and the most common form.
const HEADER: &[u8] = br#"{"alg":"HS256","typ":"JWT"}"#;

impl Jwt {
    /// Tokens made with one of these secrets, whose bytes are used as they are.
    pub fn hs256(secrets: impl Into<Secrets>) -> Self {
        Self { keys: prepare_sha256(&secrets.into()), leeway: Duration::ZERO, expected: Vec::new() }
    }

    /// With a leeway for clocks that differ and tokens that arrive late. It
    /// applies to `exp`, `nbf` and `iat`, in whole seconds. The default is
    /// none.
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// With a claim that must have this string value.
    #[must_use]
    pub fn expecting(mut self, claim: &'static str, text: &'static str) -> Self {
        self.expected.push((claim, text));
        self
    }

    /// Checks a token, and returns the index of the secret that made it,
    /// counted from zero.
    ///
    /// # Errors
    ///
    /// `malformed_credential` when it is not a token, or lacks a required
    /// claim; `unsupported_algorithm` when it names another algorithm, or needs
    /// an extension (`crit`), an embedded key or encryption; `mismatch` when no
    /// secret made it, or a claim is not as expected. Only for an otherwise
    /// valid token: `expired`, or `too_far_ahead` when it was issued, or
    /// becomes valid, later than now.
    pub fn verify(&self, token: impl AsRef<[u8]>, now: DateTime<Utc>) -> Result<usize, Refusal> {
        index(self.check(token.as_ref(), now.into())?.secret)
    }

    /// Checks only the signature of a token, whatever its payload says, and
    /// returns the index of the secret that made it, counted from zero.
    ///
    /// # Errors
    ///
    /// `malformed_credential`, `unsupported_algorithm` and `mismatch` as for
    /// [`verify`](Self::verify).
    pub fn verify_signature(&self, token: impl AsRef<[u8]>) -> Result<usize, Refusal> {
        index(self.signed(token.as_ref())?.0)
    }

    /// A token with this payload, signed with the first secret.
    pub fn sign(&self, payload: impl AsRef<[u8]>) -> String {
        let mut token = URL_SAFE_NO_PAD.encode(HEADER);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let tag = sign(&self.keys, &[token.as_bytes()]);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(tag, &mut token);
        token
    }

    pub(super) fn check(&self, token: &[u8], now: Moment) -> Result<Verified, Refusal> {
        let (secret, payload) = self.signed(token)?;
        let claims = Object::read(&payload).ok_or(Cause::JwtClaims)?;
        let time = |name| claims.get(name).map(|claim| seconds(claim).ok_or(())).transpose();
        let expires_at = time("exp").ok().flatten().ok_or(Cause::JwtNoTimes)?;
        let issued_at = time("iat").ok().flatten().ok_or(Cause::JwtNoTimes)?;
        let starts_at = time("nbf").map_err(|()| Cause::JwtNbf)?;
        for (claim, text) in &self.expected {
            if !claims.get(claim).is_some_and(|value| is_text(value, text)) {
                return Err(Cause::JwtPurpose.into());
            }
        }
        // Nothing before 1970 is a time that a token can name.
        let now = u64::try_from(now.seconds()).unwrap_or_default();
        let leeway = self.leeway.as_secs();
        if now >= expires_at.saturating_add(leeway) {
            let ago = now.saturating_sub(expires_at);
            return Err(Refusal::from(Cause::JwtExpired).seconds(ago, leeway));
        }
        let latest = now.saturating_add(leeway);
        let valid_from = starts_at.map_or(issued_at, |start| start.max(issued_at));
        if valid_from > latest {
            let ahead = valid_from.saturating_sub(now);
            return Err(Refusal::from(Cause::JwtAhead).seconds(ahead, leeway));
        }
        Ok(Verified { secret, issued_at })
    }

    /// The secret that made the token, and its payload.
    fn signed(&self, token: &[u8]) -> Result<(u32, Vec<u8>), Refusal> {
        let token = std::str::from_utf8(token).map_err(|_| Cause::JwtParts)?;
        // A further dot is no base64url.
        let (text, tag) = token.rsplit_once('.').ok_or(Cause::JwtParts)?;
        let (header, payload) = text.split_once('.').ok_or(Cause::JwtParts)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Cause::JwtParts);
        let (header, payload, claimed) = (decode(header)?, decode(payload)?, decode(tag)?);

        let header = Object::read(&header).ok_or(Cause::JwtHeader)?;
        algorithm(&header)?;
        let claimed: [u8; 32] = claimed.try_into().map_err(|_| Cause::JwtTag)?;
        let secret = matching(&self.keys, &[text.as_bytes()], &[claimed]);
        Ok((secret.ok_or(Cause::JwtSignature)?, payload))
    }
}

/// Header members that no HS256 token needs: mandatory extensions, encryption,
/// and public keys.
const FOREIGN: [&str; 5] = ["crit", "enc", "zip", "jwk", "x5c"];

/// Header members that are registered as strings. Their values change nothing
/// here.
const TEXTS: [&str; 9] = ["typ", "cty", "kid", "jku", "x5u", "x5t", "x5t#S256", "url", "nonce"];

/// The algorithm is the configured one or none: the token's own is only
/// compared with it, and selects nothing.
fn algorithm(header: &Object<'_>) -> Result<(), Cause> {
    let named = header.get("alg").ok_or(Cause::JwtNoAlgorithm)?;
    if !is_any_text(named) {
        return Err(Cause::JwtAlgorithmNotText);
    }
    if !is_text(named, "HS256") {
        return Err(Cause::JwtOtherAlgorithm);
    }
    if FOREIGN.iter().any(|name| header.get(name).is_some()) {
        return Err(Cause::JwtExtension);
    }
    if TEXTS.iter().filter_map(|name| header.get(name)).any(|value| !is_any_text(value)) {
        return Err(Cause::JwtHeaderMember);
    }
    Ok(())
}

/// The members of a JSON object without repeated names, in the order of the names.
struct Object<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'a> Object<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let members = Members::of(std::str::from_utf8(bytes).ok()?).ok()?;
        let mut members: Vec<_> = members.iter().collect();
        members.sort_unstable_by(|(name, _), (other, _)| name.cmp(other));
        let mut neighbours = members.iter().zip(members.iter().skip(1));
        let repeated = neighbours.any(|((name, _), (next, _))| name == next);
        (!repeated).then_some(Self(members))
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.binary_search_by(|(other, _)| (**other).cmp(name)).ok()?;
        self.0.get(found).map(|(_, value)| *value)
    }
}

/// A whole number of seconds since 1970: at most twelve digits, which is up to
/// the year 33658, and nothing but digits.
fn seconds(digits: &str) -> Option<u64> {
    if digits.len() > 12 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

fn is_text(value: &str, text: &str) -> bool {
    serde_json::from_str(value).is_ok_and(|Name(value)| value == text)
}

fn is_any_text(value: &str) -> bool {
    serde_json::from_str::<Name<'_>>(value).is_ok()
}

fn index(secret: u32) -> Result<usize, Refusal> {
    secret.try_into().map_err(|_| Cause::JwtSignature.into())
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwt")
            .field("algorithm", &"HS256")
            .field("secrets", &self.keys.len())
            .field("leeway", &self.leeway)
            .field("expected", &self.expected)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusal::Reason;
    use super::*;
    use crate::secret::Secret;

    const AT: i64 = 1_705_312_500;

    fn jwt() -> Jwt {
        let secret = Secret::new("jwt-secret").unwrap();
        Jwt::hs256(secret).expecting("app", "evolution").leeway(Duration::from_secs(60))
    }

    fn verdict(claims: &str, at: i64) -> Result<usize, Reason> {
        let at = DateTime::from_timestamp(at, 0).unwrap();
        jwt().verify(jwt().sign(claims), at).map_err(|refusal| refusal.reason())
    }

    #[test]
    fn the_last_second_is_the_limit() {
        let claims = r#"{"iat":1705312500,"exp":1705313100,"app":"evolution"}"#;
        for (at, expected) in [
            (AT - 61, Err(Reason::TooFarAhead)),
            (AT - 60, Ok(0)),
            (AT, Ok(0)),
            (AT + 659, Ok(0)),
            (AT + 660, Err(Reason::Expired)),
        ] {
            assert_eq!(verdict(claims, at), expected, "{at}");
        }
        let later = r#"{"iat":1705312500,"nbf":1705312561,"exp":1705313100,"app":"evolution"}"#;
        assert_eq!(verdict(later, AT), Err(Reason::TooFarAhead));
        assert_eq!(verdict(later, AT + 1), Ok(0));
    }

    #[test]
    fn a_claim_must_be_what_is_expected() {
        let times = r#""iat":1705312500,"exp":1705313100"#;
        for claim in [r#""app":"other""#, r#""app":1"#, r#""app":null"#, r#""b":"evolution""#] {
            assert_eq!(verdict(&format!("{{{times},{claim}}}"), AT), Err(Reason::Mismatch));
        }
    }

    #[test]
    fn a_time_is_up_to_twelve_digits() {
        for (text, number) in
            [("0", Some(0)), ("12", Some(12)), ("999999999999", Some(999_999_999_999))]
        {
            assert_eq!(seconds(text), number, "{text}");
        }
        for text in ["1000000000000", "12.0", "-1", "1e3", "null", "true", r#""12""#, "[12]"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn only_this_algorithm() {
        for (header, verdict) in [
            (r#"{"alg":"HS256"}"#, Ok(())),
            (r#"{"alg":"HS256","typ":"JWT","kid":"a"}"#, Ok(())),
            (r#"{"typ":"JWT"}"#, Err(Cause::JwtNoAlgorithm)),
            (r#"{"alg":256}"#, Err(Cause::JwtAlgorithmNotText)),
            (r#"{"alg":"none"}"#, Err(Cause::JwtOtherAlgorithm)),
            (r#"{"alg":"hs256"}"#, Err(Cause::JwtOtherAlgorithm)),
            (r#"{"alg":"HS256","crit":[]}"#, Err(Cause::JwtExtension)),
            (r#"{"alg":"HS256","kid":1}"#, Err(Cause::JwtHeaderMember)),
        ] {
            assert_eq!(algorithm(&Object::read(header.as_bytes()).unwrap()), verdict, "{header}");
        }
    }

    #[test]
    fn the_secret_that_made_it_is_named() {
        let of = |text: &str| Secret::new(text).unwrap();
        let both = Jwt::hs256([of("a"), of("b")]);
        for (text, index) in [("a", Some(0)), ("b", Some(1)), ("c", None)] {
            let token = Jwt::hs256(of(text)).sign(r#"{"iat":1705312500,"exp":1705313100}"#);
            let at = DateTime::from_timestamp(AT, 0).unwrap();
            assert_eq!(both.verify_signature(&token).ok(), index, "{text}");
            assert_eq!(both.verify(&token, at).ok(), index, "{text}");
        }
    }
}
