//! Signatures over the exact bytes of a body.

use std::fmt;
use std::sync::Arc;

use ::hmac::digest::Output;
use ::hmac::{Hmac, KeyInit, Mac};
use http::HeaderName;
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::policy::Mechanism;
use super::proof::{Satisfied, Way};
use super::refusal::{Reason, Refusal};
use crate::request::{Head, Request, Values};
use crate::secret::Secrets;
use crate::wire::hex;

/// An HMAC over the body in hexadecimal, after a fixed prefix: the signature
/// of EnviaAI (`sha256=…`) and of many other webhooks.
///
/// The key schedule of every secret is computed once, here; verifying and
/// signing start from a copy of it. Clones share the schedules.
///
/// ```
/// use zaphook::Secret;
/// use zaphook::auth::BodySignature;
///
/// let signature = BodySignature::sha256(Secret::new("whs_4fd0a6c2")?).prefix("sha256=");
///
/// let value = signature.sign(b"{}");
/// assert_eq!(signature.verify(value.as_bytes(), b"{}")?, 0);
/// assert!(signature.verify(value.as_bytes(), b"{ }").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BodySignature {
    keys: Keys,
    prefix: &'static str,
}

/// Prepared keys; at least one, since there is no empty [`Secrets`].
#[derive(Clone)]
enum Keys {
    Sha256(Arc<[Hmac<Sha256>]>),
    Sha512(Arc<[Hmac<Sha512>]>),
}

impl BodySignature {
    /// HMAC-SHA256: 64 hexadecimal digits.
    pub fn sha256(secrets: impl Into<Secrets>) -> Self {
        Self { keys: Keys::Sha256(prepare(&secrets.into())), prefix: "" }
    }

    /// HMAC-SHA512: 128 hexadecimal digits.
    pub fn sha512(secrets: impl Into<Secrets>) -> Self {
        Self { keys: Keys::Sha512(prepare(&secrets.into())), prefix: "" }
    }

    /// With text that stands before the digits, exactly once and exactly so.
    #[must_use]
    pub fn prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Checks a signature as received, and says which secret made it, counted
    /// from zero.
    ///
    /// The whole tag is compared with that of every secret, in constant time;
    /// nothing is allocated.
    ///
    /// # Errors
    ///
    /// `malformed_credential` when the value is not the prefix and all digits
    /// of the tag, `mismatch` when no secret made it.
    pub fn verify(&self, value: &[u8], body: &[u8]) -> Result<usize, Refusal> {
        let secret = self.matching(value, body)?;
        usize::try_from(secret).map_err(|_| MISMATCH)
    }

    /// The value that a gateway with the first secret would send.
    pub fn sign(&self, body: &[u8]) -> String {
        let tag = match &self.keys {
            Keys::Sha256(keys) => sign(keys, &[body]),
            Keys::Sha512(keys) => sign(keys, &[body]),
        };
        let mut value = self.prefix.to_owned();
        hex::push(&mut value, &tag);
        value
    }

    fn matching(&self, value: &[u8], body: &[u8]) -> Result<u32, Refusal> {
        let Some(digits) = value.strip_prefix(self.prefix.as_bytes()) else {
            return Err(Refusal::new(
                Reason::MalformedCredential,
                "the signature does not start with its prefix",
            ));
        };
        match &self.keys {
            Keys::Sha256(keys) => {
                let claimed = hex::decode(digits).ok_or(Refusal::new(
                    Reason::MalformedCredential,
                    "the signature is not 64 hexadecimal digits",
                ))?;
                matching::<_, 32>(keys, &[body], &[claimed])
            }
            Keys::Sha512(keys) => {
                let claimed = hex::decode(digits).ok_or(Refusal::new(
                    Reason::MalformedCredential,
                    "the signature is not 128 hexadecimal digits",
                ))?;
                matching::<_, 64>(keys, &[body], &[claimed])
            }
        }
    }
}

const MISMATCH: Refusal =
    Refusal::new(Reason::Mismatch, "the signature was not made over this body with a known secret");

fn prepare<M: KeyInit>(secrets: &Secrets) -> Arc<[M]> {
    // An HMAC takes keys of any length.
    secrets.iter().filter_map(|secret| M::new_from_slice(secret.expose()).ok()).collect()
}

/// The tag of a message that comes in pieces, so that nothing is copied to
/// sign more than a body.
fn tag<M: Mac + Clone>(key: &M, message: &[&[u8]]) -> Output<M> {
    let mut mac = key.clone();
    message.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes()
}

fn sign<M: Mac + Clone>(keys: &[M], message: &[&[u8]]) -> Vec<u8> {
    keys.first().map(|key| tag(key, message).to_vec()).unwrap_or_default()
}

/// Compares every claimed tag with that of every key, whichever matches first.
fn matching<M: Mac + Clone, const N: usize>(
    keys: &[M],
    message: &[&[u8]],
    claimed: &[[u8; N]],
) -> Result<u32, Refusal> {
    let mut found = Choice::from(0);
    let mut secret = 0;
    for (index, key) in (0u32..).zip(keys) {
        let tag = tag(key, message);
        for claimed in claimed {
            let equal = equal(&tag, claimed);
            secret.conditional_assign(&index, equal & !found);
            found |= equal;
        }
    }
    if bool::from(found) { Ok(secret) } else { Err(MISMATCH) }
}

