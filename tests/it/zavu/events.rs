//! The typed values of every event, and the sets of words.

use serde_json::json;
use zaphook::zavu::{
    BroadcastStatus, CallDirection, CallEndReason, CallStatus, Channel, ConnectionType, ErrorCode,
    Event, FailureReason, InvitationStatus, MessageInbound, MessageStatus, MessageType,
    ReferralMedia, SignatureVersion, SourceType, TemplateStatus,
};

use super::{envelope, event, receive, time};
use crate::fixtures::{self, with};

const MESSAGE: &str = "jd7f3k2m9n4p5q6r7s8t9v0w1x2y3z4a";

fn inbound(fixture: &str) -> MessageInbound {
    match event(fixture) {
        Event::MessageInbound(message) => *message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_envelope() {
    let envelope = envelope("message.inbound.plain");
    assert_eq!(envelope.name(), "message.inbound");
    assert_eq!(envelope.id.as_deref(), Some("evt_1705312515123_k00f"));
    assert_eq!(envelope.timestamp, Some(time("2024-01-15T09:55:00.123Z")));
    assert_eq!(envelope.sender_id.as_deref(), Some("snd_5e1f"));
    assert_eq!(envelope.project_id.as_deref(), Some("prj_77aa"));
    assert_eq!((envelope.transport, envelope.event_name), (None, None));
    assert_eq!((envelope.from, envelope.to), (None, None));
}

#[test]
fn messages_on_their_way() {
    for (name, status) in [
        ("queued", MessageStatus::Queued),
        ("sent", MessageStatus::Sent),
        ("delivered", MessageStatus::Delivered),
        ("read", MessageStatus::Read),
        ("failed", MessageStatus::Failed),
    ] {
        let event = event(&format!("message.{name}"));
        let message = event.outbound().unwrap();
        assert_eq!(message.message_id, MESSAGE);
        assert_eq!(event.message_id(), Some(MESSAGE));
        assert_eq!(message.to.as_deref(), Some("+5511999990001"));
        assert_eq!(message.channel, Some(Channel::WhatsApp));
        assert_eq!(message.status, Some(status), "{name}");
        assert_eq!(message.error_code.as_deref(), Some(&ErrorCode::ReengagementNeeded));
        assert_eq!(message.error_message.as_deref(), Some("Re-engagement message"));
        assert_eq!(message.conversation_id.as_deref(), Some("k57a1b2c3d"));
        assert_eq!(message.template_id.as_deref(), Some("tpl_90ab"));
        let variant = match event {
            Event::MessageQueued(_) => "queued",
            Event::MessageSent(_) => "sent",
            Event::MessageDelivered(_) => "delivered",
            Event::MessageRead(_) => "read",
            Event::MessageFailed(_) => "failed",
            other => panic!("{other:?}"),
        };
        assert_eq!(variant, name);
    }
    assert!(event("message.inbound").outbound().is_none());
}

#[test]
fn a_received_message() {
    let message = inbound("message.inbound");
    assert_eq!(message.message_id, MESSAGE);
    assert_eq!(message.conversation_id.as_deref(), Some("k57a1b2c3d"));
    assert_eq!(
        (message.from.as_str(), message.to.as_deref()),
        ("+5511999990001", Some("+5511888880001"))
    );
    assert_eq!(message.channel, Some(Channel::WhatsApp));
    assert_eq!(message.status, Some(MessageStatus::Received));
    assert_eq!(message.message_type, Some(MessageType::Text));
    assert_eq!(message.text.as_deref(), Some("Olá! Ainda há mesas para sábado? 🍽️"));
    assert_eq!(message.profile_name.as_deref(), Some("Ana Exemplo"));
    assert_eq!(message.provider_timestamp, Some(time("2024-01-15T09:54:58Z")));
    assert_eq!(message.is_group, Some(false));
    assert_eq!(message.group_id.as_deref(), Some("120363000000000001@g.us"));
    assert_eq!(message.group_author.as_deref(), Some("+5511999990001"));
    assert_eq!(message.group_name.as_deref(), Some("Turma"));
    assert_eq!(message.error_code.as_deref(), Some(&ErrorCode::Undeliverable));
    assert_eq!(message.error_message.as_deref(), Some("Message undeliverable"));

    let referral = message.referral.unwrap();
    assert_eq!(referral.ctwa_clid.as_deref(), Some("ARExemplo1"));
    assert_eq!(referral.source_id.as_deref(), Some("1202100001"));
    assert_eq!(referral.source_type, Some(SourceType::Ad));
    assert_eq!(referral.source_url.as_deref(), Some("https://fb.example.org/1"));
    assert_eq!(referral.headline.as_deref(), Some("Mesa para dois"));
    assert_eq!(referral.body.as_deref(), Some("Reserve agora"));
    assert_eq!(referral.media_type, Some(ReferralMedia::Image));
    assert_eq!(referral.image_url.as_deref(), Some("https://media.example.org/ad.jpg"));
    assert_eq!(referral.video_url.as_deref(), Some("https://media.example.org/ad.mp4"));
    assert_eq!(referral.thumbnail_url.as_deref(), Some("https://media.example.org/ad_s.jpg"));
    let post = inbound("message.inbound.reference_ad").referral.unwrap();
    assert_eq!(
        (post.source_type, post.media_type),
        (Some(SourceType::Post), Some(ReferralMedia::Video))
    );

    let content = message.content.unwrap();
    assert_eq!(content.media_id.as_deref(), Some("1203998800001"));
    assert_eq!(content.media_url.as_deref(), Some("https://media.example.org/a/1.jpg"));
    assert_eq!(content.mime_type.as_deref(), Some("image/jpeg"));
    assert_eq!(content.filename.as_deref(), Some("cardapio.jpg"));
    assert_eq!((content.latitude, content.longitude), (Some(-23.561684), Some(-46.65598)));
    assert_eq!(content.emoji.as_deref(), Some("👍"));
    assert_eq!(content.react_to_message_id.as_deref(), Some("jd7reacted"));
    assert_eq!(content.reply_to_message_id.as_deref(), Some("jd7replied"));
    assert_eq!(content.reply_to_provider_message_id.as_deref(), Some("wamid.HBgNEXEMPLO"));
    assert_eq!(content.reply_to_from.as_deref(), Some("+5511888880001"));
    assert_eq!(content.reply_to_text.as_deref(), Some("Para quantas pessoas?"));
    assert_eq!(content.reply_to_message_type, Some(MessageType::Text));
    let [contact] = &content.contacts.as_ref().unwrap()[..] else { panic!() };
    assert_eq!(contact.name.as_deref(), Some("Bruno Exemplo"));
    assert_eq!(contact.phones.as_ref().unwrap().join(" "), "+5511999990002 +5511999990003");
    // Where both namings are there, the page's leads.
    let place = content.place().unwrap();
    assert_eq!((place.name, place.address), (Some("Cantina Exemplo"), Some("Rua Exemplo, 1")));
}

#[test]
fn kinds_of_content() {
    let document = inbound("message.inbound.document");
    assert_eq!(document.message_type, Some(MessageType::Document));
    assert_eq!(document.content.unwrap().filename.as_deref(), Some("cardapio.pdf"));

    let reaction = inbound("message.inbound.reaction");
    assert_eq!(reaction.message_type, Some(MessageType::Reaction));
    let content = reaction.content.unwrap();
    assert_eq!((content.emoji.as_deref(), content.is_reply()), (Some("❤️"), false));
    assert_eq!(content.react_to_message_id.as_deref(), Some("jd7reacted"));

    let reply = inbound("message.inbound.reply").content.unwrap();
    assert!(reply.is_reply());
    assert_eq!((reply.reply_to_message_id, reply.reply_to_text.as_deref()), (None, Some("")));
    assert_eq!(reply.reply_to_message_type, Some(MessageType::Image));

    let answer = inbound("message.inbound.location_answer").content.unwrap();
    assert!(answer.is_reply() && answer.place().is_some());
    assert_eq!(answer.reply_to_message_type, Some(MessageType::LocationRequest));

    let contacts = inbound("message.inbound.contact").content.unwrap().contacts.unwrap();
    assert_eq!(contacts.len(), 3);
    assert_eq!((&contacts[1].name, &contacts[1].phones), (&None, &None));
    assert_eq!(contacts[2].phones.as_deref(), Some(&[][..]));
}

#[test]
fn conversations() {
    let Event::ConversationNew(new) = event("conversation.new") else { panic!() };
    assert_eq!(new.conversation_id.as_deref(), Some("k57a1b2c3d"));
    assert_eq!(new.phone_number.as_deref(), Some("+5511999990001"));
    assert_eq!(new.email.as_deref(), Some("ana@example.org"));
    assert_eq!(new.channel, Some(Channel::WhatsApp));
    assert_eq!(new.first_message_id, MESSAGE);
    assert_eq!(new.first_message_text.as_deref(), Some("Olá!"));
    assert_eq!(new.profile_name.as_deref(), Some("Ana Exemplo"));
    let Event::ConversationNew(early) = event("conversation.new.early") else { panic!() };
    assert_eq!((early.conversation_id, early.email, early.profile_name), (None, None, None));
}

#[test]
fn invitations() {
    let Event::InvitationStatusChanged(done) = event("invitation.status_changed") else { panic!() };
    assert_eq!(done.invitation_id, "inv_21");
    assert_eq!(done.client_name.as_deref(), Some("Cantina Exemplo"));
    assert_eq!(done.client_email.as_deref(), Some("cantina@example.org"));
    assert_eq!(done.connection_type, Some(ConnectionType::WhatsAppWaba));
    assert_eq!(done.previous_status, Some(InvitationStatus::InProgress));
    assert_eq!(done.current_status, Some(InvitationStatus::Completed));
    assert_eq!(done.sender_id.as_deref(), Some("snd_6f2a"));
    let account = done.connected_account.unwrap();
    assert_eq!(account.channel, Some(Channel::WhatsApp));
    assert_eq!(account.id.as_deref(), Some("1088000000001"));
    assert_eq!(account.name.as_deref(), Some("Cantina Exemplo"));

    let failed = event("invitation.status_changed.failed");
    let Event::InvitationStatusChanged(failed) = failed else { panic!() };
    assert_eq!(failed.failure_reason, Some(FailureReason::MetaNoPages));
    assert_eq!((failed.client_name, failed.connected_account), (None, None));
}

#[test]
fn calls() {
    for (name, status) in [
        ("initiated", CallStatus::Queued),
        ("answered", CallStatus::InProgress),
        ("completed", CallStatus::Completed),
        ("failed", CallStatus::Failed),
    ] {
        let event = event(&format!("call.{name}"));
        assert_eq!((event.name(), event.message_id()), (format!("call.{name}").as_str(), None));
        let call = event.call().unwrap();
        assert_eq!(
            (call.call_id.as_deref(), call.status.as_ref()),
            (Some("call_31"), Some(&status))
        );
        assert_eq!(call.direction, Some(CallDirection::Outbound));
        assert_eq!(call.from.as_deref(), Some("+5511888880001"));
        assert_eq!(call.to.as_deref(), Some("+5511999990001"));
        assert_eq!(call.duration_seconds, Some(42.5));
        assert_eq!(call.end_reason, Some(CallEndReason::Hangup));
        assert_eq!(call.transcript_available, Some(true));
        assert_eq!(call.metadata.as_ref().unwrap().as_str(), r#"{"order":"A-17","n":1.5}"#);
        assert_eq!((call.cost, call.currency.as_deref()), (Some(0.0132), Some("USD")));
    }
    // How it ended need not be `failed`.
    let event = event("call.failed.busy");
    let call = event.call().unwrap();
    assert_eq!((call.status.as_ref(), call.cost), (Some(&CallStatus::Busy), Some(0.0)));
    let ringing = super::event("call.initiated.plain");
    let ringing = ringing.call().unwrap();
    assert_eq!((ringing.duration_seconds, ringing.end_reason.as_ref()), (None, None));
    assert_eq!(ringing.direction, Some(CallDirection::Inbound));
    assert!(super::event("message.inbound").call().is_none());
}

#[test]
fn templates() {
    let Event::TemplateApproved(approved) = event("template.approved.plain") else { panic!() };
    assert_eq!(approved.template_id, "tpl_90ad");
    assert_eq!(approved.name.as_deref(), Some("reserva_lembrete"));
    assert_eq!((approved.status, approved.reason), (Some(TemplateStatus::Approved), None));
    let Event::TemplateRejected(rejected) = event("template.rejected") else { panic!() };
    assert_eq!(rejected.status, Some(TemplateStatus::Rejected));
    assert_eq!(rejected.reason.as_deref(), Some("INVALID_FORMAT"));
}

#[test]
fn events_without_a_published_shape_are_kept_as_they_came() {
    for name in [
        "message.unsupported",
        "message.reaction",
        "template.status_changed",
        "broadcast.status_changed",
        "domain.verified",
        "domain.failed",
    ] {
        let body = fixtures::text(&format!("zavu/{name}.json"));
        let event = event(name);
        let payload = match &event {
            Event::MessageUnsupported(payload)
            | Event::MessageReaction(payload)
            | Event::TemplateStatusChanged(payload)
            | Event::BroadcastStatusChanged(payload)
            | Event::DomainVerified(payload)
            | Event::DomainFailed(payload) => payload,
            other => panic!("{other:?}"),
        };
        assert_eq!(event.name(), name);
        assert_eq!(payload.raw().as_str(), fixtures::raw(&body, "data"));
        let value: serde_json::Value = payload.parse().unwrap();
        assert_eq!(value, fixtures::json(&body)["data"]);
    }
    let Event::DomainVerified(domain) = event("domain.verified") else { panic!() };
    assert_eq!(domain.text("domainId").as_deref(), Some("dom_41"));
    assert_eq!(domain.text("records"), None);
    let Event::BroadcastStatusChanged(broadcast) = event("broadcast.status_changed") else {
        panic!()
    };
    let status = broadcast.text("status").unwrap();
    assert_eq!(BroadcastStatus::from(&*status), BroadcastStatus::PendingReview);
}

#[test]
fn unknown_events_keep_their_payload() {
    let body = fixtures::text("zavu/message.pinned.unknown.json");
    let Event::Unknown(event) = event("message.pinned.unknown") else { panic!() };
    assert_eq!(event.name(), "message.pinned");
    assert_eq!(event.payload().unwrap().as_str(), fixtures::raw(&body, "data"));
}

#[test]
fn quirk_3_an_error_code_is_text_and_may_be_null_or_absent() {
    let code = |fixture: &str| event(fixture).outbound().unwrap().error_code.clone();
    assert_eq!(code("message.failed"), Some(ErrorCode::ReengagementNeeded.into()));
    assert_eq!(*code("message.failed.carrier").unwrap(), "30003");
    assert_eq!(code("message.failed.email"), Some(ErrorCode::EmailDomainNotFound.into()));
    assert_eq!(code("message.delivered.plain"), None);
    assert_eq!(code("message.delivered.email"), None);
    let other = code("message.failed.other").unwrap();
    assert_eq!((other.as_str(), other.is_known()), ("TEMPLATE_PAUSED", false));
    // A number is not what is documented, and the same code.
    let body = fixtures::text("zavu/message.failed.json");
    let report = receive(&with(&body, &["data", "errorCode"], Some(json!(131_047))));
    assert!(report.set_aside.is_empty());
    assert!(report.written.contains(r#""errorCode":131047"#), "{}", report.written);
}

#[test]
fn quirk_4_message_status_is_a_story() {
    let Event::Story(story) = event("message.status") else { panic!() };
    assert_eq!(story.from, "+5511999990001");
    assert_eq!(story.message_type, Some(MessageType::Video));
    assert_eq!(story.text.as_deref(), Some("Bom dia!"));
    assert_eq!(story.mime_type.as_deref(), Some("video/mp4"));
    assert_eq!(story.provider_timestamp, Some(time("2024-01-15T09:54:50Z")));
    let event = event("message.status.text");
    assert_eq!((event.message_id(), event.outbound()), (None, None));
    let report = receive(&fixtures::text("zavu/message.status.json"));
    assert_eq!((report.event.as_str(), report.message_key), ("message.status", None));
}

#[test]
fn quirk_6_addresses_are_opaque() {
    assert_eq!(inbound("message.inbound.bsuid").from, "BR.4815162342108");
    assert_eq!(inbound("message.inbound.email").from, "ana@example.org");
    let group = inbound("message.inbound.group");
    assert_eq!(
        (group.is_group, group.group_author.as_deref()),
        (Some(true), Some("+5511999990001"))
    );
    assert_eq!(group.group_id.as_deref(), Some("120363000000000001@g.us"));
    assert_eq!(group.channel, Some(Channel::WhatsAppAlt));
}

#[test]
fn quirk_7_content_is_null_absent_or_an_object_and_text_may_be_absent() {
    assert_eq!(inbound("message.inbound.plain").content, None);
    assert_eq!(inbound("message.inbound.first").content, None);
    let audio = inbound("message.inbound.audio");
    assert_eq!((audio.text, audio.message_type), (None, Some(MessageType::Audio)));
    let content = audio.content.unwrap();
    assert_eq!(content.media_url.as_deref(), Some("https://media.example.org/a/3.ogg"));
    let image = inbound("message.inbound.image");
    assert_eq!(
        (image.text.as_deref(), image.content.unwrap().media_url),
        (Some("O cardápio"), None)
    );
    let sms = inbound("message.inbound.sms");
    assert_eq!((sms.profile_name, sms.provider_timestamp, sms.conversation_id), (None, None, None));
}

#[test]
fn quirk_8_a_place_has_two_namings_and_perhaps_whole_degrees() {
    for fixture in ["message.inbound.location", "message.inbound.location_schema"] {
        let content = inbound(fixture).content.unwrap();
        let place = content.place().unwrap();
        assert_eq!((place.name, place.address), (Some("Cantina Exemplo"), Some("Rua Exemplo, 1")));
    }
    let content = inbound("message.inbound.location").content.unwrap();
    assert_eq!((content.latitude, content.longitude), (Some(-23.561684), Some(-46.0)));
    assert_eq!(inbound("message.inbound.image").content.unwrap().place(), None);

    let body = fixtures::text("zavu/message.inbound.location.json");
    for (odd, read) in [(json!("-46.5"), Some(-46.5)), (json!("west"), None), (json!(true), None)] {
        let report = receive(&with(&body, &["data", "content", "longitude"], Some(odd)));
        let written = fixtures::json(&report.written)["data"]["content"]["longitude"].as_f64();
        assert_eq!((written, report.set_aside.is_empty()), (read, read.is_some()));
    }
}

#[test]
fn the_event_tells_when_it_happened() {
    let happened = |fixture: &str| {
        receive(&fixtures::text(&format!("zavu/{fixture}.json"))).happened_at.unwrap()
    };
    assert_eq!(happened("message.inbound.plain"), "2024-01-15T09:54:58+00:00");
    assert_eq!(happened("message.inbound.sms"), "2024-01-15T09:55:00.123+00:00");
    assert_eq!(happened("message.status"), "2024-01-15T09:54:50+00:00");
    assert_eq!(happened("message.status.text"), "2024-01-15T09:55:00.123+00:00");
    assert_eq!(happened("call.answered"), "2024-01-15T09:55:00.123+00:00");
}

#[test]
fn a_status_supersedes_what_it_tells_more_than() {
    use MessageStatus::{Delivered, Failed, PendingUrlVerification, Queued, Read, Sending, Sent};

    let other = MessageStatus::from("bounced");
    let order =
        [other.clone(), PendingUrlVerification, Queued, Sending, Sent, Failed, Delivered, Read];
    for (newer, status) in order.iter().enumerate() {
        for (older, than) in order.iter().enumerate() {
            assert_eq!(status.supersedes(than), newer > older, "{status} {than}");
        }
    }
    assert!(!other.supersedes(&MessageStatus::from("held")));
    assert!(!MessageStatus::Received.supersedes(&Delivered));
}

/// Every documented word is known, and what is not documented is kept.
#[test]
fn the_sets_of_words_are_the_documented_ones() {
    macro_rules! words {
        ($($Set:ident: $words:literal;)+) => {
            $(
                for word in $words.split_whitespace() {
                    let value = $Set::from(word);
                    assert_eq!((value.as_str(), value.is_known()), (word, true));
                }
                let other = $Set::from("something new");
                assert_eq!((other.as_str(), other.is_known()), ("something new", false));
            )+
        };
    }

    words! {
        Channel: "auto sms sms_oneway whatsapp whatsapp_alt telegram email instagram messenger voice";
        MessageStatus: "queued sending sent delivered read failed received pending_url_verification";
        MessageType: "text image video audio document sticker location contact buttons list cta_url
            request_contact_info location_request reaction template";
        ErrorCode: "131047 131026 30003 EMAIL_INVALID_RECIPIENT EMAIL_DOMAIN_NOT_FOUND
            EMAIL_RECIPIENT_SUPPRESSED";
        BroadcastStatus: "pending_review approved rejected sending completed cancelled draft
            escalated rejected_final scheduled paused failed";
        InvitationStatus: "pending in_progress completed cancelled failed expired";
        ConnectionType: "whatsapp_waba messenger whatsapp_alt";
        FailureReason: "fb_cancelled fb_not_authorized signup_abandoned meta_no_pages internal_error";
        CallDirection: "inbound outbound";
        CallStatus: "queued ringing in_progress completed failed busy no_answer canceled";
        CallEndReason: "agent_ended max_duration transfer hangup";
        SourceType: "ad post";
        ReferralMedia: "image video";
        TemplateStatus: "approved rejected";
        SignatureVersion: "v1 v1+v2 v2";
    }
}

#[test]
fn ids_and_codes_may_be_numbers_and_times_in_seconds() {
    let envelope = envelope("message.failed.numbers");
    let Event::MessageFailed(failed) = &envelope.event else { panic!() };
    assert_eq!(failed.message_id, "4711");
    assert_eq!(failed.error_code.as_deref(), Some(&ErrorCode::ReengagementNeeded));
    let written = serde_json::to_string(&envelope).unwrap();
    assert!(written.contains(r#""errorCode":131047"#), "{written}");
    assert!(written.contains(r#""messageId":4711"#), "{written}");

    let Event::CallInitiated(call) = event("call.initiated.unidentified") else { panic!() };
    assert_eq!((call.call_id, call.from.is_some()), (None, true));

    let body = fixtures::text("zavu/message.inbound.seconds.json");
    let delivery = zaphook::Delivery::<zaphook::Zavu>::parse_trusted(body).unwrap();
    assert!(delivery.has_rescaled_times());
    assert_eq!(delivery.happened_at(), Some(time("2024-01-15T09:54:59Z")));
    assert_eq!(delivery.envelope().timestamp, Some(time("2024-01-15T09:55:00Z")));
}
