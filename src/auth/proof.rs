//! What a request proved itself by.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// How a delivery was authenticated: every mechanism that held, and which of
/// several secrets it was.
///
/// Serialises as `{"by": ["secrets"], "secret": 0}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    // There is always one, so the usual proof needs no allocation.
    first: Satisfied,
    others: Vec<Satisfied>,
}

/// One mechanism that held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Satisfied {
    way: Way,
    secret: Option<u32>,
}

impl Satisfied {
    /// A mechanism without secrets of its own.
    pub(crate) fn by(way: Way) -> Self {
        Self { way, secret: None }
    }

    /// A mechanism and the place of the secret in the configured list.
    pub(crate) fn by_secret(way: Way, secret: u32) -> Self {
        Self { way, secret: Some(secret) }
    }
}

/// A way for a request to prove itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// `secrets`: a signature over the body, made with a shared secret.
    Secrets,
    /// `F0`: a signature over the body, `sha256=<digits>` (Zavu's first
    /// generation). Nothing signed tells when it was made.
    F0,
    /// `F1`: a signature over the body beside a time that it does not cover,
    /// `t=<seconds>,v1=<digits>` (Zavu). Whoever saw it can give it another
    /// time.
    F1,
    /// `F2`: a signature over time and body, `t=<seconds>,v2=<digits>` (Zavu).
    F2,
    /// `F1'`: a signature over time and body that is called `v1`, as one page
    /// of Zavu's documentation has it.
    F1Timestamped,
    /// `networks`: the request came from a configured network.
    Networks,
    /// `none`: authentication was switched off, explicitly.
    None,
    /// `trusted`: the body was handed over as already trusted, from a queue
    /// or a log.
    Trusted,
}

impl Way {
    const ALL: [Self; 8] = [
        Self::Secrets,
        Self::F0,
        Self::F1,
        Self::F2,
        Self::F1Timestamped,
        Self::Networks,
        Self::None,
        Self::Trusted,
    ];

    /// Whether one of several secrets decides.
    fn has_secrets(self) -> bool {
        matches!(self, Self::Secrets | Self::F0 | Self::F1 | Self::F2 | Self::F1Timestamped)
    }

    /// The way as one word, as in logs and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::F0 => "F0",
            Self::F1 => "F1",
            Self::F2 => "F2",
            Self::F1Timestamped => "F1'",
            Self::Networks => "networks",
            Self::None => "none",
            Self::Trusted => "trusted",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Proof {
    pub(crate) fn new(first: Satisfied) -> Self {
        Self { first, others: Vec::new() }
    }

    /// The proof of a body that somebody vouches for.
    pub(crate) fn trusted() -> Self {
        Self::new(Satisfied::by(Way::Trusted))
    }

    pub(crate) fn and(&mut self, other: Satisfied) {
        self.others.push(other);
    }

    /// The ways that held, in the order of the policy; at least one.
    pub fn by(&self) -> impl Iterator<Item = Way> {
        self.all().map(|satisfied| satisfied.way)
    }

    /// Which secret matched, counted from zero in the order given to the
    /// policy. `None` when no mechanism with secrets is part of the proof;
    /// the first one when several are.
    pub fn secret(&self) -> Option<usize> {
        self.all().find_map(|satisfied| satisfied.secret).and_then(|secret| secret.try_into().ok())
    }

    fn all(&self) -> impl Iterator<Item = &Satisfied> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Serialize for Proof {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let by: Vec<&str> = self.by().map(Way::as_str).collect();
        let mut proof = serializer.serialize_struct("Proof", 2)?;
        proof.serialize_field("by", &by)?;
        proof.serialize_field("secret", &self.secret())?;
        proof.end()
    }
}

impl<'de> Deserialize<'de> for Proof {
    /// A word that this version does not know reads as `trusted`: whoever
    /// hands over the proof vouches for it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Written {
            by: Vec<String>,
            secret: Option<u32>,
        }

        let written = Written::deserialize(deserializer)?;
        let mut ways = written.by.iter().map(|word| {
            Way::ALL.into_iter().find(|way| way.as_str() == word).unwrap_or(Way::Trusted)
        });
        let mut secret = written.secret;
        let mut satisfied = |way: Way| {
            let secret = if way.has_secrets() { secret.take() } else { None };
            Satisfied { way, secret }
        };
        let first = ways.next().unwrap_or(Way::Trusted);
        let mut proof = Self::new(satisfied(first));
        ways.for_each(|way| proof.and(satisfied(way)));
        Ok(proof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_written_and_read() {
        let mut proof = Proof::new(Satisfied::by_secret(Way::Secrets, 1));
        proof.and(Satisfied::by(Way::Networks));
        let json = serde_json::to_string(&proof).unwrap();
        assert_eq!(json, r#"{"by":["secrets","networks"],"secret":1}"#);
        assert_eq!(serde_json::from_str::<Proof>(&json).unwrap(), proof);
        assert_eq!(proof.secret(), Some(1));

        let mut proof = Proof::new(Satisfied::by(Way::Networks));
        proof.and(Satisfied::by_secret(Way::Secrets, 2));
        let json = serde_json::to_string(&proof).unwrap();
        assert_eq!(serde_json::from_str::<Proof>(&json).unwrap(), proof);
        assert_eq!(proof.secret(), Some(2));

        let newer: Proof = serde_json::from_str(r#"{"by":["quantum"],"secret":null}"#).unwrap();
        assert_eq!(newer, Proof::trusted());
    }

    #[test]
    fn every_way_has_its_word() {
        let mut words: Vec<_> = Way::ALL.iter().map(|way| way.as_str()).collect();
        words.dedup();
        assert_eq!(words.len(), Way::ALL.len());
    }
}
