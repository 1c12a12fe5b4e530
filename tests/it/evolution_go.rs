//! Evolution Go: every event, every field, every quirk.

use std::time::Duration;

use serde_json::{Value, json};
use zaphook::Recognition;
use zaphook::evolution::go::{self, EditKind, Envelope, Event, ReceiptKind, State};
use zaphook::whatsapp::{Body, Content, Kind, ProtocolKind};

use crate::fixtures::{self, leaves, same, with};

const FOLDER: &str = "evolution/go";

/// The documented events.
#[rustfmt::skip]
const EVENTS: &[&str] = &[
    "Message", "SendMessage", "ButtonClick", "Receipt", "Presence", "ChatPresence", "HistorySync", "Archive",
    "CallOffer", "CallAccept", "CallTerminate", "CallOfferNotice", "CallRelayLatency", "Connected",
    "PairSuccess", "TemporaryBan", "LoggedOut", "ConnectFailure", "Disconnected", "LabelEdit",
    "LabelAssociationChat", "LabelAssociationMessage", "Contact", "PushName", "GroupInfo",
    "JoinedGroup", "NewsletterJoin", "NewsletterLeave", "QRCode", "QRTimeout",
    "OfflineSyncCompleted",
];

/// What a message makes no sense without.
const ESSENTIAL: &[&str] = &["data.Info", "data.Info.ID", "data.Info.Chat", "data.MessageIDs"];

/// Members that may hold any JSON, so nothing is odd there.
#[rustfmt::skip]
const FREE: &[&str] = &[
    "SourceWebMsg", "referral", "MsgBotInfo", "VerifiedName", "Data", "Raw", "Link", "Unlink",
    "UnknownChanges", "state", "thread_metadata", "viewer_metadata",
];

/// Members beyond what is typed, which are kept as they came.
#[rustfmt::skip]
const KEPT: &[&str] = &[
    "DeprecatedLIDSession", "New", "messageRange", "StanzaID", "orderIndex", "IsDefaultSubGroup",
    "Error",
];

#[track_caller]
fn parse(body: &str) -> Envelope {
    let envelope = Envelope::parse_trusted(body.as_bytes()).unwrap();
    assert_eq!(serde_json::from_str::<Envelope>(body).unwrap(), envelope);
    envelope
}

#[track_caller]
fn text(fixture: &str) -> String {
    fixtures::text(&format!("{FOLDER}/{fixture}.json"))
}

#[track_caller]
fn event(fixture: &str) -> Event {
    parse(&text(fixture)).event
}

/// The leaves, but for empty texts, since an address that is empty is none, and
/// for Go's zero time.
fn filled(json: &str) -> std::collections::BTreeMap<String, Value> {
    let mut leaves = leaves(&fixtures::json(json));
    leaves.retain(|_, value| value != "" && value != "0001-01-01T00:00:00Z");
    leaves
}

#[test]
fn the_list_of_events_is_the_documented_one() {
    assert_eq!(Event::NAMES, EVENTS);
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    let mut seen = Vec::new();
    for (name, body) in fixtures::all(FOLDER) {
        let envelope = parse(&body);
        let recognition = envelope.event.recognition();
        assert_eq!(recognition == Recognition::Unknown, name.ends_with(".unknown"), "{name}");
        assert_ne!(recognition, Recognition::Malformed, "{name}");
        assert!(envelope.set_aside().is_empty() && !envelope.is_repaired(), "{name}");
        assert!(name.starts_with(envelope.name()), "{name}");
        assert_eq!(envelope.instance(), Some("0f6c1a52-7d11-4c61-9a3e-000000000001"));

        let written = serde_json::to_string(&envelope).unwrap();
        assert_eq!(parse(&written), envelope, "{name}");
        let (before, after) = (filled(&body), filled(&written));
        for (path, value) in &before {
            let again = after.get(path).unwrap_or_else(|| panic!("{name}: {path} is lost"));
            assert!(same(value, again), "{name}: {path}: {value} != {again}");
        }
        assert_eq!(before.len(), after.len(), "{name}");
        seen.push(envelope.name().to_owned());
    }
    assert!(EVENTS.iter().all(|name| seen.iter().any(|seen| seen == name)));
}

