//! The threats to signatures beside a time, by their numbers in the threat
//! model.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};
use zaphook::auth::{Mechanism, Networks};
use zaphook::zavu::{Form, Signature, ToolCallError, ToolCalls};
use zaphook::{Error, Head, MemoryStore, Receiver, Request, Secret, Zavu, testing};

use super::{receiver, time};
use crate::fixtures::{self, with};
use crate::gateways::{SECRET, secret};
use crate::thorough;

const HEADER: &str = "X-Zavu-Signature";
const FORMS: [Form; 5] = [Form::F0, Form::F1, Form::F2, Form::F1AndF2, Form::F1Timestamped];

fn body() -> String {
    fixtures::text("zavu/message.inbound.plain.json")
}

/// When the body was dispatched, to the second.
fn sent() -> DateTime<Utc> {
    time("2024-01-15T09:55:00Z")
}

fn signed(form: Form) -> String {
    Zavu::sign_as(form, &secret(), sent(), body().as_bytes())
}

/// The way by which a value of the header is accepted at a time, or the reason
/// why it is not.
fn verdict_at(
    signature: Signature,
    value: &str,
    at: DateTime<Utc>,
) -> Result<&'static str, &'static str> {
    verdict_by(Zavu::by(signature), value, at)
}

fn verdict_by(policy: Zavu, value: &str, at: DateTime<Utc>) -> Result<&'static str, &'static str> {
    let headers = [(HEADER, value)];
    let head = Head::new(&headers).received_at(at);
    let receiver = Receiver::new(policy);
    let request = head.with_body(body());
    let result = receiver.receive(&request);
    if receiver.screen(&head).is_err() {
        assert!(result.is_err(), "what is received is not screened out: {value}");
    }
    match result {
        Ok(delivery) => {
            let ways: Vec<Mechanism> = delivery.proof().by().collect();
            assert_eq!((ways.len(), delivery.proof().secret()), (1, Some(0)));
            Ok(ways[0].as_str())
        }
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.status(), 401);
            Err(refusal.reason().as_str())
        }
        Err(other) => panic!("{other}"),
    }
}

fn verdict(signature: Signature, value: &str) -> Result<&'static str, &'static str> {
    verdict_at(signature, value, sent())
}

fn default() -> Signature {
    Signature::new(secret())
}

/// The digits of a part of the header.
fn digits<'a>(value: &'a str, name: &str) -> &'a str {
    value.split(',').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

#[test]
fn every_form_is_what_its_description_says() {
    // Made by another program, under the whole of `whsec_…`.
    let bare = "ca9f98ccc062dd974d5caff9aa6d85de3c61f55f8fcaad6e45095eaef6dde28e";
    let both = "948f64b34650dd7144e643a8b18bd361fd8921f0d947592c6c40b9920631e3b0";
    let secret = Secret::new("whsec_5d1f").unwrap();
    let at = time("2024-01-15T09:55:00Z");
    assert_eq!(Zavu::sign_as(Form::F0, &secret, at, b"{}"), format!("sha256={bare}"));
    assert_eq!(Zavu::sign_as(Form::F1, &secret, at, b"{}"), format!("t=1705312500,v1={bare}"));
    assert_eq!(Zavu::sign_as(Form::F2, &secret, at, b"{}"), format!("t=1705312500,v2={both}"));
    assert_eq!(Zavu::sign(&secret, at, b"{}"), format!("t=1705312500,v2={both}"));
    assert_eq!(
        Zavu::sign_as(Form::F1AndF2, &secret, at, b"{}"),
        format!("t=1705312500,v1={bare},v2={both}")
    );
    assert_eq!(
        Zavu::sign_as(Form::F1Timestamped, &secret, at, b"{}"),
        format!("t=1705312500,v1={both}")
    );
    // Before 1970 nobody signs.
    assert!(Zavu::sign(&secret, DateTime::<Utc>::MIN_UTC, b"").starts_with("t=0,v2="));
}

