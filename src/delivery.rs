//! A delivery that proved itself and was read.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::auth::Proof;
use crate::event::{
    self, Envelope, EventSet, Malformed, NameSource, Recognition, SetAside, Unreadable, Wanted,
};
use crate::gateways::Gateway;
use crate::idempotency::{Key, Ticket};
use crate::moment::Moment;

/// A delivery that proved itself and was read: the typed event, and
/// everything else there is to know about it.
///
/// It owns what it holds, so it can be sent to another task.
/// [`to_stored`](Self::to_stored) carries it through a queue.
#[derive(Clone)]
pub struct Delivery<G: Gateway> {
    envelope: G::Envelope,
    body: Bytes,
    proof: Proof,
    received_at: Moment,
    attempt: Option<u32>,
    ticket: Option<Arc<Ticket>>,
}

impl<G: Gateway> Delivery<G> {
    pub(crate) fn read(
        body: Bytes,
        proof: Proof,
        received_at: Moment,
        hint: event::Hint<'_>,
        wanted: &Wanted,
    ) -> Result<Self, Unreadable> {
        let envelope = event::read(&body, hint, wanted)?;
        Ok(Self { envelope, body, proof, received_at, attempt: None, ticket: None })
    }

    /// Reads a body that is already known to be authentic: from a queue, a
    /// log, a test. Its proof says `trusted`.
    ///
    /// # Errors
    ///
    /// When it is not JSON, nothing in it names an event, or a member that
    /// decides what it is stands there twice.
    pub fn parse_trusted(body: impl crate::IntoBody) -> Result<Self, Unreadable> {
        Self::read(body.into_body(), Proof::trusted(), Moment::now(), event::NO_HINT, &Wanted::ALL)
    }

    /// What happened.
    pub fn event(&self) -> &G::Event {
        self.envelope.event()
    }

    /// What happened, taken out.
    pub fn into_event(self) -> G::Event {
        self.envelope.into_event()
    }

    /// The event with the JSON around it.
    pub fn envelope(&self) -> &G::Envelope {
        &self.envelope
    }

    /// The event with the JSON around it, taken out.
    pub fn into_envelope(self) -> G::Envelope {
        self.envelope
    }

    /// The event's name as received.
    pub fn name(&self) -> &str {
        self.envelope.notes().name.as_str()
    }

    /// Where the event's name was found.
    pub fn name_source(&self) -> NameSource {
        self.envelope.notes().name_source
    }

    /// How far the event was recognised.
    pub fn recognition(&self) -> Recognition {
        self.event().recognition()
    }

    /// Why the event could not be typed, if so.
    pub fn malformed(&self) -> Option<&Malformed> {
        self.event().as_malformed()
    }

    /// The values that did not have the documented shape and were left out of
    /// the typed event.
    pub fn set_aside(&self) -> &[SetAside] {
        &self.envelope.notes().set_aside
    }

    /// Whether texts cut inside a character (unpaired surrogates) were mended
    /// with U+FFFD in what is typed. The body stays as it came.
    pub fn is_repaired(&self) -> bool {
        self.envelope.notes().repaired
    }

    /// Whether a time stood there in milliseconds where seconds belong, or the
    /// other way round, and was read as meant. Seen with Wawp's polls and
    /// reactions; the body stays as it came.
    pub fn has_rescaled_times(&self) -> bool {
        self.envelope.notes().rescaled
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The event's payload as it stands in the body, found anew at each call;
    /// `None` when there is none.
    pub fn payload(&self) -> Option<&RawValue> {
        let text = std::str::from_utf8(&self.body).ok()?;
        let at = event::payload_at::<G::Envelope>(text, self.hint())?;
        serde_json::from_str(text.get(at)?).ok()
    }

    /// How it was authenticated.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }

    /// When it was received.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.received_at.date()
    }

    /// Which attempt at handling the event this is, counted from 1, where the
    /// store knows: earlier ones failed, or ended with their process. `None`
    /// for a delivery that is not handled under a claim.
    pub fn attempt(&self) -> Option<u32> {
        self.attempt
    }

    /// The claim that it is handled under, for a handler that completes it in
    /// the transaction in which it does its work
    /// (`PostgresStore::complete_in`). `None` when there is none: the store was
    /// down, or nothing tells the event apart.
    pub fn ticket(&self) -> Option<&Ticket> {
        self.ticket.as_deref()
    }

    pub(crate) fn under(self, ticket: Arc<Ticket>, attempt: Option<u32>) -> Self {
        Self { attempt, ticket: Some(ticket), ..self }
    }

    /// When the gateway first sent it, where the body says so.
    pub(crate) fn dispatched_at(&self) -> Option<DateTime<Utc>> {
        G::dispatched_at(&self.envelope)
    }

