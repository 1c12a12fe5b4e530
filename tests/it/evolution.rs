//! Evolution API: every event, every field, every version's form of them.

mod address;
mod events;
mod go;
mod identity;
mod measured;
mod messages;
mod names;
mod proof;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use zaphook::evolution::{Envelope, Event};
use zaphook::{Delivery, Evolution, Gateway, Receiver, Request, testing};

use crate::fixtures::{self, assert_written_back, with};
use crate::gateways::{self, Report, Subject, secret};

pub const SUBJECT: Subject = Subject {
    name: Evolution::NAME,
    message: "evolution/messages.upsert.plain.json",
    text: &["data", "message", "conversation"],
    members: ["event", "data"],
    receive: |body| gateways::receive(&receiver(), &testing::evolution(&secret(), body)),
    parse: gateways::parse::<Evolution>,
    shown: |body| gateways::shown(&receiver(), &testing::evolution(&secret(), body)),
    debug: gateways::debug::<Evolution>,
    event_size: size_of::<Event>(),
    names: Event::NAMES,
};

pub fn receiver() -> Receiver<Evolution> {
    Receiver::new(Evolution::jwt(secret()))
}

const MESSAGE: &[&str] = &[
    "pushName",
    "status",
    "message",
    "contextInfo",
    "messageType",
    "messageTimestamp",
    "instanceId",
    "owner",
    "source",
    "chatwootMessageId",
    "chatwootInboxId",
    "chatwootConversationId",
    "pollUpdates",
    "participant",
    "webhookUrl",
];

const EDITED: &[&str] = &[
    "key",
    "type",
    "editedMessage",
    "timestampMs",
    "ephemeralExpiration",
    "ephemeralSettingTimestamp",
    "disappearingMode",
    "limitSharing",
    "appStateSyncKeyShare",
    "messageType",
    "instanceId",
];

const UPDATE: &[&str] = &[
    "keyId",
    "id",
    "messageId",
    "remoteJid",
    "remoteLid",
    "fromMe",
    "participant",
    "participantLid",
    "status",
    "message",
    "pollUpdates",
    "datetime",
    "instanceId",
    "owner",
];

const CONTACT: &[&str] = &[
    "remoteJid",
    "id",
    "remoteLid",
    "pushName",
    "profilePicUrl",
    "profilePictureUrl",
    "base64Pic",
    "instanceId",
    "owner",
];

const CHAT: &[&str] = &[
    "remoteJid",
    "id",
    "remoteLid",
    "name",
    "unreadMessages",
    "lastMsgTimestamp",
    "instanceId",
    "owner",
];

const GROUP: &[&str] = &[
    "notify",
    "addressingMode",
    "subject",
    "subjectOwner",
    "subjectOwnerPn",
    "subjectOwnerJid",
    "subjectTime",
    "size",
    "creation",
    "owner",
    "ownerPn",
    "ownerJid",
    "owner_country_code",
    "desc",
    "descId",
    "descOwner",
    "descOwnerPn",
    "descTime",
    "linkedParent",
    "restrict",
    "announce",
    "isCommunity",
    "isCommunityAnnounce",
    "joinApprovalMode",
    "memberAddMode",
    "participants",
    "ephemeralDuration",
    "author",
    "authorPn",
];

const DELETED: &[&str] = &[
    "id",
    "key",
    "remoteJid",
    "remoteJidAlt",
    "previousRemoteJid",
    "fromMe",
    "participant",
    "participantAlt",
    "participantLid",
    "participantPn",
    "senderLid",
    "senderPn",
    "remoteLid",
    "addressingMode",
    "status",
    "instanceId",
    "messageType",
    "source",
    "messageTimestamp",
    "pushName",
    "message",
    "contextInfo",
];

