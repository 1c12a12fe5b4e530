//! How a request was authenticated.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// How a delivery was authenticated: every mechanism that held, which of several
/// secrets matched, and for which account the proof is valid.
///
/// Serialises as `{"by": ["secrets"], "secret": 0}`. When several mechanisms
/// have secrets of their own, `secrets` lists them beside `by`, as in
/// `{"by": ["jwt", "networks", "apikey"], "secret": 0, "secrets": [0, null, 1]}`.
/// `account` is there when the secret is that of one account.
#[derive(Clone, Debug)]
pub struct Proof {
    // There is always one, so the usual proof needs no allocation.
    first: Held,
    others: Vec<Held>,
    account: Option<Arc<str>>,
    issued_at: Option<DateTime<Utc>>,
}

/// Whether both say the same about how a delivery was authenticated. When its token was
/// issued is about this delivery only, and is not written.
impl PartialEq for Proof {
    fn eq(&self, other: &Self) -> bool {
        (&self.first, &self.others, &self.account) == (&other.first, &other.others, &other.account)
    }
}

impl Eq for Proof {}

/// One mechanism that held, and for which account, if not for every one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Satisfied {
    held: Held,
    account: Option<Arc<str>>,
    issued_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    mechanism: Mechanism,
    secret: Option<u32>,
}

impl Satisfied {
    /// A mechanism without secrets of its own.
    pub(crate) fn by(mechanism: Mechanism) -> Self {
        Self { held: Held { mechanism, secret: None }, account: None, issued_at: None }
    }

    /// A mechanism and the index of the secret in the configured list.
    pub(crate) fn by_secret(mechanism: Mechanism, secret: u32) -> Self {
        Self { held: Held { mechanism, secret: Some(secret) }, ..Self::by(mechanism) }
    }

    /// With the account whose secret it was, if it is one account's.
    pub(crate) fn of(self, account: Option<Arc<str>>) -> Self {
        Self { account, ..self }
    }

    /// With the time at which the token was issued, in seconds since 1970.
    pub(crate) fn issued_at(self, seconds: u64) -> Self {
        let seconds = i64::try_from(seconds).ok();
        Self { issued_at: seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)), ..self }
    }
}

/// Declares the mechanisms with their names, and whether each has secrets to
/// choose from.
macro_rules! mechanisms {
    ($($(#[$doc:meta])* $word:literal $Mechanism:ident $($secrets:ident)?,)+) => {
        /// How a request was authenticated.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Mechanism {
            $(
                #[doc = concat!("`", $word, "`:")]
                $(#[$doc])*
                $Mechanism,
            )+
        }

        impl Mechanism {
            const ALL: &[Self] = &[$(Self::$Mechanism),+];

            /// Whether it has secrets to choose from.
            fn has_secrets(self) -> bool {
                match self {
                    $(Self::$Mechanism => mechanisms!(@ $($secrets)?),)+
                }
            }

            /// The mechanism as one word, for logs and metrics.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Mechanism => $word,)+
                }
            }
        }
    };
    (@) => { false };
    (@ secrets) => { true };
}

