//! The thirty cases: equal values across all gateways that can say them.

use std::collections::BTreeSet;

use serde_json::Value;
use zaphook::unified::{Address, Happening, Selected, Status};

use super::bodies::*;
use super::cases::{self, Said};
use super::{delivery, form};

/// The group, as the kit's samples of EnviaAI call it.
const KIT_GROUP: &str = "chat_120363000000000001";

/// Whether an address is that of the person or place that a case names.
fn names(written: &str, who: &str) -> bool {
    let user = written.split(['@', ':']).next().unwrap().trim_start_matches('+');
    let of = |phone: &str, lid: &str, chat: &str| {
        let user = user.strip_prefix("chat_").unwrap_or(user);
        user == phone || user == lid || written == chat || user == format!("BR.{lid}")
    };
    match who {
        "ana" => of(ANA, ANA_LID, "chat_ana"),
        "bia" => of(BIA, BIA_LID, ""),
        "we" => of(WE, WE_LID, ""),
        "group" => written == GROUP || ["chat_turma", KIT_GROUP].contains(&written),
        other => written == other,
    }
}

/// Addresses by whom they name, everything else by value.
fn is_same(member: &str, found: &Value, wanted: &Value) -> bool {
    match member {
        "chat" | "sender" | "quoted_sender" => {
            names(found.as_str().unwrap(), wanted.as_str().unwrap())
        }
        "mentions" | "participants" => {
            let (found, wanted) = (found.as_array().unwrap(), wanted.as_array().unwrap());
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| is_same("sender", found, wanted))
        }
        "sender_lid" if wanted == &Value::from(lid(BIA_LID)) => true,
        _ => found == wanted,
    }
}

/// Asserts that a form has the members of another, but for those it is without.
pub fn assert_says(what: &str, found: &Value, full: &Value, without: &[&str]) {
    let (Value::Object(found), Value::Object(full)) = (found, full) else {
        assert_eq!(found, full, "{what}");
        return;
    };
    for (member, wanted) in full {
        let told = found.get(member);
        if without.contains(&member.as_str()) {
            assert_eq!(told, None, "{what} tells {member} after all");
        } else {
            let told = told.unwrap_or_else(|| panic!("{what}: no {member} in {found:?}"));
            assert!(is_same(member, told, wanted), "{what}: {member} is {told}");
        }
    }
    for member in found.keys() {
        assert!(full.contains_key(member), "{what}: {member} in {found:?}");
    }
    for member in without {
        assert!(full.contains_key(*member), "{what}: {member}");
    }
}

#[test]
fn every_gateway_that_can_say_it_says_the_same() {
    let mut numbers = BTreeSet::new();
    for case in cases::all() {
        numbers.insert(case.name.split(' ').next().unwrap().parse::<u8>().unwrap());
        for said in &case.said {
            let what = format!("{} by {}", case.name, said.by);
            let found = form(&delivery(said.gateway(), &said.body));
            assert_says(&what, &found, &case.full, said.without);
        }
    }
    // 6 is about keys, below.
    let all: BTreeSet<u8> = (1..=30).filter(|number| *number != 6).collect();
    assert_eq!(numbers, all);
}

/// The deliveries of a case.
fn said(name: &str) -> Vec<Said> {
    let case = cases::all().into_iter().find(|case| case.name == name);
    case.unwrap_or_else(|| panic!("{name}")).said
}

/// Asks each delivery of a case about its only happening.
fn each(name: &str, ask: impl Fn(&str, Happening<'_>)) {
    for said in said(name) {
        let delivery = delivery(said.gateway(), &said.body);
        let mut all = delivery.unified().happenings();
        ask(said.by, all.next().unwrap_or_else(|| panic!("{name} by {}", said.by)));
        assert!(all.next().is_none());
    }
}

#[test]
fn an_answer_belongs_to_the_chat_and_own_messages_want_none() {
    for name in ["1 a text by phone number", "3 by LID only", "4 in the group"] {
        each(name, |by, happening| {
            let Happening::Message(message) = happening else { panic!("{by}") };
            assert!(message.is_incoming(), "{name} by {by}");
            let (answer, chat) = (message.answer_to().unwrap(), message.chat().unwrap());
            assert_eq!(answer.as_sent(), chat.as_sent(), "{by}");
        });
    }
    each("5 we write", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        assert!(!message.is_incoming() && message.sender().is_none(), "{by}");
    });
    each("22 a status post", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        assert!(!message.is_incoming(), "{by}");
        assert_eq!(message.answer_to().unwrap().phone().unwrap(), ANA, "{by}");
    });
}

