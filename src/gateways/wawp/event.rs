//! The list of Wawp's and WAHA's events, and the JSON around them.

use chrono::{DateTime, Utc};

use super::account::{Engine, Environment, Me, Metadata};
use super::change::{MessageEdited, MessageReaction, MessageRevoked};
use super::chat::{Call, ChatArchive};
use super::engine::{EngineEvent, StateChange};
use super::group::{
    GroupV2Join, GroupV2JoinRequest, GroupV2Leave, GroupV2Participants, GroupV2Update,
};
use super::group_v1::GroupNotification;
use super::invitation::EventResponse;
use super::label::{LabelChange, LabelChat};
use super::message::Message;
use super::poll::{PollVote, PollVoteFailed};
use super::presence::PresenceUpdate;
use super::receipt::MessageAck;
use super::session::SessionStatus;
use crate::auth::AccountMembers;
use crate::event::{Envelope as _, NameSource, Parts, Route, Unreadable, envelope, events};
use crate::jid::JidRef;
use crate::message_id::MessageId;
use crate::wire::{Id, RawJson};
use crate::wire::time::{self, millis};

events! {
    /// What happened at a Wawp or WAHA session.
    pub enum Event {
        /// The state of the session changed. Wawp's bare status bodies, which
        /// name no event, are read as this event too.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/session.status)
        "session.status" => SessionStatus(Box<SessionStatus>),
        /// Someone wrote to the account.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/message)
        "message" => Message(Box<Message>),
        /// A message was written, by someone else or by the account.
        "message.any" => MessageAny(Box<Message>),
        /// Someone reacted to a message.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/message.reaction)
        "message.reaction" => MessageReaction(Box<MessageReaction>),
        /// The delivery status of a message changed.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/message.ack)
        "message.ack" => MessageAck(Box<MessageAck>),
        /// The delivery status of a group message changed for one of the
        /// members.
        "message.ack.group" => MessageAckGroup(Box<MessageAck>),
        /// A message arrived that cannot be decrypted yet.
        "message.waiting" => MessageWaiting(Box<Message>),
        /// A message was edited.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/message.edited)
        "message.edited" => MessageEdited(Box<MessageEdited>),
        /// A message was deleted for everybody.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/message.revoked)
        "message.revoked" => MessageRevoked(Box<MessageRevoked>),
        /// The account joined a group.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/group.v2.join)
        "group.v2.join" => GroupV2Join(Box<GroupV2Join>),
        /// The account left a group; from Wawp, anyone did.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/group.v2.leave)
        "group.v2.leave" => GroupV2Leave(Box<GroupV2Leave>),
        /// A group was changed.
        ///
        /// [Wawp's page](https://api.wawp.net/ar/docs/group.v2.update)
        "group.v2.update" => GroupV2Update(Box<GroupV2Update>),
        /// Members joined or left a group, or their roles changed.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/group.v2.participants)
        "group.v2.participants" => GroupV2Participants(Box<GroupV2Participants>),
        /// Someone asks to join a group, withdraws the request, or was
        /// rejected.
        "group.v2.participants.join-request" => GroupV2JoinRequest(Box<GroupV2JoinRequest>),
        /// Only mentioned in Wawp's overview; its payload is not published.
        "group.participants.update" => GroupParticipantsUpdate(RawJson),
        /// Someone joined a group. Deprecated by WAHA.
        "group.join" => GroupJoin(Box<GroupNotification>),
        /// Someone left a group. Deprecated by WAHA.
        "group.leave" => GroupLeave(Box<GroupNotification>),
        /// Someone came online, went offline, or is typing.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/presence.update)
        "presence.update" => PresenceUpdate(Box<PresenceUpdate>),
        /// Someone voted in a poll.
        "poll.vote" => PollVote(Box<PollVote>),
        /// Someone voted in a poll, and the vote could not be decrypted.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/poll.vote.failed)
        "poll.vote.failed" => PollVoteFailed(Box<PollVoteFailed>),
        /// A chat was archived or unarchived.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/chat.archive)
        "chat.archive" => ChatArchive(Box<ChatArchive>),
        /// A call came in.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/call.received)
        "call.received" => CallReceived(Box<Call>),
        /// A call was accepted.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/call.accepted)
        "call.accepted" => CallAccepted(Box<Call>),
        /// A call was rejected.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/call.rejected)
        "call.rejected" => CallRejected(Box<Call>),
        /// A label was created or changed.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/label.upsert)
        "label.upsert" => LabelUpsert(Box<LabelChange>),
        /// A label was deleted.
        "label.deleted" => LabelDeleted(Box<LabelChange>),
        /// A label was added to a chat.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/label.chat.added)
        "label.chat.added" => LabelChatAdded(Box<LabelChat>),
        /// A label was removed from a chat.
        ///
        /// [Wawp's page](https://api.wawp.net/en/docs/label.chat.deleted)
        "label.chat.deleted" => LabelChatDeleted(Box<LabelChat>),
        /// Someone responded to an event invitation.
        "event.response" => EventResponse(Box<EventResponse>),
        /// Someone responded to an event, and the response could not be
        /// decrypted.
        "event.response.failed" => EventResponseFailed(Box<EventResponse>),
        /// An event of the engine, in the engine's own form.
        "engine.event" => EngineEvent(Box<EngineEvent>),
        /// The state of the connection. Deprecated by WAHA.
        "state.change" => StateChange(StateChange),
        /// Only mentioned in Wawp's overview; its payload is not published.
        /// Stories arrive as messages in the chat `status@broadcast`.
        "status.update" => StatusUpdate(RawJson),
    }
}

