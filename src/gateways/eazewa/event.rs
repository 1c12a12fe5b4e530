//! The list of eazeWA's events, and the JSON around them.

use std::borrow::Cow;

use super::call::IncomingCall;
use super::changes::{
    MediaUploaded, MessageAck, MessageEdit, MessageRevokeEveryone, MessageRevokeMe, NewMessage,
};
use super::group::GroupChange;
use super::message::Message;
use super::poll::VoteUpdate;
use super::reaction::MessageReaction;
use super::session::{
    AuthFailure, ChangeState, Disconnected, LoadingScreen, Qr, Undocumented,
};
use crate::event::{envelope, events};
use crate::message_id::MessageId;

events! {
    /// What happened at an eazeWA instance.
    ///
    /// These are the twenty that an instance can subscribe to. The library
    /// underneath has eleven more (`group_admin_changed`, `contact_changed`,
    /// since 1.34.7 `message_ciphertext_failed`, …), which eazeWA does not
    /// list: if one arrives, it is `Unknown`, with its raw payload.
    pub enum Event {
        /// Someone wrote to the account.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-event)
        "message" => Message(Box<NewMessage>),
        /// A new message, received or written by the account itself.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-create-event)
        "message_create" => MessageCreate(Box<NewMessage>),
        /// The delivery status of a message changed: sent, delivered, read,
        /// played.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-ack-event)
        "message_ack" => MessageAck(Box<MessageAck>),
        /// Someone reacted to a message, or removed a reaction.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-reaction-event)
        "message_reaction" => MessageReaction(Box<MessageReaction>),
        /// A message was edited.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-edit-event)
        "message_edit" => MessageEdit(Box<MessageEdit>),
        /// A message was deleted for everybody.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-revoke-everyone-event)
        "message_revoke_everyone" => MessageRevokeEveryone(Box<MessageRevokeEveryone>),
        /// The account deleted a message for itself.
        ///
        /// [Its page](https://waapi.readme.io/reference/message-revoke-me-event)
        "message_revoke_me" => MessageRevokeMe(Box<MessageRevokeMe>),
        /// The file of a message that the account wrote has been uploaded.
        "media_uploaded" => MediaUploaded(Box<MediaUploaded>),
        /// Someone joined a group.
        ///
        /// [Its page](https://waapi.readme.io/reference/group-join-event)
        "group_join" => GroupJoin(Box<GroupChange>),
        /// Someone left a group.
        ///
        /// [Its page](https://waapi.readme.io/reference/group-leave-event)
        "group_leave" => GroupLeave(Box<GroupChange>),
        /// A group changed.
        ///
        /// [Its page](https://waapi.readme.io/reference/disconnected-event-copy-1)
        "group_update" => GroupUpdate(Box<GroupChange>),
        /// Someone voted in a poll, or withdrew a vote.
        ///
        /// [Its page](https://waapi.readme.io/reference/vote-update-event)
        "vote_update" => VoteUpdate(Box<VoteUpdate>),
        /// A call came in.
        "call" => Call(Box<IncomingCall>),
        /// A QR code to connect the session.
        ///
        /// [Its page](https://waapi.readme.io/reference/qr-event)
        "qr" => Qr(Box<Qr>),
        /// WhatsApp Web is loading.
        ///
        /// [Its page](https://waapi.readme.io/reference/loading-event)
        "loading_screen" => LoadingScreen(LoadingScreen),
        /// The session is authenticated. Documented without a payload.
        ///
        /// [Its page](https://waapi.readme.io/reference/authenticated-event)
        "authenticated" => Authenticated(Undocumented),
        /// The session could not be authenticated.
        ///
        /// [Its page](https://waapi.readme.io/reference/auth-failure-event)
        "auth_failure" => AuthFailure(AuthFailure),
        /// The session is ready. Without a payload, as far as is known.
        "ready" => Ready(Undocumented),
        /// The session is no longer connected.
        "disconnected" => Disconnected(Disconnected),
        /// The state of the session's connection changed.
        "change_state" => ChangeState(ChangeState),

    }
}

envelope! {
    /// The envelope of an eazeWA delivery: the event and its instance. It has
    /// neither an id nor a time of its own.
    #[serde(rename_all = "camelCase")]
    pub struct Envelope {
        /// The instance: digits. It is a string on the wire; a number is read
        /// as its digits.
        #[serde(with = "instance_id")]
        pub instance_id: Option<String>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "instanceId", "data"],
}

impl Event {
    /// The message that the event is about, if the event contains it.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(new) | Self::MessageCreate(new) => Some(&new.message),
            Self::MessageAck(ack) => Some(&ack.message),
            Self::MessageEdit(edit) => Some(&edit.message),
            Self::MessageRevokeMe(revoke) => Some(&revoke.message),
            Self::MessageRevokeEveryone(revoke) => Some(&revoke.after),
            Self::MediaUploaded(uploaded) => Some(&uploaded.message),
            _ => None,
        }
    }

    /// The id of the message that the event is about: for a reaction the
    /// message reacted to, for a vote the poll, for a deletion the deleted
    /// message.
    pub fn message_id(&self) -> Option<Cow<'_, MessageId>> {
        match self {
            Self::MessageReaction(event) => Some(Cow::Borrowed(&event.reaction.msg_id)),
            Self::MessageRevokeEveryone(revoke) => Some(Cow::Borrowed(revoke.deleted())),
            Self::VoteUpdate(event) => event.vote.poll_id(),
            _ => self.message().map(|message| Cow::Borrowed(&message.id)),
        }
    }
}

/// `Option<String>`: text, an integer as its digits, `null`.
mod instance_id {
    use std::fmt;

    use serde::de::{Deserializer, Error, Visitor};

    use crate::wire::object::form_of;
    use crate::wire::scalar;

    form_of!(As, Option<String>, deserialize);

    pub(super) fn deserialize<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
    where
        D: Deserializer<'de>,
    {
        scalar::option(deserializer, InstanceId)
    }

    struct InstanceId;

    impl Visitor<'_> for InstanceId {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or an integer")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }
    }
}