type Row =
    (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// The documented fields: the event, where in its full fixture the object
/// stands, what the object makes no sense without, the rest.
const FIELDS: &[Row] = &[
    ("messages.upsert", &["data"], &["key"], MESSAGE),
    (
        "messages.upsert",
        &["data", "key"],
        &["id"],
        &[
            "remoteJid",
            "remoteJidAlt",
            "previousRemoteJid",
            "fromMe",
            "participant",
            "participantAlt",
            "participantLid",
            "participantPn",
            "senderLid",
            "senderPn",
            "remoteLid",
            "addressingMode",
            "remoteJidUsername",
            "participantUsername",
            "server_id",
            "deleted",
            "profilePicUrl",
        ],
    ),
    ("messages.upsert", &["data", "pollUpdates", "0"], &[], &["name", "voters"]),
    ("send.message", &["data"], &["key"], MESSAGE),
    ("messages.update", &["data"], &[], UPDATE),
    ("messages.delete", &["data"], &[], DELETED),
    ("messages.edited", &["data"], &[], EDITED),
    ("send.message.update", &["data"], &[], EDITED),
    ("qrcode.updated", &["data"], &[], &["qrcode", "message", "statusCode"]),
    ("qrcode.updated", &["data", "qrcode"], &[], &["instance", "pairingCode", "code", "base64"]),
    (
        "connection.update",
        &["data"],
        &[],
        &["instance", "state", "statusReason", "wuid", "profileName", "profilePictureUrl"],
    ),
    (
        "status.instance",
        &["data"],
        &[],
        &[
            "instance",
            "status",
            "disconnectionAt",
            "disconnectionReasonCode",
            "disconnectionObject",
        ],
    ),
    ("instance.create", &["data"], &[], &["instanceName", "instanceId"]),
    ("instance.delete", &["data"], &[], &["instanceName", "instanceId"]),
    ("new.jwt", &["data"], &["jwt"], &["instanceName"]),
    ("contacts.set", &["data"], &[], CONTACT),
    ("contacts.upsert", &["data"], &[], CONTACT),
    ("contacts.update", &["data"], &[], CONTACT),
    ("presence.update", &["data"], &["id"], &["presences"]),
    (
        "presence.update",
        &["data", "presences", "5511999990002@s.whatsapp.net"],
        &[],
        &["lastKnownPresence", "lastSeen"],
    ),
    ("chats.set", &["data"], &[], CHAT),
    ("chats.upsert", &["data"], &[], CHAT),
    ("chats.update", &["data"], &[], CHAT),
    ("groups.upsert", &["data", "0"], &["id"], GROUP),
    ("groups.update", &["data", "0"], &["id"], GROUP),
    (
        "group-participants.update",
        &["data"],
        &["id"],
        &["action", "participants", "participantsData", "author", "authorPn"],
    ),
    (
        "group-participants.update",
        &["data", "participants", "0"],
        &["id"],
        &["phoneNumber", "lid", "jid", "admin"],
    ),
    (
        "group-participants.update",
        &["data", "participantsData", "0"],
        &[],
        &["jid", "phoneNumber", "name", "imgUrl"],
    ),
    ("labels.edit", &["data"], &["id"], &["name", "color", "deleted", "predefinedId", "instance"]),
    ("labels.association", &["data"], &["labelId"], &["instance", "type", "chatId"]),
    (
        "call",
        &["data"],
        &[],
        &[
            "id",
            "callId",
            "chatId",
            "from",
            "callCreator",
            "callCreatorAlt",
            "callerPn",
            "date",
            "offline",
            "status",
            "isVideo",
            "isGroup",
            "groupJid",
            "media",
        ],
    ),
    (
        "typebot.start",
        &["data"],
        &["remoteJid"],
        &["url", "typebot", "variables", "prefilledVariables", "sessionId"],
    ),
    ("typebot.start", &["data", "variables", "0"], &[], &["name", "value"]),
    ("typebot.change-status", &["data"], &["remoteJid"], &["status", "session", "url", "typebot"]),
    (
        "typebot.change-status",
        &["data", "session"],
        &[],
        &[
            "id",
            "sessionId",
            "remoteJid",
            "pushName",
            "status",
            "awaitUser",
            "context",
            "type",
            "createdAt",
            "updatedAt",
            "updateAt",
            "instanceId",
            "parameters",
            "botId",
            "prefilledVariables",
        ],
    ),
    (
        "typebot.change-status",
        &["data", "session", "parameters"],
        &[],
        &["remoteJid", "pushName", "instanceName", "serverUrl", "apiKey", "ownerJid"],
    ),
    (
        "messaging-history.set",
        &["data"],
        &[],
        &["messageCount", "chatCount", "contactCount", "progress"],
    ),
    ("chama-ai.action", &["data"], &["remoteJid"], &["message", "answer", "action"]),
    ("error", &["data"], &[], &["error", "message", "status", "response"]),
    ("error", &["data", "response"], &[], &["message"]),
    (
        "cloud.message-status",
        &[],
        &[],
        &["keyId", "messageId", "remoteJid", "fromMe", "participant", "status", "instanceId"],
    ),
    (
        "cloud.template-status",
        &[],
        &[],
        &[
            "event",
            "message_template_id",
            "message_template_name",
            "message_template_language",
            "reason",
            "disable_info",
            "other_info",
        ],
    ),
    ("cloud.template-status", &["disable_info"], &[], &["disable_date"]),
    ("cloud.template-status", &["other_info"], &[], &["title", "description"]),
];

/// Events whose whole data may be anything, `null` included.
const RAW: &[&str] = &["application.startup", "remove.instance", "logout.instance", "creds.update"];

/// Events whose data are a list, or an element of one, or `null`.
const LISTS: &[&str] = &[
    "messages.set",
    "contacts.set",
    "contacts.upsert",
    "contacts.update",
    "chats.set",
    "chats.upsert",
    "chats.update",
    "chats.delete",
    "groups.upsert",
    "groups.update",
];

/// Fields that keep any JSON, and contents: objects that keep any member.
const FREE: &[&str] = &["prefilledVariables", "value", "context", "appStateSyncKeyShare"];
const CONTENT: &[&str] = &["message", "contextInfo", "editedMessage"];
const NO_CONTENT: &[&str] = &["qrcode.updated", "error"];

/// Fields that are objects themselves.
const OBJECTS: &[&str] = &[
    "key",
    "qrcode",
    "session",
    "response",
    "presences",
    "participantsData",
    "parameters",
    "disappearingMode",
    "limitSharing",
    "disable_info",
    "other_info",
];

/// The members of the envelope, but for the two that make the event.
const AROUND: &[&str] = &["instance", "destination", "date_time", "sender", "server_url", "apikey"];

#[track_caller]
fn receive(body: &str) -> Report {
    (SUBJECT.receive)(body.as_bytes()).unwrap()
}

/// As [`receive`], without proof: for the tests that read very many bodies.
#[track_caller]
fn read(body: &str) -> Report {
    Report::from(&Delivery::<Evolution>::parse_trusted(body).unwrap())
}

fn text(fixture: &str) -> String {
    fixtures::text(&format!("evolution/{fixture}.json"))
}

#[track_caller]
fn envelope(fixture: &str) -> Envelope {
    let request = testing::evolution(&secret(), text(fixture));
    receiver().receive(&Request::from(&request)).unwrap().into_envelope()
}

#[track_caller]
fn event(fixture: &str) -> Event {
    envelope(fixture).event
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn at<'a>(body: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(body, |value, name| match value {
        Value::Array(elements) => &elements[name.parse::<usize>().unwrap()],
        value => &value[*name],
    })
}

