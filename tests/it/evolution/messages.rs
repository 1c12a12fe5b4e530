//! Messages and what becomes of them.

use serde_json::{Value, json};
use zaphook::evolution::{
    AddressingMode, Event, Message, MessageEdited, MessageStatus, MessageUpdate, Source,
};
use zaphook::whatsapp::ProtocolKind;

use super::{envelope, event, receive, text, time};
use crate::fixtures::with;

fn message(fixture: &str) -> Box<Message> {
    match event(fixture) {
        Event::MessagesUpsert(messages) => {
            assert_eq!(messages.len(), 1, "{fixture}");
            Box::new(messages.into_iter().next().unwrap())
        }
        Event::SendMessage(message) => message,
        other => panic!("{other:?}"),
    }
}

fn update(fixture: &str) -> Box<MessageUpdate> {
    match event(fixture) {
        Event::MessagesUpdate(update) | Event::CloudMessageStatus(update) => update,
        other => panic!("{other:?}"),
    }
}

fn edited(fixture: &str) -> Box<MessageEdited> {
    match event(fixture) {
        Event::MessagesEdited(edited) | Event::SendMessageUpdate(edited) => edited,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message() {
    let message = message("messages.upsert");
    let key = &message.key;
    assert_eq!(key.id, "3EB0C0DE00112233445566");
    assert_eq!(key.remote_jid.as_ref().unwrap(), "5511999990001@s.whatsapp.net");
    assert_eq!(key.remote_jid_alt.as_ref().unwrap(), "100000000000001@lid");
    assert_eq!(key.previous_remote_jid, key.remote_jid_alt);
    assert_eq!(key.from_me, Some(false));
    assert_eq!(key.participant.as_ref().unwrap(), "5511999990002@s.whatsapp.net");
    assert_eq!(key.participant_alt.as_ref().unwrap(), "100000000000002@lid");
    assert_eq!(
        (&key.participant_lid, &key.participant_pn),
        (&key.participant_alt, &key.participant)
    );
    assert_eq!((&key.sender_lid, &key.sender_pn), (&key.remote_jid_alt, &key.remote_jid));
    assert_eq!(key.remote_lid, key.remote_jid_alt);
    assert_eq!(key.addressing_mode, Some(AddressingMode::PhoneNumber));
    assert_eq!(key.remote_jid_username.as_deref(), Some("ana.exemplo"));
    assert_eq!(key.participant_username.as_deref(), Some("bia.exemplo"));
    assert_eq!((key.server_id.as_deref(), key.deleted), (Some("117"), Some(false)));
    assert!(key.profile_pic_url.is_some());

    assert_eq!(message.push_name.as_deref(), Some("Ana Exemplo"));
    assert_eq!(message.status, Some(MessageStatus::DeliveryAck));
    assert!(message.message.is_some() && message.context_info.is_some());
    assert_eq!(message.message_type.as_deref(), Some("conversation"));
    assert_eq!(message.message_timestamp, Some(time("2026-02-10T14:23:45Z")));
    assert_eq!(message.instance_id.as_deref(), Some("6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11"));
    assert_eq!(
        (message.owner.as_deref(), &message.source),
        (Some("cantina"), &Some(Source::Android))
    );
    assert_eq!(
        (message.chatwoot_message_id, message.chatwoot_inbox_id, message.chatwoot_conversation_id),
        (Some(811), Some(3), Some(57))
    );
    let [saturday, sunday] = &message.poll_updates.as_ref().unwrap()[..] else { panic!() };
    assert_eq!(saturday.name.as_deref(), Some("Sábado"));
    assert_eq!(saturday.voters.as_ref().unwrap()[0], "5511999990001@s.whatsapp.net");
    assert!(sunday.voters.as_ref().unwrap().is_empty());
    assert_eq!(message.participant, key.participant);
    let webhook_url = message.webhook_url.as_ref().unwrap();
    assert_eq!(webhook_url.expose(), "https://hooks.example.org/status");
}

#[test]
fn the_envelope() {
    let envelope = envelope("messages.set");
    assert_eq!(envelope.name(), "messages.set");
    assert_eq!(envelope.instance.as_deref(), Some("cantina"));
    let destination = envelope.destination.as_ref().unwrap();
    assert_eq!(destination.expose(), "https://hooks.example.org/evolution");
    assert_eq!(envelope.account_jid.as_ref().unwrap(), "5511888880001@s.whatsapp.net");
    assert_eq!(envelope.server_url.as_deref(), Some("https://evolution.example.org"));
    assert_eq!(envelope.apikey.as_ref().unwrap().expose(), "429683C4C977415CAAFCCE10F7D57E11");
    assert_eq!((envelope.is_latest, envelope.progress), (Some(false), Some(62)));
    assert_eq!(envelope.api_key, None);

    let date_time = envelope.date_time.unwrap();
    assert_eq!(date_time.as_str(), "2026-02-10T11:23:45.678Z");
    assert_eq!(date_time.wall_clock().unwrap().to_string(), "2026-02-10 11:23:45.678");
    let brasilia = chrono::FixedOffset::west_opt(3 * 3600).unwrap();
    assert_eq!(date_time.at_offset(brasilia), Some(time("2026-02-10T14:23:45.678Z")));
    assert_eq!(
        format!("{date_time} {date_time:?}"),
        "2026-02-10T11:23:45.678Z \"2026-02-10T11:23:45.678Z\""
    );
}

/// `date_time` is local time wearing a `Z`: it is taken for nobody's time.
#[test]
fn the_time_of_dispatch_is_not_taken_for_an_instant() {
    let body = text("messages.upsert.plain");
    let happened = |body: &str| receive(body).happened_at;
    assert_eq!(happened(&body).unwrap(), "2026-02-10T14:23:45+00:00");
    assert_eq!(happened(&with(&body, &["data", "messageTimestamp"], None)), None);
    for odd in ["", "yesterday", "2026-02-30T00:00:00Z"] {
        let report = receive(&with(&body, &["date_time"], Some(json!(odd))));
        assert!(report.set_aside.is_empty() && report.written.contains(odd));
    }
    let Some(date_time) = envelope("messages.upsert.whatsmiau").date_time else { panic!() };
    assert_eq!(date_time.as_str(), "2026-02-10T11:23:45.678901234-03:00");
    assert_eq!(date_time.wall_clock().unwrap().to_string(), "2026-02-10 11:23:45.678901234");
}

#[test]
fn the_events_have_their_own_times() {
    for (fixture, expected) in [
        ("messages.upsert.v1_cloud", "2026-02-10T14:23:45+00:00"),
        ("messages.update", "2026-02-10T14:23:45.678+00:00"),
        ("messages.edited", "2026-02-10T14:23:45.678+00:00"),
        ("messages.edited.2_3_3", "2026-02-25T06:13:20+00:00"),
        ("send.message.update", "2026-02-10T14:23:45.678+00:00"),
        ("call", "2026-02-10T14:23:45+00:00"),
        ("status.instance", "2026-02-10T14:23:45.600+00:00"),
    ] {
        assert_eq!(receive(&text(fixture)).happened_at.as_deref(), Some(expected), "{fixture}");
    }
    for fixture in ["messages.update.2_3_7", "contacts.upsert", "error", "messages.set"] {
        assert_eq!(receive(&text(fixture)).happened_at, None, "{fixture}");
    }
}

#[test]
fn times_are_read_in_every_form() {
    let body = text("messages.upsert.plain");
    let path = ["data", "messageTimestamp"];
    for form in [json!("1770733425"), json!({"low": 1770733425, "high": 0, "unsigned": true})] {
        let report = receive(&with(&body, &path, Some(form)));
        assert_eq!(report.happened_at.as_deref(), Some("2026-02-10T14:23:45+00:00"));
        assert!(report.written.contains(r#""messageTimestamp":1770733425"#));
    }
    for odd in [json!(i64::MAX), json!(i64::MIN), json!("now"), json!("")] {
        let report = receive(&with(&body, &path, Some(odd)));
        assert_eq!(report.set_aside, ["data.messageTimestamp"]);
    }
}

#[test]
fn the_versions_of_a_message() {
    let old = message("messages.upsert.v1_8");
    assert_eq!((old.owner.as_deref(), old.instance_id, old.status), (Some("cantina"), None, None));
    let oldest = envelope("messages.upsert.v1_4");
    assert_eq!((oldest.date_time, oldest.account_jid), (None, None));
    assert!(message("messages.upsert.v1_4").message.is_some());

    assert_eq!(message("messages.upsert.context_null").context_info, None);
    assert_eq!(message("messages.upsert.no_status_2_2_0").status, None);
    let unknown = message("messages.upsert.unknown_type");
    assert_eq!((unknown.message_type.as_deref(), unknown.push_name), (Some("unknown"), None));
    assert_eq!(message("messages.upsert.key_2_4").message_type, None);

    let new = message("messages.upsert.new_words");
    assert_eq!(
        (new.status.unwrap(), new.source.unwrap()),
        (MessageStatus::from("RINGING"), Source::from("glasses"))
    );
    assert_eq!(new.key.addressing_mode.unwrap(), "username");

    let sent = message("send.message.plain");
    assert_eq!((sent.status, sent.source), (Some(MessageStatus::Pending), Some(Source::Web)));
    assert!(sent.key.is_from_me());
}

#[test]
fn the_other_channels() {
    let envelope = envelope("messages.upsert.cloud_text");
    assert_eq!(envelope.account_jid, None);
    let cloud = message("messages.upsert.cloud_text");
    assert!(cloud.key.id.starts_with("wamid."));
    assert_eq!((cloud.status, cloud.source), (None, Some(Source::Unknown)));
    // The content's name is not there.
    assert_eq!(
        message("messages.upsert.cloud_button").message_type.as_deref(),
        Some("buttonMessage")
    );
    assert!(message("messages.upsert.cloud_reply").context_info.is_some());
    let sent = message("send.message.cloud");
    assert_eq!((sent.push_name, sent.webhook_url.is_some()), (None, true));

    let own = message("messages.upsert.evolution_channel");
    assert_eq!(own.key.profile_pic_url.as_deref(), Some("https://media.example.org/p/ana.jpg"));
    assert!(message("send.message.evolution_channel").key.is_from_me());

    let imitated = message("messages.upsert.whatsmiau");
    assert_eq!((imitated.key.from_me, imitated.key.is_from_me()), (None, false));
    let body = text("messages.upsert.whatsmiau");
    assert!(body.trim_end().ends_with(r#""event":"messages.upsert"}"#));
}

#[test]
fn updates() {
    let full = update("messages.update");
    assert_eq!(full.key_id.as_deref(), Some("3EB0C0DE00112233AA2370"));
    assert_eq!(
        (full.id.as_ref(), full.message_id()),
        (full.key_id.as_ref(), full.key_id.as_deref())
    );
    assert_eq!(full.row_id.as_deref(), Some("cm8z1x2y30001abcd1234efgh"));
    assert_eq!(full.remote_jid, full.remote_lid);
    assert_eq!(full.from_me, Some(true));
    assert_eq!(full.participant.as_ref().unwrap(), "5511999990002@s.whatsapp.net");
    assert_eq!(full.status, Some(MessageStatus::Read));
    assert!(full.message.is_some());
    assert_eq!(full.poll_updates.as_ref().unwrap().len(), 1);
    assert_eq!(full.datetime, Some(time("2026-02-10T14:23:45.678Z")));
    assert!(full.instance_id.is_some());
    assert_eq!(full.owner.as_deref(), Some("cantina"));

    for (fixture, status) in [
        ("v1", Some(MessageStatus::DeliveryAck)),
        ("2_2_3", Some(MessageStatus::DeliveryAck)),
        ("2_2_3_edit", None),
        ("2_2_3_poll_vote", None),
        ("2_3_0_edit", Some(MessageStatus::Deleted)),
        ("2_3_7_edit", Some(MessageStatus::ServerAck)),
        ("device", Some(MessageStatus::Played)),
        ("cloud", Some(MessageStatus::Delivered)),
    ] {
        assert_eq!(update(&format!("messages.update.{fixture}")).status, status, "{fixture}");
    }
    assert_eq!(update("messages.update.whatsmiau").remote_lid.unwrap(), "");
    assert!(update("messages.update.2_3_7_edit").message.is_some());
    assert_eq!(update("cloud.message-status").status, Some(MessageStatus::Read));
}

/// On 2.3.7 a message and its receipts name one chat by two addresses.
#[test]
fn a_message_and_its_updates_share_their_id() {
    let upsert = event("messages.upsert.key_2_3_7");
    let receipt = event("messages.update.2_3_7");
    assert_eq!(upsert.message_id(), Some("3EB0C0DE00112233AA2370"));
    for fixture in [
        "messages.update.v1",
        "messages.update.2_2_3",
        "messages.delete.2_2_3",
        "messages.delete.2_3_7",
        "messages.delete.through_api",
        "messages.edited.2_2_3",
        "messages.edited.deletion",
    ] {
        assert_eq!(event(fixture).message_id(), upsert.message_id(), "{fixture}");
        assert_eq!(
            receive(&text(fixture)).message_key.as_deref(),
            Some("evolution/cantina/message/3EB0C0DE00112233AA2370"),
            "{fixture}"
        );
    }
    let (Event::MessagesUpsert(messages), Event::MessagesUpdate(update)) = (&upsert, &receipt)
    else {
        panic!()
    };
    assert_ne!(messages[0].key.chat(), update.chat());
    assert_eq!(receipt.message_id(), upsert.message_id());
    assert_eq!(event("messages.set").message_id(), None);
}

#[test]
fn deletions_have_the_right_id_in_every_shape() {
    for (fixture, chat, row) in [
        ("messages.delete.2_2_3", Some("5511999990001@s.whatsapp.net"), None),
        ("messages.delete.2_3_7", Some("100000000000001@lid"), None),
        ("messages.delete.group", Some("120363000000000001@g.us"), None),
        (
            "messages.delete.through_api",
            Some("5511999990001@s.whatsapp.net"),
            Some("cm8z1x2y30001abcd1234efgh"),
        ),
        // The key of a protocol message is that of the other side.
        ("messages.edited.deletion", None, None),
        ("messages.edited.deletion_2_3_3", None, None),
    ] {
        let event = event(fixture);
        let deletion = event.deletion().unwrap();
        assert_eq!(deletion.message_id, "3EB0C0DE00112233AA2370", "{fixture}");
        assert_eq!(deletion.chat.map(|jid| jid.as_str()), chat, "{fixture}");
        assert_eq!(deletion.row_id, row, "{fixture}");
    }
    for fixture in
        ["messages.edited", "messages.edited.timer", "messages.update.2_3_0_edit", "call"]
    {
        assert_eq!(event(fixture).deletion(), None, "{fixture}");
    }
    // A row whose key cannot be read does not pass its own id for the message's.
    let odd = with(&text("messages.delete.through_api"), &["data", "key"], Some(json!(7)));
    let Event::MessagesDelete(deleted) =
        zaphook::evolution::Envelope::parse_trusted(odd.as_bytes()).unwrap().event
    else {
        panic!()
    };
    assert!(deleted.is_stored_row());
    assert_eq!((deleted.message_id(), deleted.id.is_some()), (None, true));
}

#[test]
fn edits_and_what_else_comes_by_their_road() {
    let full = edited("messages.edited");
    assert_eq!(full.message_id(), Some("3EB0C0DE00112233AA2370"));
    assert!(full.is_edit() && !full.is_deletion() && full.edited_message.is_some());
    assert_eq!(full.timestamp_ms, Some(time("2026-02-10T14:23:45.678Z")));
    assert_eq!(full.ephemeral_expiration, Some(604_800));

    let by_number = edited("messages.edited.2_3_3");
    assert_eq!(by_number.kind, full.kind);
    // `low` is negative.
    assert_eq!(by_number.timestamp_ms, Some(time("2026-02-25T06:13:20Z")));

    let timer = edited("messages.edited.timer");
    assert_eq!((timer.message_id(), timer.ephemeral_expiration), (None, Some(604_800)));
    assert_eq!(**timer.kind.as_ref().unwrap(), ProtocolKind::EphemeralSetting);

    let kind = |fixture: &str| edited(fixture).kind.unwrap().into_inner();
    assert_eq!(kind("messages.edited.new_type").as_str(), Some("GROUP_SONG_CHANGE"));
    assert_eq!(kind("messages.edited.new_number").as_i64(), Some(99));
    assert!(!kind("messages.edited.new_number").is_known());
    assert!(edited("send.message.update").is_edit());
}

#[test]
fn kinds_have_their_numbers_and_names() {
    let types = [
        (0, "REVOKE"),
        (3, "EPHEMERAL_SETTING"),
        (4, "EPHEMERAL_SYNC_RESPONSE"),
        (5, "HISTORY_SYNC_NOTIFICATION"),
        (6, "APP_STATE_SYNC_KEY_SHARE"),
        (7, "APP_STATE_SYNC_KEY_REQUEST"),
        (8, "MSG_FANOUT_BACKFILL_REQUEST"),
        (9, "INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC"),
        (10, "APP_STATE_FATAL_EXCEPTION_NOTIFICATION"),
        (11, "SHARE_PHONE_NUMBER"),
        (14, "MESSAGE_EDIT"),
        (16, "PEER_DATA_OPERATION_REQUEST_MESSAGE"),
        (17, "PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE"),
        (18, "REQUEST_WELCOME_MESSAGE"),
        (19, "BOT_FEEDBACK_MESSAGE"),
        (20, "MEDIA_NOTIFY_MESSAGE"),
        (21, "CLOUD_API_THREAD_CONTROL_NOTIFICATION"),
        (22, "LID_MIGRATION_MAPPING_SYNC"),
        (23, "REMINDER_MESSAGE"),
        (24, "BOT_MEMU_ONBOARDING_MESSAGE"),
        (25, "STATUS_MENTION_MESSAGE"),
        (26, "STOP_GENERATION_MESSAGE"),
        (27, "LIMIT_SHARING"),
        (28, "AI_PSI_METADATA"),
        (29, "AI_QUERY_FANOUT"),
        (30, "GROUP_MEMBER_LABEL_CHANGE"),
    ];
    for (number, name) in types {
        let by_number = ProtocolKind::from(number);
        assert_eq!(by_number, ProtocolKind::from(name));
        assert_eq!((by_number.as_i64(), by_number.as_str()), (Some(number), Some(name)));
    }
    assert!(!ProtocolKind::from(15).is_known());
}

#[test]
fn a_status_supersedes_what_it_tells_more_than() {
    let steps: &[&[&str]] = &[
        &["WARNING", "EDITED", "SOMETHING"],
        &["PENDING"],
        &["SERVER_ACK", "SENT"],
        &["ERROR", "FAILED"],
        &["DELIVERY_ACK", "DELIVERED"],
        &["READ"],
        &["PLAYED"],
        &["DELETED"],
    ];
    let all: Vec<(usize, MessageStatus)> = steps
        .iter()
        .enumerate()
        .flat_map(|(step, words)| words.iter().map(move |word| (step, MessageStatus::from(*word))))
        .collect();
    for (newer, status) in &all {
        assert_eq!(status.is_known(), status.as_str() != "SOMETHING");
        for (older, than) in &all {
            assert_eq!(status.supersedes(than), newer > older, "{status} {than}");
        }
    }
}

#[test]
fn the_history_comes_in_parts() {
    let Event::MessagesSet(messages) = event("messages.set") else { panic!() };
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1].status, Some(MessageStatus::Error));
    let envelope = envelope("messages.set.progress_null");
    assert_eq!((envelope.is_latest, envelope.progress), (None, None));
    let Event::MessagesSet(messages) = event("messages.set.v1") else { panic!() };
    assert_eq!(messages[0].participant, messages[0].key.participant);
    let Event::MessagesSet(messages) = event("messages.set.empty") else { panic!() };
    assert!(messages.is_empty());
    // An odd element does not take the others with it.
    let odd = with(&text("messages.set"), &["data", "0", "key"], Some(Value::Null));
    assert_eq!(receive(&odd).set_aside, ["data[0]"]);
}
