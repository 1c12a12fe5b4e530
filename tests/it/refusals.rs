//! Why a request was refused: what the refusal, the answer and the log say, and
//! what none of them says.

mod malformed;

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderName, Method};
use zaphook::auth::{AccountTokens, Header, Mechanism, Networks, Path, Query, Reason, TokenPlace};
use zaphook::evolution::{ApiKey, Basic};
use zaphook::{
    Answer, EazeWa, EnviaAi, Error, Evolution, Gateway, Head, Headers, Receiver, Secret, Tenants,
    Token, Wawp, Zavu, zavu,
};

use crate::observed::traced;

/// In every secret, and in whatever is presented.
const MARK: &str = "MARK7f3a";

const BODY: &str = r#"{"event":"message","instanceId":"34","data":{"content":"MARK7f3a"}}"#;

fn secret() -> Secret {
    Secret::new(format!("{MARK}-a-secret")).unwrap()
}

fn other() -> Secret {
    Secret::new(format!("{MARK}-another")).unwrap()
}

fn token() -> Token {
    Token::new(format!("{MARK}-a-token")).unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_705_312_500, 0).unwrap()
}

/// A request that is refused, and what has to be said of it.
struct Case<'a> {
    headers: &'a [(&'a str, &'a str)],
    /// In place of `headers`, for those that are no text.
    bytes: Option<&'a [(&'a str, &'a [u8])]>,
    /// Whether the address of the client is known.
    peer: bool,
    method: Method,
    uri: &'a str,
    body: &'a str,
    at: i64,
    shown: &'a str,
}

impl Default for Case<'_> {
    fn default() -> Self {
        let (headers, bytes, peer, method) = (&[], None, true, Method::POST);
        Self { headers, bytes, peer, method, uri: "/", body: BODY, at: 0, shown: "" }
    }
}

/// Refused by `receive`, by the answer, and in the log, in the same words.
fn check<G: Gateway>(policy: G, by: Option<Mechanism>, case: &Case<'_>) -> Reason {
    let shown = case.shown;
    let receiver = Receiver::new(policy);
    let headers: &dyn Headers = match &case.bytes {
        Some(bytes) => bytes,
        None => &case.headers,
    };
    let head = Head::new(headers).method(&case.method).uri(case.uri);
    let head = head.received_at(now() + Duration::from_secs(u64::try_from(case.at).unwrap()));
    let head = if case.peer { head.peer([10, 0, 0, 1].into()) } else { head };
    let request = head.with_body(case.body);
    let error = receiver.receive(&request).unwrap_err();
    let Error::Refused(refusal) = &error else { panic!("{error}") };
    assert_eq!(refusal.to_string(), shown);
    assert_eq!(error.to_string(), format!("refused: {shown}"));
    assert_eq!(refusal.mechanism(), by, "{shown}");
    let (status, reason) = (refusal.status().as_u16(), refusal.reason());
    let answer = Answer::from(refusal.clone());
    assert_eq!(answer.to_string(), format!("{status}, refused: {shown}"));
    assert_eq!(answer.outcome().to_string(), format!("refused: {shown}"));
    assert_eq!(answer.error().unwrap().to_string(), shown);

    // The parts of the text are the fields of the line.
    let log = traced(&receiver, &request);
    let line = log.lines().find(|line| line.contains("delivery refused")).unwrap();
    let detail = shown.strip_prefix(reason.as_str()).unwrap().strip_prefix(": ").unwrap();
    let hint = refusal.hint();
    let detail = match &hint {
        Some(hint) => {
            assert!(line.contains(&format!("hint={hint:?}")), "{line}");
            detail.strip_suffix(&format!(" ({hint})")).unwrap()
        }
        None => detail,
    };
    let mut parts = vec![
        "INFO".to_owned(),
        format!("gateway={:?}", G::NAME),
        format!("reason=\"{reason}\""),
        format!("detail={detail:?}"),
    ];
    parts.extend(by.map(|by| format!("by={:?}", by.as_str())));
    parts.extend(refusal.name().map(|name| format!("name={name:?}")));
    for part in parts {
        assert!(line.contains(&part), "{part}: {line}");
    }
    for shown in [log, format!("{refusal:?} {error:?} {answer:?}")] {
        assert!(!shown.contains(MARK), "{shown}");
        for part in case.headers.iter().flat_map(|(_, value)| value.split([' ', ',', '='])) {
            assert!(part.len() < 16 || !shown.contains(part), "{shown}");
        }
    }
    reason
}

