//! Keys: what tells two deliveries apart, and what does not.

use serde_json::{Value, json};
use zaphook::eazewa::Event;

use super::{at, receive, text};

#[track_caller]
fn key(body: &str) -> String {
    receive(body).key.unwrap()
}

/// What is in a key by the table of identities, and what is not: every part
/// for itself changes the key, and nothing else does.
#[test]
fn every_part_of_an_identity_is_in_the_key_and_nothing_else_is() {
    let other_id = || json!("false_5511999990001@c.us_3AFFFFFFFFFFFFFFFFFF");
    let notice = [
        ("/data/notification/id", other_id()),
        ("/data/notification/type", json!("another")),
        ("/data/notification/timestamp", json!(1_770_733_401)),
    ];
    for (fixture, parts) in [
        ("message", &[("/data/message/id", other_id())][..]),
        ("message_create", &[("/data/message/id", other_id())]),
        ("media_uploaded", &[("/data/message/id", other_id())]),
        ("message_revoke_me", &[("/data/message/id", other_id())]),
        ("message_ack", &[("/data/message/id", other_id()), ("/data/acknowledged", json!(4))]),
        ("message_ack.plain", &[("/data/message/id", other_id()), ("/data/message/ack", json!(4))]),
        (
            "message_edit",
            &[
                ("/data/message/id", other_id()),
                ("/data/message/latestEditSenderTimestampMs", json!(1_770_733_460_790_i64)),
            ],
        ),
        ("message_revoke_everyone", &[("/data/after/id", other_id())]),
        (
            "message_reaction",
            &[
                ("/data/reaction/id", other_id()),
                ("/data/reaction/timestamp", json!(1_770_733_440.501)),
                ("/data/reaction/reaction", json!("👎")),
            ],
        ),
        ("group_join", &notice),
        ("group_leave", &notice),
        ("group_update", &notice),
        (
            "vote_update",
            &[
                ("/data/vote/parentMessage/id", other_id()),
                ("/data/vote/voter", json!("5511999990003@c.us")),
                ("/data/vote/interractedAtTs", json!(1_770_733_470_322_i64)),
            ],
        ),
        (
            "vote_update.unknown_poll",
            &[
                ("/data/vote/parentMsgKey", other_id()),
                ("/data/vote/voter", json!("5511999990003@c.us")),
                ("/data/vote/interractedAtTs", json!(1_770_733_490_322_i64)),
            ],
        ),
        (
            "call",
            &[("/data/call/id", json!("C0")), ("/data/call/from", json!("5511999990003@c.us"))],
        ),
        ("qr", &[("/data/qr", json!("2@other"))]),
    ] {
        let body = text(fixture);
        let same = key(&body);
        let name = fixture.split('.').next().unwrap();
        assert!(same.starts_with(&format!("eazewa/33/{name}/")) || same.starts_with("eazewa/#"));
        assert_ne!(key(&at(&body, "/instanceId", Some(json!("34")))), same, "{fixture}");
        for (pointer, other) in parts {
            assert_ne!(key(&at(&body, pointer, Some(other.clone()))), same, "{fixture}: {pointer}");
        }
        assert_eq!(key(&at(&body, "/instanceId", Some(json!(33)))), same, "{fixture}");
        assert_eq!(key(&at(&body, "/x", Some(json!("new")))), same, "{fixture}");
        // Every other leaf, changed or taken out, leaves the key as it is.
        for pointer in crate::fixtures::leaves(&crate::fixtures::json(&body)).keys() {
            let decides = |part: &str| pointer.starts_with(part);
            let inside_a_list = pointer.split('/').any(|step| step.parse::<usize>().is_ok());
            if parts.iter().any(|(part, _)| decides(part))
                || ["/event", "/instanceId"].contains(&pointer.as_str())
                || inside_a_list
                || pointer.contains("/id/")
                || pointer.contains("Key/")
            {
                continue;
            }
            let without = receive(&at(&body, pointer, None));
            if without.recognition == "known" {
                assert_eq!(without.key.as_deref(), Some(&*same), "{fixture}: {pointer}");
            }
        }
    }
}

