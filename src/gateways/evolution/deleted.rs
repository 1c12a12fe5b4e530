//! Messages that were deleted.

use chrono::{DateTime, Utc};

use super::address::{Addresses, addressed};
use crate::whatsapp::{Content, ContextInfo};
use super::edited::MessageEdited;
use super::key::{AddressingMode, MessageKey};
use super::message::Source;
use super::status::MessageStatus;
use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::scalar::boolean;
use crate::wire::time::seconds;

object! {
    /// A message was deleted.
    ///
    /// The event has two unrelated shapes. When someone deletes a message for
    /// everyone, it is the message's key itself; when it is deleted through the
    /// API, it is the server's stored row, with the key inside.
    /// [`message_id`](Self::message_id), [`chat`](Self::chat) and the other
    /// accessors cover both.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messages.delete")]
    pub struct MessageDeleted {
        /// The message's WhatsApp id when there is no `key`, else the server's
        /// own id of the row.
        pub id: Option<Id>,
        /// The stored message's key; deleted through the API only.
        pub key: Option<MessageKey>,
        /// The chat.
        pub remote_jid: Option<Jid>,
        /// The chat's other address (2.3.3 and later).
        pub remote_jid_alt: Option<Jid>,
        /// The chat before the server replaced it (2.3.1, 2.3.2).
        pub previous_remote_jid: Option<Jid>,
        /// Whether the account itself sent the message.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Who wrote the message in the group.
        pub participant: Option<Jid>,
        /// The participant's other address (2.3.3 and later).
        pub participant_alt: Option<Jid>,
        /// The participant's LID (2.3.0 to 2.3.2).
        pub participant_lid: Option<Jid>,
        /// The participant's phone number (2.3.0 to 2.3.2).
        pub participant_pn: Option<Jid>,
        /// The LID of a chat addressed by phone number (2.3.0).
        pub sender_lid: Option<Jid>,
        /// The phone number of a chat addressed by LID (2.3.0 to 2.3.2).
        pub sender_pn: Option<Jid>,
        /// The chat's LID, sent by WhatsMiau; empty when unknown.
        pub remote_lid: Option<Jid>,
        /// The kind of address that the protocol used (2.3.5 and later).
        pub addressing_mode: Option<AddressingMode>,
        /// `DELETED`: from 2.3.7 on, and in stored rows.
        pub status: Option<MessageStatus>,
        /// The instance's id, a UUID; in stored rows.
        pub instance_id: Option<String>,
        /// The name of the content inside `message`; in stored rows.
        pub message_type: Option<String>,
        /// The kind of device it was written on; in stored rows.
        pub source: Option<Source>,
        /// When the message was written, to the second; in stored rows.
        #[serde(with = "seconds")]
        pub message_timestamp: Option<DateTime<Utc>>,
        /// The sender's name; in stored rows.
        pub push_name: Option<String>,
        /// The content of the message; in stored rows.
        pub message: Option<Content>,
        /// Its context, such as the quoted message; in stored rows.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

impl MessageDeleted {
    /// The message's WhatsApp id, the same as [`MessageKey::id`] in its other
    /// events; never that of the server's row.
    pub fn message_id(&self) -> Option<&str> {
        match &self.key {
            Some(key) => Some(&key.id),
            // A row whose key could not be read has no id but its own.
            None => self.id.as_deref().filter(|_| !self.is_stored_row()),
        }
    }

    /// Whether it was deleted through the API, so that this is the server's
    /// stored row.
    pub fn is_stored_row(&self) -> bool {
        self.key.is_some() || self.message_type.is_some() || self.message_timestamp.is_some()
    }

    /// Whether the account itself had sent the message.
    pub fn is_from_me(&self) -> bool {
        match &self.key {
            Some(key) => key.is_from_me(),
            None => self.from_me.unwrap_or(false),
        }
    }

    fn addresses(&self) -> Addresses<'_> {
        if let Some(key) = &self.key {
            return key.addresses();
        }
        Addresses {
            from_me: self.is_from_me(),
            chat: self.remote_jid.as_ref(),
            chat_others: [
                self.remote_jid_alt.as_ref(),
                self.sender_pn.as_ref(),
                self.sender_lid.as_ref(),
                self.previous_remote_jid.as_ref(),
                self.remote_lid.as_ref(),
            ],
            participant: self.participant.as_ref(),
            participant_others: [
                self.participant_alt.as_ref(),
                self.participant_pn.as_ref(),
                self.participant_lid.as_ref(),
            ],
            by_lid: self.addressing_mode == Some(AddressingMode::Lid),
        }
    }
}

addressed!(MessageDeleted);

/// What an event says about a deleted message, whichever event it is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Deletion<'a> {
    /// The message's WhatsApp id.
    pub message_id: &'a str,
    /// The chat. `None` where the event only names it from the other person's
    /// point of view (`messages.edited`).
    pub chat: Option<&'a Jid>,
    /// The server's own id of the message, if the event contains it.
    pub row_id: Option<&'a str>,
}

impl<'a> Deletion<'a> {
    pub(super) fn of_deleted(deleted: &'a MessageDeleted) -> Option<Self> {
        let row_id = deleted.id.as_deref().filter(|_| deleted.is_stored_row());
        Some(Self { message_id: deleted.message_id()?, chat: deleted.chat(), row_id })
    }

    pub(super) fn of_edited(edited: &'a MessageEdited) -> Option<Self> {
        let message_id = edited.message_id().filter(|_| edited.is_deletion())?;
        Some(Self { message_id, chat: None, row_id: None })
    }
}