fn signature(secret: &Secret) -> String {
    EnviaAi::sign(secret, BODY.as_bytes())
}

#[test]
fn a_refused_signature_is_named() {
    let mut seen = Vec::new();
    let by = Some(Mechanism::Secrets);
    let check = |seen: &mut Vec<Reason>, headers: &[(&str, &str)], shown: &str| {
        let case = Case { headers, shown, ..Case::default() };
        seen.push(check(EnviaAi::signed(secret()), by, &case));
    };
    let name = "X-EnviaAI-Signature";
    let wrong = signature(&other());
    let digits = signature(&secret()).replace("sha256=", "");
    check(
        &mut seen,
        &[],
        "missing_credential: X-EnviaAI-Signature: no such header (not configured at the \
         gateway, or removed by a proxy)",
    );
    check(
        &mut seen,
        &[(name, MARK), (name, MARK)],
        "ambiguous_credential: X-EnviaAI-Signature: more than one such header",
    );
    check(
        &mut seen,
        &[(name, &digits)],
        "malformed_credential: X-EnviaAI-Signature does not begin with sha256=",
    );
    check(
        &mut seen,
        &[(name, &format!("sha256={MARK}"))],
        "malformed_credential: X-EnviaAI-Signature: not 64 hexadecimal digits",
    );
    check(
        &mut seen,
        &[(name, &MARK.repeat(1000))],
        "malformed_credential: X-EnviaAI-Signature is longer than 4096 bytes",
    );
    check(
        &mut seen,
        &[(name, &wrong)],
        "mismatch: X-EnviaAI-Signature: not made over this body with a configured secret \
         (another secret, or a body that a proxy or a JSON middleware re-encoded)",
    );

    let waha = |headers: &[(&str, &str)], shown: &str| {
        let case = Case { headers, shown, ..Case::default() };
        super::refusals::check(Wawp::signed(secret()), by, &case)
    };
    let good = Wawp::sign(&secret(), BODY.as_bytes());
    waha(
        &[],
        "missing_credential: X-Webhook-Hmac: no such header (not configured at the gateway, or \
         removed by a proxy)",
    );
    waha(
        &[("X-Webhook-Hmac", &good), ("X-Webhook-Hmac-Algorithm", MARK)],
        "unsupported_algorithm: X-Webhook-Hmac-Algorithm does not name sha512",
    );
    waha(
        &[("X-Webhook-Hmac", MARK)],
        "malformed_credential: X-Webhook-Hmac: not 128 hexadecimal digits",
    );
}

#[test]
fn a_wrong_clock_is_measured() {
    let by = Some(Mechanism::Secrets);
    let value = |at| Zavu::sign(&secret(), at, BODY.as_bytes());
    let check = |value: &str, at: i64, shown: &str| {
        let headers = [("x-zavu-signature", value)];
        let case = Case { headers: &headers, at, shown, ..Case::default() };
        check(Zavu::by(zavu::Signature::new(secret()).require_v2()), by, &case)
    };
    check(
        &value(now()),
        400,
        "stale: X-Zavu-Signature: 400 s old, at most 300 s are accepted (a late retry, or this \
         machine's clock is about 400 s ahead)",
    );
    check(
        &value(now() + Duration::from_secs(3600)),
        0,
        "too_far_ahead: X-Zavu-Signature: 3600 s in the future, at most 60 s are accepted (this \
         machine's clock is about 3600 s behind)",
    );
    check(
        &format!("t=1705312500,v1={}", "0".repeat(64)),
        0,
        "missing_credential: X-Zavu-Signature has no v2, which is required (a webhook that Zavu \
         has not migrated yet)",
    );
    check(
        &format!("t={MARK},v2={}", "0".repeat(64)),
        0,
        "malformed_credential: X-Zavu-Signature: its time is not a number of seconds",
    );
    check(
        MARK,
        0,
        "malformed_credential: X-Zavu-Signature is neither sha256=… nor t=…,v2=… (the URL of a \
         tool receives only tool calls, see ToolCalls)",
    );

    let jwt = |headers: &[(&str, &str)], at: i64, shown: &str| {
        let case = Case { headers, at, shown, ..Case::default() };
        super::refusals::check(Evolution::jwt(secret()), Some(Mechanism::Jwt), &case)
    };
    let made = |secret: &Secret, ago: i64| Evolution::sign(secret, now().timestamp() - ago);
    jwt(
        &[("authorization", &made(&secret(), 0))],
        2000,
        "expired: Authorization: expired 1400 s ago, at most 1200 s are accepted (a late \
         delivery, or this machine's clock is about 1400 s ahead)",
    );
    jwt(
        &[("authorization", &made(&secret(), -5000))],
        0,
        "too_far_ahead: Authorization: valid only in 5000 s, at most 1200 s are accepted (this \
         machine's clock is about 5000 s behind)",
    );
    jwt(
        &[("authorization", &made(&other(), 0))],
        0,
        "mismatch: Authorization: not signed with a configured secret (another secret at the \
         gateway than here)",
    );
    jwt(
        &[("authorization", MARK)],
        0,
        "malformed_credential: Authorization does not begin with Bearer",
    );
    jwt(
        &[("authorization", &format!("Bearer {MARK}"))],
        0,
        "malformed_credential: Authorization: not three parts in base64url",
    );
}