/// The paths of all members of a body that are typed.
fn typed_paths(value: &Value, path: &[String], into: &mut Vec<Vec<String>>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let at = [path, std::slice::from_ref(name)].concat();
        if KEPT.contains(&name.as_str()) {
            continue;
        }
        let free = !path.is_empty() && FREE.contains(&name.as_str());
        let content = at.join(".") == "data.Message" || name == "quotedMessage";
        if !free && !content {
            typed_paths(value, &at, into);
        }
        if !free && !["event", "data"].contains(&at.join(".").as_str()) {
            into.push(at);
        }
    }
}

#[test]
fn every_field_may_be_absent_or_null_or_odd() {
    let mut checked = 0;
    for name in EVENTS {
        let body = text(name);
        let mut paths = Vec::new();
        typed_paths(&fixtures::json(&body), &[], &mut paths);
        for path in paths {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let joined = path.join(".");
            let label = format!("{name}: {joined}");
            let changes = [None, Some(Value::Null), Some(json!([[1]])), Some(json!(true))];
            let read = changes.map(|change| parse(&with(&body, &path, change)));
            let essential = ESSENTIAL.contains(&joined.as_str());
            let [absent, null, odd, boolean] = &read;
            if essential && *name != "PushName" {
                assert_eq!(absent.event.recognition(), Recognition::Malformed, "{label}");
                assert_eq!(null.event.recognition(), Recognition::Malformed, "{label}");
                continue;
            }
            if path.starts_with(&["data", "Message"]) && path.len() > 2 {
                continue; // A message's record within another event.
            }
            assert_eq!(absent.event, null.event, "{label}");
            let whole = parse(&body);
            assert!((absent, &absent.event) != (&whole, &whole.event), "{label}");
            let odd_ones = [odd, boolean].map(|envelope| {
                assert_eq!(envelope.event.recognition(), Recognition::Known, "{label}");
                let paths: Vec<String> =
                    envelope.set_aside().iter().map(|odd| odd.path().to_string()).collect();
                if paths == [joined.clone()] {
                    assert_eq!(envelope.event, absent.event, "{label}");
                }
                paths == [joined.clone()]
            });
            assert!(odd_ones.contains(&true), "{label}");
            checked += 1;
        }
    }
    assert!(checked > 150, "{checked}");
}

#[test]
fn a_message() {
    let Event::Message(message) = event("Message") else { panic!() };
    let info = &message.info;
    assert_eq!(
        (info.id.as_str(), &info.chat),
        ("3EB0A1B2C3D4E5F60718", &"120363000000000001@g.us".parse().unwrap())
    );
    assert_eq!(info.sender.as_ref().unwrap(), "210000000000001:12@lid");
    assert_eq!(info.sender_alt.as_ref().unwrap(), "5511999990001@s.whatsapp.net");
    assert_eq!(info.timestamp.unwrap().to_rfc3339(), "2026-02-10T14:23:45+00:00");
    assert_eq!(info.edit, Some(EditKind::MessageEdit));
    assert!(message.is_wrapped());
    let content = message.message.as_ref().unwrap().content().unwrap();
    let said = content.unwrapped();
    assert_eq!((said.kind(), said.text()), (Some(Kind::Image), Some("O cardápio")));
    assert_eq!(said.mentions()[0], "210000000000002@lid");
    let quoted = said.quoted().unwrap();
    assert_eq!(quoted.id, Some("3EB0FF"));
    assert_eq!(quoted.message.unwrap().parse().unwrap().unwrapped().text(), Some("Antes"));
    let inner = message.quoted.as_ref().unwrap().quoted_message.as_ref().unwrap();
    assert_eq!(inner.content().unwrap().unwrapped().text(), Some("Antes"));

    let Event::Message(plain) = event("Message.plain") else { panic!() };
    assert_eq!(
        (plain.info.sender_alt.as_ref(), plain.info.edit.as_ref()),
        (None, Some(&EditKind::None))
    );
    assert!(!plain.is_wrapped() && plain.info.broadcast_recipients.is_empty());
    let content = plain.message.as_ref().unwrap().content().unwrap();
    assert_eq!(content.unwrapped().text(), Some("Bom dia"));
    let devices = content.message_context_info.unwrap();
    assert_eq!(devices.message_secret.unwrap().decode().unwrap().len(), 4);
}

