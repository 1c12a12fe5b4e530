//! Signatures with a time, in one header (Zavu).
//!
//! The header is `sha256=<digits>` over the body; or parts separated by commas:
//! one time `t`, tags `v1` over the body and `v2` over `<t>.<body>`, and parts
//! that may be added later.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::hmac::Hmac;
use chrono::{DateTime, Utc};
use memchr::memchr;
use serde::Deserialize;
use sha2::Sha256;

use super::account::{AccountSecrets, Whose};
use super::hmac::{matching, prepare_sha256, sign};
use super::member::{AccountMembers, BodyMembers};
use super::place::NamedHeader;
use super::policy::Check;
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Refusal, Subject};
use crate::moment::Moment;
use crate::request::{Head, Request};
use crate::secret::Secrets;
use crate::wire::hex;
use crate::wire::json::read_ours;
use crate::wire::time::millis;

/// A signature in any of these forms, and how old it may be.
#[derive(Clone)]
pub(crate) struct TimedSignature {
    header: NamedHeader,
    keys: Whose<TimedKeys>,
    /// Whether only a signature that covers its time is accepted.
    pub(crate) require_v2: bool,
    /// Whether a `v1` computed like a `v2` is accepted too.
    pub(crate) accept_timestamped_v1: bool,
    pub(crate) limits: Limits,
    /// How old the body may be by its own `timestamp`, in milliseconds, where
    /// the signature covers no time but that.
    pub(crate) max_body_age: Option<Duration>,
}

/// The keys of one account, or of every one.
#[derive(Clone)]
pub(crate) struct TimedKeys(Arc<[Hmac<Sha256>]>);

impl TimedKeys {
    pub(crate) fn new(secrets: &Secrets) -> Self {
        Self(prepare_sha256(secrets))
    }

    /// The digits that the first secret makes of a text in pieces.
    pub(crate) fn digits(&self, pieces: &[&[u8]]) -> String {
        let mut digits = String::with_capacity(64);
        hex::push(&mut digits, &sign(&self.0, pieces));
        digits
    }

    fn matching(&self, pieces: &[&[u8]], claimed: &[[u8; 32]]) -> Result<u32, Refusal> {
        matching(&self.0, pieces, claimed).ok_or(Cause::WrongSignature.into())
    }
}

impl fmt::Debug for TimedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.len().fmt(f)
    }
}

/// How far a time may be from the time of receipt.
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
    /// Whether a time this far before or after the receipt is accepted.
    fn check(self, distance: Duration, is_past: bool) -> Result<(), Refusal> {
        match is_past {
            true if distance > self.max_age => {
                Err(Refusal::from(Cause::Old).seconds(distance.as_secs(), self.max_age.as_secs()))
            }
            false if distance > self.max_ahead => {
                Err(Refusal::from(Cause::Ahead)
                    .seconds(distance.as_secs(), self.max_ahead.as_secs()))
            }
            _ => Ok(()),
        }
    }

    fn check_seconds(self, at: i64, now: Moment) -> Result<(), Refusal> {
        let now = now.seconds();
        self.check(Duration::from_secs(now.abs_diff(at)), at <= now)
    }

    pub(crate) fn check_time(self, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let (at, now) = (at.timestamp_millis(), now.timestamp_millis());
        self.check(Duration::from_millis(now.abs_diff(at)), at <= now)
    }
}

impl TimedSignature {
    pub(crate) fn new(header: NamedHeader, secrets: &Secrets) -> Self {
        Self::with(header, Whose::Everyones(TimedKeys::new(secrets)))
    }

    /// With secrets that are valid for their own account only.
    pub(crate) fn per_account(
        header: NamedHeader,
        account: &'static AccountMembers,
        secrets: &AccountSecrets,
    ) -> Self {
        Self::with(header, Whose::each(account, secrets, Cause::SignatureOfAnother, TimedKeys::new))
    }

