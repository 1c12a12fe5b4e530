//! What each fuzz target does with its bytes, and what must hold whatever they are. An
//! ordinary test runs the same over all fixtures and over what was found once
//! (`tests/it/fuzz.rs`).

use std::borrow::Cow;
use std::sync::LazyLock;

use http::{HeaderName, Method};
use serde_json::Value;
use serde_json::value::RawValue;
use zaphook::auth::{Header, Query, TokenPlace};
use zaphook::event::NameSource;
use zaphook::evolution::ApiKey;
use zaphook::testing::Capture;
use zaphook::zavu::Signature;
use zaphook::{
    AnyReceiver, Delivery, EazeWa, EnviaAi, Evolution, Gateway, Head, Receiver, Recognition,
    Request, Secret, Stored, Token, Wawp, Zavu,
};

#[path = "../../tests/it/jid/laws.rs"]
pub mod jid_laws;
#[path = "../../tests/it/message_id/laws.rs"]
pub mod message_id_laws;

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

pub const TARGETS: &[Target] = &[
    ("capture", capture),
    ("eazewa", body::<EazeWa>),
    ("enviaai", body::<EnviaAi>),
    ("evolution", body::<Evolution>),
    ("headers", headers),
    ("jid", jid),
    ("jwt", jwt),
    ("message_id", message_id),
    ("receive", receive),
    ("stored", stored),
    ("tokens", tokens),
    ("wawp", body::<Wawp>),
    ("zavu", body::<Zavu>),
];

const SECRET: &str = "whs_3b9ff21c6a0e4d8e";
const TOKEN: &str = "9f2c51b7-5a0e-4d8e-b1c2";

fn secret() -> Secret {
    Secret::new(SECRET).expect("a secret")
}

fn token() -> Token {
    Token::new(TOKEN).expect("a token")
}

