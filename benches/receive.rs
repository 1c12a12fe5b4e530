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
//! * `floor`: the proof's arithmetic with a prepared key, over the body or over
//!   the token presented, and a skipping scan of the body (`serde_json`'s
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
use sha2::{Digest, Sha256, Sha512};
use zaphook::auth::{AccountTokens, TokenPlace};
use zaphook::{EazeWa, EnviaAi, Evolution, Gateway, Head, Receiver, Secret, Token, Wawp, Zavu};

#[path = "evolution/devices.rs"]
mod devices;

use devices::DEVICES;

type Work<'a> = Box<dyn Fn() + 'a>;
type Sign = Box<dyn Fn(&[u8]) -> (String, String)>;
type Arithmetic = Box<dyn Fn(&[u8])>;

/// One delivery and the work to be measured on it.
struct Case<'a> {
    name: String,
    work: Vec<(&'static str, Work<'a>)>,
}

fn main() {
    let secret = Secret::new("whs_5d1f0cc3a92b4e77").expect("a secret");
    let enviaai = Proven {
        receiver: Receiver::new(EnviaAi::signed(secret.clone())),
        uri: "/enviaai",
        sign: Box::new(move |body| {
            (EnviaAi::SIGNATURE_HEADER.to_string(), EnviaAi::sign(&secret, body))
        }),
        mac: hmac(Hmac::<Sha256>::new_from_slice(b"whs_5d1f0cc3a92b4e77").expect("any length")),
    };
    let secret = Secret::new("waha_5d1f0cc3a92b4e77").expect("a secret");
    let wawp = Proven {
        receiver: Receiver::new(Wawp::signed(secret.clone())),
        uri: "/wawp",
        sign: Box::new(move |body| (Wawp::SIGNATURE_HEADER.to_string(), Wawp::sign(&secret, body))),
        mac: hmac(Hmac::<Sha512>::new_from_slice(b"waha_5d1f0cc3a92b4e77").expect("any length")),
    };
    let secret = Secret::new("whsec_5d1f0cc3a92b4e77").expect("a secret");
    let now = chrono::Utc::now();
    let key = Hmac::<Sha256>::new_from_slice(b"whsec_5d1f0cc3a92b4e77").expect("any length");
    let zavu = Proven {
        // A run takes longer than a signature lasts.
        receiver: Receiver::new(Zavu::by(
            zaphook::zavu::Signature::new(secret.clone()).max_age(Duration::MAX),
        )),
        uri: "/zavu",
        sign: Box::new(move |body| {
            (Zavu::SIGNATURE_HEADER.to_string(), Zavu::sign(&secret, now, body))
        }),
        mac: Box::new(move |body| {
            let key = key.clone().chain_update(format!("{}.", now.timestamp()));
            black_box(key.chain_update(body).finalize().into_bytes());
        }),
    };
    let token = Token::new(TOKEN).expect("long enough");
    let tokens = AccountTokens::new([("33", token)]).expect("an account");
    let eazewa = Proven {
        receiver: Receiver::new(EazeWa::per_instance(TokenPlace::query("token"), tokens)),
        uri: "/eazewa?token=9f2c51b7-5a0e-4d8e",
        sign: Box::new(|_| ("x-forwarded-proto".into(), "https".into())),
        mac: Box::new(|_| {
            black_box(Sha256::digest(black_box(TOKEN)));
        }),
    };
    let secret = Secret::new("whs_5d1f0cc3a92b4e77").expect("a secret");
    let authorization = Evolution::sign(&secret, now.timestamp());
    let key = Hmac::<Sha256>::new_from_slice(b"whs_5d1f0cc3a92b4e77").expect("any length");
    let token = authorization.strip_prefix("Bearer ").expect("a token");
    let (signed, _) = token.rsplit_once('.').expect("a tag");
    let signed = signed.to_owned();
    let evolution = Proven {
        receiver: Receiver::new(Evolution::jwt(secret)),
        uri: "/evolution",
        sign: Box::new(move |_| ("authorization".into(), authorization.clone())),
        mac: Box::new(move |_| {
            black_box(key.clone().chain_update(&signed).finalize().into_bytes());
        }),
    };
    let deliveries = [
        enviaai.delivery("enviaai/text_0.3k", enviaai_text(PLAIN, 60)),
        enviaai.delivery("enviaai/text_1k", enviaai_text(PLAIN, 750)),
        enviaai.delivery("enviaai/receipt", enviaai_receipt()),
        wawp.delivery("wawp/text_dump_2k", wawp_text(0)),
        wawp.delivery("wawp/image_dump_20k", wawp_text(18_000)),
        wawp.delivery("wawp/receipt", wawp_receipt()),
        eazewa.delivery("eazewa/text_4k", eazewa_text()),
        zavu.delivery("zavu/text_0.5k", zavu_text("message.inbound", "", PLAIN, 60)),
        zavu.delivery("zavu/text_1k", zavu_text("message.inbound", "", PLAIN, 650)),
        zavu.delivery("zavu/receipt", zavu_receipt()),
        zavu.delivery(
            "zavu/text_v2",
            zavu_text("whatsapp", r#""event":"message.inbound","#, PLAIN, 60)
                .replace(r#""senderId":"jn7x2m4p","#, ""),
        ),
        evolution.delivery("evolution/text", evolution_text()),
        evolution.delivery("evolution/text_bare", evolution_text_bare()),
        evolution.delivery("evolution/receipt", evolution_receipt()),
        enviaai.delivery("enviaai/accented_1k", enviaai_text(ACCENTED, 750)),
        enviaai.delivery("enviaai/emoji_1k", enviaai_text(EMOJI, 750)),
        zavu.delivery("zavu/accented_1k", zavu_text("message.inbound", "", ACCENTED, 650)),
        zavu.delivery("zavu/emoji_1k", zavu_text("message.inbound", "", EMOJI, 650)),
    ];
    let cases = [
        enviaai.case::<enviaai_exact::Received>(&deliveries[0]),
        enviaai.case::<enviaai_exact::Received>(&deliveries[1]),
        enviaai.case::<enviaai_exact::Delivered>(&deliveries[2]),
        wawp.case::<wawp_exact::Received>(&deliveries[3]),
        wawp.case::<wawp_exact::Received>(&deliveries[4]),
        wawp.case::<wawp_exact::Receipt>(&deliveries[5]),
        eazewa.case::<eazewa_exact::Envelope>(&deliveries[6]),
        zavu.case::<zavu_exact::Received>(&deliveries[7]),
        zavu.case::<zavu_exact::Received>(&deliveries[8]),
        zavu.case::<zavu_exact::Delivered>(&deliveries[9]),
        zavu.case::<zavu_exact::Received>(&deliveries[10]),
        evolution.case::<evolution_exact::Upsert>(&deliveries[11]),
        evolution.case::<evolution_exact::Upsert>(&deliveries[12]),
        evolution.case::<evolution_exact::Update>(&deliveries[13]),
        enviaai.case::<enviaai_exact::Received>(&deliveries[14]),
        enviaai.case::<enviaai_exact::Received>(&deliveries[15]),
        zavu.case::<zavu_exact::Received>(&deliveries[16]),
        zavu.case::<zavu_exact::Received>(&deliveries[17]),
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

const TOKEN: &str = "9f2c51b7-5a0e-4d8e";

/// A receiver, and how its deliveries prove themselves.
struct Proven<G: Gateway> {
    receiver: Receiver<G>,
    uri: &'static str,
    /// A header and its value.
    sign: Sign,
    /// The arithmetic that no proof can do without.
    mac: Arithmetic,
}

/// The HMAC of a body, by a prepared key.
fn hmac<M: Mac + Clone + 'static>(key: M) -> Arithmetic {
    Box::new(move |body| {
        black_box(key.clone().chain_update(body).finalize().into_bytes());
    })
}

struct ProvenDelivery {
    name: &'static str,
    headers: http::HeaderMap,
    body: bytes::Bytes,
}

impl<G: Gateway> Proven<G> {
    fn delivery(&self, name: &'static str, body: String) -> ProvenDelivery {
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
        let (header, value) = (self.sign)(body.as_bytes());
        let header: http::HeaderName = header.parse().expect("a name");
        headers.insert(header, value.parse().expect("a value"));
        ProvenDelivery { name, headers, body: body.into() }
    }

    fn case<'a, Exact: DeserializeOwned + 'a>(&'a self, delivery: &'a ProvenDelivery) -> Case<'a> {
        let body = &delivery.body;
        // Frameworks hand over the bytes they own.
        let request = move || Head::new(&delivery.headers).uri(self.uri).with_body(body.clone());
        let ready = request();
        assert!(self.receiver.receive(&request()).is_ok());
        let _: Exact = serde_json::from_slice(body).expect("the exact struct fits");

        let mac = move || (self.mac)(body);
        Case {
            name: format!("{}_{}_bytes", delivery.name, body.len()),
            work: vec![
                (
                    "floor",
                    Box::new(move || {
                        mac();
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
                        mac();
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
const PLAIN: &str = "Bom dia! Ainda tem mesa para hoje? ";

/// As people write in Brazil: an accent every few words.
const ACCENTED: &str = "Olá, você já abriu? Não é só amanhã à noite? São três, às oito. ";

const EMOJI: &str = "😀 Bom dia 👋🏽 mesa p/ hoje? 🙏❤️ obrigada 🎉🎉 ";

/// A text of about so many bytes.
fn said(text: &str, bytes: usize) -> String {
    let mut length = 0;
    let enough = |letter: &char| {
        length += letter.len_utf8();
        length <= bytes
    };
    text.chars().cycle().take_while(enough).collect()
}

fn enviaai_text(text: &str, bytes: usize) -> String {
    let text = said(text, bytes);
    format!(
        r#"{{"event":"message.received","timestamp":"2026-02-10T14:23:45.678Z","data":{{"messageId":"msg_8f2c41","instanceId":"inst_4b7d","chatId":"chat_19aa","from":"5511999990001","type":"text","content":"{text}","timestamp":"2026-02-10T14:23:45.000Z","contactName":"Ana","isGroup":false}}}}"#
    )
}

fn enviaai_receipt() -> String {
    r#"{"event":"message.delivered","timestamp":"2026-02-10T14:24:03.250Z","data":{"messageId":"msg_9d0a77","instanceId":"inst_4b7d","chatId":"chat_19aa","to":"5511999990001","status":"delivered","deliveredAt":"2026-02-10T14:24:03.100Z"}}"#.to_owned()
}

/// A received text, as 2.3.7 sends it.
fn evolution_text() -> String {
    evolution_text_with(DEVICES)
}

/// A text with so little else as none has.
fn evolution_text_bare() -> String {
    evolution_text_with(r#""messageContextInfo":{"deviceListMetadataVersion":2}"#)
}

fn evolution_text_with(devices: &str) -> String {
    r#"{"event":"messages.upsert","instance":"cantina","data":{"key":{"remoteJid":"5511999990001@s.whatsapp.net","remoteJidAlt":"5511999990001@s.whatsapp.net","fromMe":false,"id":"3A0FDE00112233445566","participant":"","addressingMode":"lid"},"pushName":"Ana Exemplo","status":"DELIVERY_ACK","message":{"conversation":"Bom dia! Ainda tem mesa para hoje?",DEVICES},"messageType":"conversation","messageTimestamp":1770733425,"instanceId":"6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11","source":"ios"},"destination":"https://hooks.example.org/evolution","date_time":"2026-02-10T11:23:45.678Z","sender":"5511888880001@s.whatsapp.net","server_url":"https://evolution.example.org","apikey":"429683C4C977415CAAFCCE10F7D57E11"}"#.replace("DEVICES", devices)
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

/// A text message with WhatsApp Web's model of it.
fn eazewa_text() -> String {
    let text: String = "Bom dia! Ainda tem mesa para hoje? ".chars().cycle().take(285).collect();
    EAZEWA.replace("TEXT", &text)
}

const EAZEWA: &str = r#"{"event":"message","instanceId":"33","data":{"message":{"_data":{"id":{"fromMe":false,"remote":"5511999990001@c.us","id":"3EB09F8E7D6C5B4A3921","_serialized":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"},"viewed":false,"type":"chat","t":1770733425,"notifyName":"Ana Exemplo","from":"5511999990001@c.us","to":"5511888880001@c.us","ack":1,"invis":false,"isNewMsg":true,"star":false,"kicNotified":false,"recvFresh":true,"isFromTemplate":false,"pollInvalidated":false,"isSentCagPollCreation":false,"latestEditMsgKey":null,"latestEditSenderTimestampMs":null,"mentionedJidList":[],"groupMentions":[],"isEventCanceled":false,"eventInvalidated":false,"isVcardOverMmsDocument":false,"isForwarded":false,"hasReaction":false,"productHeaderImageRejected":false,"lastPlaybackProgress":0,"isDynamicReplyButtonsMsg":false,"isCarouselCard":false,"parentMsgId":null,"isMdHistoryMsg":false,"stickerSentTs":0,"isAvatar":false,"lastUpdateFromServerTs":0,"invokedBotWid":null,"bizBotType":null,"botResponseTargetId":null,"botPluginType":null,"requiresDirectConnection":null,"bizContentPlaceholderType":null,"hostedBizEncStateMismatch":false,"senderOrRecipientAccountTypeHosted":false,"clientReceivedTsMillis":1770733425901,"backgroundColor":4283202560,"links":[],"rcat":null,"isViewOnce":null,"isQuestion":null,"questionReplyQuotedMessage":null,"questionResponsesCount":null,"readQuestionResponsesCount":null,"viewMode":null,"activeBotMsgStreamingInProgress":null,"botMsgBodyType":null,"botPersonaId":null,"botTargetSenderJid":null,"bizFromBizName":null,"bizSource":null,"messageSecret":{"0":0,"1":37,"2":74,"3":111,"4":148,"5":185,"6":222,"7":3,"8":40,"9":77,"10":114,"11":151,"12":188,"13":225,"14":6,"15":43,"16":80,"17":117,"18":154,"19":191,"20":228,"21":9,"22":46,"23":83,"24":120,"25":157,"26":194,"27":231,"28":12,"29":49,"30":86,"31":123},"allowedSenders":null,"pollVotesSnapshot":null,"reportingTokenInfo":{"reportingToken":{"0":0,"1":31,"2":62,"3":93,"4":124,"5":155,"6":186,"7":217,"8":248,"9":23,"10":54,"11":85,"12":116,"13":147,"14":178,"15":209},"version":2,"reportingTag":{"0":0,"1":29,"2":58,"3":87,"4":116,"5":145,"6":174,"7":203,"8":232,"9":5,"10":34,"11":63,"12":92,"13":121,"14":150,"15":179,"16":208,"17":237,"18":10,"19":39}},"faviconMMSMetadata":null,"thumbnail":null,"ctwaContext":null,"labels":null,"subtype":null,"local":null,"mediaStage":null,"isQuotedMsgAvailable":null,"mentionMap":null,"richPreviewType":null,"body":"TEXT","quotedMsg":{"type":"chat","viewMode":"VISIBLE","kind":"chat","body":"TEXT","caption":null,"viewOnce":false,"isDynamicReplyButtonsMsg":false,"messageSecret":null},"quotedStanzaID":"3EB0AABBCCDDEEFF0011","quotedParticipant":{"server":"c.us","user":"5511888880001","_serialized":"5511888880001@c.us"}},"id":{"fromMe":false,"remote":"5511999990001@c.us","id":"3EB09F8E7D6C5B4A3921","_serialized":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"},"ack":1,"hasMedia":false,"body":"TEXT","type":"chat","timestamp":1770733425,"from":"5511999990001@c.us","to":"5511888880001@c.us","deviceType":"android","isForwarded":false,"forwardingScore":0,"isStatus":false,"isStarred":false,"fromMe":false,"hasQuotedMsg":true,"hasReaction":false,"vCards":[],"mentionedIds":[],"groupMentions":[],"isGif":false,"links":[]},"media":null}}"#;

/// What somebody with this event to read would write, without the model.
#[allow(dead_code, reason = "filled to be measured")]
mod eazewa_exact {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Envelope {
        event: String,
        instance_id: String,
        data: Data,
    }

    #[derive(Deserialize)]
    struct Data {
        message: Message,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Message {
        id: Id,
        ack: Option<i8>,
        has_media: bool,
        body: String,
        r#type: String,
        timestamp: i64,
        from: String,
        to: String,
        from_me: bool,
        device_type: String,
        has_quoted_msg: bool,
    }

    #[derive(Deserialize)]
    struct Id {
        _serialized: String,
    }
}

/// A received text of so many letters.
fn zavu_text(kind: &str, name: &str, text: &str, bytes: usize) -> String {
    let text = said(text, bytes);
    format!(
        r#"{{"id":"evt_1705312500123_a1b2c3","type":"{kind}",{name}"timestamp":1705312500123,"senderId":"jn7x2m4p","projectId":"kd5e8q1r","data":{{"messageId":"jd7f3k2m9n4p5q6r7s8t9v0w1x2y3z4a","conversationId":"k57a1b2c3d4e5f6g7h8j9k0m1n2p3q4r","from":"+5511999990001","to":"+5511888880001","channel":"whatsapp","status":"received","messageType":"text","text":"{text}","content":null,"profileName":"Ana","providerTimestamp":1705312498000}}}}"#
    )
}

fn zavu_receipt() -> String {
    r#"{"id":"evt_1705312501123_a1b2c4","type":"message.delivered","timestamp":1705312501123,"senderId":"jn7x2m4p","projectId":"kd5e8q1r","data":{"messageId":"jd7f3k2m9n4p5q6r7s8t9v0w1x2y3z4a","to":"+5511999990001","channel":"whatsapp","status":"delivered","errorCode":null,"errorMessage":null}}"#.to_owned()
}

/// As for EnviaAI.
#[allow(dead_code, reason = "filled to be measured")]
mod zavu_exact {
    use super::Deserialize;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Received {
        id: String,
        r#type: String,
        timestamp: i64,
        sender_id: Option<String>,
        project_id: String,
        data: ReceivedData,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ReceivedData {
        message_id: String,
        conversation_id: Option<String>,
        from: String,
        to: String,
        channel: String,
        status: Option<String>,
        message_type: Option<String>,
        text: Option<String>,
        profile_name: Option<String>,
        provider_timestamp: Option<i64>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct Delivered {
        id: String,
        r#type: String,
        timestamp: i64,
        sender_id: Option<String>,
        project_id: String,
        data: DeliveredData,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct DeliveredData {
        message_id: String,
        to: String,
        channel: String,
        status: String,
        error_code: Option<String>,
        error_message: Option<String>,
    }
}
