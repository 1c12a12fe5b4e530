//! The threats to authentication, by their numbers in the threat model:
//! ordinary-test parts.

use http::{HeaderMap, Method};
use proptest::prelude::*;
use zaphook::auth::{BodySignature, Mechanism, Networks};
use zaphook::{EnviaAi, Error, Gateway, Head, Receiver, Request, Secret, Secrets, testing};

use crate::enviaai::receiver as enviaai;
use crate::fixtures;
use crate::gateways::secret;
use crate::thorough;

const HEADER: &str = "X-EnviaAI-Signature";

fn body() -> String {
    fixtures::text("enviaai/message.received.plain.json")
}

fn signature(body: &str) -> String {
    EnviaAi::sign(&secret(), body.as_bytes())
}

/// The reason why a request with these headers is refused; `Ok` when it is not.
fn refused<V: AsRef<[u8]>>(headers: &[(&str, V)], body: &str) -> Result<(), &'static str> {
    let pairs: Vec<(&str, &[u8])> = headers.iter().map(|(n, v)| (*n, v.as_ref())).collect();
    let request = Request::new(&pairs, body);
    let result = enviaai().receive(&request);
    let alone = enviaai().authenticate(&request);
    match result {
        Ok(delivery) => {
            assert_eq!(delivery.proof(), &alone.unwrap());
            Ok(())
        }
        Err(ref error @ Error::Refused(ref refusal)) => {
            assert_eq!(alone.as_ref(), Err(refusal));
            assert_eq!((error.reason(), error.status().as_u16()), (refusal.reason().as_str(), 401));
            Err(refusal.reason().as_str())
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_good_delivery_is_accepted() {
    let body = body();
    assert_eq!(refused(&[(HEADER, signature(&body))], &body), Ok(()));
    assert_eq!(refused(&[("x-envIAai-SIGnature", signature(&body))], &body), Ok(()));
    assert_eq!(
        refused(&[(HEADER, signature(&body).to_uppercase().replace("SHA", "sha"))], &body),
        Ok(())
    );
}

/// Any change of any bit of the tag or the body is noticed.
#[test]
fn a1_the_whole_tag_over_the_whole_body_counts() {
    let body = body();
    let good = signature(&body);
    for index in 7..good.len() {
        let mut bad = good.clone().into_bytes();
        bad[index] = if bad[index] == b'0' { b'1' } else { b'0' };
        assert_eq!(refused(&[(HEADER, bad)], &body), Err("mismatch"), "{index}");
    }
    for index in 0..body.len() {
        let mut bad = body.clone().into_bytes();
        bad[index] ^= 1;
        let headers = [(HEADER, good.as_str())];
        let request = Request::new(&headers, bad);
        assert_eq!(enviaai().receive(&request).unwrap_err().reason(), "mismatch", "{index}");
    }
}

#[test]
fn a2_a_short_or_empty_tag_is_refused() {
    let body = body();
    let good = signature(&body);
    for end in 0..good.len() {
        assert_eq!(refused(&[(HEADER, &good[..end])], &body), Err("malformed_credential"), "{end}");
    }
    for extra in ["0", "00", "\0", " "] {
        let long = format!("{good}{extra}");
        assert_eq!(refused(&[(HEADER, long)], &body), Err("malformed_credential"), "{extra:?}");
    }
    // Half a tag, as HMACs are sometimes truncated.
    assert_eq!(refused(&[(HEADER, &good[..7 + 32])], &body), Err("malformed_credential"));
}

#[test]
fn a3_malformed_headers_do_not_panic() {
    let body = body();
    for value in ["", "sha256=", "sha256=ab", "sha256=é", "=", "sha256", "\u{0}"] {
        assert_eq!(refused(&[(HEADER, value)], &body), Err("malformed_credential"), "{value:?}");
    }
    let long = format!("sha256={}", "0".repeat(5000));
    assert_eq!(refused(&[(HEADER, long)], &body), Err("malformed_credential"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(thorough::or(1000, 5000)))]

    #[test]
    fn a3_no_header_of_any_bytes_passes(
        value in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "sha256=[0-9a-fA-F]{0,70}".prop_map(String::into_bytes),
            "(sha256=){0,2}[+0-9a-f]{64}".prop_map(String::into_bytes),
        ]
    ) {
        let reason = refused(&[(HEADER, value)], "{}").unwrap_err();
        prop_assert!(matches!(reason, "malformed_credential" | "mismatch"));
    }
}

#[test]
fn a4_hexadecimal_digits_are_strict() {
    let body = body();
    let good = signature(&body);
    let digits = good.strip_prefix("sha256=").unwrap();
    for bad in [
        format!("+{}", &digits[1..]),
        format!("+f{}", &digits[2..]),
        format!("0x{}", &digits[2..]),
        format!(" {}", &digits[1..]),
        format!("{} ", &digits[..63]),
        format!("{}\t", &digits[..63]),
        format!("{digits}\n"),
        format!("\n{digits}"),
        digits[1..].to_owned(),
        format!("%61{}", &digits[3..]),
        format!("é{}", &digits[2..]),
        format!("{}g", &digits[..63]),
        format!("{}\u{ff11}", &digits[..61]),
    ] {
        let value = format!("sha256={bad}");
        assert_eq!(refused(&[(HEADER, &value)], &body), Err("malformed_credential"), "{value:?}");
    }
}

#[test]
fn a5_the_prefix_stands_once_at_the_start() {
    let body = body();
    let good = signature(&body);
    let digits = good.strip_prefix("sha256=").unwrap();
    for value in [
        format!("sha1={digits}"),
        format!("SHA256={digits}"),
        format!("Sha256={digits}"),
        format!("sha512={digits}"),
        format!("sha256=sha256={digits}"),
        format!("junk,{good}"),
        format!(" {good}"),
        format!("{good},{good}"),
        format!("sha256:{digits}"),
        format!("sha256= {digits}"),
        format!("v1={digits}"),
        digits.to_owned(),
    ] {
        assert_eq!(refused(&[(HEADER, &value)], &body), Err("malformed_credential"), "{value:?}");
    }
}

#[test]
fn a6_there_is_no_empty_secret() {
    for text in ["", " ", "abc\n", "\u{2028}abc"] {
        assert!(Secret::new(text).is_err(), "{text:?}");
    }
    assert!(Secret::from_bytes([]).is_err());
    assert!(Secrets::new([]).is_err());
    // What signs with an empty key anyway is refused like any other.
    let request =
        [(HEADER, "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")];
    assert_eq!(refused(&request, ""), Err("mismatch"));
}

#[test]
fn a7_a_missing_signature_is_refused() {
    let body = body();
    let others = [
        ("content-type", "application/json".to_owned()),
        ("x-enviaai-signatur", signature(&body)),
        ("x-signature", signature(&body)),
        ("authorization", signature(&body)),
    ];
    for mask in 0..1 << others.len() {
        let headers: Vec<_> = others
            .iter()
            .enumerate()
            .filter(|(index, _)| mask & (1 << index) != 0)
            .map(|(_, header)| header.clone())
            .collect();
        assert_eq!(refused(&headers, &body), Err("missing_credential"), "{mask}");
    }
    // Neither a body nor its absence makes up for it.
    assert_eq!(refused::<&str>(&[], ""), Err("missing_credential"));
}

#[test]
fn a8_a_doubled_signature_header_is_refused() {
    let body = body();
    let (good, bad) = (signature(&body), signature("another"));
    for (first, second) in [(&good, &bad), (&bad, &good), (&good, &good)] {
        let headers = [(HEADER, first), ("x-enviaai-signature", second)];
        assert_eq!(refused(&headers, &body), Err("ambiguous_credential"));
        let mut map = HeaderMap::new();
        map.append(HEADER, first.parse().unwrap());
        map.append(HEADER, second.parse().unwrap());
        let request = Request::new(&map, body.as_str());
        assert_eq!(enviaai().receive(&request).unwrap_err().reason(), "ambiguous_credential");
    }
}

#[test]
fn a10_the_signature_is_over_the_bytes_as_sent() {
    let spelled = [
        "{ \"event\" : \"message.received\",\r\n\t\"data\":{\"messageId\":\"m\",\"instanceId\":\"i\",\"from\":\"5511999990001\"} }\n",
        r#"{"event":"message.received","data":{"messageId":"m","instanceId":"i","from":"5511999990001","content":"a\/b"}}"#,
        r#"{"event":"message.received","data":{"messageId":"m","instanceId":"i","from":"5511999990001","content":"caf\u00e9"}}"#,
        r#"{"data":{"from":"5511999990001","messageId":"m","instanceId":"i"},"event":"message.received"}"#,
        r#"{"event":"message.received","x":1.0,"data":{"messageId":"m","instanceId":"i","from":"5511999990001"}}"#,
    ];
    for body in spelled {
        assert_eq!(refused(&[(HEADER, signature(body))], body), Ok(()), "{body}");
        let mut again = serde_json::from_str::<serde_json::Value>(body).unwrap();
        again.sort_all_objects();
        let again = again.to_string();
        assert_ne!(again, body);
        assert_eq!(refused(&[(HEADER, signature(&again))], body), Err("mismatch"), "{body}");
        assert_eq!(refused(&[(HEADER, signature(body))], &again), Err("mismatch"), "{body}");
    }
}

#[test]
fn a19_forwarded_addresses_are_believed_from_trusted_proxies_only() {
    let networks = || Networks::new(["198.51.100.0/24"]).unwrap().behind(["10.0.0.0/8"]).unwrap();
    let alone = Receiver::new(EnviaAi::by(networks()));
    let both = Receiver::new(EnviaAi::signed(secret()).and(networks()));
    let nobody = Receiver::new(EnviaAi::by(Networks::new([""; 0]).unwrap()));
    let body = body();
    let good = signature(&body);

    for (peer, forwarded, allowed) in [
        ("198.51.100.7", None, true),
        ("::ffff:198.51.100.7", None, true),
        ("203.0.113.1", Some("198.51.100.7"), false),
        ("10.0.0.1", Some("198.51.100.7"), true),
        ("10.0.0.1", Some("203.0.113.1, 198.51.100.7"), true),
        ("10.0.0.1", Some("198.51.100.7, 203.0.113.1"), false),
        ("10.0.0.1", Some("198.51.100.7, 10.0.0.2"), true),
        ("10.0.0.1", Some("198.51.100.7:55555"), true),
        ("10.0.0.1", Some("unknown"), false),
        ("10.0.0.1", None, false),
    ] {
        let mut headers = vec![(HEADER, good.as_str())];
        headers.extend(forwarded.map(|value| ("X-Forwarded-For", value)));
        let head = Head::new(&headers).peer(peer.parse().unwrap());
        let request = head.with_body(body.as_str());
        for receiver in [&alone, &both] {
            assert_eq!(receiver.screen(&head).is_ok(), allowed, "{peer} {forwarded:?}");
            match receiver.receive(&request) {
                Ok(_) => assert!(allowed, "{peer} {forwarded:?}"),
                Err(error) => assert_eq!((error.reason(), allowed), ("network", false)),
            }
        }
        assert_eq!(nobody.receive(&request).unwrap_err().reason(), "network");
    }
    // Both must hold.
    let headers = [(HEADER, signature("another"))];
    let request = Head::new(&headers).peer("198.51.100.7".parse().unwrap()).with_body(body);
    assert_eq!(both.receive(&request).unwrap_err().reason(), "mismatch");
    let proof = alone.receive(&request).unwrap().proof().clone();
    assert_eq!((proof.by().collect::<Vec<_>>(), proof.secret()), (vec![Mechanism::Networks], None));
}

#[test]
fn a23_old_and_new_secrets_are_accepted_while_both_are_configured() {
    let [old, new, gone] =
        ["whs_old", "whs_new", "whs_gone"].map(|text| Secret::new(text).unwrap());
    let receiver = Receiver::new(EnviaAi::signed([new.clone(), old.clone()]));
    for (secret, index) in [(&new, 0), (&old, 1)] {
        let request = testing::enviaai(secret, body());
        let delivery = receiver.receive(&Request::from(&request)).unwrap();
        assert_eq!(delivery.proof().secret(), Some(index));
        assert_eq!(delivery.proof().by().collect::<Vec<_>>(), [Mechanism::Secrets]);
    }
    let request = testing::enviaai(&gone, body());
    assert_eq!(receiver.receive(&Request::from(&request)).unwrap_err().reason(), "mismatch");
    let after = Receiver::new(EnviaAi::signed(new));
    let request = testing::enviaai(&old, body());
    assert_eq!(after.receive(&Request::from(&request)).unwrap_err().reason(), "mismatch");
    assert!(Secrets::new([]).is_err());
}

#[test]
fn policies_combine() {
    let office = Networks::new(["198.51.100.0/24"]).unwrap();
    let either = EnviaAi::any_of([EnviaAi::signed(secret()), EnviaAi::by(office)]);
    let receiver = Receiver::new(either);
    let body = body();
    let good = [(HEADER, signature(&body))];
    let none: [(&str, &str); 0] = [];
    let inside = "198.51.100.7".parse().unwrap();
    assert!(receiver.receive(&Request::new(&good, body.as_str())).is_ok());
    assert!(receiver.receive(&Head::new(&none).peer(inside).with_body(body.as_str())).is_ok());
    let neither = Request::new(&none, body.as_str());
    assert_eq!(receiver.receive(&neither).unwrap_err().reason(), "network");

    let nothing = Receiver::new(EnviaAi::any_of([]));
    assert_eq!(
        nothing.receive(&Request::new(&good, body.as_str())).unwrap_err().reason(),
        "mismatch"
    );

    let anyone = Receiver::new(EnviaAi::unauthenticated());
    let delivery = anyone.receive(&neither).unwrap();
    assert_eq!(delivery.proof().by().collect::<Vec<_>>(), [Mechanism::None]);
}

#[test]
fn the_head_alone_is_screened() {
    let receiver = enviaai();
    let none: [(&str, &str); 0] = [];
    let reason =
        |head: &Head<'_>| receiver.screen(head).map_err(|refusal| refusal.reason().as_str());
    assert_eq!(reason(&Head::new(&none)), Err("missing_credential"));
    let twice = [(HEADER, "a"), (HEADER, "b")];
    assert_eq!(reason(&Head::new(&twice)), Err("ambiguous_credential"));
    let wrong = [(HEADER, signature("another"))];
    assert_eq!(reason(&Head::new(&wrong)), Ok(()));
    let get = receiver.screen(&Head::new(&wrong).method(&Method::GET)).unwrap_err();
    assert_eq!((get.reason().as_str(), get.status().as_u16()), ("method_not_allowed", 405));
    let body = body();
    let good = [(HEADER, signature(&body))];
    let get = Head::new(&good).method(&Method::GET).with_body(body);
    assert_eq!(receiver.receive(&get).unwrap_err().status(), 405);
}

#[test]
fn signing_is_public_next_to_verifying() {
    let body = body();
    let signature =
        BodySignature::sha256([Secret::new("whs_new").unwrap(), secret()]).prefix("sha256=");
    assert_eq!(
        signature.verify(EnviaAi::sign(&secret(), body.as_bytes()).as_bytes(), body.as_bytes()),
        Ok(1)
    );
    let request = testing::enviaai(&secret(), body.as_str());
    assert_eq!(
        request.headers()[EnviaAi::SIGNATURE_HEADER],
        EnviaAi::sign(&secret(), body.as_bytes())
    );
    assert_eq!(
        (request.method(), &request.headers()["content-type"]),
        (&Method::POST, &"application/json".parse().unwrap())
    );
    assert_eq!(EnviaAi::peek(&Request::from(&request)).token_digest, None);
}
