//! Secrets that are valid for one account only, at every gateway: the proof of one
//! account never opens another.

use chrono::{DateTime, Utc};
use serde_json::json;
use zaphook::auth::{AccountSecrets, AccountTokens, Path, Query, TokenPlace};
use zaphook::{
    EazeWa, EnviaAi, Evolution, Gateway, Head, Receiver, Secret, Secrets, Stored, Token, Wawp,
    Zavu, evolution, zavu,
};

use crate::fixtures;

/// The account, and what proves it.
const A: (&str, &str) = ("cantina", "secret-of-the-cantina");
const B: (&str, &str) = ("padaria", "secret-of-the-padaria");

/// Both of them, in the order in which a policy gets them.
type Order<'a> = [(&'a str, &'a str); 2];

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_705_312_500, 0).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn secrets(order: Order<'_>) -> AccountSecrets {
    AccountSecrets::new(order.map(|(account, text)| (account, secret(text)))).unwrap()
}

fn tokens(order: Order<'_>) -> AccountTokens {
    let token = |text: &str| Token::new(text).unwrap();
    AccountTokens::new(order.map(|(account, text)| (account, token(text)))).unwrap()
}

/// A fixture with its account replaced.
fn body(fixture: &str, path: &[&str], account: &str) -> String {
    fixtures::with(&fixtures::text(fixture), path, Some(json!(account)))
}

/// How a request proves itself with a secret: a header or a URL.
type Proving = fn(secret: &str, body: &str) -> (&'static str, String);

/// One gateway's way of binding a secret to an account.
struct Bound<'a, G> {
    policy: &'a dyn Fn(Order<'_>) -> G,
    body: &'a dyn Fn(&str) -> String,
    prove: Proving,
}

impl<G: Gateway> Bound<'_, G> {
    fn check(&self) {
        for order in [[A, B], [B, A]] {
            let receiver = Receiver::new((self.policy)(order));
            let receive = |secret: &str, body: &str, proven: &str| {
                let (place, value) = (self.prove)(secret, proven);
                let (headers, uri) = match place {
                    "uri" => ([("host", "example.org".to_owned())], value),
                    name => ([(name, value)], "/".to_owned()),
                };
                let request = Head::new(&headers).uri(&uri).received_at(now()).with_body(body);
                let received = receiver.receive(&request);
                // Consistent with what a caller would have been told before.
                let account = receiver.peek(&request).account;
                received
                    .map(|delivery| {
                        assert_eq!(delivery.account(), account.as_deref().map(Into::into));
                        assert_eq!(delivery.proof().account(), account.as_deref());
                        let stored = serde_json::to_string(&delivery.to_stored()).unwrap();
                        let stored: Stored = serde_json::from_str(&stored).unwrap();
                        assert_eq!(stored.proof().account(), account.as_deref());
                        (account.unwrap(), delivery.proof().secret())
                    })
                    .map_err(|error| error.reason())
            };
            for ((own, its), (other, others)) in [(A, B), (B, A)] {
                let (own_body, other_body) = ((self.body)(own), (self.body)(other));
                let accepted = Ok((own.to_owned(), Some(0)));
                assert_eq!(receive(its, &own_body, &own_body), accepted, "{order:?}");
                // With the right secret of the wrong account, over either body.
                assert_eq!(receive(its, &other_body, &other_body), Err("mismatch"), "{order:?}");
                assert_eq!(receive(others, &own_body, &own_body), Err("mismatch"), "{order:?}");
                assert_eq!(receive(its, "{}", "{}"), Err("malformed_credential"), "{order:?}");
                let unknown = (self.body)("nobody");
                assert_eq!(receive(its, &unknown, &unknown), Err("mismatch"), "{order:?}");
            }
        }
    }
}

#[test]
fn enviaai_binds_a_secret_to_its_instance() {
    let body = |account: &str| {
        body("enviaai/message.received.plain.json", &["data", "instanceId"], account)
    };
    Bound {
        policy: &|order| EnviaAi::per_instance(secrets(order)),
        body: &body,
        prove: |text, body| ("X-EnviaAI-Signature", EnviaAi::sign(&secret(text), body.as_bytes())),
    }
    .check();
}

