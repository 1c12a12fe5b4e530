//! Many accounts: a proof speaks for the account whose policy it is.

use zaphook::{
    AnyPolicy, AnyTenants, Delivery, EnviaAi, Evolution, Gateway, MemoryStore, Receiver, Request,
    Tenants, Token, Wawp, Zavu, testing,
};

use zaphook::auth::Reason;

use crate::fixtures;
use crate::gateways::secret;
use crate::thorough;

/// What became of a body that was received for the account of whoever wrote it, by
/// that account's own policy. It claims to be of that account, or of none.
fn received<G: Gateway>(
    account: &str,
    policy: &G,
    request: &Request<'_>,
) -> Result<String, &'static str> {
    let tenants = Tenants::<G>::new();
    let claimed = tenants.peek(request).account;
    assert!(claimed.is_none_or(|claimed| claimed == account));
    match tenants.receive_for(account, policy, request) {
        Ok(delivery) => {
            assert_eq!(delivery.account().as_deref(), Some(account));
            Ok(account.to_owned())
        }
        Err(error) => {
            assert_eq!(error.status(), 401);
            Err(error.reason())
        }
    }
}

#[test]
fn whoever_has_a_secret_of_their_own_writes_for_nobody_else() {
    for (own, body, expected) in [
        (
            "attacker",
            r#"{"session":"attacker","event":"message.any","id":"evt_1"}"#,
            Ok("attacker"),
        ),
        (
            "attacker",
            r#"{"session":"attacker","instance_id":"victim","status":"FAILED","ts":1}"#,
            Err("wrong_instance"),
        ),
        (
            "7",
            r#"{"session":7,"event":"session.status","id":"evt_1","payload":{"status":"FAILED","instance_id":"victim"}}"#,
            Err("wrong_instance"),
        ),
    ] {
        let request = testing::wawp(&secret(), body);
        let received = received(own, &Wawp::signed(secret()), &Request::from(&request));
        assert_eq!(received.as_deref(), expected.as_ref().copied(), "{body}");
    }

    let token = "429683C4C977415CAAFCCE10F7D57E11";
    let policy = Evolution::instance_token(Token::new(token).unwrap());
    for (own, head, expected) in [
        ("own", r#""instanceId":"own""#, Ok("own")),
        ("7", r#""instanceId":7,"instanceName":"victim""#, Err("wrong_instance")),
    ] {
        let body = format!(
            r#"{{"event":"Connected",{head},"instanceToken":"{token}","data":{{"status":"open"}}}}"#
        );
        let received = received(own, &policy, &Request::new(&[("", ""); 0], body.as_str()));
        assert_eq!(received.as_deref(), expected.as_ref().copied(), "{body}");
    }
}

#[test]
fn a_delivery_of_no_account_is_refused() {
    let request = testing::zavu(&secret(), r#"{"id":"evt_1","type":"message.inbound","data":{}}"#);
    let request = Request::from(&request);
    let tenants = Tenants::<Zavu>::new();
    assert_eq!(tenants.peek(&request).account, None);
    let error = tenants.receive_for("", &Zavu::signed(secret()), &request).unwrap_err();
    assert_eq!((error.reason(), error.status().as_u16()), ("wrong_instance", 401));
    assert_eq!(tenants.unknown().reason().as_str(), "mismatch");
}

#[test]
fn an_event_that_nobody_asked_for_has_an_account_too() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    let request = testing::enviaai(&secret(), body);
    let request = Request::from(&request);
    let policy = EnviaAi::signed(secret());
    let tenants = Tenants::<EnviaAi>::new().only([]);
    let delivery = tenants.receive_for("inst_4b7d", &policy, &request).unwrap();
    assert_eq!(delivery.recognition().as_str(), "skipped");
    let error = tenants.receive_for("inst_other", &policy, &request).unwrap_err();
    assert_eq!(error.reason(), "wrong_instance");
}

#[tokio::test]
async fn the_gateway_may_be_known_at_run_time_only() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    let request = testing::enviaai(&secret(), body);
    let request = Request::from(&request);
    let tenants = AnyTenants::from(Tenants::<EnviaAi>::new());
    assert_eq!((tenants.gateway(), tenants.body_limit()), ("enviaai", EnviaAi::BODY_LIMIT));
    let account = tenants.peek(&request).account.unwrap();
    let policy = AnyPolicy::from(EnviaAi::signed(secret()));
    let own = Receiver::new(EnviaAi::signed(secret())).receive(&request).unwrap();
    let delivery = tenants.receive_for(&account, &policy, &request).unwrap();
    assert_eq!((delivery.key(), delivery.gateway()), (own.key(), "enviaai"));

    let refused = |account: &str, policy: &AnyPolicy| {
        tenants.receive_for(account, policy, &request).unwrap_err().reason()
    };
    assert_eq!(refused("inst_other", &policy), "wrong_instance");
    assert_eq!(refused(&account, &AnyPolicy::from(Zavu::signed(secret()))), "mismatch");

    assert!(tenants.clone().only(["message.recieved"]).is_err());
    let only = tenants.only(["message.failed"]).unwrap();
    let delivery = only.receive_for(&account, &policy, &request).unwrap();
    assert_eq!(delivery.recognition().as_str(), "skipped");
    let consumer = only.with_store(MemoryStore::new());
    let never = |_| async { panic!("it was called") };
    let answer = consumer.handle_for(&account, &policy, &request, never).await;
    assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (200, "skipped"));
    let answer = consumer.handle_for("inst_other", &policy, &request, never).await;
    assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (401, "refused"));
}

