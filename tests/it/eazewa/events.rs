//! The typed values of every event and object.

use chrono::{DateTime, Utc};
use zaphook::eazewa::{
    Ack, DeviceType, DisconnectReason, Event, GroupNotificationType, MessageType, State,
};

use super::{envelope, event, message, receive, text};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_whole_message() {
    let Event::Message(new) = event("message") else { panic!() };
    let message = new.message;
    let id = "false_120363111111111111@g.us_3A77C1D2E3F405162738_5511999990002@c.us";
    assert_eq!(message.id, id);
    assert_eq!(message.id.participant().unwrap(), "5511999990002@c.us");
    assert!(message.media_key.unwrap().expose().starts_with("AAECAwQF"));
    assert_eq!(message.ack, Some(Ack::Server));
    assert_eq!((message.has_media, message.is_gif), (Some(true), Some(false)));
    assert_eq!(
        message.body.as_deref(),
        Some("Olá! Ainda há mesas para sábado? 🍽️ https://example.org/m")
    );
    assert_eq!(message.message_type, Some(MessageType::Image));
    assert_eq!(message.timestamp, Some(time("2026-02-10T14:23:45Z")));
    assert_eq!(message.from.unwrap(), "120363111111111111@g.us");
    assert_eq!(message.to.unwrap(), "5511888880001@c.us");
    let author = message.author.unwrap();
    assert_eq!((author.device(), author.phone()), (Some(7), Some("5511999990002")));
    assert_eq!(message.device_type, Some(DeviceType::Android));
    assert_eq!((message.is_forwarded, message.forwarding_score), (Some(true), Some(127)));
    assert_eq!((message.is_status, message.is_starred), (Some(false), Some(true)));
    assert_eq!((message.broadcast, message.from_me), (Some(false), Some(false)));
    assert_eq!((message.has_quoted_msg, message.has_reaction), (Some(true), Some(false)));
    assert_eq!((message.duration, message.is_ephemeral), (Some(4.0), Some(true)));
    let location = message.location.unwrap();
    assert_eq!((location.latitude, location.longitude), (Some(-23.55052), Some(-46.633308)));
    assert_eq!(location.name.as_deref(), Some("Praça Exemplo"));
    assert_eq!(location.address.as_deref(), Some("Rua das Amostras, 1"));
    assert_eq!(location.url.as_deref(), Some("https://example.org/p"));
    assert_eq!(location.description.as_deref(), Some("Praça Exemplo\nRua das Amostras, 1"));
    assert!(message.v_cards.unwrap()[0].contains("FN:Bia Exemplo"));
    let invite = message.invite_v4.unwrap();
    assert_eq!(invite.invite_code.unwrap().expose(), "Q2w3E4r5T6y7U8i9");
    assert_eq!(invite.invite_code_exp, Some(time("2026-02-13T14:23:45Z")));
    assert_eq!(invite.group_id.unwrap(), "120363222222222223@g.us");
    assert_eq!(invite.group_name.as_deref(), Some("Clientes"));
    assert_eq!(invite.from_id.unwrap(), "5511999990001@c.us");
    assert_eq!(invite.to_id.unwrap(), "5511888880001@c.us");
    let mentioned: Vec<String> =
        message.mentioned_ids.unwrap().into_iter().map(Into::into).collect();
    assert_eq!(mentioned, ["5511999990002@c.us", "180000000000043@lid"]);
    let groups = message.group_mentions.unwrap();
    assert_eq!(groups[0].group_subject.as_deref(), Some("Fornecedores"));
    assert_eq!(groups[0].group_jid.as_ref().unwrap(), "120363222222222224@g.us");
    assert_eq!(message.order_id.as_deref(), Some("700000000000001"));
    assert_eq!(message.token.unwrap().expose(), "AR6x0rDerT0kEnExampLe==");
    assert_eq!(message.title.as_deref(), Some("Cardápio"));
    assert_eq!(message.description.as_deref(), Some("O cardápio da semana"));
    assert_eq!(message.business_owner_jid.unwrap(), "5511888880001@c.us");
    assert_eq!(message.product_id.as_deref(), Some("9000000000000001"));
    let edited = message.latest_edit_sender_timestamp_ms;
    assert_eq!(edited, Some(time("2026-02-10T14:25:00.123Z")));
    assert_eq!(message.latest_edit_msg_key.unwrap().id(), Some("3A77C1D2E3F405162739"));
    assert_eq!(message.protocol_message_key.unwrap().id(), Some("3A77C1D2E3F405162740"));
    let links = message.links.unwrap();
    assert_eq!(links[0].link.as_deref(), Some("https://example.org/m"));
    assert_eq!(links[0].is_suspicious, Some(false));
    let button: serde_json::Value = message.dynamic_reply_buttons.unwrap()[0].parse().unwrap();
    assert_eq!(button["buttonText"]["displayText"], "Sim");
    assert_eq!(message.selected_button_id.as_deref(), Some("sim"));
    assert_eq!(message.selected_row_id.as_deref(), Some("row-1"));
    assert_eq!(message.poll_name.as_deref(), Some("Qual dia?"));
    let options = message.poll_options.unwrap();
    assert_eq!((options[1].name.as_deref(), options[1].local_id), (Some("Domingo"), Some(1)));
    assert_eq!(
        (message.allow_multiple_answers, message.poll_invalidated),
        (Some(false), Some(false))
    );
    assert_eq!(message.is_sent_cag_poll_creation, Some(false));
    let secret: Vec<u8> = (200..232).collect();
    assert_eq!(message.message_secret.unwrap().decode().unwrap(), secret);

    let media = new.media.unwrap();
    assert_eq!(media.mimetype.as_deref(), Some("image/jpeg"));
    assert_eq!((media.filename.as_deref(), media.filesize), (Some("mesa.jpg"), Some(126)));
    assert!(media.data.decode().unwrap().starts_with(&[0xFF, 0xD8, 0xFF]));
}

