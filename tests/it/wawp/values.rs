//! The typed values of the fullest bodies, field by field.

use zaphook::Jid;
use zaphook::wawp::{
    Ack, AckName, Attendance, Engine, EngineContent, Envelope, Event, LabelColor, MessageSource,
    ParticipantsChange, PollVoteFailure, PresenceState, Role, SessionState, Tier,
};

use super::{envelope, event, text, time};

const GROUP: &str = "120363000000000001@g.us";
const ANA: &str = "5511999990001@c.us";
const OWN: &str = "5511888880001@c.us";

fn jid(jid: Option<&Jid>) -> &str {
    jid.map_or("-", Jid::as_str)
}

#[test]
fn the_envelope() {
    let envelope = envelope("message");
    assert_eq!(envelope.id.as_deref().map(str::len), Some(30));
    assert_eq!(envelope.timestamp, Some(time("2026-02-10T14:23:45.678Z")));
    assert_eq!(envelope.session.as_deref(), Some("default"));
    assert_eq!(envelope.engine, Some(Engine::Webjs));

    let metadata = envelope.metadata.unwrap();
    assert_eq!(metadata["user.id"], "7");
    assert_eq!(metadata["user.email"], "ana@example.org");
    assert_eq!((metadata["shop"].as_str(), metadata.len()), ("centro", 3));

    let me = envelope.me.unwrap();
    assert_eq!(jid(me.id.as_ref()), OWN);
    assert_eq!(me.push_name.as_deref(), Some("Cantina Exemplo"));
    assert_eq!(jid(me.lid.as_ref()), "100000000000009@lid");
    assert_eq!(me.jid.unwrap().device(), Some(12));
    let lock = me.reachout_timelock.unwrap();
    assert_eq!(lock.is_active, Some(true));
    assert_eq!(lock.enforcement_type.as_deref(), Some("BIZ_COMMERCE"));
    assert_eq!(lock.time_enforcement_ends, Some(1_770_819_825));
    let capping = me.message_capping.unwrap();
    assert_eq!(capping.capping_status.as_deref(), Some("ACTIVE"));
    assert_eq!(capping.mv_status.as_deref(), Some("NOT_ELIGIBLE"));
    assert_eq!(capping.ote_status.as_deref(), Some("ELIGIBLE"));
    assert_eq!((capping.total_quota, capping.used_quota), (Some(-1), Some(17)));
    assert_eq!(capping.cycle_start, Some(time("2026-02-01T00:00:00Z")));
    assert_eq!(capping.cycle_end, Some(time("2026-03-01T00:00:00Z")));

    let environment = envelope.environment.unwrap();
    assert_eq!(environment.version.as_deref(), Some("2026.8.1"));
    assert_eq!((environment.engine, environment.tier), (Some(Engine::Webjs), Some(Tier::Plus)));
    assert_eq!(environment.browser.as_deref(), Some("/usr/bin/google-chrome-stable"));
    assert_eq!(environment.platform.as_deref(), Some("linux/x64"));
    assert_eq!(environment.worker.unwrap().id.as_deref(), Some("worker-1"));
}