/// Quirk 1: `v1` is over the body, whatever one page says.
#[test]
fn quirk_1_the_proof_names_the_form_and_f1_prime_has_to_be_asked_for() {
    let policies: [fn() -> Signature; 4] = [
        default,
        || default().accept_timestamped_v1(),
        || default().require_v2(),
        || default().require_v2().accept_timestamped_v1(),
    ];
    let missing = Err("missing_credential");
    let expected = [
        [Ok("F0"), Ok("F1"), Ok("F2"), Ok("F2"), Err("mismatch")],
        [Ok("F0"), Ok("F1"), Ok("F2"), Ok("F2"), Ok("F1'")],
        [missing, missing, Ok("F2"), Ok("F2"), missing],
        [missing, missing, Ok("F2"), Ok("F2"), missing],
    ];
    for (policy, expected) in policies.iter().zip(expected) {
        assert_eq!(FORMS.map(|form| verdict(policy(), &signed(form))), expected);
    }
}

#[test]
fn the_proof_names_the_secret_of_each_form() {
    let [first, second] = ["whsec_a", "whsec_b"].map(|text| Secret::new(text).unwrap());
    let receiver = Receiver::new(Zavu::by(
        Signature::new([first.clone(), second.clone(), secret()]).accept_timestamped_v1(),
    ));
    for (place, secret) in [first, second, secret()].iter().enumerate() {
        for (form, way) in FORMS.into_iter().zip([
            Mechanism::F0,
            Mechanism::F1,
            Mechanism::F2,
            Mechanism::F2,
            Mechanism::F1Timestamped,
        ]) {
            let headers = [(HEADER, Zavu::sign_as(form, secret, sent(), body().as_bytes()))];
            let head = Head::new(&headers).received_at(sent());
            let delivery = receiver.receive(&head.with_body(body())).unwrap();
            assert_eq!(delivery.proof().by().collect::<Vec<_>>(), [way]);
            assert_eq!(delivery.proof().secret(), Some(place));
            let written = serde_json::to_string(delivery.proof()).unwrap();
            assert_eq!(written, json!({"by": [way.as_str()], "secret": place}).to_string());
            assert_eq!(
                &serde_json::from_str::<zaphook::Proof>(&written).unwrap(),
                delivery.proof()
            );
        }
    }
    // A `v1` of one and a `v2` of another: `v2` decides.
    let mixed = format!(
        "{},v2={}",
        Zavu::sign_as(Form::F1, &Secret::new("whsec_a").unwrap(), sent(), body().as_bytes()),
        digits(&signed(Form::F2), "v2")
    );
    let headers = [(HEADER, mixed)];
    let head = Head::new(&headers).received_at(sent());
    assert_eq!(receiver.authenticate(&head.with_body(body())).unwrap().secret(), Some(2));
}

#[test]
fn a1_every_bit_of_tag_time_and_body_counts() {
    for form in FORMS {
        let good = signed(form);
        let policy = || default().accept_timestamped_v1();
        for at in 0..good.len() {
            let mut bad = good.clone().into_bytes();
            bad[at] = if bad[at] == b'0' { b'1' } else { b'0' };
            let bad = String::from_utf8(bad).unwrap();
            match verdict_at(policy(), &bad, sent()) {
                Err(_) => {}
                // Outside the digest: the time of an F1; beside a `v2`, a `v1`;
                // and a `v2` that no longer is called so.
                Ok("F1") if form == Form::F1 => assert!(at < 12, "{bad}"),
                Ok("F1") => assert!(form == Form::F1AndF2 && (81..84).contains(&at), "{bad}"),
                Ok("F2") => assert!(form == Form::F1AndF2 && (13..80).contains(&at), "{bad}"),
                Ok(other) => panic!("{other}: {bad}"),
            }
        }
        let headers = [(HEADER, good)];
        let body = body();
        for at in 0..body.len() {
            let mut bad = body.clone().into_bytes();
            bad[at] ^= 1;
            let head = Head::new(&headers).received_at(sent());
            let error =
                Receiver::new(Zavu::by(policy())).receive(&head.with_body(bad)).unwrap_err();
            assert_eq!(error.reason(), "mismatch", "{at}");
        }
    }
}

