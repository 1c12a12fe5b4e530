//! Signatures over the exact bytes of a body.

use std::fmt;
use std::sync::Arc;

use ::hmac::digest::Output;
use ::hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};
use subtle::Choice;

use super::account::{AccountSecrets, Whose};
use super::compare::{equal, first_equal};
use super::member::{AccountMembers, BodyMembers};
use super::place::NamedHeader;
use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Refusal};
use crate::request::{Head, Request};
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
        Self { keys: Keys::Sha256(prepare_sha256(&secrets.into())), prefix: "" }
    }

    /// HMAC-SHA512: 128 hexadecimal digits.
    pub fn sha512(secrets: impl Into<Secrets>) -> Self {
        Self { keys: Keys::Sha512(prepare_sha512(&secrets.into())), prefix: "" }
    }

    /// With a prefix before the digits, which must be there exactly once and
    /// match exactly.
    #[must_use]
    pub fn prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Checks a signature as received, and returns the index of the secret that
    /// made it, counted from zero.
    ///
    /// The whole tag is compared with that of every secret, in constant time;
    /// nothing is allocated.
    ///
    /// # Errors
    ///
    /// `malformed_credential` when the value is not the prefix followed by all
    /// digits of the tag, `mismatch` when no secret made it.
    pub fn verify(&self, value: &[u8], body: &[u8]) -> Result<usize, Refusal> {
        let secret = self.matching(value, body)?;
        usize::try_from(secret).map_err(|_| Cause::WrongSignature.into())
    }

    /// The value that a gateway would send with the first secret.
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
            return Err(Cause::Prefix.into());
        };
        match &self.keys {
            Keys::Sha256(keys) => {
                let claimed = hex::decode(digits).ok_or(Cause::NotHex64)?;
                matching::<_, 32>(keys, &[body], &[claimed]).ok_or(Cause::WrongSignature.into())
            }
            Keys::Sha512(keys) => {
                let claimed = hex::decode(digits).ok_or(Cause::NotHex128)?;
                matching::<_, 64>(keys, &[body], &[claimed]).ok_or(Cause::WrongSignature.into())
            }
        }
    }
}

/// The key schedules of secrets. Not generic, so that hashing is compiled in this crate and
/// not in the one that has the secrets.
pub(super) fn prepare_sha256(secrets: &Secrets) -> Arc<[Hmac<Sha256>]> {
    prepare(secrets)
}

fn prepare_sha512(secrets: &Secrets) -> Arc<[Hmac<Sha512>]> {
    prepare(secrets)
}

fn prepare<M: KeyInit>(secrets: &Secrets) -> Arc<[M]> {
    // An HMAC takes keys of any length.
    secrets.iter().filter_map(|secret| M::new_from_slice(secret.expose()).ok()).collect()
}

/// The tag of a text in pieces, so that nothing is copied to sign more than a
/// body.
fn tag<M: Mac + Clone>(key: &M, pieces: &[&[u8]]) -> Output<M> {
    let mut mac = key.clone();
    pieces.iter().for_each(|piece| mac.update(piece));
    mac.finalize().into_bytes()
}

/// The tag that the first key makes of a text in pieces.
pub(super) fn sign<M: Mac + Clone>(keys: &[M], pieces: &[&[u8]]) -> Vec<u8> {
    keys.first().map(|key| tag(key, pieces).to_vec()).unwrap_or_default()
}

/// The index of the first key that makes one of these tags of a text in pieces;
/// every key is tried against every tag.
pub(super) fn matching<M: Mac + Clone, const N: usize>(
    keys: &[M],
    pieces: &[&[u8]],
    claimed: &[[u8; N]],
) -> Option<u32> {
    let one_of = |tag: Output<M>| {
        let comparisons = claimed.iter().map(|claimed| equal(&tag, claimed));
        comparisons.fold(Choice::from(0), |found, equal| found | equal)
    };
    first_equal(keys.iter().map(|key| one_of(tag(key, pieces)))).into()
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

/// A [`BodySignature`] in a header of its own.
#[derive(Clone, Debug)]
pub(crate) struct SignedBody {
    header: NamedHeader,
    signature: Whose<BodySignature>,
}

impl SignedBody {
    pub(crate) fn new(header: NamedHeader, signature: BodySignature) -> Self {
        let header = header.form(signature.prefix);
        Self { header, signature: Whose::Everyones(signature) }
    }

    /// With secrets that are valid for their own account only.
    pub(crate) fn per_account(
        header: NamedHeader,
        account: &'static AccountMembers,
        secrets: &AccountSecrets,
        make: impl Fn(Secrets) -> BodySignature,
    ) -> Self {
        let signature = Whose::each(account, secrets, Cause::SignatureOfAnother, |secrets| {
            make(secrets.clone())
        });
        let form = signature.any().map_or("", |signature| signature.prefix);
        Self { header: header.form(form), signature }
    }
}

impl Check for SignedBody {
    fn mechanism(&self) -> Mechanism {
        Mechanism::Secrets
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        self.header.sole(head).map(|_| None)
    }

    fn members(&self) -> Vec<&'static str> {
        self.signature.members()
    }

    fn verify(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Satisfied, Refusal> {
        let value = self.header.sole(request.head())?;
        let matching = |signature: &BodySignature| signature.matching(value, request.body());
        let (secret, account) = self.signature.verify(members, self.header.subject(), matching)?;
        Ok(Satisfied::by_secret(Mechanism::Secrets, secret).of(account))
    }
}

#[cfg(test)]
mod tests {
    use super::super::refusal::Reason;
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
    fn a_tag_may_be_there_twice() {
        let keys: Arc<[Hmac<Sha256>]> = prepare(&Secrets::from([secret("a"), secret("b")]));
        let right: [u8; 32] = sign(&keys[1..], &[b"body"]).try_into().unwrap();
        for claimed in [&[right][..], &[right, right], &[[0; 32], right, right, [1; 32]]] {
            assert_eq!(matching(&keys, &[b"bo", b"dy"], claimed), Some(1));
        }
        assert_eq!(matching(&keys, &[b"body"], &[[0; 32], [1; 32]]), None);
        assert_eq!(matching::<_, 32>(&keys, &[b"body"], &[]), None);
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!("{:?}", BodySignature::sha256([secret("MARK"), secret("MARK2")]));
        assert_eq!(shown, r#"BodySignature { algorithm: "HMAC-SHA256", prefix: "", secrets: 2 }"#);
    }
}