    fn with(header: NamedHeader, keys: Whose<TimedKeys>) -> Self {
        Self {
            header,
            keys,
            require_v2: false,
            accept_timestamped_v1: false,
            limits: Limits::default(),
            max_body_age: None,
        }
    }

    /// What the head claims, as far as this policy considers it.
    fn claim<'a>(&self, head: &Head<'a>, tags: &mut Tags) -> Result<Claim<'a>, Refusal> {
        let claim = Claim::parse(self.header.sole(head)?, tags)?;
        if self.require_v2 && tags.v2().is_empty() {
            return Err(Cause::NoV2.into());
        }
        Ok(claim)
    }

    /// The age by the only time that a signature over the body alone covers:
    /// the body's own.
    fn check_body(&self, request: &Request<'_>) -> Result<(), Refusal> {
        #[derive(Deserialize)]
        struct Dispatched {
            #[serde(default, deserialize_with = "millis::exactly")]
            timestamp: Option<DateTime<Utc>>,
        }

        let Some(max_age) = self.max_body_age else { return Ok(()) };
        let text = crate::wire::text(request.body()).ok();
        let dispatched = text.and_then(|text| read_ours::<Dispatched>(text).ok());
        let at = dispatched.and_then(|dispatched| dispatched.timestamp);
        let limits = Limits { max_age, ..self.limits };
        at.ok_or(Cause::NoAge.into())
            .and_then(|at| limits.check_time(at, request.received_at()))
            .map_err(|refusal| refusal.about(&Arc::new(Subject::member("timestamp"))))
    }
}

impl fmt::Debug for TimedSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimedSignature")
            .field("secrets", &self.keys)
            .field("require_v2", &self.require_v2)
            .field("accept_timestamped_v1", &self.accept_timestamped_v1)
            .field("limits", &self.limits)
            .field("max_body_age", &self.max_body_age)
            .finish_non_exhaustive()
    }
}

impl Check for TimedSignature {
    fn mechanism(&self) -> Mechanism {
        Mechanism::Secrets
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        let checked = self.check_head(head);
        checked.map(|()| None).map_err(|refusal| refusal.about(self.header.subject()))
    }

    fn members(&self) -> Vec<&'static str> {
        self.keys.members()
    }

    fn verify(
        &self,
        request: &Request<'_>,
        members: &BodyMembers<'_>,
    ) -> Result<Satisfied, Refusal> {
        let mut tags = Tags::default();
        let about = |refusal: Refusal| refusal.about(self.header.subject());
        let claim = self.claim(request.head(), &mut tags).map_err(about)?;
        if let Claim::Timed(time) = &claim {
            self.limits.check_seconds(time.seconds, request.time()).map_err(about)?;
        }
        let check = |keys: &TimedKeys| self.check(&claim, &tags, keys, request);
        let ((mechanism, secret), account) =
            self.keys.verify(members, self.header.subject(), check)?;
        Ok(Satisfied::by_secret(mechanism, secret).of(account))
    }
}

impl TimedSignature {
    fn check_head(&self, head: &Head<'_>) -> Result<(), Refusal> {
        let Claim::Timed(time) = self.claim(head, &mut Tags::default())? else { return Ok(()) };
        // What is too far ahead now may not be so when the body is there.
        let limits = Limits { max_ahead: Duration::MAX, ..self.limits };
        limits.check_seconds(time.seconds, head.time())
    }