/// The same picture from Evolution API and from Evolution Go.
#[test]
fn what_a_message_holds_is_the_same_in_both_spellings() {
    let node: Content = serde_json::from_str(
        r#"{"imageMessage":{"url":"https://mmg.whatsapp.net/v/1.enc","mimetype":"image/jpeg","caption":"O cardápio","fileSha256":"BxQhLjtIVWI=","fileLength":"98127","height":1280,"width":720,"mediaKey":"FSIvPElWY3A=","fileEncSha256":"DhsoNUJPXGk=","directPath":"/v/1.enc","mediaKeyTimestamp":"1764000000","jpegThumbnail":"/9j/4AAQSkY=","contextInfo":{"stanzaId":"3EB0FF","participant":"5511999990002@s.whatsapp.net","mentionedJid":["210000000000002@lid"],"quotedMessage":{"conversation":"Antes"}}}}"#,
    )
    .unwrap();
    let Event::Message(message) = event("Message") else { panic!() };
    let message = message.message.unwrap();
    let (content, set_aside) = message.nested().parse_keeping().unwrap();
    assert_eq!(content, node);
    assert!(set_aside.is_empty());
    assert!(message.raw().as_str().contains("JPEGThumbnail"));

    let Event::Message(chosen) = event("Message.choice_of_several") else { panic!() };
    let content = chosen.message.unwrap().content().unwrap();
    assert_eq!(content.unwrapped().choice().unwrap().id.as_deref(), Some("h20"));

    let Event::Message(edit) = event("Message.edit") else { panic!() };
    let content = edit.message.unwrap().content().unwrap();
    let said = content.unwrapped();
    assert_eq!((said.text(), said.is_edit()), (Some("Boa tarde"), true));
    assert_eq!(said.edits().unwrap().id.as_deref(), Some("3A5F00112233445566AA"));

    // Nothing odd is lost on the way.
    let body = with(&text("Message"), &["data", "Message", "imageMessage", "URL"], Some(json!(7)));
    let Event::Message(odd) = parse(&body).event else { panic!() };
    let odd = odd.message.unwrap();
    let (content, set_aside) = odd.nested().parse_keeping().unwrap();
    assert_eq!(set_aside[0].path().to_string(), "imageMessage.url");
    assert!(matches!(content.body, Some(Body::Image(image)) if image.url.is_none()));
    let body = with(&text("Message"), &["data", "Message"], Some(json!([])));
    assert_eq!(parse(&body).set_aside()[0].path().to_string(), "data.Message");
}

