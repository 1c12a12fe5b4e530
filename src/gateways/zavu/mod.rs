#![doc = include_str!("guide.md")]

mod call;
mod content;
mod conversation;
mod event;
mod invitation;
mod management;
mod message;
mod signature;
mod template;
mod tool;
mod unpublished;

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderName;

use super::{Gateway, Unverified};
use crate::auth::{AccountMembers, AccountSecrets, Policy};
use crate::idempotency::{Key, body_digest};
use crate::request::{Head, Request, Values};
use crate::retry::RetrySchedule;
use crate::secret::{Secret, Secrets};
#[cfg(feature = "testing")]
use crate::wire::json::find_text;

pub use call::{Call, CallDirection, CallEndReason, CallStatus};
pub use content::{Contact, Content, Place, Referral, ReferralMedia, SourceType};
pub use conversation::ConversationNew;
pub use event::{Envelope, Event, EventName};
pub use invitation::{
    ConnectedAccount, ConnectionType, FailureReason, InvitationStatus, InvitationStatusChanged,
};
pub use management::{
    ProjectWebhook, SecretAnswer, SignatureVersion, Webhook, WebhookV2, WebhookV2Settings,
};
pub use message::{
    Channel, ErrorCode, MessageInbound, MessageStatus, MessageType, OutboundMessage, Story,
};
pub use signature::{Form, Signature};
pub use template::{TemplateReview, TemplateStatus};
pub use tool::{ToolCall, ToolCallError, ToolCalls, ToolContext};
pub use unpublished::{BroadcastStatus, Unpublished};

policy! {
    /// The authentication policy for Zavu's deliveries.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zaphook::auth::AccountSecrets;
    /// use zaphook::zavu::Signature;
    /// use zaphook::{Secret, Zavu};
    ///
    /// // Signed with the webhook's secret:
    /// let secret = Secret::new("whsec_support")?;
    /// let signed = Zavu::signed(secret.clone());
    ///
    /// // Several senders, each with its own secret:
    /// let several = Zavu::per_account(AccountSecrets::new([
    ///     ("sender_support", secret.clone()),
    ///     ("sender_sales", Secret::new("whsec_sales")?),
    /// ])?);
    ///
    /// // Only in the form whose time is signed:
    /// let signature = Signature::new(secret).require_v2().max_age(Duration::from_secs(600));
    /// let policy = Zavu::by(signature);
    /// # Ok::<(), zaphook::SecretError>(())
    /// ```
    pub struct Zavu;
    account: &ACCOUNT,
}

impl Zavu {
    /// The signature header; see [`Form`] for its forms.
    pub const SIGNATURE_HEADER: HeaderName = signature::HEADER;

    /// The header that names the event. It is not signed.
    pub const EVENT_HEADER: HeaderName = HeaderName::from_static("x-zavu-event");

    /// Requires a signature made with one of these secrets (`whsec_…`), each
    /// used whole, including its prefix, in one of the forms F0, F1 and F2.
    /// Every sender has a secret of its own; several secrets here are for the
    /// rotation of one account's secret, since each of them is accepted for
    /// every account. For senders with different secrets, use
    /// [`per_account`](Self::per_account), or [`Tenants`](crate::Tenants) if they
    /// are looked up.
    ///
    /// If there is a `v2`, it decides: a wrong `v2` next to a valid `v1` is
    /// refused.
    ///
    /// See [`Signature`] for its settings: which forms are accepted, and how
    /// old they may be.
    pub fn signed(secrets: impl Into<Secrets>) -> Self {
        Self::by(Signature::new(secrets))
    }

    /// As [`signed`](Self::signed), with a secret of the account that the body
    /// names: the sender (`senderId`), else the project (`projectId`). A secret is
    /// not valid for another account, and an unknown account is checked and
    /// refused as a wrong secret is. [`Proof::account`](crate::Proof::account) says whose
    /// secret it was.
    pub fn per_account(secrets: AccountSecrets) -> Self {
        Self::by(Signature::per_account(secrets))
    }

    /// The value of [`SIGNATURE_HEADER`](Self::SIGNATURE_HEADER) that Zavu
    /// sends with a body at this time, in the form of new webhooks: F2.
    pub fn sign(secret: &Secret, at: DateTime<Utc>, body: &[u8]) -> String {
        Self::sign_as(Form::F2, secret, at, body)
    }

    /// As [`sign`](Self::sign), in any form. F0 does not use the time.
    pub fn sign_as(form: Form, secret: &Secret, at: DateTime<Utc>, body: &[u8]) -> String {
        signature::sign(form, secret.clone(), at, body)
    }
}

