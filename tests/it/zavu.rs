//! Zavu: every event, every field, every quirk.

mod events;
mod generations;
mod others;
mod signature;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use zaphook::zavu::{Envelope, Event};
use zaphook::{Gateway, Receiver, Recognition, Request, Zavu, testing};

use crate::fixtures::{self, assert_written_back, with};
use crate::gateways::{self, Report, Subject, secret};

pub const SUBJECT: Subject = Subject {
    name: Zavu::NAME,
    message: "zavu/message.inbound.plain.json",
    text: &["data", "text"],
    members: ["type", "data"],
    receive: |body| gateways::receive(&receiver(), &testing::zavu(&secret(), body)),
    parse: gateways::parse::<Zavu>,
    shown: |body| gateways::shown(&receiver(), &testing::zavu(&secret(), body)),
    debug: gateways::debug::<Zavu>,
    event_size: size_of::<Event>(),
    names: Event::NAMES,
};

pub fn receiver() -> Receiver<Zavu> {
    Receiver::new(Zavu::signed(secret()))
}

/// What it makes no sense without, and the rest.
type Fields = (&'static [&'static str], &'static [&'static str]);

const OUTBOUND: Fields = (
    &["messageId"],
    &["to", "channel", "status", "errorCode", "errorMessage", "conversationId", "templateId"],
);

const CALL: Fields = (
    &[],
    &[
        "callId",
        "direction",
        "from",
        "to",
        "status",
        "durationSeconds",
        "endReason",
        "transcriptAvailable",
        "metadata",
        "cost",
        "currency",
    ],
);

const TEMPLATE: Fields = (&["templateId"], &["name", "status", "reason"]);

/// The shape is not published: any object will do.
const UNPUBLISHED: Fields = (&[], &[]);

/// The documented fields: the event, what it makes no sense without, the rest.
const FIELDS: &[(&str, Fields)] = &[
    ("message.queued", OUTBOUND),
    ("message.sent", OUTBOUND),
    ("message.delivered", OUTBOUND),
    ("message.read", OUTBOUND),
    ("message.failed", OUTBOUND),
    (
        "message.inbound",
        (
            &["messageId", "from"],
            &[
                "conversationId",
                "to",
                "channel",
                "status",
                "messageType",
                "text",
                "content",
                "profileName",
                "providerTimestamp",
                "referral",
                "isGroup",
                "groupId",
                "groupAuthor",
                "groupName",
                "errorCode",
                "errorMessage",
            ],
        ),
    ),
    ("message.status", (&["from"], &["messageType", "text", "mimetype", "providerTimestamp"])),
    ("message.unsupported", UNPUBLISHED),
    ("message.reaction", UNPUBLISHED),
    (
        "conversation.new",
        (
            &["firstMessageId"],
            &[
                "conversationId",
                "phoneNumber",
                "email",
                "channel",
                "firstMessageText",
                "profileName",
            ],
        ),
    ),
    ("template.status_changed", UNPUBLISHED),
    ("template.approved", TEMPLATE),
    ("template.rejected", TEMPLATE),
    ("broadcast.status_changed", UNPUBLISHED),
    (
        "invitation.status_changed",
        (
            &["invitationId"],
            &[
                "clientName",
                "clientEmail",
                "connectionType",
                "previousStatus",
                "currentStatus",
                "senderId",
                "connectedAccount",
                "failureReason",
            ],
        ),
    ),
    ("call.initiated", CALL),
    ("call.answered", CALL),
    ("call.completed", CALL),
    ("call.failed", CALL),
    ("domain.verified", UNPUBLISHED),
    ("domain.failed", UNPUBLISHED),
];

/// The fields of the objects within: the event, the object's member, its
/// fields. None of them is essential.
const INNER: &[(&str, &str, &[&str])] = &[
    (
        "message.inbound",
        "content",
        &[
            "mediaId",
            "mediaUrl",
            "mimeType",
            "filename",
            "latitude",
            "longitude",
            "name",
            "address",
            "locationName",
            "locationAddress",
            "contacts",
            "emoji",
            "reactToMessageId",
            "replyToMessageId",
            "replyToProviderMessageId",
            "replyToFrom",
            "replyToText",
            "replyToMessageType",
        ],
    ),
    (
        "message.inbound",
        "referral",
        &[
            "ctwaClid",
            "sourceId",
            "sourceType",
            "sourceUrl",
            "headline",
            "body",
            "mediaType",
            "imageUrl",
            "videoUrl",
            "thumbnailUrl",
        ],
    ),
    ("invitation.status_changed", "connectedAccount", &["channel", "id", "name"]),
];