#[test]
fn quirk_2_header_names_have_any_case_and_parts_blanks_around_them() {
    let value = signed(Form::F1AndF2);
    for name in ["X-Zavu-Signature", "x-zavu-signature", "X-ZAVU-SIGNATURE"] {
        let headers = [(name, value.as_str())];
        let head = Head::new(&headers).received_at(sent());
        assert!(receiver().receive(&head.with_body(body())).is_ok(), "{name}");
    }
    for value in [
        value.replace(',', ", "),
        value.replace(',', " ,\t"),
        format!(" {value} "),
        value.to_uppercase(),
        format!("{value},v3={}", "0".repeat(64)),
        format!("v3,{value}"),
        format!("{value},"),
        format!(",{value}"),
        value.split(',').rev().collect::<Vec<_>>().join(","),
    ] {
        assert_eq!(verdict(default(), &value), Ok("F2"), "{value}");
    }
}

#[test]
fn a2_a3_malformed_values() {
    let (f1, f2) = (signed(Form::F1), signed(Form::F2));
    let (v1, v2) = (digits(&f1, "v1"), digits(&f2, "v2"));
    let f0 = signed(Form::F0);
    let four_hundred = "4".repeat(400);
    for value in [
        "",
        "=",
        ",",
        ",,,,,,,,,,",
        "t",
        "t=",
        "t=1705312500",
        "t=1705312500,",
        "v1=",
        &format!("v1={v1}"),
        &format!("v2={v2}"),
        &format!("t=,v2={v2}"),
        &format!("t=1705312500,v2={}", &v2[1..]),
        &format!("t=1705312500,v2={v2}0"),
        &format!("t=1705312500,v2= {v2}"),
        &format!("t=1705312500,v2={v2}\n"),
        &format!("t=1705312500,v1={v1},v2=short"),
        &format!("t=1705312500,v1=short,v2={v2}"),
        &format!("t=1705312500;v2={v2}"),
        &format!("t=1705312500,v3={v2}"),
        &format!("t=1705312500,v02={v2}"),
        &format!("t =1705312500,v2={v2}"),
        v1,
        &f0.replace("sha256", "SHA256"),
        &f0.replace("sha256", "sha1"),
        &format!("sha256={f0}"),
        &format!(" {f0}"),
        &format!("{f0} "),
        &format!("{f0},"),
        &format!("{f0},t=1705312500"),
        &f0[..f0.len() - 1],
        "sha256=",
        &format!("t=1705312500,v2={}", "é".repeat(32)),
        &four_hundred,
        &"t=1,".repeat(2000),
    ] {
        assert_eq!(verdict(default(), value), Err("malformed_credential"), "{value:?}");
    }
}

#[test]
fn a7_a_missing_signature_is_refused() {
    let unsigned = testing::zavu(&secret(), body());
    let headers: Vec<(&str, &[u8])> = unsigned
        .headers()
        .iter()
        .filter(|(name, _)| *name != Zavu::SIGNATURE_HEADER)
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    assert!(headers.len() >= 2);
    let request = Request::new(&headers, body());
    assert_eq!(receiver().receive(&request).unwrap_err().reason(), "missing_credential");
    assert!(receiver().screen(request.head()).is_err());
}

#[test]
fn a8_doubled_headers_and_repeated_parts() {
    let good = signed(Form::F2);
    let bad = signed(Form::F2).replace("v2=", "v2=0").replace("v2=00", "v2=1");
    let bad = bad[..good.len()].to_owned();
    for pair in [[&good, &bad], [&bad, &good], [&good, &good]] {
        let headers = pair.map(|value| (HEADER, value));
        let request = Head::new(&headers).received_at(sent()).with_body(body());
        assert_eq!(receiver().receive(&request).unwrap_err().reason(), "ambiguous_credential");
    }

    // One time, however often it is said.
    assert_eq!(verdict(default(), &format!("t=1705312500,{good}")), Ok("F2"));
    for other in ["1705312501", "0", "", "01705312500"] {
        for value in [format!("{good},t={other}"), format!("t={other},{good}")] {
            assert_eq!(verdict(default(), &value), Err("ambiguous_credential"), "{value}");
        }
    }

    // Any of several tags may match, in any place, up to eight parts.
    for form in [Form::F1, Form::F2] {
        let value = signed(form);
        let (time, tag) = value.split_once(',').unwrap();
        let name = &tag[..3];
        let wrong = |digit: &str| format!("{name}{}", digit.repeat(64));
        let way = if form == Form::F1 { "F1" } else { "F2" };
        for place in 0..7 {
            let mut parts: Vec<String> =
                "0123456".split("").filter(|d| !d.is_empty()).map(wrong).collect();
            parts[place] = tag.to_owned();
            let value = format!("{time},{}", parts.join(","));
            assert_eq!(verdict(default(), &value), Ok(way), "{value}");
            let many = format!("{value},v3=");
            assert_eq!(verdict(default(), &many), Err("malformed_credential"));
        }
        let none: Vec<String> = ["1", "2", "3"].map(wrong).into();
        let value = format!("{time},{}", none.join(","));
        assert_eq!(verdict(default(), &value), Err("mismatch"));
    }
    let nine = format!("{good}{}", ",x=1".repeat(7));
    assert_eq!(verdict(default(), &nine), Err("malformed_credential"));
    assert_eq!(verdict(default(), &nine[..nine.len() - 4]), Ok("F2"));
}

