//! Every documented field: there, absent, `null`, odd.

use serde_json::{Value, json};
use zaphook::wawp::Event;

use super::{receive, text};
use crate::fixtures;

/// A fixture, the fields that its event makes no sense without, and all other
/// documented ones of its shape. What stands before a field says what it is,
/// and so which values are odd there: `{}` an object, `[]` a list of texts,
/// `[{}]` one of objects, `~` bytes in any form, `*` any JSON at all; nothing,
/// a scalar.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Of every event that has the members of a message.
const FULL: &str = "message";

const FIELDS: &[Row] = &[
    (
        "session.status",
        &["status"],
        &[
            "name",
            "[{}]statuses",
            "statuses.0.timestamp",
            "{}data",
            "data.challenge",
            "data.timeout",
            "data.rpId",
            "[{}]data.allowCredentials",
            "data.allowCredentials.0.id",
            "data.allowCredentials.0.type",
            "[]data.allowCredentials.0.transports",
            "data.userVerification",
            "*data.extensions",
            "data.code",
        ],
    ),
    (
        FULL,
        &["id"],
        &[
            "timestamp",
            "from",
            "fromMe",
            "source",
            "to",
            "participant",
            "body",
            "hasMedia",
            "{}media",
            "media.url",
            "media.mimetype",
            "media.filename",
            "{}media.s3",
            "media.s3.Bucket",
            "media.s3.Key",
            "*media.error",
            "mediaUrl",
            "ack",
            "ackName",
            "author",
            "{}location",
            "location.latitude",
            "location.longitude",
            "location.live",
            "location.name",
            "location.address",
            "location.url",
            "location.description",
            "~location.thumbnail",
            "[]vCards",
            "{}replyTo",
            "replyTo.id",
            "replyTo.participant",
            "replyTo.body",
            "replyTo.hasMedia",
            "{}replyTo.media",
            "replyTo.media.url",
            "*replyTo._data",
            "*_data",
        ],
    ),
    ("message.any", &["id"], &["from", "to", "body", "source", "[]vCards"]),
    ("message.waiting", &["id"], &["from", "to", "body", "ackName", "*_data"]),
    (
        "message.reaction",
        &["{}reaction", "reaction.messageId"],
        &["id", "timestamp", "from", "fromMe", "source", "to", "participant", "reaction.text"],
    ),
    ("message.ack", &["id"], &["from", "to", "fromMe", "ack", "ackName", "*_data"]),
    ("message.ack.wawp", &["id"], &["ack", "ackName", "chatId"]),
    (
        "message.ack.group",
        &["id"],
        &["from", "to", "participant", "fromMe", "ack", "ackName", "*_data"],
    ),
    ("message.edited", &["id"], &["from", "to", "body", "editedMessageId", "*_data"]),
    ("message.edited.wawp", &["id"], &["newBody", "prevBody"]),
    (
        "message.revoked",
        &[],
        &["{}after", "after.body", "{}before", "before.from", "revokedMessageId"],
    ),
    ("message.revoked.noweb", &[], &["{}after", "revokedMessageId", "*_data"]),
    ("message.revoked.wawp", &[], &["id", "revokedBy"]),
    (
        "group.v2.join",
        &[],
        &[
            "timestamp",
            "{}group",
            "group.id",
            "group.subject",
            "group.description",
            "group.invite",
            "group.membersCanAddNewMember",
            "group.membersCanSendMessages",
            "group.newMembersApprovalRequired",
            "[{}]group.participants",
            "group.participants.1.pn",
            "group.participants.1.role",
            "*_data",
        ],
    ),
    ("group.v2.join.wawp", &[], &["chatId", "[{}]participants"]),
    ("group.v2.leave", &[], &["timestamp", "{}group", "group.id", "*_data"]),
    ("group.v2.leave.wawp", &[], &["chatId", "[{}]participants"]),
    ("group.v2.update", &[], &["timestamp", "{}group", "group.subject", "*_data"]),
    ("group.v2.update.wawp", &[], &["chatId", "subject", "description"]),
    (
        "group.v2.participants",
        &[],
        &["timestamp", "type", "{}group", "[{}]participants", "participants.0.pn", "*_data"],
    ),
    ("group.v2.participants.wawp", &[], &["chatId", "action", "[{}]participants"]),
    ("group.join", &["id"], &["body", "type", "timestamp", "chatId", "author", "[]recipientIds"]),
    (
        "group.join.noweb",
        &["id"],
        &["subject", "[{}]participants", "participants.0.phoneNumber", "participants.0.admin"],
    ),
    ("group.leave", &["id"], &["body", "type", "timestamp", "chatId", "author"]),
    (
        "presence.update",
        &[],
        &[
            "id",
            "[{}]presences",
            "presences.0.participant",
            "presences.0.lastKnownPresence",
            "presences.0.lastSeen",
        ],
    ),
    ("presence.update.wawp", &[], &["chatId", "type", "from"]),
    (
        "poll.vote",
        &["{}vote"],
        &[
            "vote.id",
            "vote.from",
            "vote.to",
            "vote.fromMe",
            "[]vote.selectedOptions",
            "vote.timestamp",
            "{}poll",
            "poll.id",
            "poll.from",
            "poll.to",
            "poll.fromMe",
            "poll.participant",
            "*_data",
        ],
    ),
    ("poll.vote.group_hidden", &["{}vote"], &["vote.participant"]),
    (
        "poll.vote.failed",
        &[],
        &[
            "{}vote",
            "vote.id",
            "vote.from",
            "vote.to",
            "vote.fromMe",
            "vote.timestamp",
            "{}poll",
            "poll.id",
            "poll.from",
            "poll.to",
            "poll.fromMe",
            "poll.participant",
        ],
    ),
    ("poll.vote.failed.wawp", &[], &["pollId", "voter", "reason"]),
    ("chat.archive", &[], &["id", "archived", "timestamp"]),
    ("chat.archive.wawp", &[], &["chatId", "archived"]),
    ("call.received", &[], &["id", "from", "timestamp", "isVideo", "isGroup", "*_data"]),
    ("call.accepted", &[], &["id", "from", "timestamp", "isVideo", "isGroup", "*_data"]),
    ("call.rejected", &[], &["id", "from", "timestamp", "isVideo", "isGroup", "*_data"]),
    ("label.upsert", &[], &["id", "name", "color", "colorHex"]),
    (
        "label.upsert.numbers",
        &[],
        &["id", "name", "color", "hexColor", "colorIndex", "count", "predefinedId"],
    ),
    (
        "label.chat.added.numbers",
        &["labelId", "chatId"],
        &[
            "{}label",
            "label.id",
            "label.name",
            "label.color",
            "label.hexColor",
            "label.colorIndex",
            "label.count",
            "label.predefinedId",
        ],
    ),
    (
        "group.v2.participants.join-request",
        &[],
        &[
            "timestamp",
            "{}group",
            "group.id",
            "action",
            "requesterId",
            "requesterPn",
            "requestMethod",
            "*_data",
        ],
    ),
    ("engine.event.session", &["event"], &["session"]),
    ("label.upsert.wawp", &[], &["{}label", "label.id", "label.name", "label.color"]),
    ("label.deleted", &[], &["id", "name", "color", "colorHex"]),
    (
        "label.chat.added",
        &["labelId", "chatId"],
        &["{}label", "label.id", "label.name", "label.color", "label.colorHex"],
    ),
    ("label.chat.deleted", &["labelId", "chatId"], &["{}label"]),
    (
        "event.response",
        &["id"],
        &[
            "from",
            "fromMe",
            "source",
            "to",
            "participant",
            "body",
            "ackName",
            "{}eventCreationKey",
            "eventCreationKey.id",
            "eventCreationKey.to",
            "eventCreationKey.from",
            "eventCreationKey.participant",
            "eventCreationKey.fromMe",
            "{}eventResponse",
            "eventResponse.response",
            "eventResponse.timestampMs",
            "eventResponse.extraGuestCount",
        ],
    ),
    ("event.response.failed", &["id"], &["from", "to", "{}eventCreationKey"]),
    ("engine.event", &["event"], &["*data"]),
];