    /// Whose session, instance or project it is at the gateway.
    pub fn account(&self) -> Option<Cow<'_, str>> {
        match self.typed() {
            Cow::Borrowed(envelope) => G::account(envelope),
            Cow::Owned(envelope) => {
                G::account(&envelope).map(|account| Cow::Owned(account.into_owned()))
            }
        }
    }

    /// The event's own time, as the gateway tells it; where it tells one that
    /// cannot be, when it sent the event. `None` where both are before 2009, or
    /// more than a day after the delivery was received.
    pub fn happened_at(&self) -> Option<DateTime<Utc>> {
        let envelope = self.typed();
        let can_be = |time: &DateTime<Utc>| self.received_at.may_follow(*time);
        let own = G::happened_at(&envelope).filter(can_be);
        own.or_else(|| G::dispatched_at(&envelope).filter(can_be))
    }

    /// What makes two deliveries the same event; `None` when nothing in the
    /// body does. It depends on the bytes of the body alone.
    pub fn key(&self) -> Option<Key> {
        G::key(&self.typed(), &self.body)
    }

    /// What makes two events be about the same message; `None` when the event
    /// is about none, or its message has no id.
    pub fn message_key(&self) -> Option<Key> {
        G::message_key(&self.typed())
    }

    /// A form for a queue or a database, to be read again by
    /// [`Stored::parse_trusted`].
    pub fn to_stored(&self) -> Stored {
        Stored {
            gateway: G::NAME.into(),
            received_at: self.received_at(),
            proof: self.proof.clone(),
            name: self.hint().map(Into::into),
            body: self.body.clone(),
        }
    }

    /// The name from outside the body, where it names no event.
    fn hint(&self) -> Option<&str> {
        self.envelope.notes().hint()
    }

    /// The envelope with its event typed, also when it was skipped.
    fn typed(&self) -> Cow<'_, G::Envelope> {
        if self.recognition() == Recognition::Skipped
            && let Ok(envelope) = event::read(&self.body, &|| self.hint(), &Wanted::ALL)
        {
            return Cow::Owned(envelope);
        }
        Cow::Borrowed(&self.envelope)
    }
}

impl<G: Gateway> fmt::Debug for Delivery<G> {
    /// Shows no text of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("gateway", &G::NAME)
            .field("event", &self.name().chars().take(64).collect::<String>())
            .field("recognition", &self.recognition())
            .field("proof", &self.proof)
            .field("received_at", &self.received_at())
            .field("body_len", &self.body.len())
            .field("set_aside", &self.set_aside().len())
            .finish()
    }
}

/// A delivery on its way through a queue or a database: its exact body, when
/// it was received and how it was authenticated.
///
/// ```
/// # use zaphook::{Delivery, EnviaAi, Stored};
/// # let body = r#"{"event":"instance.connected","data":{"instanceId":"inst_1"}}"#;
/// # let delivery = Delivery::<EnviaAi>::parse_trusted(body)?;
/// let row: String = serde_json::to_string(&delivery.to_stored())?;
///
/// let stored: Stored = serde_json::from_str(&row)?;
/// let again = stored.parse_trusted::<EnviaAi>()?;
/// assert_eq!(again.event(), delivery.event());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    gateway: Cow<'static, str>,
    received_at: DateTime<Utc>,
    proof: Proof,
    /// Of a body that names no event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Box<str>>,
    #[serde(with = "as_text")]
    body: Bytes,
}

/// A body as the text that it is.
mod as_text {
    use bytes::Bytes;
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::{Error, Serializer};

    pub(super) fn serialize<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        // Only UTF-8 is ever read into a delivery.
        let text = std::str::from_utf8(body).map_err(S::Error::custom)?;
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        String::deserialize(deserializer).map(Bytes::from)
    }
}

impl Stored {
    /// The gateway's name, [`Gateway::NAME`]: whose delivery it is.
    pub fn gateway(&self) -> &str {
        &self.gateway
    }

    /// Reads the delivery again. It was authenticated before it was stored;
    /// whoever can write to the store is trusted.
    ///
    /// # Errors
    ///
    /// When it is another gateway's, or its body cannot be read.
    pub fn parse_trusted<G: Gateway>(&self) -> Result<Delivery<G>, StoredError> {
        if self.gateway != G::NAME {
            return Err(StoredError::OtherGateway { expected: G::NAME });
        }
        let (body, proof) = (self.body.clone(), self.proof.clone());
        Delivery::read(body, proof, self.received_at.into(), &|| self.name.as_deref(), &Wanted::ALL)
            .map_err(StoredError::Unreadable)
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// When it was received.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.received_at
    }

    /// How it was authenticated.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }
}

impl fmt::Debug for Stored {
    /// Shows no text of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("gateway", &self.gateway)
            .field("received_at", &self.received_at)
            .field("proof", &self.proof)
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// Why a [`Stored`] delivery cannot be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// It came from another gateway.
    #[error("the stored delivery is not one of {expected}")]
    #[non_exhaustive]
    OtherGateway {
        /// The gateway that it was read for.
        expected: &'static str,
    },
    /// It came from a gateway that this build does not know.
    #[error("the stored delivery is of a gateway that this build does not know")]
    UnknownGateway,
    /// Its body cannot be read.
    #[error(transparent)]
    Unreadable(Unreadable),
}
