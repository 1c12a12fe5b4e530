//! How Evolution API proves itself, by the numbers of the threat model.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde_json::{Value, json};
use zaphook::auth::{Jwt, Mechanism, Networks};
use zaphook::retry::RetrySchedule;
use zaphook::{Answer, Evolution, Gateway, Head, Proof, Receiver, Refusal, Secret, Token};

use super::{text, time};
use crate::fixtures::with;
use crate::gateways::secret;

const APIKEY: &str = "429683C4C977415CAAFCCE10F7D57E11";

fn body() -> String {
    text("messages.upsert.plain")
}

fn now() -> DateTime<Utc> {
    time("2026-02-10T14:23:50Z")
}

/// What becomes of a request that is received `now`.
fn check(
    policy: &Evolution,
    uri: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Proof, Refusal> {
    check_at(policy, uri, headers, body, now())
}

fn check_at(
    policy: &Evolution,
    uri: &str,
    headers: &[(&str, &str)],
    body: &str,
    at: DateTime<Utc>,
) -> Result<Proof, Refusal> {
    let receiver = Receiver::new(policy.clone());
    let head = Head::new(&headers).uri(uri).received_at(at);
    let screened = receiver.screen(&head);
    let request = head.with_body(body);
    let proof = receiver.authenticate(&request);
    assert_eq!(receiver.receive(&request).is_ok(), proof.is_ok());
    // What the head alone refuses, the whole request does not pass.
    assert!(screened.is_ok() || proof.is_err());
    proof
}

fn reason(result: Result<Proof, Refusal>) -> Result<Vec<&'static str>, &'static str> {
    result
        .map(|proof| proof.by().map(Mechanism::as_str).collect())
        .map_err(|refusal| refusal.reason().as_str())
}

fn bearer(authorization: &str) -> Result<Vec<&'static str>, &'static str> {
    let headers = [("Authorization", authorization)];
    reason(check(&Evolution::jwt(secret()), "/hook", &headers, &body()))
}

fn token(header: &str, claims: &str) -> String {
    // By hand, so that header and claims can be anything.
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit, Mac};
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(crate::gateways::SECRET.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("Bearer {signed}.{tag}")
}

fn claims(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> String {
    let at = now().timestamp();
    let mut claims = json!({"iat": at, "exp": at + 600, "app": "evolution", "action": "webhook"});
    change(claims.as_object_mut().unwrap());
    claims.to_string()
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

#[test]
fn a_jwt_is_accepted_and_its_claims_are_checked() {
    assert_eq!(bearer(&token(HEADER, &claims(|_| ()))), Ok(vec!["jwt"]));
    assert_eq!(bearer(&Evolution::sign(&secret(), now().timestamp())), Ok(vec!["jwt"]));
    let other = Secret::new("whs_another").unwrap();
    assert_eq!(bearer(&Evolution::sign(&other, now().timestamp())), Err("mismatch"));
    for (claim, value) in [
        ("app", json!("another")),
        ("app", json!("Evolution")),
        ("action", json!("login")),
        ("app", Value::Null),
        ("action", json!(["webhook"])),
    ] {
        let odd = token(HEADER, &claims(|claims| drop(claims.insert(claim.into(), value.clone()))));
        assert!(bearer(&odd).is_err(), "{claim} {value}");
        let absent = token(HEADER, &claims(|claims| drop(claims.remove(claim))));
        assert!(bearer(&absent).is_err(), "{claim}");
    }
    for (value, reason) in [
        ("", "malformed_credential"),
        ("Bearer", "malformed_credential"),
        ("Bearer ", "malformed_credential"),
        ("Bearer a.b.c", "malformed_credential"),
        ("Basic YTpi", "malformed_credential"),
    ] {
        assert_eq!(bearer(value), Err(reason), "{value}");
    }
    let missing = check(&Evolution::jwt(secret()), "/hook", &[], &body());
    assert_eq!(reason(missing), Err("missing_credential"));
    let good = token(HEADER, &claims(|_| ()));
    let twice = [("Authorization", good.as_str()), ("authorization", "Bearer x")];
    let twice = check(&Evolution::jwt(secret()), "/hook", &twice, &body());
    assert_eq!(reason(twice), Err("ambiguous_credential"));
}

#[test]
fn a9_the_sender_chooses_no_algorithm() {
    for header in [
        r#"{"alg":"none","typ":"JWT"}"#,
        r#"{"alg":"nOnE","typ":"JWT"}"#,
        r#"{"alg":"HS384","typ":"JWT"}"#,
        r#"{"alg":"RS256","typ":"JWT"}"#,
        r#"{"alg":"hs256","typ":"JWT"}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":256,"typ":"JWT"}"#,
        r#"{"alg":null,"typ":"JWT"}"#,
        r#"{"alg":"HS256","alg":"none"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
        r#"["HS256"]"#,
    ] {
        let refused = bearer(&token(header, &claims(|_| ()))).unwrap_err();
        assert!(matches!(refused, "unsupported_algorithm" | "malformed_credential"), "{header}");
    }
    // Without a tag, as `none` has it.
    let good = token(HEADER, &claims(|_| ()));
    let (unsigned, _) = good.rsplit_once('.').unwrap();
    for token in [unsigned.to_owned(), format!("{unsigned}."), format!("{unsigned}.AA")] {
        assert_eq!(bearer(&token), Err("malformed_credential"), "{token}");
    }
}

#[test]
fn a15_the_times_of_a_token_are_integers_and_must_be_there() {
    for claim in ["exp", "iat"] {
        for value in [
            json!("9999999999"),
            Value::Null,
            json!(1e99),
            json!(-1),
            json!([]),
            json!({}),
            json!(true),
            json!(1_770_733_500.5),
        ] {
            let odd =
                token(HEADER, &claims(|claims| drop(claims.insert(claim.into(), value.clone()))));
            assert_eq!(bearer(&odd), Err("malformed_credential"), "{claim} {value}");
        }
        let absent = token(HEADER, &claims(|claims| drop(claims.remove(claim))));
        assert_eq!(bearer(&absent), Err("malformed_credential"), "{claim}");
        let twice = claims(|_| ()).replacen('{', &format!(r#"{{"{claim}":9999999999,"#), 1);
        assert_eq!(bearer(&token(HEADER, &twice)), Err("malformed_credential"), "{claim}");
    }
}

/// The limit is one of the gateway: it is shown, and told where one looks.
#[test]
fn a20_a_jwt_does_not_bind_the_body_and_the_docs_say_so() {
    let good = token(HEADER, &claims(|_| ()));
    let headers = [("Authorization", good.as_str())];
    let another = with(&body(), &["data", "message", "conversation"], Some(json!("R$ 90")));
    assert!(check(&Evolution::jwt(secret()), "/hook", &headers, &another).is_ok());

    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gateways/evolution/policy.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let (docs, _) = source.split_once("pub struct Evolution;").unwrap();
    assert!(
        docs.contains("**does not bind\n    /// the body**")
            || docs.contains("**does not bind the body**")
    );
    let (_, jwt) = source.split_once("pub const JWT_LEEWAY").unwrap();
    let (docs, _) = jwt.split_once("pub fn jwt(").unwrap();
    assert!(docs.contains("**The token does not bind the body**"));

    // What it is offered with: another proof, and the instance.
    let strict = Evolution::jwt(secret())
        .and(zaphook::evolution::ApiKey::new(Token::new(APIKEY).unwrap()))
        .and_instances(["cantina", "padaria"])
        .and(Networks::new(["198.51.100.0/24"]).unwrap());
    let check = |peer: &str, body: &str| {
        let head = Head::new(&headers).peer(peer.parse().unwrap()).received_at(now());
        let result = Receiver::new(strict.clone()).authenticate(&head.with_body(body));
        reason(result)
    };
    let all = Ok(vec!["jwt", "apikey", "instances", "networks"]);
    assert_eq!(check("198.51.100.7", &body()), all);
    assert_eq!(check("203.0.113.7", &body()), Err("network"));
    let other = with(&body(), &["instance"], Some(json!("oficina")));
    assert_eq!(check("198.51.100.7", &other), Err("wrong_instance"));
    for instance in [None, Some(Value::Null), Some(json!(7)), Some(json!(["cantina"]))] {
        let odd = with(&body(), &["instance"], instance);
        assert!(check("198.51.100.7", &odd).is_err(), "{odd}");
    }
    let twice = body().replacen('{', r#"{"instance":"oficina","#, 1);
    assert_eq!(check("198.51.100.7", &twice), Err("ambiguous_credential"));
    let no_apikey = with(&body(), &["apikey"], None);
    assert_eq!(check("198.51.100.7", &no_apikey), Err("missing_credential"));
}

/// When each attempt of a delivery arrives, and whether its token is accepted
/// and the answer final. The token is made once, before the first attempt.
fn attempts(
    schedule: &RetrySchedule,
    leeway: Duration,
    longer: impl Fn(Duration) -> Duration,
) -> Vec<(i64, bool)> {
    let policy = Evolution::by(zaphook::evolution::Jwt::new(secret()).leeway(leeway));
    let made = now();
    let authorization = Evolution::sign(&secret(), made.timestamp());
    let headers = [("Authorization", authorization.as_str())];
    let mut clock = made;
    let mut attempts = Vec::new();
    for delay in std::iter::once(Duration::ZERO).chain(schedule.delays()) {
        if !delay.is_zero() {
            clock += TimeDelta::from_std(longer(delay)).unwrap();
        }
        let result = check_at(&policy, "/hook", &headers, &body(), clock);
        if let Err(refusal) = &result {
            assert_eq!(refusal.reason().as_str(), "expired");
            // A 401 would be the last that is heard of this event.
            let status = Answer::from(zaphook::Error::from(refusal.clone())).status();
            assert!(schedule.repeats_after(status), "{status}");
            assert!(!schedule.repeats_after(StatusCode::UNAUTHORIZED));
        }
        attempts.push(((clock - made).num_seconds(), result.is_ok()));
    }
    attempts
}

#[test]
fn a21_a_token_expires_before_the_last_attempt() {
    let schedule = &Evolution::RETRIES[0];
    let nominal = |delay| delay;
    let seconds = |leeway| Duration::from_secs(leeway);
    let starts = [0, 5, 15, 35, 75, 155, 315, 615, 915, 1215];

    // Without a leeway the attempts 8 to 10 fail, with 900 s none does.
    let strict = attempts(schedule, seconds(0), nominal);
    assert_eq!(strict.iter().map(|(at, _)| *at).collect::<Vec<_>>(), starts);
    assert_eq!(
        strict.iter().map(|(_, ok)| *ok).collect::<Vec<_>>(),
        [true, true, true, true, true, true, true, false, false, false]
    );
    assert!(attempts(schedule, seconds(900), nominal).iter().all(|(_, ok)| *ok));

    // The default lets in what comes with the longest waits, each attempt
    // running into its timeout as well.
    assert_eq!(Evolution::JWT_LEEWAY, seconds(1200));
    let timeout = schedule.timeout().unwrap();
    let longest = |delay: Duration| delay + delay / 5 + timeout;
    let late = attempts(schedule, Evolution::JWT_LEEWAY, longest);
    assert_eq!(late.last().unwrap().0, 1458 + 9 * 30);
    assert_eq!(Some(seconds(late.last().unwrap().0.cast_unsigned())), schedule.longest_horizon());
    assert!(late.iter().all(|(_, ok)| *ok), "{late:?}");
    assert!(!attempts(schedule, seconds(900), longest).iter().all(|(_, ok)| *ok));

    // And no longer than that.
    let policy = Evolution::jwt(secret());
    let authorization = Evolution::sign(&secret(), now().timestamp());
    let headers = [("Authorization", authorization.as_str())];
    let at = |seconds| {
        let late = now() + TimeDelta::seconds(seconds);
        reason(check_at(&policy, "/hook", &headers, &body(), late))
    };
    assert!(at(600 + 1199).is_ok());
    assert_eq!(at(600 + 1201), Err("expired"));
    // The clock of the server may be ahead, but not by more.
    assert!(at(-1200).is_ok());
    assert_eq!(at(-1201), Err("too_far_ahead"));
}

#[test]
fn a22_a_webhook_without_headers_has_its_url_and_its_apikey() {
    let policy =
        Evolution::apikey([Token::new(APIKEY).unwrap(), Token::new(&APIKEY[..20]).unwrap()]);
    let apikey = |body: &str| reason(check(&policy, "/hook", &[], body));
    let with_key = |value| with(&body(), &["apikey"], value);
    assert_eq!(apikey(&body()), Ok(vec!["apikey"]));
    assert_eq!(apikey(&with_key(Some(json!(&APIKEY[..20])))), Ok(vec!["apikey"]));
    for (value, reason) in [
        (Some(json!(APIKEY.to_lowercase())), "mismatch"),
        (Some(json!(&APIKEY[..31])), "mismatch"),
        (Some(json!(format!("{APIKEY} "))), "mismatch"),
        (Some(json!(format!("{APIKEY}\0"))), "mismatch"),
        (None, "missing_credential"),
        (Some(Value::Null), "missing_credential"),
        (Some(json!("")), "missing_credential"),
        (Some(json!("Apikey not found")), "missing_credential"),
        (Some(json!(429_683)), "malformed_credential"),
        (Some(json!([APIKEY])), "malformed_credential"),
        (Some(json!({"apikey": APIKEY})), "malformed_credential"),
        (Some(json!(true)), "malformed_credential"),
    ] {
        assert_eq!(apikey(&with_key(value.clone())), Err(reason), "{value:?}");
    }
    // Nor is the placeholder accepted when it is configured.
    let placeholder = Evolution::apikey(Token::new("Apikey not found").unwrap());
    let body_without = text("messages.upsert.apikey_not_found");
    let refused = reason(check(&placeholder, "/hook", &[], &body_without));
    assert_eq!(refused, Err("missing_credential"));
    // Of two, neither counts.
    let twice = body().replacen('{', &format!(r#"{{"apikey":"{APIKEY}","#), 1);
    assert_eq!(apikey(&twice), Err("ambiguous_credential"));
    // The key of an error's report is another one.
    assert_eq!(apikey(&text("error")), Err("missing_credential"));
    assert_eq!(apikey("apikey"), Err("malformed_credential"));
}

#[test]
fn a_secret_in_the_url_survives_webhooks_by_events() {
    let secret = || Token::new("0123456789abcdef").unwrap();
    let in_path = Evolution::by(zaphook::auth::Path::new(secret()));
    let in_query = Evolution::by(zaphook::auth::Query::new("token", secret()));
    for (uri, path, query) in [
        ("/hook/0123456789abcdef", true, false),
        ("/hook/0123456789abcdef/messages-upsert", true, false),
        ("/hook/0123456789abcdef//messages-upsert", true, false),
        ("/hook/0123456789abcdef/group-participants-update", true, false),
        ("/hook/0123456789abcdef/unheard-of", false, false),
        ("/hook/0123456789abcdef/messages-upsert/messages-upsert", false, false),
        ("/hook/x0123456789abcdef/messages-upsert", false, false),
        ("/hook?token=0123456789abcdef", false, true),
        ("/hook?token=0123456789abcdef/messages-upsert", false, true),
        ("/hook?token=0123456789abcdef//call", false, true),
        ("/hook?token=0123456789abcdef/unheard-of", false, false),
        ("/hook?token=0123456789abcdef/messages-upsert&token=x", false, false),
        ("/hook?token=x&token=0123456789abcdef", false, false),
        ("/hook/messages-upsert?token=0123456789abcdef", false, true),
    ] {
        assert_eq!(check(&in_path, uri, &[], &body()).is_ok(), path, "{uri}");
        assert_eq!(check(&in_query, uri, &[], &body()).is_ok(), query, "{uri}");
        // What is looked up before anything is proven is the same token.
        let headers: [(&str, &str); 0] = [];
        let peeked = Evolution::peek(&Head::new(&headers).uri(uri).with_body(body())).token_digest;
        if path || query {
            assert_eq!(peeked, Some(secret().digest()), "{uri}");
        }
    }
    // Every event that is put behind a URL is cut off.
    for name in zaphook::evolution::EventName::ALL {
        if let Some(behind) = name.path() {
            let uri = format!("/hook/0123456789abcdef/{behind}");
            assert!(check(&in_path, &uri, &[], &body()).is_ok(), "{uri}");
            let uri = format!("/hook?token=0123456789abcdef/{behind}");
            assert!(check(&in_query, &uri, &[], &body()).is_ok(), "{uri}");
        }
    }
}

#[test]
fn headers_and_basic_and_combinations() {
    let name = http::HeaderName::from_static("jwt_key");
    let token = || Token::new("0123456789abcdef").unwrap();
    let header = Evolution::by(zaphook::auth::Header::new(name.clone(), token()));
    let given = [("JWT_KEY", "0123456789abcdef")];
    assert_eq!(reason(check(&header, "/", &given, &body())), Ok(vec!["header"]));
    let wrong = [("jwt_key", "0123456789abcdeF")];
    assert_eq!(reason(check(&header, "/", &wrong, &body())), Err("mismatch"));

    let basic = Evolution::by(zaphook::evolution::Basic::new(
        "evolution",
        [secret(), Secret::new("older").unwrap()],
    ));
    for (credentials, expected) in [
        ("Basic ZXZvbHV0aW9uOm9sZGVy", Ok(vec!["basic"])),
        ("Basic ZXZvbHV0aW9uOm5ld2Vy", Err("mismatch")),
        ("Basic b3RoZXI6b2xkZXI=", Err("mismatch")),
        ("Basic !", Err("malformed_credential")),
    ] {
        let headers = [("Authorization", credentials)];
        assert_eq!(reason(check(&basic, "/", &headers, &body())), expected, "{credentials}");
    }

    let either = Evolution::any_of([
        Evolution::jwt(secret()),
        header.and(zaphook::auth::Query::new("token", token())),
        Evolution::by(zaphook::auth::Path::new(token()))
            .and(zaphook::evolution::ApiKey::new(Token::new(APIKEY).unwrap())),
    ]);
    let jwt = Evolution::sign(&secret(), now().timestamp());
    let jwt = [("Authorization", jwt.as_str())];
    assert_eq!(reason(check(&either, "/", &jwt, &body())), Ok(vec!["jwt"]));
    let both = check(&either, "/?token=0123456789abcdef", &given, &body());
    assert_eq!(reason(both), Ok(vec!["header", "query"]));
    let both = check(&either, "/0123456789abcdef", &[], &body());
    assert_eq!(reason(both), Ok(vec!["path", "apikey"]));
    for (uri, headers) in [("/", &given[..]), ("/?token=0123456789abcdef", &[]), ("/", &[])] {
        assert!(check(&either, uri, headers, &body()).is_err(), "{uri}");
    }
    assert!(check(&Evolution::any_of([]), "/", &jwt, &body()).is_err());
    assert_eq!(reason(check(&Evolution::unauthenticated(), "/", &[], &body())), Ok(vec!["none"]));
}

#[test]
fn secrets_are_rotated() {
    let current = Secret::new("whs_current").unwrap();
    let both = Evolution::jwt([current.clone(), secret()]);
    for (secret, place) in [(current, 0), (secret(), 1)] {
        let jwt = Evolution::sign(&secret, now().timestamp());
        let proof = check(&both, "/", &[("Authorization", jwt.as_str())], &body()).unwrap();
        assert_eq!((proof.secret(), proof.secret_of(Mechanism::Jwt)), (Some(place), Some(place)));
    }
    // What signs is what verifies.
    let jwt = Evolution::sign(&secret(), 1_770_733_430);
    let token = jwt.strip_prefix("Bearer ").unwrap();
    assert_eq!(Jwt::hs256(secret()).verify_signature(token), Ok(0));
}

#[test]
fn many_instances_are_told_apart_before_they_are_proven() {
    let headers: [(&str, &str); 0] = [];
    let peek =
        |uri: &str, body: &str| Evolution::peek(&Head::new(&headers).uri(uri).with_body(body));
    assert_eq!(peek("/", &body()).account.as_deref(), Some("cantina"));
    assert_eq!(peek("/", &text("error")).account, None);
    assert_eq!(peek("/", r#"{"instance":"a","instance":"b"}"#).account, None);
    assert_eq!(peek("/", "").account, None);

    let tenants = zaphook::Tenants::<Evolution>::new();
    let request = zaphook::testing::evolution(&secret(), body());
    let request = zaphook::Request::from(&request);
    assert!(tenants.receive_for("cantina", &Evolution::jwt(secret()), &request).is_ok());
    let wrong = Evolution::jwt(Secret::new("whs_another").unwrap());
    let error = tenants.receive_for("cantina", &wrong, &request).unwrap_err();
    assert_eq!(error.reason(), "mismatch");
}

#[test]
fn the_retries_of_the_three_server_lines() {
    let [now, middle, old, go] = Evolution::RETRIES else { panic!() };
    let delays = |schedule: &RetrySchedule| -> Vec<u64> {
        schedule.delays().map(|delay| delay.as_secs()).collect()
    };
    assert_eq!(delays(now), [5, 10, 20, 40, 80, 160, 300, 300, 300]);
    assert_eq!((now.attempts(), now.horizon()), (Some(10), Some(Duration::from_secs(1215))));
    assert_eq!(now.timeout(), Some(Duration::from_secs(30)));
    assert_eq!(delays(middle), [30; 9]);
    assert_eq!((middle.timeout(), old.attempts()), (None, Some(1)));
    assert_eq!((delays(go), go.timeout()), (vec![30; 4], None));
    for (status, repeats) in [
        (200, [false, false]),
        (400, [false, true]),
        (401, [false, true]),
        (403, [false, true]),
        (404, [false, true]),
        (405, [true, true]),
        (413, [true, true]),
        (422, [false, true]),
        (429, [true, true]),
        (500, [true, true]),
        (503, [true, true]),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!([now, middle].map(|line| line.repeats_after(status)), repeats, "{status}");
    }
    assert_eq!(now.lease(), Duration::from_secs(60));
    assert_eq!(now.retention(), Duration::from_secs(24 * 3600));
    assert_eq!(Answer::failed(now).status(), 503);
    assert_eq!(Evolution::BODY_LIMIT, 32 * 1024 * 1024);
}
