//! eazeWA, today WaAPI: how it proves itself, what it sends, how it repeats.
//!
//! eazeWA drives WhatsApp Web through the open-source library
//! whatsapp-web.js, so an event is one small envelope around that library's
//! objects. It signs nothing, gives no event an id or a time, and sends media
//! inline.
//!
//! * **Proof** is a token in the URL, one per instance: [`EazeWa`] binds it to
//!   the instance that the body names. It proves nothing about the body, so
//!   all rests on TLS and on nobody reading the URL: keep it out of logs, and
//!   log the route that matched instead. An `x-waapi-signature` that some code
//!   checks is not documented, and not looked at.
//! * **Repetition**: an answer of *any* status is final; only silence is
//!   repeated, about every 3 s until there is an answer. So
//!   - an event that is refused, answered 5xx or larger than the server's limit
//!     (413) is lost: the limit is 32 MiB, and a failed handler is answered 200
//!     and handed to [`on_unsaved`](crate::Receiver::on_unsaved);
//!   - a slow handler gets its event again meanwhile. With a
//!     [timer](crate::Receiver::timer) the duplicate is held until the first
//!     one is done; answered at once it would end the repetition, and a crash
//!     of the first would lose the event;
//!   - while the store is down, events are handled all the same, and marked.
//! * **The same message twice**: a received message comes as `message` and as
//!   `message_create` when both are subscribed to. Their keys differ, their
//!   [message key](crate::Delivery::message_key) is one.
//! * **No identity**: `loading_screen`, `authenticated`, `auth_failure`,
//!   `ready`, `disconnected` and `change_state` have nothing unique, hence no
//!   key: handle them so that twice is as good as once.
//! * **Addresses** are JIDs on `c.us`, `lid` (whose digits are no phone
//!   number), `g.us`, `broadcast` and `newsletter`; text mostly, in places
//!   objects. Both are [`Jid`](crate::Jid)s.
//! * **Message ids** are objects. Since July 2026 their `_serialized` is gone,
//!   with `$1` in its place or nothing; [`MessageId`](crate::MessageId) reads
//!   all three, and they are equal.
//! * **Numbers** come as text in places, and times in seconds, fractions of
//!   seconds and milliseconds. Each field says what it has.
//!
//! Source: waapi.readme.io (the pages on webhooks and their events) and the
//! sources of whatsapp-web.js 1.18 to 1.34, read in November 2026. Where no page
//! documents an event, its documentation says so.

mod call;
mod changes;
mod content;
mod event;
mod group;
mod key;
mod kind;
mod media;
mod message;
mod model;
mod poll;
mod reaction;
mod session;

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Gateway, Unverified, sealed};
use crate::auth::{Anyone, Networks, Policy};
use crate::idempotency::Key;
use crate::request::Request;
use crate::retry::RetrySchedule;

pub use call::{Call, IncomingCall};
pub use changes::{
    MediaUploaded, MessageAck, MessageEdit, MessageRevokeEveryone, MessageRevokeMe, NewMessage,
};
pub use content::{GroupInvite, GroupMention, Link, Location, PollOption};
pub use event::{Envelope, Event};
pub use group::{GroupChange, GroupNotification, GroupNotificationType};
pub use kind::{Ack, DeviceType, MessageType};
pub use media::Media;
pub use message::Message;
pub use model::RawModel;
pub use poll::{PollVote, VoteUpdate};
pub use reaction::{MessageReaction, Reaction};
pub use session::{
    AuthFailure, ChangeState, DisconnectReason, Disconnected, LoadingScreen, Qr, State,
    Undocumented,
};

/// How eazeWA's deliveries must prove themselves.
#[derive(Clone, Debug)]
pub struct EazeWa {
    policy: Policy,
}

impl EazeWa {
    /// From one of these networks, whatever the request carries.
    pub fn from_networks(networks: Networks) -> Self {
        Policy::of(networks).into()
    }

    /// No authentication: every request is accepted.
    pub fn unauthenticated() -> Self {
        Policy::of(Anyone).into()
    }
}

impl From<Policy> for EazeWa {
    fn from(policy: Policy) -> Self {
        Self { policy }
    }
}

/// Any answer, of whatever status, is the last word; without one again after
/// about 3 s. How long eazeWA waits for an answer is not published.
const RETRIES: &[RetrySchedule] = &[RetrySchedule::until_answered(Duration::from_secs(3))];

impl sealed::Sealed for EazeWa {}

impl Gateway for EazeWa {
    type Event = Event;
    type Envelope = Envelope;

    const NAME: &'static str = "eazewa";

    // Media come inline, in base64; what is over the limit is lost.
    const BODY_LIMIT: usize = 32 * 1024 * 1024;

    const RETRIES: &'static [RetrySchedule] = RETRIES;

    fn peek(_request: &Request<'_>) -> Unverified {
        Unverified::default()
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn account(envelope: &Envelope) -> Option<Cow<'_, str>> {
        envelope.instance_id.as_deref().map(Cow::Borrowed)
    }

    /// Receipts, deletions and states carry no time of their own.
    fn happened_at(envelope: &Envelope) -> Option<DateTime<Utc>> {
        match &envelope.event {
            Event::Message(new) | Event::MessageCreate(new) => new.message.timestamp,
            Event::MessageEdit(edit) => edit.message.latest_edit_sender_timestamp_ms,
            Event::MessageReaction(event) => event.reaction.timestamp,
            Event::GroupJoin(change) | Event::GroupLeave(change) | Event::GroupUpdate(change) => {
                change.notification.timestamp
            }
            Event::VoteUpdate(event) => event.vote.interacted_at,
            Event::Call(event) => event.call.timestamp,
            _ => None,
        }
    }

    fn key(envelope: &Envelope, _body: &[u8]) -> Option<Key> {
        key::of_event(envelope)
    }

    fn message_key(envelope: &Envelope) -> Option<Key> {
        key::of_message(envelope)
    }
}