/// Around every event.
const AROUND: &[&str] = &[
    "id",
    "timestamp",
    "session",
    "{}metadata",
    "metadata.user.id",
    "{}me",
    "me.id",
    "me.pushName",
    "me.lid",
    "me.jid",
    "{}me.reachoutTimelock",
    "me.reachoutTimelock.isActive",
    "me.reachoutTimelock.enforcementType",
    "me.reachoutTimelock.timeEnforcementEnds",
    "{}me.messageCapping",
    "me.messageCapping.cappingStatus",
    "me.messageCapping.mvStatus",
    "me.messageCapping.oteStatus",
    "me.messageCapping.totalQuota",
    "me.messageCapping.usedQuota",
    "me.messageCapping.cycleStart",
    "me.messageCapping.cycleEnd",
    "engine",
    "{}environment",
    "environment.version",
    "environment.engine",
    "environment.tier",
    "environment.browser",
    "environment.platform",
    "{}environment.worker",
    "environment.worker.id",
];

/// Events whose payload is whatever it is.
const FREE: &[&str] = &["group.participants.update", "state.change", "status.update"];

/// A field of a row: what it is, and the way to it.
fn field(written: &'static str) -> (&'static str, Vec<&'static str>) {
    let kinds = ["[{}]", "{}", "[]", "*", "~"];
    let kind = kinds.into_iter().find(|kind| written.starts_with(kind)).unwrap_or_default();
    let path = &written[kind.len()..];
    // The one key with a dot in it.
    match path.strip_prefix("metadata.") {
        Some(key) => (kind, vec!["metadata", key]),
        None => (kind, path.split('.').collect()),
    }
}