#[test]
fn a11_only_what_is_signed_tells_when_it_was_made() {
    let in_seconds = |seconds: i64| sent() + TimeDelta::seconds(seconds);
    // Where the signature covers its time, another one is another signature.
    let f2 = signed(Form::F2);
    let fresh = f2.replace("1705312500", "1705316100");
    assert_eq!(verdict_at(default(), &fresh, in_seconds(3600)), Err("mismatch"));
    assert_eq!(verdict_at(default(), &f2, in_seconds(3600)), Err("stale"));

    // Where it does not, an hour later it is as good with a new time, and so
    // is one that never had a time.
    let f1 = signed(Form::F1).replace("1705312500", "1705316100");
    let f0 = signed(Form::F0);
    assert_eq!(verdict_at(default(), &f1, in_seconds(3600)), Ok("F1"));
    assert_eq!(verdict_at(default(), &f0, in_seconds(3600)), Ok("F0"));
    assert_eq!(verdict_at(default(), &signed(Form::F1), in_seconds(3600)), Err("stale"));

    // The body's own time is signed: 2024-01-15T09:55:00.123Z.
    let policy = || default().max_body_age(Duration::from_secs(600));
    for value in [&f0, &f1] {
        let policy = || policy().max_age(Duration::MAX).max_ahead(Duration::from_secs(3600));
        let at = |milliseconds| {
            verdict_at(policy(), value, sent() + TimeDelta::milliseconds(milliseconds)).is_ok()
        };
        assert_eq!([0, 600_123, 600_124, 3_600_000].map(at), [true, true, false, false]);
    }
    assert_eq!(verdict_at(policy(), &f1, in_seconds(3600)), Err("stale"));
    assert_eq!(verdict_at(policy(), &f0, in_seconds(-3600)), Err("too_far_ahead"));
    // It asks nothing more of a signature that covers its time.
    let lenient = policy().max_age(Duration::from_secs(86_400));
    assert_eq!(verdict_at(lenient, &f2, in_seconds(3600)), Ok("F2"));
}

#[test]
fn a11_a_body_that_does_not_tell_its_age_is_refused_where_it_should() {
    let limited = Receiver::new(Zavu::by(default().max_body_age(Duration::from_secs(600))));
    let refused = |body: &str| {
        let headers = [(HEADER, Zavu::sign_as(Form::F0, &secret(), sent(), body.as_bytes()))];
        let request = Head::new(&headers).received_at(sent()).with_body(body);
        limited.receive(&request).map(drop).map_err(|error| error.reason())
    };
    assert_eq!(refused(&body()), Ok(()));
    for odd in [None, Some(Value::Null), Some(json!("soon")), Some(json!(true)), Some(json!([]))] {
        assert_eq!(refused(&with(&body(), &["timestamp"], odd)), Err("stale"));
    }
    for odd in [json!(i64::MAX), json!(i64::MIN), json!(1e300), json!(u64::MAX)] {
        assert!(refused(&with(&body(), &["timestamp"], Some(odd))).is_err());
    }
    let twice = body().replace('{', r#"{"timestamp":1705312500123,"#);
    for body in [twice.as_str(), "", "{", "not json"] {
        assert_eq!(refused(body), Err("stale"), "{body}");
    }
    // A14: seconds where milliseconds are meant are of 1970.
    let seconds = with(&body(), &["timestamp"], Some(json!(1_705_312_500)));
    assert_eq!(refused(&seconds), Err("stale"));
    // The right signature comes first.
    let headers = [(HEADER, format!("sha256={}", "0".repeat(64)))];
    let error = limited.receive(&Request::new(&headers, "")).unwrap_err();
    assert_eq!(error.reason(), "mismatch");
}

/// Within the retention, what is sent again is known.
#[test]
fn a11_a_repeated_f1_is_a_duplicate() {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let receiver = receiver().with_store(MemoryStore::new());
    let outcome = |seconds: i64| {
        let at = sent() + TimeDelta::seconds(seconds);
        let headers = [(HEADER, Zavu::sign_as(Form::F1, &secret(), at, body().as_bytes()))];
        let request = Head::new(&headers).received_at(at).with_body(body());
        let handling = pin!(receiver.handle(&request, |_| async { Ok(()) }));
        match handling.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => (answer.outcome().as_str(), answer.status().as_u16()),
            Poll::Pending => panic!(),
        }
    };
    assert_eq!(outcome(0), ("handled", 200));
    assert_eq!(outcome(3600), ("duplicate", 200));
}

