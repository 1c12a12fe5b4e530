//! JSON Web Tokens, by the numbers of the threat model.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use zaphook::Secret;
use zaphook::auth::Jwt;

use crate::thorough;
use hmac::{Hmac, KeyInit, Mac};

const SECRET: &str = "jwt-5d1f0cc3a92b";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const NOW: i64 = 1_705_312_500;

/// A token of any text, signed.
fn token(secret: &str, header: &str, payload: &str) -> String {
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let tag = mac.chain_update(&text).finalize().into_bytes();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn claims(exp: &str, iat: &str) -> String {
    format!(r#"{{"iat":{iat},"exp":{exp},"app":"evolution","action":"webhook"}}"#)
}

fn good_claims() -> String {
    claims("1705313100", "1705312500")
}

fn jwt() -> Jwt {
    let secret = Secret::new(SECRET).unwrap();
    Jwt::hs256(secret).expecting("app", "evolution").expecting("action", "webhook")
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn verified(jwt: &Jwt, token: &str, seconds: i64) -> Result<usize, &'static str> {
    jwt.verify(token, at(seconds)).map_err(|refusal| refusal.reason().as_str())
}

fn with_header(header: &str) -> Result<usize, &'static str> {
    let token = token(SECRET, header, &good_claims());
    let verdict = verified(&jwt(), &token, NOW);
    // The header decides before the payload does.
    let alone = jwt().verify_signature(&token).map_err(|refusal| refusal.reason().as_str());
    assert_eq!(verdict, alone, "{header}");
    verdict
}

fn with_claims(payload: &str) -> Result<usize, &'static str> {
    let token = token(SECRET, HEADER, payload);
    assert_eq!(jwt().verify_signature(&token), Ok(0), "{payload}");
    verified(&jwt(), &token, NOW)
}

const MALFORMED: Result<usize, &str> = Err("malformed_credential");
const UNSUPPORTED: Result<usize, &str> = Err("unsupported_algorithm");
const MISMATCH: Result<usize, &str> = Err("mismatch");

