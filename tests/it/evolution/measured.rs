//! What running servers and real deliveries showed.

use std::collections::BTreeMap;

use serde_json::json;
use zaphook::evolution::{Event, Message, MessageStatus};
use zaphook::whatsapp::{Body, Kind, MediaKind, ProtocolKind};

use super::{envelope, event, receive, text};
use crate::fixtures::{self, with};

fn key(fixture: &str) -> Option<String> {
    receive(&text(fixture)).key
}

#[track_caller]
fn message(fixture: &str) -> Message {
    match event(fixture) {
        Event::MessagesUpsert(messages) => {
            let [message] = &*messages else { panic!("{fixture}") };
            message.clone()
        }
        Event::SendMessage(message) => *message,
        other => panic!("{other:?}"),
    }
}

/// Every fixture of Evolution API and Evolution Go, by its path.
fn all() -> impl Iterator<Item = (String, String)> {
    let go = fixtures::all("evolution/go").into_iter();
    let go = go.map(|(name, body)| (format!("go/{name}"), body));
    fixtures::all("evolution").into_iter().chain(go)
}

#[test]
fn no_two_happenings_share_a_key_and_each_redelivery_has_one() {
    let table = fixtures::text("evolution/redeliveries.tsv");
    let groups: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    assert!(groups.len() > 5);
    for group in &groups {
        let keys: Vec<_> = group.iter().map(|fixture| key(fixture).expect(fixture)).collect();
        assert!(keys.len() > 1 && keys.iter().all(|key| *key == keys[0]), "{group:?}: {keys:?}");
    }
    let mut by_key = BTreeMap::<String, Vec<String>>::new();
    for (name, body) in all() {
        if let Some(key) = receive(&body).key {
            by_key.entry(key).or_default().push(name);
        }
    }
    let together = |names: &[String]| {
        groups.iter().any(|group| names.iter().all(|name| group.contains(&name.as_str())))
    };
    by_key.retain(|_, names| names.len() > 1 && !together(names));
    assert!(by_key.is_empty(), "{by_key:#?}");
}

#[test]
fn an_edit_in_a_channel_is_an_event_of_its_own() {
    let [post, edit] = ["messages.upsert.channel_post", "messages.upsert.channel_edit"];
    let [post_key, edit_key] = [post, edit].map(|fixture| key(fixture).unwrap());
    assert!(post_key.contains("/content/") && edit_key.contains("/content/"));
    assert_ne!(post_key, edit_key);
    // What the server does not write twice alike is no part of it.
    let again = with(&text(post), &["date_time"], Some(json!("2026-02-10T11:30:00.000Z")));
    assert_eq!(receive(&again).key.unwrap(), post_key);
    let [post, edit] = [post, edit].map(|fixture| receive(&text(fixture)).message_key);
    assert_eq!(post, edit);
}

#[test]
fn an_id_of_metas_is_enough() {
    assert_eq!(
        key("messages.upsert.cloud_text").unwrap(),
        "evolution/cantina/messages.upsert/message/wamid.HBgN0038NTUxMTk5OTk5MDAwMRUCABIY"
    );
    let read = with(&text("messages.update.cloud"), &["data", "status"], Some(json!("READ")));
    assert_ne!(receive(&read).key, key("messages.update.cloud"));
}

#[test]
fn receipts_on_the_cloud_channel_are_of_the_accounts_own_messages() {
    for fixture in ["messages.update.cloud", "cloud.message-status"] {
        let (Event::MessagesUpdate(update) | Event::CloudMessageStatus(update)) = event(fixture)
        else {
            panic!()
        };
        assert_eq!((update.from_me, update.is_from_me()), (Some(false), true), "{fixture}");
        assert_eq!((update.sender(), update.sender_phone()), (None, None), "{fixture}");
        assert_eq!(update.chat_phone(), Some("5511999990001"));
    }
}

#[test]
fn a_star_and_its_removal_are_one() {
    let star = with(&text("messages.update.2_3_7"), &["data", "status"], Some(json!("SERVER_ACK")));
    let Event::MessagesUpdate(update) = event("messages.update.2_3_7") else { panic!() };
    assert_eq!(update.status, Some(MessageStatus::Read));
    // Nothing tells them apart: this is what the documentation of the key says.
    assert!(receive(&star).key.unwrap().ends_with("/status/SERVER_ACK"));
}

