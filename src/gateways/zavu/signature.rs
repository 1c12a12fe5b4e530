//! How Zavu signs its events.
//!
//! The secret is used whole (`whsec_…`, prefix included). The header is
//! `sha256=<digits>`, or parts separated by commas: one time `t`, tags `v1`
//! and `v2`, and whatever is added one day.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderName;
use serde::Deserialize;

use crate::auth::{Mechanism, Reason, Refusal, Satisfied, Sha256Keys, Way, signature_header};
use crate::request::{Head, Request};
use crate::secret::Secrets;
use crate::wire::hex;
use crate::wire::json::read_repaired;
use crate::wire::time::millis;

/// The forms that Zavu's signature has, for [`Zavu::sign_as`](super::Zavu::sign_as).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// `sha256=<digits>` over the body: the first generation.
    F0,
    /// `t=<seconds>,v1=<digits>` over the body alone: webhooks made before
    /// August 2026, until they are moved.
    F1,
    /// `t=<seconds>,v2=<digits>` over `<t>.<body>`: new webhooks, and API v2.
    F2,
    /// `t=<seconds>,v1=<digits>,v2=<digits>`, each as above: webhooks on
    /// their way from one to the other.
    F1AndF2,
    /// `t=<seconds>,v1=<digits>` over `<t>.<body>`, as one page of the
    /// documentation has it and nobody has seen.
    F1Timestamped,
}

/// A signature of any form, and how old it may be.
#[derive(Clone, Debug)]
pub(super) struct Signature {
    pub(super) keys: Sha256Keys,
    pub(super) require_v2: bool,
    pub(super) accept_timestamped_v1: bool,
    pub(super) limits: Limits,
    /// For the forms whose time is not signed.
    pub(super) max_body_age: Option<Duration>,
}

/// How far a time may be from that of receipt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) max_age: Duration,
    pub(super) max_ahead: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_age: Duration::from_secs(300), max_ahead: Duration::from_secs(60) }
    }
}

impl Limits {
    /// Whether a time passes that was so much before the receipt, or after it.
    fn check(self, distance: Duration, is_past: bool) -> Result<(), Refusal> {
        match is_past {
            true if distance > self.max_age => {
                Err(Refusal::new(Reason::Stale, "it was signed too long ago"))
            }
            false if distance > self.max_ahead => {
                Err(Refusal::new(Reason::TooFarAhead, "its time is too far in the future"))
            }
            _ => Ok(()),
        }
    }

    fn check_seconds(self, at: i64, now: DateTime<Utc>) -> Result<(), Refusal> {
        let now = now.timestamp();
        self.check(Duration::from_secs(now.abs_diff(at)), at <= now)
    }

    pub(super) fn check_time(self, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let (at, now) = (at.timestamp_millis(), now.timestamp_millis());
        self.check(Duration::from_millis(now.abs_diff(at)), at <= now)
    }
}

impl Signature {
    pub(super) fn new(secrets: impl Into<Secrets>) -> Self {
        Self {
            keys: Sha256Keys::new(&secrets.into()),
            require_v2: false,
            accept_timestamped_v1: false,
            limits: Limits::default(),
            max_body_age: None,
        }
    }

    pub(super) fn sign(&self, form: Form, at: DateTime<Utc>, body: &[u8]) -> String {
        let time = at.timestamp().max(0).to_string();
        let over_body = || self.keys.sign(&[body]);
        let over_both = || self.keys.sign(&[time.as_bytes(), b".", body]);
        match form {
            Form::F0 => format!("sha256={}", over_body()),
            Form::F1 => format!("t={time},v1={}", over_body()),
            Form::F2 => format!("t={time},v2={}", over_both()),
            Form::F1AndF2 => format!("t={time},v1={},v2={}", over_body(), over_both()),
            Form::F1Timestamped => format!("t={time},v1={}", over_both()),
        }
    }