#[test]
fn the_list_of_events_is_the_documented_one() {
    let mut documented: Vec<&str> =
        FIELDS.iter().map(|(name, ..)| *name).chain(RAW.iter().chain(LISTS).copied()).collect();
    documented.sort_unstable();
    documented.dedup();
    // Evolution Go has a list of its own.
    let mut names: Vec<&str> = Event::NAMES.iter().copied().filter(|name| *name != "go").collect();
    names.sort_unstable();
    assert_eq!(names, documented);
    assert_eq!(names.len(), 36 + 2);
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    let mut seen = std::collections::BTreeSet::new();
    for (name, body) in fixtures::all("evolution") {
        let report = receive(&body);
        let recognition = if name.ends_with(".unknown") { "unknown" } else { "known" };
        assert_eq!((report.recognition, report.malformed), (recognition, None), "{name}");
        assert!(report.set_aside.is_empty() && !report.repaired, "{name}: {:?}", report.set_aside);
        let source = if name.starts_with("cloud.") { "shape" } else { "body" };
        assert_eq!(report.name_source, source, "{name}");
        let event = Event::NAMES
            .iter()
            .filter(|event| name.starts_with(**event))
            .max_by_key(|event| event.len())
            .unwrap_or(&"");
        assert!(name.starts_with(&*report.event.to_lowercase().replace('_', ".")), "{name}");
        seen.insert(*event);

        let account = match name.as_str() {
            "cloud.message-status" => Some("6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11"),
            name if name.starts_with("error") || name.starts_with("cloud.template") => None,
            _ => Some("cantina"),
        };
        assert_eq!(report.account.as_deref(), account, "{name}");
        assert_written_back(&name, &body, &report.written, &[]);
    }
    seen.remove("");
    assert_eq!(seen.len(), Event::NAMES.len() - 1, "an event has no fixture: {seen:?}");
}