#[test]
fn the_digits_of_a_lid_are_nobodys_phone_number() {
    for name in ["2 by LID, with the phone number beside it", "3 by LID only"] {
        for said in said(name) {
            let form = form(&delivery(said.gateway(), &said.body));
            let phones = form.as_object().unwrap().iter();
            let mut phones = phones.filter(|(member, _)| member.ends_with("_phone"));
            assert!(phones.all(|(_, phone)| phone == ANA), "{}", said.by);
        }
    }
}

#[test]
fn six_one_message_under_two_names_or_addresses_has_one_key() {
    let hi = serde_json::json!({"body": "hi"});
    let at_lid = serde_json::json!({"body": "hi", "id": id(false, &lid(ANA_LID), M1),
        "from": lid(ANA_LID)});
    let web = serde_json::json!({"message": web_message(hi.clone())});
    let any = |body: &str| {
        body.replace("\"event\":\"message\"", "\"event\":\"message.any\"")
            .replace("evt_message_", "evt_any_")
    };
    let v1 = zavu_message(serde_json::json!({"text": "hi"}));
    let v2 = v1
        .replace(
            "\"type\":\"message.inbound\"",
            "\"type\":\"whatsapp\",\"event\":\"message.inbound\"",
        )
        .replace("evt_message.inbound", "evt_v2")
        .replace("\"senderId\":\"sender_1\",", "");
    let waha = waha_message("GOWS", hi.clone());
    for (gateway, one, other) in [
        ("eazewa", eazewa("message", web.clone()), eazewa("message_create", web)),
        ("wawp", waha.clone(), any(&waha)),
        ("wawp", waha, any(&waha_message("GOWS", at_lid))),
        ("zavu", v1.clone(), v2),
    ] {
        let [one, other] = [one, other].map(|body| delivery(gateway, &body));
        let key = |of: &zaphook::AnyDelivery| of.unified().first().unwrap().key().unwrap();
        assert_eq!(key(&one), key(&other), "{gateway}");
        assert_ne!(one.key(), other.key(), "{gateway}");
    }
    // The same chat's beginning is no second message.
    let new = zavu(
        "conversation.new",
        serde_json::json!({"phoneNumber": format!("+{ANA}"),
        "firstMessageId": M1, "firstMessageText": "hi"}),
    );
    let [new, message] = [new, v1].map(|body| delivery("zavu", &body));
    assert_eq!(new.message_key(), message.message_key());
    let (new, message) = (new.unified().first().unwrap(), message.unified().first().unwrap());
    assert_eq!((new.kind(), message.kind()), ("chat", "message"));
    assert_eq!(new.key(), None);
    assert_eq!(new.message(), message.message());
}

#[test]
fn a_key_is_shared_by_all_forms_of_one_happening() {
    let key = |gateway: &str, body: &str| delivery(gateway, body).unified().first().unwrap().key();
    let deletion = said("17 a deletion for everyone");
    let keys: BTreeSet<_> = deletion
        .iter()
        .filter(|said| said.by.starts_with("V "))
        .map(|said| key("evolution", &said.body).unwrap())
        .collect();
    assert_eq!(keys.len(), 1);
    let rings: BTreeSet<_> = said("27 a call rings")
        .iter()
        .filter(|said| said.by.starts_with("V "))
        .map(|said| key("evolution", &said.body).unwrap())
        .collect();
    assert_eq!(rings.len(), 1);
    // A reaction, its change and its end are three.
    for by in ["W", "V", "VG", "H WEBJS", "Z"] {
        let keys: BTreeSet<_> =
            ["15 a reaction", "15 a reaction that is changed", "15 a reaction that is taken back"]
                .into_iter()
                .map(|name| {
                    let said = said(name).into_iter().find(|said| said.by == by).unwrap();
                    key(said.gateway(), &said.body).unwrap()
                })
                .collect();
        assert_eq!(keys.len(), 3, "{by}");
    }
    for key in [&keys, &rings].into_iter().flatten() {
        assert!(key.as_str().contains("/happening/"), "{key}");
    }
}

#[test]
fn receipts_are_kept_in_order_whatever_order_they_come_in() {
    let statuses = |names: &[&str]| -> Vec<(String, zaphook::AnyDelivery)> {
        names
            .iter()
            .flat_map(|name| said(name))
            .map(|said| (said.by.to_owned(), delivery(said.gateway(), &said.body)))
            .collect()
    };
    fn status(of: &zaphook::AnyDelivery) -> Status<'_> {
        match of.unified().first() {
            Some(Happening::Receipt(receipt)) => receipt.status,
            other => panic!("{other:?}"),
        }
    }
    for by in ["E", "W", "V", "VG", "H WEBJS", "H NOWEB", "H GOWS", "Z"] {
        let all = statuses(&["19 delivered", "19 read"]);
        let of: Vec<_> = all.iter().filter(|(who, _)| who == by).collect();
        let [delivered, read] = &*of else { panic!("{by}: {}", of.len()) };
        for order in [[0, 1, 0], [1, 0, 0], [0, 0, 1]] {
            let mut kept = Status::Pending;
            for index in order {
                let next = status(&[delivered, read][index].1);
                if next.supersedes(&kept) {
                    kept = next;
                }
            }
            assert_eq!(kept, Status::Read, "{by}");
        }
    }
    assert!(Status::Delivered.supersedes(&Status::Failed));
    assert!(!Status::Failed.supersedes(&Status::Delivered));
    assert!(!Status::Sent.supersedes(&Status::Failed));
}