#[test]
fn a12_a_signature_is_not_talked_down() {
    let both = signed(Form::F1AndF2);
    let (v1, v2) = (digits(&both, "v1"), digits(&both, "v2"));
    let wrong = "0".repeat(64);
    for (parts, lenient, strict) in [
        (format!("v1={v1},v2={v2}"), Ok("F2"), Ok("F2")),
        (format!("v2={v2}"), Ok("F2"), Ok("F2")),
        (format!("v1={wrong},v2={v2}"), Ok("F2"), Ok("F2")),
        // Taken out: nobody can see that, so it can be insisted on.
        (format!("v1={v1}"), Ok("F1"), Err("missing_credential")),
        // Wrong beside a right `v1`: refused either way.
        (format!("v1={v1},v2={wrong}"), Err("mismatch"), Err("mismatch")),
        (format!("v2={wrong},v1={v1}"), Err("mismatch"), Err("mismatch")),
        // One in the other's place.
        (format!("v2={v1}"), Err("mismatch"), Err("mismatch")),
        (format!("v1={v2}"), Err("mismatch"), Err("missing_credential")),
        (format!("v1={v2},v2={v1}"), Err("mismatch"), Err("mismatch")),
    ] {
        let value = format!("t=1705312500,{parts}");
        assert_eq!(verdict(default(), &value), lenient, "{value}");
        assert_eq!(verdict(default().require_v2(), &value), strict, "{value}");
    }
    let receiver = Receiver::new(Zavu::by(default().require_v2()));
    for form in [Form::F0, Form::F1, Form::F1Timestamped] {
        let headers = [(HEADER, signed(form))];
        let head = Head::new(&headers).received_at(sent());
        assert_eq!(receiver.screen(&head).unwrap_err().reason().as_str(), "missing_credential");
    }
    // Also where the requirement comes after other ways were added.
    let networks = Networks::new(["198.51.100.0/24"]).unwrap();
    let combined = Zavu::any_of([Zavu::by(default().require_v2()), Zavu::by(networks)]);
    assert!(verdict_by(combined.clone(), &signed(Form::F1), sent()).is_err());
    assert_eq!(verdict_by(combined, &signed(Form::F2), sent()), Ok("F2"));
}

