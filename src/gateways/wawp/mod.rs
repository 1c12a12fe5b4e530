#![doc = include_str!("guide.md")]

mod account;
mod change;
mod chat;
mod ends;
mod engine;
mod engine_content;
mod engine_time;
mod event;
mod group;
mod group_v1;
mod invitation;
mod label;
mod media;
mod mentions;
mod message;
mod participant;
mod poll;
mod presence;
mod receipt;
mod session;

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::HeaderName;

use super::{Gateway, Unverified};
use crate::auth::{
    AccountSecrets, BodySignature, Checked, NamedAlgorithm, NamedHeader, Policy, Proves, SignedBody, likely_token,
};
use crate::idempotency::Key;
use crate::request::{Head, Request, Values};
use crate::retry::RetrySchedule;
use crate::secret::{Secret, Secrets};
use crate::wire::time::millis;

pub use account::{
    Engine, Environment, Me, MessageCapping, Metadata, ReachoutTimelock, Tier, Worker,
};
pub use change::{MessageEdited, MessageReaction, MessageRevoked, Reaction};
pub use chat::{Call, ChatArchive};
pub use engine::{EngineEvent, StateChange};
pub use engine_content::EngineContent;
pub use engine_time::EngineTime;
pub use event::{Envelope, Event, EventName};
pub use group::{
    Group, GroupV2Join, GroupV2JoinRequest, GroupV2Leave, GroupV2Participants, GroupV2Update,
    JoinRequestAction, JoinRequestMethod, ParticipantsChange,
};
pub use group_v1::{GroupMember, GroupNotification};
pub use invitation::{Attendance, EventAnswer, EventCreationKey, EventResponse};
pub use label::{Label, LabelChange, LabelChat, LabelColor};
pub use media::{Location, Media, ReplyTo, S3};
pub use message::{Message, MessageSource};
pub use participant::{Participant, Role};
pub use poll::{FailedVote, Poll, PollVote, PollVoteFailed, PollVoteFailure, Vote};
pub use presence::{Presence, PresenceState, PresenceUpdate};
pub use receipt::{Ack, AckName, MessageAck};
pub use session::{Credential, SessionData, SessionState, SessionStatus, StatusEntry};

policy! {
    /// The authentication policy for deliveries of Wawp or WAHA.
    ///
    /// Wawp signs nothing. It advises a secret in the URL's query; the
    /// addresses it sends from are not published. WAHA signs if an HMAC key is
    /// configured, and can send custom headers. (Wawp's Python library can also
    /// check an HMAC-SHA256; but it is not documented that deliveries have one,
    /// nor in which header, so it is not supported here.)
    ///
    /// ```
    /// use zaphook::auth::{Networks, Query};
    /// use zaphook::{Secret, Token, Wawp};
    ///
    /// // Wawp: https://hooks.example.org/wawp?secret=…
    /// let wawp = Wawp::by(Query::new("secret", Token::new("f2Q8xN4pL0sV7kT3")?));
    ///
    /// // WAHA with `hmac.key`, from your own network:
    /// let waha = Wawp::signed(Secret::new("my-hmac-key")?)
    ///     .and(Networks::new(["10.0.0.0/8"])?);
    ///
    /// // Both on one route:
    /// let either = Wawp::any_of([wawp, waha]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Wawp;
    account: &event::ACCOUNT,
    header: true,
}

impl Wawp {
    /// The header with WAHA's signature: the lower-case hexadecimal HMAC-SHA512
    /// of the body.
    pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-webhook-hmac");

    /// The header in which WAHA names the algorithm of the signature: `sha512`.
    /// It may be missing; any other value is refused as
    /// `unsupported_algorithm`.
    pub const ALGORITHM_HEADER: HeaderName =
        HeaderName::from_static("x-webhook-hmac-algorithm");

    /// The header with the delivery's id; see [`request_id`](Self::request_id).
    pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-webhook-request-id");

