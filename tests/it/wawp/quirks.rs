//! What breaks strict parsers, one by one.

use http::StatusCode;
use serde_json::{Value, json};
use zaphook::wawp::{Ack, AckName, Engine, EngineTime, Event, Metadata, SessionState};
use zaphook::{Answer, Gateway, Head, MemoryStore, Receiver, Request, Wawp, testing};

use super::{SUBJECT, envelope, event, receive, receiver, text, time};
use crate::fixtures::{self, with};
use crate::gateways::secret;

#[test]
fn quirk_1_one_field_has_several_types() {
    let place = |fixture: &str| {
        let Event::Message(message) = event(fixture) else { panic!() };
        let place = message.location.unwrap();
        (place.latitude, place.longitude)
    };
    for fixture in ["message.location_webjs", "message.location_noweb", "message.wawp"] {
        assert_eq!(place(fixture), (Some(-23.5505), Some(-46.6333)), "{fixture}");
    }
    // Lists as objects with numbers for names are written back as they came.
    let Event::Message(message) = event("message.wawp") else { panic!() };
    assert_eq!(message.v_cards.as_ref().unwrap().len(), 2);
    assert!(receive(&text("message.wawp")).written.contains(r#""vCards":{"0":"#));
    let Event::GroupV2Leave(leave) = event("group.v2.leave.wawp") else { panic!() };
    assert_eq!(leave.participants.as_ref().unwrap()[0].id, "5511999990001@c.us");
    assert!(
        receive(&text("group.v2.leave.wawp")).written.contains(r#"{"0":"5511999990001@c.us"}"#)
    );
    let body = with(&text("group.v2.leave.wawp"), &["payload", "participants"], Some(json!({})));
    assert!(receive(&body).set_aside.is_empty());

    // An empty object that became an empty list.
    assert_eq!(envelope("session.status.signed_out").metadata, Some(Metadata::default()));
    let Event::Message(message) = event("message.webjs_empty") else { panic!() };
    assert_eq!(message.engine_data.unwrap().as_str(), "[]");
    let body = with(&text("message.webjs"), &["metadata"], Some(json!([7])));
    assert_eq!(receive(&body).set_aside, ["metadata"]);

    let Event::StateChange(word) = event("state.change.word") else { panic!() };
    assert_eq!(word.word().as_deref(), Some("CONNECTED"));
    let Event::GroupJoin(notice) = event("group.join") else { panic!() };
    assert_eq!(notice.id.id(), Some("1234567890"));
    assert!(receive(&text("group.join")).written.contains(r#""id":{"fromMe":false,"#));
}

#[test]
fn quirk_2_missing_null_and_empty() {
    for fixture in ["message.webjs_empty", "message.noweb_empty", "message.gows_empty"] {
        let Event::Message(message) = event(fixture) else { panic!() };
        assert_eq!(message.body.as_deref().unwrap_or_default(), "", "{fixture}");
        assert!(message.v_cards.as_ref().is_none_or(|cards| cards.is_empty()), "{fixture}");
        assert!(message.reply_to.is_none() && message.location.is_none(), "{fixture}");
        assert_eq!(message.participant, None, "{fixture}");
        assert!(message.chat().is_some_and(|chat| chat == "5511999990001@c.us"), "{fixture}");
    }
    assert_eq!(envelope("session.status.signed_out").me, None);
    let me = envelope("session.status.empty_lid").me.unwrap();
    assert_eq!((me.lid, me.push_name, me.jid), (None, None, None));
    assert_eq!(envelope("session.status.no_push_name").me.unwrap().push_name, None);

    let error = |fixture: &str| {
        let Event::Message(message) = event(fixture) else { panic!() };
        let media = message.media.unwrap();
        (media.error.is_some(), media.error_details().map(|details| details.into_owned()))
    };
    assert_eq!(error("message.media_fine"), (false, None));
    assert_eq!(error("message.wawp"), (false, None));
    assert_eq!(error("message.media_failed"), (true, Some("no space left on device".into())));
    let Event::Message(off) = event("message.media_switched_off") else { panic!() };
    assert_eq!((off.has_media, off.media), (Some(true), None));

    for fixture in ["label.chat.added.gows", "label.chat.added.wawp"] {
        let Event::LabelChatAdded(added) = event(fixture) else { panic!() };
        assert_eq!(added.label, None, "{fixture}");
    }
}

#[test]
fn quirk_3_the_unit_of_a_time_is_that_of_its_field_and_engine() {
    let at = |fixture: &str| envelope(fixture).happened_at();
    let moment = Some(time("2026-02-10T14:23:44Z"));
    for fixture in [
        "message.webjs",
        "message.reaction.noweb",
        "group.v2.join",
        "group.v2.join.webjs",
        "group.v2.join.gows",
        "poll.vote",
        "poll.vote.webjs",
        "poll.vote.failed",
        "poll.vote.failed.gows",
        "chat.archive",
        "session.status.bare",
    ] {
        assert_eq!(at(fixture), moment, "{fixture}");
    }
    assert_eq!(at("message.reaction"), Some(time("2026-02-10T14:23:44.853Z")));
    assert_eq!(at("call.received"), Some(time("2026-02-10T14:23:44.250Z")));
    assert_eq!(at("session.status"), Some(time("2026-02-10T14:23:44.333Z")));
    // Without a time of its own, the server's.
    for fixture in ["message.noweb_empty", "chat.archive.untimed", "message.ack.wawp"] {
        assert_eq!(at(fixture), Some(time("2026-02-10T14:23:45.678Z")), "{fixture}");
    }

    // By the engine, and nothing from one whose unit nobody has published; but
    // a number that makes no sense in that unit is read in the other one.
    let Event::GroupV2Join(join) = event("group.v2.join") else { panic!() };
    assert_eq!(join.happened_at(&Engine::Noweb), moment);
    assert_eq!(join.happened_at(&Engine::Gows), moment);
    assert_eq!(join.happened_at(&Engine::Webjs), moment);
    assert_eq!(join.happened_at(&Engine::Wpp), moment);
    for engine in [Engine::Venom, Engine::NowebMobile, Engine::from("NEXT")] {
        assert_eq!(join.happened_at(&engine), None, "{engine}");
    }
    assert_eq!(join.timestamp.as_ref().unwrap().as_str(), "1770733424000");
    let Event::PollVoteFailed(vote) = event("poll.vote.failed") else { panic!() };
    assert_eq!(vote.voted_at(&Engine::Noweb), moment);
    assert_eq!(vote.voted_at(&Engine::Gows), moment);
    assert_eq!(vote.voted_at(&Engine::Webjs), None);

    // GOWS may name the engine in `environment` only.
    let body = text("group.v2.join.webjs");
    for (engine, inner, at) in [
        (json!("WPP"), Value::Null, "2026-02-10T14:23:44+00:00"),
        (Value::Null, json!("WEBJS"), "2026-02-10T14:23:44+00:00"),
        (json!("VENOM"), json!("WEBJS"), "2026-02-10T14:23:45.678+00:00"),
        (Value::Null, Value::Null, "2026-02-10T14:23:45.678+00:00"),
    ] {
        let body = with(&body, &["engine"], Some(engine));
        let report = receive(&with(&body, &["environment", "engine"], Some(inner)));
        assert_eq!(report.happened_at.as_deref(), Some(at));
    }
    let time_of = |json: &str| serde_json::from_str::<EngineTime>(json);
    for json in ["1770733424", "\"1770733424\"", "1770733424.5", r#"{"low":1770733424,"high":0}"#] {
        let time = time_of(json).unwrap();
        assert_eq!(time.as_seconds().unwrap().timestamp(), 1_770_733_424, "{json}");
        assert_eq!(serde_json::to_string(&time).unwrap(), json);
    }
    for json in ["null", "true", "\"soon\"", "[]", "{}", "9223372036854775807"] {
        assert!(time_of(json).is_err(), "{json}");
    }
}

#[test]
fn quirk_3_a_time_in_the_wrong_unit_is_read_as_meant_and_marked() {
    for (fixture, at, marked) in [
        ("message.reaction.wpp", "2026-02-10T14:23:50.250Z", true),
        ("poll.vote.seconds", "2026-02-10T14:24:30Z", true),
        ("group.v2.participants.wpp", "2026-02-10T14:23:44Z", false),
        ("group.v2.leave.wpp", "2026-02-10T14:23:44Z", false),
        ("group.v2.update.environment", "2026-02-10T14:23:44Z", false),
        ("group.v2.participants.join-request", "2026-02-10T14:23:44Z", false),
        ("group.v2.participants.join-request.revoked", "2026-02-10T14:23:44Z", false),
        ("group.v2.participants.join-request.rejected", "2026-02-10T14:23:44Z", false),
        // No time, or one that cannot be: the envelope's.
        ("message.zero_time", "2026-02-10T14:23:45.678Z", false),
        ("message.odd_time", "2026-02-10T14:23:45.678Z", false),
    ] {
        let report = receive(&text(fixture));
        let found = report.happened_at.as_deref().map(time);
        assert_eq!(found, Some(time(at)), "{fixture}");
        assert_eq!(envelope(fixture).has_rescaled_times(), marked, "{fixture}");
    }
    let Event::MessageReaction(reaction) = event("message.reaction.wpp") else { panic!() };
    assert_eq!(reaction.timestamp, Some(time("2026-02-10T14:23:50.250Z")));
    assert!(reaction.engine_data.is_some());
    let Event::PollVote(vote) = event("poll.vote.seconds") else { panic!() };
    assert_eq!(vote.vote.timestamp, Some(time("2026-02-10T14:24:30Z")));
    // Marked also where the unit is the engine's.
    let body = with(&text("group.v2.leave.wpp"), &["engine"], Some(json!("GOWS")));
    let request = testing::wawp(&secret(), body);
    let delivery = receiver().receive(&Request::from(&request)).unwrap();
    assert!(delivery.has_rescaled_times());
    assert_eq!(delivery.happened_at(), Some(time("2026-02-10T14:23:44Z")));
    // By the clock of who received it: a day ahead is a clock, more is not.
    let body = with(&text("message.noweb"), &["payload", "timestamp"], Some(json!(1_770_900_000)));
    let request = testing::wawp(&secret(), body);
    let head = zaphook::Head::new(request.headers()).received_at(time("2026-02-10T14:23:46Z"));
    let delivery = receiver().receive(&head.with_body(request.body().clone())).unwrap();
    assert_eq!(delivery.happened_at(), Some(time("2026-02-10T14:23:45.678Z")));
}

#[test]
fn the_engine_is_named_in_either_place() {
    let engine = |fixture: &str| envelope(fixture).engine().cloned();
    assert_eq!(envelope("group.v2.update.environment").engine, None);
    assert_eq!(engine("group.v2.update.environment"), Some(Engine::Gows));
    assert_eq!(engine("message.webjs"), Some(Engine::Webjs));
    assert_eq!(engine("session.status.bare"), None);
}

#[test]
fn requests_to_join_are_events() {
    use zaphook::wawp::{JoinRequestAction, JoinRequestMethod};

    let request = |fixture: &str| match event(fixture) {
        Event::GroupV2JoinRequest(request) => *request,
        other => panic!("{}", other.name()),
    };
    let created = request("group.v2.participants.join-request");
    assert_eq!(created.action, Some(JoinRequestAction::Created));
    assert_eq!(created.request_method, Some(JoinRequestMethod::InviteLink));
    assert_eq!(created.chat().unwrap(), "120363000000000001@g.us");
    assert_eq!(created.requester_phone(), Some("5511999990001"));
    let revoked = request("group.v2.participants.join-request.revoked");
    assert_eq!(revoked.action, Some(JoinRequestAction::Revoked));
    assert_eq!(revoked.request_method, Some(JoinRequestMethod::NonAdminAdd));
    assert_eq!(revoked.requester_phone(), Some("5511999990001"));
    let rejected = request("group.v2.participants.join-request.rejected");
    assert_eq!(rejected.action, Some(JoinRequestAction::Rejected));
    assert_eq!(rejected.request_method, Some(JoinRequestMethod::LinkedGroupJoin));
    assert_eq!(rejected.requester_phone(), None);
}

#[test]
fn ids_may_be_numbers_and_missing() {
    let Event::LabelChatAdded(added) = event("label.chat.added.numbers") else { panic!() };
    assert_eq!(added.label_id, "6");
    let label = added.label.unwrap();
    assert_eq!((label.id.as_deref(), label.hex()), (Some("6"), Some("#dfe5e7")));
    assert_eq!((label.color_index, label.count), (Some(3), Some(12)));
    assert_eq!(label.predefined_id.as_deref(), Some("2"));
    let Event::LabelUpsert(label) = event("label.upsert.numbers") else { panic!() };
    assert_eq!((label.label_id(), label.hex()), (Some("6"), Some("#dfe5e7")));
    let written = receive(&text("label.chat.added.numbers")).written;
    assert!(written.contains(r#""labelId":6"#) && written.contains(r#""id":6"#), "{written}");

    let report = receive(&text("message.number_id"));
    assert!(report.written.contains(r#""payload":{"id":123,"#), "{}", report.written);
    let Event::Message(message) = event("message.number_id") else { panic!() };
    assert_eq!(message.id.id(), Some("123"));

    let Event::CallRejected(call) = event("call.rejected.unidentified") else { panic!() };
    assert_eq!((call.id, call.from.is_some()), (None, true));
    let Event::EngineEvent(engine) = event("engine.event.session") else { panic!() };
    assert_eq!(engine.session.as_deref(), Some("default"));
    let Event::EventResponse(response) = event("event.response") else { panic!() };
    let key = response.event_creation_key.unwrap();
    assert_eq!(key.participant.unwrap(), "5511888880001@c.us");
}

#[test]
fn quirk_4_the_number_and_the_name_of_a_receipt_may_disagree() {
    let receipt = |fixture: &str| match event(fixture) {
        Event::Message(message) => {
            (message.ack.clone(), message.ack_name.clone(), message.receipt())
        }
        Event::MessageAck(ack) => (ack.ack.clone(), ack.ack_name.clone(), ack.receipt()),
        other => panic!("{}", other.name()),
    };
    assert_eq!(
        receipt("message.wawp"),
        (Some(Ack::Error), Some(AckName::Pending), Some(Ack::Pending))
    );
    assert_eq!(receipt("message.gows"), (None, Some(AckName::Pending), Some(Ack::Pending)));
    assert_eq!(receipt("message.noweb_empty"), (None, Some(AckName::Unknown), None));
    assert_eq!(receipt("message.ack.unnamed"), (Some(Ack::Device), None, Some(Ack::Device)));
    assert_eq!(receipt("message.ack.unknown_name"), (None, Some(AckName::Unknown), None));
    assert_eq!(receipt("message.ack.error").2, Some(Ack::Error));
    let (number, name, level) = receipt("message.ack.new_name");
    assert_eq!((number.as_ref().unwrap().as_i64(), name.unwrap().as_str()), (5, "SAVED"));
    assert_eq!(level, number);

    use Ack::{Device, Error, Pending, Played, Read, Server};
    let order = [Ack::from(9), Pending, Server, Error, Device, Read, Played];
    for (newer, ack) in order.iter().enumerate() {
        for (older, than) in order.iter().enumerate() {
            assert_eq!(ack.supersedes(than), newer > older, "{ack:?} {than:?}");
        }
    }
    for (word, ack) in [
        ("ERROR", Error),
        ("PENDING", Pending),
        ("SERVER", Server),
        ("DEVICE", Device),
        ("READ", Read),
        ("PLAYED", Played),
    ] {
        assert_eq!(AckName::from(word).ack(), Some(ack), "{word}");
    }
}

#[test]
fn quirk_5_from_is_not_the_sender_and_to_not_the_receiver() {
    let Event::Message(message) = event("message.gows_group") else { panic!() };
    assert_eq!(message.from.as_ref().unwrap(), "120363000000000001@g.us");
    assert_eq!(message.to.as_ref().unwrap(), "5511999990001@c.us");
    let Event::MessageAny(own) = event("message.any.gows") else { panic!() };
    assert_eq!(own.from.as_ref().unwrap(), "5511999990001@c.us");
    assert!(own.is_from_me() && own.to.is_none() && own.sender().is_none());

    // Without its participant a group's message has it in the id, or nobody.
    let Event::Message(legacy) = event("message.no_participant") else { panic!() };
    assert!(legacy.sender().is_some_and(|sender| sender == "5511999990001@c.us"));
    let body = text("message.gows_group");
    let bare = with(&body, &["payload", "id"], Some(json!("3A00112233445566778A")));
    let nobody = with(&bare, &["payload", "participant"], Some(json!("")));
    let Event::Message(nobody) =
        zaphook::wawp::Envelope::parse_trusted(nobody.as_bytes()).unwrap().event
    else {
        panic!()
    };
    assert_eq!(nobody.sender(), None);
    assert!(nobody.chat().is_some_and(|chat| chat.is_group()));

    let Event::Message(story) = event("message.story") else { panic!() };
    assert!(story.chat().is_some_and(|chat| chat == "status@broadcast"));
    assert_eq!(story.sender_phone().as_deref(), Some("5511999990001"));
    let Event::Message(channel) = event("message.channel") else { panic!() };
    assert!(channel.chat().is_some_and(|chat| chat == "120363000000000002@newsletter"));
    assert_eq!((channel.sender(), channel.sender_phone()), (None, None));
    let Event::Message(service) = event("message.service") else { panic!() };
    assert!(service.sender().is_some_and(|sender| sender == "0@c.us"));
    assert_eq!(service.sender_phone(), None);
    let Event::MessageAny(to_self) = event("message.any.to_self") else { panic!() };
    assert!(
        to_self.is_from_me() && to_self.chat().is_some_and(|chat| chat == "5511888880001@c.us")
    );
}

#[test]
fn quirk_6_a_hidden_sender_may_have_no_phone_number() {
    let phone = |body: &str| {
        let envelope = zaphook::wawp::Envelope::parse_trusted(body.as_bytes()).unwrap();
        let Event::Message(message) = envelope.event else { panic!() };
        message.sender_phone().map(|phone| phone.into_owned())
    };
    let hidden = text("message.gows_hidden");
    assert_eq!(phone(&hidden).as_deref(), Some("5511999990001"));
    let info = &["payload", "_data", "Info", "SenderAlt"];
    for alternative in [json!(""), json!("100000000000001@lid"), json!(7), Value::Null] {
        assert_eq!(phone(&with(&hidden, info, Some(alternative))), None);
    }
    assert_eq!(phone(&with(&hidden, &["payload", "_data"], None)), None);
    // The other way round nothing is taken for a number that is none.
    assert_eq!(phone(&text("message.noweb")).as_deref(), Some("5511999990001"));
    let Event::PollVote(vote) = event("poll.vote.group_hidden") else { panic!() };
    assert!(vote.sender().is_some_and(|sender| sender == "100000000000001@lid"));
    assert_eq!(vote.sender_phone().as_deref(), Some("5511999990001"));
    let Event::Message(message) = event("message.webjs") else { panic!() };
    assert_eq!(message.sender_name().as_deref(), Some("Ana Exemplo"));
    for fixture in ["message.noweb", "message.gows"] {
        let Event::Message(message) = event(fixture) else { panic!() };
        assert_eq!(message.sender_name().as_deref(), Some("Ana Exemplo"), "{fixture}");
    }
    let Event::MessageAny(own) = event("message.any") else { panic!() };
    assert_eq!(own.sender_name(), None);
}

#[test]
fn quirk_7_me_devices_bare_ids_and_contradictions() {
    let Event::PollVote(vote) = event("poll.vote.own") else { panic!() };
    assert_eq!(vote.vote.from.as_ref().unwrap(), "me");
    assert!(vote.is_from_me() && vote.sender().is_none());
    assert!(vote.chat().is_some_and(|chat| chat == "5511999990001@c.us"));
    let Event::MessageReaction(reaction) = event("message.reaction") else { panic!() };
    assert_eq!(reaction.participant.as_ref().unwrap().device(), Some(7));
    assert_eq!(reaction.sender_phone().as_deref(), Some("5511999990001"));

    let Event::Message(reply) = event("message.reply_bare") else { panic!() };
    assert!(reply.reply_to.unwrap().id.unwrap().is_bare());
    let Event::Message(opaque) = event("message.opaque_id") else { panic!() };
    assert_eq!(opaque.id.as_str(), "msg_abc123");
    assert!(opaque.chat().is_some_and(|chat| chat == "5511999990001@c.us"));
    assert_eq!(
        receive(&text("message.opaque_id")).key.unwrap(),
        "wawp/default/message/event/evt_1234567890"
    );

    let Event::MessageAckGroup(ack) = event("message.ack.group") else { panic!() };
    assert_eq!((ack.from_me, ack.id.from_me(), ack.is_from_me()), (Some(false), Some(true), true));
}

#[test]
fn quirk_8_messages_without_content() {
    let Event::Message(message) = event("message.gows_empty") else { panic!() };
    assert_eq!((message.body.as_ref(), message.media.is_none()), (None, true));
    assert!(message.engine_data.as_ref().unwrap().as_str().contains("messageContextInfo"));
    let Event::MessageAny(message) = event("message.any.undecrypted_edit") else { panic!() };
    assert_eq!(message.body, None);
    let Event::MessageWaiting(waiting) = event("message.waiting") else { panic!() };
    assert_eq!((waiting.ack.as_ref(), waiting.receipt()), (None, None));
}

#[test]
fn quirk_9_new_keys_and_new_words() {
    let body = text("session.status.new_word");
    let Event::SessionStatus(status) = event("session.status.new_word") else { panic!() };
    assert_eq!(status.status, "LOGGING_OUT");
    assert!(!status.status.is_known() && SessionState::from("WORKING").is_known());
    for path in [&["next"][..], &["me", "next"], &["payload", "next"], &["environment", "next"]] {
        let report = receive(&with(&body, path, Some(json!({"a": [1]}))));
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{path:?}");
    }
    for (path, word) in [(&["engine"][..], "NEXT"), (&["environment", "tier"], "GOLD")] {
        let report = receive(&with(&body, path, Some(json!(word))));
        assert!(report.set_aside.is_empty() && report.written.contains(word), "{path:?}");
    }
    let Event::Unknown(unknown) = event("message.pinned.unknown") else { panic!() };
    assert_eq!(unknown.name(), "message.pinned");
    assert!(unknown.payload().unwrap().as_str().contains("[\n      1.0,"));
}

#[test]
fn quirk_10_large_and_deep_bodies() {
    assert_eq!((Wawp::BODY_LIMIT, receiver().body_limit()), (32 * 1024 * 1024, 32 * 1024 * 1024));
    let deep = format!("{}1{}", r#"{"quotedMessage":"#.repeat(200), "}".repeat(200));
    let history = format!(r#"[{}]"#, vec![r#"{"conversation":"Oi"}"#; 20_000].join(","));
    for dump in [deep, history] {
        for fixture in ["message.noweb", "engine.event"] {
            let member = if fixture == "engine.event" { "data" } else { "_data" };
            let marked = with(&text(fixture), &["payload", member], Some(json!("DUMP")));
            let report = receive(&marked.replace(r#""DUMP""#, &dump));
            assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{fixture}");
            assert!(report.written.contains(&dump), "{fixture}");
        }
    }
}

#[test]
fn quirk_11_and_12_dumps_are_kept_as_they_came() {
    let dump = |fixture: &str| {
        let Event::Message(message) = event(fixture) else { panic!() };
        message.engine_data.unwrap().parse::<Value>().unwrap()
    };
    let noweb = dump("message.noweb");
    assert_eq!(
        (&noweb["key"]["participant"], &noweb["messageTimestamp"]),
        (&json!(""), &json!("1770733424"))
    );
    let Event::Message(message) = event("message.noweb") else { panic!() };
    assert!(message.sender().is_some_and(|sender| sender == "5511999990001@c.us"));
    assert_eq!(dump("message.gows")["Info"]["ServerID"], 0);
    assert_eq!(dump("message.gows_empty")["Info"]["Timestamp"], "0001-01-01T00:00:00Z");
    assert_eq!(dump("message.webjs")["messageSecret"]["1"], 250);
}

#[test]
fn quirk_13_duplicates_have_one_key_and_one_message_one_message_key() {
    let message = text("message.webjs");
    let any = text("message.any.received");
    let (message, any) = (receive(&message), receive(&any));
    assert_ne!(message.key, any.key);
    assert_eq!(message.message_key, any.message_key);
    assert_eq!(
        message.message_key.as_deref(),
        Some("wawp/default/message/5511999990001@c.us/3A00112233445566778A")
    );
    // Its edits and its deletion are about the same message, whatever their
    // own ids are.
    for fixture in
        ["message.edited.noweb", "message.edited", "message.revoked.gows", "message.waiting"]
    {
        assert_eq!(receive(&text(fixture)).message_key, message.message_key, "{fixture}");
    }
    let sent = receive(&text("message.any")).message_key;
    for fixture in ["message.ack", "message.ack.noweb", "message.reaction.gows", "poll.vote"] {
        assert_eq!(receive(&text(fixture)).message_key, sent, "{fixture}");
    }

    // Nothing else tells events apart.
    let body = text("message.ack");
    let same = receive(&body).key;
    for path in [&["timestamp"][..], &["payload", "id"], &["payload", "ack"], &["me"], &["x"]] {
        assert_eq!(receive(&with(&body, path, Some(json!(1)))).key, same, "{path:?}");
    }
    for path in ["id", "session", "event"] {
        assert_ne!(receive(&with(&body, &[path], Some(json!("message.any")))).key, same, "{path}");
    }
    for fixture in ["session.status.bare", "message.old"] {
        assert_eq!(receive(&text(fixture)).key, None, "{fixture}");
    }
    for id in [Value::Null, json!("")] {
        assert_eq!(receive(&with(&body, &["id"], Some(id))).key, None);
    }
}

#[test]
fn quirk_14_dotted_keys_are_plain_keys() {
    let metadata = envelope("message.wawp").metadata.unwrap();
    assert_eq!(metadata.get("user.id").map(String::as_str), Some("7"));
    assert_eq!((metadata.get("user"), metadata.len()), (None, 2));
}

#[test]
fn the_bare_status_body_is_the_same_event() {
    let envelope = envelope("session.status.bare");
    assert_eq!(
        (envelope.name(), envelope.session_name()),
        ("session.status", Some("4B7D9C21E0AA"))
    );
    assert_eq!((&envelope.id, &envelope.session, &envelope.engine), (&None, &None, &None));
    let Event::SessionStatus(status) = &envelope.event else { panic!() };
    assert_eq!(status.status, SessionState::ScanQrCode);
    assert!(status.qr.as_ref().unwrap().expose().starts_with("data:image/png;base64,"));
    assert!(!format!("{envelope:?}").contains("base64"));
    let report = receive(&text("session.status.bare"));
    assert_eq!((report.name_source, report.event.as_str()), ("shape", "session.status"));
    assert_eq!(fixtures::json(&report.written), fixtures::json(&text("session.status.bare")));

    // Whoever names an event has an envelope.
    let named = with(&text("session.status.bare"), &["event"], Some(json!("session.status")));
    assert_eq!(receive(&named).malformed.as_deref(), Some("payload"));
    for odd in [json!(7), Value::Null] {
        let named = with(&text("session.status.bare"), &["event"], Some(odd));
        let error = (SUBJECT.receive)(named.as_bytes()).unwrap_err();
        assert_eq!(error.reason(), "no_event");
    }
    let body = text("session.status.bare");
    for member in ["instance_id", "status", "ts"] {
        let twice = body.replacen('{', &format!(r#"{{"{member}":"x","#), 1);
        let error = (SUBJECT.receive)(twice.as_bytes()).unwrap_err();
        assert_eq!(error.reason(), "repeated_key", "{member}");
    }
}

#[test]
fn members_that_decide_are_not_repeated() {
    let body = text("message.webjs");
    for member in ["event", "payload", "id", "session", "timestamp", "engine"] {
        let again = fixtures::json(&body)[member].to_string();
        let twice = body.replacen('{', &format!(r#"{{"{member}":{again},"#), 1);
        let error = (SUBJECT.receive)(twice.as_bytes()).unwrap_err();
        assert_eq!(error.reason(), "repeated_key", "{member}");
    }
}

#[test]
fn both_schedules_and_what_follows_from_them() {
    let [wawp, exponential, waha] = Wawp::RETRIES else { panic!() };
    let seconds = |schedule: &zaphook::retry::RetrySchedule| -> Vec<u64> {
        schedule.delays().map(|delay| delay.as_secs()).collect()
    };
    assert_eq!(seconds(wawp), [5; 5]);
    assert_eq!(seconds(exponential), [5, 10, 20, 40, 80]);
    assert_eq!(seconds(waha), [2; 15]);
    let horizon = |schedule: &zaphook::retry::RetrySchedule| schedule.horizon().unwrap().as_secs();
    assert_eq!((horizon(wawp), horizon(exponential), horizon(waha)), (25, 155, 30));
    for schedule in [wawp, waha] {
        assert_eq!(schedule.lease().as_secs(), 10);
        assert_eq!(schedule.retention().as_secs(), 24 * 3600);
    }
    for schedule in [wawp, exponential] {
        assert_eq!(schedule.timeout().unwrap().as_secs(), 5);
        assert!(schedule.repeats_after(StatusCode::ACCEPTED));
        assert!(!schedule.repeats_after(StatusCode::OK));
    }
    assert_eq!((waha.timeout(), waha.repeats_after(StatusCode::ACCEPTED)), (None, false));
    for status in [400, 401, 404, 413, 500, 503] {
        let status = StatusCode::from_u16(status).unwrap();
        assert!(wawp.repeats_after(status) && waha.repeats_after(status), "{status}");
    }
    assert_eq!(Answer::failed(wawp).status(), 503);
    let shown =
        format!("{:?}", Receiver::new(Wawp::signed(secret())).with_store(MemoryStore::new()));
    assert!(shown.contains("RunUnprotected") && shown.contains("10s"), "{shown}");

    // A delivery years later is as authentic, and has the same key.
    let request = testing::wawp(&secret(), text("message.webjs"));
    let late = Head::new(request.headers()).received_at(time("2033-01-01T00:00:00Z"));
    let late = receiver().receive(&late.with_body(request.body())).unwrap();
    let now = receiver().receive(&Request::from(&request)).unwrap();
    assert_eq!(late.key(), now.key());
}
