#![doc = include_str!("guide.md")]

mod event;
mod instance;
mod management;
mod message;

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderName;

use super::{Gateway, Unverified};
use crate::auth::{
    AccountMembers, AccountSecrets, BodySignature, Checked, NamedHeader, Policy, Proves, SignedBody,
};
use crate::idempotency::{Key, body_digest};
use crate::request::Request;
use crate::retry::RetrySchedule;
use crate::secret::{Secret, Secrets};
use crate::wire::time::iso;

pub use event::{Envelope, Event, EventName};
pub use instance::{
    DisconnectReason, InstanceConnected, InstanceDisconnected, InstanceQrUpdated,
};
pub use management::{
    DeliveryLog, DeliveryLogEntry, DeliveryStatus, TestAnswer, TestDelivery, Webhook,
    WebhookCreated, WebhookStatus,
};
pub use message::{
    ErrorCode, MessageDelivered, MessageError, MessageFailed, MessageRead, MessageReceived,
    MessageSent, MessageStatus, MessageType,
};

policy! {
    /// The authentication policy for EnviaAI's deliveries.
    ///
    /// ```
    /// use zaphook::auth::Networks;
    /// use zaphook::{EnviaAi, Secret};
    ///
    /// // Signed with the webhook's secret; or, while it is being changed, with
    /// // either of two:
    /// let signed = EnviaAi::signed([Secret::new("whs_current")?, Secret::new("whs_previous")?]);
    ///
    /// // And from the proxy's network as well:
    /// let policy = signed.and(Networks::new(["10.0.0.0/8"])?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct EnviaAi;
    account: &ACCOUNT,
}

/// The instance.
const ACCOUNT: AccountMembers = AccountMembers::At(&["data", "instanceId"]);

impl EnviaAi {
    /// The signature header: `sha256=` and the lower-case hexadecimal
    /// HMAC-SHA256 of the body.
    pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-enviaai-signature");

    /// Requires a signature made with one of the webhook's secrets (`whs_…`, or
    /// one of your choice). Each is used whole, including its prefix. Several
    /// secrets are for the rotation of one account's secret: each of them is
    /// accepted for every instance. For instances with secrets of their own, use
    /// [`per_instance`](Self::per_instance), or [`Tenants`](crate::Tenants) if
    /// they are looked up.
    pub fn signed(secrets: impl Into<Secrets>) -> Self {
        Self::by(Signature::new(secrets))
    }

    /// Requires a signature made with a secret of the instance that the body
    /// names (`data.instanceId`). A secret is not valid for another instance,
    /// and an unknown instance is checked and refused as a wrong secret is.
    /// [`Proof::account`](crate::Proof::account) says whose secret it was.
    pub fn per_instance(secrets: AccountSecrets) -> Self {
        Self::by(Signature::per_instance(secrets))
    }

    /// The value of [`SIGNATURE_HEADER`](Self::SIGNATURE_HEADER) that EnviaAI
    /// sends with a body.
    pub fn sign(secret: &Secret, body: &[u8]) -> String {
        signature(secret.clone()).sign(body)
    }
}

/// A delivery as EnviaAI sends it: `POST`, JSON, signed with the secret.
#[cfg(feature = "testing")]
pub fn signed_request(
    secret: &Secret,
    body: impl crate::request::IntoBody,
) -> http::Request<bytes::Bytes> {
    let body = body.into_body();
    let signature = EnviaAi::sign(secret, &body);
    crate::request::delivery(body, [(EnviaAi::SIGNATURE_HEADER, signature)])
}

/// The signature over the body, as a mechanism: see [`EnviaAi::signed`].
#[derive(Clone, Debug)]
pub struct Signature(SignedBody);

impl Signature {
    /// Made with one of the webhook's secrets.
    pub fn new(secrets: impl Into<Secrets>) -> Self {
        let header = NamedHeader::new(EnviaAi::SIGNATURE_HEADER, "X-EnviaAI-Signature");
        Self(SignedBody::new(header, signature(secrets)))
    }

    /// Made with a secret of the instance that the body names.
    pub fn per_instance(secrets: AccountSecrets) -> Self {
        let header = NamedHeader::new(EnviaAi::SIGNATURE_HEADER, "X-EnviaAI-Signature");
        Self(SignedBody::per_account(header, &ACCOUNT, &secrets, signature))
    }
}

impl Proves<EnviaAi> for Signature {
    fn checked(self) -> Checked {
        Checked::new(self.0)
    }
}

fn signature(secrets: impl Into<Secrets>) -> BodySignature {
    BodySignature::sha256(secrets).prefix("sha256=")
}

/// After any answer other than 2xx, or none within 5 s, it retries after 30 s,
/// 2 min, 10 min, 1 h and 6 h; then the delivery is marked as failed. Whether
/// each delay counts from the previous attempt or from the first one is not
/// published; the longer interpretation is used.
const RETRIES: &[RetrySchedule] = &[RetrySchedule::fixed(&[
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
])
.answer_within(Duration::from_secs(5))];

impl Gateway for EnviaAi {
    type Event = Event;
    type Envelope = Envelope;

    const NAME: &'static str = "enviaai";

    // Media come as links; the largest payload is a QR code of some 10 kB.
    const BODY_LIMIT: usize = 1024 * 1024;

    const RETRIES: &'static [RetrySchedule] = RETRIES;

    fn peek(request: &Request<'_>) -> Unverified {
        let account = ACCOUNT.read(request.body());
        Unverified { account, ..Unverified::default() }
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn account(envelope: &Envelope) -> Option<Cow<'_, str>> {
        envelope.event.instance_id()
    }

    fn dispatched_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        envelope.timestamp
    }

    fn happened_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        match &envelope.event {
            Event::MessageReceived(message) => message.timestamp,
            Event::MessageDelivered(message) => message.delivered_at,
            Event::MessageRead(message) => message.read_at,
            _ => None,
        }
        .or(envelope.timestamp)
    }

    /// The event's own id if there is one, else the message with what happened
    /// to it, else the instance with the time; if the body has none of these,
    /// the body itself: a retry has the same text.
    fn key(envelope: &Envelope, body: &[u8]) -> Option<Key> {
        let instance = envelope.event.instance_id();
        let identified = |identity: &[&str]| {
            let parts = [instance.as_deref(), Some(envelope.name())];
            Key::new(Self::NAME, parts.into_iter().chain(identity.iter().copied().map(Some)))
        };
        let by_event = envelope.event_id.as_deref().and_then(|id| identified(&["event", id]));
        let by_content = || match &envelope.event {
            Event::InstanceQrUpdated(qr) => {
                let expires_at = qr.expires_at.as_ref().map(iso::text)?;
                identified(&["time", &iso::text(&envelope.timestamp?), &expires_at])
            }
            Event::InstanceConnected(_) | Event::InstanceDisconnected(_) => {
                identified(&["time", &iso::text(&envelope.timestamp?)])
            }
            event => identified(&["message", event.message_id()?]),
        };
        by_event.or_else(by_content).or_else(|| {
            let digest = body_digest(body);
            // The name may be empty, or cut inside a character.
            Key::new(Self::NAME, [Some(envelope.name()), Some("body"), Some(&digest)])
                .or_else(|| Key::new(Self::NAME, [Some("body"), Some(&*digest)]))
        })
    }

    fn message_key(envelope: &Envelope) -> Option<Key> {
        let instance = envelope.event.instance_id();
        let message = envelope.event.message_id();
        Key::new(Self::NAME, [instance.as_deref(), Some("message"), message])
    }
}