#[test]
fn receipts_in_groups_and_of_others_stay_apart() {
    let group = text("messages.update.2_3_5_group");
    let other = with(&group, &["data", "participant"], Some(json!("100000000000003@lid")));
    let one = text("messages.update.2_3_7");
    let theirs = with(&one, &["data", "fromMe"], Some(json!(false)));
    let keys: Vec<_> =
        [&group, &other, &one, &theirs].map(|body| receive(body).key.unwrap()).into();
    let distinct: std::collections::HashSet<_> = keys.iter().collect();
    assert_eq!(distinct.len(), 4, "{keys:?}");
}

#[test]
fn two_people_in_one_call_are_two_events() {
    let [one, other] = ["call.accept", "call.accept_by_another"].map(|name| key(name).unwrap());
    assert_ne!(one, other);
    assert!(other.ends_with("/from/100000000000003@lid"), "{other}");
}

#[test]
fn a_call_without_an_id_is_a_call_all_the_same() {
    let Event::Call(call) = event("call.no_id") else { panic!() };
    assert_eq!(
        (call.call_id(), call.from.as_ref().unwrap().as_str()),
        (None, "100000000000002@lid")
    );
    assert!(key("call.no_id").unwrap().contains("/body/"));
    let Event::Call(call) = event("call.whatsmiau") else { panic!() };
    assert_eq!(call.call_id(), Some("C0FFEE00112233445566778899AABB01"));
    assert_eq!(
        (call.caller_phone(), call.media.as_deref()),
        (Some("5511999990001"), Some("audio"))
    );
    assert!(key("call.whatsmiau").unwrap().contains("/offer/from/"));
}

#[test]
fn a_vote_that_could_not_be_decrypted_is_not_one_taken_back() {
    for fixture in ["messages.upsert.poll_vote_undecrypted", "messages.upsert.poll_vote_v5"] {
        let message = message(fixture);
        let content = message.content().unwrap();
        let Some(Body::PollUpdate(update)) = content.body() else { panic!() };
        let selected = update.vote.as_ref().unwrap().selected_options.as_deref();
        assert_eq!(selected, Some(&[][..]), "{fixture}");
        assert_eq!(content.chosen_options(), None, "{fixture}");
    }
    let voted = message("messages.upsert.poll_vote_2_3_7");
    assert_eq!(voted.content().unwrap().chosen_options().unwrap(), ["Sábado"]);
    // Without votes beside it nothing speaks against it.
    let alone =
        with(&text("messages.upsert.poll_vote_undecrypted"), &["data", "pollUpdates"], None);
    let envelope = zaphook::evolution::Envelope::parse_trusted(alone.as_bytes()).unwrap();
    let Event::MessagesUpsert(messages) = envelope.event else { panic!() };
    assert_eq!(messages[0].content().unwrap().chosen_options(), Some(&[][..]));
}

#[test]
fn relays_send_several_messages_at_once() {
    let report = receive(&text("messages.upsert.list"));
    assert_eq!((report.recognition, report.message_key), ("known", None));
    assert!(report.key.unwrap().contains("/body/"));
    assert_eq!(report.happened_at.as_deref(), Some("2026-02-10T14:23:45+00:00"));
    let Event::MessagesUpsert(messages) = event("messages.upsert.list") else { panic!() };
    let said: Vec<_> = messages
        .iter()
        .map(|message| message.content().unwrap().text().unwrap().to_owned())
        .collect();
    assert_eq!(said, ["Bom dia", "Boa tarde"]);
}