#[test]
fn a_token_is_named_by_its_place() {
    let check = |policy: Evolution, by, uri: &str, headers: &[(&str, &str)], shown: &str| {
        check(policy, Some(by), &Case { uri, headers, shown, ..Case::default() })
    };
    let query = || Evolution::by(Query::new("token", token()));
    let without = "the gateway calls a URL without its token";
    check(
        query(),
        Mechanism::Query,
        "/hook",
        &[],
        &format!(
            "missing_credential: query parameter `token`: no such query parameter ({without})"
        ),
    );
    check(
        query(),
        Mechanism::Query,
        "/hook?token=",
        &[],
        &format!("missing_credential: query parameter `token`: no token ({without})"),
    );
    check(
        query(),
        Mechanism::Query,
        "/hook?token=MARK7f3a&token=MARK7f3a",
        &[],
        "ambiguous_credential: query parameter `token`: more than one such query parameter",
    );
    check(
        query(),
        Mechanism::Query,
        "/hook?token=%MARK7f3a",
        &[],
        "malformed_credential: query parameter `token` is not percent-encoded properly",
    );
    check(
        query(),
        Mechanism::Query,
        "/hook?token=MARK7f3a",
        &[],
        "mismatch: query parameter `token`: not one of the configured tokens (another token at \
         the gateway than here)",
    );
    let path = || Evolution::by(Path::new(token()));
    check(
        path(),
        Mechanism::Path,
        "/hook/",
        &[],
        &format!("missing_credential: the path: no token ({without})"),
    );
    check(
        path(),
        Mechanism::Path,
        "/hook/MARK7f3a",
        &[],
        "mismatch: the path: not one of the configured tokens (another token at the gateway than \
         here)",
    );
    let header = Evolution::by(Header::new(HeaderName::from_static("x-team"), token()));
    check(
        header,
        Mechanism::Header,
        "/",
        &[],
        "missing_credential: x-team: no such header (not configured at the gateway, or removed \
         by a proxy)",
    );
    let basic = Evolution::by(Basic::new("zap", secret()));
    check(
        basic,
        Mechanism::Basic,
        "/",
        &[("authorization", "Basic TUFSSzdmM2E6TUFSSzdmM2E=")],
        "mismatch: Authorization: not a configured user and password (another user or password \
         in the URL at the gateway than here)",
    );

    let tokens = AccountTokens::new([("33", token())]).unwrap();
    let eazewa = EazeWa::per_instance(TokenPlace::path(), tokens);
    let uri = format!("/hook/{MARK}-a-token");
    let shown = "mismatch: the path: a token of another account than the body's";
    let case = Case { uri: &uri, shown, ..Case::default() };
    super::refusals::check(eazewa, Some(Mechanism::Tokens), &case);
}

