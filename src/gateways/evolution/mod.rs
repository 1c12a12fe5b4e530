#![doc = include_str!("guide.md")]

pub mod go;
pub mod servers;

mod address;
mod at_least_one;
mod calls;
mod chats;
mod connection;
mod contacts;
mod deleted;
mod edited;
mod error_report;
mod event;
mod groups;
mod history;
mod identity;
mod key;
mod labels;
mod local_time;
mod message;
mod names;
mod policy;
mod receipt;
mod status;
mod template;
mod typebot;

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Gateway, Unverified};
use crate::auth::{Policy, likely_token};
use crate::idempotency::Key;
use crate::request::Request;
use crate::retry::RetrySchedule;

pub use calls::{Call, CallStatus};
pub use chats::Chat;
pub use connection::{
    ConnectionState, ConnectionUpdate, InstanceChange, InstanceStatus, NewJwt, Qrcode,
    QrcodeUpdated, StatusInstance, StatusReason,
};
pub use contacts::{Contact, Presence, PresenceState, PresenceUpdate};
pub use deleted::{Deletion, MessageDeleted};
pub use edited::MessageEdited;
pub use error_report::{ErrorReport, ErrorResponse, ErrorTexts};
pub use event::{Envelope, Event, EventName};
pub use groups::{
    AdminRole, Group, GroupParticipant, GroupParticipantsUpdate, ParticipantAction,
    ParticipantData,
};
pub use history::MessagingHistorySet;
pub use key::{AddressingMode, MessageKey};
pub use labels::{LabelAssociation, LabelChange, LabelEdit};
pub use local_time::LocalTime;
pub use at_least_one::AtLeastOne;
pub use message::{Message, PollVoters, Source};
pub use policy::{ApiKey, Basic, Evolution, InstanceToken, Jwt};
#[cfg(feature = "testing")]
pub use policy::signed_request;
#[cfg(feature = "testing")]
pub(crate) use policy::signed_request_at;
pub use receipt::MessageUpdate;
pub use status::MessageStatus;
pub use template::{TemplateDisabled, TemplateEvent, TemplateOther, TemplateStatus};
pub use typebot::{
    ChamaAiAction, SessionTime, TypebotChangeStatus, TypebotParameters, TypebotSession,
    TypebotStart, TypebotStatus, TypebotVariable,
};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The default configuration of the three version lines: 2.3.0 and later, 2.2.1
/// to 2.2.3, and everything before, which tries once; and of Evolution Go.
///
/// Measured with 2.3.7: the waits are within a fifth of these, the first never
/// below 5 s and the longest 362 s; all attempts together take 1,150 to 1,322
/// s, and 1,454 to 1,471 s if each of them times out. A 301 redirect turns the
/// POST into a GET without a body, whose 200 ends the delivery; 302 and 303 are
/// inferred from that. With 307 it stays a POST.
const RETRIES: &[RetrySchedule] = &[
    RetrySchedule::fixed(&[
        s(5),
        s(10),
        s(20),
        s(40),
        s(80),
        s(160),
        s(300),
        s(300),
        s(300),
    ])
    .jitter(20)
    .answer_within(s(30))
    .never_after(&[301, 302, 303, 400, 401, 403, 404, 422]),
    RetrySchedule::fixed(&[s(30); 9]),
    RetrySchedule::fixed(&[]),
    go::RETRIES,
];

impl Gateway for Evolution {
    type Event = Event;
    type Envelope = Envelope;

    const NAME: &'static str = identity::NAME;

    // Media come inside the body, as base64 or as maps of ten bytes of JSON
    // for each byte.
    const BODY_LIMIT: usize = 32 * 1024 * 1024;

    const RETRIES: &'static [RetrySchedule] = RETRIES;

    /// The account is the instance's name, or what identifies it in a body
    /// without an envelope; the token is the one in the query or at the end of
    /// the path.
    fn peek(request: &Request<'_>) -> Unverified {
        let account = identity::ACCOUNT.read(request.body());
        Unverified { account, token_digest: likely_token(request.head(), names::without_event) }
    }

    fn policy(&self) -> &Policy {
        self.policy()
    }

    fn account(envelope: &Envelope) -> Option<Cow<'_, str>> {
        identity::account(envelope).map(Cow::Borrowed)
    }

    /// The server's time of dispatch is not an instant, so nothing that needs
    /// one applies.
    fn dispatched_at(_: &Envelope) -> Option<DateTime<Utc>> {
        None
    }

    fn happened_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        match &envelope.event {
            Event::MessagesUpsert(messages) => messages.first()?.message_timestamp,
            Event::SendMessage(message) => message.message_timestamp,
            Event::MessagesUpdate(update) | Event::CloudMessageStatus(update) => update.datetime,
            Event::MessagesEdited(edited) | Event::SendMessageUpdate(edited) => {
                edited.timestamp_ms
            }
            Event::Call(call) => call.date,
            Event::StatusInstance(status) => status.disconnection_at,
            Event::Go(go) => go.happened_at(),
            _ => None,
        }
    }

    fn key(envelope: &Envelope, body: &[u8]) -> Option<Key> {
        identity::key(envelope, body)
    }

    fn message_key(envelope: &Envelope) -> Option<Key> {
        identity::message_key(envelope)
    }
}
