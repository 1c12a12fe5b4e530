//! Every documented field: present, absent, null, odd.

use serde_json::{Value, json};
use zaphook::Recognition;
use zaphook::eazewa::Event;

use super::{SUBJECT, at, path, receive, receiver, text};
use crate::fixtures::{self, assert_written_back};

/// The documented fields of every object: where it stands in which fixture,
/// what it makes no sense without, the rest.
pub const FIELDS: &[(&str, &str, &[&str], &[&str])] = &[
    ("message", "/data", &["message"], &["media"]),
    (
        "message",
        "/data/message",
        &["id"],
        &[
            "_data",
            "mediaKey",
            "ack",
            "hasMedia",
            "body",
            "type",
            "timestamp",
            "from",
            "to",
            "author",
            "deviceType",
            "isForwarded",
            "forwardingScore",
            "isStatus",
            "isStarred",
            "broadcast",
            "fromMe",
            "hasQuotedMsg",
            "hasReaction",
            "duration",
            "location",
            "vCards",
            "inviteV4",
            "mentionedIds",
            "groupMentions",
            "orderId",
            "token",
            "isGif",
            "isEphemeral",
            "title",
            "description",
            "businessOwnerJid",
            "productId",
            "latestEditSenderTimestampMs",
            "latestEditMsgKey",
            "protocolMessageKey",
            "links",
            "dynamicReplyButtons",
            "selectedButtonId",
            "selectedRowId",
            "pollName",
            "pollOptions",
            "allowMultipleAnswers",
            "pollInvalidated",
            "isSentCagPollCreation",
            "messageSecret",
        ],
    ),
    ("message", "/data/media", &["data"], &["mimetype", "filename", "filesize"]),
    (
        "message",
        "/data/message/location",
        &[],
        &["latitude", "longitude", "name", "address", "url", "description"],
    ),
    (
        "message",
        "/data/message/inviteV4",
        &[],
        &["inviteCode", "inviteCodeExp", "groupId", "groupName", "fromId", "toId"],
    ),
    ("message", "/data/message/groupMentions/0", &[], &["groupSubject", "groupJid"]),
    ("message", "/data/message/links/0", &[], &["link", "isSuspicious"]),
    ("message", "/data/message/pollOptions/0", &[], &["name", "localId"]),
    ("message_create", "/data", &["message"], &["media"]),
    ("message_ack", "/data", &["message"], &["acknowledged"]),
    ("message_reaction", "/data", &["reaction"], &[]),
    (
        "message_reaction",
        "/data/reaction",
        &["msgId"],
        &["id", "orphan", "orphanReason", "timestamp", "reaction", "read", "senderId", "ack"],
    ),
    ("message_edit", "/data", &["message"], &["newBody", "prevBody"]),
    ("message_revoke_everyone", "/data", &["after"], &["before"]),
    ("message_revoke_me", "/data", &["message"], &[]),
    ("media_uploaded", "/data", &["message"], &[]),
    ("group_join", "/data", &["notification"], &[]),
    (
        "group_join",
        "/data/notification",
        &["id"],
        &["body", "type", "timestamp", "chatId", "author", "recipientIds"],
    ),
    ("group_leave", "/data", &["notification"], &[]),
    ("group_update", "/data", &["notification"], &[]),
    ("vote_update", "/data", &["vote"], &[]),
    (
        "vote_update",
        "/data/vote",
        &["voter", "selectedOptions"],
        &["interractedAtTs", "parentMessage", "parentMsgKey"],
    ),
    ("vote_update", "/data/vote/selectedOptions/0", &[], &["name", "localId"]),
    ("call", "/data", &["call"], &[]),
    (
        "call",
        "/data/call",
        &[],
        &[
            "id",
            "from",
            "timestamp",
            "isVideo",
            "isGroup",
            "fromMe",
            "canHandleLocally",
            "webClientShouldHandle",
            "participants",
        ],
    ),
    ("qr", "/data", &["qr"], &["base64"]),
    ("loading_screen", "/data", &[], &["percent", "message"]),
    ("auth_failure", "/data", &[], &["message"]),
    ("disconnected", "/data", &[], &["reason"]),
    ("change_state", "/data", &[], &["state"]),
];

/// Keep any JSON, or a list of it, so nothing is odd there.
const FREE: &[&str] = &["_data", "participants", "dynamicReplyButtons"];

/// Objects in which every field is optional, so that an empty one, or one with
/// other fields, is one of them.
const OPEN: &[&str] = &["location", "inviteV4", "parentMessage"];

/// Lists, of which an empty object is one with numbered members, and an object
/// a single element.
const LISTS: &[&str] =
    &["vCards", "mentionedIds", "groupMentions", "links", "pollOptions", "recipientIds"];
const LISTS_OF_OPEN: &[&str] = &["groupMentions", "links", "pollOptions"];

/// Bytes, which a list or an object may be; whether it is shows when decoded.
const BYTES: &[&str] = &["messageSecret", "base64", "data"];

