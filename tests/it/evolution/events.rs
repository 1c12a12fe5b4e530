//! Everything that is no message.

use serde_json::json;
use zaphook::Jid;
use zaphook::evolution::{
    AddressingMode, AdminRole, CallStatus, ConnectionState, Event, InstanceStatus, LabelChange,
    ParticipantAction, PresenceState, StatusReason, TemplateEvent, TypebotStatus,
};

use super::{envelope, event, receive, text, time};
use crate::fixtures::with;

const P1: &str = "5511999990001@s.whatsapp.net";
const L1: &str = "100000000000001@lid";
const L2: &str = "100000000000002@lid";

#[test]
fn qr_codes_come_in_two_shapes() {
    let Event::QrcodeUpdated(full) = event("qrcode.updated") else { panic!() };
    let qrcode = full.qrcode.as_ref().unwrap();
    assert_eq!(qrcode.instance.as_deref(), Some("cantina"));
    assert_eq!(qrcode.pairing_code.as_ref().unwrap().expose(), "WZYEH1YY");
    assert_eq!(qrcode.code.as_ref().unwrap().expose(), "2@y8eK4f0wZ,3pQ==");
    assert!(qrcode.base64.as_ref().unwrap().expose().starts_with("data:image/png;base64,"));
    let Event::QrcodeUpdated(limit) = event("qrcode.updated.limit") else { panic!() };
    assert_eq!(limit.qrcode, None);
    assert_eq!(limit.message.as_deref(), Some("QR code limit reached, please login again"));
    assert_eq!(limit.status_code, Some(500));
    // Before the first connection there is no sender.
    assert_eq!(envelope("qrcode.updated.plain").account_jid, None);
}

#[test]
fn connections() {
    let connection = |fixture: &str| match event(&format!("connection.update{fixture}")) {
        Event::ConnectionUpdate(connection) => connection,
        other => panic!("{other:?}"),
    };
    let open = connection("");
    assert_eq!(open.instance.as_deref(), Some("cantina"));
    assert_eq!(
        (open.state, open.status_reason),
        (Some(ConnectionState::Open), Some(StatusReason::Open))
    );
    assert_eq!(open.wuid.unwrap(), "5511888880001@s.whatsapp.net");
    assert_eq!(open.profile_name.as_deref(), Some("Cantina Exemplo"));
    assert!(open.profile_picture_url.is_some());
    assert_eq!(connection(".open").profile_picture_url, None);
    for (fixture, state, reason) in [
        (".connecting", ConnectionState::Connecting, Some(200)),
        (".close", ConnectionState::Close, Some(401)),
        (".refused", ConnectionState::Refused, Some(428)),
        (".new_reason", ConnectionState::Close, Some(463)),
        (".whatsmiau", ConnectionState::Open, None),
    ] {
        let connection = connection(fixture);
        assert_eq!(connection.state, Some(state), "{fixture}");
        let found = connection.status_reason.map(|reason| reason.as_i64());
        assert_eq!(found, reason, "{fixture}");
    }
    for (number, reason) in [
        (200, StatusReason::Open),
        (401, StatusReason::LoggedOut),
        (402, StatusReason::PaymentRequired),
        (403, StatusReason::Forbidden),
        (406, StatusReason::NotAcceptable),
        (408, StatusReason::ConnectionLost),
        (411, StatusReason::MultideviceMismatch),
        (428, StatusReason::ConnectionClosed),
        (440, StatusReason::ConnectionReplaced),
        (500, StatusReason::BadSession),
        (503, StatusReason::UnavailableService),
        (515, StatusReason::RestartRequired),
    ] {
        assert_eq!((StatusReason::from(number), reason.as_i64()), (reason.clone(), number));
    }
    assert!(!StatusReason::from(463).is_known());
}