/// The members around the payload that the API's first version has.
const HEAD: &[&str] = &["id", "timestamp", "senderId", "projectId"];

#[track_caller]
fn receive(body: &str) -> Report {
    (SUBJECT.receive)(body.as_bytes()).unwrap()
}

#[track_caller]
fn envelope(fixture: &str) -> Envelope {
    let body = fixtures::text(&format!("zavu/{fixture}.json"));
    let request = testing::zavu(&secret(), body);
    receiver().receive(&Request::from(&request)).unwrap().into_envelope()
}

#[track_caller]
fn event(fixture: &str) -> Event {
    envelope(fixture).event
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_list_of_events_is_the_documented_one() {
    let documented: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
    assert_eq!(Event::NAMES, documented);
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    for (name, body) in fixtures::all("zavu") {
        let report = receive(&body);
        let recognition = if name.ends_with(".unknown") { "unknown" } else { "known" };
        assert_eq!((report.recognition, report.malformed), (recognition, None), "{name}");
        assert!(report.set_aside.is_empty() && !report.repaired, "{name}");
        assert!(name.starts_with(&report.event), "{name} is {}", report.event);
        assert_eq!(report.name_source, "body", "{name}");
        let of_project = ["template.approved", "template.rejected", "invitation", "domain"]
            .iter()
            .any(|scope| name.starts_with(scope));
        let later = name.ends_with(".first") || name.ends_with(".api_v2");
        let account = if of_project || later { "prj_77aa" } else { "snd_5e1f" };
        assert_eq!(report.account.as_deref(), Some(account), "{name}");
        assert_written_back(&name, &body, &report.written, &[]);
    }
}

#[test]
fn the_full_fixtures_have_every_documented_field() {
    let members = |value: &Value| {
        let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        names.sort_unstable();
        names
    };
    let sorted = |essential: &[&str], optional: &[&str]| {
        let names = essential.iter().chain(optional);
        let mut names: Vec<String> = names.map(|name| (*name).to_owned()).collect();
        names.sort_unstable();
        names
    };
    for (name, (essential, optional)) in FIELDS {
        let body = fixtures::json(&fixtures::text(&format!("zavu/{name}.json")));
        if !optional.is_empty() {
            assert_eq!(members(&body["data"]), sorted(essential, optional), "{name}");
        }
        for member in ["id", "type", "timestamp", "projectId", "data"] {
            assert!(body.get(member).is_some(), "{name} lacks {member}");
        }
    }
    for (name, object, fields) in INNER {
        let body = fixtures::json(&fixtures::text(&format!("zavu/{name}.json")));
        assert_eq!(members(&body["data"][object]), sorted(&[], fields), "{name}: {object}");
    }
}

/// A field that is absent, `null`, or of another type than documented takes
/// nothing else with it.
#[track_caller]
fn is_optional(body: &str, path: &[&str], is_object: bool) {
    let label = path.join(".");
    let whole = receive(body);
    let absent = receive(&with(body, path, None));
    let null = receive(&with(body, path, Some(Value::Null)));
    assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{label}");
    assert_eq!(absent.written, null.written, "{label}");
    assert_ne!(absent.written, whole.written, "{label}");

    for odd in [json!([1]), json!({"odd": []}), json!([]), json!("\u{0}odd")] {
        // Any text is a text, and an object may be an object.
        if odd.is_string() && !is_object || odd.is_object() && is_object {
            continue;
        }
        let report = receive(&with(body, path, Some(odd)));
        assert_eq!((report.recognition, report.set_aside), ("known", vec![label.clone()]));
        assert_eq!(report.written, absent.written, "{label}");
    }
}

/// Fields that hold an object; `metadata` holds any JSON.
const OBJECTS: &[&str] = &["content", "referral", "connectedAccount"];

#[test]
fn optional_fields_may_be_absent_or_null_or_odd() {
    for (name, (_, optional)) in FIELDS {
        let body = fixtures::text(&format!("zavu/{name}.json"));
        for field in optional.iter().filter(|field| **field != "metadata") {
            is_optional(&body, &["data", field], OBJECTS.contains(field));
        }
        for member in HEAD {
            if fixtures::json(&body).get(member).is_some() {
                is_optional(&body, &[member], false);
            }
        }
        // None of them at all.
        let mut bare = body.clone();
        for field in *optional {
            bare = with(&bare, &["data", field], None);
        }
        for member in HEAD {
            bare = with(&bare, &[member], None);
        }
        let report = receive(&bare);
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{name}");
        assert!(report.key.is_some(), "{name}");
        assert_eq!(report.account, None, "{name}");
    }
    for (name, object, fields) in INNER {
        let body = fixtures::text(&format!("zavu/{name}.json"));
        for field in *fields {
            // A list is one of contacts, whatever is in it.
            if *field != "contacts" {
                is_optional(&body, &["data", object, field], false);
            }
        }
    }
}

#[test]
fn metadata_and_contacts_are_what_they_are() {
    for name in ["call.initiated", "call.answered", "call.completed", "call.failed"] {
        let body = fixtures::text(&format!("zavu/{name}.json"));
        for any in [json!([1]), json!("text"), json!(7), json!({"a": [null]})] {
            let report = receive(&with(&body, &["data", "metadata"], Some(any.clone())));
            assert!(report.set_aside.is_empty(), "{name}");
            assert_eq!(fixtures::json(&report.written)["data"]["metadata"], any);
        }
        let report = receive(&with(&body, &["data", "metadata"], None));
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0));
    }

    let body = fixtures::text("zavu/message.inbound.contact.json");
    let contacts = |contacts: Value| {
        receive(&with(&body, &["data", "content", "contacts"], Some(contacts))).set_aside
    };
    assert_eq!(contacts(json!("Bruno")), ["data.content.contacts"]);
    assert_eq!(contacts(json!([{"name": 7}])), ["data.content.contacts[0].name"]);
    assert_eq!(contacts(json!([{"phones": "+5511"}, {}])), ["data.content.contacts[0].phones"]);
    assert_eq!(contacts(json!([{"phones": null, "name": null}])), [""; 0]);
}

