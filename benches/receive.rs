//! How fast a delivery is received, against what nobody can do without and
//! against what people write by hand.
//!
//! ```text
//! cargo bench --bench receive            # criterion's figures, then the ratios
//! cargo bench --bench receive -- ratios  # the ratios alone
//! ```
//!
//! Per delivery:
//!
//! * `floor`: the proof's arithmetic over what it covers (the body, or a JWT)
//!   with a prepared key, and a skipping scan of the body (`serde_json`'s
//!   `IgnoredAny`);
//! * `receive`: the whole receiver, from request to typed delivery;
//! * `mac` and `verify`: the arithmetic alone, and the whole proof;
//! * `parse`: the typed envelope from a trusted body;
//! * `value`: `serde_json::Value` from it;
//! * `exact`: a struct written by hand for just this event, owning its texts.
//!
//! The ratios are taken in turns within one run, since a machine's speed
//! drifts between runs.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use sha2::{Sha256, Sha512};
use zaphook::{EnviaAi, Evolution, Gateway, Receiver, Request, Secret, Wawp};

type Work<'a> = Box<dyn Fn() + 'a>;
type Sign = Box<dyn Fn(&[u8]) -> String>;

/// One delivery and the work to be measured on it.
struct Case<'a> {
    name: String,
    work: Vec<(&'static str, Work<'a>)>,
}

fn main() {
    let secret = Secret::new("whs_5d1f0cc3a92b4e77").expect("a secret");
    let enviaai = Signed {
        receiver: Receiver::new(EnviaAi::signed(secret.clone())),
        header: EnviaAi::SIGNATURE_HEADER.to_string(),
        sign: Box::new(move |body| EnviaAi::sign(&secret, body)),
        key: Hmac::<Sha256>::new_from_slice(b"whs_5d1f0cc3a92b4e77").expect("any length"),
        covers: Covers::Body,
    };
    let secret = Secret::new("whs_5d1f0cc3a92b4e77").expect("a secret");
    let evolution = Signed {
        receiver: Receiver::new(Evolution::jwt(secret.clone())),
        header: "authorization".to_owned(),
        sign: Box::new(move |_| Evolution::sign(&secret, chrono::Utc::now().timestamp())),
        key: Hmac::<Sha256>::new_from_slice(b"whs_5d1f0cc3a92b4e77").expect("any length"),
        covers: Covers::Token,
    };
    let secret = Secret::new("waha_5d1f0cc3a92b4e77").expect("a secret");
    let wawp = Signed {
        receiver: Receiver::new(Wawp::signed(secret.clone())),
        header: Wawp::SIGNATURE_HEADER.to_string(),
        sign: Box::new(move |body| Wawp::sign(&secret, body)),
        key: Hmac::<Sha512>::new_from_slice(b"waha_5d1f0cc3a92b4e77").expect("any length"),
        covers: Covers::Body,
    };
    let deliveries = [
        enviaai.delivery("enviaai/text_0.3k", enviaai_text(60)),
        enviaai.delivery("enviaai/text_1k", enviaai_text(750)),
        enviaai.delivery("enviaai/receipt", enviaai_receipt()),
        evolution.delivery("evolution/text", evolution_text()),
        evolution.delivery("evolution/receipt", evolution_receipt()),
        wawp.delivery("wawp/text_dump_2k", wawp_text(0)),
        wawp.delivery("wawp/image_dump_20k", wawp_text(18_000)),
        wawp.delivery("wawp/receipt", wawp_receipt()),
    ];
    let cases = [
        enviaai.case::<enviaai_exact::Received>(&deliveries[0]),
        enviaai.case::<enviaai_exact::Received>(&deliveries[1]),
        enviaai.case::<enviaai_exact::Delivered>(&deliveries[2]),
        evolution.case::<evolution_exact::Upsert>(&deliveries[3]),
        evolution.case::<evolution_exact::Update>(&deliveries[4]),
        wawp.case::<wawp_exact::Received>(&deliveries[5]),
        wawp.case::<wawp_exact::Received>(&deliveries[6]),
        wawp.case::<wawp_exact::Receipt>(&deliveries[7]),
    ];

    let arguments: Vec<String> = std::env::args().collect();
    if !arguments.iter().any(|argument| argument == "ratios") {
        let mut criterion = Criterion::default().configure_from_args();
        for case in &cases {
            let mut group = criterion.benchmark_group(&case.name);
            for (name, work) in &case.work {
                group.bench_function(*name, |bencher| bencher.iter(work));
            }
            group.finish();
        }
        criterion.final_summary();
    }
    // Not when `cargo test` only looks whether the benches run.
    if arguments.iter().any(|argument| argument == "--bench") {
        ratios(&cases);
    }
}