envelope! {
    /// The envelope of a delivery: the event and its origin.
    ///
    /// One type for all generations of bodies. WAHA sends everything, Wawp
    /// currently no `environment`. Wawp's bare status body has no envelope: all
    /// fields here are then `None`, and
    /// [`SessionStatus::instance_id`](super::SessionStatus::instance_id) is the
    /// session.
    pub struct Envelope {
        /// The event's id: `evt_` and a ULID in lower case; Wawp's overview
        /// shows `evt_1234567890`. The same in every retry, and for every
        /// webhook that receives the event. Absent before WAHA 2024.10.9.
        pub id: Option<Id>,
        /// When the server created the event, not when the message was written.
        /// Retries keep it. Unix milliseconds on the wire. Since 2025.3.
        #[serde(with = "millis")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The session: Wawp's instance id, WAHA's session name.
        pub session: Option<String>,
        /// The metadata that the session was configured with.
        pub metadata: Option<Metadata>,
        /// The WhatsApp account. `None` until the session is signed in.
        pub me: Option<Me>,
        /// The engine that talks to WhatsApp. GOWS left it out from 2025.12 to
        /// 2026.1; see [`engine()`](Self::engine()).
        pub engine: Option<Engine>,
        /// The server. Not in Wawp's current generation.
        pub environment: Option<Environment>,
    }

    name: "event",
    payload: "payload" => Event,
    unique: [
        "event", "payload", "id", "session", "timestamp", "engine", "instance_id", "status", "ts",
    ],
    route: route,
    adjust: adjust,
}

/// Times whose unit depends on the engine are read on demand, so only now is it
/// known whether one is in the wrong unit.
fn adjust(envelope: &mut Envelope) {
    time::forget_rescaled();
    let _ = envelope.happened_at();
    envelope.notes.rescaled |= time::was_rescaled();
}

/// A body that names an event has an envelope. One that does not, but has an
/// instance and a status, is Wawp's bare status body.
fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
    let is_bare_status = parts.member("event").is_none()
        && parts.member("payload").is_none()
        && parts.text_of("instance_id").is_some()
        && parts.text_of("status").is_some();
    match is_bare_status {
        true => Ok(Route::whole("session.status", NameSource::Shape, parts)),
        false => Route::by_layout(parts, &Envelope::LAYOUT),
    }
}

/// As [`Envelope::session_name`] reads it.
pub(super) const ACCOUNT: AccountMembers = AccountMembers::Outer {
    names: &["event", "payload", "session", "instance_id", "status"],
    account: |outer| {
        if outer.has("event") || outer.has("payload") {
            return outer.text("session");
        }
        let _status = outer.text("status")?;
        let instance = outer.text("instance_id")?;
        // Of two that differ neither is it.
        (outer.first_text(&["session", "instance_id"]) == Some(instance)).then_some(instance)
    },
};

impl Envelope {
    /// The session: Wawp's instance id, WAHA's session name; from a bare status
    /// body its instance, unless it also has a different session.
    pub fn session_name(&self) -> Option<&str> {
        let session = self.session.as_deref();
        if self.notes.name_source != NameSource::Shape {
            return session;
        }
        let Event::SessionStatus(status) = &self.event else { return None };
        let is_another = match session {
            Some(session) => status.instance_id.as_deref() != Some(session),
            None => self.set_aside().iter().any(|aside| aside.path().is_member("session")),
        };
        if is_another { None } else { status.instance_id.as_deref() }
    }

