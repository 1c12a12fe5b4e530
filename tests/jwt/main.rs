//! What this crate makes of a JSON Web Token, against the crate `jsonwebtoken`.

use std::cell::Cell;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;
use serde::de::IgnoredAny;
use zaphook::Secret;
use zaphook::auth::Jwt;

const SECRET: &str = "jwt-5d1f0cc3a92b";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

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

#[test]
fn what_is_signed_here_is_read_there() {
    let jwt = Jwt::hs256(["jwt-new", "jwt-old"].map(|text| Secret::new(text).unwrap()));
    let lasting = jwt.sign(claims("999999999999", "0"));
    let key = DecodingKey::from_secret(b"jwt-new");
    let decoded = jsonwebtoken::decode::<serde_json::Value>(&lasting, &key, &validation(0));
    assert_eq!(decoded.unwrap().claims["app"], "evolution");
}

/// What the other implementation checks of what this one does.
fn validation(leeway: u64) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.leeway = leeway;
    validation.validate_nbf = true;
    // Neither asks for whom a token was made, if not told to.
    validation.validate_aud = false;
    validation
}

fn other_accepts(token: &str, leeway: u64) -> bool {
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode::<IgnoredAny>(token, &key, &validation(leeway)).is_ok()
}

/// Where this implementation is the stricter one.
#[test]
fn what_another_implementation_lets_pass() {
    let now = Utc::now().timestamp();
    let (later, soon) = (now + 600, now + 100_000);
    let header_only = |header: &str| token(SECRET, header, &claims(&later.to_string(), "0"));
    let payload = |text: &str| token(SECRET, HEADER, &format!(r#"{{"exp":{later},{text}}}"#));
    for (what, token) in [
        ("iat is missing", payload(r#""x":1"#)),
        ("iat is a text", payload(r#""iat":"0""#)),
        ("iat is in the future", payload(&format!(r#""iat":{soon}"#))),
        ("exp is not whole", token(SECRET, HEADER, &claims(&format!("{later}.5"), "0"))),
        ("exp is more than twelve digits", token(SECRET, HEADER, &claims("1000000000000", "0"))),
        ("a claim is repeated", payload(r#""iat":0,"x":1,"x":2"#)),
        ("crit is empty", header_only(r#"{"alg":"HS256","crit":[]}"#)),
        ("a header is null", header_only(r#"{"alg":"HS256","typ":null}"#)),
        ("crit is not understood", header_only(r#"{"alg":"HS256","crit":["x"],"x":1}"#)),
        ("a header is repeated", header_only(r#"{"alg":"HS256","x":1,"x":2}"#)),
    ] {
        assert!(other_accepts(&token, 0), "{what}");
        let secret = Secret::new(SECRET).unwrap();
        assert!(Jwt::hs256(secret).verify(&token, Utc::now()).is_err(), "{what}");
    }
}

/// Whatever this implementation accepts, another one accepts too.
#[test]
fn nothing_is_accepted_that_another_implementation_refuses() {
    compare_with_another_implementation(10_000);
}

#[test]
#[ignore = "needs a minute"]
fn nothing_is_accepted_that_another_implementation_refuses_in_100_000() {
    compare_with_another_implementation(100_000);
}

fn compare_with_another_implementation(cases: u32) {
    const LEEWAY: u64 = 60;
    let now = Utc::now().timestamp();
    let headers = select(vec![
        HEADER,
        HEADER,
        HEADER,
        HEADER,
        r#"{"typ":"JWT","alg":"HS256","kid":"x"}"#,
        r#"{"alg":"\u0048S256"}"#,
        r#"{"alg":"HS256","typ":null}"#,
        r#"{"alg":"HS256","typ":7}"#,
        r#"{"alg":"HS256","x5c":"x"}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"none"}"#,
        r#"{"alg":null}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"HS256","crit":["x"]}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"HS256""#,
    ]);
    let times: Vec<String> = [-100_000, -1000, -200, -30, 0, 30, 200, 1000, 100_000]
        .iter()
        .map(|delta| (now + delta).to_string())
        .chain(
            [
                "null",
                "-1",
                "1e3",
                "1e99",
                "0",
                "\"9999999999\"",
                "[]",
                "99999999999999999999",
                "\"\"",
            ]
            .map(str::to_owned),
        )
        .collect();
    let late: Vec<String> = [200, 300, 400, 1000, 100_000, 1_000_000]
        .iter()
        .map(|delta| (now + delta).to_string())
        .collect();
    let mostly_good = |times: Vec<String>, good: Vec<String>| prop_oneof![3 => select(good), 1 => select(times), ];
    let claim = |name: &'static str, value: BoxedStrategy<String>, present: f64| {
        prop::option::weighted(present, value.prop_map(move |value| format!("{name:?}:{value}")))
    };
    let early = vec!["0".to_owned(), (now - 1000).to_string(), (now - 200).to_string()];
    let payloads = (
        claim("exp", mostly_good(times.clone(), late).boxed(), 0.95),
        claim("iat", mostly_good(times.clone(), early.clone()).boxed(), 0.95),
        claim("nbf", mostly_good(times.clone(), early).boxed(), 0.3),
        claim("exp", select(times).boxed(), 0.05),
        prop::option::weighted(
            0.2,
            select(vec![r#""sub":1"#, r#""aud":"x""#, r#""x":"\ud83d""#, r#""x":{"exp":1}"#, "x"])
                .prop_map(str::to_owned),
        ),
    )
        .prop_map(|(a, b, c, d, e)| {
            let members: Vec<String> = [a, b, c, d, e].into_iter().flatten().collect();
            format!("{{{}}}", members.join(","))
        });
    let secrets = select(vec![SECRET, SECRET, SECRET, SECRET, SECRET, "other"]);
    let mangled = prop_oneof![
        2 => Just(None),
        1 => (any::<prop::sample::Index>(), "[A-Za-z0-9_.=+/-]?").prop_map(Some),
    ];
    let tokens =
        (headers, payloads, secrets, mangled).prop_map(|(header, payload, secret, mangled)| {
            let mut token = token(secret, header, &payload);
            if let Some((index, other)) = mangled {
                let place = index.index(token.len());
                token.replace_range(place..=place, &other);
            }
            token
        });

    let ours = Jwt::hs256(Secret::new(SECRET).unwrap()).leeway(Duration::from_secs(LEEWAY));
    let (both, other, neither) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    })
    .run(&tokens, |token| {
        // Time goes on between the two, in the stricter direction.
        let theirs = other_accepts(&token, LEEWAY);
        match (ours.verify(&token, Utc::now()).is_ok(), theirs) {
            (true, true) => count(&both),
            (false, true) => count(&other),
            (false, false) => count(&neither),
            (true, false) => prop_assert!(false, "accepted here only: {}", token),
        }
        Ok(())
    })
    .unwrap();
    // Both verdicts were tried, many times.
    for counter in [&both, &other, &neither] {
        assert!(counter.get() > cases / 20, "{both:?} {other:?} {neither:?}");
    }
    println!("accepted by both {both:?}, only there {other:?}, by none {neither:?}");
}
