//! Keys: what makes two deliveries the same event, pinned.

use std::fmt::Write;

use crate::enviaai;
use crate::fixtures::{self, with};
use crate::gateways::ALL;

/// A key that changed would let every event of the last day through again.
#[test]
fn the_keys_of_all_fixtures_are_pinned() {
    let mut found = String::new();
    for gateway in ALL {
        for (name, body) in fixtures::all(gateway.name) {
            let report = (gateway.receive)(body.as_bytes()).unwrap();
            let key = report.key.as_deref().unwrap_or("-");
            let message_key = report.message_key.as_deref().unwrap_or("-");
            writeln!(found, "{}/{name}\t{key}\t{message_key}", gateway.name).unwrap();
        }
    }
    let pinned = fixtures::text("keys.tsv");
    assert!(found == pinned, "tests/fixtures/keys.tsv does not hold:\n{found}");
}

/// The fixtures that tell of one happening: a redelivery, by another version of
/// the gateway, or in another form of it. A line of `redeliveries.tsv` is a
/// group of them.
fn redeliveries(gateway: &str) -> Vec<Vec<String>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(gateway)
        .join("redeliveries.tsv");
    // Every other gateway's fixtures are happenings of their own.
    let table = std::fs::read_to_string(path).unwrap_or_default();
    let lines = table.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Two happenings with one key: the second one is lost. One happening with two:
/// it is handled twice.
#[test]
fn no_two_happenings_share_a_key_and_each_redelivery_does() {
    let mut groups = 0;
    for gateway in ALL {
        let keys: std::collections::BTreeMap<String, Option<String>> = fixtures::all(gateway.name)
            .into_iter()
            .map(|(name, body)| (name, (gateway.receive)(body.as_bytes()).unwrap().key))
            .collect();
        let key = |name: &String| {
            let key = keys.get(name).unwrap_or_else(|| panic!("{}/{name}", gateway.name));
            key.clone().unwrap_or_else(|| panic!("{}/{name} has no key", gateway.name))
        };
        let redeliveries = redeliveries(gateway.name);
        groups += redeliveries.len();
        for group in &redeliveries {
            assert!(group.len() > 1, "{}: {group:?} is no redelivery", gateway.name);
            let first = key(&group[0]);
            for name in group {
                assert_eq!(key(name), first, "{}/{name}", gateway.name);
            }
        }
        let mut seen: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
        for (name, key) in &keys {
            let Some(key) = key else { continue };
            let Some(other) = seen.insert(key, name) else { continue };
            let one = |group: &Vec<String>| {
                group.iter().any(|of| of == name) && group.iter().any(|of| of == other)
            };
            assert!(redeliveries.iter().any(one), "{}: {other} and {name}: {key}", gateway.name);
        }
    }
    assert!(groups > 3, "{groups}");
}

#[test]
fn one_message_has_as_many_keys_as_events() {
    let keys: Vec<String> = ["sent", "delivered", "read"]
        .map(|state| {
            let body = fixtures::text(&format!("enviaai/message.{state}.json"));
            let report =
                (enviaai::SUBJECT.receive)(with(&body, &["eventId"], None).as_bytes()).unwrap();
            assert_eq!(report.message_key.unwrap(), "enviaai/inst_4b7d/message/msg_9d0a77");
            report.key.unwrap()
        })
        .into();
    assert_eq!(
        keys,
        [
            "enviaai/inst_4b7d/message.sent/message/msg_9d0a77",
            "enviaai/inst_4b7d/message.delivered/message/msg_9d0a77",
            "enviaai/inst_4b7d/message.read/message/msg_9d0a77",
        ]
    );
}

#[test]
fn a_key_follows_what_tells_events_apart_and_nothing_else() {
    let key = |body: &str| (enviaai::SUBJECT.receive)(body.as_bytes()).unwrap().key.unwrap();
    let text = |value: &str| Some(serde_json::Value::from(value));

    let message = fixtures::text("enviaai/message.received.plain.json");
    let same = key(&message);
    for path in [&["timestamp"][..], &["data", "content"], &["data", "from"], &["x"]] {
        assert_eq!(key(&with(&message, path, text("2026-02-11T00:00:00Z"))), same, "{path:?}");
    }
    for path in [&["event"][..], &["eventId"], &["data", "messageId"], &["data", "instanceId"]] {
        assert_ne!(key(&with(&message, path, text("message.read"))), same, "{path:?}");
    }
    // An event's id and a message's id are not taken for one another.
    let by_event = with(&message, &["eventId"], text("msg_8f2c41"));
    assert_ne!(key(&by_event), same);

    let qr = with(&fixtures::text("enviaai/instance.qr_updated.json"), &["eventId"], None);
    let same = key(&qr);
    assert_eq!(
        same,
        "enviaai/inst_4b7d/instance.qr_updated/time/2026-02-10T08:30:00Z/2026-02-10T08:31:00Z"
    );
    for path in [&["timestamp"][..], &["data", "expiresAt"]] {
        assert_ne!(key(&with(&qr, path, text("2026-02-11T00:00:00Z"))), same, "{path:?}");
    }
}

#[test]
fn without_an_identity_the_body_is_the_key() {
    let key = |body: &str| (enviaai::SUBJECT.receive)(body.as_bytes()).unwrap().key.unwrap();

    let connected = fixtures::text("enviaai/instance.connected.unnamed.json");
    for body in [
        with(&connected, &["timestamp"], None),
        fixtures::text("enviaai/message.reaction.unknown.json"),
        r#"{"event":"message.read","data":{"messageId":""}}"#.to_owned(),
        r#"{"event":"message.read","data":{"messageId":"","instanceId":"i"}}"#.to_owned(),
        r#"{"event":"message.read"}"#.to_owned(),
        r#"{"event":"","data":{}}"#.to_owned(),
        r#"{"event":"\ud83d","data":{}}"#.to_owned(),
    ] {
        let same = key(&body);
        assert!(same.contains("/body/"), "{same}");
        assert_eq!(key(&body), same);
        assert_ne!(key(&format!("{body} ")), same);
    }
}
