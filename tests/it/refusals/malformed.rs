//! Every form that a credential should not have, of every scheme, and what is said of
//! it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zaphook::auth::{AccountSecrets, Jwt};
use zaphook::evolution::InstanceToken;
use zaphook::zavu::{Form, ToolCalls};
use zaphook::{AnyPolicy, AnyTenants, Request};

use super::*;

const SECRETS: Option<Mechanism> = Some(Mechanism::Secrets);

/// Each header, and what is said of it.
fn check_each<G: Gateway>(
    policy: impl Fn() -> G,
    by: Option<Mechanism>,
    name: &str,
    cases: &[(&str, &str)],
) {
    for (value, shown) in cases {
        let headers = [(name, *value)];
        check(policy(), by, &Case { headers: &headers, shown, ..Case::default() });
    }
}

fn long() -> String {
    MARK.repeat(1000)
}

#[test]
fn of_zavu() {
    let signed = || Zavu::signed(secret());
    let name = "X-Zavu-Signature";
    let (zeros, time) = ("0".repeat(64), now().timestamp());
    check(
        signed(),
        SECRETS,
        &Case {
            shown: "missing_credential: X-Zavu-Signature: no such header (not configured at the \
                    gateway, or removed by a proxy)",
            ..Case::default()
        },
    );
    let good = Zavu::sign(&secret(), now(), BODY.as_bytes());
    check(
        signed(),
        SECRETS,
        &Case {
            headers: &[(name, &good), (name, MARK)],
            shown: "ambiguous_credential: X-Zavu-Signature: more than one such header",
            ..Case::default()
        },
    );
    check(
        signed(),
        SECRETS,
        &Case {
            bytes: Some(&[(name, b"t=1705312500,v2=MARK7f3a,\xff")]),
            shown: "malformed_credential: X-Zavu-Signature is not text",
            ..Case::default()
        },
    );

    let not_timed = "malformed_credential: X-Zavu-Signature is neither sha256=… nor t=…,v2=… \
                     (the URL of a tool receives only tool calls, see ToolCalls)";
    let not_hex = "malformed_credential: X-Zavu-Signature: not 64 hexadecimal digits";
    let no_time = "malformed_credential: X-Zavu-Signature has no time (t=)";
    let not_number = "malformed_credential: X-Zavu-Signature: its time is not a number of seconds";
    let no_tag = "malformed_credential: X-Zavu-Signature has neither v1 nor v2";
    let many = "malformed_credential: X-Zavu-Signature has more than eight parts";
    let two_times = "ambiguous_credential: X-Zavu-Signature has two different times";
    let wrong = "mismatch: X-Zavu-Signature: not made over this body with a configured secret \
                 (another secret, or a body that a proxy or a JSON middleware re-encoded)";
    let wrong_as = |form| Zavu::sign_as(form, &other(), now(), BODY.as_bytes());
    let right_v1 = Zavu::sign_as(Form::F1, &secret(), now(), BODY.as_bytes());
    check_each(
        signed,
        SECRETS,
        name,
        &[
            ("", not_timed),
            (MARK, not_timed),
            (&zeros, not_timed),
            (&long(), "malformed_credential: X-Zavu-Signature is longer than 4096 bytes"),
            ("sha256=", not_hex),
            (&format!("sha256={MARK}"), not_hex),
            (&format!("sha256={}g", &zeros[1..]), not_hex),
            (&format!("sha256={zeros}0"), not_hex),
            (&format!("t={time},v1={MARK}"), not_hex),
            (&format!("t={time},v2={MARK}"), not_hex),
            (&format!("t={time},v1={zeros},v2="), not_hex),
            (&format!("v1={zeros}"), no_time),
            (&format!("v1={zeros},v2={zeros},x={MARK}"), no_time),
            (&format!("t={MARK},v1={zeros}"), not_number),
            (&format!("t=,v2={zeros}"), not_number),
            (&format!("t=-{time},v2={zeros}"), not_number),
            (&format!("t={time}.5,v2={zeros}"), not_number),
            (&format!("t=0{time},v2={zeros}"), not_number),
            (&format!("t={time}000,v2={zeros}"), not_number),
            (&format!("t={time}"), no_tag),
            (&format!("t={time},v3={MARK}"), no_tag),
            (&format!("t={time},v2={zeros}{}", ",x=MARK7f3a".repeat(7)), many),
            (&format!("t={time},t={},v2={zeros}", time + 1), two_times),
            (&wrong_as(Form::F0), wrong),
            (&wrong_as(Form::F1), wrong),
            (&wrong_as(Form::F2), wrong),
            (&wrong_as(Form::F1AndF2), wrong),
            (&format!("{right_v1},v2={zeros}"), wrong),
        ],
    );

    let aged = || {
        let signature = zavu::Signature::new(secret()).max_body_age(Duration::from_secs(300));
        Zavu::by(signature)
    };
    let f0 = |body: &str| Zavu::sign_as(Form::F0, &secret(), now(), body.as_bytes());
    let old = r#"{"type":"message.inbound","timestamp":1705312000000}"#;
    let old_says = "stale: `timestamp` in the body: 500 s old, at most 300 s are accepted (a late \
                    retry, or this machine's clock is about 500 s ahead)";
    let no_age = "stale: `timestamp` in the body: not a time that can be read, so its age is not \
                  known";
    for (body, shown) in
        [(old, old_says), (r#"{"timestamp":"MARK7f3a"}"#, no_age), ("{}", no_age), (MARK, no_age)]
    {
        let headers = [(name, f0(body))];
        let headers = [(headers[0].0, headers[0].1.as_str())];
        check(aged(), SECRETS, &Case { headers: &headers, body, shown, ..Case::default() });
    }

    let accounts = AccountSecrets::new([("sender_1", secret()), ("sender_2", other())]).unwrap();
    let body = r#"{"type":"message.inbound","senderId":"sender_2","data":{"text":"MARK7f3a"}}"#;
    let of_another = Zavu::sign(&secret(), now(), body.as_bytes());
    let headers = [(name, of_another.as_str())];
    let shown = "mismatch: X-Zavu-Signature: not made over this body with a secret of the account \
                 that it names (another secret, another account, or a body that a proxy or a JSON \
                 middleware re-encoded)";
    let case = Case { headers: &headers, body, shown, ..Case::default() };
    check(Zavu::per_account(accounts.clone()), SECRETS, &case);
    let headers = [(name, good.as_str())];
    let shown = "malformed_credential: the body does not name its account";
    check(
        Zavu::per_account(accounts),
        SECRETS,
        &Case { headers: &headers, shown, ..Case::default() },
    );
}

/// They have a verifier of their own, and no log line.
#[test]
fn of_a_tool_call() {
    let calls = ToolCalls::signed(secret());
    let check = |headers: &[(&str, &str)], body: &str, shown: &str| {
        let head = Head::new(&headers).received_at(now());
        let error = calls.receive(&head.with_body(body)).unwrap_err();
        assert_eq!(error.to_string(), format!("refused: {shown}"));
        assert!(!format!("{error:?}").contains(MARK));
    };
    let name = "X-Zavu-Signature";
    let missing = "missing_credential: X-Zavu-Signature: no such header (not configured at the \
                   gateway, or removed by a proxy)";
    check(&[], "{}", missing);
    let twice = "ambiguous_credential: X-Zavu-Signature: more than one such header";
    check(&[(name, MARK), (name, MARK)], "{}", twice);
    let not_hex = "malformed_credential: X-Zavu-Signature: not 64 hexadecimal digits";
    check(&[(name, MARK)], "{}", not_hex);
    check(&[(name, &format!("sha256={}", "0".repeat(64)))], "{}", not_hex);
    let body = r#"{"tool":"price","arguments":{},"timestamp":"MARK7f3a"}"#;
    let wrong = "mismatch: X-Zavu-Signature: not made over this body with a configured secret \
                 (another secret, or a body that a proxy or a JSON middleware re-encoded)";
    check(&[(name, &ToolCalls::sign(&other(), body.as_bytes()))], body, wrong);
    let no_age = "stale: `timestamp` in the body: not a time that can be read, so its age is not \
                  known";
    check(&[(name, &ToolCalls::sign(&secret(), body.as_bytes()))], body, no_age);
}

#[test]
fn of_a_signature_over_the_body() {
    let not_hex = "malformed_credential: X-EnviaAI-Signature: not 64 hexadecimal digits";
    let prefix = "malformed_credential: X-EnviaAI-Signature does not begin with sha256=";
    let zeros = "0".repeat(64);
    check_each(
        || EnviaAi::signed(secret()),
        SECRETS,
        "X-EnviaAI-Signature",
        &[
            ("", prefix),
            (MARK, prefix),
            ("sha1=MARK7f3a", prefix),
            (&format!("SHA256={zeros}"), prefix),
            ("sha256=", not_hex),
            (&format!("sha256={zeros}0"), not_hex),
            (&format!("sha256= {zeros}"), not_hex),
            (&format!("sha256={}x", &zeros[1..]), not_hex),
        ],
    );

    let (name, algorithm) = ("X-Webhook-Hmac", "X-Webhook-Hmac-Algorithm");
    let not_hex = "malformed_credential: X-Webhook-Hmac: not 128 hexadecimal digits";
    let good = Wawp::sign(&secret(), BODY.as_bytes());
    let wrong = Wawp::sign(&other(), BODY.as_bytes());
    let mismatch = "mismatch: X-Webhook-Hmac: not made over this body with a configured secret \
                    (another secret, or a body that a proxy or a JSON middleware re-encoded)";
    check_each(
        || Wawp::signed(secret()),
        SECRETS,
        name,
        &[
            ("", not_hex),
            (&zeros, not_hex),
            (&format!("sha512={good}"), not_hex),
            (&long(), "malformed_credential: X-Webhook-Hmac is longer than 4096 bytes"),
            (&wrong, mismatch),
        ],
    );
    for (headers, shown) in [
        (
            [(name, good.as_str()), (name, MARK)],
            "ambiguous_credential: X-Webhook-Hmac: more than one such header",
        ),
        (
            [(name, good.as_str()), (algorithm, "")],
            "unsupported_algorithm: X-Webhook-Hmac-Algorithm does not name sha512",
        ),
    ] {
        let case = Case { headers: &headers, shown, ..Case::default() };
        check(Wawp::signed(secret()), SECRETS, &case);
    }
    let headers = [(name, good.as_str()), (algorithm, "sha512"), (algorithm, MARK)];
    let shown = "ambiguous_credential: X-Webhook-Hmac-Algorithm: more than one such header";
    check(Wawp::signed(secret()), SECRETS, &Case { headers: &headers, shown, ..Case::default() });

    let accounts = || AccountSecrets::new([("inst_1", secret()), ("inst_2", other())]).unwrap();
    let body = r#"{"event":"message.sent","data":{"instanceId":"inst_2","content":"MARK7f3a"}}"#;
    let of_another = EnviaAi::sign(&secret(), body.as_bytes());
    let shown = "mismatch: X-EnviaAI-Signature: not made over this body with a secret of the \
                 account that it names (another secret, another account, or a body that a proxy \
                 or a JSON middleware re-encoded)";
    let headers = [("X-EnviaAI-Signature", of_another.as_str())];
    let case = Case { headers: &headers, body, shown, ..Case::default() };
    check(EnviaAi::per_instance(accounts()), SECRETS, &case);
    let good = signature(&secret());
    let headers = [("X-EnviaAI-Signature", good.as_str())];
    let shown = "malformed_credential: the body does not name its account";
    check(
        EnviaAi::per_instance(accounts()),
        SECRETS,
        &Case { headers: &headers, shown, ..Case::default() },
    );
}

fn bearer(header: &str, claims: &str, tag: &[u8]) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("Bearer {header}.{claims}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[test]
fn of_a_json_web_token() {
    let good = Evolution::sign(&secret(), now().timestamp());
    let by_header = |header: &str| bearer(header, r#"{"iat":"MARK7f3a"}"#, &[0; 32]);
    let by_claims = |claims: &str| format!("Bearer {}", Jwt::hs256(secret()).sign(claims));
    let parts = "malformed_credential: Authorization: not three parts in base64url";
    let header = "malformed_credential: Authorization: its header is not a JSON object with \
                  unique names";
    let other_algorithm = "unsupported_algorithm: Authorization: its algorithm is not HS256";
    let extension = "unsupported_algorithm: Authorization needs an extension, carries a key, or \
                     is encrypted";
    let not_text = "malformed_credential: Authorization: a member of its header is not text";
    let claims = "malformed_credential: Authorization: its claims are not a JSON object with \
                  unique names";
    let no_times = "malformed_credential: Authorization has no exp or no iat in whole seconds";
    let nbf = "malformed_credential: Authorization: its nbf is not whole seconds";
    let purpose = "mismatch: Authorization: its claims are not those of a webhook's token (a \
                   token that was made for something else)";
    let not_bearer = "malformed_credential: Authorization does not begin with Bearer";
    let jwt = || Evolution::jwt(secret());
    let by = Some(Mechanism::Jwt);
    check_each(
        jwt,
        by,
        "Authorization",
        &[
            ("Basic MARK7f3a", not_bearer),
            (&long(), "malformed_credential: Authorization is longer than 4096 bytes"),
            ("Bearer MARK7f3a.MARK7f3a", parts),
            (&format!("{good}.MARK7f3a"), parts),
            (&format!("{good}="), parts),
            (&by_header("MARK7f3a"), header),
            (&by_header("[]"), header),
            (&by_header(r#"{"alg":"HS256","alg":"HS256"}"#), header),
            (&by_header("{}"), "malformed_credential: Authorization names no algorithm"),
            (
                &by_header(r#"{"alg":256}"#),
                "malformed_credential: Authorization: its algorithm is not text",
            ),
            (&by_header(r#"{"alg":"none"}"#), other_algorithm),
            (&by_header(r#"{"alg":"MARK7f3a"}"#), other_algorithm),
            (&by_header(r#"{"alg":"HS256","crit":["MARK7f3a"]}"#), extension),
            (&by_header(r#"{"alg":"HS256","kid":7}"#), not_text),
            (
                &bearer(r#"{"alg":"HS256"}"#, "{}", &[0; 31]),
                "malformed_credential: Authorization: its signature is not 32 bytes",
            ),
            (&by_claims("MARK7f3a"), claims),
            (&by_claims(r#"{"iat":1,"iat":1}"#), claims),
            (&by_claims("{}"), no_times),
            (&by_claims(r#"{"iat":1705312500,"exp":"1705313100"}"#), no_times),
            (&by_claims(r#"{"iat":1705312500.5,"exp":1705313100}"#), no_times),
            (&by_claims(r#"{"iat":1705312500,"exp":1705313100,"nbf":"MARK7f3a"}"#), nbf),
            (&by_claims(r#"{"iat":1705312500,"exp":1705313100,"app":"MARK7f3a"}"#), purpose),
        ],
    );
    for (headers, shown) in [
        (
            &[][..],
            "missing_credential: Authorization: no such header (not configured at the gateway, or \
             removed by a proxy)",
        ),
        (
            &[("authorization", good.as_str()), ("authorization", MARK)],
            "ambiguous_credential: Authorization: more than one such header",
        ),
    ] {
        check(jwt(), by, &Case { headers, shown, ..Case::default() });
    }

    let accounts = AccountSecrets::new([("cantina", other())]).unwrap();
    let headers = [("authorization", good.as_str())];
    let body = r#"{"event":"messages.upsert","instance":"cantina","data":"MARK7f3a"}"#;
    let shown = "mismatch: Authorization: not signed with a secret of the account that the body \
                 names (another secret, or another account)";
    let case = Case { headers: &headers, body, shown, ..Case::default() };
    check(Evolution::jwt_per_instance(accounts), by, &case);
}

#[test]
fn of_a_user_and_a_password() {
    let pair = "malformed_credential: Authorization: not a user and a password in base64";
    let not_basic = "malformed_credential: Authorization does not begin with Basic";
    let wrong = "mismatch: Authorization: not a configured user and password (another user or \
                 password in the URL at the gateway than here)";
    let of = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
    let basic = || Evolution::by(Basic::new("zap", secret()));
    let by = Some(Mechanism::Basic);
    check_each(
        basic,
        by,
        "Authorization",
        &[
            (MARK, not_basic),
            ("Bearer MARK7f3a", not_basic),
            ("Basic MARK7f3a%", pair),
            (&of(MARK), pair),
            (&of("zap:MARK7f3a"), wrong),
            (&of("MARK7f3a:MARK7f3a-a-secret"), wrong),
            (&long(), "malformed_credential: Authorization is longer than 4096 bytes"),
        ],
    );
    let shown = "missing_credential: Authorization: no such header (not configured at the \
                 gateway, or removed by a proxy)";
    check(basic(), by, &Case { shown, ..Case::default() });
    let headers = [("authorization", MARK), ("authorization", MARK)];
    let shown = "ambiguous_credential: Authorization: more than one such header";
    check(basic(), by, &Case { headers: &headers, shown, ..Case::default() });
}

/// In the URL and in headers, at the gateways that have nothing else.
#[test]
fn of_a_token() {
    let long = long();
    let in_query = format!("/hook?token={long}");
    let in_path = format!("/hook/{long}");
    let tokens = || AccountTokens::new([("33", token())]).unwrap();
    let place = || TokenPlace::query("token");
    let without = "the gateway calls a URL without its token";
    let missing =
        format!("missing_credential: query parameter `token`: no such query parameter ({without})");
    let empty = format!("missing_credential: query parameter `token`: no token ({without})");
    let wrong = "mismatch: query parameter `token`: not one of the configured tokens (another \
                 token at the gateway than here)";
    for (uri, shown) in [
        ("/hook", missing.as_str()),
        ("/hook?token=", &empty),
        (
            "/hook?token=MARK7f3a&token=MARK7f3a",
            "ambiguous_credential: query parameter `token`: more than one such query parameter",
        ),
        (
            "/hook?token=MARK7f3a%f",
            "malformed_credential: query parameter `token` is not percent-encoded properly",
        ),
        (&in_query, "malformed_credential: query parameter `token` is longer than 4096 bytes"),
        ("/hook?token=MARK7f3a", wrong),
    ] {
        let case = || Case { uri, shown, ..Case::default() };
        let by = Some(Mechanism::Tokens);
        check(EazeWa::per_instance(place(), tokens()), by, &case());
        check(EazeWa::any_instance(place(), token()), by, &case());
        let by = Some(Mechanism::Query);
        check(Wawp::by(Query::new("token", token())), by, &case());
        check(Wawp::by(Query::per_account("token", tokens())), by, &case());
        check(EnviaAi::by(Query::new("token", token())), by, &case());
        check(Zavu::by(Query::new("token", token())), by, &case());
    }

    for (uri, shown) in [
        (in_path.as_str(), "malformed_credential: the path is longer than 4096 bytes"),
        ("/hook/%MARK7f3a", "malformed_credential: the path is not percent-encoded properly"),
    ] {
        let case = || Case { uri, shown, ..Case::default() };
        let by = Some(Mechanism::Path);
        check(Evolution::by(Path::new(token())), by, &case());
        check(Wawp::by(Path::new(token())), by, &case());
        let by = Some(Mechanism::Tokens);
        check(EazeWa::any_instance(TokenPlace::path(), token()), by, &case());
    }

    let header = || Wawp::by(Header::new(HeaderName::from_static("x-team"), token()));
    let by = Some(Mechanism::Header);
    check_each(
        header,
        by,
        "X-Team",
        &[
            (&long, "malformed_credential: x-team is longer than 4096 bytes"),
            (
                MARK,
                "mismatch: x-team: not one of the configured tokens (another token at the gateway \
                 than here)",
            ),
        ],
    );
    let headers = [("x-team", MARK), ("X-Team", MARK)];
    let shown = "ambiguous_credential: x-team: more than one such header";
    check(header(), by, &Case { headers: &headers, shown, ..Case::default() });

    let body = r#"{"event":"message","data":"MARK7f3a"}"#;
    let uri = format!("/hook?token={MARK}-a-token");
    let shown = "malformed_credential: the body does not name its account";
    let case = || Case { uri: &uri, body, shown, ..Case::default() };
    check(EazeWa::per_instance(place(), tokens()), Some(Mechanism::Tokens), &case());
    let by = Some(Mechanism::Query);
    check(Wawp::by(Query::per_account("token", tokens())), by, &case());
}

#[test]
fn of_a_member() {
    let apikey = || Evolution::by(ApiKey::new(token()));
    let instance_token = || Evolution::by(InstanceToken::new(token()));
    let repeated = |name: &str| {
        format!("ambiguous_credential: `{name}` in the body: more than one such member")
    };
    let (two_keys, two_tokens) = (repeated("apikey"), repeated("instanceToken"));
    let not_object = "malformed_credential: the body is not a JSON object (the body has to be \
                      read here, to find the credential or the account)";
    for (body, shown) in [
        (r#"{"apikey":"MARK7f3a","apikey":"MARK7f3a"}"#, two_keys.as_str()),
        (r#"["MARK7f3a"]"#, not_object),
        (r#"{"apikey":"MARK7f3a""#, not_object),
        ("", not_object),
    ] {
        let case = Case { body, shown, ..Case::default() };
        check(apikey(), Some(Mechanism::ApiKey), &case);
    }
    for (body, shown) in [
        (r#"{"instanceToken":"MARK7f3a","instanceToken":"MARK7f3a"}"#, two_tokens.as_str()),
        (r#"{"instanceToken":7}"#, "malformed_credential: `instanceToken` in the body is not text"),
        (
            "{}",
            "missing_credential: `instanceToken` in the body: no such member (the gateway is not \
             configured to send it)",
        ),
        (
            r#"{"instanceToken":"MARK7f3a"}"#,
            "mismatch: `instanceToken` in the body: not one of the configured tokens (another \
             token at the gateway than here)",
        ),
    ] {
        let case = Case { body, shown, ..Case::default() };
        check(instance_token(), Some(Mechanism::InstanceToken), &case);
    }

    let body = format!(r#"{{"apikey":"{MARK}-a-token"}}"#);
    let shown = "wrong_instance: the body does not name an accepted instance";
    let case = Case { body: &body, shown, ..Case::default() };
    check(apikey().and_instances(["cantina"]), Some(Mechanism::Instances), &case);
    let body = format!(r#"{{"apikey":"{MARK}-a-token","instance":"cantina"}}"#);
    let tokens = AccountTokens::new([("bar", token())]).unwrap();
    let shown = "mismatch: `apikey` in the body: a token of another account than the body's";
    let case = Case { body: &body, shown, ..Case::default() };
    check(Evolution::per_instance(tokens), Some(Mechanism::ApiKey), &case);
}

#[test]
fn of_an_address() {
    let behind = || {
        let networks = Networks::new(["203.0.113.0/24"]).unwrap();
        EnviaAi::by(networks.behind(["10.0.0.0/8"]).unwrap())
    };
    let by = Some(Mechanism::Networks);
    let headers = [("x-forwarded-for", "203.0.113.7, MARK7f3a")];
    let shown = "network: X-Forwarded-For: no address that can be read";
    check(behind(), by, &Case { headers: &headers, shown, ..Case::default() });
    let headers = [("x-forwarded-for", "203.0.113.7, 198.51.100.9")];
    let shown = "network: the peer's address is not in an allowed network";
    check(behind(), by, &Case { headers: &headers, shown, ..Case::default() });
    let shown = "network: the peer's address is not known (give it to the request with \
                 `Head::peer`)";
    check(behind(), by, &Case { peer: false, shown, ..Case::default() });
}

#[test]
fn of_a_policy() {
    let tenants = AnyTenants::from(Tenants::<EnviaAi>::new());
    let request = Request::new(&[("x-enviaai-signature", MARK)], BODY);
    let policy = AnyPolicy::from(Zavu::signed(secret()));
    let error = tenants.receive_for("inst_1", &policy, &request).unwrap_err();
    assert_eq!(error.to_string(), "refused: mismatch: the policy is another gateway's");
}

/// What is said is asserted somewhere here, for every cause that there is.
#[test]
fn no_cause_is_left_out() {
    let causes = include_str!("../../../src/auth/refusal.rs");
    let (_, causes) = causes.split_once("\ncauses! {\n").unwrap();
    let (causes, _) = causes.split_once("\n}\n").unwrap();
    // As the compiler joins a text that goes on in the next line.
    let tests = concat!(include_str!("../refusals.rs"), include_str!("malformed.rs"));
    let mut joined = String::new();
    for line in tests.lines() {
        match line.trim_start().strip_suffix('\\') {
            Some(start) => joined.push_str(start),
            None => joined.extend([line.trim_start(), "\n"]),
        }
    }
    let mut seen = 0;
    for cause in causes.split(";\n") {
        // The noun is only used where there is no name.
        for text in cause.split('"').skip(3).step_by(2) {
            let parts = text.split('{').map(|part| part.split_once('}').map_or(part, |it| it.1));
            for part in parts {
                assert!(joined.contains(part), "{part:?} of {cause}");
            }
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}
