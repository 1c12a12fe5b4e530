//! How deliveries prove themselves, and how they are refused.

use std::net::IpAddr;

use http::HeaderName;
use zaphook::auth::{Mechanism, Networks};
use zaphook::{Gateway, Head, Receiver, Request, Secret, Token, Wawp, testing};

use super::{SUBJECT, receiver, text, time};
use crate::gateways::{SECRET, secret};

const TOKEN: &str = "f2Q8xN4pL0sV7kT3";

fn token() -> Token {
    Token::new(TOKEN).unwrap()
}

/// The vector of WAHA's documentation.
const KEY: &str = "my-secret-key";
const BODY: &str = r#"{"event":"message","session":"default","engine":"WEBJS"}"#;
const TAG: &str = "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8\
                   097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89";

fn outcome(policy: Wawp, headers: &[(&str, &str)], uri: &str, peer: Option<&str>) -> &'static str {
    let mut head = Head::new(&headers).uri(uri);
    if let Some(peer) = peer {
        head = head.peer(peer.parse::<IpAddr>().unwrap());
    }
    let request = head.with_body(BODY);
    let receiver = Receiver::new(policy);
    match receiver.authenticate(&request) {
        Ok(proof) => {
            assert!(receiver.screen(request.head()).is_ok());
            proof.by().next().map_or("", Mechanism::as_str)
        }
        Err(refusal) => refusal.reason().as_str(),
    }
}

#[test]
fn the_documented_vector_holds() {
    let key = Secret::new(KEY).unwrap();
    assert_eq!(Wawp::sign(&key, BODY.as_bytes()), TAG);
    let signed = || Wawp::signed(key.clone());
    let upper = TAG.to_ascii_uppercase();
    for (tag, expected) in [
        (TAG, "secrets"),
        (&upper, "secrets"),
        (&TAG[1..], "malformed_credential"),
        (&TAG[..64], "malformed_credential"),
        ("", "malformed_credential"),
    ] {
        assert_eq!(outcome(signed(), &[("X-Webhook-Hmac", tag)], "/", None), expected, "{tag}");
    }
    let prefixed = format!("sha512={TAG}");
    let wrong = TAG.replace('2', "3");
    for (tag, expected) in [(&prefixed, "malformed_credential"), (&wrong, "mismatch")] {
        assert_eq!(outcome(signed(), &[("x-webhook-hmac", tag)], "/", None), expected, "{tag}");
    }
    assert_eq!(outcome(signed(), &[], "/", None), "missing_credential");
    let twice = [("x-webhook-hmac", TAG), ("X-Webhook-Hmac", TAG)];
    assert_eq!(outcome(signed(), &twice, "/", None), "ambiguous_credential");
    // While it is being changed.
    let other = Secret::new("another").unwrap();
    let rotated = Wawp::signed([other, key.clone()]);
    let headers = [("x-webhook-hmac", TAG)];
    let request = Request::new(&headers, BODY);
    assert_eq!(Receiver::new(rotated).authenticate(&request).unwrap().secret(), Some(1));
}

#[test]
fn a9_the_algorithm_is_not_the_senders_choice() {
    let with = |algorithm: &str| {
        let headers = [("x-webhook-hmac", TAG), ("X-Webhook-Hmac-Algorithm", algorithm)];
        outcome(Wawp::signed(Secret::new(KEY).unwrap()), &headers, "/", None)
    };
    for algorithm in ["sha512", "SHA512", "Sha512"] {
        assert_eq!(with(algorithm), "secrets", "{algorithm}");
    }
    for algorithm in
        ["", "md5", "sha256", "sha-512", "sha5120", "sha51", " sha512", "none", "sha512,sha512"]
    {
        assert_eq!(with(algorithm), "unsupported_algorithm", "{algorithm}");
    }
    let twice = [
        ("x-webhook-hmac", TAG),
        ("x-webhook-hmac-algorithm", "sha512"),
        ("x-webhook-hmac-algorithm", "md5"),
    ];
    let signed = Wawp::signed(Secret::new(KEY).unwrap());
    assert_eq!(outcome(signed.clone(), &twice, "/", None), "ambiguous_credential");
    // The head alone gives it away.
    let md5 = [("x-webhook-hmac", TAG), ("x-webhook-hmac-algorithm", "md5")];
    let refusal = Receiver::new(signed).screen(&Head::new(&md5)).unwrap_err();
    assert_eq!(
        (refusal.reason().as_str(), refusal.status().as_u16()),
        ("unsupported_algorithm", 401)
    );
    // A good name does not make a bad tag better.
    let wrong = TAG.replace('2', "3");
    let headers = [("x-webhook-hmac", wrong.as_str()), ("x-webhook-hmac-algorithm", "sha512")];
    let signed = Wawp::signed(Secret::new(KEY).unwrap());
    assert_eq!(outcome(signed, &headers, "/", None), "mismatch");
}

