//! What breaks naive parsers, by the numbers of the list of quirks.

use serde_json::json;
use zaphook::eazewa::{Ack, Event, MessageType};
use zaphook::{Answer, EazeWa, Gateway};

use super::{at, envelope, event, message, receive, receiver, text};
use crate::fixtures;

#[test]
fn quirk_1_a_payload_may_be_missing() {
    for event in ["authenticated", "auth_failure", "ready", "disconnected", "change_state"] {
        let body = match event {
            "authenticated" | "ready" => text(event),
            _ => text(&format!("{event}.absent")),
        };
        assert!(fixtures::json(&body).get("data").is_none(), "{event}");
        for body in [
            body,
            text(&format!("{event}.null")),
            text(&format!("{event}.object")),
            text(&format!("{event}.list")),
        ] {
            let report = receive(&body);
            assert_eq!((report.recognition, report.event.as_str()), ("known", event), "{body}");
            assert!(report.set_aside.is_empty(), "{body}");
        }
    }
    let Event::AuthFailure(failure) = event("auth_failure.text") else { panic!() };
    assert_eq!(failure.message.as_deref(), Some("ERR: unable to log in"));
    let Event::AuthFailure(object) = event("auth_failure") else { panic!() };
    assert_eq!(failure, object);
    let Event::AuthFailure(nothing) = event("auth_failure.list") else { panic!() };
    assert_eq!(nothing.message, None);
    let Event::LoadingScreen(loading) = event("loading_screen.bare") else { panic!() };
    assert_eq!((loading.percent, loading.message), (None, None));
}

#[test]
fn quirk_2_an_unknown_name_is_an_event() {
    let report = receive(&text("chat_pinned.unknown"));
    assert_eq!((report.recognition, report.event.as_str()), ("unknown", "chat_pinned"));
    assert_eq!((report.key, report.message_key), (None, None));
    assert_eq!(report.account.as_deref(), Some("33"));
}

#[test]
fn quirk_3_message_is_an_object_a_text_or_missing() {
    assert!(matches!(event("message_edit"), Event::MessageEdit(_)));
    assert!(matches!(event("loading_screen"), Event::LoadingScreen(_)));
    let Event::MessageRevokeEveryone(_) = event("message_revoke_everyone.alone") else { panic!() };
    let report = receive(&at(&text("message.plain"), "/data/message", Some(json!("WhatsApp"))));
    assert_eq!(report.malformed.as_deref(), Some("data.message"));
}

#[test]
fn quirk_4_an_id_may_lack_its_text() {
    for (fixture, id) in [
        ("message.id_dollar", "false_180000000000042@lid_3A77C1D2E3F405162738"),
        (
            "message.id_parts",
            "false_120363111111111111@g.us_3A19283746556473829B_5511888880002@c.us",
        ),
        ("message.id_text", "false_5511999990001@c.us_3EB09F8E7D6C5B4A3954"),
        ("message.id_remote_object", "false_5511999990001@c.us_3EB09F8E7D6C5B4A3955"),
        ("message_create.to_oneself", "true_5511888880001@c.us_3EB09F8E7D6C5B4A3956_out"),
    ] {
        assert_eq!(message(fixture).id, id, "{fixture}");
    }
    // With its text, with `$1`, or with its parts alone: one id, one key.
    let body = text("message.plain");
    let whole = receive(&body);
    let serialised = fixtures::json(&body)["data"]["message"]["id"]["_serialized"].clone();
    let parts = at(&body, "/data/message/id/_serialized", None);
    let dollar = at(&parts, "/data/message/id/$1", Some(serialised.clone()));
    let alone = at(&body, "/data/message/id", Some(serialised));
    for other in [parts, dollar, alone] {
        let report = receive(&other);
        assert_eq!((&report.key, &report.message_key), (&whole.key, &whole.message_key));
        fixtures::assert_written_back("id", &other, &report.written, &[]);
    }
}