/// Where an odd value is set aside in a field: nothing when it is none.
fn set_aside(field: &str, pointer: &str, odd: &Value) -> Vec<String> {
    let own = vec![path(pointer)];
    let inner = |step: &str| vec![format!("{}{step}", path(pointer))];
    let empty_list = odd.as_array().is_some_and(Vec::is_empty);
    match field {
        free if FREE.contains(&free) => Vec::new(),
        bytes if BYTES.contains(&bytes) && !odd.is_boolean() => Vec::new(),
        open if OPEN.contains(&open) && odd.is_object() => Vec::new(),
        list if LISTS.contains(&list) => match odd {
            Value::Array(_) if empty_list => Vec::new(),
            Value::Array(_) => inner("[0]"),
            Value::Object(_) if LISTS_OF_OPEN.contains(&list) => Vec::new(),
            _ => own,
        },
        _ => own,
    }
}

#[test]
fn the_list_of_events_is_the_documented_one() {
    let documented = [
        "message",
        "message_create",
        "message_ack",
        "message_reaction",
        "message_edit",
        "message_revoke_everyone",
        "message_revoke_me",
        "media_uploaded",
        "group_join",
        "group_leave",
        "group_update",
        "vote_update",
        "call",
        "qr",
        "loading_screen",
        "authenticated",
        "auth_failure",
        "ready",
        "disconnected",
        "change_state",
    ];
    assert_eq!(Event::NAMES, documented);
    for name in Event::NAMES {
        assert_eq!(receive(&text(name)).event, *name);
    }
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    for (name, body) in fixtures::all("eazewa") {
        let report = receive(&body);
        let recognition = if name.ends_with(".unknown") { "unknown" } else { "known" };
        assert_eq!((report.recognition, report.malformed), (recognition, None), "{name}");
        assert_eq!((&report.set_aside[..], report.repaired), (&[][..], false), "{name}");
        assert!(name.split('.').next() == Some(&report.event), "{name} is {}", report.event);
        let account = if name == "message.instance_first" { "1111" } else { "33" };
        assert_eq!(report.account.as_deref(), Some(account), "{name}");
        let zero: &[&str] = match name.as_str() {
            "message_edit.zero_time" => &["/data/message/latestEditSenderTimestampMs"],
            _ => &[],
        };
        assert_written_back(&name, &body, &report.written, zero);
    }
}

/// Dumps and nested messages are the same text, byte by byte.
#[test]
fn what_is_kept_raw_is_written_back_to_the_byte() {
    let dump = "{\n  \"n\" : 1.50,\t\"e\":1E+2, \"u\":\"\\u00e9\\/\" }";
    let body = format!(r#"{{"event":"message","data":{{"message":{{"_data":{dump},"id":"a"}}}}}}"#);
    assert!(receive(&body).written.contains(dump));

    for (name, body) in fixtures::all("eazewa") {
        for member in ["_data", "parentMessage", "participants"] {
            let mark = format!("\"{member}\":");
            for (index, _) in body.match_indices(&mark) {
                let rest = &body[index + mark.len()..];
                let mut values = serde_json::Deserializer::from_str(rest)
                    .into_iter::<&serde_json::value::RawValue>();
                let raw = values.next().unwrap().unwrap().get();
                let written = receive(&body).written;
                assert!(written.contains(&format!("{mark}{raw}")), "{name}: {member}");
            }
        }
    }
}

#[test]
fn the_full_fixtures_have_every_documented_field() {
    for (name, pointer, essential, optional) in FIELDS {
        let body = fixtures::json(&text(name));
        let found = body.pointer(pointer).unwrap().as_object().unwrap();
        let mut fields: Vec<&str> = essential.iter().chain(*optional).copied().collect();
        fields.sort_unstable();
        let mut found: Vec<&str> = found.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, fields, "{name} {pointer}");
        for field in fields {
            let value = body.pointer(&format!("{pointer}/{field}")).unwrap();
            assert!(!fixtures::leaves(value).is_empty() || field == "isForwarded", "{field}");
        }
    }
}

#[test]
fn optional_fields_may_be_absent_or_null_or_odd() {
    for (name, pointer, _, optional) in FIELDS {
        let body = text(name);
        let whole = receive(&body);
        for field in *optional {
            let pointer = format!("{pointer}/{field}");
            let label = format!("{name}: {pointer}");
            let absent = receive(&at(&body, &pointer, None));
            let null = receive(&at(&body, &pointer, Some(Value::Null)));
            assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{label}");
            assert_eq!(absent.written, null.written, "{label}");
            assert_ne!(absent.written, whole.written, "{label}");

            for odd in [json!([[1]]), json!([]), json!({"odd": []}), json!(true)] {
                if odd == json!(true) && whole_is_boolean(&body, &pointer) {
                    continue;
                }
                let report = receive(&at(&body, &pointer, Some(odd.clone())));
                assert_eq!(report.recognition, "known", "{label}: {odd}");
                let expected = set_aside(field, &pointer, &odd);
                assert_eq!(report.set_aside, expected, "{label}: {odd}");
                if expected == [path(&pointer)] {
                    assert_eq!(report.written, absent.written, "{label}: {odd}");
                }
            }
        }
        // None of them at all.
        let bare = optional
            .iter()
            .fold(body, |body, field| at(&body, &format!("{pointer}/{field}"), None));
        let report = receive(&bare);
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{name}");
    }
}

