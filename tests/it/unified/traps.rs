//! Where gateways mislead, and what is made of it. The numbers are those of the
//! list that they come from.

use std::time::Duration;

use serde_json::{Value, json};
use zaphook::unified::{
    AddressKind, Album, CallState, Channel, ChatChange, ChatKind, ChoiceKind, CloseReason,
    ConnectionState, GroupChange, Happening, How, LabelChange, MessageKind, OtherWhy, PairingStep,
    PresenceState, ReactionChange, Scope, Selected, Status, Word, Writer,
};
use zaphook::{AnyDelivery, Key};

use super::bodies::*;
use super::{delivery, form};

/// The only happening of a body.
fn one<T>(gateway: &str, body: &str, ask: impl FnOnce(Happening<'_>) -> T) -> T {
    let delivery = delivery(gateway, body);
    let mut all = delivery.unified().happenings();
    let first = all.next().unwrap_or_else(|| panic!("{body}"));
    assert!(all.next().is_none(), "{body}");
    ask(first)
}

macro_rules! ask {
    ($gateway:expr, $body:expr, $Kind:ident, |$name:ident| $ask:expr) => {
        one($gateway, &$body, |happening| match happening {
            #[allow(unused_mut, reason = "some iterate")]
            Happening::$Kind(mut $name) => $ask,
            other => panic!("{other:?}"),
        })
    };
}

fn happening_key(gateway: &str, body: &str) -> Option<Key> {
    one(gateway, body, |happening| happening.key())
}

fn text(content: &str) -> Value {
    json!({"conversation": content})
}

#[test]
fn t1_the_digits_of_a_lid_are_no_phone_number() {
    let body = upsert(key(json!({"remoteJid": lid(ANA_LID)})), text("hi"));
    ask!("evolution", body, Message, |message| {
        let sender = message.sender().unwrap();
        assert_eq!((sender.phone(), sender.kind()), (None, AddressKind::Lid));
    });
}

#[test]
fn t2_and_t3_servers_that_replace_addresses() {
    // 2.3.7: the message by phone number, its receipt by LID.
    let message =
        upsert(key(json!({"remoteJidAlt": pn(ANA), "addressingMode": "lid"})), text("hi"));
    let receipt = evolution(
        "messages.update",
        json!({"keyId": M1, "remoteJid": lid(ANA_LID),
        "fromMe": true, "status": "READ"}),
    );
    let (message, receipt) = (delivery("evolution", &message), delivery("evolution", &receipt));
    assert_eq!(message.message_key(), receipt.message_key());
    let (message, receipt) =
        (message.unified().first().unwrap(), receipt.unified().first().unwrap());
    assert_eq!(message.message(), receipt.message());
    let (one, other) = (message.chat().unwrap(), receipt.chat().unwrap());
    assert_eq!((one.phone().as_deref(), one.lid()), (Some(ANA), None));
    assert_eq!(
        (other.phone(), other.lid().map(|lid| lid.as_str().to_owned())),
        (None, Some(lid(ANA_LID)))
    );
    assert!(!one.same(&other));
    // 2.3.1 keeps the one that it replaced.
    let body = upsert(key(json!({"previousRemoteJid": lid(ANA_LID)})), text("hi"));
    ask!("evolution", body, Message, |message| {
        let chat = message.chat().unwrap();
        assert_eq!(chat.phone().as_deref(), Some(ANA));
        assert_eq!(chat.lid().unwrap(), lid(ANA_LID).as_str());
    });
}

#[test]
fn t4_device_data_in_the_place_of_a_context() {
    let body = upsert_with(
        key(json!({"remoteJidAlt": lid(ANA_LID)})),
        text("hi"),
        json!({"contextInfo": {"deviceListMetadata": {}, "messageSecret": "AAAA"}}),
    );
    ask!("evolution", body, Message, |message| {
        assert_eq!(message.chat().unwrap().lid().unwrap(), lid(ANA_LID).as_str());
        assert!(message.reply_to().is_none() && message.ad().is_none());
        assert!(message.mentions().next().is_none());
    });
}

#[test]
fn t5_bare_digits_beside_lids() {
    let body = upsert(key(json!({"remoteJid": ANA_LID, "addressingMode": "lid"})), text("hi"));
    ask!("evolution", body, Message, |message| assert_eq!(message.chat().unwrap().phone(), None));
    let body = upsert(key(json!({"remoteJid": ANA})), text("hi"));
    ask!("evolution", body, Message, |message| {
        assert_eq!(message.chat().unwrap().phone().as_deref(), Some(ANA));
    });
}

#[test]
fn t6_participants_that_are_nobody_or_the_chat() {
    for participant in ["", &pn(ANA)] {
        let body = upsert(key(json!({"participant": participant})), text("hi"));
        ask!("evolution", body, Message, |message| {
            assert_eq!(message.sender().unwrap().as_sent(), pn(ANA));
        });
    }
}

#[test]
fn t7_and_t9_numbers_in_two_writings_and_devices() {
    let chat = |phone: &str| upsert(key(json!({"remoteJid": pn(phone)})), text("hi"));
    for (one, other, same) in [
        ("5511999990001", "551199990001", true),
        ("5215555550001", "525555550001", true),
        ("5491155550001", "541155550001", true),
        ("5511999990001", "5511999990002", false),
    ] {
        let [a, b] = [one, other].map(|phone| delivery("evolution", &chat(phone)));
        let [a, b] = [&a, &b].map(|of| of.unified().first().unwrap().chat().unwrap());
        assert_eq!(a.same(&b), same, "{one} {other}");
        assert_eq!(
            (a.phone().unwrap().into_owned(), b.phone().unwrap().into_owned()),
            (one.to_owned(), other.to_owned())
        );
    }
    let body = go_message(info(json!({"Sender": format!("{ANA}:12@s.whatsapp.net")})), text("hi"));
    ask!("evolution", body, Message, |message| {
        let (sender, chat) = (message.sender().unwrap(), message.chat().unwrap());
        assert_eq!(sender.as_sent(), format!("{ANA}:12@s.whatsapp.net"));
        assert_eq!(sender.phone().as_deref(), Some(ANA));
        assert!(sender.same(&chat));
    });
}

#[test]
fn t8_on_many_channels_only_a_plus_makes_a_phone_number() {
    for (from, phone, kind) in [
        (format!("+{ANA}"), Some(ANA), AddressKind::Person),
        ("123456789".to_owned(), None, AddressKind::Opaque),
        ("BR.1029384756".to_owned(), None, AddressKind::BusinessScoped),
        ("ana@example.org".to_owned(), None, AddressKind::Email),
        ("@ana".to_owned(), None, AddressKind::Opaque),
    ] {
        ask!(
            "zavu",
            zavu_message(json!({"from": from, "channel": "telegram"})),
            Message,
            |message| {
                let sender = message.sender().unwrap();
                assert_eq!((sender.phone().as_deref(), sender.kind()), (phone, kind), "{from}");
                assert_eq!(message.channel(), Channel::Other(Word::Text("telegram")));
                assert!(!message.channel().is_whatsapp());
            }
        );
    }
}

#[test]
fn t10_the_account_by_a_word() {
    let body = waha(
        "GOWS",
        "poll.vote",
        json!({"vote": {"id": id(true, GROUP, ACT), "from": "me",
        "to": GROUP, "fromMe": true, "participant": "me", "selectedOptions": ["a"]},
        "poll": {"id": id(false, GROUP, M1)}}),
    );
    ask!("wawp", body, PollVote, |vote| {
        assert!(vote.from_me && vote.voter.is_none());
        assert_eq!(vote.chat.unwrap().as_sent(), GROUP);
    });
    let found = delivery("wawp", &body);
    assert_eq!(found.unified().own().unwrap().phone().as_deref(), Some(WE));
}

#[test]
fn t11_and_t43_the_account_is_never_the_author() {
    let body = upsert(key(json!({"id": M2, "fromMe": true})), text("hi"));
    let own = delivery("evolution", &body);
    assert_eq!(own.unified().own().unwrap().as_sent(), pn(WE));
    ask!("evolution", body, Message, |message| {
        assert!(message.is_from_me() && message.sender().is_none());
        assert!(message.sender_name().is_none() && !message.is_incoming());
    });
}

#[test]
fn t12_from_and_to_by_engine() {
    let body = waha_message(
        "GOWS",
        json!({"from": GROUP, "to": c_us(ANA),
        "participant": c_us(ANA), "id": id(false, GROUP, M1)}),
    );
    ask!("wawp", body, Message, |message| {
        assert_eq!(message.chat().unwrap().as_sent(), GROUP);
        assert_eq!(message.sender().unwrap().as_sent(), c_us(ANA));
    });
    let body = waha(
        "NOWEB",
        "message.any",
        json!({"id": id(true, &c_us(ANA), M2),
        "from": c_us(ANA), "fromMe": true, "body": "hi"}),
    );
    ask!("wawp", body, Message, |message| {
        assert_eq!(message.chat().unwrap().as_sent(), c_us(ANA));
        assert!(message.sender().is_none());
    });
}

#[test]
fn t13_and_t45_a_group_without_an_author_and_a_test() {
    let group = enviaai_message(json!({"isGroup": true, "from": GROUP, "content": "oi"}));
    ask!("enviaai", group, Message, |message| {
        assert!(message.sender().is_none());
        assert_eq!(message.chat_kind(), Some(ChatKind::Group));
    });
    let test = enviaai_message(json!({"test": true, "chatId": null, "isGroup": null,
        "timestamp": null, "content": "oi"}));
    ask!("enviaai", test, Message, |message| {
        assert_eq!((message.chat_kind(), message.at()), (None, None));
        assert!(message.is_test() && !message.is_incoming() && message.chat().is_none());
    });
}

#[test]
fn t14_one_message_under_two_addresses() {
    let keys = [c_us(ANA), lid(ANA_LID)].map(|from| {
        let body = waha_message("GOWS", json!({"id": id(false, &from, M1), "from": from}));
        happening_key("wawp", &body).unwrap()
    });
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn t15_twins_by_name_are_both_told() {
    let close = [
        evolution("connection.update", json!({"state": "close", "statusReason": 401})),
        evolution("status.instance", json!({"status": "closed", "disconnectionReasonCode": 401})),
        json!({"event": "logout.instance", "instance": "cantina", "data": null}).to_string(),
    ];
    for body in close {
        ask!("evolution", body, Connection, |connection| {
            assert_eq!(connection.state, ConnectionState::Closed);
            assert!(connection.logged_out);
        });
        assert_eq!(happening_key("evolution", &body), None);
    }
}

#[test]
fn t16_a_new_conversation_is_no_message() {
    let body = zavu(
        "conversation.new",
        json!({"phoneNumber": format!("+{ANA}"),
        "firstMessageId": M1, "firstMessageText": "hi"}),
    );
    ask!("zavu", body, Chat, |chat| {
        assert_eq!((chat.change, chat.first_text), (ChatChange::New, Some("hi")));
        assert_eq!(chat.first_message.unwrap().id, M1);
    });
}

#[test]
fn t17_a_placeholder_does_not_hide_the_message() {
    let message = json!({"id": id(false, &c_us(ANA), M1), "from": c_us(ANA), "fromMe": false});
    let waiting = waha("GOWS", "message.waiting", message.clone());
    let real = waha("GOWS", "message", with(message, json!({"body": "hi"})));
    let cipher = eazewa_message(json!({"type": "ciphertext"}));
    for (gateway, placeholder, real) in [
        ("wawp", waiting, real),
        ("eazewa", cipher, eazewa_message(json!({"body": "hi"}))),
        (
            "evolution",
            go_message_with(
                info(json!({})),
                Value::Null,
                json!({"IsUnavailable": true, "UnavailableType": "view_once"}),
            ),
            go_message(info(json!({})), text("hi")),
        ),
    ] {
        ask!(gateway, placeholder, Message, |message| {
            assert_eq!(message.kind(), MessageKind::Undecrypted);
            assert!(!message.is_content());
        });
        assert_ne!(happening_key(gateway, &placeholder), happening_key(gateway, &real));
    }
}

#[test]
fn t18_a_note_to_oneself_is_one_message() {
    let [out, back] = ["out", "in"].map(|way| {
        let id = format!("true_{}_{M2}_{way}", c_us(WE));
        eazewa("message_create", json!({"message": web_own(json!({"id": id, "to": c_us(WE)}))}))
    });
    assert_eq!(happening_key("eazewa", &out), happening_key("eazewa", &back));
    ask!("eazewa", out, Message, |message| assert!(message.is_from_me()));
}

#[test]
fn t19_a_word_without_a_number_supersedes_nothing() {
    let body = waha(
        "WEBJS",
        "message.ack",
        json!({"id": id(true, &c_us(ANA), M2),
        "ackName": "UNKNOWN"}),
    );
    ask!("wawp", body, Receipt, |receipt| {
        assert_eq!(receipt.status, Status::Other(Word::Text("UNKNOWN")));
        assert!(!receipt.status.supersedes(&Status::Held));
    });
}

#[test]
fn t20_a_failure_is_not_final_at_any_gateway() {
    use zaphook::{eazewa, enviaai, evolution, wawp, zavu};
    assert!(eazewa::Ack::Device.supersedes(&eazewa::Ack::Error));
    assert!(eazewa::Ack::Error.supersedes(&eazewa::Ack::Server));
    assert!(wawp::Ack::Device.supersedes(&wawp::Ack::Error));
    assert!(wawp::Ack::Error.supersedes(&wawp::Ack::Server));
    assert!(enviaai::MessageStatus::Delivered.supersedes(&enviaai::MessageStatus::Failed));
    assert!(enviaai::MessageStatus::Failed.supersedes(&enviaai::MessageStatus::Sent));
    assert!(evolution::MessageStatus::Delivered.supersedes(&evolution::MessageStatus::Failed));
    assert!(evolution::MessageStatus::Error.supersedes(&evolution::MessageStatus::ServerAck));
    assert!(zavu::MessageStatus::Delivered.supersedes(&zavu::MessageStatus::Failed));
    assert!(zavu::MessageStatus::Failed.supersedes(&zavu::MessageStatus::Sent));
    let order = [
        Status::Other(Word::Number(7)),
        Status::Held,
        Status::Queued,
        Status::Pending,
        Status::Sent,
        Status::Failed,
        Status::Delivered,
        Status::Read,
        Status::Played,
    ];
    for (newer, status) in order.iter().enumerate() {
        for (older, than) in order.iter().enumerate() {
            assert_eq!(status.supersedes(than), newer > older, "{status} {than}");
        }
    }
}

#[test]
fn t21_receipts_of_what_others_wrote_and_of_several_messages() {
    let receipt = |kind: &str, more: Value| {
        go(
            "Receipt",
            with(
                json!({"Chat": pn(ANA),
        "Sender": format!("{ANA}:3@s.whatsapp.net"), "MessageIDs": [M2], "Type": kind}),
                more,
            ),
        )
    };
    ask!("evolution", receipt("read-self", json!({"IsFromMe": true})), Receipt, |receipt| {
        assert_eq!(
            (receipt.target_from_me, receipt.by_me, receipt.status),
            (Some(false), true, Status::Read)
        );
    });
    for kind in ["sender", "retry", "inactive", "server-error"] {
        ask!("evolution", receipt(kind, json!({})), Receipt, |receipt| {
            assert_eq!(receipt.status, Status::Other(Word::Text(kind)));
        });
    }
    for kind in ["peer_msg", "hist_sync"] {
        ask!("evolution", receipt(kind, json!({})), Other, |other| {
            assert_eq!(other.why, OtherWhy::Internal);
        });
    }
    // Each linked device says so.
    let other = json!({"Sender": format!("{ANA}:9@s.whatsapp.net")});
    assert_eq!(
        happening_key("evolution", &receipt("read", json!({}))),
        happening_key("evolution", &receipt("read", other))
    );
    let several = delivery("evolution", &receipt("read", json!({"MessageIDs": ["B", "A"]})));
    let ids: Vec<_> =
        several.unified().happenings().map(|one| one.message().unwrap().id.to_owned()).collect();
    assert_eq!(ids, ["B", "A"]);
    // WEBJS denies own messages in groups; the id knows.
    let body = waha(
        "WEBJS",
        "message.ack.group",
        json!({"id": id(true, GROUP, M2), "from": GROUP,
        "participant": c_us(ANA), "fromMe": false, "ack": 3}),
    );
    ask!("wawp", body, Receipt, |receipt| assert_eq!(receipt.target_from_me, Some(true)));
}

#[test]
fn t21a_a_repeated_level_changes_nothing() {
    let body = evolution(
        "messages.update",
        json!({"keyId": M1, "remoteJid": pn(ANA),
        "fromMe": true, "status": "DELIVERY_ACK"}),
    );
    ask!("evolution", body, Receipt, |receipt| {
        assert!(!receipt.status.supersedes(&Status::Read));
        assert!(!receipt.status.supersedes(&Status::Delivered));
    });
}

#[test]
fn t22_and_t23_an_edit_in_any_wrapping_names_the_original() {
    let inner = json!({"protocolMessage": {"key": {"id": M1, "fromMe": true, "remoteJid": pn(WE)},
        "type": "MESSAGE_EDIT", "editedMessage": {"extendedTextMessage": {"text": "novo"}}}});
    for body in [
        evolution(
            "messages.edited",
            json!({"key": {"id": M1, "fromMe": true, "remoteJid": pn(WE)},
            "type": 14, "editedMessage": {"conversation": "novo"}}),
        ),
        evolution(
            "messages.update",
            json!({"keyId": M1, "remoteJid": pn(ANA),
            "status": "SERVER_ACK", "message": {"conversation": "novo"}}),
        ),
        upsert(key(json!({"id": ACT})), inner.clone()),
        upsert(key(json!({"id": ACT})), json!({"editedMessage": {"message": inner}})),
        go_message(
            info(json!({"ID": ACT, "Edit": "1"})),
            json!({"protocolMessage": {"key":
            {"ID": M1}, "type": 14, "editedMessage": {"conversation": "novo"}}}),
        ),
    ] {
        ask!("evolution", body, Edit, |edit| {
            assert_eq!((edit.target.id, edit.text.as_deref()), (M1, Some("novo")), "{body}");
            assert!(edit.chat.is_none_or(|chat| chat.phone().as_deref() == Some(ANA)));
        });
    }
}

#[test]
fn t24_a_word_for_two_things_is_neither() {
    let body = evolution(
        "messages.update",
        json!({"keyId": M1, "remoteJid": pn(ANA),
        "status": "DELETED"}),
    );
    ask!("evolution", body, Other, |other| {
        assert_eq!((other.word, other.message.unwrap().id), (Some(Word::Text("DELETED")), M1));
    });
}

#[test]
fn t25_an_edit_that_is_encrypted() {
    let secret = json!({"secretEncryptedMessage": {"targetMessageKey": {"id": M1},
        "secretEncType": "EVENT_EDIT"}});
    ask!("evolution", upsert(key(json!({"id": ACT})), secret), Edit, |edit| {
        assert!(edit.unreadable && edit.text.is_none());
    });
    let body = waha(
        "NOWEB",
        "message.edited",
        json!({"id": id(false, &c_us(ANA), ACT),
        "editedMessageId": M1, "body": ""}),
    );
    ask!("wawp", body, Edit, |edit| assert_eq!((edit.text, edit.unreadable), (None, false)));
    ask!("wawp", waha_message("NOWEB", json!({"body": null})), Message, |message| {
        assert_eq!(message.kind(), MessageKind::Unsupported);
        assert!(!message.is_content());
    });
}

#[test]
fn t25a_the_better_copy_of_a_photo_replaces_the_first() {
    let body = upsert(
        key(json!({"id": ACT})),
        json!({"associatedChildMessage": {"message":
        {"imageMessage": {"mimetype": "image/jpeg"}, "messageContextInfo": {"messageAssociation":
        {"associationType": "HD_IMAGE_DUAL_UPLOAD", "parentMessageKey": {"id": M1}}}}}}),
    );
    ask!("evolution", body, Message, |message| {
        assert_eq!(message.replaces().unwrap().id, M1);
        assert_eq!(message.kind(), MessageKind::Image);
    });
}

#[test]
fn t26_a_deletion_has_an_id_of_its_own() {
    let body = |revoked: Value| {
        waha(
            "WEBJS",
            "message.revoked",
            json!({"after":
        {"id": id(false, &c_us(ANA), ACT), "from": c_us(ANA)}, "before":
        {"id": id(false, &c_us(ANA), ACT), "from": c_us(ANA), "body": "antes"},
        "revokedMessageId": revoked}),
        )
    };
    ask!("wawp", body(json!(M1)), Delete, |delete| {
        assert_eq!(delete.target.unwrap().id, M1);
        assert_eq!(delete.previous.as_deref(), Some("antes"));
    });
    ask!("wawp", body(Value::Null), Delete, |delete| assert!(delete.target.is_none()));
}

#[test]
fn t27_a_stored_row_has_another_id() {
    let row = |key: Value| {
        evolution(
            "messages.delete",
            json!({"id": "row-1", "key": key,
        "messageType": "conversation", "status": "DELETED", "message": {"conversation": "oi"}}),
        )
    };
    ask!("evolution", row(key(json!({}))), Delete, |delete| {
        assert_eq!((delete.target.unwrap().id, delete.previous.as_deref()), (M1, Some("oi")));
    });
    ask!("evolution", row(Value::Null), Delete, |delete| assert!(delete.target.is_none()));
}

#[test]
fn t28_a_deletion_that_comes_as_a_message() {
    let revoked = |key: Value| {
        eazewa_message(json!({"type": "revoked", "protocolMessageKey": key,
        "id": id(false, &c_us(ANA), ACT)}))
    };
    ask!("eazewa", revoked(json!(id(false, &c_us(ANA), M1))), Delete, |delete| {
        assert_eq!(delete.target.unwrap().id, M1);
        assert_eq!(delete.scope, Scope::ForEveryone);
    });
    ask!("eazewa", revoked(Value::Null), Message, |message| {
        assert_eq!(message.kind(), MessageKind::Unsupported);
    });
}

#[test]
fn t29_a_reaction_that_is_taken_back_is_no_empty_emoji() {
    for text in [json!(""), Value::Null] {
        let body = waha(
            "GOWS",
            "message.reaction",
            json!({"from": c_us(ANA), "fromMe": false,
            "reaction": {"text": text, "messageId": id(true, &c_us(ANA), M2)}}),
        );
        ask!("wawp", body, Reaction, |reaction| {
            assert_eq!(reaction.change, ReactionChange::Removed);
        });
    }
    let encrypted = json!({"encReactionMessage": {"targetMessageKey": {"id": M2}}});
    ask!("evolution", upsert(key(json!({"id": ACT})), encrypted), Reaction, |reaction| {
        assert_eq!(reaction.change, ReactionChange::Unreadable);
    });
}

#[test]
fn t30_a_vote_withdrawn_and_one_that_cannot_be_read() {
    let vote = |vote: Value, more: Value| {
        upsert_with(
            key(json!({"id": ACT})),
            json!({"pollUpdateMessage": {"pollCreationMessageKey": {"id": M2}, "vote": vote}}),
            more,
        )
    };
    let is_withdrawn = |body: &str| {
        ask!("evolution", body, PollVote, |vote| match vote.selected {
            Selected::Options(mut options) => options.next().is_none(),
            _ => false,
        })
    };
    let is_unreadable = |body: &str| {
        ask!("evolution", body, PollVote, |vote| { matches!(vote.selected, Selected::Unreadable) })
    };
    assert!(is_withdrawn(&vote(json!({"selectedOptions": []}), json!({}))));
    assert!(is_unreadable(&vote(json!({"encPayload": "AAAA"}), json!({}))));
    // Written as one for nothing, beside answers that nobody chose: it may have been
    // one that the server could not decrypt.
    let doubtful = json!({"pollUpdates": [{"name": "Sábado", "voters": []}]});
    assert!(is_unreadable(&vote(json!({"selectedOptions": []}), doubtful)));
}

#[test]
fn t31_the_voters_beside_a_vote_do_not_decide() {
    let body = upsert_with(
        key(json!({"id": ACT, "remoteJid": GROUP, "participant": pn(BIA)})),
        json!({"pollUpdateMessage": {"pollCreationMessageKey": {"id": M2},
        "vote": {"selectedOptions": ["Sábado"]}}}),
        json!({"pollUpdates": [{"name": "Sábado", "voters": [lid(BIA_LID)]},
        {"name": "Domingo", "voters": []}]}),
    );
    ask!("evolution", body, PollVote, |vote| {
        assert_eq!(vote.voter.unwrap().phone().as_deref(), Some(BIA));
        let Selected::Options(options) = vote.selected else { panic!() };
        assert_eq!(options.collect::<Vec<_>>(), ["Sábado"]);
    });
    let old = evolution(
        "messages.update",
        json!({"keyId": M2, "remoteJid": GROUP, "pollUpdates": [
        {"name": "Sábado", "voters": [pn(ANA), pn(BIA)]}, {"name": "Domingo", "voters": [pn(BIA)]}]}),
    );
    let old = delivery("evolution", &old);
    let votes: Vec<(String, Vec<&str>)> = old
        .unified()
        .happenings()
        .map(|one| match one {
            Happening::PollVote(vote) => match vote.selected {
                Selected::Options(options) => {
                    (vote.voter.unwrap().as_sent().to_owned(), options.collect())
                }
                _ => panic!(),
            },
            _ => panic!(),
        })
        .collect();
    assert_eq!(votes, [(pn(ANA), vec!["Sábado"]), (pn(BIA), vec!["Sábado", "Domingo"])]);
}

#[test]
fn t32_a_vote_in_a_poll_that_is_not_known() {
    let body = eazewa(
        "vote_update",
        json!({"vote": {"voter": c_us(BIA), "parentMessage": {},
        "selectedOptions": [{"localId": 0}, {"name": "Domingo"}]}}),
    );
    ask!("eazewa", body, PollVote, |vote| {
        assert!(vote.poll.is_none());
        let Selected::Options(options) = vote.selected else { panic!() };
        assert_eq!((options.unnamed(), options.collect::<Vec<_>>()), (1, vec!["Domingo"]));
    });
}

#[test]
fn t33_to_t35_a_tap_is_no_text() {
    ask!(
        "zavu",
        zavu_message(json!({"messageType": "buttons", "text": "Ok"})),
        Message,
        |message| {
            assert_eq!(message.kind(), MessageKind::ButtonReply);
            let choice = message.choice().unwrap();
            assert_eq!(
                (choice.of, choice.id.as_deref(), choice.title),
                (ChoiceKind::Button, None, Some("Ok"))
            );
        }
    );
    let plain = waha_message("GOWS", json!({"body": "Ok"}));
    ask!("wawp", plain, Message, |message| assert!(message.choice().is_none()));
    let flow = json!({"interactiveResponseMessage": {"body": {"text": "20h"},
        "nativeFlowResponseMessage": {"name": "flow", "paramsJson": "{\"id\":\"h20\"}"}}});
    ask!("evolution", upsert(key(json!({})), flow), Message, |message| {
        let choice = message.choice().unwrap();
        assert_eq!((choice.of, choice.id.as_deref()), (ChoiceKind::Form, Some("h20")));
        assert_eq!(choice.form, Some("{\"id\":\"h20\"}"));
    });
}

#[test]
fn t36_captions_and_offers_are_text() {
    for (content, text) in [
        (
            json!({"documentWithCaptionMessage": {"message": {"documentMessage":
            {"caption": "Segue"}}}}),
            "Segue",
        ),
        (json!({"liveLocationMessage": {"caption": "Aqui"}}), "Aqui"),
        (json!({"orderMessage": {"orderId": "1", "message": "Pedido"}}), "Pedido"),
        (json!({"interactiveMessage": {"body": {"text": "Código 123"}}}), "Código 123"),
    ] {
        ask!("evolution", upsert(key(json!({})), content), Message, |message| {
            assert_eq!(message.text(), Some(text));
        });
    }
}

#[test]
fn t37_markers_are_no_text() {
    let image = |more: Value| enviaai_message(with(json!({"type": "image"}), more));
    for (body, text) in [
        (image(json!({"content": "[Image]"})), None),
        (image(json!({"content": "[Image]", "caption": "Olha"})), Some("Olha")),
        (image(json!({"content": "Olha"})), Some("Olha")),
        (enviaai_message(json!({"content": "[Image]"})), Some("[Image]")),
    ] {
        ask!("enviaai", body, Message, |message| assert_eq!(message.text(), text));
    }
}

#[test]
fn t38_the_head_of_an_album_is_no_content() {
    let head = json!({"albumMessage": {"expectedImageCount": 3, "expectedVideoCount": 1}});
    ask!("evolution", upsert(key(json!({})), head), Message, |message| {
        assert!(!message.is_content());
        assert!(matches!(
            message.album(),
            Some(Album::Header { pictures: Some(3), videos: Some(1), .. })
        ));
    });
    let item = json!({"imageMessage": {}, "messageContextInfo": {"messageAssociation":
        {"associationType": "MEDIA_ALBUM", "parentMessageKey": {"id": M1}}}});
    ask!("evolution", upsert(key(json!({"id": ACT})), item), Message, |message| {
        let Some(Album::Item { header, .. }) = message.album() else { panic!() };
        assert_eq!(header.id, M1);
    });
}

#[test]
fn t39_and_t40_what_is_no_content() {
    let secret = json!({"senderKeyDistributionMessage": {"groupId": GROUP}});
    ask!("evolution", upsert(key(json!({})), secret.clone()), Other, |other| {
        assert_eq!(other.why, OtherWhy::Internal);
    });
    // With a content beside it the content is what counts.
    let both = with(secret, json!({"conversation": "hi"}));
    ask!("evolution", upsert(key(json!({})), both), Message, |message| {
        assert_eq!(message.text(), Some("hi"));
    });
    for (content, kind) in [
        (json!({"pinInChatMessage": {"key": {"id": M1}}}), MessageKind::Pin),
        (json!({"callLogMesssage": {}}), MessageKind::CallLog),
        (json!({"placeholderMessage": {"type": 0}}), MessageKind::Withheld),
    ] {
        ask!("evolution", upsert(key(json!({})), content), Message, |message| {
            assert_eq!(message.kind(), kind);
            assert!(!message.is_incoming());
        });
    }
    ask!("eazewa", eazewa_message(json!({"type": "e2e_notification"})), Message, |message| {
        assert_eq!((message.kind(), message.is_incoming()), (MessageKind::Notice, false));
    });
}

#[test]
fn t40a_and_t40b_wrappers_are_read_through() {
    for wrapper in [
        "ephemeralMessage",
        "viewOnceMessage",
        "deviceSentMessage",
        "botInvokeMessage",
        "groupMentionedMessage",
        "questionMessage",
    ] {
        let content = json!({wrapper: {"message": {"conversation": "hi"}}});
        ask!("evolution", upsert(key(json!({})), content), Message, |message| {
            assert_eq!(
                (message.text(), message.kind()),
                (Some("hi"), MessageKind::Text),
                "{wrapper}"
            );
            assert_eq!(message.disappears() == Some(true), wrapper == "ephemeralMessage");
        });
    }
    let odd = json!({"ephemeralMessage": {"message": {}}});
    ask!("evolution", upsert(key(json!({})), odd), Message, |message| {
        assert!(!message.is_content());
    });
    let card = json!({"contact": {"displayName": "Bia", "vcard": "BEGIN:VCARD"}});
    ask!("evolution", upsert(key(json!({})), card), Message, |message| {
        assert_eq!((message.kind(), message.text()), (MessageKind::Contact, None));
    });
}

#[test]
fn t41_and_t42_who_must_not_be_answered() {
    for (chat, kind, incoming, answer) in [
        ("status@broadcast", ChatKind::Status, false, Some(pn(ANA))),
        (CHANNEL, ChatKind::Channel, false, None),
        ("1610000000@broadcast", ChatKind::BroadcastList, true, Some(pn(ANA))),
        (GROUP, ChatKind::Group, true, Some(GROUP.to_owned())),
    ] {
        let body = upsert(key(json!({"remoteJid": chat, "participant": pn(ANA)})), text("hi"));
        ask!("evolution", body, Message, |message| {
            assert_eq!((message.chat_kind(), message.is_incoming()), (Some(kind), incoming));
            assert_eq!(message.answer_to().map(|to| to.as_sent().to_owned()), answer);
        });
    }
    // An answer to a status post is a private message.
    let body = upsert_with(
        key(json!({})),
        text("lindo"),
        json!({"contextInfo": {"stanzaId": M2,
        "participant": pn(WE), "remoteJid": "status@broadcast"}}),
    );
    ask!("evolution", body, Message, |message| {
        assert!(message.is_incoming());
        let elsewhere = message.reply_to().unwrap().chat.unwrap();
        assert_eq!(elsewhere.kind(), AddressKind::Status);
    });
}

#[test]
fn t44_history_is_not_news() {
    let body = evolution(
        "messages.set",
        json!([{"key": key(json!({})), "message": text("hi"),
        "messageTimestamp": AT}]),
    );
    ask!("evolution", body, Message, |message| {
        assert!(message.is_history() && !message.is_incoming());
        assert_eq!(message.at().unwrap().timestamp(), AT);
    });
}

#[test]
fn t46_whatsapp_itself() {
    let body = upsert(key(json!({"remoteJid": "0@s.whatsapp.net"})), text("Novidades"));
    ask!("evolution", body, Message, |message| {
        assert_eq!(message.sender().unwrap().kind(), AddressKind::Service);
        assert!(message.is_incoming());
    });
}

#[test]
fn t47_and_t48_changes_and_states_of_groups() {
    let several = go(
        "GroupInfo",
        json!({"JID": GROUP, "Name": {"Name": "Turma"},
        "Announce": {"IsAnnounce": true}, "Join": [pn(BIA)], "Promote": [pn(BIA)]}),
    );
    let several = delivery("evolution", &several);
    let words: Vec<String> = several
        .unified()
        .happenings()
        .map(|one| match one {
            Happening::Group(group) => group.change.word().to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(words, ["subject", "only_admins_write", "added", "promoted"]);
    ask!("evolution", go("GroupInfo", json!({"JID": GROUP, "Notify": "x"})), Group, |group| {
        assert!(matches!(group.change, GroupChange::Other(Word::Text("x"))));
    });
    let whole = waha(
        "WEBJS",
        "group.v2.update",
        json!({"group": {"id": GROUP, "subject": "Turma",
        "membersCanSendMessages": true}}),
    );
    ask!("wawp", whole, Group, |group| assert!(matches!(group.change, GroupChange::Snapshot(_))));
    let known = evolution("groups.upsert", json!([{"id": GROUP, "subject": "Turma"}]));
    ask!("evolution", known, Group, |group| {
        assert!(matches!(group.change, GroupChange::Snapshot(_)));
        assert_eq!(group.name, Some("Turma"));
    });
}

#[test]
fn t49_polarity_and_units_by_engine() {
    for (engine, members_can, only_admins, at) in [
        ("NOWEB", true, Some(true), AT * 1000),
        ("GOWS", false, Some(true), AT * 1000),
        ("VENOM", true, None, AT),
    ] {
        let body = waha(
            engine,
            "group.v2.update",
            json!({"timestamp": at, "group": {"id": GROUP,
            "membersCanSendMessages": members_can}}),
        );
        ask!("wawp", body, Group, |group| {
            match only_admins {
                Some(on) => {
                    assert!(matches!(group.change, GroupChange::OnlyAdminsWrite(is) if is == on));
                    assert_eq!(group.at.unwrap().timestamp(), AT);
                }
                None => {
                    assert!(matches!(group.change, GroupChange::Snapshot(_)));
                    assert_eq!(group.at, None);
                }
            }
        });
    }
    let body = evolution(
        "group-participants.update",
        json!({"id": GROUP, "action": "remove",
        "author": lid(BIA_LID), "participants": [{"id": lid(BIA_LID), "phoneNumber": pn(BIA)}]}),
    );
    ask!("evolution", body, Group, |group| {
        assert!(matches!(group.change, GroupChange::Removed(_, How::Left)));
    });
}

#[test]
fn t50_and_t51_not_every_close_is_the_end() {
    let connection =
        |code: i64| evolution("connection.update", json!({"state": "close", "statusReason": code}));
    for (code, reason, logged_out, retrying) in [
        (401, CloseReason::LoggedOut, true, Some(false)),
        (403, CloseReason::Banned, false, Some(false)),
        (428, CloseReason::ConnectionLost, false, None),
        (440, CloseReason::Replaced, false, None),
        (500, CloseReason::BadSession, false, None),
        (503, CloseReason::ServerTrouble, false, None),
        (515, CloseReason::Restart, false, None),
        (463, CloseReason::Other(Word::Number(463)), false, None),
    ] {
        ask!("evolution", connection(code), Connection, |connection| {
            assert_eq!(
                (connection.reason, connection.logged_out, connection.retrying),
                (Some(reason), logged_out, retrying),
                "{code}"
            );
        });
    }
    ask!("evolution", go("Disconnected", json!({})), Connection, |connection| {
        assert_eq!(connection.retrying, Some(true));
    });
    let out = waha("WEBJS", "session.status", json!({"status": "FAILED"}));
    ask!("wawp", out, Connection, |connection| assert!(!connection.logged_out));
    let scan = waha("WEBJS", "session.status", json!({"status": "SCAN_QR_CODE"}));
    ask!("wawp", scan, Pairing, |pairing| assert_eq!(pairing.step, PairingStep::Wanted));
    for (word, state) in
        [("TIMEOUT", ConnectionState::Connecting), ("CONFLICT", ConnectionState::Closed)]
    {
        ask!("eazewa", eazewa("change_state", json!({"state": word})), Connection, |connection| {
            assert_eq!(connection.state, state);
        });
    }
}

#[test]
fn t52_the_limit_of_qr_codes_is_no_refusal() {
    let body = evolution("connection.update", json!({"state": "refused", "statusReason": 428}));
    ask!("evolution", body, Connection, |connection| {
        assert_eq!(connection.reason, Some(CloseReason::PairingLimit));
    });
    let body = eazewa("disconnected", json!({"reason": "Max qrcode retries reached"}));
    ask!("eazewa", body, Connection, |connection| {
        assert_eq!(connection.reason, Some(CloseReason::PairingLimit));
    });
}

#[test]
fn t53_the_chatter_of_calls() {
    let call = |status: &str, more: Value| {
        evolution(
            "call",
            with(
                json!({"id": "CALL1",
        "from": lid(ANA_LID), "callerPn": pn(ANA), "status": status}),
                more,
            ),
        )
    };
    for word in ["transport", "relaylatency", "preaccept"] {
        ask!("evolution", call(word, json!({})), Call, |call| {
            assert_eq!(call.state, CallState::Other(Word::Text(word)));
        });
    }
    let latency = go("CallRelayLatency", json!({"From": pn(ANA), "CallID": "CALL1"}));
    ask!("evolution", latency, Call, |call| assert!(matches!(call.state, CallState::Other(_))));
    assert_eq!(
        happening_key("evolution", &call("offer", json!({}))),
        happening_key("evolution", &call("ringing", json!({})))
    );
    ask!("evolution", call("terminate", json!({"offline": true})), Call, |call| {
        assert_eq!((call.state, call.offline), (CallState::Ended, Some(true)));
        assert_eq!(call.caller.unwrap().phone().as_deref(), Some(ANA));
    });
}

#[test]
fn t54_presences_without_a_state_and_hidden_times() {
    let body = waha(
        "GOWS",
        "presence.update",
        json!({"id": c_us(ANA), "presences": [
        {"participant": c_us(ANA)}, {"participant": c_us(ANA), "lastKnownPresence": "online"}]}),
    );
    ask!("wawp", body, Presence, |presence| assert_eq!(presence.state, PresenceState::Available));
    let hidden = go("Presence", json!({"From": pn(ANA), "LastSeen": "0001-01-01T00:00:00Z"}));
    ask!("evolution", hidden, Presence, |presence| assert_eq!(presence.last_seen, None));
}

#[test]
fn t55_a_label_is_deleted_twice() {
    let body = evolution("labels.edit", json!({"id": "7", "name": "VIP", "deleted": true}));
    ask!("evolution", body, Label, |label| assert_eq!(label.change, LabelChange::Deleted));
    let [one, other] = [delivery("evolution", &body), delivery("evolution", &body)];
    assert_eq!(form(&one), form(&other));
}

#[test]
fn t56_text_and_image_of_a_code_are_two_facts() {
    let body = evolution(
        "qrcode.updated",
        json!({"qrcode": {"code": "2@x",
        "base64": "data:image/png;base64,AAAA", "pairingCode": "ABCD1234"}}),
    );
    ask!("evolution", body, Pairing, |pairing| {
        assert_eq!(pairing.qr.unwrap().expose().unwrap(), "2@x");
        assert_eq!(pairing.qr_image.unwrap().expose_base64().unwrap(), "AAAA");
        assert_eq!(pairing.code.unwrap().expose().unwrap(), "ABCD1234");
        assert!(!format!("{pairing:?}").contains("ABCD"));
    });
    ask!(
        "enviaai",
        enviaai(
            "instance.qr_updated",
            json!({"qrCode": "data:image/png;base64,AAAA",
        "expiresAt": ISO})
        ),
        Pairing,
        |pairing| {
            assert!(pairing.qr.is_none() && pairing.expires_at.is_some());
        }
    );
}

#[test]
fn t57_and_t58_lists_are_told_item_by_item() {
    let count = |body: &str| delivery("evolution", body).unified().happenings().count();
    assert_eq!(count(&evolution("chats.upsert", json!([]))), 0);
    assert_eq!(count(&evolution("chats.delete", json!([pn(ANA), GROUP]))), 2);
    assert_eq!(count(&evolution("chats.delete", json!(pn(ANA)))), 1);
    let presences = evolution(
        "presence.update",
        json!({"id": GROUP, "presences": {
        pn(ANA): {"lastKnownPresence": "composing"}, pn(BIA): {"lastKnownPresence": "paused"}}}),
    );
    assert_eq!(count(&presences), 2);
    // An odd item does not take the others with it.
    let odd = evolution(
        "contacts.upsert",
        json!([{"remoteJid": pn(ANA), "pushName": 7},
        {"remoteJid": pn(BIA), "pushName": "Bia"}]),
    );
    let odd = delivery("evolution", &odd);
    assert_eq!(odd.unified().happenings().count(), 2);
    assert!(!odd.set_aside().is_empty());
}

#[test]
fn t59_what_is_not_told_is_not_no() {
    let body = upsert(json!({"id": M1, "remoteJid": pn(ANA)}), text("hi"));
    ask!("evolution", body, Message, |message| {
        assert!(!message.is_from_me());
        assert_eq!((message.view_once(), message.forwarded()), (None, None));
    });
    let sound = json!({"audioMessage": {"mimetype": "audio/ogg"}});
    ask!("evolution", upsert(key(json!({})), sound), Message, |message| {
        assert_eq!(message.media().unwrap().voice_note, Some(false));
        assert_eq!(message.view_once(), Some(false));
    });
    let sound = enviaai_message(json!({"type": "audio"}));
    ask!("enviaai", sound, Message, |message| {
        assert_eq!(message.media().unwrap().voice_note, None);
        assert_eq!(message.view_once(), None);
    });
    ask!("eazewa", eazewa_message(json!({"isForwarded": false})), Message, |message| {
        assert_eq!(message.forwarded(), Some(false));
    });
}

#[test]
fn t60_free_text_is_told_as_it_is() {
    let body = enviaai("instance.disconnected", json!({"reason": "manutenção"}));
    ask!("enviaai", body, Connection, |connection| {
        assert_eq!(connection.reason, Some(CloseReason::Other(Word::Text("manutenção"))));
        assert!(!connection.logged_out);
    });
}

#[test]
fn t61_escapes_are_read_wherever_a_text_is_read_in_place() {
    for written in ["a\\u0020\\\"b\\\"", "\\ud83d\\udc4d"] {
        let body = go_message(info(json!({})), text("MARK")).replace("MARK", written);
        let plain: String = serde_json::from_str(&format!("\"{written}\"")).unwrap();
        ask!("evolution", body, Message, |message| assert_eq!(message.text(), Some(&*plain)));
        let edit = go_message(
            info(json!({"ID": ACT, "Edit": "1"})),
            json!({"protocolMessage":
            {"key": {"ID": M1}, "type": 14, "editedMessage": {"conversation": "MARK"}}}),
        );
        ask!("evolution", edit.replace("MARK", written), Edit, |edit| {
            assert_eq!(edit.text.as_deref(), Some(&*plain));
        });
    }
}

#[test]
fn disappearing_messages_and_timers() {
    let body =
        upsert_with(key(json!({})), text("hi"), json!({"contextInfo": {"expiration": 86400}}));
    ask!("evolution", body, Message, |message| {
        assert_eq!(message.disappears_after(), Some(Duration::from_secs(86_400)));
    });
    ask!("eazewa", eazewa_message(json!({"isEphemeral": true})), Message, |message| {
        assert_eq!((message.disappears(), message.disappears_after()), (Some(true), None));
    });
    let timer = |chat: &str| {
        upsert(
            key(json!({"id": ACT, "remoteJid": chat})),
            json!({"protocolMessage": {"type": "EPHEMERAL_SETTING", "ephemeralExpiration": 604800}}),
        )
    };
    ask!("evolution", timer(GROUP), Group, |group| {
        assert!(matches!(group.change, GroupChange::Timer(after) if after.as_secs() == 604_800));
    });
    ask!("evolution", timer(&pn(ANA)), Chat, |chat| {
        assert_eq!((chat.change, chat.timer.unwrap().as_secs()), (ChatChange::Timer, 604_800));
    });
}

#[test]
fn who_wrote_own_messages_is_told_where_it_is_known() {
    let sent = evolution(
        "send.message",
        json!({"key": key(json!({"fromMe": true})),
        "message": text("hi")}),
    );
    ask!("evolution", sent, Message, |message| assert_eq!(message.written_by(), Some(Writer::Api)));
    let typed = waha(
        "GOWS",
        "message.any",
        json!({"id": id(true, &c_us(ANA), M2),
        "from": c_us(ANA), "fromMe": true, "source": "app"}),
    );
    ask!("wawp", typed, Message, |message| assert_eq!(message.written_by(), Some(Writer::Device)));
}

#[test]
fn an_event_that_was_left_out_is_said_to_be() {
    let body = enviaai_message(json!({"content": "hi"}));
    let stored = delivery("enviaai", &body).to_stored();
    let skipped = stored
        .parse_trusted_only::<zaphook::EnviaAi>([zaphook::enviaai::EventName::MessageRead])
        .unwrap();
    let skipped = AnyDelivery::from(skipped);
    let Some(Happening::Other(other)) = skipped.unified().first() else { panic!() };
    assert_eq!(other.why, OtherWhy::Skipped);
}