    /// What the head claims, as far as this policy is willing to look at it.
    fn claim<'a>(&self, head: &Head<'a>) -> Result<Claim<'a>, Refusal> {
        let claim = Claim::parse(signature_header(head, &super::Zavu::SIGNATURE_HEADER)?)?;
        if self.require_v2 && !claim.has_v2() {
            return Err(Refusal::new(
                Reason::MissingCredential,
                "the signature has no v2, which is required",
            ));
        }
        Ok(claim)
    }

    /// The age by the one time that a signature over the body alone covers:
    /// the body's own.
    fn check_body(&self, request: &Request<'_>) -> Result<(), Refusal> {
        #[derive(Deserialize)]
        struct Dispatched {
            #[serde(default, with = "millis")]
            timestamp: Option<DateTime<Utc>>,
        }

        let Some(max_age) = self.max_body_age else { return Ok(()) };
        let text = std::str::from_utf8(request.body()).ok();
        let dispatched = text.and_then(|text| read_repaired::<Dispatched>(text).ok());
        let at = dispatched.and_then(|dispatched| dispatched.timestamp);
        let at = at.ok_or(Refusal::new(Reason::Stale, "the body does not tell its age"))?;
        Limits { max_age, ..self.limits }.check_time(at, request.received_at())
    }
}

impl Mechanism for Signature {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        let Claim::Timed(timed) = self.claim(head)? else { return Ok(()) };
        // What is too far ahead now may not be so when the body is there.
        let now = head.received_at_if_set().unwrap_or_else(Utc::now);
        let limits = Limits { max_ahead: Duration::MAX, ..self.limits };
        limits.check_seconds(timed.seconds, now)
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        let body = &request.body()[..];
        let timed = match self.claim(request.head())? {
            Claim::Body(claimed) => {
                let secret = self.keys.matching(&[body], &[claimed])?;
                self.check_body(request)?;
                return Ok(Satisfied::by_secret(Way::F0, secret));
            }
            Claim::Timed(timed) => timed,
        };
        self.limits.check_seconds(timed.seconds, request.received_at())?;
        let both = [timed.time, b".", body];

        // A `v2` that is there decides: with a wrong one beside a right `v1`
        // somebody has been at it.
        if !timed.v2.is_empty() {
            let secret = self.keys.matching(&both, timed.v2.as_slice())?;
            return Ok(Satisfied::by_secret(Way::F2, secret));
        }
        let over_body = self.keys.matching(&[body], timed.v1.as_slice());
        let over_both = self
            .accept_timestamped_v1
            .then(|| self.keys.matching(&both, timed.v1.as_slice()));
        match (over_body, over_both) {
            (Ok(secret), _) => {
                self.check_body(request)?;
                Ok(Satisfied::by_secret(Way::F1, secret))
            }
            (_, Some(Ok(secret))) => Ok(Satisfied::by_secret(Way::F1Timestamped, secret)),
            (Err(refusal), _) => Err(refusal),
        }
    }
}

/// The header's value, taken apart.
enum Claim<'a> {
    Body([u8; 32]),
    Timed(Timed<'a>),
}

struct Timed<'a> {
    /// The time as it is signed.
    time: &'a [u8],
    seconds: i64,
    v1: Tags,
    v2: Tags,
}

/// How many parts a header may have.
const MOST_PARTS: usize = 8;

/// How many digits a time may have; seconds have ten.
const MOST_DIGITS: usize = 12;

#[derive(Default)]
struct Tags {
    list: [[u8; 32]; MOST_PARTS],
    count: usize,
}

impl Tags {
    fn push(&mut self, digits: &[u8]) -> Result<(), Refusal> {
        // There are no more of them than parts.
        if let Some(place) = self.list.get_mut(self.count) {
            *place = decode(digits)?;
            self.count = self.count.saturating_add(1);
        }
        Ok(())
    }