#[test]
fn a9_the_algorithm_is_configured_and_not_named() {
    for (header, verdict) in [
        (HEADER, Ok(0)),
        (r#"{"alg":"HS256"}"#, Ok(0)),
        (r#" {"typ":"JWT", "alg" : "HS256", "kid":"1"} "#, Ok(0)),
        (r#"{"\u0061lg":"\u0048S256"}"#, Ok(0)),
        (r#"{"alg":"none"}"#, UNSUPPORTED),
        (r#"{"alg":"nOnE"}"#, UNSUPPORTED),
        (r#"{"alg":"NONE"}"#, UNSUPPORTED),
        (r#"{"alg":""}"#, UNSUPPORTED),
        (r#"{"alg":"hs256"}"#, UNSUPPORTED),
        (r#"{"alg":"HS256 "}"#, UNSUPPORTED),
        (r#"{"alg":"HS384"}"#, UNSUPPORTED),
        (r#"{"alg":"HS512"}"#, UNSUPPORTED),
        (r#"{"alg":"RS256"}"#, UNSUPPORTED),
        (r#"{"alg":"ES256"}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","crit":["exp"]}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","crit":[]}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","crit":null}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","x5c":["AA"]}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","enc":"A256GCM"}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","zip":"DEF"}"#, UNSUPPORTED),
        (r#"{"alg":"HS256","jku":"https://example.org/keys","x":[1,{"alg":"none"}]}"#, Ok(0)),
        (r#"{"alg":"HS256","typ":7}"#, MALFORMED),
        (r#"{"alg":"HS256","kid":null}"#, MALFORMED),
        (r#"{"typ":"JWT"}"#, MALFORMED),
        ("{}", MALFORMED),
        (r#"{"alg":256}"#, MALFORMED),
        (r#"{"alg":null}"#, MALFORMED),
        (r#"{"alg":["HS256"]}"#, MALFORMED),
        (r#"{"alg":{"name":"HS256"}}"#, MALFORMED),
        (r#"{"alg":"none","alg":"HS256"}"#, MALFORMED),
        (r#"{"alg":"HS256","alg":"none"}"#, MALFORMED),
        (r#"{"alg":"HS256","alg":"HS256"}"#, MALFORMED),
        (r#"{"alg":"HS256","\u0061lg":"none"}"#, MALFORMED),
        (r#"{"alg":"HS256","kid":"1","typ":"JWT","kid":"2"}"#, MALFORMED),
        (r#"{"alg":"HS256"} {}"#, MALFORMED),
        (r#"{"alg":"HS256","#, MALFORMED),
        (r#"{"alg":"HS256","x":"\ud83d","\ud83d":1}"#, MALFORMED),
        (r#"["alg","HS256"]"#, MALFORMED),
        (r#""HS256""#, MALFORMED),
        ("\u{feff}{\"alg\":\"HS256\"}", MALFORMED),
        ("", MALFORMED),
    ] {
        assert_eq!(with_header(header), verdict, "{header}");
    }
    // Without a signature, as `none` has it.
    let unsigned = |header: &str| {
        let payload = URL_SAFE_NO_PAD.encode(good_claims());
        format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(header))
    };
    assert_eq!(verified(&jwt(), &unsigned(r#"{"alg":"none"}"#), NOW), UNSUPPORTED);
    assert_eq!(verified(&jwt(), &unsigned(HEADER), NOW), MALFORMED);
}

#[test]
fn a15_exp_and_iat_are_whole_numbers() {
    assert_eq!(with_claims(&good_claims()), Ok(0));
    for odd in [
        r#""9999999999""#,
        r#""1705313100""#,
        "null",
        "true",
        "1e99",
        "1e10",
        "1705313100.0",
        "1705313100.5",
        "-1",
        "-0",
        "[]",
        "[1705313100]",
        "{}",
        "1000000000000",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
    ] {
        assert_eq!(with_claims(&claims(odd, "1705312500")), MALFORMED, "exp {odd}");
        assert_eq!(with_claims(&claims("1705313100", odd)), MALFORMED, "iat {odd}");
        let nbf = good_claims().replace('}', &format!(r#","nbf":{odd}}}"#));
        assert_eq!(with_claims(&nbf), MALFORMED, "nbf {odd}");
    }
    for payload in [
        r#"{"iat":1705312500,"app":"evolution","action":"webhook"}"#,
        r#"{"exp":1705313100,"app":"evolution","action":"webhook"}"#,
        r#"{"iat":1705312500,"Exp":1705313100,"app":"evolution","action":"webhook"}"#,
        r#"{"iat":1705312500,"exp":1705313100,"exp":1705313100,"app":"evolution","action":"webhook"}"#,
        r#"{"iat":1705312500,"exp":1,"\u0065xp":1705313100,"app":"evolution","action":"webhook"}"#,
        r#"{"iat":1705312500,"iat":1705312500,"exp":1705313100,"app":"evolution","action":"webhook"}"#,
        r#"{"iat":1705312500,"exp":1705313100,"app":"x","app":"evolution","action":"webhook"}"#,
        r#"{"iat":1705312500,"exp":1705313100,"app":"evolution","action":"webhook"} x"#,
        r#"{"iat":01705312500,"exp":1705313100,"app":"evolution","action":"webhook"}"#,
        r#"[{"iat":1705312500,"exp":1705313100}]"#,
        "1705313100",
        "null",
        "foo",
        "",
    ] {
        assert_eq!(with_claims(payload), MALFORMED, "{payload}");
    }
    // What other claims hold is no concern.
    let more = good_claims().replace('}', r#","jti":{"a":[1e999]},"x":"\ud83d","nbf":0}"#);
    assert_eq!(with_claims(&more), Ok(0));
    assert_eq!(with_claims(&claims("999999999999", "0")), Ok(0));
}

#[test]
fn a_token_is_for_what_it_was_made_for() {
    for (from, to) in [
        (r#""evolution""#, r#""other""#),
        (r#""evolution""#, r#""Evolution""#),
        (r#""evolution""#, r#"["evolution"]"#),
        (r#""evolution""#, "null"),
        (r#""webhook""#, r#""webhook ""#),
        (r#""webhook""#, r#""""#),
        (r#","action":"webhook""#, ""),
        (r#","app":"evolution""#, ""),
    ] {
        let payload = good_claims().replace(from, to);
        assert_ne!(payload, good_claims());
        assert_eq!(with_claims(&payload), MISMATCH, "{payload}");
        // Only a right token is told that it is late.
        let late = verified(&jwt(), &token(SECRET, HEADER, &payload), NOW + 1_000_000);
        assert_eq!(late, MISMATCH, "{payload}");
    }
}

#[test]
fn a21_the_leeway_is_a_setting() {
    // Issued at NOW for 600 s; attempts at the nominal delays of a schedule
    // that doubles from 5 s to 300 s.
    let token = token(SECRET, HEADER, &good_claims());
    let attempts = [0, 5, 15, 35, 75, 155, 315, 615, 915, 1215];
    for (leeway, accepted) in [(0, 7), (60, 8), (900, 10), (1200, 10)] {
        let jwt = jwt().leeway(Duration::from_secs(leeway));
        let verdicts: Vec<_> =
            attempts.iter().map(|delay| verified(&jwt, &token, NOW + delay)).collect();
        let (early, late) = verdicts.split_at(accepted);
        assert!(early.iter().all(|verdict| *verdict == Ok(0)), "{leeway}: {verdicts:?}");
        assert!(late.iter().all(|verdict| *verdict == Err("expired")), "{leeway}: {verdicts:?}");
    }
}

#[test]
fn a13_times_do_not_overflow() {
    let good = token(SECRET, HEADER, &good_claims());
    for (leeway, from, until) in [(0, NOW, NOW + 599), (60, NOW - 60, NOW + 659)] {
        let jwt = jwt().leeway(Duration::from_secs(leeway));
        assert_eq!(verified(&jwt, &good, from), Ok(0));
        assert_eq!(verified(&jwt, &good, until), Ok(0));
        assert_eq!(verified(&jwt, &good, from - 1), Err("too_far_ahead"));
        assert_eq!(verified(&jwt, &good, until + 1), Err("expired"));
    }
    // A fraction of a second does not shorten it.
    let late = DateTime::from_timestamp(NOW + 599, 999_999_999).unwrap();
    assert_eq!(jwt().verify(&good, late), Ok(0));

    let nbf = good_claims().replace('}', r#","nbf":1705312560}"#);
    let nbf = token(SECRET, HEADER, &nbf);
    assert_eq!(verified(&jwt(), &nbf, NOW), Err("too_far_ahead"));
    assert_eq!(verified(&jwt(), &nbf, NOW + 60), Ok(0));
    assert_eq!(verified(&jwt().leeway(Duration::from_secs(60)), &nbf, NOW), Ok(0));

    for payload in [good_claims(), claims("0", "0"), claims("999999999999", "999999999999")] {
        let token = token(SECRET, HEADER, &payload);
        for leeway in [Duration::ZERO, Duration::MAX] {
            let jwt = jwt().leeway(leeway);
            for now in [DateTime::<Utc>::MIN_UTC, at(-1), at(0), DateTime::<Utc>::MAX_UTC] {
                let verdict = jwt.verify(&token, now).map_err(|refusal| refusal.reason().as_str());
                if leeway == Duration::MAX {
                    assert_eq!(verdict, Ok(0), "{payload} {now}");
                } else {
                    assert!(matches!(verdict, Err("expired" | "too_far_ahead")), "{payload} {now}");
                }
            }
        }
    }
}

#[test]
fn a_token_is_three_strict_parts() {
    let good = token(SECRET, HEADER, &good_claims());
    assert_eq!(verified(&jwt(), &good, NOW), Ok(0));
    let [header, payload, tag] = good.split('.').collect::<Vec<_>>()[..] else { panic!("{good}") };
    let json = format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{tag}"}}"#);
    for bad in [
        "",
        ".",
        "..",
        "...",
        header,
        &format!("{header}.{payload}"),
        &format!("{header}.{payload}."),
        &format!(".{payload}.{tag}"),
        &format!("{good}."),
        &format!(".{good}"),
        &format!("{good}.{tag}"),
        &format!("{header}.{payload}.{payload}.{tag}"),
        &format!("{good}="),
        &format!("{header}=.{payload}.{tag}"),
        &format!("{header}.{payload}==.{tag}"),
        &format!(" {good}"),
        &format!("{good} "),
        &format!("{good}\n"),
        &format!("{header}.{payload}\n.{tag}"),
        &format!("{header}.{payload}?.{tag}"),
        &format!("{good}\u{0}"),
        &format!("{good}é"),
        &format!("{header}.{payload}.{}", &tag[..42]),
        &format!("{header}.{payload}.{}", &tag[..22]),
        &format!("{header}.{payload}.{tag}A"),
        &format!("{header}.{payload}.{tag}{tag}"),
        &json,
    ] {
        assert_eq!(verified(&jwt(), bad, NOW), MALFORMED, "{bad}");
        assert!(jwt().verify_signature(bad).is_err(), "{bad}");
    }
    // An empty payload is one, and signed by nobody here.
    assert_eq!(verified(&jwt(), &format!("{header}..{tag}"), NOW), MISMATCH);
    assert_eq!(jwt().verify_signature(jwt().sign("")), Ok(0));
    // The last character of 32 bytes has four bits to spare: none may be set.
    let last = tag.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for other in alphabet.chars().filter(|other| *other != last) {
        let bad = format!("{header}.{payload}.{}{other}", &tag[..42]);
        let expected = if "AEIMQUYcgkosw048".contains(other) { MISMATCH } else { MALFORMED };
        assert_eq!(verified(&jwt(), &bad, NOW), expected, "{other}");
    }
    // The other alphabet of base64, where it makes a difference.
    let odd = token(SECRET, r#"{"alg":"HS256","k":"???>>>"}"#, &good_claims());
    assert_eq!(verified(&jwt(), &odd, NOW), Ok(0));
    let other = odd.replace('_', "/").replace('-', "+");
    assert_ne!(other, odd);
    assert_eq!(verified(&jwt(), &other, NOW), MALFORMED);
    assert!(jwt().verify(b"\xFF.\xFF.\xFF", at(NOW)).is_err());
}

#[test]
fn every_character_of_a_token_counts() {
    let good = token(SECRET, HEADER, &good_claims());
    for place in 0..good.len() {
        for other in ['A', 'B', '.', '='] {
            let bad = format!("{}{other}{}", &good[..place], &good[place + 1..]);
            if bad != good {
                assert!(jwt().verify(&bad, at(NOW)).is_err(), "{place} {other}");
                assert!(jwt().verify_signature(&bad).is_err(), "{place} {other}");
            }
        }
    }
}

#[test]
fn a23_old_and_new_secrets_are_accepted_while_both_are_configured() {
    let [old, new] = ["jwt-old", "jwt-new"].map(|text| Secret::new(text).unwrap());
    let jwt = Jwt::hs256([new, old]);
    for (secret, verdict) in [("jwt-new", Ok(0)), ("jwt-old", Ok(1)), ("jwt-gone", MISMATCH)] {
        assert_eq!(verified(&jwt, &token(secret, HEADER, &good_claims()), NOW), verdict);
    }
    // The first one signs, and others read it.
    let signed = jwt.sign(good_claims());
    assert_eq!(signed, token("jwt-new", HEADER, &good_claims()));
    assert_eq!(verified(&jwt, &signed, NOW), Ok(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(thorough::or(1000, 5000)))]

    #[test]
    fn no_bytes_pass_or_panic(
        token in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "[A-Za-z0-9_=-]{0,40}(\\.[A-Za-z0-9_=-]{0,43}){0,4}".prop_map(String::into_bytes),
            any::<(String, String)>().prop_map(|(header, payload)| {
                token(SECRET, &header, &payload).into_bytes()
            }),
        ]
    ) {
        prop_assert!(jwt().verify(&token, at(NOW)).is_err());
    }
}
