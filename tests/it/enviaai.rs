//! EnviaAI: every event, every field, every quirk.

use chrono::{DateTime, Utc};
use http::header::RETRY_AFTER;
use serde_json::{Value, json};
use zaphook::enviaai::EventName;
use zaphook::enviaai::{
    DeliveryLog, DeliveryStatus, DisconnectReason, Envelope, ErrorCode, Event, MessageStatus,
    MessageType, TestAnswer, Webhook, WebhookCreated, WebhookStatus,
};
use zaphook::{Answer, EnviaAi, Gateway, Receiver, Recognition, Request, Tenants, testing};

use crate::fixtures::{self, assert_written_back, with};
use crate::gateways::{self, Report, Subject, secret};

pub const SUBJECT: Subject = Subject {
    name: EnviaAi::NAME,
    message: "enviaai/message.received.plain.json",
    text: &["data", "content"],
    members: ["event", "data"],
    receive: |body| gateways::receive(&receiver(), &testing::enviaai(&secret(), body)),
    parse: gateways::parse::<EnviaAi>,
    shown: |body| gateways::shown(&receiver(), &testing::enviaai(&secret(), body)),
    debug: gateways::debug::<EnviaAi>,
    event_size: size_of::<Event>(),
    names: Event::NAMES,
};

pub fn receiver() -> Receiver<EnviaAi> {
    Receiver::new(EnviaAi::signed(secret()))
}

/// The documented fields: the event, what it makes no sense without, the rest.
const FIELDS: &[(&str, &[&str], &[&str])] = &[
    (
        "message.received",
        &["messageId", "instanceId", "from"],
        &[
            "chatId",
            "type",
            "content",
            "timestamp",
            "contactName",
            "isGroup",
            "test",
            "mediaUrl",
            "mediaType",
            "caption",
            "filename",
        ],
    ),
    (
        "message.sent",
        &["messageId", "instanceId"],
        &["chatId", "to", "type", "content", "status", "metadata"],
    ),
    (
        "message.delivered",
        &["messageId", "instanceId"],
        &["chatId", "to", "status", "deliveredAt", "metadata"],
    ),
    (
        "message.read",
        &["messageId", "instanceId"],
        &["chatId", "to", "status", "readAt", "metadata"],
    ),
    (
        "message.failed",
        &["messageId", "instanceId"],
        &["chatId", "to", "status", "error", "metadata"],
    ),
    ("instance.connected", &["instanceId"], &["phone", "profileName"]),
    ("instance.disconnected", &["instanceId"], &["reason"]),
    ("instance.qr_updated", &["instanceId", "qrCode"], &["expiresAt"]),
];

/// Keeps any JSON, so nothing is odd there.
const FREE: &[&str] = &["metadata"];

#[track_caller]
fn receive(body: &str) -> Report {
    (SUBJECT.receive)(body.as_bytes()).unwrap()
}

#[track_caller]
fn event(fixture: &str) -> Event {
    envelope(fixture).event
}