/// The body with the value at a path replaced, or taken out; a number leads
/// into a list.
fn at(body: &str, path: &[&str], value: Option<Value>) -> String {
    let mut json = fixtures::json(body);
    let (last, before) = path.split_last().unwrap();
    let parent = before.iter().fold(&mut json, |value, step| match step.parse::<usize>() {
        Ok(index) => &mut value[index],
        Err(_) => &mut value[*step],
    });
    let members = parent.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert((*last).to_owned(), value),
        None => members.remove(*last).or_else(|| panic!("{path:?} is not there")),
    };
    json.to_string()
}

/// A path as reports spell it.
fn shown(path: &[&str]) -> String {
    path.iter().fold(String::new(), |shown, step| match step.parse::<usize>() {
        Ok(index) => format!("{shown}[{index}]"),
        Err(_) if step.contains('.') => format!("{shown}[{step:?}]"),
        Err(_) if shown.is_empty() => (*step).to_owned(),
        Err(_) => format!("{shown}.{step}"),
    })
}

fn odd_values(kind: &str) -> Vec<Value> {
    match kind {
        "*" => vec![],
        "~" => vec![json!(1.5), json!(true)],
        "{}" => vec![json!([1]), json!("odd"), json!(7)],
        // A single element would do.
        "[]" | "[{}]" => vec![json!(true)],
        _ => vec![json!([1]), json!([]), json!({"odd": []})],
    }
}

/// Checks one optional field of a body that is whole without it.
fn check(label: &str, body: &str, kind: &str, path: &[&str]) {
    let label = format!("{label}: {}", shown(path));
    let whole = receive(body);
    assert!(whole.set_aside.is_empty(), "{label}");
    let absent = receive(&at(body, path, None));
    let null = receive(&at(body, path, Some(Value::Null)));
    assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{label}");
    assert_eq!((null.recognition, null.set_aside.len()), ("known", 0), "{label}");
    assert_eq!(absent.written, null.written, "{label}");
    assert_ne!(absent.written, whole.written, "{label}");

    for odd in odd_values(kind) {
        let report = receive(&at(body, path, Some(odd.clone())));
        assert_eq!(report.recognition, "known", "{label}: {odd}");
        assert_eq!(report.set_aside, [shown(path)], "{label}: {odd}");
        assert_eq!(report.written, absent.written, "{label}: {odd}");
    }
    if kind == "*" {
        for free in [json!([1]), json!({"odd": []}), json!(1.5)] {
            let report = receive(&at(body, path, Some(free.clone())));
            assert!(report.set_aside.is_empty(), "{label}: {free}");
        }
    }
}

#[test]
fn the_table_has_every_event() {
    for name in Event::NAMES {
        let listed = FIELDS.iter().any(|(fixture, ..)| fixture == name);
        assert!(listed || FREE.contains(name), "{name}");
    }
}