#[test]
fn a_message() {
    let Event::Message(message) = event("message") else { panic!() };
    assert_eq!(message.id.id(), Some("3A00112233445566778A"));
    assert_eq!(message.timestamp, Some(time("2026-02-10T14:23:44Z")));
    assert_eq!((jid(message.from.as_ref()), jid(message.to.as_ref())), (GROUP, OWN));
    assert_eq!((jid(message.participant.as_ref()), jid(message.author.as_ref())), (ANA, ANA));
    assert_eq!((message.from_me, message.source), (Some(false), Some(MessageSource::App)));
    assert_eq!(message.body.as_deref(), Some("Ainda há mesas para sábado? 🍽️"));
    assert_eq!((message.ack, message.ack_name), (Some(Ack::Server), Some(AckName::Server)));
    assert_eq!(message.has_media, Some(true));
    let media = message.media.unwrap();
    assert!(media.url.as_ref().unwrap().starts_with("http://localhost:3000/"));
    assert_eq!(media.url, message.media_url);
    assert_eq!(media.mimetype.as_deref(), Some("image/jpeg"));
    assert_eq!(media.filename.as_deref(), Some("cardapio.jpg"));
    assert_eq!(media.error_details().as_deref(), Some("socket hang up"));
    let s3 = media.s3.unwrap();
    assert_eq!(s3.bucket.as_deref(), Some("waha-media"));
    assert_eq!(s3.key.as_deref(), Some("default/3A00112233445566778A.jpg"));
    let place = message.location.unwrap();
    assert_eq!((place.latitude, place.longitude), (Some(-23.5505), Some(-46.6333)));
    assert_eq!((place.live, place.name.as_deref()), (Some(true), Some("Cantina Exemplo")));
    assert_eq!(place.address.as_deref(), Some("Rua das Flores, 10"));
    assert_eq!(place.url.as_deref(), Some("https://maps.example.org/1"));
    assert_eq!(place.description.as_deref(), Some("Ao lado da praça"));
    assert_eq!(place.thumbnail.unwrap().decode().unwrap(), b"\xFF\xD8\xFF\xE0\0\x10JFIF");
    assert!(message.v_cards.unwrap()[0].contains("Bia Exemplo"));
    let reply = message.reply_to.unwrap();
    assert_eq!(reply.id.unwrap().id(), Some("3EB0C0DE00112233AABB"));
    assert_eq!(jid(reply.participant.as_ref()), OWN);
    assert_eq!(reply.body.as_deref(), Some("O cardápio de hoje"));
    assert_eq!((reply.has_media, reply.media.unwrap().mimetype), (Some(true), media.mimetype));
    assert!(reply.engine_data.is_some());
    assert!(message.engine_data.unwrap().as_str().contains("notifyName"));
}

#[test]
fn sessions() {
    let Event::SessionStatus(session) = event("session.status") else { panic!() };
    assert_eq!((session.session(), &session.status), (Some("default"), &SessionState::Working));
    assert_eq!(session.changed_at(), Some(time("2026-02-10T14:23:44.333Z")));
    let statuses = session.statuses.unwrap();
    let [first, _, last] = &*statuses else { panic!() };
    assert_eq!((&first.status, &last.status), (&SessionState::Starting, &SessionState::Working));
    assert_eq!(first.timestamp, Some(time("2026-02-10T14:23:20.111Z")));
    let data = session.data.unwrap();
    assert_eq!(data.challenge.unwrap().expose(), "b3BlbiBzZXNhbWU");
    assert_eq!((data.timeout, data.rp_id.as_deref()), (Some(60_000), Some("whatsapp.com")));
    let credential = &data.allow_credentials.as_ref().unwrap()[0];
    assert_eq!(credential.id.as_deref(), Some("Y3JlZGVudGlhbA"));
    assert_eq!(credential.credential_type.as_deref(), Some("public-key"));
    assert_eq!(&**credential.transports.as_ref().unwrap(), ["internal", "hybrid"]);
    assert_eq!(data.user_verification.as_deref(), Some("required"));
    assert!(data.extensions.unwrap().as_str().contains("prf"));
    assert_eq!(data.code.unwrap().expose(), "ABCD-1234");

    for (word, state) in [
        ("STOPPED", SessionState::Stopped),
        ("STARTING", SessionState::Starting),
        ("SCAN_QR_CODE", SessionState::ScanQrCode),
        ("PASSKEY_REQUIRED", SessionState::PasskeyRequired),
        ("PASSKEY_CONFIRMATION_REQUIRED", SessionState::PasskeyConfirmationRequired),
        ("WORKING", SessionState::Working),
        ("FAILED", SessionState::Failed),
    ] {
        assert_eq!(SessionState::from(word), state);
    }
}