    /// The header with the time of the event; see
    /// [`request_time`](Self::request_time).
    pub const TIMESTAMP_HEADER: HeaderName = HeaderName::from_static("x-webhook-timestamp");

    /// Requires WAHA's signature, made with one of these keys (`hmac.key`,
    /// `WHATSAPP_HOOK_HMAC_KEY`). Several keys are for the rotation of one
    /// server's or session's key: each of them is accepted for every session.
    /// For sessions with keys of their own, use
    /// [`per_session`](Self::per_session), or [`Tenants`](crate::Tenants) if they
    /// are looked up.
    pub fn signed(secrets: impl Into<Secrets>) -> Self {
        Self::by(Signature::new(secrets))
    }

    /// Requires WAHA's signature, made with a key of the session that the body
    /// names. A key is not valid for another session, and an unknown session
    /// is checked and refused as a wrong key is.
    /// [`Proof::account`](crate::Proof::account) says whose key it was.
    ///
    /// Wawp signs nothing: for its sessions give each URL a token of its own,
    /// with [`Query::per_account`](crate::auth::Query::per_account).
    pub fn per_session(secrets: AccountSecrets) -> Self {
        Self::by(Signature::per_session(secrets))
    }

    /// The value of [`SIGNATURE_HEADER`](Self::SIGNATURE_HEADER) that WAHA
    /// sends with a body.
    pub fn sign(secret: &Secret, body: &[u8]) -> String {
        BodySignature::sha512(secret.clone()).sign(body)
    }

    /// The id of a delivery: the same in every retry, but different for each
    /// webhook that receives the event. For logs and support requests; it is
    /// not signed, so it proves nothing and is not part of any key.
    ///
    /// `None` when there is none, more than one, or one that is not ASCII text.
    ///
    /// ```
    /// use zaphook::{Head, Wawp};
    ///
    /// let headers = [("X-Webhook-Request-Id", "k3j9x0q2m1z7ab")];
    /// assert_eq!(Wawp::request_id(&Head::new(&headers)), Some("k3j9x0q2m1z7ab"));
    /// ```
    pub fn request_id<'a>(head: &Head<'a>) -> Option<&'a str> {
        sole_text(head, &Self::REQUEST_ID_HEADER)
    }

    /// When the event was created, according to WAHA's
    /// [`TIMESTAMP_HEADER`](Self::TIMESTAMP_HEADER): in milliseconds, equal to
    /// the body's `timestamp`, and not renewed by retries. It is not signed;
    /// [`Envelope::timestamp`] may be.
    pub fn request_time(head: &Head<'_>) -> Option<DateTime<Utc>> {
        let text = sole_text(head, &Self::TIMESTAMP_HEADER)?;
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let mut json = serde_json::Deserializer::from_str(text);
        millis::deserialize(&mut json).ok().flatten().filter(|_| is_number)
    }
}

fn sole_text<'a>(head: &Head<'a>, name: &HeaderName) -> Option<&'a str> {
    match head.header(name) {
        Values::One(value) if value.is_ascii() => std::str::from_utf8(value).ok(),
        _ => None,
    }
}

/// WAHA's signature, as a mechanism: see [`Wawp::signed`].
#[derive(Clone, Debug)]
pub struct Signature(NamedAlgorithm);

impl Signature {
    /// Accepts signatures made with one of these keys.
    pub fn new(secrets: impl Into<Secrets>) -> Self {
        Self::of(SignedBody::new(signature_header(), BodySignature::sha512(secrets)))
    }

    /// Accepts signatures made with a key of the session that the body names.
    pub fn per_session(secrets: AccountSecrets) -> Self {
        let account = &event::ACCOUNT;
        let make = BodySignature::sha512;
        Self::of(SignedBody::per_account(signature_header(), account, &secrets, make))
    }

    fn of(signed: SignedBody) -> Self {
        let named = NamedHeader::new(Wawp::ALGORITHM_HEADER, "X-Webhook-Hmac-Algorithm");
        Self(NamedAlgorithm::new(named, "sha512", signed))
    }
}