fn whole_is_boolean(body: &str, pointer: &str) -> bool {
    fixtures::json(body).pointer(pointer).unwrap().is_boolean()
}

#[test]
fn the_instance_may_be_absent_or_null_or_odd() {
    for (name, body) in fixtures::all("eazewa") {
        let absent = receive(&at(&body, "/instanceId", None));
        let null = receive(&at(&body, "/instanceId", Some(Value::Null)));
        assert_eq!((absent.set_aside.len(), absent.account.as_deref()), (0, None), "{name}");
        // Without it nothing is told apart from what is another instance's.
        assert_eq!((&absent.key, &absent.message_key), (&None, &None), "{name}");
        assert_eq!(absent.written, null.written, "{name}");
        for odd in [json!([]), json!({"id": 33}), json!(true), json!(-33), json!(33.5)] {
            let report = receive(&at(&body, "/instanceId", Some(odd.clone())));
            assert_eq!(report.set_aside, ["instanceId"], "{name}: {odd}");
            assert_eq!(report.written, absent.written, "{name}: {odd}");
        }
    }
}

#[test]
fn essential_fields_make_the_object_meaningless() {
    for (name, pointer, essential, _) in FIELDS {
        let body = text(name);
        for field in *essential {
            let pointer = format!("{pointer}/{field}");
            for value in [None, Some(Value::Null), Some(json!(true)), Some(json!(1.5))] {
                let report = receive(&at(&body, &pointer, value.clone()));
                let label = format!("{name}: {pointer}: {value:?}");
                assert_eq!(report.event, *name, "{label}");
                if pointer == "/data/media/data" {
                    // A file without its bytes is none; the message is still one.
                    assert_eq!(
                        (report.recognition, report.set_aside.as_slice()),
                        ("known", &["data.media".to_owned()][..]),
                        "{label}"
                    );
                } else {
                    assert_eq!(report.recognition, "malformed", "{label}");
                    assert_eq!(report.malformed, Some(path(&pointer)), "{label}");
                    assert_eq!((report.key, report.message_key), (None, None), "{label}");
                }
            }
        }
    }
}

#[test]
fn a_payload_of_another_kind_is_malformed_where_one_is_needed() {
    for name in Event::NAMES {
        let body = text(name);
        let lenient = FIELDS
            .iter()
            .find(|(event, pointer, ..)| event == name && *pointer == "/data")
            .is_none_or(|(_, _, essential, _)| essential.is_empty());
        for payload in [None, Some(Value::Null), Some(json!([])), Some(json!({}))] {
            let report = receive(&at(&body, "/data", payload.clone()));
            let expected = if lenient { "known" } else { "malformed" };
            assert_eq!(report.recognition, expected, "{name}: {payload:?}");
            assert_eq!(report.set_aside.len(), 0, "{name}");
        }
        for payload in [json!([1]), json!(7), json!(true)] {
            let report = receive(&at(&body, "/data", Some(payload.clone())));
            let raw = (SUBJECT.receive)(body.as_bytes()).is_ok() && keeps_anything(name);
            let expected = if raw { "known" } else { "malformed" };
            assert_eq!(report.recognition, expected, "{name}: {payload}");
            if !raw {
                assert_eq!(report.malformed.as_deref(), Some("data"), "{name}: {payload}");
            }
        }
    }
}

/// Events whose payload is kept as it came.
fn keeps_anything(name: &str) -> bool {
    let position = Event::NAMES.iter().position(|known| *known == name).unwrap();
    ["authenticated", "ready"].contains(&name) || position >= 20
}

#[test]
fn only_the_wanted_events_are_typed() {
    let wanted = receiver()
        .only([zaphook::eazewa::EventName::Message, zaphook::eazewa::EventName::MessageAck]);
    for (name, body) in fixtures::all("eazewa") {
        let request = zaphook::testing::eazewa(super::TOKEN, body.as_str());
        let delivery = wanted.receive(&zaphook::Request::from(&request)).unwrap();
        let expected = match name.split('.').next().unwrap() {
            "message" | "message_ack" => Recognition::Known,
            _ if name.ends_with(".unknown") => Recognition::Unknown,
            _ => Recognition::Skipped,
        };
        assert_eq!(delivery.recognition(), expected, "{name}");
        // What the bytes say does not depend on what was asked for.
        let whole = receive(&body);
        assert_eq!(delivery.key().map(|key| key.to_string()), whole.key, "{name}");
        assert_eq!(delivery.message_key().map(|key| key.to_string()), whole.message_key, "{name}");
        assert_eq!(delivery.account().map(|account| account.into_owned()), whole.account);
        assert_eq!(delivery.happened_at().map(|time| time.to_rfc3339()), whole.happened_at);
        if expected == Recognition::Skipped {
            let written = serde_json::to_string(delivery.envelope()).unwrap();
            assert_written_back(&name, &body, &written, &[]);
        }
    }
}
