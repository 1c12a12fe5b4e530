//! Thirty happenings, each built for every gateway that can say it, with equal
//! values.

use serde_json::{Value, json};
use zaphook::testing::{AnySample, Scenario};

use super::bodies::*;

/// One happening as one gateway tells it.
#[derive(Clone)]
pub struct Said {
    /// Which gateway, version or engine.
    pub by: &'static str,
    pub body: String,
    /// What this one cannot tell.
    pub without: &'static [&'static str],
}

/// One happening, and all who can tell it.
pub struct Case {
    pub name: &'static str,
    /// The form with everything that any of them tells.
    pub full: Value,
    pub said: Vec<Said>,
}

impl Said {
    /// The gateway's name.
    pub fn gateway(&self) -> &'static str {
        match self.by.split(' ').next().unwrap() {
            "E" => "enviaai",
            "W" => "eazewa",
            "V" | "VC" | "VG" => "evolution",
            "H" => "wawp",
            _ => "zavu",
        }
    }
}

fn said(by: &'static str, without: &'static [&'static str], body: String) -> Said {
    Said { by, body, without }
}

/// What the kit for the tests of applications has of it, which leaves nothing out.
fn kit(scenario: Scenario, set: impl Fn(AnySample) -> AnySample) -> Vec<Said> {
    let by = |sender| match sender {
        "enviaai" => "E",
        "eazewa" => "W",
        "evolution" => "V",
        "evolution_go" => "VG",
        "wawp" => "H GOWS",
        _ => "Z",
    };
    let said_by = |sample: AnySample| {
        let (by, body) = (by(sample.sender()), set(sample).body());
        said(by, &[], String::from_utf8(body.to_vec()).unwrap())
    };
    scenario.samples().into_iter().map(said_by).collect()
}

/// A private message of Ana's.
fn of_ana(more: Value) -> Value {
    let form = json!({"kind": "message", "type": "text", "id": M1, "chat": "ana", "sender": "ana",
        "sender_phone": ANA, "from_me": false, "is_group": false, "is_status": false,
        "timestamp": AT, "sender_name": "Ana Exemplo"});
    with(form, more)
}

/// The same in the group.
fn in_group(more: Value) -> Value {
    of_ana(with(json!({"chat": "group", "is_group": true}), more))
}

const NO_NAME: &[&str] = &["sender_name"];

fn group_info() -> Value {
    info(json!({"Chat": GROUP, "IsGroup": true, "Sender": pn(ANA)}))
}

fn web_in_group(more: Value) -> Value {
    let message = json!({"id": format!("false_{GROUP}_{M1}_{}", c_us(ANA)), "from": GROUP,
        "author": c_us(ANA)});
    web_message(with(message, more))
}

fn waha_in_group(engine: &str, more: Value) -> String {
    let message = json!({"id": format!("false_{GROUP}_{M1}_{}", c_us(ANA)), "from": GROUP,
        "participant": c_us(ANA)});
    waha_message(engine, with(message, more))
}

/// Who of the three engines says it, in turn.
fn engines(
    said_by: impl Fn(&'static str) -> String,
    without: &'static [&'static str],
) -> Vec<Said> {
    [("H WEBJS", "WEBJS"), ("H NOWEB", "NOWEB"), ("H GOWS", "GOWS")]
        .into_iter()
        .map(|(by, engine)| said(by, without, said_by(engine)))
        .collect()
}

fn own_key() -> Value {
    key(json!({"id": M2, "fromMe": true}))
}

fn zavu_outbound(event: &str, status: &str, more: Value) -> String {
    let data = json!({"messageId": M2, "to": format!("+{ANA}"), "channel": "whatsapp",
        "status": status});
    zavu(event, with(data, more))
}

pub fn all() -> Vec<Case> {
    [messages(), contents(), acts(), receipts(), around(), sessions()]
        .into_iter()
        .flatten()
        .collect()
}

fn messages() -> Vec<Case> {
    let mut cases = Vec::new();

    let mut by_all = kit(Scenario::Text, |sample| sample.text("hi").id(M1));
    by_all.extend([
        said("W", NO_NAME, eazewa_message(json!({"body": "hi"}))),
        said("VC", &[], upsert(key(json!({})), json!({"conversation": "hi"}))),
        said(
            "Z sms",
            &["timestamp"],
            zavu_message(json!({"text": "hi", "providerTimestamp": null})),
        ),
    ]);
    by_all.extend(engines(|engine| waha_message(engine, json!({"body": "hi"})), NO_NAME));
    let full = of_ana(json!({"text": "hi"}));
    cases.push(Case { name: "1 a text by phone number", full: full.clone(), said: by_all });

    let both = with(full.clone(), json!({"sender_lid": lid(ANA_LID)}));
    let hidden = |more| key(with(json!({"remoteJid": lid(ANA_LID)}), more));
    let hi = || json!({"conversation": "hi"});
    cases.push(Case {
        name: "2 by LID, with the phone number beside it",
        full: both.clone(),
        said: vec![
            said("V 2.3.5", &[], upsert(hidden(json!({"remoteJidAlt": pn(ANA)})), hi())),
            said(
                "V 2.3.1",
                &[],
                upsert(key(json!({"previousRemoteJid": lid(ANA_LID), "senderPn": pn(ANA)})), hi()),
            ),
            said("V 2.3.0", &[], upsert(hidden(json!({"senderPn": pn(ANA)})), hi())),
            said(
                "V 2.3.7",
                &["sender_lid"],
                upsert(key(json!({"remoteJidAlt": pn(ANA), "addressingMode": "lid"})), hi()),
            ),
            said(
                "VG",
                &[],
                go_message(
                    info(json!({"Chat": lid(ANA_LID),
                "Sender": format!("{ANA_LID}:12@lid"), "SenderAlt": pn(ANA)})),
                    hi(),
                ),
            ),
            said(
                "H NOWEB",
                &[],
                waha_message(
                    "NOWEB",
                    json!({"id": id(false, &lid(ANA_LID), M1),
                "from": lid(ANA_LID), "body": "hi", "_data": {"pushName": "Ana Exemplo",
                "key": {"remoteJidAlt": pn(ANA)}, "message": {"conversation": "hi"}}}),
                ),
            ),
            said(
                "H GOWS",
                &[],
                waha_message(
                    "GOWS",
                    json!({"id": id(false, &lid(ANA_LID), M1),
                "from": lid(ANA_LID), "body": "hi", "_data": {"Info": {"PushName": "Ana Exemplo",
                "SenderAlt": pn(ANA)}, "Message": {"conversation": "hi"}}}),
                ),
            ),
        ],
    });

    let alone = with(both, json!({"sender_phone": null}));
    let mut by_all = vec![
        said(
            "W",
            NO_NAME,
            eazewa_message(json!({"id": id(false, &lid(ANA_LID), M1),
            "from": lid(ANA_LID), "body": "hi"})),
        ),
        said("V 2.3.5", &[], upsert(hidden(json!({})), hi())),
        said(
            "V Evolution channel",
            &["sender_lid"],
            upsert(key(json!({"remoteJid": ANA_LID, "addressingMode": "lid"})), hi()),
        ),
        said(
            "VG",
            &[],
            go_message(
                info(json!({"Chat": lid(ANA_LID), "Sender": lid(ANA_LID),
            "SenderAlt": ""})),
                hi(),
            ),
        ),
        said(
            "Z BSUID",
            &["sender_lid"],
            zavu_message(json!({"from": format!("BR.{ANA_LID}"),
            "text": "hi"})),
        ),
    ];
    by_all.extend(engines(
        |engine| {
            waha_message(
                engine,
                json!({"body": "hi",
        "id": id(false, &lid(ANA_LID), M1), "from": lid(ANA_LID)}),
            )
        },
        NO_NAME,
    ));
    cases.push(Case { name: "3 by LID only", full: alone, said: by_all });

    let mut by_all = kit(Scenario::Group, |sample| sample.id(M1));
    by_all.extend([
        said(
            "E of the group",
            &["sender", "sender_phone"],
            enviaai_message(json!({"isGroup": true, "from": GROUP, "chatId": "chat_turma",
                "content": "oi, turma"})),
        ),
        said(
            "H GOWS to",
            NO_NAME,
            waha_in_group("GOWS", json!({"body": "oi, turma", "to": c_us(ANA)})),
        ),
    ]);
    by_all.extend(engines(|engine| waha_in_group(engine, json!({"body": "oi, turma"})), NO_NAME));
    cases.push(Case {
        name: "4 in the group",
        full: in_group(json!({"text": "oi, turma"})),
        said: by_all,
    });

    let ours = json!({"kind": "message", "type": "text", "id": M2, "chat": "ana", "from_me": true,
        "is_group": false, "is_status": false, "text": "temos sim", "timestamp": AT});
    let sim = || json!({"conversation": "temos sim"});
    let own = |engine, source: &str| {
        waha(
            engine,
            "message.any",
            json!({
        "id": id(true, &c_us(ANA), M2), "fromMe": true, "from": c_us(WE), "to": c_us(ANA),
        "timestamp": AT, "body": "temos sim", "source": source}),
        )
    };
    let mut by_all = vec![
        said(
            "W",
            &[],
            eazewa("message_create", json!({"message": web_own(json!({"body": "temos sim"}))})),
        ),
        said("V on the phone", &[], upsert(own_key(), sim())),
        said(
            "V through the API",
            &[],
            evolution(
                "send.message",
                json!({"key": own_key(),
            "pushName": "Você", "message": sim(), "messageTimestamp": AT, "status": "PENDING"}),
            ),
        ),
        said(
            "VG on the phone",
            &[],
            go_message(
                info(json!({"ID": M2, "IsFromMe": true,
            "Sender": pn(WE)})),
                sim(),
            ),
        ),
        said(
            "VG through the API",
            &[],
            go(
                "SendMessage",
                json!({"Info": info(json!({"ID": M2,
            "IsFromMe": true, "Sender": pn(WE)})), "Message": sim()}),
            ),
        ),
    ];
    by_all.extend(engines(|engine| own(engine, "app"), &[]));
    by_all.extend(engines(|engine| own(engine, "api"), &[]));
    cases.push(Case { name: "5 we write", full: ours, said: by_all });
    cases.push(Case {
        name: "5 we write, told as a receipt",
        full: json!({"kind": "receipt", "target": M2, "chat": "ana", "from_me": true,
            "status": "sent", "text": "temos sim"}),
        said: vec![
            said(
                "E",
                &[],
                enviaai(
                    "message.sent",
                    json!({"messageId": M2, "chatId": "chat_ana",
                "to": ANA, "type": "text", "content": "temos sim", "status": "sent"}),
                ),
            ),
            said("Z", &["text"], zavu_outbound("message.sent", "sent", json!({}))),
            said(
                "W",
                &[],
                eazewa(
                    "message_ack",
                    json!({"message":
                web_own(json!({"ack": 1, "body": "temos sim"}))}),
                ),
            ),
            said(
                "V",
                &["text"],
                evolution(
                    "messages.update",
                    json!({"keyId": M2,
                "remoteJid": pn(ANA), "fromMe": true, "status": "SERVER_ACK"}),
                ),
            ),
            said(
                "H WEBJS",
                &[],
                waha(
                    "WEBJS",
                    "message.ack",
                    json!({"id": id(true, &c_us(ANA), M2),
                "from": c_us(WE), "to": c_us(ANA), "fromMe": true, "ack": 1, "ackName": "SERVER",
                "body": "temos sim"}),
                ),
            ),
        ],
    });
    cases
}

/// A picture as each writes it, below it whatever is given.
fn photos(caption: Option<&str>) -> Vec<Said> {
    let image = |more: Value| {
        let mut image = with(json!({"mimetype": "image/jpeg", "fileLength": 98127}), more);
        if let Some(caption) = caption {
            image["caption"] = caption.into();
        }
        json!({"imageMessage": image})
    };
    let body = caption.unwrap_or_default();
    let media = json!({"mimetype": "image/jpeg", "url": "http://localhost:3000/f.jpeg"});
    const E: &[&str] = &["media_bytes", "view_once"];
    const W: &[&str] = &["view_once", "sender_name"];
    const H: &[&str] = &["media_bytes", "view_once", "sender_name"];
    let text = |member: &str, fields: Value| match caption {
        Some(caption) => with(fields, json!({member: caption})),
        None => fields,
    };
    vec![
        said(
            "E",
            E,
            enviaai_message(text(
                "caption",
                json!({"isGroup": true, "chatId": "chat_turma",
            "type": "image", "mediaType": "image/jpeg", "mediaUrl": "https://e.example/1",
            "content": "[Image]"}),
            )),
        ),
        said(
            "W",
            W,
            eazewa(
                "message",
                json!({"message": web_in_group(json!({"type": "image",
            "hasMedia": true, "body": body})), "media": {"mimetype": "image/jpeg",
            "data": "AAAA", "filesize": 98127}}),
            ),
        ),
        said(
            "V",
            &[],
            upsert(key(json!({"remoteJid": GROUP, "participant": pn(ANA)})), image(json!({}))),
        ),
        said("VG", &[], go_message(group_info(), image(json!({})))),
        said(
            "H WEBJS",
            H,
            waha_in_group(
                "WEBJS",
                json!({"body": body, "hasMedia": true,
            "media": media}),
            ),
        ),
        said(
            "H NOWEB",
            H,
            waha_in_group(
                "NOWEB",
                json!({"body": caption, "hasMedia": true,
            "media": media}),
            ),
        ),
        said(
            "H GOWS",
            H,
            waha_in_group(
                "GOWS",
                text(
                    "body",
                    json!({"hasMedia": true,
            "media": media}),
                ),
            ),
        ),
        said(
            "Z",
            E,
            zavu_message(text(
                "text",
                json!({"isGroup": true, "groupId": GROUP,
            "messageType": "image", "content": {"mediaId": "m1", "mimeType": "image/jpeg"}}),
            )),
        ),
    ]
}

fn contents() -> Vec<Case> {
    let mut cases = Vec::new();
    let photo = in_group(json!({"type": "image", "media_mimetype": "image/jpeg",
        "media_bytes": 98127, "view_once": false}));
    cases.push(Case {
        name: "7 a photo with a caption",
        full: with(photo.clone(), json!({"text": "O cardápio"})),
        said: photos(Some("O cardápio")),
    });
    let mut plain = photos(None);
    for (by, content) in [("E empty", json!("")), ("E without", Value::Null)] {
        plain.push(said(
            by,
            &["media_bytes", "view_once"],
            enviaai_message(json!({"isGroup": true,
            "chatId": "chat_turma", "type": "image", "mediaType": "image/jpeg",
            "content": content})),
        ));
    }
    cases.push(Case { name: "8 a photo without one", full: photo, said: plain });
    cases.push(Case {
        name: "8 a text that looks like a marker",
        full: of_ana(json!({"text": "[Image]"})),
        said: vec![
            said("E", &[], enviaai_message(json!({"content": "[Image]"}))),
            said("V", &[], upsert(key(json!({})), json!({"conversation": "[Image]"}))),
        ],
    });

    let ogg = "audio/ogg; codecs=opus";
    let note = || json!({"audioMessage": {"mimetype": ogg, "seconds": 12, "ptt": true}});
    cases.push(Case {
        name: "9 a voice note",
        full: of_ana(json!({"type": "voice_note", "media_mimetype": ogg, "seconds": 12,
            "voice_note": true, "view_once": false})),
        said: vec![
            said(
                "W",
                &["view_once", "sender_name"],
                eazewa(
                    "message",
                    json!({"message":
                web_message(json!({"type": "ptt", "hasMedia": true, "duration": "12"})),
                "media": {"mimetype": ogg, "data": "AAAA"}}),
                ),
            ),
            said("V", &[], upsert(key(json!({})), note())),
            said("VG", &[], go_message(info(json!({})), note())),
            said(
                "H WEBJS",
                &["seconds", "view_once", "sender_name"],
                waha_message(
                    "WEBJS",
                    json!({"hasMedia": true, "media": {"mimetype": ogg, "url": "http://x/1"},
                "_data": {"type": "ptt"}}),
                ),
            ),
            said(
                "H NOWEB",
                &["view_once", "sender_name"],
                waha_message(
                    "NOWEB",
                    json!({"hasMedia": true, "media": {"mimetype": ogg, "url": "http://x/1"},
                "_data": {"message": note()}}),
                ),
            ),
            said(
                "H GOWS",
                &["view_once", "sender_name"],
                waha_message(
                    "GOWS",
                    json!({"hasMedia": true, "media": {"mimetype": ogg, "url": "http://x/1"},
                "_data": {"Message": note()}}),
                ),
            ),
        ],
    });
    cases.push(Case {
        name: "9 a voice note that the server wrote down",
        full: of_ana(json!({"type": "voice_note", "media_mimetype": ogg, "seconds": 12,
            "voice_note": true, "view_once": false, "transcript": "Bom dia"})),
        said: vec![said(
            "V",
            &[],
            upsert(key(json!({})), with(note(), json!({"speechToText": "[audio] Bom dia"}))),
        )],
    });
    cases.push(Case {
        name: "9 sound, where a voice note is not told apart",
        full: of_ana(json!({"type": "audio", "media_mimetype": ogg})),
        said: vec![
            said(
                "E",
                &[],
                enviaai_message(json!({"type": "audio", "mediaType": ogg,
                "content": "[Audio]"})),
            ),
            said(
                "Z",
                &[],
                zavu_message(json!({"messageType": "audio",
                "content": {"mimeType": ogg, "mediaId": "m1"}})),
            ),
            said(
                "H second",
                NO_NAME,
                waha_message(
                    "WEBJS",
                    json!({"hasMedia": true,
                "media": {"mimetype": ogg, "url": "http://x/1"}}),
                ),
            ),
        ],
    });
    let pdf =
        || json!({"mimetype": "application/pdf", "fileName": "tabela.pdf", "caption": "Preços"});
    let mut by_all = vec![
        said(
            "E",
            &[],
            enviaai_message(json!({"type": "document", "mediaType": "application/pdf",
            "filename": "tabela.pdf", "caption": "Preços"})),
        ),
        said(
            "W",
            NO_NAME,
            eazewa(
                "message",
                json!({"message": web_message(json!({"type": "document",
            "hasMedia": true, "body": "Preços"})), "media": {"mimetype": "application/pdf",
            "data": "AAAA", "filename": "tabela.pdf"}}),
            ),
        ),
        said("V", &[], upsert(key(json!({})), json!({"documentMessage": pdf()}))),
        said("VG", &[], go_message(info(json!({})), json!({"documentMessage": pdf()}))),
        said(
            "V wrapped",
            &[],
            upsert(
                key(json!({})),
                json!({"documentWithCaptionMessage":
            {"message": {"documentMessage": pdf()}}}),
            ),
        ),
        said(
            "Z",
            &[],
            zavu_message(json!({"messageType": "document", "text": "Preços",
            "content": {"mimeType": "application/pdf", "filename": "tabela.pdf"}})),
        ),
    ];
    by_all.extend(engines(
        |engine| {
            waha_message(
                engine,
                json!({"body": "Preços", "hasMedia": true,
        "media": {"mimetype": "application/pdf", "url": "http://x/1", "filename": "tabela.pdf"}}),
            )
        },
        NO_NAME,
    ));
    cases.push(Case {
        name: "9 a document",
        full: of_ana(json!({"type": "document", "media_mimetype": "application/pdf",
            "file_name": "tabela.pdf", "text": "Preços"})),
        said: by_all,
    });

    let place = || {
        json!({"locationMessage": {"degreesLatitude": -23.55, "degreesLongitude": -46.63,
        "name": "Cantina", "address": "Rua 1"}})
    };
    cases.push(Case {
        name: "10 a place",
        full: of_ana(json!({"type": "location", "latitude": -23.55, "longitude": -46.63})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa_message(json!({"type": "location", "body": "/9j/4AAQ",
                "location": {"latitude": "-23.55", "longitude": -46.63, "name": "Cantina"}})),
            ),
            said("V", &[], upsert(key(json!({})), place())),
            said("VG", &[], go_message(info(json!({})), place())),
            said(
                "H WEBJS",
                NO_NAME,
                waha_message(
                    "WEBJS",
                    json!({"body": "/9j/4AAQ",
                "location": {"latitude": -23.55, "longitude": -46.63}}),
                ),
            ),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"body": null,
                "location": {"latitude": "-23.55", "longitude": "-46.63"}}),
                ),
            ),
            said(
                "Z",
                &[],
                zavu_message(json!({"messageType": "location", "content":
                {"latitude": -23.55, "longitude": -46.63, "locationName": "Cantina"}})),
            ),
            said(
                "Z events",
                &[],
                zavu_message(json!({"messageType": "location", "content":
                {"latitude": -23.55, "longitude": -46.63, "name": "Cantina"}})),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"location": {"latitude": "-23.55", "longitude": "-46.63"}}),
                ),
            ),
        ],
    });
    let live =
        || json!({"liveLocationMessage": {"degreesLatitude": -23.55, "degreesLongitude": -46.63}});
    cases.push(Case {
        name: "10 a place that moves",
        full: of_ana(json!({"type": "live_location", "latitude": -23.55, "longitude": -46.63})),
        said: vec![
            said("V", &[], upsert(key(json!({})), live())),
            said("VG", &[], go_message(info(json!({})), live())),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"location":
                {"latitude": "-23.55", "longitude": "-46.63", "live": true}}),
                ),
            ),
            said(
                "H WEBJS",
                NO_NAME,
                waha_message(
                    "WEBJS",
                    json!({"location": {"latitude": -23.55, "longitude": -46.63, "live": true}}),
                ),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"location": {"latitude": "-23.55", "longitude": "-46.63", "live": true}}),
                ),
            ),
        ],
    });

    let card = |who: &str, phone: &str| {
        format!(
            "BEGIN:VCARD\nVERSION:3.0\nFN:{who}\nTEL;type=CELL;waid={phone}:+{phone}\nEND:VCARD"
        )
    };
    let (ana, bia) = (card("Ana", ANA), card("Bia", BIA));
    let one = || json!({"contactMessage": {"displayName": "Bia", "vcard": bia}});
    let two = || {
        json!({"contactsArrayMessage": {"displayName": "2", "contacts": [
        {"displayName": "Ana", "vcard": ana}, {"displayName": "Bia", "vcard": bia}]}})
    };
    let zavu_cards = |cards: Value| {
        zavu_message(json!({"messageType": "contact",
        "content": {"contacts": cards}}))
    };
    let zavu_card =
        |name: &str, phone: &str| json!({"name": name, "phones": [format!("+{phone}")]});
    cases.push(Case {
        name: "11 a contact card",
        full: of_ana(json!({"type": "contact"})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa_message(json!({"type": "vcard", "body": bia, "vCards": [bia]})),
            ),
            said("V", &[], upsert(key(json!({})), one())),
            said("VG", &[], go_message(info(json!({})), one())),
            said("H WEBJS", NO_NAME, waha_message("WEBJS", json!({"body": bia, "vCards": [bia]}))),
            said("Z", &[], zavu_cards(json!([zavu_card("Bia", BIA)]))),
            said("H NOWEB", NO_NAME, waha_message("NOWEB", json!({"vCards": [bia]}))),
            said("H GOWS", NO_NAME, waha_message("GOWS", json!({"vCards": [bia]}))),
        ],
    });
    cases.push(Case {
        name: "11 two contact cards",
        full: of_ana(json!({"type": "contacts"})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa_message(json!({"type": "multi_vcard", "vCards": [ana, bia]})),
            ),
            said("V", &[], upsert(key(json!({})), two())),
            said("VG", &[], go_message(info(json!({})), two())),
            said("H NOWEB", NO_NAME, waha_message("NOWEB", json!({"vCards": [ana, bia]}))),
            said("Z", &[], zavu_cards(json!([zavu_card("Ana", ANA), zavu_card("Bia", BIA)]))),
            said("H WEBJS", NO_NAME, waha_message("WEBJS", json!({"vCards": [ana, bia]}))),
            said("H GOWS", NO_NAME, waha_message("GOWS", json!({"vCards": [ana, bia]}))),
        ],
    });

    let quote = || {
        json!({"stanzaId": M2, "participant": pn(WE),
        "quotedMessage": {"conversation": "há mesas?"}})
    };
    let reply = of_ana(json!({"text": "sim", "reply_to": M2, "quoted_sender": "we",
        "quoted_text": "há mesas?"}));
    let mut by_all = vec![
        said(
            "W",
            NO_NAME,
            eazewa_message(json!({"body": "sim", "hasQuotedMsg": true,
            "_data": {"quotedStanzaID": M2, "quotedParticipant": c_us(WE),
            "quotedMsg": {"type": "chat", "body": "há mesas?"}}})),
        ),
        said(
            "V beside",
            &[],
            upsert_with(
                key(json!({})),
                json!({"conversation": "sim"}),
                json!({"contextInfo": quote()}),
            ),
        ),
        said(
            "V in the content",
            &[],
            upsert(
                key(json!({})),
                json!({"extendedTextMessage":
            {"text": "sim", "contextInfo": quote()}}),
            ),
        ),
        said(
            "V in the object",
            &[],
            upsert(
                key(json!({})),
                json!({"conversation": "sim",
            "contextInfo": quote()}),
            ),
        ),
        said(
            "VC",
            &["quoted_sender", "quoted_text"],
            upsert(key(json!({})), json!({"conversation": "sim", "contextInfo": {"stanzaId": M2}})),
        ),
        said(
            "V 2.4.0-rc",
            &["reply_to", "quoted_sender", "quoted_text"],
            upsert_with(
                key(json!({})),
                json!({"conversation": "sim"}),
                json!({"contextInfo": {"deviceListMetadata": {}}}),
            ),
        ),
        said(
            "VG",
            &[],
            go_message_with(
                info(json!({})),
                json!({"conversation": "sim"}),
                json!({"isQuoted": true, "quoted": {"stanzaID": M2, "participant": pn(WE),
            "quotedMessage": {"conversation": "há mesas?"}}}),
            ),
        ),
        said(
            "H serialised",
            NO_NAME,
            waha_message(
                "WEBJS",
                json!({"body": "sim", "replyTo":
            {"id": id(true, &c_us(ANA), M2), "participant": c_us(WE), "body": "há mesas?"}}),
            ),
        ),
        said(
            "Z",
            &[],
            zavu_message(json!({"text": "sim", "content": {"replyToMessageId": M2,
            "replyToProviderMessageId": "wamid.x", "replyToFrom": format!("+{WE}"),
            "replyToText": "há mesas?"}})),
        ),
        said(
            "Z not held",
            &["reply_to"],
            zavu_message(json!({"text": "sim", "content":
            {"replyToProviderMessageId": "wamid.x", "replyToFrom": format!("+{WE}"),
            "replyToText": "há mesas?"}})),
        ),
        said(
            "Z to a photo",
            &["quoted_text"],
            zavu_message(json!({"text": "sim", "content":
            {"replyToMessageId": M2, "replyToProviderMessageId": "wamid.x",
            "replyToFrom": format!("+{WE}"), "replyToText": ""}})),
        ),
    ];
    by_all.extend(engines(
        |engine| {
            waha_message(
                engine,
                json!({"body": "sim", "replyTo":
        {"id": M2, "participant": c_us(WE), "body": "há mesas?"}}),
            )
        },
        NO_NAME,
    ));
    cases.push(Case { name: "12 a reply", full: reply, said: by_all });

    let context = || json!({"mentionedJid": [pn(BIA)]});
    let text = format!("@{BIA} viu?");
    let mention = || json!({"extendedTextMessage": {"text": text, "contextInfo": context()}});
    let go_mention = || {
        json!({"extendedTextMessage": {"text": text,
        "contextInfo": {"mentionedJID": [pn(BIA)]}}})
    };
    cases.push(Case {
        name: "13 a mention",
        full: in_group(json!({"text": text, "mentions": ["bia"]})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa(
                    "message",
                    json!({"message": web_in_group(json!({"body": text,
                "mentionedIds": [c_us(BIA)]}))}),
                ),
            ),
            said(
                "V",
                &[],
                upsert(key(json!({"remoteJid": GROUP, "participant": pn(ANA)})), mention()),
            ),
            said("VG", &[], go_message(group_info(), go_mention())),
            said(
                "H WEBJS",
                NO_NAME,
                waha_in_group(
                    "WEBJS",
                    json!({"body": text,
                "_data": {"type": "chat", "mentionedJidList": [c_us(BIA)]}}),
                ),
            ),
            said(
                "H NOWEB",
                NO_NAME,
                waha_in_group(
                    "NOWEB",
                    json!({"body": text,
                "_data": {"message": mention()}}),
                ),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_in_group(
                    "GOWS",
                    json!({"body": text,
                "_data": {"Message": go_mention()}}),
                ),
            ),
            said(
                "Z",
                &["mentions"],
                zavu_message(json!({"isGroup": true, "groupId": GROUP,
                "text": text})),
            ),
        ],
    });

    let row = || {
        json!({"listResponseMessage": {"title": "Sábado",
        "singleSelectReply": {"selectedRowId": "sab"}}})
    };
    let go_row = || {
        json!({"listResponseMessage": {"title": "Sábado",
        "singleSelectReply": {"selectedRowID": "sab"}}})
    };
    cases.push(Case {
        name: "14 a row of a list",
        full: of_ana(json!({"type": "list_reply", "text": "Sábado", "choice_id": "sab"})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa_message(json!({"type": "list_response", "body": "Sábado",
                "selectedRowId": "sab"})),
            ),
            said("V", &[], upsert(key(json!({})), row())),
            said("VG", &[], go_message(info(json!({})), go_row())),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"body": "Sábado",
                "_data": {"message": row()}}),
                ),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"body": "Sábado",
                "_data": {"Message": go_row()}}),
                ),
            ),
            said(
                "H WEBJS",
                NO_NAME,
                waha_message(
                    "WEBJS",
                    json!({"body": "Sábado",
                "_data": {"type": "list_response", "selectedRowId": "sab"}}),
                ),
            ),
            said(
                "Z",
                &["choice_id"],
                zavu_message(json!({"messageType": "list", "text": "Sábado"})),
            ),
        ],
    });
    let button = || {
        json!({"buttonsResponseMessage": {"selectedButtonId": "ok",
        "selectedDisplayText": "Confirmar"}})
    };
    cases.push(Case {
        name: "14 a button",
        full: of_ana(json!({"type": "button_reply", "text": "Confirmar", "choice_id": "ok"})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa_message(json!({"type": "buttons_response", "body": "Confirmar",
                "selectedButtonId": "ok"})),
            ),
            said("V", &[], upsert(key(json!({})), button())),
            said(
                "V template",
                &[],
                upsert(
                    key(json!({})),
                    json!({"templateButtonReplyMessage":
                {"selectedId": "ok", "selectedDisplayText": "Confirmar"}}),
                ),
            ),
            said(
                "VC",
                &["choice_id"],
                upsert_with(
                    key(json!({})),
                    json!({"conversation": "Confirmar"}),
                    json!({"messageType": "buttonMessage"}),
                ),
            ),
            said(
                "VG",
                &[],
                go_message(
                    info(json!({})),
                    json!({"buttonsResponseMessage":
                {"selectedButtonID": "ok", "Response": {"SelectedDisplayText": "Confirmar"}}}),
                ),
            ),
            said(
                "Z",
                &["choice_id"],
                zavu_message(json!({"messageType": "buttons",
                "text": "Confirmar"})),
            ),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message("NOWEB", json!({"body": "Confirmar", "_data": {"message": button()}})),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"body": "Confirmar", "_data": {"Message": {"buttonsResponseMessage":
                {"selectedButtonID": "ok", "Response": {"SelectedDisplayText": "Confirmar"}}}}}),
                ),
            ),
            said(
                "H WEBJS",
                NO_NAME,
                waha_message(
                    "WEBJS",
                    json!({"body": "Confirmar",
                "_data": {"type": "buttons_response", "selectedButtonId": "ok"}}),
                ),
            ),
        ],
    });
    cases.push(Case {
        name: "14 a form",
        full: of_ana(json!({"type": "form_reply", "text": "Confirmar", "choice_id": "ok"})),
        said: vec![said(
            "V",
            &[],
            upsert(
                key(json!({})),
                json!({"interactiveResponseMessage": {"body": {"text": "Confirmar"},
                "nativeFlowResponseMessage": {"name": "flow", "paramsJson": "{\"id\":\"ok\"}"}}}),
            ),
        )],
    });
    cases.push(Case {
        name: "14 a button, where only the engine knew it",
        full: of_ana(json!({"type": "text", "text": "Confirmar"})),
        said: engines(|engine| waha_message(engine, json!({"body": "Confirmar"})), NO_NAME),
    });

    let advert = || {
        json!({"title": "Sábado?", "body": "Reserve", "sourceId": "120210000000",
        "sourceType": "ad", "ctwaClid": "ARAk1"})
    };
    cases.push(Case {
        name: "23 from an advertisement",
        full: of_ana(json!({"text": "hi", "ad_click_id": "ARAk1", "ad_source_id": "120210000000"})),
        said: vec![
            said(
                "V",
                &[],
                upsert_with(
                    key(json!({})),
                    json!({"conversation": "hi"}),
                    json!({"contextInfo": {"externalAdReply": advert()}}),
                ),
            ),
            said(
                "V 2.4.0-rc",
                &["ad_click_id", "ad_source_id"],
                upsert_with(
                    key(json!({})),
                    json!({"conversation": "hi"}),
                    json!({"contextInfo": {"deviceListMetadata": {}}}),
                ),
            ),
            said(
                "VG",
                &[],
                go_message(
                    info(json!({})),
                    json!({"extendedTextMessage": {"text": "hi",
                "contextInfo": {"externalAdReply": {"title": "Sábado?", "sourceID": "120210000000",
                "ctwaClid": "ARAk1"}}}}),
                ),
            ),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"body": "hi", "_data": {"message":
                {"extendedTextMessage": {"text": "hi", "contextInfo":
                {"externalAdReply": advert()}}}}}),
                ),
            ),
            said(
                "Z",
                &[],
                zavu_message(json!({"text": "hi", "referral": {"ctwaClid": "ARAk1",
                "sourceId": "120210000000", "sourceType": "ad", "headline": "Sábado?"}})),
            ),
            said("E", &["ad_click_id", "ad_source_id"], enviaai_message(json!({"content": "hi"}))),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"body": "hi", "_data": {"Message": {"extendedTextMessage": {"text": "hi",
                "contextInfo": {"externalAdReply": {"title": "Sábado?", "sourceID": "120210000000",
                "ctwaClid": "ARAk1"}}}}}}),
                ),
            ),
            said(
                "H second",
                &["ad_click_id", "ad_source_id", "sender_name"],
                waha_message("WEBJS", json!({"body": "hi"})),
            ),
        ],
    });

    let many = |member: &str| {
        json!({"extendedTextMessage": {"text": "hi", "contextInfo":
        {"isForwarded": true, "forwardingScore": 127, member: []}}})
    };
    cases.push(Case {
        name: "24 forwarded many times",
        full: of_ana(json!({"text": "hi", "forwarded": true})),
        said: vec![
            said(
                "W",
                NO_NAME,
                eazewa_message(json!({"body": "hi", "isForwarded": true,
                "forwardingScore": 127})),
            ),
            said("V", &[], upsert(key(json!({})), many("mentionedJid"))),
            said("VG", &[], go_message(info(json!({})), many("mentionedJID"))),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"body": "hi",
                "_data": {"message": many("mentionedJid")}}),
                ),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"body": "hi",
                "_data": {"Message": many("mentionedJID")}}),
                ),
            ),
            said("E", &["forwarded"], enviaai_message(json!({"content": "hi"}))),
            said(
                "H WEBJS",
                &["forwarded", "sender_name"],
                waha_message("WEBJS", json!({"body": "hi"})),
            ),
            said("Z", &["forwarded"], zavu_message(json!({"text": "hi"}))),
        ],
    });
    let jpeg = |more: Value| json!({"imageMessage": with(json!({"mimetype": "image/jpeg"}), more)});
    let wrapped = |wrapper: &str| json!({wrapper: {"message": jpeg(json!({}))}});
    let timed = |context: Value| {
        json!({"extendedTextMessage": {"text": "hi",
        "contextInfo": context}})
    };
    cases.push(Case {
        name: "24 that disappears",
        full: of_ana(json!({"text": "hi"})),
        said: vec![
            said("W", NO_NAME, eazewa_message(json!({"body": "hi", "isEphemeral": true}))),
            said("V", &[], upsert(key(json!({})), timed(json!({"expiration": 86_400})))),
            said(
                "VG",
                &[],
                go_message_with(
                    info(json!({})),
                    timed(json!({"expiration": 86_400})),
                    json!({"IsEphemeral": true}),
                ),
            ),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"body": "hi",
                "_data": {"message": timed(json!({"expiration": 86_400}))}}),
                ),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"body": "hi",
                "_data": {"Message": timed(json!({"expiration": 86_400}))}}),
                ),
            ),
        ],
    });
    let better = || {
        json!({"associatedChildMessage": {"message": {"imageMessage":
        {"mimetype": "image/jpeg", "jpegThumbnail": "AAAA"}, "messageContextInfo":
        {"messageAssociation": {"associationType": "HD_IMAGE_DUAL_UPLOAD",
        "parentMessageKey": {"id": M2}}}}}})
    };
    let go_better = || {
        json!({"associatedChildMessage": {"message": {"imageMessage":
        {"mimetype": "image/jpeg", "JPEGThumbnail": "AAAA"}, "messageContextInfo":
        {"messageAssociation": {"associationType": 10, "parentMessageKey": {"ID": M2}}}}}})
    };
    cases.push(Case {
        name: "24 that is the better copy of a photo",
        full: of_ana(json!({"type": "image", "media_mimetype": "image/jpeg",
            "view_once": false})),
        said: vec![
            said("V", &[], upsert(key(json!({})), better())),
            said("VG", &[], go_message(info(json!({})), go_better())),
            said("H NOWEB", &["view_once", "sender_name"], waha_message("NOWEB",
                json!({"hasMedia": true, "media": {"mimetype": "image/jpeg", "url": "http://x/1"},
                "_data": {"message": better()}}))),
        ],
    });
    cases.push(Case {
        name: "24 to be seen once",
        full: of_ana(json!({"type": "image", "media_mimetype": "image/jpeg", "view_once": true})),
        said: vec![
            said("V flag", &[], upsert(key(json!({})), jpeg(json!({"viewOnce": true})))),
            said("V wrapped", &[], upsert(key(json!({})), wrapped("viewOnceMessage"))),
            said("V V2", &[], upsert(key(json!({})), wrapped("viewOnceMessageV2"))),
            said(
                "V V2Extension",
                &[],
                upsert(key(json!({})), wrapped("viewOnceMessageV2Extension")),
            ),
            said(
                "VG",
                &[],
                go_message_with(info(json!({})), jpeg(json!({})), json!({"IsViewOnce": true})),
            ),
            said(
                "H NOWEB",
                NO_NAME,
                waha_message(
                    "NOWEB",
                    json!({"hasMedia": true, "media":
                {"mimetype": "image/jpeg", "url": "http://x/1"},
                "_data": {"message": wrapped("viewOnceMessage")}}),
                ),
            ),
            said(
                "Z",
                &["view_once"],
                zavu_message(json!({"messageType": "image",
                "content": {"mimeType": "image/jpeg"}})),
            ),
            said(
                "H GOWS",
                NO_NAME,
                waha_message(
                    "GOWS",
                    json!({"hasMedia": true, "media":
                {"mimetype": "image/jpeg", "url": "http://x/1"},
                "_data": {"Message": wrapped("viewOnceMessageV2")}}),
                ),
            ),
        ],
    });
    cases
}