#[test]
fn a13_ages_are_limited_without_overflow() {
    let at = |value: &str, seconds: i64| {
        verdict_at(default(), value, sent() + TimeDelta::seconds(seconds))
    };
    for (form, way) in [(Form::F2, "F2"), (Form::F1AndF2, "F2"), (Form::F1, "F1")] {
        let value = signed(form);
        assert_eq!(at(&value, 300), Ok(way));
        assert_eq!(at(&value, 301), Err("stale"));
        assert_eq!(at(&value, -60), Ok(way));
        assert_eq!(at(&value, -61), Err("too_far_ahead"));
    }
    // Within the last second it is still 300 s.
    let value = signed(Form::F2);
    assert!(verdict_at(default(), &value, sent() + TimeDelta::milliseconds(300_999)).is_ok());

    for (age, ahead, good, bad) in [
        (Duration::ZERO, Duration::ZERO, vec![0], vec![1, -1]),
        (Duration::from_secs(20_000), Duration::from_secs(5), vec![20_000, -5], vec![20_001, -6]),
        (Duration::MAX, Duration::MAX, vec![0, 900_000_000, -900_000_000], vec![]),
    ] {
        let policy = || default().max_age(age).max_ahead(ahead);
        let verdict =
            |seconds| verdict_at(policy(), &value, sent() + TimeDelta::seconds(seconds)).is_ok();
        assert!(good.into_iter().all(verdict) && !bad.into_iter().any(verdict), "{age:?}");
    }

    // Signed by somebody who knows the secret, and yet no time.
    let digits = |time: &str| {
        let text = format!("{time}.{}", body());
        Zavu::sign_as(Form::F0, &secret(), sent(), text.as_bytes()).replace("sha256=", "")
    };
    let four_hundred = "1".repeat(400);
    for time in [
        "-9223372036854775808",
        "9223372036854775807",
        "99999999999999999999",
        "1705312500000",
        "-1",
        "+1",
        "1e9",
        "01705312500",
        " 1705312500",
        "1705312500.0",
        "0x65a50034",
        "١٧٠٥٣١٢٥٠٠",
        "",
        &four_hundred,
    ] {
        let value = format!("t={time},v2={}", digits(time));
        assert_eq!(verdict(default(), &value), Err("malformed_credential"), "{value}");
    }
    for (time, reason) in [("0", "stale"), ("1", "stale"), ("999999999999", "too_far_ahead")] {
        let value = format!("t={time},v2={}", digits(time));
        assert_eq!(verdict(default(), &value), Err(reason), "{value}");
    }
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert!(verdict_at(default(), &value, at).is_err());
    }
}

/// The header counts in seconds, the body in milliseconds.
#[test]
fn a14_the_other_unit_is_never_taken() {
    let milliseconds = DateTime::from_timestamp(sent().timestamp_millis(), 0).unwrap();
    let value = Zavu::sign(&secret(), milliseconds, body().as_bytes());
    assert!(value.starts_with("t=1705312500000,"));
    assert_eq!(verdict(default(), &value), Err("malformed_credential"));
    // Twelve digits of milliseconds are a time that is far away.
    let value = Zavu::sign(&secret(), time("2000-01-01T00:00:00Z"), body().as_bytes());
    assert!(value.starts_with("t=946684800,"));
    let thousandfold = DateTime::from_timestamp(946_684_800_000, 0).unwrap();
    let value = Zavu::sign(&secret(), thousandfold, body().as_bytes());
    assert_eq!(verdict_at(default(), &value, time("2000-01-01T00:00:00Z")), Err("too_far_ahead"));
}

#[test]
fn what_the_head_gives_away_is_refused_before_the_body() {
    let screened = |value: &str, at: DateTime<Utc>| {
        let headers = [(HEADER, value)];
        let head = Head::new(&headers).received_at(at);
        receiver().screen(&head).map_err(|refusal| refusal.reason().as_str())
    };
    let good = signed(Form::F2);
    assert_eq!(screened(&good, sent()), Ok(()));
    assert_eq!(screened(&good, sent() + TimeDelta::seconds(301)), Err("stale"));
    // Its time may come while the body does.
    assert_eq!(screened(&good, sent() - TimeDelta::seconds(61)), Ok(()));
    assert_eq!(screened("t=1", sent()), Err("malformed_credential"));
    assert_eq!(screened(&format!("{good},t=1"), sent()), Err("ambiguous_credential"));
}

#[test]
fn verifying_allocates_nothing() {
    let timed = Receiver::new(Zavu::by(
        Signature::new([Secret::new("whsec_new").unwrap(), secret()]).accept_timestamped_v1(),
    ));
    let now = chrono::Utc::now();
    let values = FORMS.map(|form| Zavu::sign_as(form, &secret(), now, b"{}"));
    let headers = values.map(|value| [("X-Zavu-Signature", value)]);
    let requests: Vec<_> = headers.iter().map(|pair| Request::new(pair, "{}")).collect();
    let measured = allocation_counter::measure(|| {
        assert!(requests.iter().all(|request| timed.authenticate(request).is_ok()));
        assert!(requests.iter().all(|request| timed.screen(request.head()).is_ok()));
    });
    assert_eq!(measured.count_total, 0);
}

