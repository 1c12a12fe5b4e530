//! What makes two deliveries the same event.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{receive, text};
use crate::fixtures::with;

fn key(body: &str) -> Option<String> {
    receive(body).key
}

#[test]
fn a_message_is_known_by_its_key_in_the_protocol() {
    let body = text("messages.upsert.key_2_3_5_group");
    let same = key(&body).unwrap();
    assert_eq!(
        same,
        "evolution/cantina/messages.upsert/message/120363000000000001@g.us/them/3EB0C0DE00112233AABB10/100000000000002@lid"
    );
    // The webhook of the instance and the global one write one body twice.
    for path in [
        &["destination"][..],
        &["date_time"],
        &["apikey"],
        &["sender"],
        &["data", "pushName"],
        &["data", "message"],
        &["data", "status"],
        &["data", "key", "participantAlt"],
    ] {
        assert_eq!(key(&with(&body, path, Some(json!("READ")))).as_ref(), Some(&same), "{path:?}");
    }
    for path in [
        &["instance"][..],
        &["event"],
        &["data", "key", "id"],
        &["data", "key", "remoteJid"],
        &["data", "key", "participant"],
    ] {
        let other = with(&body, path, Some(json!("send.message")));
        assert_ne!(key(&other).as_ref(), Some(&same), "{path:?}");
    }
    let own = with(&body, &["data", "key", "fromMe"], Some(json!(true)));
    assert!(key(&own).unwrap().contains("/me/"));
    // Absent and false are the same, and so are absent and empty.
    assert_eq!(key(&with(&body, &["data", "key", "fromMe"], None)), Some(same));
    let one = text("messages.upsert.key_2_3_5");
    assert_eq!(key(&with(&one, &["data", "key", "participant"], None)), key(&one));
}

#[test]
fn each_status_of_a_message_is_an_event_of_its_own() {
    let body = text("messages.update.2_3_5");
    let statuses = ["PENDING", "SERVER_ACK", "DELIVERY_ACK", "READ", "PLAYED", "ERROR", "WARNING"];
    let keys: HashSet<String> = statuses
        .iter()
        .map(|status| key(&with(&body, &["data", "status"], Some(json!(status)))).unwrap())
        .collect();
    assert_eq!(keys.len(), statuses.len());
    assert!(keys.iter().all(|key| key.contains("/status/")), "{keys:?}");
    // Whoever read it in a group is part of it.
    let group = text("messages.update.2_3_5_group");
    let other = with(&group, &["data", "participant"], Some(json!("100000000000003@lid")));
    assert_ne!(key(&group), key(&other));
}

/// Votes and edits come with one status, or none, as often as there are any:
/// none of them may pass for a repetition of another.
#[test]
fn votes_and_edits_are_told_apart_by_their_bodies() {
    for fixture in [
        "messages.update.2_2_3_edit",
        "messages.update.2_2_3_poll_vote",
        "messages.update.2_3_0_edit",
        "messages.update.2_3_7_edit",
        "messages.edited.deletion",
    ] {
        let body = text(fixture);
        let same = key(&body).unwrap();
        assert!(same.contains("/body/"), "{fixture}: {same}");
        assert_eq!(key(&body), Some(same.clone()));
        let later = with(&body, &["date_time"], Some(json!("2026-02-10T11:23:46.678Z")));
        assert_ne!(key(&later), Some(same), "{fixture}");
    }
    let edit = text("messages.edited");
    let again = with(&edit, &["data", "timestampMs"], Some(json!("1770733425679")));
    assert_ne!(key(&edit), key(&again));
    // In whatever form its time is written.
    let number = with(&edit, &["data", "timestampMs"], Some(json!(1_770_733_425_678_i64)));
    assert_eq!(key(&number), key(&edit));
}

#[test]
fn a_deletion_through_the_api_is_not_one_for_everyone() {
    let row = text("messages.delete.through_api");
    let id = json!("cm8z1x2y30001abcd1234efgh");
    assert!(!key(&row).unwrap().contains(id.as_str().unwrap()));
    let key_alone = key_alone_of(&row);
    assert_ne!(key(&key_alone), key(&row));
}

/// The same deletion as the key alone.
fn key_alone_of(row: &str) -> String {
    let body = crate::fixtures::json(row);
    with(row, &["data"], Some(body["data"]["key"].clone()))
}

#[test]
fn the_stages_of_a_call_are_events_of_their_own() {
    let body = text("call");
    let ended = with(&body, &["data", "status"], Some(json!("terminate")));
    assert_ne!(key(&ended), key(&body));
    let later = with(&ended, &["data", "date"], Some(json!("2026-02-10T14:24:00.000Z")));
    assert_eq!(key(&later), key(&ended));
}

#[test]
fn without_an_identity_the_body_is_the_key_if_it_has_a_time() {
    for fixture in [
        "connection.update",
        "presence.update",
        "contacts.update",
        "chats.upsert.empty",
        "messages.set",
        "groups.upsert",
        "remove.instance",
        "messages.sticker.unknown",
        "error",
    ] {
        let body = text(fixture);
        let same = key(&body).unwrap();
        assert!(same.contains("/body/"), "{fixture}: {same}");
        assert_ne!(key(&format!("{body} ")), Some(same), "{fixture}");
        for time in [None, Some(Value::Null)] {
            assert_eq!(key(&with(&body, &["date_time"], time)), None, "{fixture}");
        }
    }
    // Versions before 1.5 write no time; their messages have keys of their own.
    assert!(key(&text("messages.upsert.v1_4")).is_some());
    assert_eq!(key(&text("new.jwt")), None);
    assert_eq!(key(&text("cloud.template-status")), None);
    let nameless = r#"{"event":"","data":{},"date_time":"2026-02-10T11:23:45.678Z"}"#;
    assert!(key(nameless).unwrap().starts_with("evolution/body/"));
}

#[test]
fn what_is_cut_or_missing_makes_no_key_of_many_events() {
    let body = text("messages.upsert.plain");
    for path in [&["data", "key", "remoteJid"][..], &["data", "key", "id"], &["instance"]] {
        for value in [None, Some(json!("")), Some(Value::Null)] {
            let found = key(&with(&body, path, value.clone())).unwrap();
            assert!(found.contains("/body/"), "{path:?} {value:?}: {found}");
        }
    }
    assert_eq!(receive(&with(&body, &["instance"], None)).message_key, None);
}