/// Three texts, parted by lines.
fn texts(bytes: &[u8]) -> [Cow<'_, str>; 3] {
    let mut parts = bytes.splitn(3, |byte| *byte == b'\n').map(String::from_utf8_lossy);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

pub fn jid(bytes: &[u8]) {
    let [one, other, third] = texts(bytes);
    jid_laws::holds(&one);
    jid_laws::relate([&one, &other, &third]);
}

pub fn message_id(bytes: &[u8]) {
    let [one, other, _] = texts(bytes);
    message_id_laws::holds(&one);
    message_id_laws::joins(zaphook::MessageId::from_wire(other).parts());
}

/// A body whose proof was good.
pub fn body<G: Gateway>(bytes: &[u8])
where
    Delivery<G>: Told,
{
    match Delivery::<G>::parse_trusted(bytes) {
        Ok(delivery) => holds(&delivery, bytes),
        Err(unreadable) => assert!(!format!("{unreadable} {unreadable:?}").is_empty()),
    }
}

/// What holds for a delivery with this body.
pub fn holds<G: Gateway>(delivery: &Delivery<G>, bytes: &[u8])
where
    Delivery<G>: Told,
{
    assert_eq!(delivery.body(), bytes);
    let _ = (delivery.account(), delivery.happened_at(), delivery.message_key());
    let _ = format!("{delivery:?} {:?}", delivery.set_aside());
    for key in [delivery.key(), delivery.message_key()].into_iter().flatten() {
        assert!(key.as_str().len() <= 256, "{} bytes", key.as_str().len());
    }
    delivery.tell();
    keeps(delivery, bytes);
    reads_either_way(delivery, bytes);

    // Through a queue it stays what it was.
    let row = serde_json::to_string(&delivery.to_stored()).expect("it can be written");
    let stored: Stored = serde_json::from_str(&row).expect("it can be read");
    let again = stored.parse_trusted::<G>().expect("it is what it was");
    assert!(again.event() == delivery.event() && again.key() == delivery.key());
    assert_eq!(again.set_aside(), delivery.set_aside());

    // What is written back can be read, is the same event, and is then written the same.
    let written = delivery.to_json().expect("it can be written");
    let read = Delivery::<G>::parse_trusted(written.as_str()).expect("it can be read");
    let twice = read.to_json().expect("it can be written");
    // A list of an empty object is as good as none.
    if delivery.set_aside().is_empty() && read.event() != delivery.event() {
        assert_eq!(leaves(written.as_str()), leaves(twice.as_str()), "another event");
    }
    let thrice = Delivery::<G>::parse_trusted(twice.as_str()).expect("it can be read");
    assert_eq!(thrice.to_json().expect("it can be written").as_str(), twice.as_str());
}

/// A JSON text without what holds nothing; `None` where it is too deep to be read.
fn leaves(text: &str) -> Option<Value> {
    fn bare(value: Value) -> Option<Value> {
        let left = match value {
            Value::Object(members) => Value::Object(
                members
                    .into_iter()
                    .filter_map(|(name, value)| Some((name, bare(value)?)))
                    .collect(),
            ),
            Value::Array(elements) => elements.into_iter().filter_map(bare).collect(),
            leaf => leaf,
        };
        let holds = match &left {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(elements) => !elements.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => true,
        };
        holds.then_some(left)
    }

    serde_json::from_str(text).ok().and_then(bare)
}

/// Whatever was not typed is there raw, as in the body.
fn keeps<G: Gateway>(delivery: &Delivery<G>, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("what was read is text");
    let payload = delivery.payload();
    if let Some(payload) = &payload {
        assert!(text.contains(payload.as_str()), "the payload is not the body's");
    }
    if let Some(malformed) = delivery.malformed() {
        // An event of Evolution Go has its payload inside that of the gateway's own envelope.
        let kept = malformed.payload().map_or("", |raw| raw.as_str());
        let payload = payload.as_ref().map_or("", |raw| raw.as_str());
        assert!(payload.contains(kept) || delivery.is_repaired(), "kept is not the payload");
    }
    for aside in delivery.set_aside() {
        let raw = aside.raw().as_str();
        assert!(text.contains(raw) || delivery.is_repaired(), "{}: not the body's", aside.path());
    }
}

/// An escape in the name of its first member sends a body the other way, which must come to
/// the same.
fn reads_either_way<G: Gateway>(delivery: &Delivery<G>, bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("what was read is text");
    let Some((before, name)) = text.split_once('"') else { return };
    let Some(first) = name.chars().next().filter(char::is_ascii_alphabetic) else { return };
    let escaped = format!("{before}\"\\u{:04x}{}", u32::from(first), &name[1..]);
    let other = Delivery::<G>::parse_trusted(escaped.as_bytes()).expect("it can be read");
    // A name beside the body is not there for this one.
    if delivery.name_source() == NameSource::Header {
        return;
    }
    assert_eq!(other.recognition(), delivery.recognition());
    // A payload that is the whole body has the escape in it.
    if delivery.recognition() == Recognition::Known {
        assert!(other.event() == delivery.event(), "not the same event either way");
    }
    assert_eq!(other.set_aside(), delivery.set_aside());
    assert_eq!(other.name_source(), delivery.name_source());
    assert_eq!(other.account(), delivery.account());
    assert_eq!(other.happened_at(), delivery.happened_at());
}

/// What the one vocabulary tells of it.
pub trait Told {
    fn tell(&self);
}

macro_rules! told {
    ($($Gateway:ident)*) => {$(
        impl Told for Delivery<$Gateway> {
            fn tell(&self) {
                for happening in self.unified().happenings() {
                    let text = serde_json::to_string(&happening).expect("it can be written");
                    assert!(serde_json::from_str::<&RawValue>(&text).is_ok(), "{text}");
                    let _ = (happening.key(), happening.kind(), format!("{happening:?}"));
                }
            }
        }
    )*};
}

told! { EazeWa EnviaAi Evolution Wawp Zavu }

/// The value of a signature's header, over a body that is always the same: nothing passes
/// but what has the right tag in it.
pub fn headers(bytes: &[u8]) {
    const BODY: &str = r#"{"event":"x","type":"message.inbound","data":{}}"#;
    static ENVIAAI: LazyLock<Receiver<EnviaAi>> =
        LazyLock::new(|| Receiver::new(EnviaAi::signed(secret())));
    static WAWP: LazyLock<Receiver<Wawp>> = LazyLock::new(|| Receiver::new(Wawp::signed(secret())));
    static ZAVU: LazyLock<Receiver<Zavu>> =
        LazyLock::new(|| Receiver::new(Zavu::by(Signature::new(secret()).require_v2())));

    let shown = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let tag_of = |signed: &str| signed.rsplit('=').next().unwrap_or_default().to_ascii_lowercase();
    let headers = |name| [(name, bytes)];
    let check = |passed: bool, signed: &str| {
        assert!(!passed || shown.contains(&tag_of(signed)), "forged: {shown}");
    };
    let request = headers(EnviaAi::SIGNATURE_HEADER);
    let passed = ENVIAAI.authenticate(&Request::new(&request, BODY)).is_ok();
    check(passed, &EnviaAi::sign(&secret(), BODY.as_bytes()));

    let request = headers(Wawp::SIGNATURE_HEADER);
    let passed = WAWP.authenticate(&Request::new(&request, BODY)).is_ok();
    check(passed, &Wawp::sign(&secret(), BODY.as_bytes()));

    // Its tags depend on the time that stands beside them, which nothing here can sign.
    let request = headers(Zavu::SIGNATURE_HEADER);
    assert!(ZAVU.authenticate(&Request::new(&request, BODY)).is_err(), "forged: {shown}");
}

/// A JWT: nothing passes without the signature, which depends on what it signs.
pub fn jwt(bytes: &[u8]) {
    static RECEIVER: LazyLock<Receiver<Evolution>> =
        LazyLock::new(|| Receiver::new(Evolution::jwt(secret())));

    let token = String::from_utf8_lossy(bytes);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let body = r#"{"event":"x","instance":"a","data":{}}"#;
    assert!(RECEIVER.authenticate(&Request::new(&headers, body)).is_err(), "forged: {token}");
}

/// A URL with a token anywhere in it.
pub fn tokens(bytes: &[u8]) {
    static POLICIES: LazyLock<[Receiver<EazeWa>; 2]> = LazyLock::new(|| {
        [TokenPlace::path(), TokenPlace::query("token")]
            .map(|place| Receiver::new(EazeWa::any_instance(place, token())))
    });

    let uri = String::from_utf8_lossy(bytes);
    let none: [(&str, &str); 0] = [];
    for receiver in &*POLICIES {
        let request = Head::new(&none).uri(&uri).with_body(&b"{}"[..]);
        let passed = receiver.authenticate(&request).is_ok();
        assert!(!passed || uri.contains('%') || uri.contains(TOKEN), "forged: {uri}");
        let _ = (receiver.peek(&request), receiver.screen(request.head()));
    }
}

/// A whole request: a method, a URL, headers, an empty line, and a body. Nobody gave it the
/// secrets.
pub fn receive(bytes: &[u8]) {
    static RECEIVERS: LazyLock<[AnyReceiver; 6]> = LazyLock::new(|| {
        [
            AnyReceiver::new(EnviaAi::signed(secret())),
            AnyReceiver::new(Zavu::signed(secret())),
            AnyReceiver::new(Wawp::signed(secret()).and(Query::new("secret", token()))),
            AnyReceiver::new(Evolution::any_of([
                Evolution::by(ApiKey::new(token())),
                Evolution::by(Header::new(HeaderName::from_static("x-token"), token())),
            ])),
            AnyReceiver::new(Evolution::jwt(secret())),
            AnyReceiver::new(EazeWa::any_instance(TokenPlace::path(), token())),
        ]
    });

    let end = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (bytes, &b""[..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let (method, uri) = first.split_once(' ').unwrap_or(("POST", &first));
    let headers: Vec<(String, Vec<u8>)> = lines
        .map(|line| {
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
            let name = String::from_utf8_lossy(&line[..colon]).trim().to_owned();
            (name, line.get(colon + 1..).unwrap_or_default().trim_ascii().to_vec())
        })
        .collect();
    let headers: Vec<(&str, &[u8])> =
        headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let shows = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    let method: Method = method.parse().unwrap_or(Method::POST);
    for receiver in &*RECEIVERS {
        let request = Head::new(&headers).method(&method).uri(uri).with_body(body.to_vec());
        let screened = receiver.screen(request.head());
        let _ = format!("{:?}", receiver.peek(&request));
        match receiver.receive(&request) {
            Ok(delivery) => {
                assert!(screened.is_ok(), "received, and refused by its head alone");
                // Tokens can be escaped, in JSON and in a URL.
                assert!(shows(TOKEN) || shows("\\") || shows("%"), "forged");
                assert_eq!(delivery.body(), body);
            }
            Err(error) => assert!(!format!("{error} {error:?}").contains(TOKEN)),
        }
    }
}

pub fn stored(bytes: &[u8]) {
    let Ok(stored) = serde_json::from_slice::<Stored>(bytes) else { return };
    let row = serde_json::to_string(&stored).expect("it can be written");
    let again: Stored = serde_json::from_str(&row).expect("it can be read");
    assert_eq!(again.body(), stored.body());
    assert_eq!(serde_json::to_string(&again).expect("it can be written"), row);
    let _ = format!("{:?}", stored.parse_any_trusted());
}

pub fn capture(bytes: &[u8]) {
    let capture = match Capture::parse(bytes) {
        Ok(capture) => capture,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let written = serde_json::to_string(&capture).expect("it can be written");
    let again = Capture::parse(&written).expect("it can be read");
    assert_eq!(again.request().body(), capture.request().body());
    let bare = capture.without_credentials();
    let _ = serde_json::to_string(&bare).expect("it can be written");
}

/// Runs a target.
pub fn run(name: &str, bytes: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(target, _)| *target == name).expect("a target");
    target(bytes);
}
