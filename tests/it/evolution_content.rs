//! What Evolution's messages hold: every content, every form, every quirk.

use serde_json::{Value, json};
use zaphook::event::Nested;
use zaphook::whatsapp::{
    Body, Content, ContextInfo, DisappearingInitiator, Kind, ListType, MediaKind, ProtocolKind,
};
use zaphook::wire::LazyBytes;

use crate::fixtures::{self, leaves, with};

mod fields;

use fields::{FIELDS, FREE, NESTED, WRAPPERS};

const FOLDER: &str = "evolution/content";

#[track_caller]
fn read(json: &str) -> Content {
    let nested: Nested<Content> = serde_json::from_str(json).unwrap();
    let (content, set_aside) = nested.parse_keeping().unwrap();
    assert!(set_aside.is_empty(), "{set_aside:?}");
    let direct: Content = serde_json::from_str(json).unwrap();
    assert_eq!(direct, content);
    content
}

#[track_caller]
fn content(fixture: &str) -> Content {
    read(&fixtures::text(&format!("{FOLDER}/{fixture}.json")))
}

/// The JSON with what has several forms in one of them: 64-bit integers as
/// numbers, numbers as floats, and no empty participants.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(members) => match (members.get("low"), members.get("high")) {
            (Some(low), Some(high)) => {
                let bits = high.as_i64().unwrap() << 32 | (low.as_i64().unwrap() & 0xffff_ffff);
                json!(bits as f64)
            }
            _ => {
                let members = members.iter().filter(|(_, value)| **value != "");
                members.map(|(name, value)| (name.clone(), plain(value))).collect()
            }
        },
        Value::Array(elements) => elements.iter().map(plain).collect(),
        Value::Number(number) => json!(number.as_f64()),
        value => value.clone(),
    }
}