#[test]
fn an_id_may_be_a_number() {
    let report = receive(&text("messages.upsert.number_as_id"));
    assert_eq!((report.recognition, report.set_aside.len()), ("known", 0));
    assert!(report.key.unwrap().ends_with("/message/5511999990001/them/123"));
    assert!(report.written.contains(r#""id":123"#), "{}", report.written);
    assert_eq!(message("messages.upsert.number_as_id").key.id, "123");
    for (fixture, path) in [
        ("labels.association", &["data", "labelId"][..]),
        ("labels.edit", &["data", "id"]),
        ("call", &["data", "id"]),
        ("messages.update.2_3_7", &["data", "keyId"]),
        ("messages.edited", &["data", "key", "id"]),
        ("go/Message.plain", &["data", "Info", "ID"]),
        ("go/LabelEdit", &["data", "LabelID"]),
        ("go/CallOffer", &["data", "CallID"]),
    ] {
        let report = receive(&with(&text(fixture), path, Some(json!(6))));
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{fixture}");
        let name = path.last().unwrap();
        assert!(report.written.contains(&format!(r#""{name}":6"#)), "{fixture}");
    }
}

#[test]
fn lists_of_error_texts_are_one() {
    let Event::Error(report) = event("error.nested") else { panic!() };
    let expected =
        [r#"instance requires property "number""#, r#"instance requires property "text""#];
    assert_eq!(&*report.message.unwrap(), expected);
    assert_eq!(&*report.response.unwrap().message.unwrap(), expected);
}

#[test]
fn error_texts_are_read_in_every_form() {
    let marked = with(&text("error.nested"), &["data", "message"], Some(json!("@")));
    for (message, texts) in [
        (r#""a""#, Some(&["a"][..])),
        ("[]", Some(&[])),
        (r#"["a",["b","c"],[],null,{"0":"d","1":"e"},"f"]"#, Some(&["a", "b", "c", "d", "e", "f"])),
        (r#"["\ud83d",["\ud83d\ude00 \ude00"]]"#, Some(&["\u{fffd}", "😀 \u{fffd}"])),
        ("[1]", None),
        (r#"["a",["b",[]]]"#, None),
        (r#"["a",{"b":"c"}]"#, None),
        (r#"["a",{"0":"b","2":"c"}]"#, None),
    ] {
        let body = marked.replace(r#""@""#, message);
        let envelope = zaphook::evolution::Envelope::parse_trusted(body.as_bytes()).unwrap();
        let Event::Error(report) = &envelope.event else { panic!("{message}") };
        assert_eq!(report.message.as_deref(), texts.map(to_strings).as_deref(), "{message}");
        let aside: Vec<_> =
            envelope.set_aside().iter().map(|aside| aside.path().to_string()).collect();
        assert_eq!(aside.is_empty(), texts.is_some(), "{message}");
        assert!(aside.iter().all(|path| path == "data.message"), "{aside:?}");
        if let Some(texts) = &report.message {
            assert_eq!(serde_json::to_string(texts).unwrap(), message);
        }
    }
}

fn to_strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn what_was_sent_through_the_cloud_channel_has_its_file() {
    let link = message("send.message.cloud_link");
    let said = link.content().unwrap();
    let media = said.media().unwrap();
    assert_eq!((media.kind, media.meta_id, media.url), (MediaKind::Image, None, None));
    assert_eq!(media.stored_url, Some("https://media.example.org/cardapio.jpg"));
    assert_eq!((media.name, media.mimetype), (Some("cardapio.jpg"), Some("image/jpeg")));
    assert!(media.inline.is_none());
    assert_eq!(said.text(), Some("O cardápio"));
    let Some(Body::Image(image)) = said.body() else { panic!() };
    assert_eq!(
        (image.id_type.as_deref(), image.media_type.as_deref()),
        (Some("link"), Some("image"))
    );
    assert_eq!(image.rest.get("gifPlayback").unwrap().as_str(), "false");

    let file = message("send.message.cloud_file");
    let said = file.content().unwrap();
    let media = said.media().unwrap();
    assert_eq!((media.meta_id, media.stored_url), (Some("900000000000007"), None));
    assert_eq!(media.inline.unwrap().decode().unwrap(), b"%PDF-1.4");
    assert_eq!((media.kind, media.name), (MediaKind::Document, Some("nota.pdf")));

    let voice = message("messages.upsert.cloud_voice");
    assert_eq!(voice.content().unwrap().media().unwrap().kind, MediaKind::VoiceNote);

    let contact = message("send.message.cloud_contact");
    let said = contact.content().unwrap();
    assert_eq!(said.kind(), Some(Kind::PostedContact));
    let Some(Body::PostedContact(contact)) = said.body() else { panic!() };
    assert_eq!(contact.display_name.as_deref(), Some("Bia Exemplo"));
    assert_eq!(contact.whatsapp_numbers().collect::<Vec<_>>(), ["5511999990002"]);
}

#[test]
fn what_was_posted_to_evolutions_own_channel_has_its_kind() {
    let file = message("messages.upsert.evolution_channel_media");
    let said = file.content().unwrap();
    assert_eq!((said.kind(), said.text()), (Some(Kind::Image), Some("O recibo")));
    let media = said.media().unwrap();
    assert_eq!(media.kind, MediaKind::Image);
    assert_eq!(media.stored_url, Some("https://media.example.org/1.jpg"));
    let quoted = said.quoted().unwrap();
    assert_eq!(quoted.id, Some("b7a4a2de-0c1f-4d7e-9a20-51c3f0e9a001"));
    assert_eq!(quoted.chat.unwrap(), "5511999990001");

    let buttons = message("send.message.evolution_channel_buttons");
    let said = buttons.content().unwrap();
    assert_eq!(said.kind().unwrap(), "buttonMessage");
    assert_eq!(said.text(), Some("Confirma para as 20h?"));
    assert!(said.media().is_none() && said.quoted().is_some());
    let posted = said.as_content().posted.as_deref().unwrap();
    assert_eq!(
        (posted.title.as_deref(), posted.footer.as_deref()),
        (Some("Reserva"), Some("Cantina"))
    );
    let buttons = posted.buttons.as_deref().unwrap();
    let answers: Vec<_> = buttons.iter().map(|button| button.display_text.as_deref()).collect();
    assert_eq!(answers, [Some("Sim"), Some("Ver"), Some("Ligar"), Some("Copiar")]);
    assert_eq!(buttons[0].id.as_deref(), Some("yes"));

    // The name beside it never overrules a content.
    let button = message("messages.upsert.cloud_button");
    assert_eq!(button.message_type.as_deref(), Some("buttonMessage"));
    assert_eq!(button.content().unwrap().kind(), Some(Kind::Text));
}

#[test]
fn whatsmiau_calls_an_edit_by_another_name() {
    let report = receive(&text("messages.edited.whatsmiau"));
    assert_eq!((report.event.as_str(), report.recognition), ("messages.edit", "known"));
    let Event::MessagesEdited(edited) = event("messages.edited.whatsmiau") else { panic!() };
    assert!(edited.is_edit() && !edited.is_deletion());
    assert_eq!(edited.message_id(), Some("3EB0C0DE00112233AA2370"));
    let text = edited.edited_message.as_ref().unwrap();
    assert_eq!(text.unwrapped().text(), Some("Para domingo, por favor"));
}

#[test]
fn a_timer_tells_when_and_why_it_was_set() {
    let Event::MessagesEdited(timer) = event("messages.edited.timer_2_3_7") else { panic!() };
    assert!(*timer.kind.as_deref().unwrap() == ProtocolKind::EphemeralSetting && !timer.is_edit());
    assert_eq!(timer.ephemeral_expiration, Some(86_400));
    assert_eq!(timer.ephemeral_setting_timestamp, Some(super::time("2026-02-10T14:23:45Z")));
    let device = timer.disappearing_mode.unwrap().initiator_device_jid.unwrap();
    assert_eq!(device, "100000000000001:12@lid");
}

#[test]
fn credentials_in_bodies_are_not_shown() {
    for (fixture, path, secret) in [
        ("messages.upsert", &["destination"][..], "https://hooks.example.org/evolution"),
        (
            "send.message.cloud_link",
            &["data", "webhookUrl"],
            "https://hooks.example.org/status?token=t0k3n",
        ),
        (
            "typebot.change-status",
            &["data", "session", "parameters", "apiKey"],
            "B6D711FCDE4D4FD5936544120E713976",
        ),
        ("messages.edited.key_share", &["data", "appStateSyncKeyShare"], "ChaveDeExemplo=="),
    ] {
        let body = fixtures::json(&text(fixture));
        let value = path.iter().fold(&body, |value, name| &value[*name]);
        assert!(value.to_string().contains(secret), "{fixture}");
        let envelope = envelope(fixture);
        let shown = format!("{envelope:?} {envelope:#?}");
        assert!(!shown.contains(secret), "{fixture}: {shown}");
        assert!(serde_json::to_string(&envelope).unwrap().contains(secret), "{fixture}");
    }
}

/// Only 2xx ends a delivery of every version, but these do for 2.3.
#[test]
fn answers_end_deliveries_as_measured() {
    use zaphook::{Evolution, Gateway};
    let schedule = &Evolution::RETRIES[0];
    let repeats = |code| schedule.repeats_after(http::StatusCode::from_u16(code).unwrap());
    for code in [400, 401, 403, 404, 422, 301, 302, 303, 200, 202, 204] {
        assert!(!repeats(code), "{code}");
    }
    for code in [304, 307, 308, 408, 409, 410, 413, 429, 500, 503] {
        assert!(repeats(code), "{code}");
    }
    // A body above the limit would come ten times after a 413, and after a 422
    // from other versions.
    let too_large = super::receiver().too_large();
    assert_eq!((too_large.status().as_u16(), too_large.outcome().as_str()), (200, "too_large"));
    // 1,150 to 1,471 s were measured.
    let seconds = |time: Option<std::time::Duration>| time.unwrap().as_secs();
    assert_eq!((seconds(schedule.horizon()), seconds(schedule.longest_horizon())), (1215, 1728));
}