mechanisms! {
    /// a signature over the body, made with a shared secret.
    "secrets" Secrets secrets,
    /// Zavu's first signature form, over the body, without a time.
    "F0" F0 secrets,
    /// Zavu's `v1`, over the body. The time beside it is not signed.
    "F1" F1 secrets,
    /// Zavu's `v2`, over the time and the body.
    "F2" F2 secrets,
    /// Zavu's `v1` as its documentation once described it, over the time and
    /// the body.
    "F1'" F1Timestamped secrets,
    /// a token of the account that the body names, or one of a list of
    /// tokens.
    "tokens" Tokens secrets,
    /// a token in the query.
    "query" Query secrets,
    /// a token as the last segment of the path.
    "path" Path secrets,
    /// a token in a header of its own.
    "header" Header secrets,
    /// a JSON Web Token in `Authorization`.
    "jwt" Jwt secrets,
    /// a user and a password in `Authorization`.
    "basic" Basic secrets,
    /// the instance's key in the body.
    "apikey" ApiKey secrets,
    /// the instance's token in the body.
    "instance_token" InstanceToken secrets,
    /// the body is from an accepted instance. That alone proves nothing.
    "instances" Instances,
    /// the request came from a configured network.
    "networks" Networks,
    /// authentication was explicitly switched off.
    "none" None,
    /// the body was handed over as already trusted, from a queue or a log.
    "trusted" Trusted,
    /// a stored delivery was authenticated in a way that this version does not
    /// know. Whoever stored it vouches for it.
    "unknown" Unknown,
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Proof {
    pub(crate) fn new(first: Satisfied) -> Self {
        let Satisfied { held, account, issued_at } = first;
        Self { first: held, others: Vec::new(), account, issued_at }
    }

    /// The proof of a body that the caller vouches for.
    pub(crate) fn trusted() -> Self {
        Self::new(Satisfied::by(Mechanism::Trusted))
    }

    pub(crate) fn and(&mut self, other: Satisfied) {
        self.others.push(other.held);
        // They all read it from the same body.
        self.account = self.account.take().or(other.account);
        // There is one token in a request.
        self.issued_at = self.issued_at.or(other.issued_at);
    }

    /// The account whose secret or token it was. `None` when the policy has
    /// secrets that are valid for every account.
    ///
    /// It is the [`account`](crate::Delivery::account) of the delivery: one of
    /// another account is refused.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The mechanisms that held, in the order of the policy; at least one.
    pub fn by(&self) -> impl Iterator<Item = Mechanism> {
        self.all().map(|satisfied| satisfied.mechanism)
    }

    /// Which secret matched, counted from zero in the order given to the
    /// policy, or given for the [`account`](Self::account). `None` when no mechanism with secrets is part of the proof; with
    /// several such mechanisms, the secret of the first.
    pub fn secret(&self) -> Option<usize> {
        self.all().find_map(|satisfied| satisfied.secret).and_then(|secret| secret.try_into().ok())
    }

    /// Which secret matched in this mechanism, counted from zero in the order
    /// given to the policy. `None` when the mechanism has no secrets or is not
    /// part of the proof; if it is part of it twice, the secret of the first.
    pub fn secret_of(&self, mechanism: Mechanism) -> Option<usize> {
        self.all()
            .filter(|satisfied| satisfied.mechanism == mechanism)
            .find_map(|satisfied| satisfied.secret)
            .and_then(|secret| secret.try_into().ok())
    }

    /// When the token that held was issued, by the clock of whoever made it; `None` where
    /// there is none, and for what was stored meanwhile.
    pub(crate) fn issued_at(&self) -> Option<DateTime<Utc>> {
        self.issued_at
    }

    /// Whether this version knows every mechanism of it.
    pub(crate) fn is_known(&self) -> bool {
        self.by().all(|mechanism| mechanism != Mechanism::Unknown)
    }

    fn all(&self) -> impl Iterator<Item = &Held> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The proof from its serialised form; without the list of all secrets, the
    /// one given belongs to the first mechanism that has secrets.
    fn written(
        by: impl IntoIterator<Item = Mechanism>,
        secret: Option<u32>,
        secrets: Option<&[Option<u32>]>,
    ) -> Self {
        let mut one = secret;
        let mut all = secrets.unwrap_or_default().iter().copied();
        let mut satisfied = by.into_iter().map(|mechanism| {
            let secret = match secrets {
                Some(_) => all.next().flatten(),
                None if mechanism.has_secrets() => one.take(),
                None => None,
            };
            Held { mechanism, secret }
        });
        let first =
            satisfied.next().unwrap_or(Held { mechanism: Mechanism::Trusted, secret: None });
        Self { first, others: satisfied.collect(), account: None, issued_at: None }
    }
}

impl Serialize for Proof {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let by: Vec<&str> = self.by().map(Mechanism::as_str).collect();
        let secrets: Vec<Option<u32>> = self.all().map(|satisfied| satisfied.secret).collect();
        let secret = secrets.iter().copied().find_map(|secret| secret);
        let again = Self::written(self.by(), secret, None);
        let short = again.all().eq(self.all());
        let fields = [!short, self.account.is_some()].iter().filter(|there| **there).count();
        let mut proof = serializer.serialize_struct("Proof", fields.saturating_add(2))?;
        proof.serialize_field("by", &by)?;
        proof.serialize_field("secret", &secret)?;
        if !short {
            proof.serialize_field("secrets", &secrets)?;
        }
        if let Some(account) = self.account() {
            proof.serialize_field("account", account)?;
        }
        proof.end()
    }
}

