//! The report on a capture. Part of `inspect.rs`.

use serde::Serialize;
use zaphook::auth::{Mechanism, Proof};
use zaphook::event::NameSource;
use zaphook::testing::Capture;
use zaphook::{AnyDelivery, Error, RawJson};

use super::json::Fault;
use super::{auth, gateways};

/// The members in the order in which they are written.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    tag: Option<RawJson>,
    verdict: &'static str,
    reason: Option<&'static str>,
    status: u16,
    proof: Option<Proven>,
    event: Option<String>,
    recognition: Option<&'static str>,
    malformed: Option<Misfit>,
    set_aside: Vec<String>,
    name_source: Option<&'static str>,
    key: Option<String>,
    message_key: Option<String>,
    account: Option<String>,
    happened_at: Option<Seconds>,
    envelope: Option<RawJson>,
    unified: Option<RawJson>,
}

#[derive(Serialize)]
struct Proven {
    by: Vec<&'static str>,
    secret: Option<usize>,
}

#[derive(Serialize)]
struct Misfit {
    path: String,
    reason: String,
}

/// A time in seconds since 1970, as an integer if possible.
#[derive(Serialize)]
#[serde(untagged)]
enum Seconds {
    Whole(i64),
    Fraction(f64),
}

impl Report {
    /// Receives the capture. `auth` is for captures without one.
    pub(crate) fn of(capture: &Capture, auth: Option<&RawJson>) -> Result<Self, Fault> {
        let auth = capture.auth().or(auth).ok_or_else(|| {
            Fault::new("auth: missing; the capture may have it, or flags may say it")
        })?;
        let auth = auth::alternatives(auth)?;
        // A gateway may need it for what proves nothing by itself.
        let none_is_said = auth.iter().any(|alternative| alternative.none.is_some());
        let receiver = gateways::receiver(capture.provider(), auth)?;
        let proven = |proof: &Proof| Proven {
            by: proof
                .by()
                .filter(|way| none_is_said || *way != Mechanism::None)
                .map(|way| way.as_str())
                .collect(),
            secret: proof.secret(),
        };
        let tag = capture.tag().cloned();
        match receiver.receive(&capture.request()) {
            Ok(delivery) => {
                let proof = Some(proven(delivery.proof()));
                Ok(Self { tag, proof, ..Self::accepted(&delivery)? })
            }
            Err(error) => Ok(Self {
                tag,
                verdict: match error {
                    Error::Unreadable(_) => "unreadable",
                    _ => "refused",
                },
                reason: Some(error.reason()),
                status: error.status().as_u16(),
                // Whoever sent what cannot be read has proven himself.
                proof: match error {
                    Error::Unreadable(_) => {
                        receiver.authenticate(&capture.request()).ok().as_ref().map(proven)
                    }
                    _ => None,
                },
                ..Self::default()
            }),
        }
    }

    fn accepted(delivery: &AnyDelivery) -> Result<Self, Fault> {
        let source = delivery.name_source();
        let envelope =
            delivery.to_json().map_err(|_| Fault::new("the envelope cannot be written"))?;
        let unified = serde_json::value::to_raw_value(&delivery.unified())
            .map_err(|_| Fault::new("the happenings cannot be written"))?;
        let unified = RawJson::from(unified);
        Ok(Self {
            verdict: "accepted",
            status: 200,
            event: (source != NameSource::Shape).then(|| delivery.name().to_owned()),
            recognition: Some(delivery.recognition().as_str()),
            malformed: delivery.malformed().map(|malformed| Misfit {
                path: malformed.path().to_string(),
                reason: malformed.fault().misfit().to_string(),
            }),
            set_aside: delivery.set_aside().iter().map(|aside| aside.path().to_string()).collect(),
            name_source: Some(source.as_str()),
            key: delivery.key().map(|key| key.to_string()),
            message_key: delivery.message_key().map(|key| key.to_string()),
            account: delivery.account().map(|account| account.into_owned()),
            happened_at: delivery.happened_at().map(|time| match time.timestamp_subsec_micros() {
                0 => Seconds::Whole(time.timestamp()),
                _ => Seconds::Fraction(time.timestamp_micros() as f64 / 1e6),
            }),
            envelope: Some(envelope),
            unified: Some(unified),
            ..Self::default()
        })
    }
}