#[test]
fn essential_fields_make_the_event_malformed() {
    for (name, (essential, _)) in FIELDS {
        let body = fixtures::text(&format!("zavu/{name}.json"));
        for field in *essential {
            for value in [None, Some(Value::Null), Some(json!(true)), Some(json!({"odd": []}))] {
                let report = receive(&with(&body, &["data", field], value));
                assert_eq!(report.recognition, "malformed", "{name}: {field}");
                assert_eq!(report.malformed, Some(format!("data.{field}")), "{name}");
                assert_eq!(report.event, *name);
                assert!(report.key.is_some(), "{name}: {field}");
            }
        }
        for payload in [None, Some(Value::Null), Some(json!([])), Some(json!("text"))] {
            let report = receive(&with(&body, &["data"], payload));
            assert_eq!((report.recognition, report.malformed), ("malformed", Some("data".into())));
        }
        let empty = receive(&with(&body, &["data"], Some(json!({}))));
        let expected = if essential.is_empty() { "known" } else { "malformed" };
        assert_eq!(empty.recognition, expected, "{name}");
    }
}

#[test]
fn only_the_wanted_events_are_typed() {
    let failed_only = receiver().only([zaphook::zavu::EventName::MessageFailed]);
    for (name, body) in fixtures::all("zavu") {
        let request = testing::zavu(&secret(), body.as_str());
        let delivery = failed_only.receive(&Request::from(&request)).unwrap();
        let expected = match name.as_str() {
            failed if failed.starts_with("message.failed") => Recognition::Known,
            unknown if unknown.ends_with(".unknown") => Recognition::Unknown,
            _ => Recognition::Skipped,
        };
        assert_eq!(delivery.recognition(), expected, "{name}");
        // What the bytes say does not depend on what was asked for.
        let whole = receive(&body);
        assert_eq!(delivery.key().map(|key| key.to_string()), whole.key, "{name}");
        assert_eq!(delivery.message_key().map(|key| key.to_string()), whole.message_key, "{name}");
        assert_eq!(delivery.account().map(|account| account.into_owned()), whole.account);
        assert_eq!(delivery.happened_at().map(|time| time.to_rfc3339()), whole.happened_at);
        assert_eq!(delivery.payload().map(|raw| raw.as_str().to_owned()), whole.payload);
        if expected == Recognition::Skipped {
            let written = serde_json::to_string(delivery.envelope()).unwrap();
            assert_written_back(&name, &body, &written, &[]);
        }
    }
}

#[test]
fn many_accounts_are_told_apart_before_they_are_proven() {
    let account = |body: &str| Zavu::peek(&Request::new(&[("", ""); 0], body)).account;
    let body = fixtures::text("zavu/message.inbound.plain.json");
    assert_eq!(account(&body).as_deref(), Some("snd_5e1f"));
    assert_eq!(account(&with(&body, &["senderId"], None)).as_deref(), Some("prj_77aa"));
    assert_eq!(account("{}"), None);
    assert_eq!(account(r#"{"senderId":"a","senderId":"b"}"#), None);
    assert_eq!(account(r#"{"senderId":"a","senderId":"b","projectId":"p"}"#), None);
    assert_eq!(account(r#"{"projectId":7}"#), None);
}