fn signature_header() -> NamedHeader {
    NamedHeader::new(Wawp::SIGNATURE_HEADER, "X-Webhook-Hmac")
}

impl Proves<Wawp> for Signature {
    fn checked(self) -> Checked {
        Checked::new(self.0)
    }
}

/// A delivery as WAHA sends it: `POST`, JSON, signed with the key.
#[cfg(feature = "testing")]
pub fn signed_request(
    secret: &Secret,
    body: impl crate::request::IntoBody,
) -> http::Request<bytes::Bytes> {
    let body = body.into_body();
    let signature = Wawp::sign(secret, &body);
    let headers = [
        (Wawp::SIGNATURE_HEADER, signature),
        (Wawp::ALGORITHM_HEADER, "sha512".to_owned()),
        (Wawp::REQUEST_ID_HEADER, "k3j9x0q2m1z7ab".to_owned()),
    ];
    crate::request::delivery(body, headers)
}

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const RETRIES: &[RetrySchedule] = &[
    // Wawp: anything but 200, or no answer within 5 s: five times, 5 s apart.
    RetrySchedule::fixed(&[s(5); 5]).answer_within(s(5)).only_200_succeeds(),
    // Wawp, where the dashboard says exponential.
    RetrySchedule::fixed(&[s(5), s(10), s(20), s(40), s(80)])
        .answer_within(s(5))
        .only_200_succeeds(),
    // WAHA: anything but 2xx, 4xx too: fifteen times, 2 s apart. It has no
    // limit of its own for the answer.
    RetrySchedule::fixed(&[s(2); 15]),
];

impl Gateway for Wawp {
    type Event = Event;
    type Envelope = Envelope;

    const NAME: &'static str = "wawp";

    // Engine dumps bring thumbnails and, with `engine.event`, whole histories.
    const BODY_LIMIT: usize = 32 * 1024 * 1024;

    /// Wawp's usual schedule, Wawp's exponential one, and WAHA's usual one.
    const RETRIES: &'static [RetrySchedule] = RETRIES;

    fn peek(request: &Request<'_>) -> Unverified {
        Unverified {
            account: event::ACCOUNT.read(request.body()),
            token_digest: likely_token(request.head(), Self::CUT),
        }
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn account(envelope: &Envelope) -> Option<Cow<'_, str>> {
        envelope.session_name().map(Cow::Borrowed)
    }

    fn dispatched_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        envelope.timestamp.or(match &envelope.event {
            Event::SessionStatus(status) => status.ts,
            _ => None,
        })
    }

    fn happened_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        envelope.happened_at()
    }

    /// The event's own id: it is the same in every retry and for every webhook.
    /// A body without one (Wawp's bare status, WAHA before 2024.10.9) has
    /// nothing that distinguishes a retry from another event of its kind.
    fn key(envelope: &Envelope, _: &[u8]) -> Option<Key> {
        let id = Some(envelope.id.as_deref()?);
        let session = envelope.session.as_deref();
        let whole = [session, Some(envelope.name()), Some("event"), id];
        // The name may be empty, or cut inside a character.
        Key::new(Self::NAME, whole).or_else(|| Key::new(Self::NAME, [Some("event"), id]))
    }

    /// The message with its chat, whichever event it is: `message` and
    /// `message.any` of one message share it, and so do its receipts, reactions
    /// and edits. The author is not part of it, since edits and receipts do not
    /// name one: a sender who copies the id of someone else's message in the
    /// same group shares its key.
    fn message_key(envelope: &Envelope) -> Option<Key> {
        let session = envelope.session_name();
        let id = Some(envelope.event.message_id()?);
        match envelope.event.chat() {
            Some(chat) => {
                let parts = [session, Some("message"), Some(chat.as_str()), id];
                Key::new(Self::NAME, parts)
            }
            None => Key::new(Self::NAME, [session, Some("message"), id]),
        }
    }
}