/// A receiver whose deliveries prove themselves by an HMAC in one header.
struct Signed<G: Gateway, M> {
    receiver: Receiver<G>,
    header: String,
    sign: Sign,
    key: M,
    covers: Covers,
}

/// What the HMAC covers.
enum Covers {
    Body,
    /// The first two parts of the JWT in the header.
    Token,
}

struct SignedDelivery {
    name: &'static str,
    headers: http::HeaderMap,
    body: bytes::Bytes,
    signed: bytes::Bytes,
}

impl<G: Gateway, M: Mac + Clone> Signed<G, M> {
    fn delivery(&self, name: &'static str, body: String) -> SignedDelivery {
        let mut headers = http::HeaderMap::new();
        // What else comes along.
        for (name, value) in [
            ("host", "hooks.example.org"),
            ("content-type", "application/json"),
            ("content-length", "1024"),
            ("accept", "*/*"),
            ("user-agent", "node"),
        ] {
            headers.insert(name, value.parse().expect("a value"));
        }
        let name_of_header: http::HeaderName = self.header.parse().expect("a name");
        let value = (self.sign)(body.as_bytes());
        headers.insert(name_of_header, value.parse().expect("a value"));
        let signed = match self.covers {
            Covers::Body => body.clone().into(),
            Covers::Token => {
                let token = value.strip_prefix("Bearer ").expect("a token");
                let (signed, _) = token.rsplit_once('.').expect("a tag");
                bytes::Bytes::copy_from_slice(signed.as_bytes())
            }
        };
        SignedDelivery { name, headers, body: body.into(), signed }
    }

    fn case<'a, Exact: DeserializeOwned + 'a>(&'a self, delivery: &'a SignedDelivery) -> Case<'a> {
        let body = &delivery.body;
        // Frameworks hand over the bytes they own.
        let request = move || Request::new(&delivery.headers, body.clone());
        let ready = request();
        assert!(self.receiver.receive(&request()).is_ok());
        let _: Exact = serde_json::from_slice(body).expect("the exact struct fits");

        let mac = move || self.key.clone().chain_update(&delivery.signed).finalize().into_bytes();
        Case {
            name: format!("{}_{}_bytes", delivery.name, body.len()),
            work: vec![
                (
                    "floor",
                    Box::new(move || {
                        black_box(mac());
                        black_box(serde_json::from_slice::<IgnoredAny>(black_box(body)).is_ok());
                    }),
                ),
                (
                    "receive",
                    Box::new(move || {
                        black_box(self.receiver.receive(black_box(&request())).is_ok());
                    }),
                ),
                (
                    "mac",
                    Box::new(move || {
                        black_box(mac());
                    }),
                ),
                (
                    "verify",
                    Box::new(move || {
                        black_box(self.receiver.authenticate(black_box(&ready)).is_ok());
                    }),
                ),
                (
                    "parse",
                    Box::new(move || {
                        black_box(
                            zaphook::event::parse_trusted::<G::Envelope>(black_box(body)).is_ok(),
                        );
                    }),
                ),
                (
                    "value",
                    Box::new(move || {
                        black_box(serde_json::from_slice::<Value>(black_box(body)).is_ok());
                    }),
                ),
                (
                    "exact",
                    Box::new(move || {
                        black_box(serde_json::from_slice::<Exact>(black_box(body)).is_ok());
                    }),
                ),
            ],
        }
    }
}

