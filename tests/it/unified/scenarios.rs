//! The scenarios of the kit: equal values from all gateways.

use serde_json::{Value, json};
use zaphook::testing::Scenario;

use super::bodies::{ANA, ANA_LID, AT, GROUP, M2, lid, with};
use super::conformance::assert_says;
use super::form;

/// Who tells a scenario, and what each cannot tell.
type By = &'static [(&'static str, &'static [&'static str])];

const ALL: &[&str] = &["eazewa", "enviaai", "evolution", "evolution_go", "wawp", "zavu"];

/// A message of Ana's.
fn message(more: Value) -> Value {
    let message = json!({"kind": "message", "type": "text", "id": "", "chat": "ana", "sender": "ana",
        "sender_phone": ANA, "sender_name": "Ana Exemplo", "from_me": false, "is_group": false,
        "is_status": false, "timestamp": AT});
    with(message, more)
}

fn act(kind: &str, more: Value) -> Value {
    let act = json!({"kind": kind, "target": M2, "chat": "ana", "sender": "ana",
        "sender_phone": ANA, "from_me": false, "is_group": false, "is_status": false,
        "timestamp": AT});
    with(act, more)
}

fn receipt(status: &str, more: Value) -> Value {
    let receipt = json!({"kind": "receipt", "target": M2, "chat": "ana", "sender": "ana",
        "sender_phone": ANA, "from_me": true, "status": status, "timestamp": AT});
    with(receipt, more)
}

const TO_NOBODY: &[(&str, Value)] = &[("sender", Value::Null), ("sender_phone", Value::Null)];

fn from_us(status: &str, more: Value) -> Value {
    let nobody = TO_NOBODY.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let form = with(receipt(status, json!({"timestamp": null})), Value::Object(nobody.collect()));
    with(form, more)
}

const NO_TIME: &[&str] = &["timestamp"];

