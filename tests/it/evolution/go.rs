//! Evolution Go among Evolution API's own: what is inside is tested beside its
//! own list.

use serde_json::json;
use zaphook::evolution::{Event, go};
use zaphook::{Evolution, Gateway, Receiver, Request, Token};

use super::{receive, text};
use crate::fixtures::{self, assert_written_back, with};

const INSTANCE: &str = "go/Message";

#[test]
fn a_body_of_evolution_go_is_told_by_its_form() {
    let mut seen = 0;
    for (name, body) in fixtures::all("evolution/go") {
        let report = receive(&body);
        let recognition = if name.ends_with(".unknown") { "unknown" } else { "known" };
        assert_eq!((report.recognition, report.name_source), (recognition, "body"), "{name}");
        let inner = go::Envelope::parse_trusted(body.as_bytes()).unwrap();
        assert_eq!(report.event, inner.name(), "{name}");
        assert_eq!(report.account.as_deref(), inner.instance(), "{name}");
        assert_eq!(report.set_aside.len(), inner.set_aside().len(), "{name}");
        // What has no identity goes by its body, if it has a time.
        let by_body = report.key.as_ref().is_some_and(|key| key.contains("/body/"));
        assert_eq!(report.key.is_some() && !by_body, inner.identity().is_some(), "{name}");
        assert_eq!(report.message_key.is_some(), inner.message_id().is_some(), "{name}");
        if inner.set_aside().is_empty() {
            let written = serde_json::to_string(&inner).unwrap();
            assert_written_back(&name, &written, &report.written, &[]);
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn its_keys_are_apart_from_those_of_the_other_servers() {
    let body = fixtures::json(&text(INSTANCE));
    let report = receive(&text(INSTANCE));
    let (account, id) = (&body["instanceId"], &body["data"]["Info"]["ID"]);
    let (account, id) = (account.as_str().unwrap(), id.as_str().unwrap());
    let key = report.key.unwrap();
    assert!(key.starts_with(&format!("evolution/{account}/go/Message/")), "{key}");
    assert!(key.contains(&format!("/them/{id}/by/")), "{key}");
    assert_eq!(report.message_key.unwrap(), format!("evolution/{account}/message/{id}"));
    assert!(report.happened_at.is_some());
}

#[test]
fn its_proof_is_the_token_in_its_body() {
    let body = text(INSTANCE);
    let token = fixtures::json(&body)["instanceToken"].as_str().unwrap().to_owned();
    let name = fixtures::json(&body)["instanceName"].as_str().unwrap().to_owned();
    let policy = Evolution::instance_token(Token::short(&token).unwrap());
    let headers: [(&str, &str); 0] = [];
    let reason = |policy: &Evolution, body: &str| {
        let proof = Receiver::new(policy.clone()).authenticate(&Request::new(&headers, body));
        proof
            .map(|proof| proof.by().map(|way| way.as_str()).collect::<Vec<_>>())
            .map_err(|refusal| refusal.reason().as_str())
    };
    assert_eq!(reason(&policy, &body), Ok(vec!["instance_token"]));
    for (value, expected) in [
        (None, "missing_credential"),
        (Some(json!(null)), "missing_credential"),
        (Some(json!("")), "missing_credential"),
        (Some(json!(7)), "malformed_credential"),
        (Some(json!(format!("{token}x"))), "mismatch"),
    ] {
        let body = with(&body, &["instanceToken"], value.clone());
        assert_eq!(reason(&policy, &body), Err(expected), "{value:?}");
    }
    // The account is the instance's id, so the name alone is not enough.
    let id = fixtures::json(&body)["instanceId"].as_str().unwrap().to_owned();
    let named = policy.clone().and_instances([name.clone()]);
    assert_eq!(reason(&named, &body), Err("wrong_instance"));
    let both = Evolution::unauthenticated()
        .and(zaphook::evolution::InstanceToken::new(Token::short(&token).unwrap()))
        .and_instances([name.clone(), id]);
    assert_eq!(reason(&both, &body), Ok(vec!["none", "instance_token", "instances"]));
    for member in ["instanceName", "instanceId"] {
        let other = with(&body, &[member], Some(json!("another")));
        assert_eq!(reason(&both, &other), Err("wrong_instance"));
    }

    let request = Request::new(&headers, body.as_str());
    let account = fixtures::json(&body)["instanceId"].as_str().unwrap().to_owned();
    assert_eq!(Evolution::peek(&request).account, Some(account));
    let delivery = zaphook::Delivery::<Evolution>::parse_trusted(body).unwrap();
    assert!(!format!("{:?} {delivery:?}", delivery.envelope()).contains(&token));
}

#[test]
fn what_is_odd_in_it_is_told_as_of_any_other() {
    let body = text("go/Message.plain");
    let odd = receive(&with(&body, &["data", "Info", "PushName"], Some(json!(["Ana"]))));
    assert_eq!((odd.recognition, odd.set_aside), ("known", vec!["data.Info.PushName".to_owned()]));
    let cut = with(&body, &["data", "Info", "PushName"], Some(json!("MARK")));
    let cut = receive(&cut.replace("MARK", r"a\ud83d"));
    assert!(cut.repaired && cut.set_aside.is_empty());
    assert!(cut.written.contains("a\u{fffd}"));
}

#[test]
fn what_it_does_not_know_is_unknown_within_and_without() {
    let unknown = with(&text(INSTANCE), &["event"], Some(json!("UserAbout")));
    let envelope = zaphook::evolution::Envelope::parse_trusted(unknown.as_bytes()).unwrap();
    let Event::Go(inside) = &envelope.event else { panic!() };
    assert!(matches!(&inside.event, go::Event::Unknown(_)));
    assert_eq!(envelope.name(), "UserAbout");
    assert_eq!(receive(&unknown).recognition, "unknown");
    let malformed = receive(&with(&text(INSTANCE), &["event"], Some(json!("Receipt"))));
    assert_eq!(malformed.recognition, "malformed");
    assert!(malformed.malformed.unwrap().starts_with("data"));
    // An event of Evolution API is none of it, whatever else stands there.
    let upsert = with(&text("messages.upsert.plain"), &["instanceId"], Some(json!("i1")));
    assert_eq!(receive(&upsert).event, "messages.upsert");
}