fn acts() -> Vec<Case> {
    let mut cases = Vec::new();
    let set = |text: Option<&str>| {
        let action = if text.is_some() { "set" } else { "removed" };
        let form = json!({"kind": "reaction", "id": ACT, "target": M2, "chat": "ana",
            "sender": "ana", "sender_phone": ANA, "from_me": false, "is_group": false,
            "is_status": false, "action": action, "timestamp": AT});
        match text {
            Some(text) => with(form, json!({"text": text})),
            None => form,
        }
    };
    for (name, emoji) in [
        ("15 a reaction", Some("👍")),
        ("15 a reaction that is changed", Some("❤️")),
        ("15 a reaction that is taken back", None),
    ] {
        let text = emoji.unwrap_or_default();
        let content = |id: &str| {
            json!({"reactionMessage": {"key": {"remoteJid": pn(ANA),
            "fromMe": true, id: M2}, "text": text, "senderTimestampMs": AT * 1000}})
        };
        let reaction = |engine, text: Value| {
            waha(
                engine,
                "message.reaction",
                json!({
            "id": id(false, &c_us(ANA), ACT), "timestamp": AT, "from": c_us(ANA), "fromMe": false,
            "participant": c_us(ANA), "reaction": {"text": text,
            "messageId": id(true, &c_us(ANA), M2)}}),
            )
        };
        let mut by_all = vec![
            said(
                "W",
                &[],
                eazewa(
                    "message_reaction",
                    json!({"reaction": {
                "id": id(false, &c_us(ANA), ACT), "reaction": text, "timestamp": AT,
                "msgId": id(true, &c_us(ANA), M2), "senderId": c_us(ANA)}}),
                ),
            ),
            said("V", &[], upsert(key(json!({"id": ACT})), content("id"))),
            said(
                "VG",
                &[],
                go_message(
                    info(json!({"ID": ACT})),
                    json!({"reactionMessage": {"key":
                {"remoteJID": pn(ANA), "fromMe": true, "ID": M2}, "text": text,
                "senderTimestampMS": AT * 1000}}),
                ),
            ),
            said(
                "Z",
                &["timestamp"],
                zavu_message(json!({"messageId": ACT,
                "messageType": "reaction", "providerTimestamp": null,
                "content": {"emoji": text, "reactToMessageId": M2}})),
            ),
            said("H null", &[], reaction("GOWS", emoji.map_or(Value::Null, Value::from))),
        ];
        by_all.extend(engines(|engine| reaction(engine, text.into()), &[]));
        cases.push(Case { name, full: set(emoji), said: by_all });
    }

    let edit = json!({"kind": "edit", "target": M1, "chat": "ana", "sender": "ana",
        "sender_phone": ANA, "from_me": false, "is_group": false, "is_status": false,
        "text": "sábado", "timestamp": AT});
    const SELF: &[&str] = &["id"];
    let protocol = |id: &str, ms: &str| {
        json!({"protocolMessage": {"key": {id: M1}, "type": 14,
        "editedMessage": {"conversation": "sábado"}, ms: AT * 1000}})
    };
    let edited = |engine, more: Value| {
        waha(
            engine,
            "message.edited",
            with(
                json!({
        "id": id(false, &c_us(ANA), ACT), "timestamp": AT, "from": c_us(ANA), "fromMe": false,
        "body": "sábado", "editedMessageId": M1}),
                more,
            ),
        )
    };
    let full = with(edit.clone(), json!({"id": ACT}));
    cases.push(Case {
        name: "16 an edit",
        full,
        said: vec![
            said(
                "W",
                SELF,
                eazewa(
                    "message_edit",
                    json!({"newBody": "sábado", "prevBody": "sabado",
                "message": web_message(json!({"latestEditSenderTimestampMs": AT * 1000}))}),
                ),
            ),
            said(
                "V edited",
                &["id", "chat", "sender", "sender_phone", "is_group", "is_status"],
                evolution(
                    "messages.edited",
                    json!({"key": {"id": M1, "fromMe": true,
                "remoteJid": pn(WE)}, "type": "MESSAGE_EDIT", "timestampMs": AT * 1000,
                "editedMessage": {"conversation": "sábado"}}),
                ),
            ),
            said(
                "V update",
                &["id", "timestamp"],
                evolution(
                    "messages.update",
                    json!({"keyId": M1,
                "remoteJid": pn(ANA), "fromMe": false, "status": "SERVER_ACK",
                "message": {"conversation": "sábado"}}),
                ),
            ),
            said(
                "V upsert",
                &[],
                upsert(
                    key(json!({"id": ACT})),
                    json!({"editedMessage":
                {"message": protocol("id", "timestampMs")}}),
                ),
            ),
            said("V protocol", &[], upsert(key(json!({"id": ACT})), protocol("id", "timestampMs"))),
            said(
                "VG",
                &[],
                go_message(info(json!({"ID": ACT, "Edit": "1"})), protocol("ID", "timestampMS")),
            ),
            said(
                "H WEBJS",
                SELF,
                edited(
                    "WEBJS",
                    json!({"id": id(false, &c_us(ANA), M1),
                "editedMessageId": null}),
                ),
            ),
            said("H NOWEB", &[], edited("NOWEB", json!({}))),
            said("H GOWS", &[], edited("GOWS", json!({}))),
            said(
                "H second",
                SELF,
                edited(
                    "WEBJS",
                    json!({"id": id(false, &c_us(ANA), M1),
                "editedMessageId": null, "body": null, "newBody": "sábado", "prevBody": "sabado"}),
                ),
            ),
        ],
    });
    let secret = |id: &str| {
        json!({"secretEncryptedMessage": {"targetMessageKey": {id: M1},
        "encPayload": "AAAA", "secretEncType": 2}})
    };
    cases.push(Case {
        name: "16 an edit that nobody can read",
        full: with(edit, json!({"id": ACT, "text": null, "readable": false})),
        said: vec![
            said("V", &[], upsert(key(json!({"id": ACT})), secret("id"))),
            said("VG", &[], go_message(info(json!({"ID": ACT})), secret("ID"))),
            said("H NOWEB", &["readable"], edited("NOWEB", json!({"body": ""}))),
            said("H GOWS", &["readable"], edited("GOWS", json!({"body": ""}))),
            said(
                "H WEBJS",
                &["readable", "id"],
                edited(
                    "WEBJS",
                    json!({"id": id(false, &c_us(ANA), M1), "editedMessageId": null, "body": ""}),
                ),
            ),
        ],
    });
    cases.push(Case {
        name: "16 a word that may be an edit",
        full: json!({"kind": "other", "target": M1, "chat": "ana"}),
        said: vec![said(
            "V 2.3.0",
            &[],
            evolution(
                "messages.update",
                json!({"keyId": M1,
            "remoteJid": pn(ANA), "fromMe": false, "status": "DELETED"}),
            ),
        )],
    });

    let deleted = json!({"kind": "delete", "target": M1, "chat": "ana", "sender": "ana",
        "sender_phone": ANA, "from_me": false, "is_group": false, "is_status": false,
        "action": "for_everyone", "timestamp": AT});
    const NO_TIME: &[&str] = &["timestamp"];
    let revoked = |engine, more: Value| {
        waha(
            engine,
            "message.revoked",
            with(
                json!({
        "after": {"id": id(false, &c_us(ANA), ACT), "timestamp": AT, "from": c_us(ANA),
        "fromMe": false}, "revokedMessageId": M1}),
                more,
            ),
        )
    };
    let revoke = |id: &str| json!({"protocolMessage": {"key": {id: M1}, "type": 0}});
    cases.push(Case {
        name: "17 a deletion for everyone",
        full: deleted.clone(),
        said: vec![
            said(
                "W",
                NO_TIME,
                eazewa(
                    "message_revoke_everyone",
                    json!({"after":
                web_message(json!({"id": id(false, &c_us(ANA), ACT), "type": "revoked"})),
                "before": web_message(json!({"body": "sabado"}))}),
                ),
            ),
            said("V key", NO_TIME, evolution("messages.delete", key(json!({})))),
            said(
                "V row",
                NO_TIME,
                evolution(
                    "messages.delete",
                    json!({"id": "row-1",
                "key": key(json!({})), "messageType": "conversation", "messageTimestamp": AT,
                "message": {"conversation": "sabado"}, "status": "DELETED"}),
                ),
            ),
            said(
                "V edited",
                &["timestamp", "chat", "sender", "sender_phone", "is_group", "is_status"],
                evolution(
                    "messages.edited",
                    json!({"key": {"id": M1,
                "fromMe": true, "remoteJid": pn(WE)}, "type": "REVOKE"}),
                ),
            ),
            said("V upsert", &[], upsert(key(json!({"id": ACT})), revoke("id"))),
            said("VG", &[], go_message(info(json!({"ID": ACT, "Edit": "7"})), revoke("ID"))),
            said(
                "H WEBJS without",
                &["target"],
                revoked("WEBJS", json!({"revokedMessageId": null})),
            ),
            said("H WEBJS", &[], revoked("WEBJS", json!({}))),
            said("H NOWEB", &[], revoked("NOWEB", json!({}))),
            said("H GOWS", &[], revoked("GOWS", json!({}))),
            said(
                "H second",
                NO_TIME,
                waha(
                    "WEBJS",
                    "message.revoked",
                    json!({
                "id": id(false, &c_us(ANA), M1), "revokedBy": c_us(ANA)}),
                ),
            ),
        ],
    });
    cases.push(Case {
        name: "17 a deletion for ourselves",
        full: json!({"kind": "delete", "target": M2, "chat": "ana", "from_me": true,
            "is_group": false, "is_status": false, "action": "for_me"}),
        said: vec![said(
            "W",
            &[],
            eazewa(
                "message_revoke_me",
                json!({"message":
            web_own(json!({"body": "temos sim"}))}),
            ),
        )],
    });

    let poll = || {
        json!({"pollCreationMessage": {"name": "Que dia?", "options":
        [{"optionName": "Sábado"}, {"optionName": "Domingo"}], "selectableOptionsCount": 0}})
    };
    let poll_as = |member: &str| json!({member: poll()["pollCreationMessage"]});
    cases.push(Case {
        name: "18 a poll",
        full: of_ana(json!({"type": "poll", "text": "Que dia?"})),
        said: [
            kit(Scenario::Poll, |sample| sample.id(M1)),
            vec![
                said("V", &[], upsert(key(json!({})), poll())),
                said("VG", &[], go_message(info(json!({})), poll())),
                said(
                    "H NOWEB",
                    NO_NAME,
                    waha_message(
                        "NOWEB",
                        json!({"body": "Que dia?",
                "_data": {"message": poll()}}),
                    ),
                ),
                said("V V2", &[], upsert(key(json!({})), poll_as("pollCreationMessageV2"))),
                said("V V5", &[], upsert(key(json!({})), poll_as("pollCreationMessageV5"))),
            ],
        ]
        .concat(),
    });
    for (name, chosen) in [
        ("18 a vote", vec!["Sábado"]),
        ("18 a vote that is changed", vec!["Sábado", "Domingo"]),
        ("18 a vote that is withdrawn", vec![]),
    ] {
        let by_number: Vec<Value> = chosen.iter().map(|name| json!({"name": name})).collect();
        let vote = |engine| {
            waha(
                engine,
                "poll.vote",
                json!({"vote": {
            "id": id(false, GROUP, ACT), "from": GROUP, "participant": c_us(BIA), "fromMe": false,
            "selectedOptions": chosen, "timestamp": AT * 1000},
            "poll": {"id": id(true, GROUP, M2), "from": c_us(WE), "to": GROUP, "fromMe": true}}),
            )
        };
        let mut by_all = vec![
            said(
                "W",
                &["id"],
                eazewa(
                    "vote_update",
                    json!({"vote": {"voter": c_us(BIA),
                "selectedOptions": by_number, "interractedAtTs": AT * 1000,
                "parentMsgKey": id(true, GROUP, M2)}}),
                ),
            ),
            said(
                "W by the poll",
                &["id"],
                eazewa(
                    "vote_update",
                    json!({"vote": {"voter": c_us(BIA),
                "selectedOptions": by_number, "interractedAtTs": AT * 1000,
                "parentMessage": {"id": {"fromMe": true, "remote": GROUP, "id": M2,
                "_serialized": id(true, GROUP, M2)}}}}),
                ),
            ),
            said(
                "V 2.3.7",
                &[],
                upsert(
                    key(json!({"id": ACT, "remoteJid": GROUP,
                "participant": pn(BIA)})),
                    json!({"pollUpdateMessage": {
                "pollCreationMessageKey": {"id": M2}, "vote": {"selectedOptions": chosen},
                "senderTimestampMs": AT * 1000}}),
                ),
            ),
        ];
        by_all.extend(engines(vote, &[]));
        cases.push(Case {
            name,
            full: json!({"kind": "poll_vote", "id": ACT, "target": M2, "chat": "group",
                "sender": "bia", "sender_phone": BIA, "from_me": false, "is_group": true,
                "is_status": false, "selected": chosen, "timestamp": AT}),
            said: by_all,
        });
    }
    cases.push(Case {
        name: "18 a vote, told with the poll",
        full: json!({"kind": "poll_vote", "target": M2, "chat": "group", "sender": "bia",
            "sender_phone": BIA, "from_me": false, "is_group": true, "is_status": false,
            "selected": ["Sábado", "Domingo"]}),
        said: vec![said(
            "V 2.2.3",
            &[],
            evolution(
                "messages.update",
                json!({"keyId": M2,
            "remoteJid": GROUP, "fromMe": true, "pollUpdates": [
            {"name": "Sábado", "voters": [pn(BIA)]}, {"name": "Domingo", "voters": [pn(BIA)]}]}),
            ),
        )],
    });
    let failed = |engine, at: i64| {
        waha(
            engine,
            "poll.vote.failed",
            json!({"vote": {
        "id": id(false, GROUP, ACT), "from": GROUP, "participant": c_us(BIA), "fromMe": false,
        "selectedOptions": [], "timestamp": at},
        "poll": {"id": id(true, GROUP, M2), "fromMe": true}}),
        )
    };
    cases.push(Case {
        name: "18 a vote that cannot be read",
        full: json!({"kind": "poll_vote", "id": ACT, "target": M2, "chat": "group",
            "sender": "bia", "sender_phone": BIA, "from_me": false, "is_group": true,
            "is_status": false, "readable": false, "timestamp": AT}),
        said: vec![
            said(
                "V",
                &[],
                upsert(
                    key(json!({"id": ACT, "remoteJid": GROUP, "participant": pn(BIA)})),
                    json!({"pollUpdateMessage": {"pollCreationMessageKey": {"id": M2},
                "vote": {"encPayload": "AAAA"}, "senderTimestampMs": AT * 1000}}),
                ),
            ),
            said(
                "VG",
                &[],
                go_message(
                    info(json!({"ID": ACT, "Chat": GROUP, "IsGroup": true,
                "Sender": pn(BIA)})),
                    json!({"pollUpdateMessage": {"pollCreationMessageKey":
                {"ID": M2}, "vote": {"encPayload": "AAAA"}, "senderTimestampMS": AT * 1000}}),
                ),
            ),
            said("H NOWEB", &[], failed("NOWEB", AT)),
            said("H GOWS", &[], failed("GOWS", AT * 1000)),
        ],
    });
    cases
}