    /// The engine that talks to WhatsApp, from whichever member contains it.
    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref().or_else(|| self.environment.as_ref()?.engine.as_ref())
    }

    /// When it happened: from the payload, whose unit may depend on the engine,
    /// else when the server created the event.
    pub fn happened_at(&self) -> Option<DateTime<Utc>> {
        let engine = self.engine();
        let own = match &self.event {
            Event::SessionStatus(status) => status.changed_at(),
            Event::Message(message)
            | Event::MessageAny(message)
            | Event::MessageWaiting(message) => message.timestamp,
            Event::MessageReaction(reaction) => reaction.timestamp,
            Event::MessageEdited(edited) => edited.timestamp,
            Event::MessageRevoked(revoked) => {
                revoked.after.as_ref().and_then(|after| after.timestamp)
            }
            Event::GroupV2Join(join) => engine.and_then(|engine| join.happened_at(engine)),
            Event::GroupV2Leave(leave) => engine.and_then(|engine| leave.happened_at(engine)),
            Event::GroupV2Update(update) => engine.and_then(|engine| update.happened_at(engine)),
            Event::GroupV2Participants(change) => {
                engine.and_then(|engine| change.happened_at(engine))
            }
            Event::GroupV2JoinRequest(request) => {
                engine.and_then(|engine| request.happened_at(engine))
            }
            Event::GroupJoin(notice) | Event::GroupLeave(notice) => notice.timestamp,
            Event::PollVote(vote) => vote.vote.timestamp,
            Event::PollVoteFailed(vote) => engine.and_then(|engine| vote.voted_at(engine)),
            Event::ChatArchive(archive) => archive.timestamp,
            Event::CallReceived(call) | Event::CallAccepted(call) | Event::CallRejected(call) => {
                call.timestamp
            }
            Event::EventResponse(response) | Event::EventResponseFailed(response) => {
                let answer = response.event_response.as_ref();
                answer.and_then(|answer| answer.timestamp_ms).or(response.timestamp)
            }
            _ => None,
        };
        own.or(self.timestamp)
    }
}

impl Event {
    /// The chat that the event is about, the same for every generation and
    /// engine.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        match self {
            Self::Message(message) | Self::MessageAny(message) | Self::MessageWaiting(message) => {
                message.chat()
            }
            Self::MessageReaction(reaction) => reaction.chat(),
            Self::MessageAck(ack) | Self::MessageAckGroup(ack) => ack.chat(),
            Self::MessageEdited(edited) => edited.chat(),
            Self::MessageRevoked(revoked) => revoked.chat(),
            Self::GroupV2Join(group) => group.chat(),
            Self::GroupV2Leave(group) => group.chat(),
            Self::GroupV2Update(group) => group.chat(),
            Self::GroupV2Participants(group) => group.chat(),
            Self::GroupV2JoinRequest(request) => request.chat(),
            Self::GroupJoin(group) | Self::GroupLeave(group) => group.chat(),
            Self::PresenceUpdate(presence) => presence.chat(),
            Self::PollVote(vote) => vote.chat(),
            Self::PollVoteFailed(vote) => vote.chat(),
            Self::ChatArchive(archive) => archive.chat(),
            Self::LabelChatAdded(label) | Self::LabelChatDeleted(label) => {
                Some(label.chat_id.view())
            }
            Self::EventResponse(response) | Self::EventResponseFailed(response) => response.chat(),
            _ => None,
        }
    }

    /// The bare id of the message that the event is about: the one that was
    /// written, edited, deleted, reacted to, voted in or responded to.
    pub fn message_id(&self) -> Option<&str> {
        // A channel's message has no bare id, but its number on the server.
        fn of(id: &MessageId) -> &str {
            id.id().unwrap_or(id.as_str())
        }
        match self {
            Self::Message(message) | Self::MessageAny(message) | Self::MessageWaiting(message) => {
                Some(of(&message.id))
            }
            Self::MessageAck(ack) | Self::MessageAckGroup(ack) => Some(of(&ack.id)),
            Self::MessageReaction(reaction) => Some(of(&reaction.reaction.message_id)),
            Self::MessageEdited(edited) => edited.edited_id(),
            Self::MessageRevoked(revoked) => revoked.revoked_id(),
            Self::PollVote(vote) => vote.poll_message().map(of),
            Self::PollVoteFailed(vote) => vote.poll_message().map(of),
            Self::EventResponse(response) | Self::EventResponseFailed(response) => {
                response.event_creation_key.as_ref()?.id.as_ref().map(of)
            }
            _ => None,
        }
    }
}
