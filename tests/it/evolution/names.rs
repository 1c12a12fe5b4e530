//! The names of the events in their three spellings.

use serde_json::json;
use zaphook::evolution::{Event, EventName};

use super::{receive, text};
use crate::fixtures::with;

/// Wire, configuration, and behind the URL.
const NAMES: &[(&str, &str, Option<&str>)] = &[
    ("application.startup", "APPLICATION_STARTUP", Some("application-startup")),
    ("qrcode.updated", "QRCODE_UPDATED", Some("qrcode-updated")),
    ("connection.update", "CONNECTION_UPDATE", Some("connection-update")),
    ("status.instance", "STATUS_INSTANCE", Some("status-instance")),
    ("instance.create", "INSTANCE_CREATE", Some("instance-create")),
    ("instance.delete", "INSTANCE_DELETE", Some("instance-delete")),
    ("remove.instance", "REMOVE_INSTANCE", Some("remove-instance")),
    ("logout.instance", "LOGOUT_INSTANCE", Some("logout-instance")),
    ("messages.set", "MESSAGES_SET", Some("messages-set")),
    ("messages.upsert", "MESSAGES_UPSERT", Some("messages-upsert")),
    ("messages.edited", "MESSAGES_EDITED", Some("messages-edited")),
    ("messages.update", "MESSAGES_UPDATE", Some("messages-update")),
    ("messages.delete", "MESSAGES_DELETE", Some("messages-delete")),
    ("send.message", "SEND_MESSAGE", Some("send-message")),
    ("send.message.update", "SEND_MESSAGE_UPDATE", Some("send-message-update")),
    ("contacts.set", "CONTACTS_SET", Some("contacts-set")),
    ("contacts.upsert", "CONTACTS_UPSERT", Some("contacts-upsert")),
    ("contacts.update", "CONTACTS_UPDATE", Some("contacts-update")),
    ("presence.update", "PRESENCE_UPDATE", Some("presence-update")),
    ("chats.set", "CHATS_SET", Some("chats-set")),
    ("chats.upsert", "CHATS_UPSERT", Some("chats-upsert")),
    ("chats.update", "CHATS_UPDATE", Some("chats-update")),
    ("chats.delete", "CHATS_DELETE", Some("chats-delete")),
    ("groups.upsert", "GROUPS_UPSERT", Some("groups-upsert")),
    ("groups.update", "GROUPS_UPDATE", Some("groups-update")),
    ("group-participants.update", "GROUP_PARTICIPANTS_UPDATE", Some("group-participants-update")),
    ("labels.edit", "LABELS_EDIT", Some("labels-edit")),
    ("labels.association", "LABELS_ASSOCIATION", Some("labels-association")),
    ("call", "CALL", Some("call")),
    ("typebot.start", "TYPEBOT_START", Some("typebot-start")),
    ("typebot.change-status", "TYPEBOT_CHANGE_STATUS", Some("typebot-change-status")),
    ("creds.update", "CREDS_UPDATE", None),
    ("messaging-history.set", "MESSAGING_HISTORY_SET", Some("messaging-history-set")),
    ("new.jwt", "NEW_JWT_TOKEN", None),
    ("chama-ai.action", "CHAMA_AI_ACTION", Some("chama-ai-action")),
    ("error", "ERRORS", None),
];

#[test]
fn the_table_of_names_is_the_documented_one() {
    let (named, bare) = EventName::ALL.split_at(36);
    let found: Vec<_> =
        named.iter().map(|name| (name.as_str(), name.config().unwrap(), name.path())).collect();
    assert_eq!(found, NAMES);
    // What is posted without an envelope has no name elsewhere.
    assert!(bare.iter().all(|name| name.config().is_none() && name.path().is_none()));
    let all: Vec<&str> = EventName::ALL.iter().map(|name| name.as_str()).collect();
    assert_eq!(all, Event::NAMES);
}

#[test]
fn every_spelling_is_read() {
    for name in EventName::ALL {
        let read = |text: &str| text.parse::<EventName>();
        assert_eq!(read(name.as_str()), Ok(*name));
        assert_eq!(read(&name.to_string()), Ok(*name));
        if let Some(config) = name.config() {
            assert_eq!(read(config), Ok(*name));
        }
        if let Some(path) = name.path() {
            assert_eq!(read(path), Ok(*name));
            assert_eq!(read(&format!("/{path}")), Ok(*name));
        }
    }
    for (text, name) in [
        ("GROUP_UPDATE", EventName::GroupsUpdate),
        ("NEW_TOKEN", EventName::NewJwt),
        ("ERRORS_WEBHOOK", EventName::Error),
    ] {
        assert_eq!(text.parse(), Ok(name));
    }
    for text in
        ["", "/", "messages_upsert", "Messages.Upsert", "messages.upsert ", "//call", "/new-jwt"]
    {
        let error = text.parse::<EventName>().unwrap_err();
        let expected = format!("{text:?} is not a documented event of this gateway");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn the_spelling_of_the_configuration_is_read_on_the_wire() {
    for (wire, config, _) in NAMES {
        let body = text(wire);
        let documented = receive(&body);
        let report = receive(&with(&body, &["event"], Some(json!(config))));
        assert_eq!((report.event.as_str(), report.recognition), (*config, "known"));
        // It is written back as it came, and is the same event by its key.
        let with_name = with(&documented.written, &["event"], Some(json!(config)));
        assert_eq!(crate::fixtures::json(&report.written), crate::fixtures::json(&with_name));
        if documented.key.as_ref().is_some_and(|key| !key.contains("/body/")) {
            assert_eq!(report.key, documented.key, "{wire}");
        }
    }
    let upsert = receive(&text("messages.upsert.config_spelling"));
    assert_eq!(upsert.key, receive(&text("messages.upsert.key_2_3_7")).key);
}
