//! Proof: tokens, bound to the instance that the body names.

use std::net::IpAddr;

use zaphook::auth::{Mechanism, Networks, TokenPlace};
use zaphook::{EazeWa, Gateway, Head, Receiver, Request, Token, Tokens, testing};

use super::{at, text, tokens};

const A: &str = "token-of-instance-33";
const A_NEW: &str = "token-of-33-renewed!";
const B: &str = "token-of-instance-34";

fn policy() -> EazeWa {
    EazeWa::per_instance(TokenPlace::path(), tokens(&[("33", &[A, A_NEW]), ("34", &[B])]))
}

fn body_of(instance: &str) -> String {
    at(&text("message.plain"), "/instanceId", Some(serde_json::from_str(instance).unwrap()))
}

/// What comes of a request to this URI; `Ok` has the place of the token.
fn check(policy: &EazeWa, uri: &str, body: &str) -> Result<Option<usize>, &'static str> {
    let head = Head::new(&[("", ""); 0]).uri(uri);
    let receiver = Receiver::new(policy.clone());
    let screened = receiver.screen(&head);
    let received = receiver.receive(&head.with_body(body));
    // Whoever is refused by the head alone is refused with its body too, for
    // the same reason.
    if let Err(refusal) = screened {
        assert_eq!(received.as_ref().unwrap_err().reason(), refusal.reason().as_str());
    }
    received
        .map(|delivery| {
            assert_eq!(delivery.proof().by().collect::<Vec<_>>(), [Mechanism::Tokens]);
            delivery.proof().secret()
        })
        .map_err(|error| {
            assert_eq!(error.status(), 401);
            error.reason()
        })
}