#[track_caller]
fn envelope(fixture: &str) -> Envelope {
    let body = fixtures::text(&format!("enviaai/{fixture}.json"));
    let request = testing::enviaai(&secret(), body);
    receiver().receive(&Request::from(&request)).unwrap().into_envelope()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_list_of_events_is_the_documented_one() {
    let documented: Vec<&str> = FIELDS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(Event::NAMES, documented);
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    for (name, body) in fixtures::all("enviaai") {
        let report = receive(&body);
        let recognition = if name.ends_with(".unknown") { "unknown" } else { "known" };
        assert_eq!((report.recognition, report.malformed), (recognition, None), "{name}");
        assert!(report.set_aside.is_empty() && !report.repaired, "{name}");
        assert!(name.starts_with(&report.event), "{name} is {}", report.event);
        assert_eq!(report.name_source, "body", "{name}");
        assert_eq!(report.account.as_deref(), Some("inst_4b7d"), "{name}");

        let undocumented: &[&str] = match name.as_str() {
            "message.received.group" => &["/data/participantCount"],
            "message.failed.plain" => &["/data/error/details/hint"],
            _ => &[],
        };
        assert_written_back(&name, &body, &report.written, undocumented);
    }
}

#[test]
fn the_full_fixtures_have_every_documented_field() {
    for (name, essential, optional) in FIELDS {
        let body = fixtures::json(&fixtures::text(&format!("enviaai/{name}.json")));
        let members = body["data"].as_object().unwrap();
        let mut fields: Vec<&str> = essential.iter().chain(*optional).copied().collect();
        fields.sort_unstable();
        let mut found: Vec<&str> = members.keys().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, fields, "{name}");
        for member in ["event", "timestamp", "eventId", "data"] {
            assert!(body.get(member).is_some(), "{name} lacks {member}");
        }
    }
}

#[test]
fn optional_fields_may_be_absent_or_null_or_odd() {
    for (name, _, optional) in FIELDS {
        let body = fixtures::text(&format!("enviaai/{name}.json"));
        let whole = receive(&body);
        let fields = optional.iter().map(|field| vec!["data", *field]);
        for path in fields.chain([vec!["timestamp"], vec!["eventId"]]) {
            let label = format!("{name}: {}", path.join("."));
            let absent = receive(&with(&body, &path, None));
            let null = receive(&with(&body, &path, Some(Value::Null)));
            assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{label}");
            assert_eq!(absent.written, null.written, "{label}");
            assert_ne!(absent.written, whole.written, "{label}");

            for odd in [json!([1]), json!([]), json!({"odd": []})] {
                if *name == "message.failed" && path[1..] == ["error"] && odd.is_object() {
                    continue; // An object it is.
                }
                let report = receive(&with(&body, &path, Some(odd)));
                assert_eq!(report.recognition, "known", "{label}");
                if path.last().is_some_and(|field| FREE.contains(field)) {
                    assert!(report.set_aside.is_empty(), "{label}");
                } else {
                    assert_eq!(report.set_aside, [path.join(".")], "{label}");
                    assert_eq!(report.written, absent.written, "{label}");
                }
            }
        }
        // None of them at all.
        let mut bare = body.clone();
        for field in *optional {
            bare = with(&bare, &["data", *field], None);
        }
        bare = with(&with(&bare, &["timestamp"], None), &["eventId"], None);
        let report = receive(&bare);
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{name}");
        assert!(report.key.is_some(), "{name}");
    }
}

#[test]
fn essential_fields_make_the_event_malformed() {
    for (name, essential, _) in FIELDS {
        let body = fixtures::text(&format!("enviaai/{name}.json"));
        for field in *essential {
            for value in [None, Some(Value::Null), Some(json!(true)), Some(json!({"odd": []}))] {
                let report = receive(&with(&body, &["data", *field], value));
                assert_eq!(report.recognition, "malformed", "{name}: {field}");
                assert_eq!(report.malformed, Some(format!("data.{field}")), "{name}");
                assert_eq!(report.event, *name);
                assert!(report.key.is_some(), "{name}: {field}");
            }
        }
        // A list is no object, even when its values stand in the order of the
        // fields.
        let values = fixtures::json(&body)["data"].as_object().unwrap().values().cloned().collect();
        for payload in [None, Some(Value::Null), Some(values), Some(json!([])), Some(json!("text"))]
        {
            let report = receive(&with(&body, &["data"], payload));
            assert_eq!((report.recognition, report.malformed), ("malformed", Some("data".into())));
        }
    }
}

