//! An authenticated and parsed delivery.

mod consumable;
mod stored;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};

use crate::auth::Proof;
use crate::event::{
    self, Envelope, EventSet, Held, Malformed, NameSource, Recognition, SetAside, Unreadable,
    Wanted,
};
use crate::gateways::Gateway;
use crate::idempotency::{Key, Ticket};
use crate::moment::Moment;
use crate::request::IntoBody;
use crate::wire::RawJson;

pub use consumable::Consumable;
pub(crate) use consumable::sealed;
pub use stored::{Stored, StoredError};

/// An authenticated and parsed delivery: the typed event, and everything else
/// there is to know about it.
///
/// It owns its data, so it can be sent to another task.
/// [`to_stored`](Self::to_stored) takes it through a queue.
pub struct Delivery<G: Gateway> {
    envelope: Held<G::Envelope>,
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

    /// Parses a body that is already known to be authentic: from a queue, a
    /// log, a test. Its proof says `trusted`.
    ///
    /// # Errors
    ///
    /// When it is not JSON, names no event, or repeats a member that decides
    /// what it is.
    pub fn parse_trusted(body: impl IntoBody) -> Result<Self, Unreadable> {
        Self::read(body.into_body(), Proof::trusted(), Moment::now(), event::NO_HINT, &Wanted::ALL)
    }

    /// What happened.
    pub fn event(&self) -> &G::Event {
        self.envelope().event()
    }

    /// What happened, by value.
    pub fn into_event(self) -> G::Event {
        self.into_envelope().into_event()
    }

    /// The event with the JSON around it.
    pub fn envelope(&self) -> &G::Envelope {
        self.envelope.get()
    }

    /// The event with the JSON around it, by value.
    pub fn into_envelope(self) -> G::Envelope {
        self.envelope.take()
    }

    /// The event's name as received.
    pub fn name(&self) -> &str {
        self.envelope().notes().name.as_str()
    }

    /// Where the event's name was found.
    pub fn name_source(&self) -> NameSource {
        self.envelope().notes().name_source
    }

    /// Whether the event was recognised.
    pub fn recognition(&self) -> Recognition {
        self.event().recognition()
    }

    /// Why the event could not be typed, if it could not.
    pub fn malformed(&self) -> Option<&Malformed> {
        self.event().as_malformed()
    }

    /// The values that did not have the documented shape and were left out of
    /// the typed event.
    pub fn set_aside(&self) -> &[SetAside] {
        &self.envelope().notes().set_aside
    }

    /// Whether texts cut inside a character (unpaired surrogates) were repaired
    /// with U+FFFD in what is typed. The body stays unchanged.
    pub fn is_repaired(&self) -> bool {
        self.envelope().notes().repaired
    }

    /// Whether a time was given in milliseconds instead of seconds, or the
    /// other way round, and was read as meant. Seen with Wawp's polls and
    /// reactions; the body stays unchanged.
    pub fn has_rescaled_times(&self) -> bool {
        self.envelope().notes().rescaled
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The raw payload of the event, as in the body; `None` when there is none.
    /// It is located in the body again at each call.
    pub fn payload(&self) -> Option<RawJson> {
        let text = crate::wire::text(&self.body).ok()?;
        let at = event::payload_at::<G::Envelope>(text, self.hint())?;
        Some(RawJson::of_value(text.get(at)?))
    }

    /// The typed envelope, serialised as JSON.
    ///
    /// # Errors
    ///
    /// Those of `serde_json`. What was parsed can be serialised.
    pub fn to_json(&self) -> Result<RawJson, serde_json::Error> {
        serde_json::value::to_raw_value(self.envelope()).map(RawJson::from)
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
    /// store knows: earlier ones failed or crashed. `None` for a delivery that
    /// is not handled under a claim.
    pub fn attempt(&self) -> Option<u32> {
        self.attempt
    }

    /// The claim that it is handled under, for a handler that completes it in
    /// the same transaction as its work (`PostgresStore::complete_in`). `None`
    /// when there is no claim: the store was down, or the event has no
    /// deduplication key.
    pub fn ticket(&self) -> Option<&Ticket> {
        self.ticket.as_deref()
    }

    /// The account at the gateway: the session, instance or project it belongs
    /// to.
    pub fn account(&self) -> Option<Cow<'_, str>> {
        match self.typed() {
            None => G::account(self.envelope()),
            Some(typed) => G::account(typed.get()).map(|account| Cow::Owned(account.into_owned())),
        }
    }

    /// The event's own time, according to the gateway; where that time is
    /// impossible, when the gateway sent the event. `None` where both are
    /// before 2009, or more than a day after the delivery was received.
    pub fn happened_at(&self) -> Option<DateTime<Utc>> {
        let can_be = |time: &DateTime<Utc>| self.received_at.may_follow(*time);
        self.with_typed(|envelope| {
            let own = G::happened_at(envelope).filter(can_be);
            own.or_else(|| G::dispatched_at(envelope).filter(can_be))
        })
    }

    /// The deduplication key: deliveries with equal keys are the same event.
    /// `None` when the body has nothing to tell it by. It depends on the bytes
    /// of the body alone.
    pub fn key(&self) -> Option<Key> {
        self.with_typed(|envelope| G::key(envelope, &self.body))
    }

    /// Events with equal message keys are about the same message. `None` when
    /// the event is not about a message, or its message has no id.
    pub fn message_key(&self) -> Option<Key> {
        self.with_typed(G::message_key)
    }

    /// A form for a queue or a database, to be parsed again by
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
        self.envelope().notes().hint()
    }

    fn with_typed<T>(&self, ask: impl FnOnce(&G::Envelope) -> T) -> T {
        match self.typed() {
            None => ask(self.envelope()),
            Some(typed) => ask(typed.get()),
        }
    }

    /// The envelope with its event typed, when it was skipped.
    fn typed(&self) -> Option<Held<G::Envelope>> {
        match self.recognition() {
            Recognition::Skipped => event::read(&self.body, &|| self.hint(), &Wanted::ALL).ok(),
            _ => None,
        }
    }
}

impl<G: Gateway> Clone for Delivery<G> {
    fn clone(&self) -> Self {
        Self {
            envelope: self.envelope().clone().hold(),
            body: self.body.clone(),
            proof: self.proof.clone(),
            received_at: self.received_at,
            attempt: self.attempt,
            ticket: self.ticket.clone(),
        }
    }
}

impl<G: Gateway> fmt::Debug for Delivery<G> {
    /// Does not show the content of the event.
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