#[test]
fn reactions_edits_and_deletions() {
    let Event::MessageReaction(reaction) = event("message.reaction") else { panic!() };
    assert_eq!(reaction.timestamp, Some(time("2026-02-10T14:23:44.853Z")));
    assert_eq!(reaction.source, Some(MessageSource::App));
    assert_eq!(reaction.reaction.text.as_deref(), Some("👍"));
    assert_eq!(reaction.reaction.message_id.from_me(), Some(true));
    let Event::MessageReaction(own) = event("message.reaction.own") else { panic!() };
    assert!(own.is_from_me() && own.sender().is_none());
    assert!(own.chat().is_some_and(|chat| chat == ANA));

    let Event::MessageEdited(edited) = event("message.edited.undecrypted") else { panic!() };
    assert_eq!((edited.new_text(), edited.edited_id()), (Some(""), Some("3A00112233445566778A")));
    assert_eq!(edited.previous_text(), None);

    let Event::MessageRevoked(revoked) = event("message.revoked") else { panic!() };
    assert_eq!(revoked.revoked_text(), Some("Oi"));
    assert_eq!(revoked.before.as_ref().unwrap().id, revoked.after.as_ref().unwrap().id);
    // Nothing else tells which one it was.
    let Event::MessageRevoked(which) = event("message.revoked.webjs_unidentified") else {
        panic!()
    };
    assert_eq!((which.revoked_id(), which.revoked_text()), (None, None));
    assert!(which.chat().is_some_and(|chat| chat == ANA));
}