/// Bodies with each of these values in each of these members, or without it: how
/// many of them tell another account before they are proven than afterwards.
fn two_accounts<G: zaphook::Gateway>(members: &[(&str, &[&str])]) -> Vec<String> {
    let total: usize = members.iter().map(|(_, values)| values.len() + 1).product();
    let mut two = Vec::new();
    for mut number in 0..total {
        let mut body = Vec::new();
        for (name, values) in members {
            let (choice, rest) = (number % (values.len() + 1), number / (values.len() + 1));
            number = rest;
            if let Some(value) = choice.checked_sub(1) {
                body.push(format!("\"{name}\":{}", values[value]));
            }
        }
        check::<G>(&format!("{{{}}}", body.join(",")), &mut two);
    }
    two
}

fn check<G: zaphook::Gateway>(body: &str, two: &mut Vec<String>) {
    let headers: [(&str, &str); 0] = [];
    let claimed = G::peek(&Request::new(&headers, body.to_owned())).account;
    let Ok(delivery) = Delivery::<G>::parse_trusted(body.to_owned()) else { return };
    if claimed.is_some() && claimed.as_deref() != delivery.account().as_deref() {
        two.push(body.to_owned());
    }
}

/// The fixtures of a gateway with every odd value in every outermost member, and
/// with some members of other bodies.
fn two_accounts_of_fixtures<G: zaphook::Gateway>() -> Vec<String> {
    const ODD: &[&str] = &["null", "7", "\"\"", "\"v\"", "true", "{}", "[]", "1.5", "\"\\ud83d\""];
    let mut two = Vec::new();
    let mut turn = 0;
    let names = ["session", "instance_id", "instance", "instanceId", "instanceName", "senderId"];
    for (_, text) in fixtures::all(G::NAME).into_iter().step_by(thorough::or(3, 1)) {
        check::<G>(&text, &mut two);
        let serde_json::Value::Object(members) = fixtures::json(&text) else { continue };
        let own = members.keys().map(String::as_str);
        for name in own.chain(names).collect::<std::collections::BTreeSet<_>>() {
            turn += 1;
            for odd in thorough::in_turn(ODD, turn) {
                let mut mutated = members.clone();
                mutated.remove(name);
                let rest = serde_json::Value::Object(mutated).to_string();
                let rest = rest.trim_start_matches('{');
                let comma = if rest == "}" { "" } else { "," };
                check::<G>(&format!("{{\"{name}\":{odd}{comma}{rest}"), &mut two);
                // Twice.
                let whole = text.trim_start().trim_start_matches('{');
                check::<G>(&format!("{{\"{name}\":{odd},{whole}"), &mut two);
            }
        }
    }
    two
}

#[test]
fn no_body_names_one_account_before_it_is_proven_and_another_one_after() {
    let id: &[&str] = &["null", "\"a\"", "\"v\"", "7", "\"\\ud83d\""];
    let there: &[&str] = &["null", "\"x\""];
    let none = Vec::<String>::new();
    assert_eq!(
        two_accounts::<zaphook::Wawp>(&[
            ("event", &["null", "\"session.status\"", "\"message\"", "7"]),
            ("payload", &["{}", "{\"status\":\"FAILED\",\"instance_id\":\"v\"}", "null"]),
            ("session", id),
            ("instance_id", id),
            ("status", &["\"FAILED\"", "null", "7"]),
        ]),
        none
    );
    assert_eq!(
        two_accounts::<zaphook::Evolution>(&[
            ("event", &["null", "\"Message\"", "\"messages.upsert\"", "7"]),
            ("data", &["{}", "{\"instanceId\":\"v\"}"]),
            ("instance", id),
            ("instanceId", &["null", "\"a\"", "\"v\"", "\"\\ud83d\""]),
            ("instanceName", &["null", "\"a\"", "7"]),
            ("keyId", there),
            ("message_template_id", &["7"]),
        ]),
        none
    );
    assert_eq!(
        two_accounts::<zaphook::Zavu>(&[
            ("type", &["\"message.inbound\"", "\"x\""]),
            ("data", &["{}", "null"]),
            ("senderId", id),
            ("projectId", id),
        ]),
        none
    );
    assert_eq!(
        two_accounts::<zaphook::EazeWa>(&[
            ("event", &["\"message\"", "\"x\""]),
            ("data", &["{}", "null"]),
            ("instanceId", &["\"33\"", "33", "33.0", "123456789012345678901234567890", "null"]),
        ]),
        none
    );
}

