//! What one vocabulary costs, against a `match` on the typed event.
//!
//! ```text
//! cargo bench --bench unified
//! ```
//!
//! Per gateway, of a delivery that is received already:
//!
//! * `view`: making the view, and asking text, sender, phone number and kind, as one
//!   handler for all gateways does;
//! * `match`: the same of the typed event, as a handler for this one gateway does.
//!
//! The typed event has no kind in common words: there it is the gateway's own.

use std::hint::black_box;

use criterion::Criterion;
use zaphook::unified::Happening;
use zaphook::{AnyDelivery, eazewa, enviaai, evolution, wawp, zavu};

const TEXTS: &[(&str, &str, &str)] = &[
    (
        "enviaai",
        "enviaai",
        r#"{"event":"message.received","timestamp":"2026-02-10T14:23:45Z","data":{"messageId":"msg_1","instanceId":"inst_1","chatId":"chat_1","from":"5511999990001","type":"text","content":"Bom dia","timestamp":"2026-02-10T14:23:44Z","contactName":"Ana Exemplo","isGroup":false}}"#,
    ),
    (
        "eazewa",
        "eazewa",
        r#"{"event":"message","instanceId":"33","data":{"message":{"_data":{"notifyName":"Ana Exemplo","t":1770733424},"id":"false_120363000000000001@g.us_3A00112233445566778A_5511999990001@c.us","fromMe":false,"type":"chat","from":"120363000000000001@g.us","author":"5511999990001@c.us","to":"5511888880001@c.us","timestamp":1770733424,"body":"Bom dia"}}}"#,
    ),
    (
        "evolution",
        "evolution",
        r#"{"event":"messages.upsert","instance":"cantina","sender":"5511888880001@s.whatsapp.net","data":{"key":{"remoteJid":"100000000000001@lid","remoteJidAlt":"5511999990001@s.whatsapp.net","fromMe":false,"id":"3A00112233445566778B"},"pushName":"Ana Exemplo","message":{"conversation":"Bom dia"},"messageTimestamp":1770733424}}"#,
    ),
    (
        "evolution_go",
        "evolution",
        r#"{"event":"Message","data":{"Info":{"Chat":"5511999990001@s.whatsapp.net","Sender":"100000000000001:12@lid","SenderAlt":"5511999990001@s.whatsapp.net","IsFromMe":false,"ID":"3A00112233445566778C","PushName":"Ana Exemplo","Timestamp":"2026-02-10T14:23:44Z"},"Message":{"conversation":"Bom dia"}},"instanceToken":"exemplo","instanceId":"i-1","instanceName":"cantina"}"#,
    ),
    (
        "wawp",
        "wawp",
        r#"{"id":"evt_1","timestamp":1770733424000,"event":"message","session":"cantina","engine":"GOWS","payload":{"id":"false_100000000000001@lid_3A00112233445566778D","from":"100000000000001@lid","fromMe":false,"timestamp":1770733424,"body":"Bom dia","_data":{"Info":{"SenderAlt":"5511999990001@s.whatsapp.net"},"Message":{"conversation":"Bom dia"}}}}"#,
    ),
    (
        "zavu",
        "zavu",
        r#"{"id":"evt_1","type":"message.inbound","timestamp":1770733424000,"senderId":"sender_1","data":{"messageId":"jd7f3k2m","from":"+5511999990001","to":"+5511888880001","channel":"whatsapp","messageType":"text","text":"Bom dia","profileName":"Ana Exemplo"}}"#,
    ),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for (name, gateway, body) in TEXTS {
        let Ok(delivery) = AnyDelivery::parse_trusted(gateway, *body) else {
            panic!("{name} cannot be read");
        };
        let mut group = criterion.benchmark_group(*name);
        group.bench_function("view", |bench| bench.iter(|| by_view(black_box(&delivery))));
        group.bench_function("match", |bench| bench.iter(|| by_match(black_box(&delivery))));
        group.finish();
    }
    criterion.final_summary();
}

fn by_view(delivery: &AnyDelivery) {
    for happening in delivery.unified().happenings() {
        if let Happening::Message(message) = &happening {
            let sender = message.sender();
            black_box((message.text(), message.kind(), sender.map(|sender| sender.as_sent())));
            black_box(sender.and_then(|sender| sender.phone()));
        }
    }
}

fn by_match(delivery: &AnyDelivery) {
    match delivery {
        AnyDelivery::EnviaAi(delivery) => {
            let enviaai::Event::MessageReceived(message) = delivery.event() else { return };
            black_box((&message.content, &message.message_type, &message.from));
            black_box(message.from.phone());
        }
        AnyDelivery::EazeWa(delivery) => {
            let eazewa::Event::Message(new) = delivery.event() else { return };
            let sender = new.message.sender();
            black_box((&new.message.body, &new.message.message_type, sender));
            black_box(sender.and_then(|sender| sender.phone()));
        }
        AnyDelivery::Evolution(delivery) => match delivery.event() {
            evolution::Event::MessagesUpsert(messages) => {
                for message in messages {
                    let Some(content) = message.content() else { continue };
                    black_box((content.text(), content.kind(), message.key.sender()));
                    black_box(message.key.sender_phone());
                }
            }
            evolution::Event::Go(go) => {
                let event: &evolution::go::Event = zaphook::event::Envelope::event(&**go);
                let evolution::go::Event::Message(message) = event else { return };
                let content = message.message.as_ref().and_then(|content| content.content().ok());
                let content = content.as_ref().map(|content| content.unwrapped());
                black_box(content.as_ref().map(|content| (content.text(), content.kind())));
                black_box((&message.info.sender, &message.info.sender_alt));
            }
            _ => {}
        },
        AnyDelivery::Wawp(delivery) => {
            let wawp::Event::Message(message) = delivery.event() else { return };
            black_box((&message.body, &message.media, message.sender()));
            black_box(message.sender_phone());
        }
        AnyDelivery::Zavu(delivery) => {
            let zavu::Event::MessageInbound(message) = delivery.event() else { return };
            black_box((&message.text, &message.message_type, &message.from));
            black_box(message.from.strip_prefix('+'));
        }
        _ => {}
    }
}
