//! Every gateway behind one face, for the tests that hold for all of them.
//!
//! A gateway joins by a line in [`ALL`]; its subject stands beside its own tests.

use bytes::Bytes;
use zaphook::event::Envelope;
use zaphook::{AnyDelivery, AnyReceiver, Delivery, Error, Gateway, Receiver, Request, Secret};

use crate::thorough;

/// What the tests know of a gateway.
pub struct Subject {
    pub name: &'static str,
    /// Its folder under `tests/fixtures` is called as the gateway; this is an
    /// ordinary text message in it.
    pub message: &'static str,
    /// The path to the text of that message.
    pub text: &'static [&'static str],
    /// The members that name the event and hold its payload.
    pub members: [&'static str; 2],
    /// Receives a body that is correctly signed.
    pub receive: fn(&[u8]) -> Result<Report, Error>,
    /// Reads a body as a trusted one, and says how far it was recognised.
    pub parse: fn(&[u8]) -> &'static str,
    /// As `receive`, and gives what the error and the delivery show.
    pub shown: fn(&[u8]) -> String,
    /// Reads a body as a trusted one, and shows its envelope.
    pub debug: fn(&[u8]) -> String,
    /// The size of its event enum, in bytes.
    pub event_size: usize,
    /// The names of its events.
    pub names: &'static [&'static str],
}

pub const SECRET: &str = "whs_5d1f0cc3a92b";

pub const ALL: &[Subject] = &[
    crate::eazewa::SUBJECT,
    crate::enviaai::SUBJECT,
    crate::evolution::SUBJECT,
    crate::wawp::SUBJECT,
    crate::zavu::SUBJECT,
];

pub fn secret() -> Secret {
    Secret::new(SECRET).unwrap()
}

/// A delivery in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub event: String,
    pub name_source: &'static str,
    pub recognition: &'static str,
    pub malformed: Option<String>,
    pub set_aside: Vec<String>,
    pub repaired: bool,
    pub key: Option<String>,
    pub message_key: Option<String>,
    pub account: Option<String>,
    pub happened_at: Option<String>,
    pub written: String,
    pub payload: Option<String>,
}

macro_rules! report {
    ($delivery:ident, $written:expr) => {
        Self {
            event: $delivery.name().to_owned(),
            name_source: $delivery.name_source().as_str(),
            recognition: $delivery.recognition().as_str(),
            malformed: $delivery.malformed().map(|event| event.path().to_string()),
            set_aside: $delivery.set_aside().iter().map(|value| value.path().to_string()).collect(),
            repaired: $delivery.is_repaired(),
            key: $delivery.key().map(|key| key.to_string()),
            message_key: $delivery.message_key().map(|key| key.to_string()),
            account: $delivery.account().map(|account| account.into_owned()),
            happened_at: $delivery.happened_at().map(|time| time.to_rfc3339()),
            written: $written,
            payload: $delivery.payload().map(|raw| raw.as_str().to_owned()),
        }
    };
}

impl<G: Gateway> From<&Delivery<G>> for Report {
    fn from(delivery: &Delivery<G>) -> Self {
        report!(delivery, serde_json::to_string(delivery.envelope()).unwrap())
    }
}

impl From<&AnyDelivery> for Report {
    fn from(delivery: &AnyDelivery) -> Self {
        report!(delivery, delivery.to_json().unwrap().as_str().to_owned())
    }
}

/// A correctly signed delivery, received; and when it has its turn, every way there is.
pub fn receive<G: Gateway>(
    receiver: &Receiver<G>,
    request: &http::Request<Bytes>,
) -> Result<Report, Error>
where
    AnyReceiver: From<Receiver<G>>,
{
    let delivery = receiver.receive(&Request::from(request));
    let any = thorough::has_turn().then(|| {
        let any = AnyReceiver::from(receiver.clone());
        assert_eq!((any.gateway(), any.body_limit()), (G::NAME, G::BODY_LIMIT));
        any.receive(&Request::from(request))
    });
    if let Some(any) = &any {
        assert_eq!(any.as_ref().err(), delivery.as_ref().err());
    }
    let delivery = delivery?;
    assert_eq!(delivery.body(), request.body());
    let report = Report::from(&delivery);
    if let Some(any) = any {
        is_the_same_every_way(&any?, &delivery, &report);
    }
    Ok(report)
}

/// Holds a delivery to what is read from the same body in every other way.
fn is_the_same_every_way<G: Gateway>(any: &AnyDelivery, delivery: &Delivery<G>, report: &Report) {
    assert_eq!(Report::from(any), *report);
    assert_eq!((any.gateway(), any.body()), (G::NAME, delivery.body()));
    assert_eq!((any.proof(), any.attempt()), (delivery.proof(), delivery.attempt()));

    // What went through a queue is the same delivery.
    let stored = serde_json::to_string(&delivery.to_stored()).unwrap();
    let stored: zaphook::Stored = serde_json::from_str(&stored).unwrap();
    assert_eq!(Report::from(&stored.parse_any_trusted().unwrap()), *report);
    let again = stored.parse_trusted::<G>().unwrap();
    assert_eq!(again.envelope(), delivery.envelope());
    assert_eq!(again.proof(), delivery.proof());
    assert_eq!(again.received_at(), delivery.received_at());
    assert_eq!(Report::from(&again), *report);

    // So is one read without proof, and one read from JSON text.
    let trusted = Delivery::<G>::parse_trusted(delivery.body().clone()).unwrap();
    assert_eq!(Report::from(&trusted), *report);
    let envelope: G::Envelope = serde_json::from_slice(delivery.body()).unwrap();
    assert_eq!(&envelope, delivery.envelope());
    assert_eq!(envelope.event(), delivery.event());
}

/// How far a trusted body is recognised.
pub fn parse<G: Gateway>(body: &[u8]) -> &'static str {
    Delivery::<G>::parse_trusted(body).unwrap().recognition().as_str()
}

/// What the envelope of a trusted body shows; nothing where it cannot be read.
pub fn debug<G: Gateway>(body: &[u8]) -> String {
    Delivery::<G>::parse_trusted(body)
        .map(|delivery| format!("{:?} {:?}", delivery.envelope(), delivery.set_aside()))
        .unwrap_or_default()
}

/// All that a delivery, or its refusal, shows of itself.
pub fn shown<G: Gateway>(receiver: &Receiver<G>, request: &http::Request<Bytes>) -> String {
    let request = Request::from(request);
    let result = receiver.receive(&request);
    let mut shown = format!("{receiver:?} {request:?} {:?}", G::peek(&request).token_digest);
    shown += &crate::observed::traced(receiver, &request);
    match result {
        Err(error) => {
            let answer = zaphook::Answer::from(error.clone());
            shown += &format!("{error} {error:?} {error:#?} {answer:?}");
        }
        Ok(delivery) => {
            shown += &format!("{delivery:?} {delivery:#?} {:?}", delivery.to_stored());
            shown += &format!("{:?}", delivery.set_aside());
            if let Some(event) = delivery.malformed() {
                shown += &format!("{event:?} {} {:?}", event.fault(), event.fault());
            }
        }
    }
    shown
}