#[test]
fn a17_a_token_opens_its_own_instance_only() {
    let policy = policy();
    let uri = |token: &str| format!("/eazewa/{token}");
    for (token, instance, result) in [
        (A, r#""33""#, Ok(Some(0))),
        (A_NEW, r#""33""#, Ok(Some(1))),
        (B, r#""34""#, Ok(Some(0))),
        // A number is the same instance as its digits.
        (A, "33", Ok(Some(0))),
        (B, "34", Ok(Some(0))),
        // The token of one, the body of another: both known, one unknown.
        (A, r#""34""#, Err("mismatch")),
        (A_NEW, r#""34""#, Err("mismatch")),
        (B, r#""33""#, Err("mismatch")),
        (B, "33", Err("mismatch")),
        (A, r#""35""#, Err("mismatch")),
        ("token-of-nobody-here", r#""33""#, Err("mismatch")),
        ("token-of-nobody-here", r#""35""#, Err("mismatch")),
        // Nearly its name is not its name.
        (A, r#""033""#, Err("mismatch")),
        (A, r#"" 33""#, Err("mismatch")),
        (A, r#""3""#, Err("mismatch")),
        (A, r#""333""#, Err("mismatch")),
        (A, r#""""#, Err("mismatch")),
        (A, "33.0", Err("malformed_credential")),
        (A, "-33", Err("malformed_credential")),
        (A, "null", Err("malformed_credential")),
        (A, "true", Err("malformed_credential")),
        (A, r#"["33"]"#, Err("malformed_credential")),
        (A, r#"{"33":"33"}"#, Err("malformed_credential")),
    ] {
        assert_eq!(check(&policy, &uri(token), &body_of(instance)), result, "{token} {instance}");
    }
    // Named twice, it is neither; named deeper, it is not named.
    let body = body_of(r#""33""#);
    for other in ["33", "34"] {
        let twice = body.replacen('{', &format!(r#"{{"instanceId":"{other}","#), 1);
        assert_eq!(check(&policy, &uri(A), &twice), Err("ambiguous_credential"));
    }
    let deeper = at(&body, "/instanceId", None);
    let deeper = at(&deeper, "/data/instanceId", Some("33".into()));
    assert_eq!(check(&policy, &uri(A), &deeper), Err("malformed_credential"));
    for body in ["", "[]", "instanceId=33", r#"{"instanceId":"33""#, "\u{feff}{}"] {
        assert_eq!(check(&policy, &uri(A), body), Err("malformed_credential"), "{body}");
    }
}

/// An unknown instance is refused in the same words as a known one, so that
/// nobody learns which instances there are.
#[test]
fn a17_which_instances_there_are_does_not_show() {
    let policy = policy();
    let refusal = |token: &str, instance: &str| {
        let uri = format!("/eazewa/{token}");
        let body = body_of(instance);
        let head = Head::new(&[("", ""); 0]).uri(&uri);
        let error = Receiver::new(policy.clone()).receive(&head.with_body(body)).unwrap_err();
        format!("{error} {error:?} {}", error.status())
    };
    assert_eq!(refusal(A, r#""34""#), refusal(A, r#""35""#));
    for instance in [r#""33""#, r#""34""#, r#""35""#] {
        let shown = refusal("token-of-nobody-here", instance);
        assert_eq!(shown, refusal("token-of-nobody-here", r#""36""#));
        assert!(!shown.contains("33") && !shown.contains("nobody"), "{shown}");
    }
}

/// The ordinary-test part of the token table: first byte, last byte, every
/// length, and all places of a URL.
#[test]
fn a16_a_token_is_compared_whole() {
    let policy = policy();
    let any = EazeWa::any_instance(TokenPlace::path(), [token(A), token(A_NEW), token(B)]);
    let body = body_of(r#""33""#);
    let n = A.len();
    let mut wrong: Vec<String> = (1..n).map(|length| A[..length].to_owned()).collect();
    wrong.extend([format!("{A}x"), format!("x{A}"), format!("{A}{A}"), A.to_uppercase()]);
    for at in 0..n {
        let mut other = A.as_bytes().to_vec();
        other[at] ^= 1;
        wrong.push(String::from_utf8(other).unwrap().replace(['%', '?', '#', '/'], "!"));
    }
    for presented in &wrong {
        let uri = format!("/eazewa/{presented}");
        assert_eq!(check(&policy, &uri, &body), Err("mismatch"), "{presented}");
        assert_eq!(check(&any, &uri, &body), Err("mismatch"), "{presented}");
        // Nobody's token needs no body to be refused.
        let head = Head::new(&[("", ""); 0]).uri(&uri);
        assert!(Receiver::new(policy.clone()).screen(&head).is_err(), "{presented}");
    }
    for uri in ["/", "/eazewa/", "/eazewa/?", ""] {
        assert_eq!(check(&policy, uri, &body), Err("missing_credential"), "{uri}");
    }
    // The last segment only, decoded once.
    let encoded: String = A.bytes().map(|byte| format!("%{byte:02x}")).collect();
    assert_eq!(check(&policy, &format!("/eazewa/{encoded}"), &body), Ok(Some(0)));
    assert_eq!(check(&policy, &format!("/{A}?x=1"), &body), Ok(Some(0)));
    for uri in [
        format!("/{A}/eazewa"),
        format!("/eazewa?token={A}"),
        format!("/eazewa/{}", encoded.replace('%', "%25")),
    ] {
        assert_eq!(check(&policy, &uri, &body), Err("mismatch"), "{uri}");
    }
    assert_eq!(check(&policy, "/eazewa/%zz", &body), Err("malformed_credential"));
    // The API's bearer token in a header is none of this.
    let authorization = [("authorization", format!("Bearer {A}"))];
    let head = Head::new(&authorization).uri("/eazewa");
    assert!(Receiver::new(policy).receive(&head.with_body(body)).is_err());
}

#[test]
fn a16_tokens_are_long() {
    assert!(Token::new("fifteen-bytes!!").is_err());
    assert!(Token::short("fifteen-bytes!!").is_ok());
}

#[test]
fn a18_a_token_in_the_query_stands_there_once() {
    let policy =
        EazeWa::per_instance(TokenPlace::query("token"), tokens(&[("33", &[A]), ("34", &[B])]));
    let body = body_of(r#""33""#);
    for (query, result) in [
        (format!("token={A}"), Ok(Some(0))),
        (format!("x=1&token={A}"), Ok(Some(0))),
        (format!("token={B}"), Err("mismatch")),
        (format!("token={A}&token={A}"), Err("ambiguous_credential")),
        (format!("token={B}&token={A}"), Err("ambiguous_credential")),
        (format!("token[]={A}"), Err("missing_credential")),
        (format!("Token={A}"), Err("missing_credential")),
        ("token=".into(), Err("missing_credential")),
        (String::new(), Err("missing_credential")),
    ] {
        assert_eq!(check(&policy, &format!("/eazewa?{query}"), &body), result, "{query}");
    }
}

fn token(text: &str) -> Token {
    Token::new(text).unwrap()
}

#[test]
fn a_list_of_tokens_without_instances_opens_all() {
    let policy = EazeWa::any_instance(TokenPlace::path(), [token(A), token(B)]);
    for instance in [r#""33""#, r#""35""#, "null"] {
        assert_eq!(check(&policy, &format!("/{B}"), &body_of(instance)), Ok(Some(1)));
    }
    // Even a body that says nothing: it is authentic, and unreadable.
    let head = format!("/{A}");
    let head = Head::new(&[("", ""); 0]).uri(&head);
    let error = Receiver::new(policy).receive(&head.with_body("x")).unwrap_err();
    assert_eq!((error.reason(), error.status().as_u16()), ("not_json", 200));
}

/// A token is added, the URL at eazeWA changed, the old token taken out: no
/// delivery is refused on the way.
#[test]
fn tokens_rotate_per_instance() {
    let body = body_of(r#""33""#);
    let (old, new) = (format!("/{A}"), format!("/{A_NEW}"));
    let of = |accounts| EazeWa::per_instance(TokenPlace::path(), tokens(accounts));
    let before = of(&[("33", &[A]), ("34", &[B])]);
    assert!(check(&before, &old, &body).is_ok() && check(&before, &new, &body).is_err());
    let during = of(&[("33", &[A_NEW, A]), ("34", &[B])]);
    assert_eq!(check(&during, &old, &body), Ok(Some(1)));
    assert_eq!(check(&during, &new, &body), Ok(Some(0)));
    let after = of(&[("33", &[A_NEW]), ("34", &[B])]);
    assert!(check(&after, &old, &body).is_err() && check(&after, &new, &body).is_ok());
    let other = body_of(r#""34""#);
    for policy in [before, during, after] {
        assert!(check(&policy, &format!("/{B}"), &other).is_ok());
    }
}

#[test]
fn other_ways_alone_and_with_tokens() {
    let body = body_of(r#""33""#);
    let network = || Networks::new(["10.0.0.0/8"]).unwrap();
    let uri = format!("/{A}");
    let from = |policy: EazeWa, peer: &str| {
        let peer: IpAddr = peer.parse().unwrap();
        let head = Head::new(&[("", ""); 0]).uri(&uri).peer(peer);
        let request = head.with_body(body.as_str());
        Receiver::new(policy)
            .receive(&request)
            .map(|delivery| delivery.proof().by().map(Mechanism::as_str).collect::<Vec<_>>())
            .map_err(|error| error.reason())
    };
    assert_eq!(from(policy().and(network()), "10.1.2.3"), Ok(vec!["tokens", "networks"]));
    assert_eq!(from(policy().and(network()), "192.0.2.1"), Err("network"));
    assert_eq!(from(EazeWa::by(network()), "10.1.2.3"), Ok(vec!["networks"]));
    assert_eq!(from(EazeWa::unauthenticated(), "192.0.2.1"), Ok(vec!["none"]));
    let in_query = EazeWa::per_instance(TokenPlace::query("token"), tokens(&[("33", &[A])]));
    let either = EazeWa::any_of([in_query, policy()]);
    assert_eq!(from(either, "192.0.2.1"), Ok(vec!["tokens"]));
    assert_eq!(from(EazeWa::any_of([]), "10.1.2.3"), Err("mismatch"));
}

/// As at the other gateways, a test can give a `Secret`: here it is the token.
#[test]
fn a_request_is_made_of_a_text_or_of_a_secret() {
    for text in [A, "a token of 16 bytes/é"] {
        let secret = zaphook::Secret::new(text).unwrap();
        let request = testing::eazewa(&secret, body_of(r#""33""#));
        assert_eq!(request.uri(), testing::eazewa(text.to_owned(), "").uri());
        let policy = EazeWa::any_instance(TokenPlace::path(), Token::new(text).unwrap());
        assert!(Receiver::new(policy).receive(&Request::from(&request)).is_ok());
    }
}

/// Thousands of instances: their tokens are in a database, by digest.
#[test]
fn many_instances_are_told_apart_before_they_are_proven() {
    let body = body_of(r#""33""#);
    let request = testing::eazewa(A, body.as_str());
    let request = Request::from(&request);
    let unverified = EazeWa::peek(&request);
    assert_eq!(unverified.account.as_deref(), Some("33"));
    assert_eq!(unverified.token_digest, Some(token(A).digest()));

    // What the database holds for that instance.
    let stored = Token::from_digest(token(A).digest());
    let of_one = |token: Token| {
        let tokens = zaphook::auth::AccountTokens::new([("33", Tokens::from(token))]).unwrap();
        EazeWa::per_instance(TokenPlace::path(), tokens)
    };
    let tenants = zaphook::Tenants::<EazeWa>::new();
    assert!(tenants.receive_for("33", &of_one(stored), &request).is_ok());
    let error = tenants.receive_for("33", &of_one(token(B)), &request).unwrap_err();
    assert_eq!(error.reason(), "mismatch");

    let peek =
        |uri: &str, body: &str| EazeWa::peek(&Head::new(&[("", ""); 0]).uri(uri).with_body(body));
    assert_eq!(peek(&format!("/?key={A}"), "").token_digest, Some(token(A).digest()));
    assert_eq!(peek("/", "{}").token_digest, None);
    assert_eq!(peek("/x", r#"{"instanceId":7}"#).account.as_deref(), Some("7"));
    for body in ["", "{}", r#"{"instanceId":null}"#, r#"{"instanceId":"1","instanceId":"1"}"#] {
        assert_eq!(peek("/x", body).account, None, "{body}");
    }
}

/// What authenticates and what the event says is the same instance, in every
/// form that is accepted.
#[test]
fn the_instance_that_was_proven_is_the_one_that_is_reported() {
    for (fixture, body) in crate::fixtures::all("eazewa") {
        let account = if fixture == "message.instance_first" { "1111" } else { "33" };
        let policy = EazeWa::per_instance(TokenPlace::path(), tokens(&[(account, &[A])]));
        let request = testing::eazewa(A, body);
        let delivery = Receiver::new(policy).receive(&Request::from(&request)).unwrap();
        assert_eq!(delivery.account().as_deref(), Some(account), "{fixture}");
        assert_eq!(EazeWa::peek(&Request::from(&request)).account.as_deref(), Some(account));
    }
}