#[test]
fn instances() {
    let Event::StatusInstance(closed) = event("status.instance") else { panic!() };
    assert_eq!(closed.status, Some(InstanceStatus::Closed));
    assert_eq!(closed.disconnection_at, Some(time("2026-02-10T14:23:45.600Z")));
    assert_eq!(closed.disconnection_reason_code, Some(StatusReason::LoggedOut));
    // JSON in a text.
    let error: serde_json::Value = closed.disconnection().unwrap().parse().unwrap();
    assert_eq!(error["error"]["output"]["statusCode"], 401);
    let odd = with(&text("status.instance"), &["data", "disconnectionObject"], Some(json!("{")));
    assert_eq!(receive(&odd).recognition, "known");
    let Event::StatusInstance(created) = event("status.instance.v1") else { panic!() };
    assert_eq!((&created.status, created.disconnection()), (&Some(InstanceStatus::Created), None));

    for fixture in ["instance.create", "instance.delete"] {
        let (Event::InstanceCreate(instance) | Event::InstanceDelete(instance)) = event(fixture)
        else {
            panic!()
        };
        assert_eq!(instance.instance_name.as_deref(), Some("cantina"));
        assert_eq!(instance.instance_id.as_deref(), Some("6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11"));
    }
    for fixture in ["remove.instance", "logout.instance", "logout.instance.absent"] {
        let (Event::RemoveInstance(data) | Event::LogoutInstance(data)) = event(fixture) else {
            panic!()
        };
        assert_eq!(data, None);
    }
    let Event::ApplicationStartup(Some(data)) = event("application.startup") else { panic!() };
    assert_eq!(data.as_str(), r#"{"version":"2.3.7"}"#);
    assert!(matches!(event("creds.update"), Event::CredsUpdate(Some(_))));

    let Event::NewJwt(new) = event("new.jwt") else { panic!() };
    assert!(new.jwt.expose().starts_with("eyJ"));
    assert_eq!(new.instance_name.as_deref(), Some("cantina"));
}

#[test]
fn contacts() {
    for name in ["contacts.set", "contacts.upsert", "contacts.update"] {
        let (Event::ContactsSet(contacts)
        | Event::ContactsUpsert(contacts)
        | Event::ContactsUpdate(contacts)) = event(name)
        else {
            panic!()
        };
        let [contact] = &contacts[..] else { panic!() };
        assert_eq!(contact.jid().unwrap(), P1);
        assert_eq!(
            (&contact.remote_jid, contact.remote_lid.as_ref().unwrap()),
            (&contact.id, &Jid::from_wire(L1))
        );
        assert_eq!(contact.push_name.as_deref(), Some("Ana Exemplo"));
        assert_eq!(contact.picture_url(), Some("https://media.example.org/p/ana.jpg"));
        assert_eq!(contact.profile_pic_url, contact.profile_picture_url);
        assert!(contact.instance_id.is_some() && contact.owner.is_some());
    }
    let contacts = |fixture: &str| match event(fixture) {
        Event::ContactsUpsert(contacts) | Event::ContactsUpdate(contacts) => contacts,
        other => panic!("{other:?}"),
    };
    assert_eq!(contacts("contacts.upsert.sync").len(), 2);
    assert_eq!(contacts("contacts.upsert.sync")[0].picture_url(), None);
    let old = contacts("contacts.upsert.v1");
    assert_eq!((old[0].jid().unwrap().as_str(), old[0].picture_url().is_some()), (P1, true));
    assert_eq!(contacts("contacts.upsert.own")[0].push_name.as_deref(), Some(""));
    assert_eq!(contacts("contacts.upsert.cloud")[0].jid(), None);
    assert!(contacts("contacts.upsert.null").is_empty());
    assert_eq!(contacts("contacts.upsert.whatsmiau")[0].remote_lid.as_ref().unwrap(), "");
    assert_eq!(contacts("contacts.update.list").len(), 1);
}

#[test]
fn presences() {
    let Event::PresenceUpdate(presence) = event("presence.update") else { panic!() };
    assert_eq!(presence.id, "120363000000000001@g.us");
    let presences = presence.presences.unwrap();
    let writing = &presences["5511999990002@s.whatsapp.net"];
    assert_eq!(writing.last_known_presence, Some(PresenceState::Composing));
    assert_eq!(writing.last_seen, Some(time("2026-02-10T14:23:45Z")));
    assert_eq!(presences[L1].last_known_presence, Some(PresenceState::Recording));
    let Event::PresenceUpdate(one) = event("presence.update.one") else { panic!() };
    assert_eq!(one.presences.unwrap()[P1].last_known_presence, Some(PresenceState::Unavailable));
    for (word, state) in
        [("available", PresenceState::Available), ("paused", PresenceState::Paused)]
    {
        assert_eq!(PresenceState::from(word), state);
    }
}

#[test]
fn chats() {
    let chats = |fixture: &str| match event(fixture) {
        Event::ChatsSet(chats) | Event::ChatsUpsert(chats) | Event::ChatsUpdate(chats) => chats,
        other => panic!("{other:?}"),
    };
    for name in ["chats.set", "chats.upsert", "chats.update"] {
        let [chat] = &chats(name)[..] else { panic!() };
        assert_eq!(
            (chat.jid().unwrap(), chat.remote_lid.as_ref().unwrap()),
            (Jid::from_wire(P1), &Jid::from_wire(L1))
        );
        assert_eq!(chat.id.as_deref(), Some("cm8z1x2y30003abcd1234efgh"));
        assert_eq!((chat.name.as_deref(), chat.unread_messages), (Some("Ana Exemplo"), Some(3)));
        assert_eq!(chat.last_msg_timestamp, Some(time("2026-02-10T14:23:45Z")));
        assert!(chat.instance_id.is_some() && chat.owner.is_some());
    }
    let [first, second] = &chats("chats.set.2_4")[..] else { panic!() };
    assert_eq!(
        (&first.remote_lid, second.remote_lid.as_ref().unwrap()),
        (&None, &Jid::from_wire(L2))
    );
    assert_eq!(chats("chats.set.v1")[0].jid().unwrap(), P1);
    // The server's own id is no address.
    let jids: Vec<Option<Jid>> = chats("chats.upsert.list").iter().map(|chat| chat.jid()).collect();
    assert_eq!(
        jids,
        [Some(Jid::from_wire(P1)), None, Some(Jid::from_wire("5511999990002@s.whatsapp.net"))]
    );
    assert!(chats("chats.upsert.empty").is_empty() && chats("chats.upsert.null").is_empty());
    assert_eq!(
        chats("chats.upsert.evolution_channel")[0].jid().unwrap().phone(),
        Some("5511999990001")
    );
    assert_eq!(chats("chats.update.list").len(), 1);
    assert_eq!(chats("chats.update.v1")[0].jid().unwrap(), P1);

    let Event::ChatsDelete(deleted) = event("chats.delete") else { panic!() };
    assert_eq!(&deleted[..], [Jid::from_wire(P1), Jid::from_wire("120363000000000001@g.us")]);
    let Event::ChatsDelete(deleted) = event("chats.delete.one") else { panic!() };
    assert_eq!(deleted.len(), 1);
}

#[test]
fn groups() {
    for name in ["groups.upsert", "groups.update"] {
        let (Event::GroupsUpsert(groups) | Event::GroupsUpdate(groups)) = event(name) else {
            panic!()
        };
        let [group] = &groups[..] else { panic!() };
        assert_eq!(group.id, "120363000000000001@g.us");
        assert_eq!(group.notify.as_deref(), Some("Equipe"));
        assert_eq!(group.addressing_mode, Some(AddressingMode::Lid));
        assert_eq!(group.subject.as_deref(), Some("Equipe da cantina"));
        let (hidden, phone) =
            (Some(Jid::from_wire(L2)), Some(Jid::from_wire("5511999990002@s.whatsapp.net")));
        for jid in [&group.subject_owner, &group.owner, &group.desc_owner, &group.author] {
            assert_eq!(*jid, hidden);
        }
        for jid in [
            &group.subject_owner_pn,
            &group.subject_owner_jid,
            &group.owner_pn,
            &group.owner_jid,
            &group.desc_owner_pn,
            &group.author_pn,
        ] {
            assert_eq!(*jid, phone);
        }
        assert_eq!(group.subject_time, Some(time("2025-10-09T08:53:20Z")));
        assert_eq!(group.creation, Some(time("2025-06-15T15:06:40Z")));
        assert_eq!(group.desc_time, Some(time("2025-10-09T08:55:00Z")));
        assert_eq!((group.size, group.ephemeral_duration), (Some(2), Some(604_800)));
        assert_eq!(group.owner_country_code.as_deref(), Some("BR"));
        assert_eq!(group.desc.as_deref(), Some("Turnos e avisos"));
        assert_eq!(group.desc_id.as_deref(), Some("3EB0C0DE00112233AABBDD"));
        assert_eq!(group.linked_parent.as_ref().unwrap(), "120363000000000009@g.us");
        let flags = [
            group.restrict,
            group.announce,
            group.is_community,
            group.is_community_announce,
            group.join_approval_mode,
            group.member_add_mode,
        ];
        assert_eq!(flags.map(Option::unwrap), [false, true, false, false, true, false]);
        let [owner, member] = &group.participants.as_ref().unwrap()[..] else { panic!() };
        assert_eq!(
            (owner.phone(), &owner.admin),
            (Some("5511999990002"), &Some(AdminRole::SuperAdmin))
        );
        assert_eq!((member.phone(), &member.admin), (None, &None));
    }
    let Event::GroupsUpsert(old) = event("groups.upsert.2_3_0") else { panic!() };
    let [member] = &old[0].participants.as_ref().unwrap()[..] else { panic!() };
    assert_eq!(
        (member.phone(), member.lid.as_ref().unwrap()),
        (Some("5511999990002"), &Jid::from_wire(L2))
    );
    let Event::GroupsUpdate(partial) = event("groups.update.partial") else { panic!() };
    assert_eq!((partial[0].subject.as_deref(), &partial[0].author), (Some("Equipe nova"), &None));
}

#[test]
fn members_of_a_group_come_as_texts_or_objects() {
    let members = |fixture: &str| match event(&format!("group-participants.update{fixture}")) {
        Event::GroupParticipantsUpdate(update) => update,
        other => panic!("{other:?}"),
    };
    let full = members("");
    assert_eq!(
        (full.id.as_str(), full.action),
        ("120363000000000001@g.us", Some(ParticipantAction::Promote))
    );
    assert_eq!(full.author.unwrap(), L2);
    assert_eq!(full.author_pn.unwrap(), "5511999990002@s.whatsapp.net");
    let [data] = &full.participants_data.as_ref().unwrap()[..] else { panic!() };
    assert_eq!(data.jid.as_ref().unwrap().id, P1);
    assert_eq!(data.phone_number.as_ref().unwrap().phone(), Some("5511999990001"));
    assert_eq!(data.name.as_deref(), Some("Ana Exemplo"));
    assert!(data.img_url.is_some());

    let phones = |fixture: &str| -> Vec<Option<String>> {
        let update = members(fixture);
        let participants = update.participants.unwrap();
        participants.iter().map(|member| member.phone().map(str::to_owned)).collect()
    };
    let phone = Some("5511999990001".to_owned());
    assert_eq!(*phones(""), *std::slice::from_ref(&phone));
    assert_eq!(phones(".2_3_4"), [phone.clone(), None]);
    assert_eq!(phones(".2_3_5"), [None]);
    assert_eq!(phones(".2_3_6"), [phone.clone(), None]);
    assert_eq!(*phones(".2_3_7"), *std::slice::from_ref(&phone));
    for (fixture, action) in [
        (".2_3_4", ParticipantAction::Add),
        (".2_3_5", ParticipantAction::Remove),
        (".2_3_7", ParticipantAction::Demote),
    ] {
        assert_eq!(members(fixture).action, Some(action));
    }
    assert_eq!(ParticipantAction::from("modify"), ParticipantAction::Modify);

    // What 2.3.7 knows of them is of no use, and harms nothing.
    let garbage = members(".2_3_7").participants_data.unwrap();
    assert_eq!(garbage[0].phone_number.as_ref().unwrap().phone(), None);
    assert_eq!(garbage[0].jid.as_ref().unwrap().phone(), Some("5511999990001"));
    let odd = json!(["x", 7, [], null]);
    let body = with(&text("group-participants.update"), &["data", "participantsData"], Some(odd));
    let report = receive(&body);
    assert_eq!(report.recognition, "known");
    assert_eq!(report.set_aside.len(), 4, "{:?}", report.set_aside);
}

#[test]
fn labels_and_calls() {
    let Event::LabelsEdit(label) = event("labels.edit") else { panic!() };
    assert_eq!(
        (label.id.as_str(), label.name.as_deref(), label.color),
        ("7", Some("Pedido pago"), Some(4))
    );
    assert_eq!((label.deleted, label.predefined_id.as_deref()), (Some(false), Some("3")));
    assert_eq!(label.instance.as_deref(), Some("cantina"));
    let Event::LabelsEdit(deleted) = event("labels.edit.deletion") else { panic!() };
    assert_eq!(deleted.deleted, Some(true));
    let Event::LabelsAssociation(added) = event("labels.association") else { panic!() };
    assert_eq!((added.change, added.label_id.as_str()), (Some(LabelChange::Add), "7"));
    assert_eq!((added.chat_id.unwrap().as_str(), added.instance.as_deref()), (P1, Some("cantina")));
    let Event::LabelsAssociation(removed) = event("labels.association.remove") else { panic!() };
    assert_eq!(removed.change, Some(LabelChange::Remove));

    let Event::Call(call) = event("call") else { panic!() };
    assert_eq!(call.call_id().unwrap(), "C0FFEE00112233445566778899AABBCC");
    assert_eq!((&call.chat_id, call.from.as_ref().unwrap()), (&call.from, &Jid::from_wire(L1)));
    assert_eq!(call.caller_phone(), Some("5511999990001"));
    assert_eq!(call.date, Some(time("2026-02-10T14:23:45Z")));
    assert_eq!(
        (call.offline, call.is_video, call.is_group),
        (Some(false), Some(true), Some(false))
    );
    assert_eq!((call.status, call.group_jid.is_some()), (Some(CallStatus::Offer), true));
    let Event::Call(ended) = event("call.terminate") else { panic!() };
    assert_eq!(
        (ended.caller_phone(), ended.from.as_ref().unwrap().device()),
        (Some("5511999990001"), Some(12))
    );
    let Event::Call(newer) = event("call.newer") else { panic!() };
    assert_eq!(
        (newer.caller_phone(), newer.status.as_ref()),
        (None, Some(&CallStatus::RelayLatency))
    );
    for (word, status) in [
        ("ringing", CallStatus::Ringing),
        ("timeout", CallStatus::Timeout),
        ("reject", CallStatus::Reject),
        ("accept", CallStatus::Accept),
        ("terminate", CallStatus::Terminate),
        ("preaccept", CallStatus::Preaccept),
        ("transport", CallStatus::Transport),
    ] {
        assert_eq!(CallStatus::from(word), status);
    }
}

#[test]
fn bots() {
    let Event::TypebotStart(start) = event("typebot.start") else { panic!() };
    assert_eq!(
        (start.remote_jid.as_str(), start.url.as_deref()),
        (P1, Some("https://bot.example.org"))
    );
    assert_eq!(
        (start.typebot.as_deref(), start.session_id.as_deref()),
        (Some("reservas"), Some("cm8z1x2y3s001"))
    );
    let variables = start.variables.unwrap();
    assert_eq!(variables[0].name.as_deref(), Some("pushName"));
    assert_eq!(variables[0].value.as_ref().unwrap().as_str(), r#""Ana Exemplo""#);
    assert_eq!(variables[1].value.as_ref().unwrap().as_str(), r#"{"n":4}"#);
    assert!(start.prefilled_variables.is_some());
    let Event::TypebotStart(old) = event("typebot.start.v1") else { panic!() };
    assert_eq!((old.variables, old.prefilled_variables.is_some()), (None, true));

    let Event::TypebotChangeStatus(change) = event("typebot.change-status") else { panic!() };
    assert_eq!((change.remote_jid.as_str(), change.status), (P1, Some(TypebotStatus::Paused)));
    assert!(change.url.is_some() && change.typebot.is_some());
    let session = change.session.unwrap();
    assert_eq!(session.id.as_deref(), Some("cm8z1x2y30004abcd1234efgh"));
    assert_eq!(session.session_id.as_deref(), Some("cm8z1x2y3s001"));
    assert_eq!(
        (session.remote_jid.unwrap().as_str(), session.push_name.as_deref()),
        (P1, Some("Ana Exemplo"))
    );
    assert_eq!((session.status, session.await_user), (Some(TypebotStatus::Paused), Some(true)));
    assert_eq!(session.context.unwrap().as_str(), r#"{"step":[1,2.5]}"#);
    assert_eq!(session.bot_type.as_deref(), Some("typebot"));
    assert_eq!(session.created_at.unwrap().time(), time("2026-02-10T14:20:00Z"));
    // As text and as milliseconds.
    assert_eq!(session.updated_at, session.update_at);
    assert!(session.instance_id.is_some() && session.parameters.is_some());
    assert!(session.bot_id.is_some() && session.prefilled_variables.is_some());

    let Event::TypebotChangeStatus(old) = event("typebot.change-status.v1") else { panic!() };
    let session = old.session.unwrap();
    assert_eq!(session.created_at.unwrap().time(), time("2026-02-10T14:20:00Z"));
    assert_eq!(old.status, Some(TypebotStatus::Closed));
    let Event::TypebotChangeStatus(none) = event("typebot.change-status.no_session") else {
        panic!()
    };
    assert_eq!((none.status, none.session), (Some(TypebotStatus::Delete), None));
    assert_eq!(TypebotStatus::from("opened"), TypebotStatus::Opened);
    for odd in [json!(i64::MAX), json!(u64::MAX), json!("yesterday"), json!(1.5)] {
        let path = ["data", "session", "createdAt"];
        let report = receive(&with(&text("typebot.change-status"), &path, Some(odd)));
        assert_eq!(report.set_aside, ["data.session.createdAt"]);
    }

    let Event::ChamaAiAction(action) = event("chama-ai.action") else { panic!() };
    assert_eq!((action.remote_jid.as_str(), action.message.is_some()), (P1, true));
    assert_eq!(
        (action.answer.as_deref(), action.action.as_deref()),
        (Some("Um momento"), Some("transfer"))
    );
}

#[test]
fn the_history_and_errors() {
    let Event::MessagingHistorySet(history) = event("messaging-history.set") else { panic!() };
    assert_eq!(
        [history.message_count, history.chat_count, history.contact_count, history.progress]
            .map(Option::unwrap),
        [2317, 85, 340, 100]
    );

    let Event::Error(error) = event("error") else { panic!() };
    assert_eq!((error.error.as_deref(), error.status), (Some("Bad Request"), Some(400)));
    assert_eq!(error.message.unwrap().len(), 2);
    assert_eq!(error.response.unwrap().message.unwrap()[0], "Invalid payload");
    let Event::Error(single) = event("error.text") else { panic!() };
    assert_eq!(&single.message.unwrap()[..], ["Cannot read properties of undefined"]);

    let envelope = envelope("error");
    assert_eq!((&envelope.instance, &envelope.apikey), (&None, &None));
    assert_eq!(envelope.api_key.as_ref().unwrap().expose(), "B6D711FCDE4D4FD5936544120E713976");
}

#[test]
fn what_opens_something_is_not_shown() {
    for (fixture, secrets) in [
        ("error", &["B6D711FC"][..]),
        ("messages.upsert.plain", &["429683C4"]),
        ("new.jwt", &["eyJhbGci", "c2lnbmF0dXJl"]),
        ("qrcode.updated", &["WZYEH1YY", "2@y8eK4f0wZ", "iVBORw0KGgo", "429683C4"]),
    ] {
        let body = text(fixture);
        for secret in secrets {
            assert!(body.contains(secret), "{fixture}");
        }
        let delivery = zaphook::Delivery::<zaphook::Evolution>::parse_trusted(body).unwrap();
        let shown = format!("{:?} {:#?} {delivery:?}", delivery.envelope(), delivery.envelope());
        for secret in secrets {
            assert!(!shown.contains(secret), "{fixture}: {shown}");
        }
    }
}

#[test]
fn bodies_without_an_envelope_are_told_by_their_form() {
    let Event::CloudTemplateStatus(template) = event("cloud.template-status") else { panic!() };
    assert_eq!(template.event, Some(TemplateEvent::Approved));
    assert_eq!(template.message_template_id, Some(594_425_479_261_596));
    assert_eq!(template.message_template_name.as_deref(), Some("lembrete_reserva"));
    assert_eq!(template.message_template_language.as_deref(), Some("pt_BR"));
    assert_eq!(template.reason.as_deref(), Some("NONE"));
    let Event::CloudTemplateStatus(other) = event("cloud.template-status.rejected") else {
        panic!()
    };
    assert_eq!(other.event, Some(TemplateEvent::Rejected));
    assert_eq!(other.message_template_id, template.message_template_id);

    assert!(matches!(event("cloud.message-status"), Event::CloudMessageStatus(_)));
    let envelope = envelope("cloud.message-status");
    assert_eq!((envelope.name(), envelope.instance.is_some()), ("cloud.message-status", false));

    // Anything else that names no event is not guessed at.
    for body in
        [r#"{}"#, r#"{"status":"READ"}"#, r#"{"instance":"a","keyId":"b"}"#, r#"{"data":{}}"#]
    {
        let error = (super::SUBJECT.receive)(body.as_bytes()).unwrap_err();
        assert_eq!((error.reason(), error.status().as_u16()), ("no_event", 200), "{body}");
    }
    // With an envelope the event is what it says.
    let body = with(&text("messages.upsert.plain"), &["message_template_id"], Some(json!(1)));
    assert_eq!(receive(&body).event, "messages.upsert");
    let body = with(&text("messages.sticker.unknown"), &["keyId"], Some(json!("x")));
    assert_eq!(receive(&body).recognition, "unknown");
    let Event::Unknown(unknown) = event("messages.sticker.unknown") else { panic!() };
    assert!(unknown.payload().unwrap().as_str().contains("[1.0,1e2,-0]"));
}