#[test]
fn the_raw_model_of_a_message() {
    let model = message("message").data.unwrap();
    assert_eq!(model.notify_name().as_deref(), Some("Bia Exemplo"));
    assert_eq!(model.caption().as_deref(), Some("Olá! Ainda há mesas para sábado?"));
    assert_eq!(model.mimetype().as_deref(), Some("image/jpeg"));
    assert_eq!((model.filename().as_deref(), model.size()), (Some("mesa.jpg"), Some(48213)));
    assert_eq!(model.t(), Some(time("2026-02-10T14:23:45Z")));
    assert_eq!(model.quoted_stanza_id().unwrap(), "3EB0AABBCCDDEEFF0011");
    assert_eq!(model.quoted_participant().unwrap(), "5511888880001@c.us");
    let quoted = model.quoted_msg().unwrap();
    assert_eq!(quoted.read::<String>("body").as_deref(), Some("Até amanhã"));
    assert_eq!(quoted.quoted_msg(), None);
    // What has no accessor is there as well, whatever its form.
    assert_eq!(model.read::<i64>("backgroundColor"), Some(4_283_202_560));
    assert_eq!(model.read::<i64>("clientReceivedTsMillis"), Some(1_770_733_425_901));
    assert_eq!(model.read::<zaphook::Jid>("from").unwrap(), "120363111111111111@g.us");
    let secret: zaphook::wire::LazyBytes = model.read("messageSecret").unwrap();
    assert_eq!(secret, message("message").message_secret.unwrap());
    // Neither absent nor null nor of another type is an error.
    for name in ["nothing", "parentMsgId", "links"] {
        assert_eq!(model.read::<String>(name), None, "{name}");
    }
    assert!(format!("{model:?}").len() < 60);
}