fn receipts() -> Vec<Case> {
    let mut cases = Vec::new();
    let ack = |engine, ack: i64, name: &str| {
        waha(
            engine,
            "message.ack",
            json!({
        "id": id(true, &c_us(ANA), M2), "from": c_us(WE), "to": c_us(ANA), "fromMe": true,
        "ack": ack, "ackName": name}),
        )
    };
    let web = |ack: i64| eazewa("message_ack", json!({"message": web_own(json!({"ack": ack}))}));
    let update = |status: &str| {
        evolution(
            "messages.update",
            json!({"keyId": M2,
        "messageId": "row-1", "remoteJid": pn(ANA), "fromMe": true, "status": status}),
        )
    };
    let cloud = |status: &str| {
        evolution(
            "messages.update",
            json!({"keyId": "wamid.M2",
        "remoteJid": pn(ANA), "fromMe": false, "status": status}),
        )
    };
    let go_receipt = |kind: &str| {
        go(
            "Receipt",
            json!({"Chat": pn(ANA), "Sender": pn(ANA),
        "IsFromMe": false, "MessageIDs": [M2], "Timestamp": ISO, "Type": kind}),
        )
    };
    let full = |status: &str| {
        json!({"kind": "receipt", "target": M2, "chat": "ana",
        "sender": "ana", "sender_phone": ANA, "from_me": true, "status": status,
        "timestamp": AT})
    };
    const NO_TIME: &[&str] = &["timestamp"];
    let enviaai_status = |event: &str, at: &str| {
        enviaai(
            event,
            json!({"messageId": M2,
        "chatId": "chat_ana", "to": ANA, at: ISO}),
        )
    };
    let mut by_all = vec![
        said("E", &[], enviaai_status("message.delivered", "deliveredAt")),
        said("W", NO_TIME, web(2)),
        said("V", NO_TIME, update("DELIVERY_ACK")),
        said("VG", &[], go_receipt("")),
        said("Z", NO_TIME, zavu_outbound("message.delivered", "delivered", json!({}))),
        said(
            "Z by name",
            NO_TIME,
            zavu_outbound("message.delivered", "delivered", json!({"status": null})),
        ),
    ];
    by_all.extend(engines(|engine| ack(engine, 2, "DEVICE"), NO_TIME));
    cases.push(Case { name: "19 delivered", full: full("delivered"), said: by_all });
    let mut by_all = vec![
        said("E", &[], enviaai_status("message.read", "readAt")),
        said("W", NO_TIME, web(3)),
        said("V", NO_TIME, update("READ")),
        said("VG", &[], go_receipt("read")),
        said("Z", NO_TIME, zavu_outbound("message.read", "read", json!({}))),
    ];
    by_all.extend(engines(|engine| ack(engine, 3, "READ"), NO_TIME));
    cases.push(Case { name: "19 read", full: full("read"), said: by_all });
    cases.push(Case {
        name: "19 read, on the Cloud channel",
        full: with(full("read"), json!({"target": "wamid.M2", "timestamp": null})),
        said: vec![said("VC", &[], cloud("READ"))],
    });
    let mut by_all = vec![
        said("W", NO_TIME, web(4)),
        said("V", NO_TIME, update("PLAYED")),
        said("VG", &[], go_receipt("played")),
    ];
    by_all.extend(engines(|engine| ack(engine, 4, "PLAYED"), NO_TIME));
    cases.push(Case { name: "19 played", full: full("played"), said: by_all });

    let failed = json!({"kind": "receipt", "target": M2, "chat": "ana", "from_me": true,
        "status": "failed", "error_code": "131047", "error_text": "Re-engagement message"});
    const NO_WHY: &[&str] = &["error_code", "error_text"];
    cases.push(Case {
        name: "20 failed",
        full: failed,
        said: vec![
            said(
                "E",
                &[],
                enviaai(
                    "message.failed",
                    json!({"messageId": M2, "chatId": "chat_ana",
                "to": ANA, "status": "failed", "error": {"code": "131047",
                "message": "Re-engagement message"}}),
                ),
            ),
            said(
                "Z",
                &[],
                zavu_outbound(
                    "message.failed",
                    "failed",
                    json!({"errorCode": 131_047,
                "errorMessage": "Re-engagement message"}),
                ),
            ),
            said("W", NO_WHY, web(-1)),
            said("V", NO_WHY, update("ERROR")),
            said("H WEBJS", NO_WHY, ack("WEBJS", -1, "ERROR")),
        ],
    });
    cases.push(Case {
        name: "20 the name leads, not the number",
        full: json!({"kind": "receipt", "target": M2, "chat": "ana", "from_me": true,
            "status": "pending"}),
        said: vec![said("H Wawp", &[], ack("WEBJS", -1, "PENDING"))],
    });

    let member = |who: &str, status: &str, sender: &str| {
        json!({"kind": "receipt", "target": M2,
        "chat": "group", "sender": sender, "sender_phone": who, "from_me": true,
        "status": status, "timestamp": AT})
    };
    let group_ack = |engine, from_me: bool, ack: i64, name: &str, who: &str| {
        waha(
            engine,
            "message.ack.group",
            json!({"id": format!("true_{GROUP}_{M2}_{}", c_us(WE)), "from": GROUP,
        "participant": c_us(who), "fromMe": from_me, "ack": ack, "ackName": name}),
        )
    };
    for (name, who, sender, status, word, go_word, number, ack_name) in [
        ("21 Ana has read it in the group", ANA, "ana", "read", "READ", "read", 3, "READ"),
        ("21 Bia only got it", BIA, "bia", "delivered", "DELIVERY_ACK", "", 2, "DEVICE"),
    ] {
        cases.push(Case {
            name,
            full: member(who, status, sender),
            said: vec![
                said(
                    "V 2.3.5",
                    NO_TIME,
                    evolution(
                        "messages.update",
                        json!({"keyId": M2,
                    "remoteJid": GROUP, "participant": pn(who), "fromMe": true, "status": word}),
                    ),
                ),
                said(
                    "V 1.x",
                    &[],
                    evolution(
                        "messages.update",
                        json!({"id": M2,
                    "remoteJid": GROUP, "participant": pn(who), "fromMe": true, "status": word,
                    "datetime": AT * 1000}),
                    ),
                ),
                said(
                    "V 2.2.x",
                    &["timestamp", "sender", "sender_phone"],
                    evolution(
                        "messages.update",
                        json!({"keyId": M2, "remoteJid": GROUP,
                    "participant": GROUP, "fromMe": true, "status": word}),
                    ),
                ),
                said(
                    "VG",
                    &[],
                    go(
                        "Receipt",
                        json!({"Chat": GROUP, "IsGroup": true,
                    "Sender": pn(who), "MessageIDs": [M2], "Timestamp": ISO, "Type": go_word,
                    "MessageSender": pn(WE)}),
                    ),
                ),
                said("H NOWEB", NO_TIME, group_ack("NOWEB", true, number, ack_name, who)),
                said("H GOWS", NO_TIME, group_ack("GOWS", true, number, ack_name, who)),
                said("H WEBJS", NO_TIME, group_ack("WEBJS", false, number, ack_name, who)),
            ],
        });
    }
    cases.push(Case {
        name: "21 we read hers on the phone",
        full: json!({"kind": "receipt", "target": M1, "chat": "ana", "from_me": false,
            "status": "read", "timestamp": AT}),
        said: vec![
            said(
                "V",
                NO_TIME,
                evolution(
                    "messages.update",
                    json!({"keyId": M1,
                "remoteJid": pn(ANA), "fromMe": false, "status": "READ"}),
                ),
            ),
            said(
                "VG",
                &[],
                go(
                    "Receipt",
                    json!({"Chat": pn(ANA), "Sender": pn(WE),
                "IsFromMe": true, "MessageIDs": [M1], "Timestamp": ISO, "Type": "read-self"}),
                ),
            ),
        ],
    });

    let post = of_ana(json!({"chat": "status@broadcast", "is_status": true, "text": "Bom dia!"}));
    let status = |engine| {
        waha_message(
            engine,
            json!({"id": format!(
        "false_status@broadcast_{M1}_{}", c_us(ANA)), "from": "status@broadcast",
        "participant": c_us(ANA), "body": "Bom dia!"}),
        )
    };
    let mut by_all = vec![
        said(
            "W",
            NO_NAME,
            eazewa_message(json!({"from": "status@broadcast", "author": c_us(ANA),
            "id": format!("false_status@broadcast_{M1}_{}", c_us(ANA)), "isStatus": true,
            "body": "Bom dia!"})),
        ),
        said(
            "V",
            &[],
            upsert(
                key(json!({"remoteJid": "status@broadcast", "participant": pn(ANA)})),
                json!({"conversation": "Bom dia!"}),
            ),
        ),
        said(
            "VG",
            &[],
            go_message(
                info(json!({"Chat": "status@broadcast"})),
                json!({"conversation": "Bom dia!"}),
            ),
        ),
        said(
            "Z",
            &["id", "chat", "sender_name"],
            zavu(
                "message.status",
                json!({
            "from": format!("+{ANA}"), "messageType": "text", "text": "Bom dia!",
            "providerTimestamp": AT * 1000}),
            ),
        ),
    ];
    by_all.extend(engines(status, NO_NAME));
    cases.push(Case { name: "22 a status post", full: post, said: by_all });
    cases
}