#[test]
fn the_full_fixtures_have_every_documented_field() {
    for (name, path, essential, optional) in FIELDS {
        let body = fixtures::json(&text(name));
        let members = at(&body, path).as_object().unwrap();
        let mut fields: Vec<&str> = essential.iter().chain(*optional).copied().collect();
        fields.sort_unstable();
        let mut found: Vec<&str> = members.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, fields, "{name}");
        // A field that is null or empty shows nothing.
        for field in fields {
            assert!(!fixtures::leaves(&members[field]).is_empty(), "{name}: {field}");
        }
    }
    let body = fixtures::json(&text("messages.upsert"));
    for member in AROUND {
        assert!(body[*member].is_string(), "{member}");
    }
}

#[test]
fn optional_fields_may_be_absent_or_null_or_odd() {
    let mut seen = 0;
    for (name, path, _, optional) in FIELDS {
        let body = text(name);
        let whole = read(&body);
        for field in *optional {
            // What tells that there is no envelope.
            if matches!(*field, "keyId" | "event") && path.is_empty() {
                continue;
            }
            let path: Vec<&str> = path.iter().chain([field]).copied().collect();
            let label = format!("{name}: {}", path.join("."));
            let absent = read(&with(&body, &path, None));
            let null = read(&with(&body, &path, Some(Value::Null)));
            assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{label}");
            assert_eq!(absent.written, null.written, "{label}");
            assert_ne!(absent.written, whole.written, "{label}");
            seen += 1;
            let content = CONTENT.contains(field) && !NO_CONTENT.contains(name);
            for odd in [json!([[1]]), json!({"odd": []}), json!(true)] {
                let as_is = FREE.contains(field)
                    || odd.is_object() && (OBJECTS.contains(field) || content)
                    || odd.is_boolean() && BOOLEANS.contains(field);
                if as_is {
                    continue;
                }
                let report = read(&with(&body, &path, Some(odd.clone())));
                assert_eq!(report.recognition, "known", "{label} {odd}");
                assert_eq!(report.set_aside.len(), 1, "{label} {odd}: {:?}", report.set_aside);
                // People's addresses are not named: what is odd about one of
                // them is told of all.
                let shown = path.iter().take_while(|name| !name.contains('@'));
                let dotted = shown.copied().collect::<Vec<_>>().join(".");
                let set_aside = report.set_aside[0].replace(['[', ']'], ".").replace("..", ".");
                let set_aside = set_aside.replace("\"", "");
                assert!(
                    set_aside.trim_end_matches('.').starts_with(&dotted),
                    "{label}: {set_aside}"
                );
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

const BOOLEANS: &[&str] = &[
    "fromMe",
    "deleted",
    "restrict",
    "announce",
    "isCommunity",
    "isCommunityAnnounce",
    "joinApprovalMode",
    "memberAddMode",
    "offline",
    "isVideo",
    "isGroup",
    "awaitUser",
];

/// What a body is known by is written back even when it is `null` or odd.
#[test]
fn what_has_no_name_is_known_again() {
    for (name, members, rest) in [
        ("cloud.message-status", r#""keyId":null"#, ""),
        ("cloud.message-status", r#""keyId":[7]"#, r#","status":"READ""#),
        ("cloud.message-status", r#""keyId":[7],"keyId":"a""#, r#","status":"READ""#),
        ("cloud.template-status", r#""message_template_id":null"#, r#","event":"APPROVED""#),
        ("cloud.template-status", r#""message_template_name":[7]"#, ""),
        ("Message", r#""instanceId":[7]"#, r#","event":"Message""#),
        ("Message", r#""instanceName":null,"instanceToken":[7]"#, r#","event":"Message""#),
    ] {
        let body = format!("{{{members}{rest}}}");
        let delivery = Delivery::<Evolution>::parse_trusted(body.clone()).unwrap();
        assert_eq!(delivery.name(), name, "{body}");
        let written = delivery.to_json().unwrap();
        let again = Delivery::<Evolution>::parse_trusted(written.as_str()).unwrap();
        assert_eq!(again.name(), name, "{body}");
        assert_eq!(again.to_json().unwrap(), written, "{body}");
        // Once it is written, it is the same whoever reads it.
        if !members.contains("keyId\":[7],") {
            assert!(again.envelope() == delivery.envelope(), "{body}");
        }
    }
    // Nothing is added where another member tells it.
    let body = r#"{"message_template_id":null,"message_template_name":"oi"}"#;
    let delivery = Delivery::<Evolution>::parse_trusted(body).unwrap();
    assert_eq!(delivery.to_json().unwrap().as_str(), r#"{"message_template_name":"oi"}"#);
}

#[test]
fn the_members_of_the_envelope_may_be_absent_or_null_or_odd() {
    let body = with(&text("messages.set"), &["api_key"], Some(json!("B6D711FC")));
    let whole = receive(&body);
    for member in AROUND.iter().chain(&["isLatest", "progress", "api_key"]) {
        let absent = receive(&with(&body, &[member], None));
        let null = receive(&with(&body, &[member], Some(Value::Null)));
        assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{member}");
        assert_eq!(absent.written, null.written, "{member}");
        assert_ne!(absent.written, whole.written, "{member}");
        for odd in [json!([1]), json!({"odd": []})] {
            let odd = receive(&with(&body, &[member], Some(odd)));
            assert_eq!((odd.recognition, odd.set_aside), ("known", vec![member.to_string()]));
        }
    }
}

#[test]
fn essential_fields_make_the_event_malformed() {
    for (name, path, essential, _) in FIELDS.iter().filter(|(_, path, ..)| path.len() == 1) {
        let body = text(name);
        for field in *essential {
            for value in [None, Some(Value::Null), Some(json!([7])), Some(json!(true))] {
                let path: Vec<&str> = path.iter().chain([field]).copied().collect();
                let report = receive(&with(&body, &path, value));
                assert_eq!(report.recognition, "malformed", "{name}: {field}");
                assert_eq!(report.malformed, Some(format!("data.{field}")), "{name}");
                assert_eq!(report.event, *name);
                assert!(report.key.is_some() || *name == "new.jwt", "{name}: {field}");
            }
        }
    }
    // Inside a list, an element without what it needs is set aside alone.
    let two = text("groups.upsert").replace(r#""data":["#, r#""data":[{"subject":"x"},"#);
    let report = receive(&two);
    assert_eq!((report.recognition, report.set_aside), ("known", vec!["data[0]".to_owned()]));
    // And a message without the id in its key has no key.
    let report = receive(&with(&text("messages.upsert"), &["data", "key", "id"], None));
    assert_eq!(report.malformed.as_deref(), Some("data.key.id"));
}

#[test]
fn data_are_an_object_or_a_list_or_null_or_absent() {
    for name in Event::NAMES.iter().filter(|name| !name.starts_with("cloud.") && **name != "go") {
        let body = text(name);
        let odd = [json!("text"), json!(7), json!(true)];
        let kinds = [Some(Value::Null), None, Some(json!([])), Some(json!([[]]))];
        for data in kinds.into_iter().chain(odd.map(Some)) {
            let report = receive(&with(&body, &["data"], data.clone()));
            let known = match &data {
                _ if RAW.contains(name) => true,
                None | Some(Value::Null) => LISTS.contains(name),
                Some(Value::Array(_)) => LISTS.contains(name),
                Some(_) => *name == "chats.delete" && data == Some(json!("text")),
            };
            let expected = if known { "known" } else { "malformed" };
            assert_eq!(report.recognition, expected, "{name} {data:?}");
            assert_eq!(report.malformed.as_deref(), (!known).then_some("data"), "{name} {data:?}");
        }
    }
    // One element and a list of it are the same.
    for name in ["contacts.upsert", "contacts.update", "chats.upsert", "chats.update", "chats.set"]
    {
        let one = fixtures::json(&text(name))["data"].clone();
        let list = receive(&with(&text(name), &["data"], Some(json!([one]))));
        let parse = |body: &str| Envelope::parse_trusted(body.as_bytes()).unwrap().event;
        assert_eq!(parse(&list.written), event(name), "{name}");
        let numbered = with(&text(name), &["data"], Some(json!({"0": one})));
        assert_eq!(parse(&numbered), event(name), "{name}");
    }
}