    fn as_slice(&self) -> &[[u8; 32]] {
        self.list.get(..self.count).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

const fn malformed(detail: &'static str) -> Refusal {
    Refusal::new(Reason::MalformedCredential, detail)
}

fn decode(digits: &[u8]) -> Result<[u8; 32], Refusal> {
    hex::decode(digits).ok_or(malformed("the signature is not 64 hexadecimal digits"))
}

impl<'a> Claim<'a> {
    fn parse(value: &'a [u8]) -> Result<Self, Refusal> {
        if let Some(digits) = value.strip_prefix(b"sha256=") {
            return decode(digits).map(Self::Body);
        }
        if !value.contains(&b'=') {
            return Err(malformed("the signature is that of a tool call, or of nothing"));
        }
        let (mut time, mut v1, mut v2) = (None, Tags::default(), Tags::default());
        for (index, part) in value.split(|byte| *byte == b',').enumerate() {
            if index >= MOST_PARTS {
                return Err(malformed("the signature has more than eight parts"));
            }
            let (name, value) = name_and_value(part);
            if name.eq_ignore_ascii_case(b"t") {
                if time.is_some_and(|time| time != value) {
                    return Err(Refusal::new(
                        Reason::AmbiguousCredential,
                        "the signature names two times",
                    ));
                }
                time = Some(value);
            } else if name.eq_ignore_ascii_case(b"v1") {
                v1.push(value)?;
            } else if name.eq_ignore_ascii_case(b"v2") {
                v2.push(value)?;
            }
        }
        let time = time.ok_or(malformed("the signature names no time"))?;
        let seconds = seconds(time).ok_or(malformed("the signature's time is no number"))?;
        if v1.is_empty() && v2.is_empty() {
            return Err(malformed("the signature has neither v1 nor v2"));
        }
        Ok(Self::Timed(Timed { time, seconds, v1, v2 }))
    }

    fn has_v2(&self) -> bool {
        match self {
            Self::Body(_) => false,
            Self::Timed(timed) => !timed.v2.is_empty(),
        }
    }
}

/// A part, split at its first `=`; blanks may stand around it.
fn name_and_value(mut part: &[u8]) -> (&[u8], &[u8]) {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = part {
        part = rest;
    }
    let mut sides = part.splitn(2, |byte| *byte == b'=');
    (sides.next().unwrap_or_default(), sides.next().unwrap_or_default())
}

/// A whole number of seconds in its one spelling.
fn seconds(digits: &[u8]) -> Option<i64> {
    let plain = digits.iter().all(u8::is_ascii_digit);
    let padded = digits.len() > 1 && digits.first() == Some(&b'0');
    if !plain || padded || digits.len() > MOST_DIGITS {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The header that carries the signature.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-zavu-signature");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_up_to_twelve_digits() {
        for (text, number) in
            [("0", 0), ("1705312500", 1_705_312_500), ("999999999999", 999_999_999_999)]
        {
            assert_eq!(seconds(text.as_bytes()), Some(number), "{text}");
        }
        let four_hundred = "4".repeat(400);
        for text in [
            "",
            "-1",
            "+1",
            "1e9",
            "01700000000",
            "00",
            " 1700000000",
            "1700000000 ",
            "1700000000.0",
            "1705312500000",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "١٧",
            &four_hundred,
        ] {
            assert_eq!(seconds(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn parts_are_split_at_the_first_sign() {
        for (part, name, value) in [
            ("t=1", "t", "1"),
            (" \tv1=a=b ", "v1", "a=b"),
            ("v3", "v3", ""),
            ("", "", ""),
            ("=", "", ""),
            ("  ", "", ""),
        ] {
            let expected = (name.as_bytes(), value.as_bytes());
            assert_eq!(name_and_value(part.as_bytes()), expected, "{part:?}");
        }
    }

    #[test]
    fn no_distance_overflows() {
        let limits = Limits::default();
        let ends = [DateTime::<Utc>::MIN_UTC, DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC];
        for now in ends {
            for at in [i64::MIN, -1, 0, 1, i64::MAX] {
                let _ = limits.check_seconds(at, now);
            }
            for at in ends {
                assert_eq!(limits.check_time(at, now).is_ok(), at == now, "{at} {now}");
            }
        }
    }
}