/// A delivery as Zavu would send it now: `POST`, JSON, signed with the secret
/// at this time (form F2), and with the event's name in a header if the body
/// has one.
#[cfg(feature = "testing")]
pub fn signed_request(
    secret: &Secret,
    body: impl crate::request::IntoBody,
) -> http::Request<bytes::Bytes> {
    signed_request_at(secret, Utc::now(), body.into_body())
}

/// As it would have been sent at that time.
#[cfg(feature = "testing")]
pub(crate) fn signed_request_at(
    secret: &Secret,
    at: DateTime<Utc>,
    body: bytes::Bytes,
) -> http::Request<bytes::Bytes> {
    let signature = Zavu::sign(secret, at, &body);
    let text = crate::wire::text(&body).unwrap_or_default();
    let name = [&["type"], &["event"]].into_iter().filter_map(|member| find_text(text, member));
    let name = name.filter(|name| Event::NAMES.contains(&&**name)).map(Cow::into_owned).next();
    let mut request =
        crate::request::delivery(body, [(Zavu::SIGNATURE_HEADER, signature)]);
    if let Some(Ok(name)) = name.map(|name| name.parse()) {
        request.headers_mut().insert(Zavu::EVENT_HEADER, name);
    }
    request
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// After any answer other than 2xx, or none in time. Whether each delay counts
/// from the previous attempt or from the first one is not published; the longer
/// interpretation is used.
const RETRIES: &[RetrySchedule] = &[
    // API v1, as it is now.
    RetrySchedule::fixed(&[
        Duration::from_secs(MINUTE),
        Duration::from_secs(5 * MINUTE),
        Duration::from_secs(15 * MINUTE),
        Duration::from_secs(HOUR),
        Duration::from_secs(4 * HOUR),
    ])
    .answer_within(Duration::from_secs(30)),
    // API v2. Its limit is not stated; that of v1 is taken.
    RetrySchedule::fixed(&[
        Duration::from_secs(MINUTE),
        Duration::from_secs(5 * MINUTE),
        Duration::from_secs(15 * MINUTE),
        Duration::from_secs(HOUR),
    ])
    .answer_within(Duration::from_secs(30)),
    // The first generation.
    RetrySchedule::fixed(&[
        Duration::from_secs(MINUTE),
        Duration::from_secs(5 * MINUTE),
        Duration::from_secs(30 * MINUTE),
        Duration::from_secs(2 * HOUR),
    ])
    .answer_within(Duration::from_secs(5)),
];

/// The longest name of an event that is taken from a header.
const LONGEST_NAME: usize = 128;

/// The sender, else the project, as [`Envelope::account`] reads them.
const ACCOUNT: AccountMembers = AccountMembers::Outer {
    names: &["senderId", "projectId"],
    account: |outer| outer.first_text(&["senderId", "projectId"]),
};

impl Gateway for Zavu {
    type Event = Event;
    type Envelope = Envelope;

    const NAME: &'static str = "zavu";

    // Media come as links or ids.
    const BODY_LIMIT: usize = 1024 * 1024;

    const RETRIES: &'static [RetrySchedule] = RETRIES;

    fn peek(request: &Request<'_>) -> Unverified {
        let account = ACCOUNT.read(request.body());
        Unverified { account, ..Unverified::default() }
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn hint<'a>(head: &Head<'a>) -> Option<&'a str> {
        let Values::One(value) = head.header(&Self::EVENT_HEADER) else { return None };
        let name = std::str::from_utf8(value).ok()?.trim();
        (!name.is_empty() && name.len() <= LONGEST_NAME).then_some(name)
    }

    /// The sender; for events of a project and in API v2, the project.
    fn account(envelope: &Envelope) -> Option<Cow<'_, str>> {
        envelope.account().map(Cow::Borrowed)
    }

    fn dispatched_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        envelope.timestamp
    }

    fn happened_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        match &envelope.event {
            Event::MessageInbound(message) => message.provider_timestamp,
            Event::Story(story) => story.provider_timestamp,
            _ => None,
        }
        .or(envelope.timestamp)
    }

    /// The event's own id; if there is none, the body itself, which contains
    /// the time of its dispatch. The name is not part of it: it may come from a
    /// header.
    fn key(envelope: &Envelope, body: &[u8]) -> Option<Key> {
        let account = Self::account(envelope);
        let identified = |kind, identity| {
            let account = account.as_deref().filter(|account| !account.is_empty());
            Key::new(Self::NAME, account.into_iter().chain([kind, identity]).map(Some))
        };
        let by_event = envelope.id.as_deref().and_then(|id| identified("event", id));
        by_event.or_else(|| {
            let digest = body_digest(body);
            Key::new(Self::NAME, [Some("body"), Some(&*digest)])
        })
    }

    /// By the message's id alone: API v1 and v2 do not have the same account.
    fn message_key(envelope: &Envelope) -> Option<Key> {
        Key::new(Self::NAME, [Some("message"), envelope.event.message_id()])
    }
}
