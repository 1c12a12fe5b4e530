//! Many accounts: a proof speaks for the account whose policy it is.

use zaphook::{
    AnyPolicy, AnyTenants, EnviaAi, Evolution, Gateway, MemoryStore, Receiver, Request, Tenants,
    Token, Wawp, Zavu, testing,
};

use crate::fixtures;
use crate::gateways::secret;

/// What became of a body that was received for the account that it claims to
/// be of, by that account's own policy.
fn received<G: Gateway>(policy: &G, request: &Request<'_>) -> Result<String, &'static str> {
    let tenants = Tenants::<G>::new();
    let account = tenants.peek(request).account.unwrap();
    match tenants.receive_for(&account, policy, request) {
        Ok(delivery) => {
            assert_eq!(delivery.account().as_deref(), Some(&*account));
            Ok(account)
        }
        Err(error) => {
            assert_eq!(error.status(), 401);
            Err(error.reason())
        }
    }
}

#[test]
fn whoever_has_a_secret_of_their_own_writes_for_nobody_else() {
    for (body, expected) in [
        (r#"{"session":"attacker","event":"message.any","id":"evt_1"}"#, Ok("attacker")),
        (
            r#"{"session":"attacker","instance_id":"victim","status":"FAILED","ts":1}"#,
            Err("wrong_instance"),
        ),
        (
            r#"{"session":7,"event":"session.status","id":"evt_1","payload":{"status":"FAILED","instance_id":"victim"}}"#,
            Err("wrong_instance"),
        ),
    ] {
        let request = testing::wawp(&secret(), body);
        let received = received(&Wawp::signed(secret()), &Request::from(&request));
        assert_eq!(received.as_deref(), expected.as_ref().copied(), "{body}");
    }

    let token = "429683C4C977415CAAFCCE10F7D57E11";
    let policy = Evolution::instance_token(Token::new(token).unwrap());
    for (head, expected) in [
        (r#""instanceId":"own""#, Ok("own")),
        (r#""instanceId":7,"instanceName":"victim""#, Err("wrong_instance")),
    ] {
        let body = format!(
            r#"{{"event":"Connected",{head},"instanceToken":"{token}","data":{{"status":"open"}}}}"#
        );
        let received = received(&policy, &Request::new(&[("", ""); 0], body.as_str()));
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