fn around() -> Vec<Case> {
    let mut cases = Vec::new();
    let change = |action: &str, sender: Option<&str>| {
        let form = json!({"kind": "group", "chat": "group", "action": action,
            "participants": ["bia"], "timestamp": AT});
        match sender {
            Some(who) => with(
                form,
                json!({"sender": who, "sender_phone": if who == "ana" { ANA } else { BIA }}),
            ),
            None => form,
        }
    };
    const NOBODY: &[&str] = &["sender", "sender_phone"];
    const NO_TIME: &[&str] = &["timestamp"];
    let notice = |event, kind: &str, author: &str| {
        eazewa(
            event,
            json!({"notification": {
        "id": format!("false_{GROUP}_1_{}", c_us(author)), "type": kind, "timestamp": AT,
        "chatId": GROUP, "author": c_us(author), "recipientIds": [c_us(BIA)]}}),
        )
    };
    let participants = |action: &str, author: &str, members: Value| {
        evolution(
            "group-participants.update",
            json!({"id": GROUP, "action": action,
        "author": pn(author), "participants": members}),
        )
    };
    let group_info = |member: &str, author: &str| {
        go(
            "GroupInfo",
            json!({"JID": GROUP,
        "Sender": pn(author), "Timestamp": ISO, member: [pn(BIA)]}),
        )
    };
    let members = |engine: &str, kind: &str, role: &str| {
        let at = if engine == "WEBJS" { AT } else { AT * 1000 };
        waha(
            engine,
            "group.v2.participants",
            json!({"type": kind, "timestamp": at,
            "group": {"id": GROUP}, "participants": [{"id": c_us(BIA), "role": role}]}),
        )
    };
    for (name, action, word, go_word, waha_word, author, sender, web) in [
        (
            "25 Ana adds Bia",
            "added",
            "add",
            "Join",
            "join",
            ANA,
            "ana",
            Some(("group_join", "add")),
        ),
        (
            "25 Bia leaves",
            "removed",
            "remove",
            "Leave",
            "leave",
            BIA,
            "bia",
            Some(("group_leave", "leave")),
        ),
        ("25 Bia becomes an admin", "promoted", "promote", "Promote", "promote", ANA, "ana", None),
        ("25 Bia is none any more", "demoted", "demote", "Demote", "demote", ANA, "ana", None),
    ] {
        let mut by_all = vec![
            said("V texts", NO_TIME, participants(word, author, json!([pn(BIA)]))),
            said(
                "V objects",
                NO_TIME,
                participants(
                    word,
                    author,
                    json!([{"id": lid(BIA_LID),
                "phoneNumber": pn(BIA)}]),
                ),
            ),
            said("VG", &[], group_info(go_word, author)),
            said(
                "H second",
                &["sender", "sender_phone", "timestamp"],
                waha(
                    "WEBJS",
                    "group.v2.participants",
                    json!({"action": waha_word, "chatId": GROUP,
                "participants": [c_us(BIA)]}),
                ),
            ),
        ];
        by_all.extend(web.map(|(event, kind)| said("W", &[], notice(event, kind, author))));
        by_all.extend(engines(|engine| members(engine, waha_word, "admin"), NOBODY));
        cases.push(Case { name, full: change(action, Some(sender)), said: by_all });
    }

    let setting = |action: &str| json!({"kind": "group", "chat": "group", "action": action});
    let update = |engine: &str, group: Value| {
        waha(engine, "group.v2.update", json!({"group": with(json!({"id": GROUP}), group)}))
    };
    let web = |kind: &str, body: &str| {
        eazewa(
            "group_update",
            json!({"notification": {
        "id": format!("false_{GROUP}_1_{}", c_us(ANA)), "type": kind, "body": body,
        "chatId": GROUP}}),
        )
    };
    cases.push(Case {
        name: "26 another subject",
        full: with(setting("subject"), json!({"text": "Turma 2"})),
        said: vec![
            said("W", &[], web("subject", "Turma 2")),
            said(
                "V",
                &[],
                evolution("groups.update", json!([{"id": GROUP, "subject": "Turma 2"}])),
            ),
            said("VG", &[], go("GroupInfo", json!({"JID": GROUP, "Name": {"Name": "Turma 2"}}))),
            said("H NOWEB", &[], update("NOWEB", json!({"subject": "Turma 2"}))),
            said("H GOWS", &[], update("GOWS", json!({"subject": "Turma 2"}))),
        ],
    });
    cases.push(Case {
        name: "26 no description any more",
        full: setting("description"),
        said: vec![
            said("W", &[], web("description", "")),
            said(
                "VG",
                &[],
                go(
                    "GroupInfo",
                    json!({"JID": GROUP, "Topic": {"Topic": "",
                "TopicDeleted": true}}),
                ),
            ),
            said("H NOWEB", &[], update("NOWEB", json!({"description": ""}))),
            said("H GOWS", &[], update("GOWS", json!({"description": ""}))),
        ],
    });
    cases.push(Case {
        name: "26 only admins write",
        full: with(setting("only_admins_write"), json!({"on": true})),
        said: vec![
            said("W", &[], web("announce", "on")),
            said("V", &[], evolution("groups.update", json!([{"id": GROUP, "announce": true}]))),
            said(
                "VG",
                &[],
                go("GroupInfo", json!({"JID": GROUP, "Announce": {"IsAnnounce": true}})),
            ),
            said("H NOWEB", &[], update("NOWEB", json!({"membersCanSendMessages": true}))),
            said("H GOWS", &[], update("GOWS", json!({"membersCanSendMessages": false}))),
        ],
    });

    let ringing = |state: &str| {
        json!({"kind": "call", "id": "CALL1", "chat": "ana",
        "sender": "ana", "sender_phone": ANA, "state": state, "timestamp": AT})
    };
    let stage = |status: &str| {
        evolution(
            "call",
            json!({"id": "CALL1", "from": pn(ANA),
        "status": status, "isVideo": true, "date": ISO}),
        )
    };
    let go_call = |event| {
        go(
            event,
            json!({"From": pn(ANA), "CallCreator": pn(ANA),
        "CallID": "CALL1", "Timestamp": ISO}),
        )
    };
    let zavu_call = |event, status: &str| {
        zavu(
            event,
            json!({"callId": "CALL1",
        "direction": "inbound", "from": format!("+{ANA}"), "to": format!("+{WE}"),
        "status": status}),
        )
    };
    let mut by_all = vec![
        said(
            "W",
            &["from_me"],
            eazewa(
                "call",
                json!({"call": {"id": "CALL1", "from": c_us(ANA),
            "timestamp": AT, "isVideo": true}}),
            ),
        ),
        said("V offer", &["from_me"], stage("offer")),
        said("V ringing", &["from_me"], stage("ringing")),
        said("VG", &["from_me"], go_call("CallOffer")),
        said("Z", NO_TIME, zavu_call("call.initiated", "ringing")),
    ];
    by_all.extend(engines(
        |engine| {
            waha(
                engine,
                "call.received",
                json!({"id": "CALL1",
        "from": c_us(ANA), "timestamp": AT, "isVideo": true}),
            )
        },
        &["from_me"],
    ));
    cases.push(Case {
        name: "27 a call rings",
        full: with(ringing("ringing"), json!({"from_me": false})),
        said: by_all,
    });
    cases.push(Case {
        name: "27 a call that nobody takes",
        full: with(ringing("missed"), json!({"from_me": false})),
        said: vec![
            said("V", &["from_me"], stage("timeout")),
            said("Z completed", NO_TIME, zavu_call("call.completed", "no_answer")),
            said("Z failed", NO_TIME, zavu_call("call.failed", "no_answer")),
        ],
    });
    cases.push(Case {
        name: "27 a call is over",
        full: ringing("ended"),
        said: vec![said("V", &[], stage("terminate")), said("VG", &[], go_call("CallTerminate"))],
    });

    for (name, state, word, waha_word, media) in [
        ("28 Ana writes", "typing", "composing", "typing", ""),
        ("28 Ana records", "recording", "recording", "recording", "audio"),
        ("28 Ana stops", "paused", "paused", "paused", ""),
    ] {
        let presence = |word: &str| {
            json!({"id": c_us(ANA), "presences": [
            {"participant": c_us(ANA), "lastKnownPresence": word}]})
        };
        let go_word = if word == "recording" { "composing" } else { word };
        let mut by_all = vec![
            said(
                "V",
                &[],
                evolution(
                    "presence.update",
                    json!({"id": pn(ANA), "presences":
                {pn(ANA): {"lastKnownPresence": word}}}),
                ),
            ),
            said(
                "VG",
                &[],
                go(
                    "ChatPresence",
                    json!({"Chat": pn(ANA), "Sender": pn(ANA),
                "State": go_word, "Media": media}),
                ),
            ),
            said("H raw", &[], waha("NOWEB", "presence.update", presence(word))),
            said(
                "H second",
                &[],
                waha(
                    "WEBJS",
                    "presence.update",
                    json!({"chatId": c_us(ANA),
                "from": c_us(ANA), "type": waha_word}),
                ),
            ),
        ];
        by_all.extend(engines(|engine| waha(engine, "presence.update", presence(waha_word)), &[]));
        cases.push(Case {
            name,
            full: json!({"kind": "presence", "chat": "ana", "sender": "ana", "sender_phone": ANA,
                "state": state}),
            said: by_all,
        });
    }
    for (name, action, word, labeled, event) in [
        ("28 a label is put on", "put_on", "add", true, "label.chat.added"),
        ("28 a label is taken off", "taken_off", "remove", false, "label.chat.deleted"),
    ] {
        cases.push(Case {
            name,
            full: json!({"kind": "label", "id": "7", "chat": "ana", "action": action}),
            said: vec![
                said(
                    "V",
                    &[],
                    evolution(
                        "labels.association",
                        json!({"type": word,
                    "chatId": pn(ANA), "labelId": "7"}),
                    ),
                ),
                said(
                    "VG",
                    &[],
                    go(
                        "LabelAssociationChat",
                        json!({"JID": pn(ANA), "LabelID": "7",
                    "Action": {"labeled": labeled}}),
                    ),
                ),
                said(
                    "H GOWS",
                    &[],
                    waha(
                        "GOWS",
                        event,
                        json!({"labelId": "7",
                    "chatId": c_us(ANA)}),
                    ),
                ),
            ],
        });
    }
    for (name, action, archived) in
        [("28 a chat is archived", "archived", true), ("28 a chat comes back", "unarchived", false)]
    {
        cases.push(Case {
            name,
            full: json!({"kind": "chat", "chat": "ana", "action": action, "timestamp": AT}),
            said: vec![
                said(
                    "VG",
                    &[],
                    go(
                        "Archive",
                        json!({"JID": pn(ANA), "Timestamp": ISO,
                    "Action": {"archived": archived}}),
                    ),
                ),
                said(
                    "H NOWEB",
                    &[],
                    waha(
                        "NOWEB",
                        "chat.archive",
                        json!({"id": c_us(ANA),
                    "archived": archived, "timestamp": AT}),
                    ),
                ),
            ],
        });
    }
    cases.push(Case {
        name: "28 a template is approved",
        full: json!({"kind": "template", "id": "594", "status": "approved"}),
        said: vec![
            said(
                "Z",
                &[],
                zavu("template.approved", json!({"templateId": "594", "status": "approved"})),
            ),
            said(
                "VC",
                &[],
                json!({"event": "APPROVED", "message_template_id": 594,
                "message_template_name": "aviso"})
                .to_string(),
            ),
        ],
    });
    cases.push(Case {
        name: "28 a template is rejected",
        full: json!({"kind": "template", "id": "594", "status": "rejected",
            "reason": "INVALID_FORMAT"}),
        said: vec![
            said(
                "Z",
                &[],
                zavu(
                    "template.rejected",
                    json!({"templateId": "594",
                "status": "rejected", "reason": "INVALID_FORMAT"}),
                ),
            ),
            said(
                "VC",
                &[],
                json!({"event": "REJECTED", "message_template_id": 594,
                "message_template_name": "aviso", "reason": "INVALID_FORMAT"})
                .to_string(),
            ),
        ],
    });
    cases.push(Case {
        name: "28 Bia calls herself differently",
        full: json!({"kind": "contact", "sender": "bia", "sender_phone": BIA,
            "sender_name": "Beatriz"}),
        said: vec![
            said(
                "V",
                &[],
                evolution(
                    "contacts.update",
                    json!([{"remoteJid": pn(BIA),
                "pushName": "Beatriz"}]),
                ),
            ),
            said(
                "VG",
                &[],
                go(
                    "PushName",
                    json!({"JID": pn(BIA), "OldPushName": "Bia",
                "NewPushName": "Beatriz"}),
                ),
            ),
        ],
    });
    cases
}