#[test]
fn a7_without_its_credential_nothing_is_accepted() {
    let network = || Networks::new(["203.0.113.0/24"]).unwrap();
    let header = || HeaderName::from_static("x-my-secret");
    let policies = [
        Wawp::signed(secret()),
        Wawp::by(zaphook::auth::Query::new("secret", token())),
        Wawp::by(zaphook::auth::Path::new(token())),
        Wawp::by(zaphook::auth::Header::new(header(), token())),
        Wawp::by(network()),
        Wawp::any_of([]),
        Wawp::any_of([
            Wawp::signed(secret()),
            Wawp::by(zaphook::auth::Query::new("secret", token())),
        ]),
    ];
    for policy in policies {
        let refused = outcome(policy, &[], "/wawp", None);
        assert!(["missing_credential", "mismatch", "network"].contains(&refused), "{refused}");
    }
    assert_eq!(outcome(Wawp::unauthenticated(), &[], "/", None), "none");
}

#[test]
fn a18_the_secret_of_the_query_stands_there_once() {
    let by_query = || Wawp::by(zaphook::auth::Query::new("secret", token()));
    for (query, expected) in [
        (format!("secret={TOKEN}"), "query"),
        (format!("a=1&secret={TOKEN}&b"), "query"),
        (format!("secret=%66{}", &TOKEN[1..]), "query"),
        (format!("%73ecret={TOKEN}"), "query"),
        (format!("secret={TOKEN}&secret={TOKEN}"), "ambiguous_credential"),
        (format!("secret=bad&secret={TOKEN}"), "ambiguous_credential"),
        (format!("secret={TOKEN}&%73ecret=bad"), "ambiguous_credential"),
        (format!("Secret={TOKEN}"), "missing_credential"),
        (format!("secret[]={TOKEN}"), "missing_credential"),
        ("secret".to_owned(), "missing_credential"),
        ("secret=".to_owned(), "missing_credential"),
        (format!("secret={TOKEN}%2"), "malformed_credential"),
        (format!("secret={TOKEN}x"), "mismatch"),
        (format!("secret={}", &TOKEN[1..]), "mismatch"),
        (format!("secret={TOKEN}+"), "mismatch"),
        (format!("secret=%2566{}", &TOKEN[1..]), "mismatch"),
    ] {
        assert_eq!(outcome(by_query(), &[], &format!("/wawp?{query}"), None), expected, "{query}");
    }
    // The name is free.
    let named = Wawp::by(zaphook::auth::Query::new("chave", token()));
    assert_eq!(outcome(named, &[], &format!("/?chave={TOKEN}"), None), "query");
    assert_eq!(
        outcome(Wawp::by(zaphook::auth::Path::new(token())), &[], &format!("/w/{TOKEN}"), None),
        "path"
    );
    assert_eq!(
        outcome(Wawp::by(zaphook::auth::Path::new(token())), &[], &format!("/{TOKEN}/w"), None),
        "mismatch"
    );
    let header = HeaderName::from_static("x-my-secret");
    let by_header = Wawp::by(zaphook::auth::Header::new(header, token()));
    assert_eq!(outcome(by_header, &[("X-My-Secret", TOKEN)], "/", None), "header");
}