#[test]
fn no_type_shows_a_secret() {
    let secret = Secret::new(SECRET).unwrap();
    let body = body();
    let signature = Zavu::sign_as(Form::F1AndF2, &secret, Utc::now(), body.as_bytes());
    let other = Secret::new("whsec_other").unwrap();
    let policy = Zavu::by(Signature::new([other.clone(), secret.clone()]).require_v2());
    let calls = ToolCalls::signed(other);
    let headers = [("X-Zavu-Signature", signature.replace("v2=", "v2=0"))];
    let request = Request::new(&headers, body.as_str());
    let refusal = Receiver::new(policy.clone()).receive(&request).unwrap_err();
    let bare = [("X-Zavu-Signature", ToolCalls::sign(&secret, body.as_bytes()))];
    let mismatch = calls.receive(&Request::new(&bare, body.as_str())).unwrap_err();
    assert!(matches!(mismatch, ToolCallError::Refused(_)));
    let odd = ToolCalls::signed(secret)
        .receive(&Request::new(&bare, body.as_str()))
        .map_err(|error| format!("{error} {error:?}"));

    let tags = [&signature[16..32], &signature[84..100], &bare[0].1[..16]];
    for shown in [
        format!("{policy:?} {policy:#?} {:?}", Receiver::new(policy.clone())),
        format!("{calls:?} {calls:#?}"),
        format!("{refusal} {refusal:?} {request:?}"),
        format!("{mismatch} {mismatch:?}"),
        odd.unwrap_err(),
    ] {
        assert!(!shown.contains(&SECRET[4..]), "{shown}");
        assert!(!tags.iter().any(|tag| shown.contains(tag)), "{shown}");
        assert!(!shown.contains("Olá") && !shown.contains("5511"), "{shown}");
    }
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        "[tT]=[0-9]{0,14}",
        "[tT]=(-?9223372036854775807|-9223372036854775808|[+ ]1705312500|1e9)",
        "t=1705312500",
        "[vV][0-9]=[0-9a-fA-F]{0,65}",
        "[vV][12]=[0-9a-f]{64}",
        "(sha256|SHA256)=[0-9a-f]{64}",
        "[ -~]{0,20}",
    ];
    let parts = prop::collection::vec(part, 0..12);
    let list = (parts, prop_oneof![Just(","), Just(", "), Just(" ,\t"), Just(";")])
        .prop_map(|(parts, comma)| parts.join(comma).into_bytes());
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        list,
        "[0-9]{400}".prop_map(String::into_bytes)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(thorough::or(250, 1000)))]

    /// Names in any case, blanks, unknown and repeated parts, numbers of any
    /// length: a typed refusal, never a panic, never a pass.
    #[test]
    fn no_header_of_any_bytes_passes(
        value in bytes(),
        name in "[xX]-[zZ][aA][vV][uU]-[sS]ignature",
        prime in any::<bool>(),
        strict in any::<bool>(),
    ) {
        let mut policy = default();
        if prime { policy = policy.accept_timestamped_v1(); }
        if strict { policy = policy.require_v2(); }
        let headers = [(name.as_str(), value)];
        let head = Head::new(&headers).received_at(sent());
        let receiver = Receiver::new(Zavu::by(policy));
        let error = receiver.receive(&head.with_body(body())).unwrap_err();
        prop_assert!(matches!(error, Error::Refused(ref refusal) if refusal.status() == 401));
        let screened = receiver.screen(&head).map_err(Error::from);
        prop_assert!(screened.is_ok() || screened == Err(error));
    }

    /// Whatever else is said beside them, right parts pass.
    #[test]
    fn right_parts_pass_beside_unknown_ones(
        others in prop::collection::vec("[a-su-z0-9]{1,6}=[!-+.-~]{0,20}", 0..6),
        place in 0..7_usize,
        blanks in "[ \t]{0,3}",
    ) {
        let mut parts = others;
        parts.retain(|part| !["v1=", "v2=", "sha256="].iter().any(|name| part.starts_with(name)));
        let good = signed(Form::F2);
        let (time, tag) = good.split_once(',').unwrap();
        parts.insert(place.min(parts.len()), tag.to_owned());
        parts.insert(place.min(parts.len()), time.to_owned());
        let value = parts.join(&format!(",{blanks}"));
        prop_assert_eq!(verdict(default(), &value), Ok("F2"));
    }
}
