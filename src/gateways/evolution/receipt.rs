//! What happens to messages.

use chrono::{DateTime, Utc};

use super::address::{Addresses, addressed};
use super::key::is_at_meta;
use crate::whatsapp::Content;
use super::message::PollVoters;
use super::status::MessageStatus;
use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::scalar::boolean;
use crate::wire::time::millis;

object! {
    /// The status of a message changed: a receipt, up to 2.2.3 also votes in a
    /// poll, up to 2.3.4 and from 2.3.7 on also an edit.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messages.update")]
    pub struct MessageUpdate {
        /// The message's WhatsApp id (2.x); [`message_id`](Self::message_id)
        /// covers 1.x as well.
        pub key_id: Option<Id>,
        /// The message's WhatsApp id (1.x).
        pub id: Option<Id>,
        /// The id of the message's row at the server (`messageId`), not the
        /// WhatsApp id; absent if the server does not store messages. For the
        /// WhatsApp id call [`message_id`](Self::message_id).
        #[serde(rename = "messageId")]
        pub row_id: Option<Id>,
        /// The chat. It may include a device, and from 2.3.5 on it stays a LID,
        /// even if `messages.upsert` had a phone number.
        pub remote_jid: Option<Jid>,
        /// The chat's LID, sent by WhatsMiau; empty when unknown.
        pub remote_lid: Option<Jid>,
        /// Whether the account itself sent the message. Compatible servers
        /// leave it out when it is false, and the Cloud channel says false for
        /// the account's own messages: [`is_from_me`](Self::is_from_me) handles
        /// both.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Who received or read it in a group (1.x, and 2.3.5 and later); in
        /// between, and on the Cloud channel, the chat again.
        pub participant: Option<Jid>,
        /// The participant's LID, sent by WhatsMiau.
        pub participant_lid: Option<Jid>,
        /// The delivery status of the message. Up to 2.2.3 absent for edits and
        /// votes.
        pub status: Option<MessageStatus>,
        /// The content of an edited message (2.3.7 and later).
        pub message: Option<Content>,
        /// The votes of a poll (up to 2.2.3); the message is the poll.
        pub poll_updates: Option<Vec<PollVoters>>,
        /// When the server noticed, to the millisecond (1.x).
        #[serde(with = "millis")]
        pub datetime: Option<DateTime<Utc>>,
        /// The instance's id, a UUID (2.x).
        pub instance_id: Option<String>,
        /// The instance's name (1.x).
        pub owner: Option<String>,
    }
}

impl MessageUpdate {
    /// The message's WhatsApp id, the same as
    /// [`MessageKey::id`](super::MessageKey::id) in its other events.
    pub fn message_id(&self) -> Option<&str> {
        self.key_id.as_deref().or(self.id.as_deref())
    }

    /// Whether the account itself sent the message. Always true for messages of
    /// the Cloud channel (`wamid.…`), whatever the body says: Meta reports on
    /// no others.
    pub fn is_from_me(&self) -> bool {
        self.from_me.unwrap_or(false) || self.message_id().is_some_and(is_at_meta)
    }

    fn addresses(&self) -> Addresses<'_> {
        Addresses {
            from_me: self.is_from_me(),
            chat: self.remote_jid.as_ref(),
            chat_others: [self.remote_lid.as_ref(), None, None, None, None],
            participant: self.participant.as_ref(),
            participant_others: [self.participant_lid.as_ref(), None, None],
            ..Addresses::default()
        }
    }
}

addressed!(MessageUpdate);