#[test]
fn what_no_form_shows_is_told_all_the_same() {
    each("24 forwarded many times", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        let many = (!["E", "H WEBJS", "Z"].contains(&by)).then_some(127);
        assert_eq!(message.forward_count(), many, "{by}");
    });
    each("24 that disappears", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        assert_eq!(message.disappears(), Some(true), "{by}");
        let after = message.disappears_after().map(|after| after.as_secs());
        assert_eq!(after, (by != "W").then_some(86_400), "{by}");
    });
    each("24 that is the better copy of a photo", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        assert_eq!(message.replaces().unwrap().id, M2, "{by}");
    });
    each("11 two contact cards", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        let cards: Vec<_> = message
            .contacts()
            .map(|card| {
                (card.name.unwrap().to_owned(), card.phones.map(str::to_owned).collect::<Vec<_>>())
            })
            .collect();
        let wanted = [("Ana", ANA), ("Bia", BIA)]
            .map(|(name, phone)| (name.to_owned(), vec![phone.to_owned()]));
        assert_eq!(cards, wanted, "{by}");
    });
    each("18 a poll", |by, happening| {
        let Happening::Message(message) = happening else { panic!("{by}") };
        let poll = message.poll().unwrap();
        assert_eq!(poll.options.collect::<Vec<_>>(), ["Sábado", "Domingo"], "{by}");
        assert_eq!(poll.multiple, Some(true), "{by}");
    });
    each("18 a vote that is withdrawn", |by, happening| {
        let Happening::PollVote(vote) = happening else { panic!("{by}") };
        let Selected::Options(mut options) = vote.selected else { panic!("{by}") };
        assert_eq!(options.next(), None, "{by}");
    });
    each("29 the account is banned", |by, happening| {
        let Happening::Connection(connection) = happening else { panic!("{by}") };
        assert_eq!(connection.until.is_some(), by == "VG", "{by}");
    });
}

#[test]
fn no_form_and_no_debug_shows_what_opens_an_account() {
    for said in said("30 here is a QR code") {
        let delivery = delivery(said.gateway(), &said.body);
        let shown = format!(
            "{} {:?} {:?}",
            form(&delivery),
            delivery.unified(),
            delivery.unified().first()
        );
        let shown = shown.to_lowercase();
        assert!(!shown.contains("c2vjcmv0"), "{}: {shown}", said.by);
        let Some(Happening::Pairing(pairing)) = delivery.unified().first() else { panic!() };
        let text = pairing.qr.and_then(|qr| qr.expose());
        assert!(text.is_none_or(|text| text == "2@c2VjcmV0"), "{}", said.by);
        let image = pairing.qr_image.and_then(|image| image.expose_base64());
        assert!(image.is_none_or(|image| image == "c2VjcmV0"), "{}", said.by);
        assert!(pairing.qr.is_some() || pairing.qr_image.is_some(), "{}", said.by);
    }
}

#[test]
fn addresses_are_the_same_only_where_that_is_sure() {
    let upsert =
        |more| delivery("evolution", &upsert(key(more), serde_json::json!({"conversation": "hi"})));
    let by_phone = upsert(serde_json::json!({}));
    let both = upsert(serde_json::json!({"remoteJid": lid(ANA_LID), "remoteJidAlt": pn(ANA)}));
    let hidden = upsert(serde_json::json!({"remoteJid": format!("{ANA_LID}:3@lid")}));
    fn chat(of: &zaphook::AnyDelivery) -> Address<'_> {
        of.unified().first().unwrap().chat().unwrap()
    }
    assert!(chat(&by_phone).same(&chat(&both)) && chat(&both).same(&chat(&hidden)));
    assert!(!chat(&by_phone).same(&chat(&hidden)));
    let [nine, eight] = ["5511999990001", "551199990001"]
        .map(|phone| upsert(serde_json::json!({"remoteJid": pn(phone)})));
    assert!(chat(&nine).same(&chat(&eight)));
    assert_eq!(chat(&eight).phone().unwrap(), "551199990001");
}