#[test]
fn groups() {
    let Event::GroupV2Join(join) = event("group.v2.join") else { panic!() };
    let group = join.group.as_ref().unwrap();
    assert_eq!(group.subject.as_deref(), Some("Clientes de sábado"));
    assert_eq!(group.description.as_deref(), Some("Reservas e cardápio"));
    let invite = group.invite.as_ref().map(zaphook::wire::Sensitive::expose);
    assert_eq!(invite, Some("https://chat.whatsapp.com/AbCdEf0123456789"));
    assert_eq!(group.members_can_add_new_member, Some(true));
    assert_eq!(group.members_can_send_messages, Some(true));
    assert_eq!(group.new_members_approval_required, Some(false));
    let [ana, bia] = join.members() else { panic!() };
    assert_eq!((ana.id.as_str(), &ana.role), (ANA, &Some(Role::Admin)));
    assert_eq!((bia.phone(), &bia.role), (Some("5511999990002"), &Some(Role::Participant)));
    for (word, role) in [("left", Role::Left), ("superadmin", Role::Superadmin)] {
        assert_eq!(Role::from(word), role);
    }
    // A bare address is a member of whom nothing else is known.
    let Event::GroupV2Join(bare) = event("group.v2.join.wawp") else { panic!() };
    assert_eq!(
        (bare.members()[0].phone(), &bare.members()[0].role),
        (Some("5511999990001"), &None)
    );
    let object: zaphook::wawp::Participant =
        serde_json::from_str(r#"{"id":"5511999990001@c.us"}"#).unwrap();
    assert_eq!(bare.members()[0], object);
    assert!(serde_json::from_str::<zaphook::wawp::Participant>("{}").is_err());

    for (word, change) in [
        ("join", ParticipantsChange::Join),
        ("leave", ParticipantsChange::Leave),
        ("promote", ParticipantsChange::Promote),
        ("demote", ParticipantsChange::Demote),
    ] {
        assert_eq!(ParticipantsChange::from(word), change);
    }
    let Event::GroupV2Participants(odd) = event("group.v2.participants.untyped") else { panic!() };
    assert_eq!(odd.change(), None);
    assert_eq!(odd.participants.unwrap()[0].role.as_ref().unwrap(), &"moderator");

    let Event::GroupJoin(notice) = event("group.join") else { panic!() };
    assert_eq!(notice.notification_type.as_deref(), Some("add"));
    assert_eq!(notice.timestamp, Some(time("2026-02-10T14:23:44Z")));
    assert_eq!(jid(notice.author.as_ref()), ANA);
    assert_eq!(notice.recipient_ids.unwrap()[0], "5511999990002@c.us");
    assert_eq!(notice.body.as_deref(), Some(""));
    let Event::GroupJoin(known) = event("group.join.noweb") else { panic!() };
    assert_eq!((known.id.as_str(), known.subject.as_deref()), (GROUP, Some("Clientes de sábado")));
    let members = known.participants.unwrap();
    assert_eq!(members[0].phone_number.as_ref().unwrap().phone(), Some("5511999990001"));
    assert_eq!((members[0].admin.as_deref(), &members[1].admin), (Some("superadmin"), &None));
}

#[test]
fn presences_polls_and_chats() {
    let Event::PresenceUpdate(update) = event("presence.update") else { panic!() };
    let person = &update.people()[0];
    assert_eq!(person.last_known_presence, Some(PresenceState::Typing));
    assert_eq!(person.last_seen, Some(time("2026-02-10T14:22:44Z")));
    let Event::PresenceUpdate(silent) = event("presence.update.gows") else { panic!() };
    assert_eq!(silent.people()[0].last_known_presence, None);
    let Event::PresenceUpdate(new) = event("presence.update.new_word") else { panic!() };
    assert_eq!(new.people()[0].last_known_presence.as_ref().unwrap(), &"drawing");
    for (word, state) in [
        ("online", PresenceState::Online),
        ("available", PresenceState::Online),
        ("offline", PresenceState::Offline),
        ("unavailable", PresenceState::Offline),
        ("typing", PresenceState::Typing),
        ("composing", PresenceState::Typing),
        ("recording", PresenceState::Recording),
        ("paused", PresenceState::Paused),
    ] {
        assert_eq!(PresenceState::from(word).in_wahas_words(), state, "{word}");
    }

    let Event::PollVote(vote) = event("poll.vote") else { panic!() };
    assert_eq!(vote.poll.as_ref().unwrap().from_me, Some(true));
    assert_eq!(jid(vote.poll.unwrap().participant.as_ref()), OWN);
    let Event::PollVoteFailed(failed) = event("poll.vote.failed.wawp") else { panic!() };
    assert_eq!(failed.reason, Some(PollVoteFailure::MessageNotFound));
    let Event::ChatArchive(archive) = event("chat.archive") else { panic!() };
    assert_eq!(archive.timestamp, Some(time("2026-02-10T14:23:44Z")));
    let Event::CallAccepted(call) = event("call.accepted") else { panic!() };
    assert_eq!(call.timestamp, Some(time("2026-02-10T14:23:50.500Z")));
    assert_eq!((call.is_video, call.is_group), (Some(true), Some(false)));
    assert!(call.engine_data.is_some());
}

#[test]
fn labels_answers_and_engines() {
    let Event::LabelUpsert(label) = event("label.upsert") else { panic!() };
    assert_eq!(label.color.as_ref().unwrap().palette(), Some(3));
    assert_eq!((label.color_hex.as_deref(), label.hex()), (Some("#dfe5e7"), Some("#dfe5e7")));
    let Event::LabelUpsert(label) = event("label.upsert.wawp") else { panic!() };
    let nested = label.label.unwrap();
    assert_eq!(nested.color, Some(LabelColor::Hex("#DFE5E7".into())));
    assert_eq!((nested.color.as_ref().unwrap().palette(), nested.hex()), (None, Some("#DFE5E7")));
    let Event::LabelDeleted(gone) = event("label.deleted") else { panic!() };
    assert_eq!((gone.label_id(), gone.label_name()), (Some("6"), Some("")));
    let Event::LabelDeleted(bare) = event("label.deleted.bare") else { panic!() };
    assert_eq!((bare.label_id(), bare.label_name(), bare.hex()), (Some("6"), None, None));
    let Event::LabelChatAdded(added) = event("label.chat.added") else { panic!() };
    assert_eq!(added.label.unwrap().name.as_deref(), Some("VIP"));

    let envelope = envelope("event.response");
    assert_eq!(envelope.happened_at(), Some(time("2026-02-10T14:23:44.250Z")));
    let Event::EventResponse(response) = envelope.event else { panic!() };
    let answer = response.event_response.unwrap();
    assert_eq!((answer.response, answer.extra_guest_count), (Some(Attendance::Going), Some(2)));
    let invitation = response.event_creation_key.unwrap();
    assert_eq!((jid(invitation.from.as_ref()), invitation.from_me), ("me", Some(true)));
    assert_eq!(response.ack_name, Some(AckName::Unknown));
    let Event::EventResponseFailed(failed) = event("event.response.failed") else { panic!() };
    assert_eq!(failed.event_response, None);
    for (word, attendance) in [
        ("NOT_GOING", Attendance::NotGoing),
        ("MAYBE", Attendance::Maybe),
        ("UNKNOWN", Attendance::Unknown),
    ] {
        assert_eq!(Attendance::from(word), attendance);
    }

    for (fixture, name, data) in [
        ("engine.event", "messaging-history.set", Some('{')),
        ("engine.event.list", "events.Message", Some('[')),
        ("engine.event.text", "events.WAState", Some('"')),
        ("engine.event.flag", "gows.Connected", Some('t')),
        ("engine.event.bare", "onIncomingCall", None),
    ] {
        let Event::EngineEvent(own) = event(fixture) else { panic!() };
        let start = own.data.and_then(|data| data.as_str().chars().next());
        assert_eq!((own.event.as_str(), start), (name, data), "{fixture}");
    }
    let Event::StateChange(change) = event("state.change") else { panic!() };
    assert_eq!((change.word(), change.connection().as_deref()), (None, Some("close")));
    assert_eq!(change.qr().unwrap().expose(), "2@NotARealCode,AbCdEf==");
    assert!(change.last_disconnect().unwrap().as_str().contains("515"));
    assert!(!format!("{change:?}").contains("NotARealCode"));
    let Event::StateChange(word) = event("state.change.word") else { panic!() };
    assert_eq!((word.word().as_deref(), word.connection()), (Some("CONNECTED"), None));
    assert_eq!(
        (word.qr(), word.last_disconnect(), word.raw().as_str()),
        (None, None, "\"CONNECTED\"")
    );
}

/// NOWEB and GOWS hand on WhatsApp's own object, each in its spelling.
#[test]
fn the_content_of_an_engine_is_typed_on_demand() {
    for (fixture, wrappers) in [("message.noweb_content", 1), ("message.gows_content", 0)] {
        let Event::Message(message) = event(fixture) else { panic!("{fixture}") };
        let engine = message.engine_content().unwrap();
        let content = engine.content().unwrap();
        let said = content.unwrapped();
        assert_eq!(said.wrappers().len(), wrappers, "{fixture}");
        assert_eq!((said.text(), message.body.as_deref()), (Some("O cardápio"), said.text()));
        assert_eq!(said.media().and_then(|media| media.size), Some(98127), "{fixture}");
        let mentions: Vec<&str> = said.mentions().iter().map(Jid::as_str).collect();
        assert_eq!(mentions, ["5511777770001@s.whatsapp.net"]);
        assert!(said.quoted().is_some(), "{fixture}");
        let (again, set_aside) = engine.nested().parse_keeping().unwrap();
        assert_eq!((again, set_aside.len()), (content, 0), "{fixture}");
    }
    let engine = |fixture| match event(fixture) {
        Event::Message(message) => message.engine_content(),
        _ => panic!("{fixture}"),
    };
    assert!(matches!(engine("message.noweb"), Some(EngineContent::Noweb(_))));
    assert!(matches!(engine("message.gows"), Some(EngineContent::Gows(_))));
    assert_eq!(engine("message.webjs"), None);
    assert_eq!(engine("message.wawp"), None);

    // What is odd is left out, and said.
    let body = text("message.gows_content").replace(": 98127", ": \"many\"");
    let odd: Envelope = serde_json::from_str(&body).unwrap();
    let Event::Message(message) = odd.event else { panic!() };
    let nested = message.engine_content().unwrap().nested();
    let (content, set_aside) = nested.parse_keeping().unwrap();
    assert_eq!(content.unwrapped().media().and_then(|media| media.size), None);
    let paths: Vec<String> = set_aside.iter().map(|value| value.path().to_string()).collect();
    assert_eq!(paths, ["imageMessage.fileLength"]);
}