#[test]
fn quirk_5_addresses_are_texts_or_objects() {
    let group = message("message.group");
    let mentioned = group.mentioned_ids.unwrap();
    assert_eq!(
        (mentioned[0].as_str(), mentioned[1].as_str()),
        ("5511888880001@c.us", "5511999990002@c.us")
    );
    assert_eq!(message("message.id_parts").id.participant().unwrap(), "5511888880002@c.us");
    let Event::Call(call) = event("call.library_1_34") else { panic!() };
    assert_eq!(call.call.from.unwrap(), "180000000000042@lid");
    assert_eq!(call.call.participants.unwrap().as_str(), r#"{"0":"180000000000042@lid"}"#);
    let Event::GroupJoin(join) = event("group_join.invite") else { panic!() };
    assert_eq!(join.notification.recipient_ids.unwrap()[0], "5511999990002@c.us");
    let Event::VoteUpdate(vote) = event("vote_update.unknown_poll") else { panic!() };
    assert_eq!(vote.vote.voter, "180000000000042@lid");
}

#[test]
fn quirk_6_a_message_secret_is_a_list_or_an_object() {
    let poll = message("message.type_poll_creation");
    let list = poll.message_secret.unwrap();
    let object: zaphook::wire::LazyBytes = poll.data.unwrap().read("messageSecret").unwrap();
    assert_eq!(list, object);
    let secret: Vec<u8> = (100..132).collect();
    assert_eq!(list.decode().unwrap(), secret);
    let lists = message("message.lists_as_objects");
    assert_eq!(lists.message_secret.unwrap().decode().unwrap().len(), 32);
    assert_eq!(lists.mentioned_ids.unwrap().len(), 2);
    assert!(lists.v_cards.unwrap().is_empty());
}

#[test]
fn quirk_7_seconds_fractions_and_milliseconds() {
    let time = |fixture: &str| receive(&text(fixture)).happened_at.unwrap();
    assert_eq!(time("message.plain"), "2026-02-10T14:23:45+00:00");
    assert_eq!(time("message_reaction.sample"), "2026-02-10T14:24:01.123+00:00");
    assert_eq!(time("message_reaction.removed"), "2026-02-10T14:24:10+00:00");
    assert_eq!(time("vote_update.withdrawn"), "2026-02-10T14:24:40.321+00:00");
}

#[test]
fn quirk_8_numbers_are_texts_and_texts_numbers() {
    let odd = message("message.numbers_as_text");
    assert_eq!(
        (odd.ack, odd.forwarding_score, odd.duration),
        (Some(Ack::Server), Some(5), Some(4.0))
    );
    let location = odd.location.unwrap();
    assert_eq!((location.latitude, location.longitude), (Some(-23.5), Some(-46.0)));
    assert_eq!(odd.timestamp, message("message.plain").timestamp);
    assert_eq!(message("message.media_failed").duration, Some(31.0));
    assert_eq!(message("message.type_location").location.unwrap().latitude, Some(-23.0));
    let Event::LoadingScreen(loading) = event("loading_screen.percent_text") else { panic!() };
    assert_eq!(loading.percent, Some(99));
}

#[test]
fn quirk_9_an_ack_may_be_negative_null_absent_or_unheard_of() {
    let ack = |fixture: &str| match event(fixture) {
        Event::MessageAck(event) => event.ack().cloned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(ack("message_ack.error"), Some(Ack::Error));
    assert_eq!(ack("message_ack.null"), None);
    let beyond = ack("message_ack.beyond").unwrap();
    assert_eq!((beyond.as_i64(), beyond.is_known()), (5, false));
    let Event::MessageReaction(removed) = event("message_reaction.removed") else { panic!() };
    assert_eq!((removed.reaction.ack.clone(), removed.reaction.is_removed()), (None, true));
}

#[test]
fn quirk_10_the_body_of_the_model_is_a_thumbnail() {
    let image = message("message.type_image");
    assert_eq!(image.body.as_deref(), Some("O prato do dia"));
    let model = image.data.unwrap();
    assert_eq!(model.caption(), image.body);
    let thumbnail: zaphook::wire::LazyBytes = model.read("body").unwrap();
    assert!(thumbnail.decode().unwrap().starts_with(&[0xFF, 0xD8]));
    let video = message("message.type_video");
    assert_eq!((video.body.as_deref(), video.has_media), (Some(""), Some(true)));
}

#[test]
fn quirk_12_texts_cut_inside_a_character_take_nothing_with_them() {
    for (fixture, repaired) in [
        ("cut/message.body", true),
        ("cut/message.notify_name", false),
        ("cut/message.dump", false),
        ("cut/message.dump_name", false),
        ("cut/message.both", true),
    ] {
        let body = text(fixture);
        assert!(serde_json::from_str::<serde_json::Value>(&body).is_err(), "{fixture}");
        let report = receive(&body);
        assert_eq!((report.recognition, report.repaired), ("known", repaired), "{fixture}");
        assert_eq!(report.set_aside.len(), 0, "{fixture}");
        assert!(report.key.is_some() && report.payload.unwrap().contains(r"\ud83d"), "{fixture}");
        // A dump is the same to the byte unless something was repaired.
        assert_eq!(report.written.contains(r"\ud83d"), !repaired, "{fixture}");
        let message = message(fixture);
        assert_eq!(message.message_type, Some(MessageType::Chat));
        if fixture.ends_with("body") || fixture.ends_with("both") {
            assert_eq!(message.body.as_deref(), Some("Até logo \u{fffd}"));
        }
        if fixture.ends_with("notify_name") || fixture.ends_with("both") {
            assert_eq!(message.data.unwrap().notify_name().as_deref(), Some("Ana \u{fffd}"));
        } else {
            assert_eq!(message.data.unwrap().notify_name().as_deref(), Some("Ana Exemplo"));
        }
    }
}

#[test]
fn quirk_13_escaped_slashes_and_pairs() {
    let body = text("message.escaped");
    assert!(body.contains(r"https:\/\/") && body.contains(r"\ud83c\udf7d"));
    let Event::Message(new) = event("message.escaped") else { panic!() };
    assert_eq!(new.message.body.as_deref(), Some("Veja https://example.org/a 🍽️ “ok”"));
    let Event::Message(plain) = event("message") else { panic!() };
    assert_eq!(new.media.unwrap().data, plain.media.unwrap().data);
}

#[test]
fn quirk_14_what_was_deleted() {
    for (fixture, deleted) in [
        ("message_revoke_everyone", "false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"),
        ("message_revoke_everyone.before_null", "false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"),
        (
            "message_revoke_everyone.before_overwritten",
            "false_5511999990001@c.us_3EB09F8E7D6C5B4A3921",
        ),
        ("message_revoke_everyone.alone", "false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"),
    ] {
        let Event::MessageRevokeEveryone(revoke) = event(fixture) else { panic!() };
        assert_eq!(*revoke.deleted(), deleted, "{fixture}");
        let report = receive(&text(fixture));
        assert_eq!(report.message_key.unwrap(), format!("eazewa/33/message_id/{deleted}"));
        assert_eq!(
            report.key.unwrap(),
            format!("eazewa/33/message_revoke_everyone/{}", revoke.after.id)
        );
    }
}

#[test]
fn chats_and_senders() {
    for (fixture, chat, sender) in [
        ("message.plain", "5511999990001@c.us", Some("5511999990001@c.us")),
        ("message.group", "120363111111111111@g.us", Some("180000000000042@lid")),
        ("message.legacy_group", "5511888880001-1500000000@g.us", Some("5511999990001@c.us")),
        ("message.status", "status@broadcast", Some("5511999990001@c.us")),
        ("message.channel", "120363222222222222@newsletter", Some("120363222222222222@newsletter")),
        ("message.announcement", "0@c.us", Some("0@c.us")),
        // The account's own, also where its address is there.
        ("message_create.own_in_group", "120363111111111111@g.us", None),
        ("message_create.to_oneself", "5511888880001@c.us", None),
        // Since July 2026 the id may be all there is.
        ("message.id_only", "5511999990001@c.us", Some("5511999990001@c.us")),
        ("message.id_only_group", "120363111111111111@g.us", Some("5511888880002@c.us")),
        ("message_create.id_only", "5511999990001@c.us", None),
    ] {
        let message = message(fixture);
        assert_eq!(message.chat().unwrap(), chat, "{fixture}");
        assert_eq!(message.sender().map(|jid| jid.as_str()), sender, "{fixture}");
        assert!(message.chat().unwrap().same_user(message.id.chat().unwrap()), "{fixture}");
    }
    // A group that names no author has not written it: the id names one.
    let body = at(&text("message.group"), "/data/message/author", None);
    let bare = json!("3A19283746556473829B");
    let body = at(&body, "/data/message/id", Some(bare));
    let delivery = zaphook::Delivery::<EazeWa>::parse_trusted(body).unwrap();
    let message = delivery.event().message().unwrap();
    assert_eq!((message.sender(), message.chat().unwrap().is_group()), (None, true));
}

#[test]
fn times_ids_and_parts_that_are_not_as_documented() {
    let milliseconds = receive(&text("message.milliseconds"));
    assert_eq!(milliseconds.happened_at.as_deref(), Some("2026-02-10T14:23:45.678+00:00"));
    assert!(envelope("message.milliseconds").has_rescaled_times());
    assert!(!envelope("message.plain").has_rescaled_times());
    // There is no other time that could stand in.
    let odd = at(&text("message.plain"), "/data/message/timestamp", Some(json!(42)));
    assert_eq!(receive(&odd).happened_at, None);
    let zero = at(&text("message.plain"), "/data/message/timestamp", Some(json!(0)));
    assert_eq!((receive(&zero).happened_at, receive(&zero).set_aside.len()), (None, 0));

    let Event::Call(call) = event("call.unidentified") else { panic!() };
    assert_eq!((call.call.id, call.call.is_video), (None, Some(true)));
    let Event::Call(call) = event("call.number_id") else { panic!() };
    assert_eq!(call.call.id.as_deref(), Some("1770733480"));
    assert!(receive(&text("call.number_id")).written.contains(r#""id":1770733480,"#));
    let order = message("message.number_ids");
    assert_eq!(order.order_id.as_deref(), Some("654321"));
    assert!(receive(&text("message.number_ids")).written.contains(r#""orderId":654321"#));
    // A message's id as a number.
    let body = at(&text("message.plain"), "/data/message/id", Some(json!(123)));
    let report = receive(&body);
    assert_eq!(report.key.as_deref(), Some("eazewa/33/message/123"));
    assert!(report.written.contains(r#""id":123,"#) && report.set_aside.is_empty());
}

#[test]
fn any_answer_is_the_last_word_and_silence_is_repeated() {
    let [schedule] = EazeWa::RETRIES else { panic!() };
    assert_eq!((schedule.attempts(), schedule.horizon()), (None, None));
    assert!(schedule.delays().take(1000).all(|delay| delay.as_secs() == 3));
    for status in [200, 204, 301, 400, 401, 404, 413, 429, 500, 503] {
        assert!(!schedule.repeats_after(http::StatusCode::from_u16(status).unwrap()), "{status}");
    }
    assert!(schedule.may_be_last(std::time::Duration::ZERO));
    assert_eq!(Answer::failed(schedule).status(), 200);
    assert_eq!((schedule.lease().as_secs(), schedule.retention().as_secs()), (60, 24 * 3600));
    assert_eq!(receiver().body_limit(), 32 * 1024 * 1024);
}