#[test]
fn a_member_is_named() {
    let check = |policy: Evolution, by, body: &str, shown: &str| {
        check(policy, Some(by), &Case { body, shown, ..Case::default() })
    };
    let apikey = || Evolution::by(ApiKey::new(token()));
    let unset = "the gateway is not configured to send it";
    check(
        apikey(),
        Mechanism::ApiKey,
        BODY,
        &format!("missing_credential: `apikey` in the body: no such member ({unset})"),
    );
    check(
        apikey(),
        Mechanism::ApiKey,
        r#"{"apikey":"Apikey not found"}"#,
        &format!("missing_credential: `apikey` in the body says that there is no token ({unset})"),
    );
    check(
        apikey(),
        Mechanism::ApiKey,
        r#"{"apikey":["MARK7f3a"]}"#,
        "malformed_credential: `apikey` in the body is not text",
    );
    check(
        apikey(),
        Mechanism::ApiKey,
        r#"{"apikey":"MARK7f3a"}"#,
        "mismatch: `apikey` in the body: not one of the configured tokens (another token at the \
         gateway than here)",
    );
    check(
        apikey(),
        Mechanism::ApiKey,
        "MARK7f3a",
        "malformed_credential: the body is not a JSON object (the body has to be read here, to \
         find the credential or the account)",
    );
    let cantina = apikey().and_instances(["cantina"]);
    let body = format!(r#"{{"apikey":"{MARK}-a-token","instance":"{MARK}"}}"#);
    check(
        cantina,
        Mechanism::Instances,
        &body,
        "wrong_instance: `instance` in the body: not an accepted instance",
    );
}

#[test]
fn methods_and_networks_are_named() {
    let signed = || EnviaAi::signed(secret());
    let get = "method_not_allowed: the method is GET, not POST (a browser, a health check, or a \
               redirect that turned the POST into a GET)";
    let mut seen =
        vec![check(signed(), None, &Case { method: Method::GET, shown: get, ..Case::default() })];
    let put = Case {
        method: Method::from_bytes(MARK.as_bytes()).unwrap(),
        shown: "method_not_allowed: the method is not POST",
        ..Case::default()
    };
    seen.push(check(signed(), None, &put));

    let networks = || EnviaAi::by(Networks::new(["203.0.113.0/24"]).unwrap());
    let outside = "network: the peer's address is not in an allowed network";
    check(networks(), Some(Mechanism::Networks), &Case { shown: outside, ..Case::default() });
    let hint = format!(
        "{outside} (there is an X-Forwarded-For: if it is your proxy's, name the proxy with \
         `behind`)"
    );
    let headers = [("x-forwarded-for", MARK)];
    let case = Case { headers: &headers, shown: &hint, ..Case::default() };
    check(networks(), Some(Mechanism::Networks), &case);
    let none = EnviaAi::any_of([]);
    let case = Case { shown: "mismatch: the policy accepts nothing", ..Case::default() };
    check(none, None, &case);
}

/// Whose policy it is is told, too.
#[test]
fn tenants_are_told_which_account_was_meant() {
    let tenants = Tenants::<EnviaAi>::new();
    assert_eq!(tenants.unknown().to_string(), "mismatch: the account has no policy");
    for (body, shown) in [
        (
            r#"{"event":"message.sent","data":{"instanceId":"MARK7f3a"}}"#,
            "wrong_instance: the delivery belongs to another account than the proof",
        ),
        (r#"{"event":"message.sent","data":{}}"#, "wrong_instance: the delivery names no account"),
    ] {
        let request = zaphook::testing::enviaai(&secret(), body);
        let request = zaphook::Request::from(&request);
        let policy = EnviaAi::signed(secret());
        let error = tenants.receive_for("inst_1", &policy, &request).unwrap_err();
        assert_eq!(error.to_string(), format!("refused: {shown}"));
    }
}

/// One of several alternatives: the one that says most.
#[test]
fn of_several_refusals_the_most_telling_one_is_shown() {
    let either =
        EnviaAi::any_of([EnviaAi::by(Query::new("token", token())), EnviaAi::signed(secret())]);
    let headers = [("x-enviaai-signature", MARK)];
    let case = Case {
        headers: &headers,
        shown: "malformed_credential: X-EnviaAI-Signature does not begin with sha256=",
        ..Case::default()
    };
    check(either, Some(Mechanism::Secrets), &case);
}