#[test]
fn ways_combine() {
    let network = || Networks::new(["203.0.113.0/24"]).unwrap();
    let key = Secret::new(KEY).unwrap();
    let signed = [("x-webhook-hmac", TAG)];
    let uri = format!("/?secret={TOKEN}");
    let (here, elsewhere) = (Some("203.0.113.7"), Some("198.51.100.7"));

    // As Wawp advises: the secret, from where it sends.
    let both = || Wawp::by(zaphook::auth::Query::new("secret", token())).and(network());
    assert_eq!(outcome(both(), &[], &uri, here), "query");
    assert_eq!(outcome(both(), &[], &uri, elsewhere), "network");
    assert_eq!(outcome(both(), &[], "/", here), "missing_credential");

    let all = || {
        Wawp::by(zaphook::auth::Query::new("secret", token()))
            .and(zaphook::wawp::Signature::new(key.clone()))
            .and(network())
    };
    assert_eq!(outcome(all(), &signed, &uri, here), "query");
    assert_eq!(outcome(all(), &[], &uri, here), "missing_credential");
    assert_eq!(outcome(all(), &signed, &uri, elsewhere), "network");
    let request = Head::new(&signed).uri(&uri).peer("203.0.113.7".parse().unwrap()).with_body(BODY);
    let proof = Receiver::new(all()).authenticate(&request).unwrap();
    let ways: Vec<&str> = proof.by().map(Mechanism::as_str).collect();
    assert_eq!(ways, ["query", "secrets", "networks"]);

    // Wawp and WAHA on one route.
    let either = || {
        Wawp::any_of([
            Wawp::by(zaphook::auth::Query::new("secret", token())),
            Wawp::signed(key.clone()),
        ])
    };
    assert_eq!(outcome(either(), &[], &uri, None), "query");
    assert_eq!(outcome(either(), &signed, "/", None), "secrets");
    assert_eq!(outcome(either(), &[], "/?secret=bad", None), "mismatch");
}

#[test]
fn a11_unsigned_headers_are_there_and_prove_nothing() {
    let body = text("message.webjs");
    let key_with = |request_id: &str, timestamp: &str| {
        let tag = Wawp::sign(&secret(), body.as_bytes());
        let headers = [
            ("X-Webhook-Hmac", tag.as_str()),
            ("X-Webhook-Request-Id", request_id),
            ("X-Webhook-Timestamp", timestamp),
        ];
        let request = Request::new(&headers, body.as_str());
        assert_eq!(Wawp::request_id(request.head()), Some(request_id));
        let delivery = receiver().receive(&request).unwrap();
        (delivery.key().unwrap(), Wawp::request_time(request.head()))
    };
    let (key, sent) = key_with("k3j9x0q2m1z7ab", "1770733425678");
    assert_eq!(sent, Some(time("2026-02-10T14:23:45.678Z")));
    let (again, later) = key_with("another", "1770733999999");
    assert_eq!(again, key);
    assert_ne!(later, sent);

    let none = |headers: &[(&str, &str)]| {
        let head = Head::new(&headers);
        assert_eq!((Wawp::request_id(&head), Wawp::request_time(&head)), (None, None));
    };
    none(&[]);
    none(&[("X-Webhook-Request-Id", "é"), ("X-Webhook-Timestamp", "soon")]);
    none(&[
        ("X-Webhook-Request-Id", "a"),
        ("x-webhook-request-id", "b"),
        ("X-Webhook-Timestamp", "1"),
        ("x-webhook-timestamp", "2"),
    ]);
    for odd in ["", "-1", "+1", "1.5", "1e9", "\"1\"", "9223372036854775807", "{}", "null"] {
        let headers = [("X-Webhook-Timestamp", odd)];
        assert_eq!(Wawp::request_time(&Head::new(&headers)), None, "{odd}");
    }
}

#[test]
fn accounts_are_told_apart_before_they_are_proven() {
    for (fixture, account) in
        [("message.webjs", "default"), ("session.status.bare", "4B7D9C21E0AA")]
    {
        let request = testing::wawp(&secret(), text(fixture));
        let request = Request::from(&request);
        assert_eq!(Wawp::peek(&request).account.as_deref(), Some(account));
    }
    let peek = |body: &str, uri: &str| {
        let headers = [("host", "example.org")];
        Wawp::peek(&Head::new(&headers).uri(uri).with_body(body))
    };
    assert_eq!(peek(r#"{"session":"a","session":"b"}"#, "/").account, None);
    assert_eq!(peek("", "/").account, None);
    assert_eq!(peek("", &format!("/?secret={TOKEN}")).token_digest, Some(token().digest()));
    assert_eq!(peek("", &format!("/wawp/{TOKEN}")).token_digest, Some(token().digest()));
}

#[test]
fn no_policy_shows_a_secret() {
    let policy = Wawp::any_of([
        Wawp::signed(secret()).and(zaphook::auth::Query::new("secret", token())),
        Wawp::by(zaphook::auth::Header::new(HeaderName::from_static("x-my-secret"), token())),
    ]);
    let shown = format!("{policy:?} {policy:#?} {:?}", Receiver::new(policy.clone()));
    assert!(!shown.contains(&SECRET[4..]) && !shown.contains(TOKEN), "{shown}");
    let shown = (SUBJECT.shown)(text("session.status.bare").as_bytes());
    assert!(!shown.contains("base64") && !shown.contains(SECRET), "{shown}");
}