    fn check(
        &self,
        claim: &Claim<'_>,
        tags: &Tags,
        keys: &TimedKeys,
        request: &Request<'_>,
    ) -> Result<(Mechanism, u32), Refusal> {
        let body = &request.body()[..];
        let time = match claim {
            Claim::Body => {
                let secret = keys.matching(&[body], tags.v1())?;
                self.check_body(request)?;
                return Ok((Mechanism::F0, secret));
            }
            Claim::Timed(time) => time,
        };
        let both = [time.signed, b".", body];

        // A `v2` that is there decides: with a wrong one beside a right `v1`
        // someone has been at it.
        if !tags.v2().is_empty() {
            let secret = keys.matching(&both, tags.v2())?;
            return Ok((Mechanism::F2, secret));
        }
        let over_body = keys.matching(&[body], tags.v1());
        let over_both = self.accept_timestamped_v1.then(|| keys.matching(&both, tags.v1()));
        match (over_body, over_both) {
            (Ok(secret), _) => {
                self.check_body(request)?;
                Ok((Mechanism::F1, secret))
            }
            (_, Some(Ok(secret))) => Ok((Mechanism::F1Timestamped, secret)),
            (Err(refusal), _) => Err(refusal),
        }
    }
}

/// The header's value, parsed, except for its tags.
enum Claim<'a> {
    /// Its one tag is over the body.
    Body,
    Timed(Time<'a>),
}

struct Time<'a> {
    /// As it is signed.
    signed: &'a [u8],
    seconds: i64,
}

/// How many parts a header may have.
const MOST_PARTS: usize = 8;

/// How many digits a time may have; seconds have ten.
const MOST_DIGITS: usize = 12;

/// The tags of a header: `v1` from the front, `v2` from the back.
#[derive(Default)]
struct Tags {
    list: [[u8; 32]; MOST_PARTS],
    v1: usize,
    v2: usize,
}

impl Tags {
    fn push_v1(&mut self, digits: &[u8]) -> Result<(), Cause> {
        // There are no more of them than parts.
        if let Some(place) = self.list.get_mut(self.v1) {
            *place = decode(digits)?;
            self.v1 = self.v1.saturating_add(1);
        }
        Ok(())
    }

    fn push_v2(&mut self, digits: &[u8]) -> Result<(), Cause> {
        if let Some(place) = self.list.iter_mut().rev().nth(self.v2) {
            *place = decode(digits)?;
            self.v2 = self.v2.saturating_add(1);
        }
        Ok(())
    }

    fn v1(&self) -> &[[u8; 32]] {
        self.list.get(..self.v1).unwrap_or_default()
    }

    fn v2(&self) -> &[[u8; 32]] {
        let first = MOST_PARTS.saturating_sub(self.v2);
        self.list.get(first..).unwrap_or_default()
    }
}

fn decode(digits: &[u8]) -> Result<[u8; 32], Cause> {
    hex::decode(digits).ok_or(Cause::NotHex64)
}

impl<'a> Claim<'a> {
    fn parse(value: &'a [u8], tags: &mut Tags) -> Result<Self, Cause> {
        std::str::from_utf8(value).map_err(|_| Cause::NotText)?;
        if let Some(digits) = value.strip_prefix(b"sha256=") {
            tags.push_v1(digits)?;
            return Ok(Self::Body);
        }
        let mut time = None;
        for (index, part) in parts(value).enumerate() {
            if index >= MOST_PARTS {
                return Err(Cause::ManyParts);
            }
            // What has no value says nothing that anybody knows.
            match trimmed(part) {
                [b't' | b'T', b'=', value @ ..] => {
                    if time.is_some_and(|time| time != value) {
                        return Err(Cause::TwoTimes);
                    }
                    time = Some(value);
                }
                [b'v' | b'V', b'1', b'=', digits @ ..] => tags.push_v1(digits)?,
                [b'v' | b'V', b'2', b'=', digits @ ..] => tags.push_v2(digits)?,
                _ => {}
            }
        }
        let signed = time.ok_or_else(|| match value.contains(&b'=') {
            true => Cause::NoTime,
            false => Cause::NotTimed,
        })?;
        let seconds = seconds(signed).ok_or(Cause::TimeNotNumber)?;
        if tags.v1().is_empty() && tags.v2().is_empty() {
            return Err(Cause::NoTag);
        }
        Ok(Self::Timed(Time { signed, seconds }))
    }
}