fn same(left: &Value, right: &Value) -> bool {
    let number = |text: &Value| text.as_str().and_then(|text| text.parse::<f64>().ok());
    left == right || number(left).is_some_and(|left| Some(left) == right.as_f64())
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    let fixtures = fixtures::all(FOLDER);
    assert!(fixtures.len() > 200);
    for (name, json) in fixtures {
        let content = read(&json);
        let written = serde_json::to_string(&content).unwrap();
        assert_eq!(read(&written), content, "{name}");
        let (before, after) =
            (leaves(&plain(&fixtures::json(&json))), leaves(&plain(&fixtures::json(&written))));
        for (path, value) in &before {
            let again = after.get(path).unwrap_or_else(|| panic!("{name}: {path} is lost"));
            assert!(same(value, again), "{name}: {path}: {value} != {again}");
        }
        // A text that is empty says that a reaction is taken back.
        assert_eq!(before.len(), after.len(), "{name}");
    }
    let removed = serde_json::to_string(&content("quirk.reaction_removed")).unwrap();
    assert!(removed.contains(r#""text":"""#));
}

#[test]
fn the_fixtures_have_every_documented_field() {
    for (name, documented) in FIELDS {
        for form in ["a", "b", "c"] {
            let json = fixtures::text(&format!("{FOLDER}/{name}.{form}.json"));
            let json = fixtures::json(&json);
            for field in *documented {
                let absent = json[name].get(field).is_none();
                // Lists without elements are left out in the first form.
                let empty = form == "a" && FREE.contains(field);
                assert!(!absent || empty, "{name}.{form} lacks {field}");
            }
            assert!(json[name].as_object().unwrap().len() <= documented.len(), "{name}.{form}");
        }
    }
}

#[test]
fn one_message_is_the_same_in_every_form() {
    let names = FIELDS.iter().map(|(name, _)| *name).chain(["conversation", "contextInfo"]);
    for name in names {
        let [a, b, c] = ["a", "b", "c"].map(|form| content(&format!("{name}.{form}")));
        assert_eq!(a, b, "{name}");
        assert_eq!(b, c, "{name}");
        // And not because they are empty.
        assert_ne!(a, Content::default(), "{name}");
    }
    // The form is remembered for writing back.
    for name in ["imageMessage", "listMessage", "contextInfo"] {
        let [a, b, c] = ["a", "b", "c"]
            .map(|form| serde_json::to_string(&content(&format!("{name}.{form}"))).unwrap());
        assert_ne!(a, c, "{name}");
        // Integers are written as numbers, of whichever form they came.
        assert_eq!(b, c, "{name}");
    }
}

/// The paths of all members of a fixture that are typed.
fn typed_paths(value: &Value) -> Vec<Vec<String>> {
    fn walk(value: &Value, path: &[String], into: &mut Vec<Vec<String>>) {
        let Some(members) = value.as_object() else { return };
        let numbered = members.contains_key("0") || members.contains_key("low");
        for (name, value) in members.iter().filter(|_| !numbered) {
            let path = [path, std::slice::from_ref(name)].concat();
            if !path.is_empty() && !FREE.contains(&name.as_str()) {
                if !NESTED.contains(&name.as_str()) || path.len() == 1 {
                    walk(value, &path, into);
                }
                into.push(path);
            }
        }
    }

    let mut into = Vec::new();
    walk(value, &[], &mut into);
    into
}

fn is_empty(path: &[&str], json: &str) -> bool {
    let json = fixtures::json(json);
    let value = path.iter().fold(&json, |value, name| &value[*name]);
    *value == json!([])
}

#[test]
fn every_field_may_be_absent_or_null_or_odd() {
    let names = FIELDS.iter().map(|(name, _)| format!("{name}.c"));
    let more = ["contextInfo.c", "cloud.image", "cloud.sticker", "quirk.base64_and_stored"];
    let mut checked = 0;
    for name in names.chain(more.map(str::to_owned)) {
        let json = fixtures::text(&format!("{FOLDER}/{name}.json"));
        let whole = read(&json);
        for path in typed_paths(&fixtures::json(&json)) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let label = format!("{name}: {}", path.join("."));
            if ["automatedGreetingMessageShown", "contentType", "forwardOrigin", "trustBannerType"]
                .contains(path.last().unwrap())
            {
                continue; // Kept as it came.
            }
            let absent = read(&with(&json, &path, None));
            let null = read(&with(&json, &path, Some(Value::Null)));
            assert_eq!(absent, null, "{label}");
            if !is_empty(&path, &json) {
                assert_ne!(absent, whole, "{label}");
            }

            let mut odd_ones = 0;
            for odd in [json!(true), json!([[1]])] {
                let json = with(&json, &path, Some(odd));
                let nested: Nested<Content> = serde_json::from_str(&json).unwrap();
                let (content, set_aside) = nested.parse_keeping().unwrap();
                let paths: Vec<String> =
                    set_aside.iter().map(|odd| odd.path().to_string()).collect();
                if paths == [path.join(".")] {
                    assert_eq!(content, absent, "{label}");
                    odd_ones += 1;
                } else {
                    // An element of a list, or no oddity at all.
                    assert!(paths.iter().all(|odd| odd.starts_with(&path.join("."))), "{label}");
                }
            }
            assert!(odd_ones > 0, "{label}");
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn the_members_say_what_kind_it_is() {
    for name in FIELDS.iter().map(|(name, _)| *name).chain(["conversation"]) {
        let kind = content(&format!("{name}.c")).kind();
        match name {
            "senderKeyDistributionMessage" | "messageContextInfo" => assert_eq!(kind, None),
            _ => {
                let kind = kind.unwrap();
                assert!(kind.is_known(), "{name}");
                assert_eq!(kind, name);
            }
        }
    }
    for name in WRAPPERS {
        let content = content(name);
        assert_eq!(content.kind().unwrap(), *name);
        let said = content.unwrapped();
        assert_eq!((said.text(), said.wrappers()), (Some("Dentro"), &[Kind::from(*name)][..]));
        assert_eq!(said.kind(), Some(Kind::ExtendedText));
        assert_eq!(said.mentions()[0], "210000000000001@lid");
        assert_eq!(said.quoted().unwrap().id, Some("3EB0A1B2C3D4E5F60718"));
    }
    for (fixture, kind) in [
        ("quirk.empty", None),
        ("quirk.only_context", None),
        ("quirk.context_first", Some("conversation")),
        ("quirk.unknown_content", Some("richResponseMessage")),
        ("quirk.two_contents", Some("imageMessage")),
        ("quirk.new_code", Some("listResponseMessage")),
        ("cloud.posted", None),
        ("channel.media", None),
    ] {
        assert!(content(fixture).unwrapped().media().is_none() || kind == Some("imageMessage"));
        let kind = kind.map(Kind::from);
        assert_eq!(content(fixture).kind(), kind, "{fixture}");
        assert_eq!(content(fixture).unwrapped().kind(), kind, "{fixture}");
    }
    assert!(!content("quirk.unknown_content").kind().unwrap().is_known());
    assert_eq!(read(r#"{"fooMessage":null,"imageMessage":null}"#).kind(), None);
}

#[test]
fn a_wrapper_that_holds_no_message_is_what_it_is() {
    for name in WRAPPERS.iter().chain(&["deviceSentMessage", "commentMessage"]) {
        let kind = Some(Kind::from(*name));
        for inside in ["{}", r#"{"message":null}"#, r#"{"message":{}}"#] {
            let content = read(&format!(r#"{{"{name}":{inside}}}"#));
            assert_eq!(content.kind(), kind, "{name}");
            let said = content.unwrapped();
            let is_wrapper_of_nothing = inside.ends_with("{}}");
            assert_eq!(said.kind(), kind.clone().filter(|_| !is_wrapper_of_nothing), "{name}");
            assert_eq!((said.text(), said.quoted(), said.media()), (None, None, None), "{name}");
        }
        for odd in ["true", "[[1]]", r#""text""#] {
            let json = format!(r#"{{"{name}":{{"message":{odd}}}}}"#);
            let nested: Nested<Content> = serde_json::from_str(&json).unwrap();
            let (content, set_aside) = nested.parse_keeping().unwrap();
            assert_eq!(set_aside[0].path().to_string(), format!("{name}.message"));
            assert_eq!(content.unwrapped().kind(), kind, "{name}");
        }
    }
}

#[test]
fn contents_can_be_sent_and_shared() {
    fn value<T: Clone + std::fmt::Debug + PartialEq + serde::Serialize + Send + Sync + 'static>() {}
    value::<Content>();
    value::<ContextInfo>();
    value::<LazyBytes>();
    value::<zaphook::evolution::go::Envelope>();
    value::<zaphook::whatsapp::GoContent>();
}

#[test]
fn nothing_is_lost_beside_the_content() {
    let content = content("quirk.two_contents");
    let Some(Body::Image(image)) = &content.body else { panic!() };
    assert_eq!(image.caption.as_deref(), Some("Um"));
    let rest: Vec<&str> = content.rest.iter().map(|(name, _)| name).collect();
    assert_eq!(rest, ["conversation", "videoMessage"]);
    assert_eq!(content.rest.get("conversation").unwrap().as_str(), r#""Dois""#);
    assert_eq!(content.rest.get("videoMessage").unwrap().parse::<Value>().unwrap()["seconds"], 3);

    let twice = read(r#"{"base64":"YQ==","conversation":"a","base64":"Yg==","conversation":"b"}"#);
    assert_eq!(twice.unwrapped().text(), Some("a"));
    let written = serde_json::to_string(&twice).unwrap();
    assert_eq!(
        written,
        r#"{"conversation":"a","base64":"YQ==","base64":"Yg==","conversation":"b"}"#
    );
    assert_eq!(read(&written), twice);

    let unknown = self::content("quirk.unknown_content");
    assert!(unknown.body.is_none() && unknown.unwrapped().text().is_none());
    assert!(unknown.rest.get("richResponseMessage").is_some());
    let odd: Nested<Content> =
        serde_json::from_str(r#"{"imageMessage":7,"base64":"YQ=="}"#).unwrap();
    let (content, set_aside) = odd.parse_keeping().unwrap();
    assert_eq!(
        (set_aside[0].path().to_string(), set_aside[0].raw().as_str()),
        ("imageMessage".into(), "7")
    );
    assert!(content.base64.is_some() && content.kind().is_none());
}

/// Members that have no field are kept with the content that they stand in.
#[test]
fn contents_keep_what_they_have_no_field_for() {
    let Some(Body::Image(image)) = content("quirk.new_members").body else { panic!() };
    assert_eq!(image.rest.get("firstScanLength").unwrap().as_str(), "9001");
    assert_eq!(image.rest.len(), 7);
    let names = FIELDS.iter().map(|(name, _)| *name);
    let names = names.filter(|name| *name != "senderKeyDistributionMessage");
    for name in names.chain(WRAPPERS.iter().copied()) {
        let json = format!(r#"{{"{name}":{{"laterMember":{{"x":[1]}}}}}}"#);
        let again = serde_json::to_string(&read(&json)).unwrap();
        assert_eq!(again, json, "{name}");
    }
}

#[test]
fn texts() {
    for (fixture, text) in [
        ("conversation.c", Some("Olá! Ainda há mesas para sábado? 🍽️")),
        ("extendedTextMessage.c", Some("Veja https://example.org/menu @210000000000001")),
        ("imageMessage.c", Some("O cardápio de hoje")),
        ("videoMessage.c", Some("Assista")),
        ("ptvMessage.c", Some("Assista")),
        ("documentMessage.c", Some("Segue")),
        ("locationMessage.c", Some("Estamos aqui")),
        ("liveLocationMessage.c", Some("A caminho")),
        ("listMessage.c", Some("Escolha um prato")),
        ("listResponseMessage.c", Some("Feijoada")),
        ("buttonsMessage.c", Some("Confirma?")),
        ("buttonsResponseMessage.c", Some("Sim")),
        ("templateMessage.c", Some("Seu pedido saiu")),
        ("templateButtonReplyMessage.c", Some("Obrigado")),
        ("interactiveMessage.c", Some("Escolha a hora")),
        ("interactiveResponseMessage.c", Some("20h")),
        ("groupInviteMessage.c", Some("Entre no grupo")),
        ("orderMessage.c", Some("Para as 20h")),
        ("productMessage.c", Some("Feijoada")),
        ("invoiceMessage.c", Some("Novembro")),
        ("commentMessage.c", Some("Eu vou")),
        ("protocolMessage.c", Some("Corrigido")),
        ("quirk.edited_upsert", Some("Corrigido")),
        ("quirk.document_with_caption", Some("Segue")),
        ("quirk.deep", Some("Só uma vez")),
        ("deviceSentMessage", Some("Do celular")),
        ("audioMessage.c", None),
        ("reactionMessage.c", None),
        ("quirk.revoked", None),
        ("quirk.empty", None),
    ] {
        assert_eq!(content(fixture).unwrapped().text(), text, "{fixture}");
    }
}

#[test]
fn edits_and_deletions() {
    let edited = content("quirk.edited_upsert");
    let said = edited.unwrapped();
    assert!(said.is_edit());
    assert_eq!(said.wrappers(), [Kind::Edited, Kind::Protocol]);
    let key = said.edits().unwrap();
    assert_eq!(key.id.as_deref(), Some("3EB00102030405060708"));
    assert_eq!(key.participant, None);
    assert_eq!(said.kind(), Some(Kind::ExtendedText));

    let revoked = content("quirk.revoked");
    let said = revoked.unwrapped();
    assert!(!said.is_edit() && said.edits().is_none());
    let Some(Body::Protocol(message)) = said.body() else { panic!() };
    assert_eq!(*message.kind.as_deref().unwrap(), ProtocolKind::Revoke);

    let Some(Body::Reaction(reaction)) = content("quirk.reaction_removed").body else { panic!() };
    assert!(reaction.is_removal());
    let Some(Body::Reaction(reaction)) = content("cloud.reaction").body else { panic!() };
    assert!(!reaction.is_removal());
    assert!(reaction.key.unwrap().id.unwrap().starts_with("wamid."));
}

#[test]
fn files() {
    let image = content("imageMessage.c");
    let media = image.unwrapped().media().map(|media| format!("{media:?}")).unwrap();
    assert!(media.contains("LazyBytes("), "{media}");
    let said = image.unwrapped();
    let media = said.media().unwrap();
    assert_eq!(
        (media.kind, media.mimetype, media.size),
        (MediaKind::Image, Some("image/jpeg"), Some(98127))
    );
    assert!(media.url.unwrap().starts_with("https://mmg.whatsapp.net/"));
    assert_eq!(media.thumbnail.unwrap().decode().unwrap(), [255, 216, 255, 224, 0, 16, 74, 70]);
    assert_eq!(
        (media.inline, media.stored_url, media.meta_id, media.name),
        (None, None, None, None)
    );
    assert_eq!(media.duration, None);

    for (fixture, kind, size, seconds, name) in [
        ("videoMessage.c", MediaKind::Video, Some(5_000_000_001), Some(12), None),
        ("ptvMessage.a", MediaKind::VideoNote, Some(5_000_000_001), Some(12), None),
        ("audioMessage.b", MediaKind::VoiceNote, Some(7000), Some(4), None),
        ("documentMessage.c", MediaKind::Document, Some(40960), None, Some("cardapio.pdf")),
        ("stickerMessage.c", MediaKind::Sticker, Some(20480), None, None),
        ("cloud.image", MediaKind::Image, None, None, Some("a.jpg")),
        ("cloud.video", MediaKind::Video, None, None, Some("a.mp4")),
        ("cloud.audio", MediaKind::VoiceNote, None, None, Some("a.ogg")),
        ("cloud.document", MediaKind::Document, None, None, Some("a.pdf")),
        ("cloud.sticker", MediaKind::Sticker, None, None, None),
    ] {
        let content = content(fixture);
        let said = content.unwrapped();
        let media = said.media().unwrap();
        assert_eq!((media.kind, media.size), (kind, size), "{fixture}");
        assert_eq!(media.duration.map(|duration| duration.as_secs()), seconds, "{fixture}");
        assert_eq!(media.name, name, "{fixture}");
        assert!(media.mimetype.is_some(), "{fixture}");
        assert_eq!(media.meta_id.is_some(), fixture.starts_with("cloud"), "{fixture}");
    }
    assert!(content("conversation.c").unwrapped().media().is_none());

    // Where the server put the file, also around a wrapper.
    for fixture in ["quirk.base64_and_stored", "quirk.wrapped_base64"] {
        let content = content(fixture);
        let said = content.unwrapped();
        let media = said.media().unwrap();
        assert_eq!(media.inline.unwrap().decode().unwrap(), *b"\x89PNG\r\n\x1a\n", "{fixture}");
        assert_eq!(media.stored_url, Some("https://s3.example.org/evolution/1.png"), "{fixture}");
    }
    let voice = content("quirk.transcript");
    assert_eq!(voice.unwrapped().transcript(), Some("Bom dia, quero reservar"));
    assert_eq!(content("audioMessage.c").unwrapped().transcript(), None);
    assert!(content("videoMessage.c").unwrapped().is_view_once());
    assert!(content("quirk.deep").unwrapped().is_view_once());
    assert!(!content("imageMessage.c").unwrapped().is_view_once());
}

#[test]
fn bytes_in_all_forms_in_one_body() {
    let Some(Body::Image(mixed)) = content("quirk.mixed_regimes").body else { panic!() };
    let Some(Body::Image(image)) = content("imageMessage.a").body else { panic!() };
    assert_eq!(mixed, image);
    let Some(Body::Image(empty)) = content("quirk.null_context_and_empty_bytes").body else {
        panic!()
    };
    assert!(empty.jpeg_thumbnail.unwrap().is_empty());
    assert_eq!((empty.scan_lengths.len(), empty.context_info), (0, None));

    let Some(Body::LiveLocation(live)) = content("quirk.large_numbers").body else { panic!() };
    assert_eq!(live.sequence_number, Some(i64::MAX));
    assert_eq!((live.degrees_latitude, live.degrees_longitude), (Some(-23.0), Some(0.0)));
    let Some(Body::ListResponse(list)) = content("quirk.new_code").body else { panic!() };
    let list_type = list.list_type.unwrap();
    assert!(!matches!(*list_type, ListType::SingleSelect));
}

#[test]
fn contexts_wherever_they_stand() {
    for form in ["a", "b", "c"] {
        let content = content(&format!("contextInfo.{form}"));
        let said = content.unwrapped();
        let quoted = said.quoted().unwrap();
        assert_eq!(quoted.id, Some("3EB0A1B2C3D4E5F60718"));
        assert_eq!(quoted.author.unwrap(), &"210000000000001@lid");
        assert_eq!(quoted.chat.unwrap(), &"status@broadcast");
        let inner = quoted.message.unwrap().parse().unwrap();
        assert_eq!(inner.unwrapped().text(), Some("A mensagem citada"));
        let ad = said.ad().unwrap();
        assert_eq!((ad.click_id, ad.source_id), (Some("ARAexemplo"), Some("120200000000000001")));
        assert_eq!((ad.source_type, ad.app), (Some("ad"), Some("facebook")));
        assert_eq!((ad.entry_point, ad.title), (Some("ctwa_ad"), Some("Feijoada")));
        assert_eq!(ad.source_url, Some("https://fb.me/exemplo"));
        let context = said.context_info().unwrap();
        assert_eq!(context.ephemeral_setting_timestamp.unwrap().timestamp(), 1_763_999_999);
        let mode = context.disappearing_mode.as_ref().unwrap();
        assert_eq!(*mode.initiator.as_ref().unwrap(), DisappearingInitiator::InitiatedByMe);
        assert_eq!(context.rest.len(), 2);
        let reply = context.external_ad_reply.as_ref().unwrap();
        assert_eq!(reply.reference.as_deref(), Some("verao"));
        assert_eq!(reply.rest.get("automatedGreetingMessageShown").unwrap().as_str(), "true");
    }

    // Plain text has it beside the message.
    let text = content("conversation.c");
    let beside: ContextInfo = serde_json::from_str(
        r#"{"stanzaId":"3EB0","mentionedJid":[],"quotedMessage":{"conversation":"Antes"}}"#,
    )
    .unwrap();
    assert_eq!(text.unwrapped_with(Some(&beside)).quoted().unwrap().id, Some("3EB0"));
    assert!(text.unwrapped().quoted().is_none());
    // The content's own comes first; an empty one does not count.
    let image = content("imageMessage.c");
    let own = image.unwrapped_with(Some(&beside)).quoted().unwrap().id.map(str::to_owned);
    assert_eq!(own.as_deref(), Some("3EB0A1B2C3D4E5F60718"));
    let empty = read(r#"{"imageMessage":{"contextInfo":{"mentionedJid":[]}}}"#);
    assert_eq!(empty.unwrapped_with(Some(&beside)).quoted().unwrap().id, Some("3EB0"));
    // 2.4.0-rc puts something else there.
    let metadata: ContextInfo = serde_json::from_str(
        r#"{"deviceListMetadata":{},"deviceListMetadataVersion":2,"messageSecret":"AA=="}"#,
    )
    .unwrap();
    assert!(metadata.is_device_metadata() && !beside.is_device_metadata());
    assert!(text.unwrapped_with(Some(&metadata)).context_info().is_none());
    // The Cloud channel has it in the message object.
    let cloud = content("cloud.text");
    assert!(cloud.unwrapped().quoted().unwrap().id.unwrap().starts_with("wamid."));
    assert!(content("conversation.c").unwrapped().ad().is_none());
    assert!(content("imageMessage.c").unwrapped().ad().is_none());
    assert!(content("conversation.c").unwrapped().mentions().is_empty());
}

#[test]
fn votes_and_choices() {
    let options = |fixture: &str| content(fixture).unwrapped().chosen_options().map(<[_]>::to_vec);
    assert_eq!(options("pollUpdateMessage.c").unwrap(), ["Sábado"]);
    assert_eq!(options("quirk.vote_taken_back").unwrap(), [""; 0]);
    assert_eq!(options("quirk.vote_unreadable"), None);
    assert_eq!(options("pollCreationMessage.c"), None);

    for (fixture, id, title, description) in [
        ("listResponseMessage.a", "feijoada", "Feijoada", Some("Para dois")),
        ("buttonsResponseMessage.c", "yes", "Sim", None),
        ("templateButtonReplyMessage.c", "thanks", "Obrigado", None),
        ("interactiveResponseMessage.c", "h20", "20h", None),
    ] {
        let content = content(fixture);
        let said = content.unwrapped();
        let choice = said.choice().unwrap();
        assert_eq!(choice.id.as_deref(), Some(id), "{fixture}");
        assert_eq!((choice.title, choice.description), (Some(title), description), "{fixture}");
    }
    assert!(content("listMessage.c").unwrapped().choice().is_none());

    let Some(Body::InteractiveResponse(answer)) = content("interactiveResponseMessage.c").body
    else {
        panic!()
    };
    let flow = answer.native_flow_response_message.unwrap();
    assert_eq!(flow.params::<Value>().unwrap().unwrap()["seats"], 4);
    assert!(flow.params::<Vec<i32>>().unwrap().is_err());
    let Some(Body::Interactive(offer)) = content("interactiveMessage.c").body else { panic!() };
    let button = &offer.native_flow_message.as_ref().unwrap().buttons[0];
    assert_eq!(button.params::<Value>().unwrap().unwrap()["display_text"], "20h");
    let card = offer.carousel_message.as_ref().unwrap().cards[0].parse().unwrap();
    assert_eq!(card.body.unwrap().text.as_deref(), Some("Um"));

    let Some(Body::Contact(contact)) = content("contactMessage.c").body else { panic!() };
    assert_eq!(contact.whatsapp_numbers().collect::<Vec<_>>(), ["5511999990001"]);
}

#[test]
fn what_rides_along() {
    let content = content("quirk.context_first");
    assert_eq!(content.unwrapped().text(), Some("Bom dia"));
    let context = content.message_context_info.unwrap();
    let association = context.message_association.unwrap();
    assert_eq!(association.parent_message_key.unwrap().id.as_deref(), Some("3EB00102030405060708"));
    let devices = context.device_list_metadata.unwrap();
    assert_eq!(devices.sender_timestamp.unwrap().timestamp(), 1_763_900_000);
    assert_eq!(*devices.recipient_key_indexes, [2, 3]);
    assert!(content.sender_key_distribution_message.is_some());
}

/// Twenty of each, in a small stack, and nothing of it lost.
#[test]
fn depth_costs_no_stack() {
    let nest = |before: &str, inside: &str, after: &str, depth: usize| {
        format!("{}{inside}{}", before.repeat(depth), after.repeat(depth))
    };
    let text = r#"{"conversation":"o fundo"}"#;
    let wrapped = nest(r#"{"ephemeralMessage":{"message":"#, text, "}}", 20);
    let quote =
        r#"{"extendedTextMessage":{"text":"x","contextInfo":{"stanzaId":"1","quotedMessage":"#;
    let quoted = nest(quote, text, "}}}", 20);
    let hostile = nest(r#"{"viewOnceMessage":{"message":"#, text, "}}", 2000);
    let run = move || {
        let content = read(&wrapped);
        let said = content.unwrapped();
        assert_eq!((said.text(), said.wrappers().len()), (Some("o fundo"), 20));
        assert_eq!(serde_json::to_string(&content).unwrap(), wrapped);

        let mut content = read(&quoted);
        assert_eq!(serde_json::to_string(&content).unwrap(), quoted);
        for _ in 0..20 {
            let inner = content.unwrapped().quoted().unwrap().message.unwrap().parse().unwrap();
            content = inner;
        }
        assert_eq!(content.unwrapped().text(), Some("o fundo"));

        // However deep, it is read and kept, and looked into some way.
        let content = read(&hostile);
        let said = content.unwrapped();
        assert_eq!((said.kind(), said.wrappers().len()), (Some(Kind::ViewOnce), 64));
        assert_eq!(serde_json::to_string(&content).unwrap(), hostile);
        for (name, json) in fixtures::all(FOLDER) {
            let content = read(&json);
            assert_eq!(content.clone(), content, "{name}");
            let _ = format!("{content:?} {:?}", content.unwrapped());
        }
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

/// A thumbnail of 10 kB, as an object with numbered members.
pub fn thumbnail_message() -> String {
    let bytes: Vec<String> =
        (0..10_000).map(|index| format!(r#""{index}":{}"#, (index * 31) % 256)).collect();
    format!(
        r#"{{"imageMessage":{{"interactiveAnnotations":[],"url":"https://mmg.whatsapp.net/v/1.enc","mimetype":"image/jpeg","fileLength":{{"low":98127,"high":0,"unsigned":true}},"jpegThumbnail":{{{}}},"contextInfo":null}}}}"#,
        bytes.join(",")
    )
}

#[test]
fn a_large_thumbnail_is_one_exact_copy() {
    let json = thumbnail_message();
    assert!(json.len() > 90_000);
    let mut content = None;
    let measured = allocation_counter::measure(|| {
        content = serde_json::from_str::<Content>(&json).ok();
    });
    let content = content.unwrap();
    let Some(Body::Image(image)) = &content.body else { panic!() };
    let raw = image.jpeg_thumbnail.as_ref().unwrap().raw().as_str().len();
    let size = |count: usize| u64::try_from(count).unwrap();
    // The picture's fields, its url, its media type, its thumbnail.
    assert_eq!(measured.count_total, 4);
    let expected = size_of_val(&**image) + raw + image.url.as_ref().unwrap().len() + 10;
    assert_eq!(measured.bytes_total, size(expected));

    let decoded = allocation_counter::measure(|| {
        assert_eq!(image.jpeg_thumbnail.as_ref().unwrap().decode().unwrap().len(), 10_000);
    });
    assert!(decoded.count_total > 0);
}

#[test]
fn contents_are_small() {
    assert!(size_of::<Body>() <= 24, "{}", size_of::<Body>());
    assert!(size_of::<Content>() <= 160, "{}", size_of::<Content>());
    assert!(size_of::<Option<LazyBytes>>() <= 16);
    let json = fixtures::text("evolution/content/conversation.c.json");
    let measured = allocation_counter::measure(|| {
        assert!(serde_json::from_str::<Content>(&json).is_ok());
    });
    assert_eq!(measured.count_total, 1);
}

#[test]
fn debug_shows_no_bytes_and_no_tokens() {
    for (name, json) in fixtures::all(FOLDER) {
        let shown = format!("{:?}", read(&json));
        for secret in ["AR6-exemplo", "inv-exemplo", "ExemploDeConvite", "iVBORw0KGgo"] {
            assert!(!shown.contains(secret), "{name} shows {secret}");
        }
    }
}