impl<'de> Deserialize<'de> for Proof {
    /// A word that this version does not know is read as `unknown`: whoever
    /// supplies the proof vouches for it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Written {
            by: Vec<String>,
            secret: Option<u32>,
            secrets: Option<Vec<Option<u32>>>,
            account: Option<String>,
        }

        let Written { by, secret, secrets, account } = Written::deserialize(deserializer)?;
        let known = |word: &String| {
            Mechanism::ALL.iter().copied().find(|mechanism| mechanism.as_str() == word)
        };
        let by = by.iter().map(|word| known(word).unwrap_or(Mechanism::Unknown));
        let account = account.map(Arc::from);
        Ok(Self { account, ..Self::written(by, secret, secrets.as_deref()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_written_and_read() {
        let mut proof = Proof::new(Satisfied::by_secret(Mechanism::Secrets, 1));
        proof.and(Satisfied::by(Mechanism::Networks));
        let json = serde_json::to_string(&proof).unwrap();
        assert_eq!(json, r#"{"by":["secrets","networks"],"secret":1}"#);
        assert_eq!(serde_json::from_str::<Proof>(&json).unwrap(), proof);
        assert_eq!(proof.secret(), Some(1));

        let mut proof = Proof::new(Satisfied::by(Mechanism::Networks));
        proof.and(Satisfied::by_secret(Mechanism::Secrets, 2));
        let json = serde_json::to_string(&proof).unwrap();
        assert_eq!(serde_json::from_str::<Proof>(&json).unwrap(), proof);
        assert_eq!(proof.secret(), Some(2));

        let bound = Satisfied::by_secret(Mechanism::Secrets, 0).of(Some("33".into()));
        let json = serde_json::to_string(&Proof::new(bound)).unwrap();
        assert_eq!(json, r#"{"by":["secrets"],"secret":0,"account":"33"}"#);
        assert_eq!(serde_json::from_str::<Proof>(&json).unwrap().account(), Some("33"));

        let newer: Proof = serde_json::from_str(r#"{"by":["quantum"],"secret":null}"#).unwrap();
        assert_eq!(newer.by().collect::<Vec<_>>(), [Mechanism::Unknown]);
        assert!(!newer.is_known() && Proof::trusted().is_known());
    }

    #[test]
    fn when_a_token_was_issued_is_known_but_not_written() {
        let mut proof = Proof::new(Satisfied::by(Mechanism::Networks));
        proof.and(Satisfied::by_secret(Mechanism::Jwt, 1).issued_at(1_705_312_500));
        proof.and(Satisfied::by(Mechanism::Instances));
        assert_eq!(proof.issued_at(), DateTime::from_timestamp(1_705_312_500, 0));
        assert_eq!(Satisfied::by(Mechanism::Jwt).issued_at(u64::MAX).issued_at, None);

        let json = serde_json::to_string(&proof).unwrap();
        assert_eq!(json, r#"{"by":["networks","jwt","instances"],"secret":1}"#);
        let read: Proof = serde_json::from_str(&json).unwrap();
        assert_eq!((read.issued_at(), &read), (None, &proof));
        let mut other = Proof::new(Satisfied::by(Mechanism::Networks));
        other.and(Satisfied::by_secret(Mechanism::Jwt, 0).issued_at(1_705_312_500));
        other.and(Satisfied::by(Mechanism::Instances));
        assert_ne!(other, proof);
    }

    #[test]
    fn several_secrets_are_written_when_there_are_several() {
        let several = |list: &[(Mechanism, Option<u32>)]| {
            let mut all = list
                .iter()
                .map(|(mechanism, secret)| Held { mechanism: *mechanism, secret: *secret });
            Proof { first: all.next().unwrap(), others: all.collect(), ..Proof::trusted() }
        };
        for (list, json) in [
            (
                &[
                    (Mechanism::Jwt, Some(1)),
                    (Mechanism::Networks, None),
                    (Mechanism::ApiKey, Some(0)),
                ][..],
                r#"{"by":["jwt","networks","apikey"],"secret":1,"secrets":[1,null,0]}"#,
            ),
            (
                &[(Mechanism::Query, Some(0)), (Mechanism::Query, Some(2))],
                r#"{"by":["query","query"],"secret":0,"secrets":[0,2]}"#,
            ),
            (
                &[(Mechanism::Instances, None), (Mechanism::F1Timestamped, Some(3))],
                r#"{"by":["instances","F1'"],"secret":3}"#,
            ),
            (&[(Mechanism::None, None)], r#"{"by":["none"],"secret":null}"#),
        ] {
            let proof = several(list);
            assert_eq!(serde_json::to_string(&proof).unwrap(), json);
            assert_eq!(serde_json::from_str::<Proof>(json).unwrap(), proof);
            for (mechanism, secret) in list {
                let first =
                    list.iter().find(|(other, _)| other == mechanism).map(|(_, secret)| *secret);
                let secret = first.unwrap_or(*secret).map(|secret| secret as usize);
                assert_eq!(proof.secret_of(*mechanism), secret);
            }
        }
        assert_eq!(Proof::trusted().secret_of(Mechanism::Secrets), None);

        // Lists that do not fit are read as far as they go.
        for json in [
            r#"{"by":["jwt","query"],"secret":1,"secrets":[1]}"#,
            r#"{"by":["jwt","query"],"secret":1,"secrets":[1,null,5]}"#,
        ] {
            let proof: Proof = serde_json::from_str(json).unwrap();
            assert_eq!((proof.secret(), proof.secret_of(Mechanism::Query)), (Some(1), None));
        }
    }

    proptest::proptest! {
        #[test]
        fn every_proof_is_read_as_it_was_written(
            list in proptest::collection::vec(
                (0..Mechanism::ALL.len(), proptest::option::of(0_u32..4)), 1..5),
            account in proptest::option::of(".*"),
        ) {
            let mut all = list.iter().map(|(mechanism, secret)| Held {
                mechanism: Mechanism::ALL[*mechanism],
                secret: *secret,
            });
            let account = account.map(Arc::from);
            let proof = Proof {
                first: all.next().unwrap(),
                others: all.collect(),
                account,
                issued_at: None,
            };
            let json = serde_json::to_string(&proof).unwrap();
            proptest::prop_assert_eq!(serde_json::from_str::<Proof>(&json).unwrap(), proof);
        }
    }

    #[test]
    fn every_way_has_its_word() {
        let mut words: Vec<_> = Mechanism::ALL.iter().map(|mechanism| mechanism.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Mechanism::ALL.len());
    }
}