/// The parts between the commas.
fn parts(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, after) = match memchr(b',', text) {
            Some(comma) => (text.get(..comma)?, text.get(comma.saturating_add(1)..)),
            None => (text, None),
        };
        rest = after;
        Some(part)
    })
}

/// A part without the blanks around it.
fn trimmed(mut part: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = part {
        part = rest;
    }
    part
}

/// A whole number of seconds in its one spelling.
fn seconds(digits: &[u8]) -> Option<i64> {
    let padded = digits.len() > 1 && digits.starts_with(b"0");
    if digits.is_empty() || padded || digits.len() > MOST_DIGITS {
        return None;
    }
    digits.iter().try_fold(0_i64, |seconds, digit| {
        let digit = digit.wrapping_sub(b'0');
        // So many digits do not overflow.
        (digit < 10).then(|| seconds.wrapping_mul(10).wrapping_add(digit.into()))
    })
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
            "170531250:",
            "170531250/",
            "١٧",
            &four_hundred,
        ] {
            assert_eq!(seconds(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn tags_are_kept_from_both_ends() {
        let digits = |byte: u8| format!("{byte:02x}").repeat(32).into_bytes();
        let mut tags = Tags::default();
        for byte in 1..=3 {
            tags.push_v1(&digits(byte)).unwrap();
            tags.push_v2(&digits(byte + 8)).unwrap();
        }
        assert_eq!(tags.v1(), [[1; 32], [2; 32], [3; 32]]);
        assert_eq!(tags.v2(), [[11; 32], [10; 32], [9; 32]]);
        assert!(tags.push_v2(b"11").is_err());
        assert_eq!(Tags::default().v2(), [[0; 32]; 0]);
    }

    #[test]
    fn a_header_is_text() {
        let tag = "0".repeat(64);
        let parse = |value: &[u8]| Claim::parse(value, &mut Tags::default()).is_ok();
        let with = |end: &[u8]| [format!("t=1705312500,v2={tag},").as_bytes(), end].concat();
        assert!(parse(&with(b"x")) && parse(&with("é".as_bytes())));
        assert!(!parse(&with(b"\xff")));
    }

    #[test]
    fn the_last_accepted_second_is_the_limit() {
        let limits = Limits::default();
        let now = DateTime::from_timestamp(1_705_312_500, 0).unwrap();
        for (off, accepted) in
            [(-301, false), (-300, true), (-61, true), (0, true), (60, true), (61, false)]
        {
            let at = now + chrono::TimeDelta::seconds(off);
            assert_eq!(limits.check_time(at, now).is_ok(), accepted, "{off}");
            let seconds = limits.check_seconds(at.timestamp(), now.into());
            assert_eq!(seconds.is_ok(), accepted, "{off}");
            // A millisecond decides, where there are any.
            let late = now + chrono::TimeDelta::milliseconds(1);
            assert_eq!(limits.check_time(at, late).is_ok(), accepted && off != -300, "{off}");
        }
    }

    #[test]
    fn eight_parts_and_no_more() {
        let tag = "0".repeat(64);
        let parse = |value: &str| Claim::parse(value.as_bytes(), &mut Tags::default()).is_ok();
        let eight = format!("t=1705312500,v2={tag}{}", ",x=1".repeat(6));
        assert!(parse(&eight));
        assert!(!parse(&format!("{eight},x=1")));
        // The same time twice is one time.
        assert!(parse(&format!("t=1705312500,v1={tag},t=1705312500")));
        assert!(!parse(&format!("t=1705312500,v1={tag},t=1705312501")));
    }

    #[test]
    fn no_distance_overflows() {
        let limits = Limits::default();
        let ends = [DateTime::<Utc>::MIN_UTC, DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC];
        for now in ends {
            for at in [i64::MIN, -1, 0, 1, i64::MAX] {
                let _ = limits.check_seconds(at, now.into());
            }
            for at in ends {
                assert_eq!(limits.check_time(at, now).is_ok(), at == now, "{at} {now}");
            }
        }
    }
}