#[test]
fn zavu_binds_a_secret_to_its_sender_or_project() {
    let sender = |account: &str| body("zavu/message.inbound.json", &["senderId"], account);
    let project = |account: &str| {
        let body =
            fixtures::with(&fixtures::text("zavu/message.inbound.json"), &["senderId"], None);
        fixtures::with(&body, &["projectId"], Some(json!(account)))
    };
    for body in [&sender as &dyn Fn(&str) -> String, &project] {
        Bound {
            policy: &|order| Zavu::per_account(secrets(order)),
            body,
            prove: |text, body| {
                ("X-Zavu-Signature", Zavu::sign(&secret(text), now(), body.as_bytes()))
            },
        }
        .check();
        // Every form, with the same settings.
        Bound {
            policy: &|order| {
                Zavu::by(zavu::Signature::per_account(secrets(order)).accept_timestamped_v1())
            },
            body,
            prove: |text, body| {
                let form = zavu::Form::F1Timestamped;
                let value = Zavu::sign_as(form, &secret(text), now(), body.as_bytes());
                ("X-Zavu-Signature", value)
            },
        }
        .check();
    }
    // Whose project it is does not matter where there is a sender.
    let both = fixtures::with(&sender(A.0), &["projectId"], Some(json!(B.0)));
    let receiver = Receiver::new(Zavu::per_account(secrets([A, B])));
    for ((_, text), accepted) in [(A, true), (B, false)] {
        let headers = [("X-Zavu-Signature", Zavu::sign(&secret(text), now(), both.as_bytes()))];
        let request = Head::new(&headers).received_at(now()).with_body(&both);
        assert_eq!(receiver.receive(&request).is_ok(), accepted);
    }
}

#[test]
fn waha_binds_a_key_to_its_session() {
    let body = |account: &str| body("wawp/message.json", &["session"], account);
    Bound {
        policy: &|order| Wawp::per_session(secrets(order)),
        body: &body,
        prove: |text, body| ("X-Webhook-Hmac", Wawp::sign(&secret(text), body.as_bytes())),
    }
    .check();
}

#[test]
fn wawp_binds_a_token_to_its_session() {
    let body = |account: &str| body("wawp/message.json", &["session"], account);
    Bound {
        policy: &|order| Wawp::by(Query::per_account("secret", tokens(order))),
        body: &body,
        prove: |text, _| ("uri", format!("/hook?secret={text}")),
    }
    .check();
}

#[test]
fn evolution_binds_a_key_to_its_instance() {
    let body = |account: &str| body("evolution/messages.upsert.json", &["instance"], account);
    let jwt: Proving =
        |text, _| ("authorization", Evolution::sign(&secret(text), now().timestamp()));
    Bound { policy: &|order| Evolution::jwt_per_instance(secrets(order)), body: &body, prove: jwt }
        .check();
    Bound {
        policy: &|order| Evolution::by(evolution::Jwt::per_instance(secrets(order))),
        body: &body,
        prove: jwt,
    }
    .check();
    Bound {
        policy: &|order| Evolution::by(Path::per_account(tokens(order))),
        body: &body,
        prove: |text, _| ("uri", format!("/hook/{text}/messages-upsert")),
    }
    .check();
}

#[test]
fn eazewa_binds_a_token_to_its_instance() {
    let body = |account: &str| body("eazewa/message.json", &["instanceId"], account);
    Bound {
        policy: &|order| EazeWa::per_instance(TokenPlace::path(), tokens(order)),
        body: &body,
        prove: |text, _| ("uri", format!("/hook/{text}")),
    }
    .check();
}

/// The token that is in the body itself.
#[test]
fn evolution_binds_the_token_in_a_body_to_its_instance() {
    let named = |account: &str, token: &str| {
        let body = body("evolution/messages.upsert.json", &["instance"], account);
        fixtures::with(&body, &["apikey"], Some(json!(token)))
    };
    for order in [[A, B], [B, A]] {
        let receiver = Receiver::new(Evolution::per_instance(tokens(order)));
        let receive = |body: &str| {
            let headers: [(&str, &str); 0] = [];
            let delivery = receiver.receive(&Head::new(&headers).with_body(body));
            let proven = |delivery: zaphook::Delivery<Evolution>| {
                delivery.proof().account().map(str::to_owned)
            };
            delivery.map(proven).map_err(|error| error.reason())
        };
        assert_eq!(receive(&named(A.0, A.1)), Ok(Some(A.0.to_owned())));
        assert_eq!(receive(&named(A.0, B.1)), Err("mismatch"));
        assert_eq!(receive(&named(B.0, A.1)), Err("mismatch"));
    }
}