/// Whether two tags are equal, in constant time: whole words at once, which is
/// the same comparison in an eighth of the steps.
fn equal(tag: &[u8], claimed: &[u8]) -> Choice {
    let (ours, our_rest) = tag.as_chunks();
    let (theirs, their_rest) = claimed.as_chunks();
    let mut equal = ours.len().ct_eq(&theirs.len()) & our_rest.ct_eq(their_rest);
    for (ours, theirs) in ours.iter().zip(theirs) {
        equal &= u64::from_ne_bytes(*ours).ct_eq(&u64::from_ne_bytes(*theirs));
    }
    equal
}

impl fmt::Debug for BodySignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (algorithm, secrets) = match &self.keys {
            Keys::Sha256(keys) => ("HMAC-SHA256", keys.len()),
            Keys::Sha512(keys) => ("HMAC-SHA512", keys.len()),
        };
        f.debug_struct("BodySignature")
            .field("algorithm", &algorithm)
            .field("prefix", &self.prefix)
            .field("secrets", &secrets)
            .finish()
    }
}

/// Prepared keys of HMAC-SHA256, for signatures that stand in a header of
/// another form than [`BodySignature`]'s, or over more than the body.
#[derive(Clone)]
pub(crate) struct Sha256Keys(Arc<[Hmac<Sha256>]>);

impl Sha256Keys {
    pub(crate) fn new(secrets: &Secrets) -> Self {
        Self(prepare(secrets))
    }

    /// The tag of a message in pieces, by the first secret, in hexadecimal.
    pub(crate) fn sign(&self, message: &[&[u8]]) -> String {
        let mut digits = String::with_capacity(64);
        hex::push(&mut digits, &sign(&self.0, message));
        digits
    }

    /// Which secret made one of the tags claimed for a message in pieces.
    pub(crate) fn matching(&self, message: &[&[u8]], claimed: &[[u8; 32]]) -> Result<u32, Refusal> {
        matching(&self.0, message, claimed)
    }
}

impl fmt::Debug for Sha256Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Keys({})", self.0.len())
    }
}

/// The longest signature header that is looked at.
const LONGEST_HEADER: usize = 4096;

/// The one value of a signature's header.
pub(crate) fn signature_header<'a>(
    head: &Head<'a>,
    header: &HeaderName,
) -> Result<&'a [u8], Refusal> {
    match head.header(header) {
        Values::One(value) if value.len() > LONGEST_HEADER => {
            Err(Refusal::new(Reason::MalformedCredential, "the signature header is too long"))
        }
        Values::One(value) => Ok(value),
        Values::None => {
            Err(Refusal::new(Reason::MissingCredential, "there is no signature header"))
        }
        Values::Several => Err(Refusal::new(
            Reason::AmbiguousCredential,
            "there is more than one signature header",
        )),
    }
}

/// A [`BodySignature`] in a header of its own.
#[derive(Debug)]
pub(crate) struct SignedBody {
    pub(crate) header: HeaderName,
    pub(crate) signature: BodySignature,
}

impl Mechanism for SignedBody {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        signature_header(head, &self.header).map(drop)
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        let value = signature_header(request.head(), &self.header)?;
        let secret = self.signature.matching(value, request.body())?;
        Ok(Satisfied::by_secret(Way::Secrets, secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn secret(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn both_algorithms_sign_and_verify() {
        // HMAC-SHA256 and HMAC-SHA512 of RFC 4231, test case 2.
        let (key, body) = (secret("Jefe"), b"what do ya want for nothing?");
        let short = BodySignature::sha256(key.clone());
        assert_eq!(
            short.sign(body),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = BodySignature::sha512(key).prefix("sha512=");
        let value = long.sign(body);
        assert!(value.starts_with("sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6"));
        assert_eq!(long.verify(value.as_bytes(), body).unwrap(), 0);
        assert_eq!(
            short.verify(long.sign(body).as_bytes(), body).unwrap_err().reason(),
            Reason::MalformedCredential
        );
    }

    #[test]
    fn the_proof_names_the_secret() {
        let list = [secret("a"), secret("b"), secret("b"), secret("c")];
        let signature = BodySignature::sha256(list);
        for (text, index) in [("a", 0), ("b", 1), ("c", 3)] {
            let value = BodySignature::sha256(secret(text)).sign(b"body");
            assert_eq!(signature.verify(value.as_bytes(), b"body").unwrap(), index, "{text}");
        }
        let other = BodySignature::sha256(secret("d")).sign(b"body");
        assert_eq!(
            signature.verify(other.as_bytes(), b"body").unwrap_err().reason(),
            Reason::Mismatch
        );
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!("{:?}", BodySignature::sha256([secret("MARK"), secret("MARK2")]));
        assert_eq!(shown, r#"BodySignature { algorithm: "HMAC-SHA256", prefix: "", secrets: 2 }"#);
    }
}