#[test]
fn the_fields_of_an_error_are_optional_too() {
    let body = fixtures::text("enviaai/message.failed.json");
    for field in ["code", "message", "requestId", "retryAfter"] {
        let path = ["data", "error", field];
        let absent = receive(&with(&body, &path, None));
        assert_eq!((absent.recognition, absent.set_aside.len()), ("known", 0), "{field}");
        assert_eq!(receive(&with(&body, &path, Some(Value::Null))).written, absent.written);
        let odd = receive(&with(&body, &path, Some(json!([]))));
        assert_eq!((odd.recognition, odd.set_aside), ("known", vec![path.join(".")]));
    }
}

#[test]
fn message_received() {
    let Event::MessageReceived(message) = event("message.received") else { panic!() };
    assert_eq!(message.message_id, "msg_8f2c41");
    assert_eq!(message.instance_id, "inst_4b7d");
    assert_eq!(message.chat_id.as_deref(), Some("chat_19aa"));
    assert_eq!(message.from, "5511999990001");
    assert_eq!(message.message_type, Some(MessageType::Text));
    assert_eq!(message.content.as_deref(), Some("Olá! Ainda há mesas para sábado? 🍽️"));
    assert_eq!(message.timestamp, Some(time("2026-02-10T14:23:44.120Z")));
    assert_eq!(message.contact_name.as_deref(), Some("Ana Exemplo"));
    assert_eq!(
        (message.is_group, message.test, message.is_test()),
        (Some(false), Some(false), false)
    );
    assert_eq!(message.media_url.as_deref(), Some("https://media.example.org/a/1.jpg"));
    assert_eq!(message.media_type.as_deref(), Some("image/jpeg"));
    assert_eq!(message.caption.as_deref(), Some("O cardápio"));
    assert_eq!(message.filename.as_deref(), Some("cardapio.pdf"));

    let envelope = envelope("message.received");
    assert_eq!(envelope.name(), "message.received");
    assert_eq!(envelope.timestamp, Some(time("2026-02-10T14:23:45.678Z")));
    assert_eq!(envelope.event_id.as_deref(), Some("evt_7c1e"));
}