#[test]
fn the_full_fixture_has_every_documented_field() {
    let (_, essential, optional) = FIELDS.iter().find(|(fixture, ..)| *fixture == FULL).unwrap();
    let top = |written: &&&str| !written.contains('.');
    let mut fields: Vec<&str> = essential.iter().chain(*optional).filter(top).copied().collect();
    fields.iter_mut().for_each(|written| *written = field(written).1[0]);
    fields.sort_unstable();
    let body = fixtures::json(&text(FULL));
    let mut found: Vec<&str> = body["payload"].as_object().unwrap().keys().map(|k| &**k).collect();
    found.sort_unstable();
    assert_eq!(found, fields);
}

#[test]
fn optional_fields_may_be_absent_or_null_or_odd() {
    for (fixture, _, optional) in FIELDS {
        let body = text(fixture);
        for written in *optional {
            let (kind, mut path) = field(written);
            path.insert(0, "payload");
            check(fixture, &body, kind, &path);
        }
    }
}

#[test]
fn what_stands_around_an_event_is_optional() {
    let body = text(FULL);
    for written in AROUND {
        let (kind, path) = field(written);
        check("around", &body, kind, &path);
    }
    let mut bare = body;
    for name in ["id", "timestamp", "session", "metadata", "me", "engine", "environment"] {
        bare = at(&bare, &[name], None);
    }
    let report = receive(&bare);
    assert_eq!((report.recognition, report.set_aside.len()), ("known", 0));
    assert_eq!((report.key, report.account), (None, None));
}

#[test]
fn the_bare_status_body_needs_its_two_names_only() {
    let body = text("session.status.bare");
    for name in ["qr", "ts"] {
        let absent = receive(&at(&body, &[name], None));
        assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{name}");
        assert_eq!(receive(&at(&body, &[name], Some(Value::Null))).written, absent.written);
        let odd = receive(&at(&body, &[name], Some(json!([]))));
        assert_eq!((odd.recognition, odd.set_aside), ("known", vec![name.to_owned()]));
    }
    for name in ["instance_id", "status"] {
        for value in [None, Some(Value::Null), Some(json!(7))] {
            let error = (super::SUBJECT.receive)(at(&body, &[name], value).as_bytes()).unwrap_err();
            assert_eq!(error.reason(), "no_event", "{name}");
        }
    }
}

#[test]
fn essential_fields_make_the_event_malformed() {
    for (fixture, essential, _) in FIELDS {
        let body = text(fixture);
        for written in *essential {
            let (_, mut path) = field(written);
            path.insert(0, "payload");
            for value in [None, Some(Value::Null), Some(json!(true)), Some(json!([7]))] {
                let report = receive(&at(&body, &path, value.clone()));
                assert_eq!(report.recognition, "malformed", "{fixture}: {written} {value:?}");
                // The fault is at the field, or at the object that makes no
                // sense without it.
                let at = report.malformed.unwrap();
                assert!(at != "payload" && shown(&path).starts_with(&at), "{fixture}: {at}");
                assert!(report.key.is_some(), "{fixture}: {written}");
            }
        }
        // A list is no object, even when its values stand in the order of the
        // fields.
        let payload = fixtures::json(&body)["payload"].clone();
        let values = payload.as_object().unwrap().values().cloned().collect();
        for payload in [None, Some(Value::Null), Some(values), Some(json!([])), Some(json!("text"))]
        {
            let report = receive(&at(&body, &["payload"], payload));
            let malformed = ("malformed", Some("payload".to_owned()));
            assert_eq!((report.recognition, report.malformed), malformed, "{fixture}");
        }
    }
}

#[test]
fn payloads_without_a_shape_are_kept_whatever_they_are() {
    for name in FREE.iter().filter(|name| **name != "state.change") {
        let body = text(name);
        for payload in [json!([1, "x"]), json!("text"), json!(1.5), json!({})] {
            let report = receive(&at(&body, &["payload"], Some(payload.clone())));
            assert_eq!(report.recognition, "known", "{name}");
            assert_eq!(fixtures::json(&report.written)["payload"], payload, "{name}");
        }
    }
    for payload in [None, Some(Value::Null), Some(json!([])), Some(json!(7))] {
        let report = receive(&at(&text("state.change"), &["payload"], payload));
        assert_eq!(report.malformed.as_deref(), Some("payload"));
    }
}