/// The whole form, and by whom it is told.
fn told(scenario: Scenario) -> (Value, By) {
    match scenario {
        Scenario::Text => (
            message(json!({"text": "oi"})),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &[]),
            ],
        ),
        Scenario::Caption => (
            message(json!({"type": "image", "text": "O cardápio", "media_mimetype": "image/jpeg",
                "media_bytes": 98_127, "view_once": false})),
            &[
                ("eazewa", &["view_once"]),
                ("enviaai", &["media_bytes", "view_once"]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &["media_bytes", "view_once"]),
                ("zavu", &["media_bytes", "view_once"]),
            ],
        ),
        Scenario::VoiceNote => (
            message(json!({"type": "voice_note", "media_mimetype": "audio/ogg; codecs=opus",
                "media_bytes": 4021, "seconds": 12, "voice_note": true, "view_once": false})),
            &[
                ("eazewa", &["view_once"]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &["media_bytes", "view_once"]),
            ],
        ),
        Scenario::Document => (
            message(json!({"type": "document", "text": "Preços", "file_name": "tabela.pdf",
                "media_mimetype": "application/pdf", "media_bytes": 70_211, "view_once": false})),
            &[
                ("eazewa", &["view_once"]),
                ("enviaai", &["media_bytes", "view_once"]),
                ("evolution", &["view_once"]),
                ("evolution_go", &[]),
                ("wawp", &["media_bytes", "view_once"]),
                ("zavu", &["media_bytes", "view_once"]),
            ],
        ),
        Scenario::Reply => (
            message(json!({"text": "sim", "reply_to": M2, "quoted_sender": "we",
                "quoted_text": "há mesas?"})),
            &[
                ("eazewa", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &[]),
            ],
        ),
        Scenario::Reaction | Scenario::ReactionRemoved => (
            match scenario {
                Scenario::Reaction => {
                    act("reaction", json!({"id": "", "action": "set", "text": "👍"}))
                }
                _ => act("reaction", json!({"id": "", "action": "removed"})),
            },
            &[
                ("eazewa", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &[]),
            ],
        ),
        Scenario::Edit => (
            act("edit", json!({"id": "", "text": "sábado"})),
            &[("eazewa", &["id"]), ("evolution", &[]), ("evolution_go", &[]), ("wawp", &[])],
        ),
        Scenario::Deletion => (
            act("delete", json!({"action": "for_everyone"})),
            &[("eazewa", NO_TIME), ("evolution", NO_TIME), ("evolution_go", &[]), ("wawp", &[])],
        ),
        Scenario::Poll => (
            message(json!({"type": "poll", "text": "Que dia?"})),
            &[("eazewa", &[]), ("evolution", &[]), ("evolution_go", &[]), ("wawp", &[])],
        ),
        Scenario::Vote => (
            act("poll_vote", json!({"id": "", "selected": ["Sábado"]})),
            &[("eazewa", &["id"]), ("evolution", &[]), ("wawp", &[])],
        ),
        Scenario::Button => (
            message(json!({"type": "button_reply", "text": "Confirmar", "choice_id": "ok"})),
            &[("eazewa", &[]), ("evolution", &[]), ("evolution_go", &[]), ("wawp", &[])],
        ),
        Scenario::Group => (
            message(json!({"text": "oi, turma", "chat": "group", "is_group": true})),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &[]),
            ],
        ),
        Scenario::GroupByLid => (
            message(json!({"text": "oi, turma", "chat": "group", "is_group": true,
                "sender_lid": lid(ANA_LID)})),
            &[
                ("eazewa", &["sender_phone"]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
            ],
        ),
        Scenario::StatusPost => (
            message(json!({"text": "Bom dia!", "chat": "status@broadcast", "is_status": true})),
            &[
                ("eazewa", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &["id", "chat", "sender_name"]),
            ],
        ),
        Scenario::Own => (
            json!({"kind": "message", "type": "text", "id": "", "chat": "ana", "from_me": true,
                "is_group": false, "is_status": false, "text": "temos sim", "timestamp": AT}),
            &[("eazewa", &[]), ("evolution", &[]), ("evolution_go", &[]), ("wawp", &[])],
        ),
        Scenario::Sent => (
            from_us("sent", json!({"text": "temos sim"})),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &["text"]),
                ("wawp", &["text"]),
                ("zavu", &["text"]),
            ],
        ),
        Scenario::Delivered | Scenario::Read => (
            receipt(scenario.as_str(), json!({"text": "temos sim"})),
            &[
                ("eazewa", NO_TIME),
                ("enviaai", &["text"]),
                ("evolution", &["text", "timestamp"]),
                ("evolution_go", &["text"]),
                ("wawp", &["text", "timestamp"]),
                ("zavu", &["text", "timestamp"]),
            ],
        ),
        Scenario::Played => (
            receipt("played", json!({})),
            &[
                ("eazewa", NO_TIME),
                ("evolution", NO_TIME),
                ("evolution_go", &[]),
                ("wawp", NO_TIME),
            ],
        ),
        // Why is in the gateway's own words.
        Scenario::Failed => (
            from_us("failed", json!({"text": "temos sim"})),
            &[
                ("eazewa", &[]),
                ("enviaai", &["text"]),
                ("evolution", &["text"]),
                ("wawp", &["text"]),
                ("zavu", &["text"]),
            ],
        ),
        Scenario::Call => (
            json!({"kind": "call", "id": "", "chat": "ana", "sender": "ana", "sender_phone": ANA,
                "from_me": false, "state": "ringing", "timestamp": AT}),
            &[
                ("eazewa", &[]),
                ("evolution", &["from_me"]),
                ("evolution_go", &["from_me"]),
                ("wawp", &["from_me"]),
                ("zavu", NO_TIME),
            ],
        ),
        Scenario::Connected => (
            json!({"kind": "connection", "state": "open"}),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
            ],
        ),
        Scenario::QrCode => (
            json!({"kind": "pairing", "state": "qr"}),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
            ],
        ),
        Scenario::LoggedOut => (
            json!({"kind": "connection", "state": "closed", "logged_out": true,
                "reason": "logged_out"}),
            &[("eazewa", &[]), ("enviaai", &[]), ("evolution", &[]), ("evolution_go", &[])],
        ),
        Scenario::Unknown | Scenario::Broken => (
            json!({"kind": "other"}),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &[]),
            ],
        ),
        Scenario::CutEmoji => (
            message(json!({"text": "Até logo \u{fffd}"})),
            &[
                ("eazewa", &[]),
                ("enviaai", &[]),
                ("evolution", &[]),
                ("evolution_go", &[]),
                ("wawp", &[]),
                ("zavu", &[]),
            ],
        ),
        other => panic!("{other} is not in this table"),
    }
}