#[test]
fn no_fixture_names_another_account_once_it_is_proven() {
    let none = Vec::<String>::new();
    assert_eq!(two_accounts_of_fixtures::<zaphook::Wawp>(), none);
    assert_eq!(two_accounts_of_fixtures::<zaphook::Evolution>(), none);
    assert_eq!(two_accounts_of_fixtures::<zaphook::Zavu>(), none);
    assert_eq!(two_accounts_of_fixtures::<zaphook::EazeWa>(), none);
    assert_eq!(two_accounts_of_fixtures::<zaphook::EnviaAi>(), none);
}

#[test]
fn a_token_of_one_evolution_instance_opens_no_other() {
    use zaphook::auth::{AccountTokens, Mechanism};
    let token = |text: &str| zaphook::Token::new(text).unwrap();
    let own = "429683C4C977415CAAFCCE10F7D57E11";
    let other = "B6D711FCDE4D4FD5936544120E713976";
    let tokens = AccountTokens::new([("sales", token(own)), ("uuid-1", token(other))]).unwrap();
    let receiver = Receiver::new(zaphook::Evolution::per_instance(tokens));
    let check = |body: String| {
        let headers: [(&str, &str); 0] = [];
        let proof = receiver.authenticate(&Request::new(&headers, body));
        proof.map(|proof| proof.by().next().unwrap()).map_err(|refusal| refusal.reason())
    };
    let upsert = |instance: &str, token: &str| {
        format!(r#"{{"event":"x","instance":"{instance}","data":{{}},"apikey":"{token}"}}"#)
    };
    assert_eq!(check(upsert("sales", own)), Ok(Mechanism::ApiKey));
    assert_eq!(check(upsert("sales", other)), Err(Reason::Mismatch));
    assert_eq!(check(upsert("uuid-1", own)), Err(Reason::Mismatch));
    assert_eq!(check(upsert("", own)), Err(Reason::Mismatch));
    assert_eq!(check(upsert("sales", "Apikey not found")), Err(Reason::MissingCredential));
    let go = |id: &str, token: &str| {
        format!(
            r#"{{"event":"Message","instanceId":{id},"instanceName":"sales","instanceToken":"{token}","data":{{}}}}"#
        )
    };
    assert_eq!(check(go("\"uuid-1\"", other)), Ok(Mechanism::InstanceToken));
    assert_eq!(check(go("\"uuid-1\"", own)), Err(Reason::Mismatch));
    assert_eq!(check(go("7", own)), Err(Reason::Mismatch));
    assert_eq!(check(go("null", own)), Ok(Mechanism::InstanceToken));
}

#[test]
fn instances_are_those_of_the_account() {
    let own = "429683C4C977415CAAFCCE10F7D57E11";
    let policy = zaphook::Evolution::instance_token(zaphook::Token::new(own).unwrap());
    let receiver = Receiver::new(policy.and_instances(["attacker"]));
    let headers: [(&str, &str); 0] = [];
    for (members, accepted) in [
        (r#""event":"Message","instanceName":"attacker","data":{}"#, true),
        (r#""event":"Message","instanceName":"attacker","instanceId":"victim","data":{}"#, false),
        (r#""event":"Message","instanceName":"attacker","instanceId":7,"data":{}"#, false),
        (r#""instanceName":"attacker","keyId":"K","instanceId":"victim","status":"READ""#, false),
        (r#""instanceName":"attacker","keyId":"K","status":"READ""#, false),
    ] {
        let body = format!(r#"{{{members},"instanceToken":"{own}"}}"#);
        let proof = receiver.authenticate(&Request::new(&headers, body));
        assert_eq!(proof.is_ok(), accepted, "{members}");
    }
}