#[test]
fn what_was_sent_and_what_became_of_it() {
    let Event::SendMessage(sent) = event("SendMessage") else { panic!() };
    assert_eq!(sent.info.is_from_me, Some(true));
    let context = sent.message_context_info.unwrap();
    assert_eq!(context.stanza_id.as_deref(), Some("3A5F00112233445566AA"));
    let Event::SendMessage(sent) = event("SendMessage.answers_nothing") else { panic!() };
    let context = sent.message_context_info.unwrap();
    assert_eq!((context.stanza_id.as_deref(), context.participant), (Some(""), None));

    for (fixture, state, kind, ids) in [
        ("Receipt", State::Read, ReceiptKind::Read, 2),
        ("Receipt.delivered", State::Delivered, ReceiptKind::Delivered, 1),
        ("Receipt.read_self", State::ReadSelf, ReceiptKind::ReadSelf, 1),
    ] {
        let envelope = parse(&text(fixture));
        assert_eq!(envelope.state, Some(state), "{fixture}");
        let Event::Receipt(receipt) = &envelope.event else { panic!() };
        assert_eq!((receipt.kind.as_ref(), receipt.message_ids.len()), (Some(&kind), ids));
        assert_eq!(envelope.message_id().is_some(), ids == 1);
    }
    let presence = parse(&text("Presence.hidden"));
    assert_eq!(presence.state, Some(State::Online));
    let Event::Presence(presence) = presence.event else { panic!() };
    // Go's zero time is none.
    assert_eq!(presence.last_seen, None);
    let Event::TemporaryBan(ban) = event("TemporaryBan") else { panic!() };
    assert_eq!(ban.expires_in(), Some(Duration::from_secs(3600)));
    let Event::LoggedOut(gone) = event("LoggedOut") else { panic!() };
    assert_eq!(gone.reason_code, Some(401));
    assert_eq!(gone.reason.as_deref(), Some("logged out from another device"));
    let Event::GroupInfo(group) = event("GroupInfo") else { panic!() };
    assert_eq!(group.join[0], "210000000000002@lid");
    assert_eq!(group.rest.get("New").unwrap().as_str(), r#"{"x":1}"#);
}

#[test]
fn what_makes_deliveries_one_event() {
    let identity = |body: &str| {
        let envelope = parse(body);
        envelope.identity().map(|parts| parts.join("/"))
    };
    let identified = |fixture: &str| identity(&text(fixture));
    assert_eq!(
        identified("Message").as_deref(),
        Some(
            "120363000000000001@g.us/them/3EB0A1B2C3D4E5F60718/by/210000000000001@lid/edited/2026-02-10T14:24:00Z"
        )
    );
    assert_eq!(
        identified("Receipt").as_deref(),
        Some(
            "120363000000000001@g.us/read/by/210000000000001:12@lid/author/5511888880001@s.whatsapp.net/of/3EB0000000000000000A/3EB0000000000000000B"
        )
    );
    // A part that is absent is not taken for another.
    assert_eq!(
        identified("Receipt.no_sender").as_deref(),
        Some("5511999990001@s.whatsapp.net/delivered/of/3EB0000000000000000A")
    );
    assert_ne!(identified("Receipt.delivered"), identified("Receipt.read_self"));
    assert_eq!(
        identified("CallOffer").as_deref(),
        Some("CALL01/from/5511999990001@s.whatsapp.net")
    );
    assert_eq!(
        identified("ButtonClick").as_deref(),
        Some("5511999990001@s.whatsapp.net/3EB0C0DE00112233AABB56")
    );
    for fixture in ["ButtonClick.as_sent", "Presence", "Connected", "QRCode", "UserAbout.unknown"] {
        assert_eq!(identified(fixture), None, "{fixture}");
    }
    for (fixture, time) in [
        ("Message", Some("2026-02-10T14:23:45+00:00")),
        ("Receipt", Some("2026-02-10T14:23:45+00:00")),
        ("LabelEdit", Some("2026-02-10T14:23:45+00:00")),
        ("Connected", None),
    ] {
        let at = parse(&text(fixture)).happened_at().map(|time| time.to_rfc3339());
        assert_eq!(at.as_deref(), time, "{fixture}");
    }
    assert_eq!(parse(&text("LabelAssociationMessage")).message_id(), Some("3EB0000000000000000A"));
}

/// Pairs that share an id and are two events: an edit in a channel, an id that
/// somebody else chose too, a message that comes after all, a second person.
#[test]
fn one_id_may_be_that_of_two_events() {
    let of = |body: &str| parse(body).identity().unwrap().join("/");
    let identity = |fixture: &str| of(&text(fixture));
    for (one, other) in [
        ("Message.channel_post", "Message.channel_edit"),
        ("Message.group", "Message.group_copied_id"),
        ("Message.group", "Message.group_own_copied_id"),
        ("Message.withheld", "Message.resent"),
        ("CallAccept", "CallAccept.by_another"),
    ] {
        assert_ne!(identity(one), identity(other), "{one} {other}");
    }
    // The same person on another device is the same author.
    let sender = &["data", "Info", "Sender"];
    let elsewhere = json!("5511999990001:3@s.whatsapp.net");
    let elsewhere = with(&text("Message.group"), sender, Some(elsewhere));
    assert_eq!(of(&elsewhere), identity("Message.group"));
    // The zero time is none: what was never edited goes by its id alone.
    let Event::Message(post) = event("Message.channel_post") else { panic!() };
    let meta = post.newsletter_meta.unwrap();
    assert!(meta.edit_ts.is_none() && meta.original_ts.is_some());
    let bare = with(&text("Message.channel_post"), &["data", "NewsletterMeta"], None);
    assert_eq!(of(&bare), identity("Message.channel_post"));
}

#[test]
fn a_message_that_was_withheld() {
    let Event::Message(withheld) = event("Message.withheld") else { panic!() };
    assert_eq!(withheld.unavailable_type.as_deref(), Some("view_once"));
    assert_eq!(
        (withheld.is_unavailable, withheld.decrypt_fail_mode.as_deref()),
        (Some(true), Some(""))
    );
    assert!(withheld.is_withheld());
    let Event::Message(resent) = event("Message.resent") else { panic!() };
    assert!(!resent.is_withheld());
    assert_eq!(resent.unavailable_request_id.unwrap(), "3EB0C0DE00112233AABB53");
}

#[test]
fn what_the_main_branch_adds() {
    let Event::Message(revoked) = event("Message.revoked") else { panic!() };
    assert_eq!(revoked.is_revoke, Some(true));
    assert_eq!(revoked.message_type, Some(go::MessageAction::Revoke));
    let content = revoked.message.unwrap().content().unwrap();
    let Some(Body::Protocol(protocol)) = &content.body else { panic!() };
    let named = protocol.type_name.as_deref().unwrap();
    assert_eq!((named, protocol.kind.as_deref().unwrap()), (&ProtocolKind::Revoke, named));

    let Event::Message(stored) = event("Message.stored_file") else { panic!() };
    let content = stored.message.unwrap().content().unwrap();
    let said = content.unwrapped();
    let media = said.media().unwrap();
    assert_eq!(media.stored_url, Some("https://s3.example.org/2.png"));
    assert_eq!(media.mimetype, Some("image/png"));

    let Event::ButtonClick(click) = event("ButtonClick") else { panic!() };
    assert_eq!(
        (click.button_id.as_deref(), click.button_text.as_deref()),
        (Some("yes"), Some("Sim"))
    );
    assert_eq!(click.kind, Some(go::ButtonClickKind::ListResponse));
    assert_eq!(click.timestamp.unwrap().to_rfc3339(), "2026-02-10T14:23:45+00:00");
    let more = click.extra_data.unwrap();
    assert_eq!(more.description.as_deref(), Some("Para as 20h"));
    assert_eq!(parse(&text("ButtonClick")).message_id(), Some("3EB0C0DE00112233AABB56"));
    let Event::ButtonClick(click) = event("ButtonClick.as_sent") else { panic!() };
    assert!(click.jid.is_none() && click.message_id.is_none() && click.chat.is_none());

    let Event::Message(message) = event("Message") else { panic!() };
    let group = message.group_data.unwrap();
    assert_eq!((group.name.as_deref(), group.is_announce), (Some("Clientes"), Some(true)));
    assert_eq!(group.participants[0].jid.as_ref().unwrap(), "210000000000001@lid");
    let Event::GroupInfo(change) = event("GroupInfo") else { panic!() };
    assert_eq!(change.sender_pn.unwrap(), "5511999990001@s.whatsapp.net");
    let mode = change.membership_approval_mode.unwrap();
    assert_eq!((mode.is_join_approval_required, change.suspended), (Some(true), Some(true)));
    assert_eq!(change.membership_requests_created[0].jid.as_ref().unwrap(), "210000000000006@lid");
    let Event::PushName(name) = event("PushName") else { panic!() };
    assert_eq!(name.jid_alt.unwrap(), "210000000000001@lid");
    let Event::JoinedGroup(group) = event("JoinedGroup") else { panic!() };
    assert_eq!(group.owner_pn.unwrap(), "5511999990001@s.whatsapp.net");
    assert_eq!(group.linked_parent_jid.unwrap(), "120363000000000003@g.us");
    let Event::PairSuccess(pair) = event("PairSuccess") else { panic!() };
    assert_eq!(
        (pair.status.as_deref(), pair.push_name.as_deref()),
        (Some("open"), Some("Cantina"))
    );
    let Event::TemporaryBan(ban) = event("TemporaryBan") else { panic!() };
    assert_eq!(ban.reason.as_deref(), Some("blocked by too many people"));
    let Event::LoggedOut(out) = event("LoggedOut") else { panic!() };
    assert_eq!((out.reason_code, out.reason.is_some()), (Some(401), true));
}

/// What has no id and says when it happened is known by its body.
#[test]
fn what_says_when_it_happened_has_a_key() {
    use zaphook::{Delivery, Evolution};
    let key = |body: &str| {
        let delivery = Delivery::<Evolution>::parse_trusted(body).unwrap();
        delivery.key().map(|key| key.to_string())
    };
    for fixture in [
        "GroupInfo",
        "LabelEdit",
        "LabelAssociationChat",
        "LabelAssociationMessage",
        "Contact",
        "Archive",
        "CallRelayLatency",
        "UserAbout.unknown",
    ] {
        let body = text(fixture);
        let same = key(&body).expect(fixture);
        assert!(same.contains("/go/") && same.contains("/body/"), "{fixture}: {same}");
        assert_ne!(key(&format!("{body} ")), Some(same), "{fixture}");
        for time in [None, Some(Value::Null), Some(json!("0001-01-01T00:00:00Z"))] {
            let typed = fixture != "UserAbout.unknown";
            let body = with(&body, &["data", "Timestamp"], time.clone());
            assert!(key(&body).is_none() || !typed && time.is_some(), "{fixture} {time:?}");
        }
    }
    for fixture in ["Presence", "Connected", "QRCode", "Disconnected", "ButtonClick.as_sent"] {
        assert_eq!(key(&text(fixture)), None, "{fixture}");
    }
    // One that cannot be typed says it as well.
    let odd =
        with(&text("CallOffer"), &["data"], Some(json!([{"Timestamp": "2026-02-10T11:23:45Z"}])));
    assert_eq!(key(&odd), None);
    let receipt = with(&text("Receipt"), &["data", "MessageIDs"], None);
    assert!(key(&receipt).unwrap().contains("/go/Receipt/body/"));
}

#[test]
fn the_order_of_members_changes_nothing() {
    for (name, body) in fixtures::all(FOLDER) {
        let whole = parse(&body);
        let json = fixtures::json(&body);
        let mut members: Vec<String> = json
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!(r#""{name}":{value}"#))
            .collect();
        for _ in 0..members.len() {
            members.rotate_left(1);
            let turned = parse(&format!("{{{}}}", members.join(",")));
            let [again, first] = [&turned, &whole].map(|read| serde_json::to_value(read).unwrap());
            assert_eq!(again, first, "{name}");
        }
    }
}

#[test]
fn members_that_decide_stand_once() {
    let body = text("Connected");
    for member in ["event", "data", "instanceToken", "instanceId", "instanceName"] {
        let twice = body.replacen('{', &format!(r#"{{"{member}":"x","#), 1);
        assert!(Envelope::parse_trusted(twice.as_bytes()).is_err(), "{member}");
    }
}

#[test]
fn secrets_are_not_shown() {
    for (name, body) in fixtures::all(FOLDER) {
        let shown = format!("{:?}", parse(&body));
        for secret in ["8e1f-token", "2@codigo", "iVBORw0KGgo", "ConviteDeExemplo"] {
            assert!(!shown.contains(secret), "{name} shows {secret}");
        }
    }
    let envelope = parse(&text("Message"));
    assert_eq!(envelope.instance_token.unwrap().expose(), "8e1f-token-de-exemplo");
}

#[test]
fn five_attempts_half_a_minute_apart() {
    assert_eq!(go::RETRIES.attempts(), Some(5));
    assert!(go::RETRIES.delays().all(|delay| delay == Duration::from_secs(30)));
}

#[test]
fn a_small_stack_is_enough() {
    let run = || {
        for (_, body) in fixtures::all(FOLDER) {
            let envelope = parse(&body);
            if let Event::Message(message) = &envelope.event {
                let Some(content) = &message.message else { continue };
                assert!(content.content().unwrap().unwrapped().kind().is_some());
            }
        }
        let deep = format!("{}1{}", r#"{"ID":["#.repeat(20_000), "]}".repeat(20_000));
        let body = with(&text("Message"), &["data", "Message"], Some(json!({"x": "MARK"})));
        let Event::Message(message) = parse(&body.replace(r#""MARK""#, &deep)).event else {
            panic!()
        };
        let content = message.message.unwrap().content().unwrap();
        assert!(content.rest.get("x").unwrap().as_str().starts_with(r#"{"id":["#));
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

/// `null` is as good as absent: it is not written back, and must not tell whose body it is.
#[test]
fn a_body_whose_instance_is_null_is_not_of_evolution_go() {
    use zaphook::{Delivery, Evolution, evolution};

    let read = |members: &str| {
        let body = format!(r#"{{"event":"messages.update",{members}"data":{{"keyId":"3EB0"}}}}"#);
        Delivery::<Evolution>::parse_trusted(body).unwrap()
    };
    let event = |members: &str| read(members).name().to_owned();
    assert_eq!(event(r#""instance":null,"#), "messages.update");
    let go = read(r#""instance":null,"instanceId":"7","#);
    assert!(matches!(go.event(), evolution::Event::Go(_)));
    assert_eq!(go.account().as_deref(), Some("7"));
    for null in ["instanceToken", "instanceId", "instanceName"] {
        let delivery = read(&format!(r#""{null}":null,"#));
        assert!(matches!(delivery.event(), evolution::Event::MessagesUpdate(_)), "{null}");
        assert!(delivery.account().is_none(), "{null}");
        let written = delivery.to_json().unwrap();
        let again = Delivery::<Evolution>::parse_trusted(written.as_str()).unwrap();
        assert!(again.event() == delivery.event(), "{null}");
        let both = read(&format!(r#""{null}":null,"instanceName":"cantina","#));
        let is_repeated = null == "instanceName";
        assert_eq!(matches!(both.event(), evolution::Event::Go(_)), !is_repeated, "{null}");
    }
}