fn sessions() -> Vec<Case> {
    let connection = |state: &str, reason: i64| {
        evolution("connection.update", json!({"state": state, "statusReason": reason}))
    };
    let mut cases = vec![Case {
        name: "29 the connection is open",
        full: json!({"kind": "connection", "state": "open"}),
        said: [
            kit(Scenario::Connected, |sample| sample),
            vec![said("W state", &[], eazewa("change_state", json!({"state": "CONNECTED"})))],
        ]
        .concat(),
    }];
    let closed = |reason: &str, logged_out: bool| {
        json!({"kind": "connection", "state": "closed",
        "logged_out": logged_out, "reason": reason})
    };
    let lost = |word: &str| eazewa("disconnected", json!({"reason": word}));
    for (name, full, said) in [
        (
            "29 the account is opened elsewhere",
            closed("replaced", false),
            vec![said("W", &[], lost("CONFLICT")), said("V", &[], connection("close", 440))],
        ),
        (
            "29 the connection is lost",
            closed("connection_lost", false),
            vec![
                said("V", &[], connection("close", 408)),
                said("VG", &[], go("Disconnected", json!({}))),
                said("H NOWEB", &[], waha("NOWEB", "state.change", json!({"connection": "close"}))),
            ],
        ),
        (
            "29 the account is logged out",
            closed("logged_out", true),
            vec![
                said("E", &[], enviaai("instance.disconnected", json!({"reason": "logged_out"}))),
                said("W", &[], lost("LOGOUT")),
                said("W unpaired", &[], eazewa("change_state", json!({"state": "UNPAIRED"}))),
                said("V close", &[], connection("close", 401)),
                said(
                    "V status",
                    &[],
                    evolution(
                        "status.instance",
                        json!({"status": "closed",
                "disconnectionReasonCode": 401}),
                    ),
                ),
                said(
                    "V logout",
                    &[],
                    json!({"event": "logout.instance", "instance": "cantina",
                "data": null})
                    .to_string(),
                ),
                said("VG", &[], go("LoggedOut", json!({"Reason": "device removed"}))),
                said("VG refused", &[], go("ConnectFailure", json!({"Reason": 401}))),
            ],
        ),
        (
            "29 the account is banned",
            closed("banned", false),
            vec![
                said("W", &[], lost("TOS_BLOCK")),
                said("V", &[], connection("close", 403)),
                said(
                    "VG",
                    &[],
                    go("TemporaryBan", json!({"Code": 101, "Expire": 3_600_000_000_000_i64})),
                ),
            ],
        ),
        (
            "29 the session was stopped",
            closed("stopped", false),
            vec![said("H", &[], waha("WEBJS", "session.status", json!({"status": "STOPPED"})))],
        ),
        (
            "30 here is a QR code",
            json!({"kind": "pairing", "state": "qr"}),
            vec![
                said(
                    "E",
                    &[],
                    enviaai(
                        "instance.qr_updated",
                        json!({
                "qrCode": "data:image/png;base64,c2VjcmV0", "expiresAt": ISO}),
                    ),
                ),
                said("W", &[], eazewa("qr", json!({"qr": "2@c2VjcmV0", "base64": "c2VjcmV0"}))),
                said(
                    "V",
                    &[],
                    evolution(
                        "qrcode.updated",
                        json!({"qrcode": {"instance": "cantina",
                "pairingCode": "C2VJCMV0", "code": "2@c2VjcmV0",
                "base64": "data:image/png;base64,c2VjcmV0"}}),
                    ),
                ),
                said(
                    "VG",
                    &[],
                    go(
                        "QRCode",
                        json!({"code": "2@c2VjcmV0",
                "qrcode": "data:image/png;base64,c2VjcmV0", "count": 1, "maxCount": 5}),
                    ),
                ),
                said(
                    "H bare",
                    &[],
                    json!({"instance_id": "cantina", "status": "SCAN_QR_CODE",
                "qr": "data:image/png;base64,c2VjcmV0", "ts": AT})
                    .to_string(),
                ),
                said("H NOWEB", &[], waha("NOWEB", "state.change", json!({"qr": "2@c2VjcmV0"}))),
            ],
        ),
        (
            "30 a QR code is wanted",
            json!({"kind": "pairing", "state": "wanted"}),
            vec![said(
                "H",
                &[],
                waha("WEBJS", "session.status", json!({"status": "SCAN_QR_CODE"})),
            )],
        ),
        (
            "30 there will be no more",
            json!({"kind": "pairing", "state": "gave_up"}),
            vec![
                said(
                    "V",
                    &[],
                    evolution(
                        "qrcode.updated",
                        json!({"statusCode": 500,
                "message": "limit"}),
                    ),
                ),
                said("VG", &[], go("QRTimeout", json!({"reason": "timeout"}))),
            ],
        ),
        (
            "30 the account is linked",
            json!({"kind": "pairing", "state": "linked"}),
            vec![said("VG", &[], go("PairSuccess", json!({"ID": pn(WE), "LID": lid(WE_LID)})))],
        ),
        (
            "30 a name that nobody knows",
            json!({"kind": "other"}),
            kit(Scenario::Unknown, |sample| sample),
        ),
        (
            "30 a message without its essence",
            json!({"kind": "other"}),
            vec![
                said("E", &[], enviaai("message.received", json!({"content": "hi"}))),
                said("W", &[], eazewa("message", json!({"message": {}}))),
                said("V", &[], evolution("messages.upsert", json!({"message": {}}))),
                said("VG", &[], go("Message", json!({"Message": {"conversation": "hi"}}))),
                said("H", &[], waha("WEBJS", "message", json!({"body": "hi"}))),
                said("Z", &[], zavu("message.inbound", json!({"text": "hi"}))),
            ],
        ),
        (
            "30 an empty list",
            Value::Null,
            vec![said("V", &[], evolution("chats.upsert", json!([])))],
        ),
    ] {
        cases.push(Case { name, full, said });
    }
    cases
}