#[test]
fn a_part_that_is_missing_makes_no_key() {
    for (fixture, pointer, value) in [
        ("message_ack.null", "/x", Value::Null),
        // A text that comes back would be taken for a repetition.
        ("message_edit.plain", "/x", Value::Null),
        ("message_edit.emptied", "/x", Value::Null),
        ("message_edit.zero_time", "/x", Value::Null),
        ("call.unidentified", "/x", Value::Null),
        ("message_reaction", "/data/reaction/id", Value::Null),
        ("message_reaction", "/data/reaction/timestamp", Value::Null),
        ("message_reaction", "/data/reaction/reaction", Value::Null),
        ("vote_update", "/data/vote/interractedAtTs", Value::Null),
        ("vote_update.orphan", "/x", Value::Null),
        ("message", "/data/message/id", json!("")),
        ("call", "/data/call/id", json!("")),
        ("call", "/data/call/id", json!("cut \u{fffd}")),
        ("qr", "/data/qr", json!("")),
        ("qr", "/data/qr", json!("cut \u{fffd}")),
        ("message", "/instanceId", json!("")),
    ] {
        let report = receive(&at(&text(fixture), pointer, Some(value)));
        assert_eq!((report.recognition, report.key), ("known", None), "{fixture}: {pointer}");
    }
}

#[test]
fn what_has_nothing_unique_has_no_key() {
    for name in
        ["loading_screen", "authenticated", "auth_failure", "ready", "disconnected", "change_state"]
    {
        assert_eq!(receive(&text(name)).key, None, "{name}");
    }
    for name in &Event::NAMES[20..] {
        assert_eq!(receive(&text(name)).key, None, "{name}");
    }
}

#[test]
fn an_empty_text_is_told_apart_from_none() {
    let removed = key(&text("message_reaction.removed"));
    assert!(removed.ends_with("/2026-02-10T14:24:10Z/="), "{removed}");
}

/// One message, several events: one message key.
#[test]
fn the_same_message_twice_is_two_events_about_one_message() {
    let message = text("message.plain");
    let create = at(&message, "/event", Some(json!("message_create")));
    let [received, created] = [receive(&message), receive(&create)];
    assert_ne!(received.key, created.key);
    assert_eq!(received.message_key, created.message_key);
    assert!(received.message_key.is_some());

    let own = ["message_create", "message_ack", "message_revoke_me", "message_reaction"]
        .map(|fixture| receive(&text(fixture)).message_key.unwrap());
    assert!(own.iter().all(|key| *key == own[0]), "{own:?}");
    // A key of a message is no key of an event.
    assert_ne!(received.key, received.message_key);
}

/// Keys get into logs.
#[test]
fn keys_show_neither_codes_nor_texts() {
    let code = at(&text("qr"), "/data/qr", Some(json!("2@short")));
    assert!(!key(&code).contains("short"));
    let edited = at(&text("message_edit"), "/data/newBody", Some(json!("short")));
    assert!(!key(&edited).contains("short"));
}

/// Ids are chosen by the sender's client: a placeholder, another caller, and an
/// id that spells out another chat are not the same event.
#[test]
fn what_shares_an_id_does_not_share_a_key() {
    assert_ne!(key(&text("message.type_ciphertext")), key(&text("message.after_ciphertext")));
    assert_ne!(key(&text("call")), key(&text("call.same_id")));
    let spelled = key(&text("message.id_with_parts"));
    assert_eq!(spelled, "eazewa/33/message/false_5511999990001@c.us_X%255F5511999990009%2540c.us");
    let parts = at(
        &text("message.id_with_parts"),
        "/data/message/id",
        Some(
            json!({"fromMe": false, "remote": "5511999990001@c.us", "id": "X", "participant": "5511999990009@c.us"}),
        ),
    );
    assert_ne!(key(&parts), spelled);
}