/// The expired token of the right account is told from another account's, and is
/// retried.
#[test]
fn an_expired_token_of_the_account_may_be_repeated() {
    let body = body("evolution/messages.upsert.json", &["instance"], A.0);
    let receiver = Receiver::new(Evolution::jwt_per_instance(secrets([A, B])));
    for ((_, text), verdict) in [(A, ("expired", 503)), (B, ("mismatch", 401))] {
        let made = now().timestamp() - 4000;
        let headers = [("authorization", Evolution::sign(&secret(text), made))];
        let request = Head::new(&headers).received_at(now()).with_body(&body);
        let error = receiver.receive(&request).unwrap_err();
        assert_eq!((error.reason(), error.status().as_u16()), verdict);
    }
}

#[test]
fn an_account_may_rotate_its_secret() {
    let (account, old) = A;
    let two = Secrets::from([secret("a-newer-secret"), secret(old)]);
    let all = [(account, two), (B.0, Secrets::from(secret(B.1)))];
    let receiver = Receiver::new(EnviaAi::per_instance(AccountSecrets::new(all).unwrap()));
    let body = body("enviaai/message.received.plain.json", &["data", "instanceId"], account);
    for (text, index) in [("a-newer-secret", 0), (old, 1)] {
        let request = zaphook::testing::enviaai(&secret(text), body.as_str());
        let delivery = receiver.receive(&zaphook::Request::from(&request)).unwrap();
        assert_eq!(delivery.proof().secret(), Some(index));
        assert_eq!(delivery.proof().account(), Some(account));
    }
    let request = zaphook::testing::enviaai(&secret(B.1), body.as_str());
    let error = receiver.receive(&zaphook::Request::from(&request)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "refused: mismatch: X-EnviaAI-Signature: not made over this body with a secret of the \
         account that it names (another secret, another account, or a body that a proxy or a \
         JSON middleware re-encoded)"
    );
}

/// What one account's proof covers, bound or not, is nothing of another's: the same
/// with alternatives and with several mechanisms.
#[test]
fn a_bound_proof_stays_bound_among_others() {
    let body = body("evolution/messages.upsert.json", &["instance"], A.0);
    let jwt = |text: &str| Evolution::sign(&secret(text), now().timestamp());
    let path = || Evolution::by(Path::per_account(tokens([A, B])));
    let bound = || Evolution::jwt_per_instance(secrets([A, B]));
    let both = path().and(evolution::Jwt::per_instance(secrets([A, B])));
    let check = |policy: Evolution, uri: &str, jwt: String| {
        let headers = [("authorization", jwt)];
        let request = Head::new(&headers).uri(uri).received_at(now()).with_body(&body);
        Receiver::new(policy).authenticate(&request).is_ok()
    };
    let (ours, theirs) = (format!("/hook/{}", A.1), format!("/hook/{}", B.1));
    assert!(check(both.clone(), &ours, jwt(A.1)));
    assert!(!check(both.clone(), &ours, jwt(B.1)));
    assert!(!check(both, &theirs, jwt(A.1)));
    let either = || Evolution::any_of([path(), bound()]);
    assert!(check(either(), &ours, jwt(B.1)));
    assert!(check(either(), &theirs, jwt(A.1)));
    assert!(!check(either(), &theirs, jwt(B.1)));
}

/// Of an account that has no secrets nothing is said but that: neither that the token
/// was another's, nor that it had expired.
#[test]
fn a_proof_for_an_unknown_account_is_a_mismatch() {
    let body = body("evolution/messages.upsert.json", &["instance"], "nobody");
    let receiver = Receiver::new(Evolution::jwt_per_instance(secrets([A, B])));
    for (text, ago) in [(A.1, 0), (B.1, 0), (A.1, 4000), (B.1, 4000), ("else", 0)] {
        let made = now().timestamp() - ago;
        let headers = [("authorization", Evolution::sign(&secret(text), made))];
        let request = Head::new(&headers).received_at(now()).with_body(&body);
        assert_eq!(
            receiver.receive(&request).unwrap_err().to_string(),
            "refused: mismatch: Authorization: not signed with a secret of the account that the \
             body names (another secret, or another account)"
        );
    }
}

/// Also where each account has a secret of its own.
#[test]
fn the_form_of_a_signature_is_named_in_its_refusal() {
    let body = fixtures::text("enviaai/message.received.json");
    let said = |policy: EnviaAi| {
        let headers = [("X-EnviaAI-Signature", "0".repeat(64))];
        let request = Head::new(&headers).received_at(now()).with_body(body.as_str());
        Receiver::new(policy).receive(&request).unwrap_err().to_string()
    };
    let text = said(EnviaAi::per_instance(secrets([A, B])));
    assert!(text.contains("X-EnviaAI-Signature does not begin with sha256="), "{text}");
    assert_eq!(text, said(EnviaAi::signed(secret(A.1))));
}
