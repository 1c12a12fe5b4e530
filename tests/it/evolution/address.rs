//! Whose address is whose, for every version's form of a message's key.

use serde_json::json;
use zaphook::evolution::{Event, MessageKey};
use zaphook::jid::Kind;

use super::event;

const P1: &str = "5511999990001@s.whatsapp.net";
const P2: &str = "5511999990002@s.whatsapp.net";
const L1: &str = "100000000000001@lid";
const L2: &str = "100000000000002@lid";
const GROUP: &str = "120363000000000001@g.us";

/// What is known of the addresses of a message.
#[derive(Debug, Default, PartialEq)]
struct Known<'a> {
    chat: &'a str,
    participant: Option<&'a str>,
    sender: Option<&'a str>,
    phone: Option<&'a str>,
    lid: Option<&'a str>,
    chat_phone: Option<&'a str>,
    chat_lid: Option<&'a str>,
}

macro_rules! known {
    ($message:expr) => {
        Known {
            chat: $message.chat().map_or("", |jid| jid.as_str()),
            participant: $message.participant().map(|jid| jid.as_str()),
            sender: $message.sender().map(|jid| jid.as_str()),
            phone: $message.sender_phone(),
            lid: $message.sender_lid().map(|jid| jid.as_str()),
            chat_phone: $message.chat_phone(),
            chat_lid: $message.chat_lid().map(|jid| jid.as_str()),
        }
    };
}

/// From a person, in the chat with that person.
fn one<'a>(chat: &'a str, phone: Option<&'a str>, lid: Option<&'a str>) -> Known<'a> {
    let sender = Some(chat);
    Known { chat, sender, phone, lid, chat_phone: phone, chat_lid: lid, participant: None }
}

/// From the account itself, in the chat with a person.
fn own<'a>(chat: &'a str, chat_phone: Option<&'a str>, chat_lid: Option<&'a str>) -> Known<'a> {
    Known { chat, chat_phone, chat_lid, ..Known::default() }
}

/// From a participant of something that many read.
fn of_many<'a>(
    chat: &'a str,
    participant: &'a str,
    phone: Option<&'a str>,
    lid: Option<&'a str>,
) -> Known<'a> {
    let participant = Some(participant);
    Known { chat, participant, sender: participant, phone, lid, ..Known::default() }
}

#[test]
fn every_form_of_a_key_tells_whose_addresses_it_has() {
    const PHONE1: Option<&str> = Some("5511999990001");
    const PHONE2: Option<&str> = Some("5511999990002");
    const LID1: Option<&str> = Some(L1);
    const LID2: Option<&str> = Some(L2);
    let rows = [
        ("key_2_2_3", one(P1, PHONE1, None)),
        ("key_2_2_3_lid", one(L1, None, LID1)),
        ("key_2_2_3_group", of_many(GROUP, P2, PHONE2, None)),
        ("key_2_2_3_from_me", own(P1, PHONE1, None)),
        ("key_2_3_0", one(L1, PHONE1, LID1)),
        ("key_2_3_0_phone", one(P1, PHONE1, LID1)),
        ("key_2_3_0_group", of_many(GROUP, L2, PHONE2, LID2)),
        ("key_2_3_0_group_phone", of_many(GROUP, P2, PHONE2, LID2)),
        ("key_2_3_1", one(P1, PHONE1, LID1)),
        ("key_2_3_1_group", of_many(GROUP, L2, PHONE2, LID2)),
        ("key_2_3_3", one(P1, PHONE1, None)),
        ("key_2_3_3_group", of_many(GROUP, L2, PHONE2, LID2)),
        ("key_2_3_5", one(L1, PHONE1, LID1)),
        ("key_2_3_5_no_alt", one(L1, None, LID1)),
        ("key_2_3_5_group", of_many(GROUP, L2, PHONE2, LID2)),
        ("key_2_3_5_from_me", own(L1, PHONE1, LID1)),
        ("key_2_3_7", one(P1, PHONE1, None)),
        ("key_2_3_7_group", of_many(GROUP, L2, PHONE2, LID2)),
        ("key_2_4", one(P1, PHONE1, LID1)),
        ("key_2_4_cut", one("5511999990001", PHONE1, LID1)),
        // The bare digits of a LID look like a phone number.
        ("key_2_4_group_cut", of_many(GROUP, "100000000000002", PHONE2, None)),
        ("key_usernames", one(L1, None, LID1)),
        ("key_status_post", of_many("status@broadcast", L2, PHONE2, LID2)),
        ("key_broadcast_list", of_many("1610000000@broadcast", P2, PHONE2, None)),
        ("key_newsletter", one("120363000000000002@newsletter", None, None)),
        ("key_device", one("5511999990001:75@s.whatsapp.net", PHONE1, None)),
        (
            "key_hosted",
            one("100000000000001:99@hosted.lid", PHONE1, Some("100000000000001:99@hosted.lid")),
        ),
        (
            "key_old_group",
            of_many(
                "5511999990001-1600000000@g.us",
                "5511888880001@s.whatsapp.net",
                Some("5511888880001"),
                None,
            ),
        ),
        ("v1_8", one(P1, PHONE1, None)),
        ("cloud_text", one(P1, PHONE1, None)),
        ("evolution_channel", one("5511999990001", PHONE1, None)),
        ("whatsmiau", one(P1, PHONE1, LID1)),
    ];
    for (fixture, expected) in rows {
        let Event::MessagesUpsert(messages) = event(&format!("messages.upsert.{fixture}")) else {
            panic!("{fixture}")
        };
        assert_eq!(known!(messages[0].key), expected, "{fixture}");
    }
}