#[test]
fn messages_on_their_way() {
    let Event::MessageSent(sent) = event("message.sent") else { panic!() };
    assert_eq!((sent.message_id.as_str(), sent.instance_id.as_str()), ("msg_9d0a77", "inst_4b7d"));
    assert_eq!(sent.chat_id.as_deref(), Some("chat_19aa"));
    assert_eq!(sent.to.as_ref().unwrap(), "5511999990001");
    assert_eq!(sent.message_type, Some(MessageType::Text));
    assert_eq!(sent.content.as_deref(), Some("Temos sim. Para quantas pessoas?"));
    assert_eq!(sent.status, Some(MessageStatus::Sent));
    assert_eq!(sent.metadata.as_ref().unwrap().as_str(), r#"{"ticket": "T-17", "n": 1.50}"#);

    let Event::MessageDelivered(delivered) = event("message.delivered") else { panic!() };
    assert_eq!(delivered.message_id, "msg_9d0a77");
    assert_eq!(delivered.instance_id, "inst_4b7d");
    assert_eq!(delivered.chat_id.as_deref(), Some("chat_19aa"));
    assert_eq!(delivered.to.as_ref().unwrap(), "5511999990001");
    assert_eq!(delivered.status, Some(MessageStatus::Delivered));
    assert_eq!(delivered.delivered_at, Some(time("2026-02-10T14:24:03.100Z")));
    assert!(delivered.metadata.is_some());

    let Event::MessageRead(read) = event("message.read") else { panic!() };
    assert_eq!((read.message_id.as_str(), read.instance_id.as_str()), ("msg_9d0a77", "inst_4b7d"));
    assert_eq!(read.chat_id.as_deref(), Some("chat_19aa"));
    assert_eq!(read.to.as_ref().unwrap(), "5511999990001");
    assert_eq!(read.status, Some(MessageStatus::Read));
    assert_eq!(read.read_at, Some(time("2026-02-10T14:25:09.900Z")));
    assert!(read.metadata.is_some());

    let Event::MessageFailed(failed) = event("message.failed") else { panic!() };
    assert_eq!(
        (failed.message_id.as_str(), failed.instance_id.as_str()),
        ("msg_9d0a78", "inst_4b7d")
    );
    assert_eq!(failed.chat_id.as_deref(), Some("chat_19ab"));
    assert_eq!(failed.to.as_ref().unwrap(), "5511999990009");
    assert_eq!(failed.status, Some(MessageStatus::Failed));
    assert!(failed.metadata.is_some());
    let error = failed.error.unwrap();
    assert_eq!(error.code.as_deref(), Some(&ErrorCode::RecipientNotFound));
    assert_eq!(error.message.as_deref(), Some("The number has no account"));
    assert_eq!(error.request_id.as_deref(), Some("req_55e1"));
    assert_eq!(error.retry_after, Some(60));
}

#[test]
fn instances() {
    let Event::InstanceConnected(connected) = event("instance.connected") else { panic!() };
    assert_eq!(connected.instance_id, "inst_4b7d");
    assert_eq!(connected.phone.as_ref().unwrap(), "5511888880001");
    assert_eq!(connected.profile_name.as_deref(), Some("Cantina Exemplo"));
    let Event::InstanceConnected(unnamed) = event("instance.connected.unnamed") else { panic!() };
    assert_eq!(unnamed.profile_name, None);

    let Event::InstanceDisconnected(gone) = event("instance.disconnected") else { panic!() };
    assert_eq!(gone.instance_id, "inst_4b7d");
    assert_eq!(gone.reason, Some(DisconnectReason::LoggedOut));
    let free = event("instance.disconnected.free_text");
    let Event::InstanceDisconnected(free) = free else { panic!() };
    assert_eq!(free.reason.unwrap(), "manutenção do servidor");

    let Event::InstanceQrUpdated(qr) = event("instance.qr_updated") else { panic!() };
    assert_eq!(qr.instance_id, "inst_4b7d");
    assert!(qr.qr_code.expose().starts_with("data:image/png;base64,"));
    assert_eq!(qr.expires_at, Some(time("2026-02-10T08:31:00Z")));
}

#[test]
fn quirk_1_the_event_is_named_by_event_and_data_type_is_the_message_type() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    let body = with(&body, &["data", "type"], Some(json!("message.sent")));
    let report = receive(&with(&body, &["type"], Some(json!("message.read"))));
    assert_eq!(report.event, "message.received");
    assert!(report.written.contains(r#""type":"message.sent""#));
    // Without `event` nothing else names it.
    let error = (SUBJECT.receive)(with(&body, &["event"], None).as_bytes()).unwrap_err();
    assert_eq!((error.reason(), error.status().as_u16()), ("no_event", 200));
}

#[test]
fn quirk_2_two_timestamps_both_text_the_inner_one_optional() {
    let happened = |fixture: &str| {
        let report = receive(&fixtures::text(&format!("enviaai/{fixture}.json")));
        report.happened_at.unwrap()
    };
    assert_eq!(happened("message.received"), "2026-02-10T14:23:44.120+00:00");
    assert_eq!(happened("message.received.concept_page"), "2026-02-10T14:23:45.678+00:00");
    assert_eq!(happened("message.sent"), "2026-02-10T14:24:01+00:00");
    assert_eq!(happened("message.delivered"), "2026-02-10T14:24:03.100+00:00");
    assert_eq!(happened("message.read.plain"), "2026-02-10T14:25:09.900+00:00");
    assert_eq!(happened("instance.qr_updated"), "2026-02-10T08:30:00+00:00");

    // A number is not a time here, in either unit.
    let body = fixtures::text("enviaai/message.received.plain.json");
    for number in [json!(1_770_733_425), json!(1_770_733_425_678_i64), json!(i64::MAX), json!(1.5)]
    {
        let report = receive(&with(&body, &["data", "timestamp"], Some(number.clone())));
        assert_eq!(report.set_aside, ["data.timestamp"], "{number}");
        let report = receive(&with(&body, &["timestamp"], Some(number.clone())));
        assert_eq!(report.set_aside, ["timestamp"], "{number}");
    }
}

#[test]
fn quirk_3_test_deliveries_lack_chat_contact_group_and_time() {
    let Event::MessageReceived(message) = event("message.received.test") else { panic!() };
    assert!(message.is_test());
    assert_eq!(message.chat_id, None);
    assert_eq!(message.contact_name, None);
    assert_eq!(message.is_group, None);
    assert_eq!(message.timestamp, None);
    assert_eq!(message.content.as_deref(), Some("Mensagem de teste"));
}

#[test]
fn quirk_4_phones_are_bare_digits() {
    let Event::MessageReceived(message) = event("message.received.plain") else { panic!() };
    assert_eq!(message.from.phone(), Some("5511999990001"));
    let Event::InstanceConnected(instance) = event("instance.connected") else { panic!() };
    assert_eq!(instance.phone.unwrap().phone(), Some("5511888880001"));
    // For a group it is not published; whatever it is, it is no phone.
    let Event::MessageReceived(message) = event("message.received.group") else { panic!() };
    assert_eq!((message.from.as_str(), message.from.phone()), ("120363000000000001@g.us", None));
    assert_eq!(message.is_group, Some(true));
}

#[test]
fn quirk_5_media_content_may_be_a_marker_empty_null_or_absent() {
    let content = |fixture: &str| match event(fixture) {
        Event::MessageReceived(message) => (message.message_type.unwrap(), message.content),
        other => panic!("{other:?}"),
    };
    let marker = content("message.received.media_marker");
    assert_eq!(marker, (MessageType::Image, Some("[Image]".into())));
    assert_eq!(content("message.received.media_null"), (MessageType::Audio, None));
    let (kind, text) = content("message.received.group");
    assert_eq!((kind.as_str(), kind.is_known(), text.as_deref()), ("sticker", false, Some("")));
}

#[test]
fn quirk_6_no_replay_window_and_six_attempts_over_seven_hours() {
    let [schedule] = EnviaAi::RETRIES else { panic!() };
    let delays: Vec<u64> = schedule.delays().map(|delay| delay.as_secs()).collect();
    assert_eq!(delays, [30, 120, 600, 3600, 21600]);
    assert_eq!(schedule.attempts(), Some(6));
    assert_eq!(schedule.timeout().unwrap().as_secs(), 5);
    assert_eq!(schedule.horizon().unwrap().as_secs(), 7 * 3600 + 12 * 60 + 30);
    assert_eq!(schedule.lease().as_secs(), 60);
    assert_eq!(schedule.retention().as_secs(), 24 * 3600);
    for status in [400, 401, 404, 413, 429, 500, 503] {
        assert!(schedule.repeats_after(http::StatusCode::from_u16(status).unwrap()));
    }
    let answer = Answer::failed(schedule);
    assert_eq!(answer.status(), 503);
    let response: http::Response<()> = answer.into();
    assert!(!response.headers().contains_key(RETRY_AFTER));

    // The same delivery years later is as authentic, and has the same key.
    let body = fixtures::text("enviaai/message.received.plain.json");
    let request = testing::enviaai(&secret(), body);
    let late = zaphook::Head::new(request.headers()).received_at(time("2033-01-01T00:00:00Z"));
    let late = receiver().receive(&late.with_body(request.body())).unwrap();
    let now = receiver().receive(&Request::from(&request)).unwrap();
    assert_eq!((late.key(), late.received_at()), (now.key(), time("2033-01-01T00:00:00Z")));
}

#[test]
fn quirk_7_qr_payloads_are_large() {
    let body = fixtures::text("enviaai/instance.qr_updated.json");
    assert!(body.len() > 12_000 && body.len() < EnviaAi::BODY_LIMIT);
    assert_eq!(receiver().body_limit(), 1024 * 1024);
    let Event::InstanceQrUpdated(qr) = event("instance.qr_updated") else { panic!() };
    assert!(qr.qr_code.expose().len() > 12_000);
    assert!(format!("{qr:?}").len() < 200);
}

#[test]
fn booleans_and_integers_are_read_as_they_come() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    for (value, flag) in [(json!(1), true), (json!("true"), true), (json!("0"), false)] {
        let report = receive(&with(&body, &["data", "isGroup"], Some(value)));
        assert!(report.set_aside.is_empty());
        assert!(report.written.contains(&format!(r#""isGroup":{flag}"#)));
    }
    let body = fixtures::text("enviaai/message.failed.json");
    for value in [json!("60"), json!(60.0)] {
        let report = receive(&with(&body, &["data", "error", "retryAfter"], Some(value)));
        assert!(report.written.contains(r#""retryAfter":60"#));
    }
}

#[test]
fn open_sets_keep_what_they_do_not_know() {
    let Event::MessageFailed(failed) = event("message.failed.plain") else { panic!() };
    let code = failed.error.unwrap().code.unwrap();
    assert_eq!((code.as_str(), code.is_known()), ("carrier_rejected", false));

    for (word, code) in [
        ("recipient_not_found", ErrorCode::RecipientNotFound),
        ("instance_disconnected", ErrorCode::InstanceDisconnected),
        ("invalid_phone_number", ErrorCode::InvalidPhoneNumber),
        ("media_too_large", ErrorCode::MediaTooLarge),
        ("unsupported_media_type", ErrorCode::UnsupportedMediaType),
        ("rate_limit_exceeded", ErrorCode::RateLimitExceeded),
        ("instance_not_found", ErrorCode::InstanceNotFound),
        ("instance_not_connected", ErrorCode::InstanceNotConnected),
    ] {
        assert_eq!((ErrorCode::from(word), code.as_str()), (code.clone(), word));
    }
    for (word, kind) in [
        ("text", MessageType::Text),
        ("image", MessageType::Image),
        ("video", MessageType::Video),
        ("audio", MessageType::Audio),
        ("document", MessageType::Document),
    ] {
        assert_eq!((MessageType::from(word), kind.as_str()), (kind.clone(), word));
    }
}

#[test]
fn a_status_supersedes_what_it_tells_more_than() {
    use MessageStatus::{Delivered, Failed, Read, Sent};

    let other = MessageStatus::from("scheduled");
    let order = [other.clone(), Sent, Failed, Delivered, Read];
    for (newer, status) in order.iter().enumerate() {
        for (older, than) in order.iter().enumerate() {
            assert_eq!(status.supersedes(than), newer > older, "{status} {than}");
        }
    }
    assert!(!other.supersedes(&MessageStatus::from("queued")));
}

#[test]
fn unknown_events_keep_their_payload() {
    let body = fixtures::text("enviaai/message.reaction.unknown.json");
    let Event::Unknown(event) = event("message.reaction.unknown") else { panic!() };
    assert_eq!(event.name(), "message.reaction");
    assert!(body.contains(event.payload().unwrap().as_str()));
    assert!(event.payload().unwrap().as_str().contains("[1.0,1e2,-0]"));
}

#[test]
fn only_the_wanted_events_are_typed() {
    let failed_only = receiver().only([zaphook::enviaai::EventName::MessageFailed]);
    for (name, body) in fixtures::all("enviaai") {
        let request = testing::enviaai(&secret(), body.as_str());
        let delivery = failed_only.receive(&Request::from(&request)).unwrap();
        let expected = match name.as_str() {
            "message.failed" | "message.failed.plain" | "message.failed.numbers" => {
                Recognition::Known
            }
            "message.reaction.unknown" => Recognition::Unknown,
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
        let stored = delivery.to_stored().parse_trusted_only::<EnviaAi>([EventName::MessageFailed]);
        assert_eq!(stored.unwrap().recognition(), expected, "{name}");
        if expected == Recognition::Skipped {
            let written = serde_json::to_string(delivery.envelope()).unwrap();
            assert_written_back(&name, &body, &written, &[]);
        }
    }
    let error = "message.recieved".parse::<EventName>().unwrap_err();
    assert_eq!(
        error.to_string(),
        r#""message.recieved" is not a documented event of this gateway"#
    );
}

#[test]
fn a_stored_delivery_of_another_gateway_is_refused_and_kept() {
    let request =
        testing::enviaai(&secret(), fixtures::text("enviaai/message.received.plain.json"));
    let delivery = receiver().receive(&Request::from(&request)).unwrap();
    let stored = serde_json::to_string(&delivery.to_stored()).unwrap();
    let other: zaphook::Stored =
        serde_json::from_str(&stored.replace(r#""enviaai""#, r#""another""#)).unwrap();
    let error = other.parse_trusted::<EnviaAi>().unwrap_err();
    assert_eq!(error.to_string(), "the stored delivery is not one of enviaai");
    assert_eq!((other.gateway(), other.body()), ("another", request.body()));
    assert_eq!(other.proof(), delivery.proof());
    let unreadable = stored.replace(r#"\"event\""#, r#"\"event"#);
    let unreadable: zaphook::Stored = serde_json::from_str(&unreadable).unwrap();
    assert!(matches!(
        unreadable.parse_trusted::<EnviaAi>(),
        Err(zaphook::StoredError::Unreadable(_))
    ));
}

#[test]
fn many_accounts_are_told_apart_before_they_are_proven() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    let request = testing::enviaai(&secret(), body.as_str());
    let request = Request::from(&request);
    assert_eq!(EnviaAi::peek(&request).account.as_deref(), Some("inst_4b7d"));

    let tenants = Tenants::<EnviaAi>::new();
    let right = EnviaAi::signed(secret());
    let wrong = EnviaAi::signed(zaphook::Secret::new("whs_another").unwrap());
    assert!(tenants.receive_for("inst_4b7d", &right, &request).is_ok());
    let refused = |account: &str, policy: &EnviaAi| {
        tenants.receive_for(account, policy, &request).unwrap_err().reason()
    };
    assert_eq!(refused("inst_4b7d", &wrong), "mismatch");
    assert_eq!(refused("inst_other", &right), "wrong_instance");
    assert!(tenants.screen(request.head()).is_ok());

    let none = |body: &str| EnviaAi::peek(&Request::new(&[("", ""); 0], body)).account;
    assert_eq!(none(""), None);
    assert_eq!(none(r#"{"data":{"instanceId":"a"},"data":{"instanceId":"b"}}"#), None);
    assert_eq!(none(r#"{"data":{"instanceId":7}}"#), None);
}

#[test]
fn management_objects() {
    let written_back = |name: &str, written: &str| {
        let body = fixtures::text(&format!("enviaai/management/{name}.json"));
        assert_written_back(name, &body, written, &[]);
    };
    let read = |name: &str| fixtures::text(&format!("enviaai/management/{name}.json"));

    let webhook: Webhook = serde_json::from_str(&read("webhook")).unwrap();
    written_back("webhook", &serde_json::to_string(&webhook).unwrap());
    assert_eq!(
        (webhook.id.as_str(), webhook.status.as_ref()),
        ("wh_31c9", Some(&WebhookStatus::Active))
    );
    assert_eq!(webhook.secret.as_ref().unwrap().expose(), "whs_0f6b1d");
    assert_eq!(webhook.events.as_ref().unwrap().len(), 3);
    assert_eq!(webhook.created_at, Some(time("2026-01-15T10:00:00Z")));
    assert_eq!(webhook.last_delivery_at, Some(time("2026-02-10T14:23:46Z")));
    assert_eq!(webhook.last_delivery_status, Some(DeliveryStatus::Success));
    assert!(!format!("{webhook:?}").contains("0f6b1d"));

    let created: WebhookCreated = serde_json::from_str(&read("webhook_created")).unwrap();
    written_back("webhook_created", &serde_json::to_string(&created).unwrap());
    assert_eq!((created.success, created.data.name.as_deref()), (Some(true), Some("CRM")));
    assert_eq!(created.data.instance_id.as_deref(), Some("inst_4b7d"));
    assert_eq!(created.data.last_delivery_at, None);

    let log: DeliveryLog = serde_json::from_str(&read("delivery_log")).unwrap();
    written_back("delivery_log", &serde_json::to_string(&log).unwrap());
    let [good, bad] = &log.data[..] else { panic!() };
    assert_eq!(
        (good.status.as_ref(), good.status_code),
        (Some(&DeliveryStatus::Success), Some(200))
    );
    assert_eq!((good.response_time, good.error.as_ref()), (Some(87), None));
    assert_eq!((bad.error.as_deref(), bad.retry_count), (Some("timeout"), Some(2)));
    assert_eq!(bad.next_retry_at, Some(time("2026-02-10T14:36:01Z")));
    let bare: DeliveryLog = serde_json::from_str(r#"{"data":[{"id":"log_3"}]}"#).unwrap();
    assert_eq!((bare.success, bare.data[0].status_code), (None, None));

    let test: TestAnswer = serde_json::from_str(&read("test_answer")).unwrap();
    written_back("test_answer", &serde_json::to_string(&test).unwrap());
    assert_eq!(
        (test.data.status, test.data.status_code),
        (Some(DeliveryStatus::Success), Some(200))
    );
    let Event::MessageReceived(message) = test.data.payload.unwrap().event else { panic!() };
    assert!(message.is_test());
}

#[test]
fn management_objects_need_little() {
    for field in [
        "name",
        "instanceId",
        "url",
        "events",
        "secret",
        "status",
        "createdAt",
        "lastDeliveryAt",
        "lastDeliveryStatus",
    ] {
        let body = fixtures::text("enviaai/management/webhook.json");
        let absent: Webhook = serde_json::from_str(&with(&body, &[field], None)).unwrap();
        let null = with(&body, &[field], Some(Value::Null));
        assert_eq!(serde_json::from_str::<Webhook>(&null).unwrap(), absent, "{field}");
    }
    assert!(serde_json::from_str::<Webhook>(r#"{"url":"x"}"#).is_err());
}

#[test]
fn ids_and_codes_may_be_numbers() {
    let failed = fixtures::text("enviaai/message.failed.numbers.json");
    let envelope: Envelope = serde_json::from_str(&failed).unwrap();
    let Event::MessageFailed(message) = &envelope.event else { panic!() };
    assert_eq!(message.message_id, "4711");
    assert_eq!(message.error.as_ref().unwrap().code.as_deref().unwrap().as_str(), "404");
    let written = serde_json::to_string(&envelope).unwrap();
    assert!(written.contains(r#""messageId":4711"#) && written.contains(r#""code":404"#));
}

#[test]
fn a_zero_time_is_none_and_the_envelopes_stands_in() {
    let report = receive(&fixtures::text("enviaai/message.read.zero_time.json"));
    let read = receive(&fixtures::text("enviaai/message.read.json"));
    assert_ne!(report.happened_at, read.happened_at);
    let timestamp = fixtures::json(&report.written)["timestamp"].as_str().unwrap().to_owned();
    let at = chrono::DateTime::parse_from_rfc3339(&report.happened_at.unwrap()).unwrap();
    assert_eq!(at, chrono::DateTime::parse_from_rfc3339(&timestamp).unwrap());
}