#[test]
fn the_raw_model_is_whatever_it_is() {
    for odd in ["[1]", "7", r#""text""#, "{}", r#"{"t":[],"size":-1,"notifyName":7}"#] {
        let model: zaphook::eazewa::RawModel = serde_json::from_str(odd).unwrap();
        assert_eq!((model.t(), model.size(), model.notify_name()), (None, None, None), "{odd}");
        assert_eq!((model.quoted_msg(), model.as_raw().as_str()), (None, odd));
    }
    let twice: zaphook::eazewa::RawModel =
        serde_json::from_str(r#"{"t":"1","t":"1770733425","\ud83d":1,"notifyName":"A\ud83d"}"#)
            .unwrap();
    assert_eq!(twice.t(), Some(time("2026-02-10T14:23:45Z")));
    assert_eq!(twice.notify_name().as_deref(), Some("A\u{fffd}"));
}

#[test]
fn messages_and_what_becomes_of_them() {
    let Event::MessageCreate(new) = event("message_create") else { panic!() };
    assert_eq!((new.message.from_me, new.message.ack), (Some(true), Some(Ack::Pending)));
    assert_eq!(new.media.unwrap().data.decode().unwrap(), b"%PDF-1.4\n");

    let Event::MessageAck(ack) = event("message_ack") else { panic!() };
    assert_eq!(
        (ack.acknowledged.clone(), ack.message.ack.clone()),
        (Some(Ack::Read), Some(Ack::Device))
    );
    assert_eq!(ack.ack(), Some(&Ack::Read));
    let Event::MessageAck(plain) = event("message_ack.plain") else { panic!() };
    assert_eq!((plain.acknowledged.as_ref(), plain.ack()), (None, Some(&Ack::Read)));

    let Event::MessageEdit(edit) = event("message_edit") else { panic!() };
    assert_eq!(
        (edit.new_body.as_deref(), edit.prev_body.as_deref()),
        (Some("Bom dia!!"), Some("Bom dia"))
    );
    assert_eq!(edit.message.body.as_deref(), Some("Bom dia!!"));

    let Event::MessageRevokeEveryone(revoke) = event("message_revoke_everyone") else { panic!() };
    assert_eq!(revoke.after.message_type, Some(MessageType::Revoked));
    assert_eq!(revoke.before.as_ref().unwrap().body.as_deref(), Some("Bom dia"));

    let Event::MessageRevokeMe(revoke) = event("message_revoke_me") else { panic!() };
    assert_eq!(revoke.message.id.id(), Some("3EB0A1B2C3D4E5F60718"));
    let Event::MediaUploaded(uploaded) = event("media_uploaded") else { panic!() };
    assert_eq!(uploaded.message.message_type, Some(MessageType::Video));
}

#[test]
fn reactions() {
    let Event::MessageReaction(event) = event("message_reaction") else { panic!() };
    let reaction = event.reaction;
    assert_eq!(reaction.id.as_ref().unwrap().id(), Some("3A0102030405060708AB"));
    assert_eq!(reaction.msg_id, "true_5511999990001@c.us_3EB0A1B2C3D4E5F60718");
    assert_eq!((reaction.orphan, reaction.orphan_reason.as_deref()), (Some(0), Some("none")));
    assert_eq!(reaction.timestamp, Some(time("2026-02-10T14:24:00.500Z")));
    assert_eq!((reaction.reaction.as_deref(), reaction.is_removed()), (Some("👍"), false));
    assert_eq!((reaction.read, reaction.ack.clone()), (Some(false), Some(Ack::Device)));
    assert_eq!(reaction.sender_id.unwrap(), "5511999990001@c.us");
}

#[test]
fn groups() {
    let notification = |fixture: &str| match event(fixture) {
        Event::GroupJoin(change) | Event::GroupLeave(change) | Event::GroupUpdate(change) => {
            change.notification
        }
        other => panic!("{other:?}"),
    };
    let join = notification("group_join");
    assert_eq!(join.id.participant().unwrap(), "5511999990001@c.us");
    assert_eq!(
        (join.body.as_deref(), join.timestamp),
        (Some(""), Some(time("2026-02-10T14:23:20Z")))
    );
    assert_eq!(join.chat_id.unwrap(), "120363111111111111@g.us");
    assert_eq!(join.author.unwrap(), "5511999990001@c.us");
    assert_eq!(join.recipient_ids.unwrap()[0], "5511999990002@c.us");
    assert_eq!(notification("group_update").body.as_deref(), Some("Clientes de sábado"));
    assert_eq!(notification("group_join.by_link").author, None);
    assert!(notification("group_update.announce").recipient_ids.unwrap().is_empty());
    for (fixture, kind) in [
        ("group_join", GroupNotificationType::Add),
        ("group_join.invite", GroupNotificationType::Invite),
        ("group_join.linked_group_join", GroupNotificationType::LinkedGroupJoin),
        ("group_leave", GroupNotificationType::Remove),
        ("group_leave.leave", GroupNotificationType::Leave),
        ("group_update", GroupNotificationType::Subject),
        ("group_update.description", GroupNotificationType::Description),
        ("group_update.picture", GroupNotificationType::Picture),
        ("group_update.announce", GroupNotificationType::Announce),
        ("group_update.restrict", GroupNotificationType::Restrict),
        ("group_update.create", GroupNotificationType::Create),
        ("group_update.promote", GroupNotificationType::Promote),
        ("group_update.demote", GroupNotificationType::Demote),
        ("group_update.ephemeral", GroupNotificationType::from("ephemeral")),
    ] {
        assert_eq!(notification(fixture).notification_type, Some(kind), "{fixture}");
    }
}

#[test]
fn votes() {
    let vote = |fixture: &str| match event(fixture) {
        Event::VoteUpdate(event) => event.vote,
        other => panic!("{other:?}"),
    };
    let full = vote("vote_update");
    assert_eq!(full.voter, "5511999990002@c.us");
    assert_eq!(full.selected_options[0].name.as_deref(), Some("Sábado"));
    assert_eq!((full.selected_options[0].local_id, full.is_withdrawn()), (Some(0), false));
    assert_eq!(full.interacted_at, Some(time("2026-02-10T14:24:30.321Z")));
    let poll = full.parent_message.as_ref().unwrap().parse().unwrap();
    assert_eq!((poll.poll_name.as_deref(), poll.links), (Some("Qual dia?"), None));
    assert_eq!(
        (poll.id, poll.allow_multiple_answers),
        (full.poll_id().unwrap().into_owned(), Some(true))
    );

    let withdrawn = vote("vote_update.withdrawn");
    assert!(withdrawn.is_withdrawn());
    assert_eq!(withdrawn.poll_id(), full.poll_id());

    let unknown = vote("vote_update.unknown_poll");
    assert_eq!(
        (unknown.voter.as_str(), &unknown.selected_options[0].name),
        ("180000000000042@lid", &None)
    );
    let fault = unknown.parent_message.as_ref().unwrap().parse().unwrap_err();
    assert_eq!(fault.path().to_string(), "id");
    assert_eq!(unknown.poll_id().unwrap().id(), Some("3EB0F0E0D0C0B0A09081"));
    assert_eq!(vote("vote_update.orphan").poll_id(), None);
}

#[test]
fn calls() {
    let Event::Call(event) = event("call") else { panic!() };
    let call = event.call;
    assert_eq!(call.id.as_deref(), Some("C0FFEE00112233445566778899AABBCC"));
    assert_eq!(call.from.unwrap(), "5511999990001@c.us");
    assert_eq!(call.timestamp, Some(time("2026-02-10T14:24:40Z")));
    assert_eq!(
        (call.is_video, call.is_group, call.from_me),
        (Some(true), Some(false), Some(false))
    );
    assert_eq!(
        (call.can_handle_locally, call.web_client_should_handle),
        (Some(false), Some(false))
    );
    assert_eq!(call.participants.unwrap().as_str(), r#"[{"id":"5511999990001@c.us"}]"#);
}

#[test]
fn sessions() {
    let Event::Qr(qr) = event("qr") else { panic!() };
    assert!(qr.qr.expose().starts_with("2@Zm9v"));
    assert!(qr.base64.as_ref().unwrap().decode().unwrap().starts_with(b"\x89PNG"));
    let shown = format!("{qr:?}");
    assert!(!shown.contains("Zm9v") && !shown.contains("iVBOR"), "{shown}");

    let Event::LoadingScreen(loading) = event("loading_screen") else { panic!() };
    assert_eq!((loading.percent, loading.message.as_deref()), (Some(42), Some("WhatsApp")));
    let Event::AuthFailure(failure) = event("auth_failure") else { panic!() };
    assert_eq!(failure.message.as_deref(), Some("ERR: unable to log in"));
    let Event::Disconnected(gone) = event("disconnected") else { panic!() };
    assert_eq!(gone.reason, Some(DisconnectReason::Logout));
    let Event::ChangeState(change) = event("change_state") else { panic!() };
    assert_eq!(change.state, Some(State::Connected));
    let Event::Authenticated(nothing) = event("authenticated") else { panic!() };
    assert_eq!(nothing.data, None);
    let Event::Ready(nothing) = event("ready") else { panic!() };
    assert_eq!(nothing.data, None);
}

/// The library underneath has more events than eazeWA offers; one that came all
/// the same would be unknown, like any other new name.
#[test]
fn the_library_s_further_events_are_unknown_and_keep_their_payload() {
    let names = [
        "group_admin_changed",
        "group_membership_request",
        "contact_changed",
        "chat_archived",
        "chat_removed",
        "unread_count",
        "message_ciphertext",
        "code",
        "change_battery",
        "remote_session_saved",
        "chat_pinned",
    ];
    for name in names {
        let fixture = format!("{name}.unknown");
        let Event::Unknown(unknown) = event(&fixture) else { panic!("{name}") };
        assert_eq!(unknown.name(), name);
        let report = receive(&text(&fixture));
        let payload = unknown.payload().map(|raw| raw.as_str());
        assert_eq!(payload, report.payload.as_deref(), "{name}");
        assert_eq!((report.key, report.happened_at), (None, None), "{name}");
    }
    let Event::Unknown(unknown) = event("chat_pinned.unknown") else { panic!() };
    assert!(unknown.payload().unwrap().as_str().contains("[1.0,1e2,-0]"));
}

#[test]
fn the_envelope() {
    let whole = envelope("message");
    assert_eq!((whole.name(), whole.instance_id.as_deref()), ("message", Some("33")));
    assert_eq!(envelope("message.instance_first").instance_id.as_deref(), Some("1111"));
    assert_eq!(envelope("message.instance_number").instance_id.as_deref(), Some("33"));
    assert_eq!(envelope("authenticated").name(), "authenticated");
}

#[test]
fn when_it_happened() {
    for (fixture, happened) in [
        ("message", Some("2026-02-10T14:23:45+00:00")),
        ("message_create", Some("2026-02-10T14:23:45+00:00")),
        ("message_edit", Some("2026-02-10T14:24:20.789+00:00")),
        ("message_reaction", Some("2026-02-10T14:24:00.500+00:00")),
        ("group_update", Some("2026-02-10T14:23:20+00:00")),
        ("vote_update", Some("2026-02-10T14:24:30.321+00:00")),
        ("call", Some("2026-02-10T14:24:40+00:00")),
        ("call.library_1_34", None),
        // The message's time is not that of what became of it.
        ("message_ack", None),
        ("message_revoke_everyone", None),
        ("message_revoke_me", None),
        ("media_uploaded", None),
        ("message_edit.plain", None),
        ("qr", None),
        ("ready", None),
    ] {
        assert_eq!(receive(&text(fixture)).happened_at.as_deref(), happened, "{fixture}");
    }
}

#[test]
fn every_type_of_message_is_known_but_tomorrow_s() {
    let mut known = 0;
    for (name, body) in crate::fixtures::all("eazewa") {
        let Some(word) = name.strip_prefix("message.type_") else { continue };
        let kind = message(&name).message_type.unwrap();
        assert_eq!((kind.as_str(), kind.is_known()), (word, word != "hologram"), "{body}");
        known += usize::from(kind.is_known());
    }
    assert_eq!(known, 38);
}

#[test]
fn an_ack_supersedes_what_it_tells_more_than() {
    use Ack::{Device, Error, Pending, Played, Read, Server};

    let other = Ack::from(5);
    let order = [other.clone(), Pending, Server, Error, Device, Read, Played];
    for (newer, ack) in order.iter().enumerate() {
        for (older, than) in order.iter().enumerate() {
            assert_eq!(ack.supersedes(than), newer > older, "{ack:?} {than:?}");
        }
    }
    assert!(!other.supersedes(&Ack::from(-2)));
    let numbers: Vec<i64> = order[1..].iter().map(Ack::as_i64).collect();
    assert_eq!(numbers, [0, 1, -1, 2, 3, 4]);
}

#[test]
fn states_and_reasons() {
    for word in "CONFLICT CONNECTED DEPRECATED_VERSION OPENING PAIRING PROXYBLOCK SMB_TOS_BLOCK \
                 TIMEOUT TOS_BLOCK UNLAUNCHED UNPAIRED UNPAIRED_IDLE"
        .split_whitespace()
    {
        let state = State::from(word);
        assert_eq!((state.as_str(), state.is_known()), (word, true));
        assert_eq!(DisconnectReason::from(word).state(), Some(state));
    }
    assert!(!State::from("FLYING").is_known());
    assert_eq!(DisconnectReason::from("FLYING").state(), None);
    for (fixture, reason) in [
        ("disconnected.retries", DisconnectReason::MaxQrcodeRetries),
        ("disconnected.state", DisconnectReason::from("CONFLICT")),
        ("disconnected.text", DisconnectReason::Navigation),
    ] {
        let Event::Disconnected(gone) = event(fixture) else { panic!() };
        assert_eq!(gone.reason, Some(reason), "{fixture}");
    }
}
