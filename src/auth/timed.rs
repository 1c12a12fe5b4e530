//! Signatures beside a time, in one header (Zavu).
//!
//! The header is `sha256=<digits>` over the body; or parts separated by
//! commas: one time `t`, tags `v1` over the body and `v2` over `<t>.<body>`,
//! and whatever is added one day.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::hmac::Hmac;
use chrono::{DateTime, Utc};
use http::HeaderName;
use serde::Deserialize;
use sha2::Sha256;

use super::hmac::{MISMATCH, matching, prepare, sign};
use super::place::sole_header;
use super::policy::Mechanism;
use super::proof::{Satisfied, Way};
use super::refusal::{Reason, Refusal};
use crate::request::{Head, Request};
use crate::secret::Secrets;
use crate::wire::hex;
use crate::wire::json::read_repaired;
use crate::wire::time::millis;

/// A signature of any of these forms, and how old it may be.
#[derive(Clone)]
pub(crate) struct TimedSignature {
    header: HeaderName,
    keys: Arc<[Hmac<Sha256>]>,
    /// Whether only a signature will do that covers its time.
    pub(crate) require_v2: bool,
    /// Whether a `v1` may also have been made as a `v2` is.
    pub(crate) accept_timestamped_v1: bool,
    pub(crate) limits: Limits,
    /// How old the body may be by its own `timestamp`, in milliseconds, where
    /// the signature covers no time but that.
    pub(crate) max_body_age: Option<Duration>,
}

/// How far a time may be from that of receipt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_age: Duration,
    pub(crate) max_ahead: Duration,
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

    pub(crate) fn check_time(self, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let (at, now) = (at.timestamp_millis(), now.timestamp_millis());
        self.check(Duration::from_millis(now.abs_diff(at)), at <= now)
    }
}

impl TimedSignature {
    pub(crate) fn new(header: HeaderName, secrets: impl Into<Secrets>) -> Self {
        Self {
            header,
            keys: prepare(&secrets.into()),
            require_v2: false,
            accept_timestamped_v1: false,
            limits: Limits::default(),
            max_body_age: None,
        }
    }

    /// The digits that the first secret makes of a text in pieces.
    pub(crate) fn digits(&self, pieces: &[&[u8]]) -> String {
        let mut digits = String::with_capacity(64);
        hex::push(&mut digits, &sign(&self.keys, pieces));
        digits
    }

    fn matching(&self, pieces: &[&[u8]], claimed: &[[u8; 32]]) -> Result<u32, Refusal> {
        matching(&self.keys, pieces, claimed).ok_or(MISMATCH)
    }

    /// What the head claims, as far as this policy is willing to look at it.
    fn claim<'a>(&self, head: &Head<'a>) -> Result<Claim<'a>, Refusal> {
        let claim = Claim::parse(sole_header(head, &self.header)?)?;
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

impl fmt::Debug for TimedSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimedSignature")
            .field("secrets", &self.keys.len())
            .field("require_v2", &self.require_v2)
            .field("accept_timestamped_v1", &self.accept_timestamped_v1)
            .field("limits", &self.limits)
            .field("max_body_age", &self.max_body_age)
            .finish_non_exhaustive()
    }
}

impl Mechanism for TimedSignature {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        let Claim::Timed(timed) = self.claim(head)? else { return Ok(()) };
        // What is too far ahead now may not be so when the body is there.
        let limits = Limits { max_ahead: Duration::MAX, ..self.limits };
        limits.check_seconds(timed.seconds, head.time())
    }

    fn verify(&self, request: &Request<'_>) -> Result<Satisfied, Refusal> {
        let body = &request.body()[..];
        let timed = match self.claim(request.head())? {
            Claim::Body(claimed) => {
                let secret = self.matching(&[body], &[claimed])?;
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
            let secret = self.matching(&both, timed.v2.as_slice())?;
            return Ok(Satisfied::by_secret(Way::F2, secret));
        }
        let over_body = self.matching(&[body], timed.v1.as_slice());
        let over_both =
            self.accept_timestamped_v1.then(|| self.matching(&both, timed.v1.as_slice()));
        match (over_body, over_both) {
            (Ok(secret), _) => {
                self.check_body(request)?;
                Ok(Satisfied::by_secret(Way::F1, secret))
            }
            (_, Some(Ok(secret))) => Ok(Satisfied::by_secret(Way::F1Prime, secret)),
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