#[test]
fn every_gateway_that_can_tell_a_scenario_tells_the_same() {
    let mut seen = std::collections::BTreeSet::new();
    for &scenario in Scenario::ALL {
        let (full, by) = told(scenario);
        let samples = scenario.samples();
        let senders: Vec<&str> = samples.iter().map(|sample| sample.sender()).collect();
        let expected: Vec<&str> = by.iter().map(|(sender, _)| *sender).collect();
        assert_eq!(senders, expected, "{scenario}");
        let mut ids = std::collections::BTreeSet::new();
        for (sample, (sender, without)) in samples.into_iter().zip(by) {
            seen.insert(*sender);
            let mut found = form(&sample.delivery());
            let members = found.as_object_mut().unwrap();
            // One id everywhere, whichever it is.
            if let Some(id) = members.get_mut("id") {
                ids.insert(std::mem::replace(id, json!("")).as_str().unwrap().to_owned());
            }
            if scenario == Scenario::Failed {
                let told = ["error_code", "error_text"].map(|name| members.remove(name).is_some());
                let is_told = ["enviaai", "zavu"].contains(sender);
                assert_eq!(told, [is_told; 2], "{sender}");
            }
            assert_says(&format!("{scenario} by {sender}"), &found, &full, without);
        }
        assert!(ids.len() <= 1, "{scenario}: {ids:?}");
    }
    assert_eq!(Vec::from_iter(seen), ALL);
}

/// Each setter means the same at every gateway.
#[test]
fn a_setter_sets_the_same_at_every_gateway() {
    let at = chrono::DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    for scenario in [Scenario::Text, Scenario::Caption, Scenario::Reply, Scenario::Document] {
        let (full, by) = told(scenario);
        for (sample, (sender, without)) in scenario.samples().into_iter().zip(by) {
            let sample = sample.id("3A77").from("+5511999990009").name("Rui").text("olá").at(at);
            let sample = sample.instance("mine");
            let sample = if scenario == Scenario::Reply { sample.target("3EB077") } else { sample };
            let delivery = sample.delivery();
            assert_eq!(delivery.account().unwrap(), "mine", "{sender}");
            let mut found = form(&delivery);
            assert!(found["chat"].as_str().unwrap().contains("5511999990009"), "{sender}");
            assert!(found["sender"].as_str().unwrap().contains("5511999990009"), "{sender}");
            found["chat"] = json!(ANA);
            found["sender"] = json!(ANA);
            let expected = json!({"id": "3A77", "sender_phone": "5511999990009",
                "sender_name": "Rui", "text": "olá", "timestamp": at.timestamp()});
            let full = with(full.clone(), expected);
            let full = match scenario {
                Scenario::Reply => with(full, json!({"reply_to": "3EB077"})),
                _ => full,
            };
            assert_says(&format!("{scenario} by {sender}"), &found, &full, without);
        }
    }
}

/// A private message is one in a group when its chat is one, and the other way round.
#[test]
fn the_chat_decides_whether_it_is_a_group() {
    for (scenario, chat) in [(Scenario::Text, GROUP), (Scenario::Group, ANA)] {
        for sample in scenario.samples() {
            let sender = sample.sender();
            let found = form(&sample.chat(chat).from(ANA).delivery());
            assert_eq!(found["is_group"], chat == GROUP, "{sender}");
            assert_eq!(found["sender_phone"], ANA, "{sender}");
            let user = chat.split('@').next().unwrap();
            assert!(found["chat"].as_str().unwrap().contains(user), "{sender}: {found}");
        }
    }
    for sample in Scenario::Read.samples() {
        let (sender, bia) = (sample.sender(), "5511999990002");
        let found = form(&sample.from(bia).target("3EB077").delivery());
        assert_eq!(
            (&found["sender_phone"], &found["target"]),
            (&json!(bia), &json!("3EB077")),
            "{sender}"
        );
    }
}