/// Measures all work of a case in turns, and prints the ratios.
fn ratios(cases: &[Case<'_>]) {
    const ROUNDS: usize = 400;
    const SLICE: Duration = Duration::from_micros(400);

    println!("\nratios of medians, {ROUNDS} rounds in turns");
    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>9}   nanoseconds",
        "", "receive", "verify", "parse", "parse"
    );
    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>9}   floor receive mac verify parse value exact",
        "", "/ floor", "/ mac", "/ value", "/ exact"
    );
    for case in cases {
        let batches: Vec<u32> = case
            .work
            .iter()
            .map(|(_, work)| {
                let started = Instant::now();
                (0..1000).for_each(|_| work());
                let once = started.elapsed() / 1000;
                u32::try_from(SLICE.as_nanos() / once.as_nanos().max(1)).unwrap_or(1).max(1)
            })
            .collect();
        let mut times = vec![Vec::with_capacity(ROUNDS); case.work.len()];
        for _ in 0..ROUNDS {
            for (index, (_, work)) in case.work.iter().enumerate() {
                let started = Instant::now();
                (0..batches[index]).for_each(|_| work());
                times[index]
                    .push(started.elapsed().as_secs_f64() * 1e9 / f64::from(batches[index]));
            }
        }
        let median = |name: &str| {
            let index = case.work.iter().position(|(work, _)| *work == name).expect("measured");
            let mut times = times[index].clone();
            times.sort_by(f64::total_cmp);
            times[ROUNDS / 2]
        };
        println!(
            "{:<34} {:>9.2} {:>9.2} {:>9.2} {:>9.2}   {}",
            case.name,
            median("receive") / median("floor"),
            median("verify") / median("mac"),
            median("parse") / median("value"),
            median("parse") / median("exact"),
            case.work
                .iter()
                .map(|(name, _)| format!("{:.0}", median(name)))
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
}

/// A received text of so many letters.
fn enviaai_text(letters: usize) -> String {
    let text: String =
        "Bom dia! Ainda tem mesa para hoje? ".chars().cycle().take(letters).collect();
    format!(
        r#"{{"event":"message.received","timestamp":"2026-02-10T14:23:45.678Z","data":{{"messageId":"msg_8f2c41","instanceId":"inst_4b7d","chatId":"chat_19aa","from":"5511999990001","type":"text","content":"{text}","timestamp":"2026-02-10T14:23:45.000Z","contactName":"Ana","isGroup":false}}}}"#
    )
}

fn enviaai_receipt() -> String {
    r#"{"event":"message.delivered","timestamp":"2026-02-10T14:24:03.250Z","data":{"messageId":"msg_9d0a77","instanceId":"inst_4b7d","chatId":"chat_19aa","to":"5511999990001","status":"delivered","deliveredAt":"2026-02-10T14:24:03.100Z"}}"#.to_owned()
}

/// A received text, as 2.3.7 sends it.
fn evolution_text() -> String {
    r#"{"event":"messages.upsert","instance":"cantina","data":{"key":{"remoteJid":"5511999990001@s.whatsapp.net","remoteJidAlt":"5511999990001@s.whatsapp.net","fromMe":false,"id":"3A0FDE00112233445566","participant":"","addressingMode":"lid"},"pushName":"Ana Exemplo","status":"DELIVERY_ACK","message":{"conversation":"Bom dia! Ainda tem mesa para hoje?","messageContextInfo":{"deviceListMetadataVersion":2}},"messageType":"conversation","messageTimestamp":1770733425,"instanceId":"6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11","source":"ios"},"destination":"https://hooks.example.org/evolution","date_time":"2026-02-10T11:23:45.678Z","sender":"5511888880001@s.whatsapp.net","server_url":"https://evolution.example.org","apikey":"429683C4C977415CAAFCCE10F7D57E11"}"#.to_owned()
}

fn evolution_receipt() -> String {
    r#"{"event":"messages.update","instance":"cantina","data":{"keyId":"3A0FDE00112233445566","remoteJid":"100000000000001@lid","fromMe":true,"status":"READ","instanceId":"6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11","messageId":"cm8z1x2y30001abcd1234efgh"},"destination":"https://hooks.example.org/evolution","date_time":"2026-02-10T11:23:45.678Z","sender":"5511888880001@s.whatsapp.net","server_url":"https://evolution.example.org","apikey":"429683C4C977415CAAFCCE10F7D57E11"}"#.to_owned()
}

/// What somebody with two events to read would write, field by field, texts
/// as texts.
#[allow(dead_code, reason = "filled to be measured")]
mod evolution_exact {
    use super::Deserialize;

    #[derive(Deserialize)]
    pub(super) struct Upsert {
        event: String,
        instance: String,
        data: Message,
        destination: String,
        date_time: String,
        sender: Option<String>,
        server_url: String,
        apikey: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Message {
        key: Key,
        push_name: Option<String>,
        status: Option<String>,
        message: Content,
        message_type: String,
        message_timestamp: i64,
        instance_id: String,
        source: String,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Key {
        remote_jid: String,
        remote_jid_alt: Option<String>,
        from_me: bool,
        id: String,
        participant: Option<String>,
        addressing_mode: Option<String>,
    }

    #[derive(Deserialize)]
    struct Content {
        conversation: Option<String>,
    }

    #[derive(Deserialize)]
    pub(super) struct Update {
        event: String,
        instance: String,
        data: Receipt,
        destination: String,
        date_time: String,
        sender: Option<String>,
        server_url: String,
        apikey: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Receipt {
        key_id: String,
        remote_jid: String,
        from_me: bool,
        status: String,
        instance_id: String,
        message_id: Option<String>,
    }
}

/// What somebody with two events to read would write, field by field, texts
/// as texts.
#[allow(dead_code, reason = "filled to be measured")]
mod enviaai_exact {
    use super::Deserialize;

    #[derive(Deserialize)]
    pub(super) struct Received {
        event: String,
        timestamp: String,
        data: ReceivedData,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ReceivedData {
        message_id: String,
        instance_id: String,
        chat_id: Option<String>,
        from: String,
        r#type: String,
        content: Option<String>,
        timestamp: Option<String>,
        contact_name: Option<String>,
        is_group: Option<bool>,
    }

    #[derive(Deserialize)]
    pub(super) struct Delivered {
        event: String,
        timestamp: String,
        data: DeliveredData,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct DeliveredData {
        message_id: String,
        instance_id: String,
        chat_id: Option<String>,
        to: String,
        status: String,
        delivered_at: String,
    }
}

/// A text with NOWEB's dump of it, and so many bytes of thumbnail in the dump.
fn wawp_text(thumbnail: usize) -> String {
    let thumbnail: String = "/9j/4AAQSkZJRgABAQAAAQABAAD".chars().cycle().take(thumbnail).collect();
    format!(
        r#"{{"id":"evt_01jmz3k8q2v7x9w4t6r5000001","timestamp":1770733425678,"event":"message","session":"default","metadata":{{"user.id":"7"}},"me":{{"id":"5511888880001@c.us","pushName":"Cantina Exemplo","lid":"100000000000009@lid"}},"payload":{{"id":"false_5511999990001@c.us_3A00112233445566778A","timestamp":1770733424,"from":"5511999990001@c.us","fromMe":false,"source":"app","body":"Bom dia! Ainda tem mesa para hoje?","hasMedia":false,"media":null,"ack":2,"ackName":"DEVICE","location":null,"vCards":null,"replyTo":null,"_data":{{"key":{{"remoteJid":"5511999990001@s.whatsapp.net","remoteJidAlt":"100000000000001@lid","fromMe":false,"id":"3A00112233445566778A","participant":"","addressingMode":"pn"}},"messageTimestamp":"1770733424","pushName":"Ana Exemplo","broadcast":false,"status":3,"message":{{"extendedTextMessage":{{"text":"Bom dia! Ainda tem mesa para hoje?","previewType":"NONE","contextInfo":{{"mentionedJid":[],"expiration":0,"ephemeralSettingTimestamp":"1770700000","disappearingMode":{{"initiator":"CHANGED_IN_CHAT","trigger":"ACCOUNT_SETTING"}}}},"inviteLinkGroupTypeV2":"DEFAULT","jpegThumbnail":"{thumbnail}"}},"messageContextInfo":{{"deviceListMetadata":{{"senderKeyHash":"4tFpKQ2tT8m0vQ==","senderTimestamp":"1770000000","recipientKeyHash":"Zk0m9bR2xg0rTA==","recipientTimestamp":"1770100000"}},"deviceListMetadataVersion":2,"messageSecret":"8m2Yp0cJm7m8Yw3rE8h0Zc1Yl1l2Tq9k9p8r4p0bQ7E="}}}}}}}},"engine":"NOWEB","environment":{{"version":"2026.8.1","engine":"NOWEB","tier":"PLUS","browser":null,"platform":"linux/x64","worker":{{"id":null}}}}}}"#
    )
}

fn wawp_receipt() -> String {
    r#"{"id":"evt_01jmz3k8q2v7x9w4t6r5000002","timestamp":1770733425678,"event":"message.ack","session":"default","metadata":{},"me":{"id":"5511888880001@c.us","pushName":"Cantina Exemplo"},"payload":{"id":"true_5511999990001@c.us_3EB0C0DE00112233AABB","from":"5511999990001@c.us","to":null,"participant":null,"fromMe":true,"ack":3,"ackName":"READ"},"engine":"NOWEB","environment":{"version":"2026.8.1","engine":"NOWEB","tier":"PLUS","browser":null,"platform":"linux/x64"}}"#.to_owned()
}

/// As for EnviaAI; the dump is left behind.
#[allow(dead_code, reason = "filled to be measured")]
mod wawp_exact {
    use super::Deserialize;

    #[derive(Deserialize)]
    pub(super) struct Received {
        id: String,
        timestamp: i64,
        event: String,
        session: String,
        engine: String,
        payload: Message,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Message {
        id: String,
        timestamp: i64,
        from: String,
        from_me: bool,
        source: Option<String>,
        body: Option<String>,
        has_media: bool,
        ack: Option<i64>,
        ack_name: Option<String>,
    }

    #[derive(Deserialize)]
    pub(super) struct Receipt {
        id: String,
        timestamp: i64,
        event: String,
        session: String,
        engine: String,
        payload: Ack,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Ack {
        id: String,
        from: String,
        from_me: bool,
        ack: Option<i64>,
        ack_name: Option<String>,
    }
}