#[test]
fn updates_and_deletions_tell_whose_addresses_they_have() {
    let update = |fixture: &str| match event(&format!("messages.update.{fixture}")) {
        Event::MessagesUpdate(update) => update,
        other => panic!("{other:?}"),
    };
    // Up to 2.3.4 the participant is the chat once more.
    for (fixture, chat) in
        [("2_2_3", P1), ("2_3_0", L1), ("2_3_5", L1), ("2_3_7", L1), ("cloud", P1)]
    {
        let update = update(fixture);
        assert_eq!((update.chat().unwrap().as_str(), update.participant()), (chat, None));
        if update.is_from_me() {
            assert_eq!(update.sender(), None, "{fixture}");
        }
    }
    let group = update("2_3_5_group");
    assert_eq!(
        known!(group),
        Known {
            chat: GROUP,
            participant: Some(L2),
            sender: Some(L2),
            lid: Some(L2),
            ..Known::default()
        }
    );
    assert_eq!(update("v1_group").participant().unwrap(), P2);
    let device = update("device");
    assert_eq!(device.chat_phone(), Some("5511999990001"));
    assert!(device.chat().unwrap().same_user(&zaphook::Jid::from_wire(P1)));
    assert_eq!(update("whatsmiau").chat_lid(), None);

    let deleted = |fixture: &str| match event(&format!("messages.delete.{fixture}")) {
        Event::MessagesDelete(deleted) => deleted,
        other => panic!("{other:?}"),
    };
    let phone = Some("5511999990001");
    assert_eq!(known!(deleted("2_2_3")), one(P1, phone, None));
    assert_eq!(known!(deleted("2_3_5")), one(L1, phone, Some(L1)));
    assert_eq!(known!(deleted("2_3_7")), one(L1, phone, Some(L1)));
    assert_eq!(known!(deleted("group")), of_many(GROUP, L2, Some("5511999990002"), Some(L2)));
    assert_eq!(known!(deleted("through_api")), own(P1, phone, None));
}

/// Of two fields that both have it, the phone number is taken from the one
/// that says that it is one.
#[test]
fn a_phone_number_is_looked_for_where_it_is_certain_first() {
    let key = |value| serde_json::from_value::<MessageKey>(value).unwrap();
    let both = json!({"id": "a", "remoteJid": "551199999", "senderPn": P1});
    assert_eq!(key(both).sender_phone(), Some("5511999990001"));
    let bare = json!({"id": "a", "remoteJid": "100000000000001", "addressingMode": "lid"});
    assert_eq!(key(bare).sender_phone(), None);
    let bare = json!({"id": "a", "remoteJid": "5511999990001"});
    assert_eq!(key(bare.clone()).sender_phone(), Some("5511999990001"));
    assert_eq!(key(bare).chat().unwrap().kind(), Kind::Phone);
    let c_us = json!({"id": "a", "remoteJid": "5511999990001@c.us"});
    assert_eq!(key(c_us).sender_phone(), Some("5511999990001"));

    // The order of the documentation: the address itself, then the others.
    let order = json!({"id": "a", "remoteJid": GROUP, "participant": L2, "participantAlt": P1,
        "participantPn": P2, "participantLid": L1});
    assert_eq!(key(order.clone()).sender_phone(), Some("5511999990001"));
    assert_eq!(key(order).sender_lid().unwrap(), L2);
}

#[test]
fn what_is_not_there_is_not_made_up() {
    let key = |value| serde_json::from_value::<MessageKey>(value).unwrap();
    let bare = key(json!({"id": "a"}));
    assert_eq!(known!(bare), Known::default());
    assert!(!bare.is_from_me());
    let empty = key(json!({"id": "a", "remoteJid": "", "participant": "", "remoteLid": ""}));
    assert_eq!(known!(empty), Known::default());
    // The other address of a group's chat, and what stands beside an own
    // message, are not the sender's.
    let group = key(json!({"id": "a", "remoteJid": GROUP, "remoteJidAlt": P1, "senderPn": P1}));
    assert_eq!(known!(group), Known { chat: GROUP, ..Known::default() });
    let own = key(json!({"id": "a", "remoteJid": L1, "remoteJidAlt": P1, "fromMe": true}));
    assert_eq!((own.sender_phone(), own.sender_lid()), (None, None));
    let posted = key(json!({"id": "a", "remoteJid": "status@broadcast", "remoteJidAlt": P1}));
    assert_eq!((posted.sender(), posted.sender_phone()), (None, Some("5511999990001")));
}
